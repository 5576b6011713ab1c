//! What time does: Keep Alive, wills, sessions, stalled subscribers.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use crate::broker::Limits;

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
