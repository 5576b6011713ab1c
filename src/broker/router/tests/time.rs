//! What time does: Keep Alive, wills, sessions, stalled subscribers.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use crate::broker::Limits;
use crate::codec::Output;

const SECOND: Duration = Duration::from_secs(1);

/// A 3.1.1 client with a Keep Alive, and what it sends first.
fn client(world: &mut World, id: u8, keep_alive: u8, then: &[u8]) -> ConnectionKey {
    let key = world.open();
    let connect = [
        &b"\x10\x0e\x00\x04MQTT\x04\x02\x00"[..],
        &[keep_alive, 0, 2, b'c', id],
    ];
    let mut bytes = [&connect.concat(), then].concat();
    world.feed(key, &mut bytes);
    assert!(bytes.is_empty());
    world.drain(key);
    key
}

const SUBSCRIBE: &[u8] = b"\x82\x06\x00\x01\x00\x01t\x00";

#[test]
fn a_packet_puts_the_keep_alive_off() {
    let mut world = World::new(Limits::default());
    let key = client(&mut world, b'1', 10, &[]);
    for _ in 0..5 {
        world.pass(14 * SECOND);
        world.feed(key, &mut vec![0xC0, 0]);
    }
    assert!(!world.router.is_closing(key));
    world.pass(14 * SECOND);
    assert!(!world.router.is_closing(key));
    world.pass(SECOND);
    assert!(world.router.is_closing(key));
}

#[test]
fn a_crowd_of_deadlines_is_one_for_each_client() {
    let mut world = World::new(Limits::default());
    let key = client(&mut world, b'1', 10, &[]);
    for _ in 0..1000 {
        world.now += Duration::from_millis(1);
        world.feed(key, &mut vec![0xC0, 0]);
    }
    assert_eq!(world.router.client_deadlines.len(), 1);
    world.router.end_connection(world.now, key, Cause::Closed);
    world.router.remove(key);
    assert_eq!(world.router.client_deadlines.len(), 0);
    assert_eq!(world.router.connection_deadlines.len(), 0);
}

#[test]
fn publishers_wait_for_a_slow_subscriber_until_it_is_stalled() {
    let limits = Limits {
        output_high_water: 1000,
        output_limit: 3000,
        stall_grace: 5 * SECOND,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    let subscriber = client(&mut world, b's', 0, SUBSCRIBE);
    // Keep Alive 1: while it is we who do not read, its silence is not its fault.
    let publisher = client(&mut world, b'p', 1, &[]);
    let message = [&b"\x30\x67\x00\x01t"[..], &[b'x'; 100]].concat();
    let publish = |world: &mut World, count: usize| {
        world.feed(publisher, &mut message.repeat(count));
        world.router.wants_input(publisher)
    };
    assert!(
        publish(&mut world, 9),
        "below the high-water mark nobody waits"
    );
    assert!(!publish(&mut world, 1));
    assert_eq!(world.drain(subscriber).len(), 10 * message.len());
    assert!(world.router.wants_input(publisher), "it has drained");

    assert!(!publish(&mut world, 12));
    world.pass(4 * SECOND);
    assert!(
        !world.router.is_closing(publisher),
        "its Keep Alive is excused"
    );
    assert!(!world.router.wants_input(publisher));
    world.pass(3 * SECOND / 2);
    assert!(
        world.router.wants_input(publisher),
        "the subscriber has stalled"
    );
    assert!(publish(&mut world, 100));
    let kept = world.drain(subscriber).len();
    assert!(
        kept > 3000 && kept < 3000 + 2 * message.len(),
        "{kept} bytes were kept"
    );
    assert!(
        !publish(&mut world, 12),
        "it reads again, so it is waited for again"
    );
    world
        .router
        .end_connection(world.now, subscriber, Cause::Closed);
    assert!(world.router.wants_input(publisher), "it is gone");
}

/// A connection whose socket takes nothing of what its task has for it.
fn take(world: &mut World, key: ConnectionKey) -> usize {
    let mut output = Output::default();
    world.router.take_output(key, &mut output);
    output.len()
}

#[test]
fn what_the_socket_does_not_take_counts_as_waiting() {
    let limits = Limits {
        output_high_water: 1000,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    let subscriber = client(&mut world, b's', 0, SUBSCRIBE);
    let publisher = client(&mut world, b'p', 0, &[]);
    let message = [&b"\x30\x67\x00\x01t"[..], &[b'x'; 100]].concat();
    world.feed(publisher, &mut message.repeat(9));
    assert_eq!(take(&mut world, subscriber), 9 * message.len());
    world.feed(publisher, &mut message.repeat(9));
    assert!(!world.router.wants_input(publisher));
}

/// With more for it than may wait, a client is not read: as long as it takes bytes, its silence is
/// not its fault.
#[test]
fn a_slow_client_is_not_thought_silent_while_it_is_not_read() {
    let limits = Limits {
        output_limit: 3000,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    let subscriber = client(&mut world, b's', 10, SUBSCRIBE);
    let publisher = client(&mut world, b'p', 0, &[]);
    let message = [&b"\x30\xfb\x3e\x00\x01t"[..], &[b'x'; 8056]].concat();
    world.feed(publisher, &mut message.clone());
    assert!(!world.router.wants_input(subscriber));
    let mut unsent = take(&mut world, subscriber);
    while unsent > 3000 {
        world.pass(9 * SECOND);
        unsent -= 1000;
        world.router.sent(world.now, subscriber, unsent);
    }
    assert!(!world.router.is_closing(subscriber));
    assert!(world.router.wants_input(subscriber));
    world.pass(11 * SECOND);
    assert!(world.router.is_closing(subscriber), "now it is silent");
}

#[test]
fn an_end_of_all_gives_those_that_have_ended_no_more_time() {
    let mut world = World::new(Limits::default());
    let key = client(&mut world, b'1', 0, &[]);
    world.feed(key, &mut vec![0xC0, 1, 0]);
    world.drain(key);
    assert!(world.router.is_closing(key));
    world.router.linger(world.now, key);
    world.router.shut_down(world.now);
    world.pass(SECOND);
    assert!(world.router.is_aborted(key));
}
