//! What takes long is done bit by bit, and comes to the same.

use super::super::{Cause, ConnectionKey};
use super::World;
use super::packets::{
    client, connect, message, packet, publish, subscribe, subscribe_to, unsubscribe_from,
};
use crate::broker::Limits;
use crate::codec::Frame;

const PINGREQ: &[u8] = &[0xC0, 0];
const PINGRESP: &[u8] = &[0xD0, 0];
const NO_MATCHING_SUBSCRIBERS: u8 = 0x10;

fn filters(prefix: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| format!("{prefix}/{number}"))
        .collect()
}

/// Hands all packets over at once, as they come with one read.
fn read(world: &mut World, key: ConnectionKey, bytes: &[u8]) {
    let mut rest = bytes;
    while let Some(frame) = Frame::parse(rest, usize::MAX).expect("packets") {
        rest = &rest[frame.bytes().len()..];
        world.receive(key, frame);
    }
    assert!(rest.is_empty());
    world.router.take_dirty(&mut Vec::new());
}

/// SUBACK or UNSUBACK in which every Reason Code is the same.
fn answer(first: u8, packet_id: u8, count: usize, reason: u8) -> Vec<u8> {
    packet(
        first,
        &[&[0, packet_id, 0][..], &vec![reason; count]].concat(),
    )
}

#[test]
fn others_are_served_while_a_long_subscribe_is_handled() {
    let mut world = World::new(Limits::default());
    let other = client(&mut world, b'o', 0);
    let greedy = client(&mut world, b'g', 0);
    let all = filters("t", 50_000);
    let both = [&subscribe_to(&all)[..], PINGREQ].concat();
    read(&mut world, greedy, &both);
    assert!(world.drain(greedy).is_empty(), "it takes more than a turn");
    assert!(!world.router.wants_input(greedy));
    assert_eq!(
        publish(&mut world, other, "t/0"),
        0,
        "what is handled is subscribed to"
    );
    assert_eq!(
        publish(&mut world, other, "t/49999"),
        NO_MATCHING_SUBSCRIBERS
    );

    assert!(world.settle() > 10);
    assert!(world.router.wants_input(greedy));
    let arrived = world.drain(greedy);
    let suback = answer(0x90, 1, all.len(), 1);
    assert!(arrived.windows(suback.len()).any(|part| part == suback));
    assert!(arrived.ends_with(PINGRESP), "in the order of the packets");
    let pings = crate::codec::PacketType::Pingreq;
    let received = &world.router.counters().received;
    assert_eq!(received.packets_of(pings), 1, "it waited, and came once");
    assert_eq!(publish(&mut world, other, "t/49999"), 0);

    read(&mut world, greedy, &unsubscribe_from(&all));
    assert!(world.settle() > 10);
    assert!(
        world
            .drain(greedy)
            .ends_with(&answer(0xB0, 2, all.len(), 0))
    );
    assert_eq!(world.router.gauges(world.now).subscriptions, 0);
}

#[test]
fn a_disconnect_behind_a_long_subscribe_comes_after_it() {
    let mut world = World::new(Limits::default());
    let greedy = client(&mut world, b'g', 60);
    let long = subscribe_to(&filters("t", 20_000));
    read(&mut world, greedy, &[&long[..], &[0xE0, 0]].concat());
    assert!(!world.router.is_closing(greedy));
    world.settle();
    assert!(world.router.is_closing(greedy));
    assert_eq!(world.router.gauges(world.now).subscriptions, 20_000);
}

/// What is no packet ends the connection, after all packets before it.
#[test]
fn what_came_before_a_malformed_packet_counts() {
    let mut world = World::new(Limits::default());
    let greedy = client(&mut world, b'g', 60);
    let long = subscribe_to(&filters("t", 20_000));
    read(
        &mut world,
        greedy,
        &[&long[..], &message("t/19999", b"x")].concat(),
    );
    let malformed = [0x30, 0xFF, 0xFF, 0xFF, 0xFF];
    let violation = Frame::parse(&malformed, usize::MAX).expect_err("its length has no end");
    let World { router, now, .. } = &mut world;
    router.on_unreadable(*now, greedy, &violation, &malformed);
    assert!(!router.is_closing(greedy));
    // What comes behind it is nothing.
    let ping = Frame::parse(PINGREQ, usize::MAX).expect("a packet");
    router.receive(*now, greedy, ping.expect("a whole one"));
    world.settle();
    assert!(world.router.is_closing(greedy));
    assert_eq!(world.router.gauges(world.now).subscriptions, 20_000);
    let arrived = world.drain(greedy);
    let suback = answer(0x90, 1, 20_000, 1);
    assert!(arrived.windows(suback.len()).any(|part| part == suback));
    let puback: &[u8] = &[0x40, 2, 0, 1];
    assert!(arrived.windows(puback.len()).any(|part| part == puback));
    let disconnect = arrived
        .windows(3)
        .position(|part| part[0] == 0xE0 && part[2] == 0x81);
    assert!(disconnect.is_some());
    assert!(!arrived.ends_with(PINGRESP));
}

#[test]
fn who_goes_or_is_taken_over_in_the_middle_is_not_answered() {
    for is_taken_over in [false, true] {
        let mut world = World::new(Limits::default());
        let greedy = client(&mut world, b'g', 60);
        let long = subscribe_to(&filters("t", 20_000));
        read(&mut world, greedy, &[&long[..], PINGREQ].concat());
        let next = world.open();
        if is_taken_over {
            read(&mut world, next, &connect(b'g', 60));
        } else {
            world
                .router
                .end_connection(world.now, greedy, Cause::Closed);
            world.router.remove(greedy);
        }
        world.settle();
        let done = world.router.gauges(world.now).subscriptions;
        assert!((1..20_000).contains(&done), "{done} subscriptions");
        if is_taken_over {
            let disconnect: &[u8] = &[0xE0, 1, 0x8E];
            assert_eq!(world.drain(greedy), disconnect);
            // The Session goes on where it was.
            read(&mut world, next, &[&long[..], PINGREQ].concat());
            world.settle();
            assert!(world.drain(next).ends_with(PINGRESP));
            assert_eq!(world.router.gauges(world.now).subscriptions, 20_000);
        }
    }
}

#[test]
fn a_batch_for_many_subscribers_waits_for_them() {
    let mut world = World::new(Limits::default());
    let publisher = client(&mut world, b'p', 0);
    let subscribers: Vec<_> = (b'0'..b'o').map(|id| client(&mut world, id, 0)).collect();
    for &key in &subscribers {
        subscribe(&mut world, key, "t", 100);
    }
    let batch: Vec<u8> = (0..2000_u16)
        .flat_map(|number| {
            let body = [&[0, 3][..], b"t/1", &[0], &number.to_be_bytes()].concat();
            packet(0x30, &body)
        })
        .collect();
    read(&mut world, publisher, &[&batch[..], PINGREQ].concat());
    assert!(!world.router.wants_input(publisher));
    assert!(world.drain(publisher).is_empty());
    let first = world.drain(subscribers[0]);
    assert!(!first.is_empty() && first.len() < batch.len());
    assert!(world.settle() > 4);
    assert_eq!(world.drain(publisher), PINGRESP);
    assert!([first, world.drain(subscribers[0])].concat() == batch);
    assert!(
        subscribers[1..]
            .iter()
            .all(|&key| world.drain(key) == batch)
    );
}

#[test]
fn what_is_put_off_waits_for_slow_subscribers() {
    let limits = Limits {
        output_high_water: 10_000,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    let publisher = client(&mut world, b'p', 0);
    let subscribers: Vec<_> = (b'0'..b'o').map(|id| client(&mut world, id, 0)).collect();
    for &key in &subscribers {
        world.feed(key, &mut subscribe_to(&["t"]));
        world.drain(key);
    }
    let message = packet(0x30, &[&[0, 1, b't', 0][..], &[b'x'; 1000]].concat());
    read(
        &mut world,
        publisher,
        &[&message.repeat(2000)[..], PINGREQ].concat(),
    );
    let count = |bytes: &[u8]| bytes.len() / message.len();
    let first = world.drain(subscribers[0]);
    world.settle();
    let pending = world
        .router
        .connections
        .get(subscribers[1])
        .map(|it| it.pending());
    assert_eq!(
        pending,
        Some(first.len()),
        "it goes no further while they do not read"
    );
    assert!(count(&first) < 1000);

    let mut arrived = count(&first);
    while world.drain(publisher).is_empty() {
        for &key in &subscribers[1..] {
            world.drain(key);
        }
        world.settle();
        arrived += count(&world.drain(subscribers[0]));
    }
    assert_eq!(arrived, 2000);
}

#[test]
fn what_is_put_off_is_not_counted_as_silence() {
    let mut world = World::new(Limits::default());
    let key = world.open();
    let keep_alive: &[u8] = b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x01\x00\x00\x01k";
    read(&mut world, key, keep_alive);
    read(&mut world, key, &subscribe_to(&filters("t", 20_000)));
    world.now += std::time::Duration::from_secs(5);
    world.settle();
    assert!(!world.router.is_closing(key));
    read(&mut world, key, &message("elsewhere", b"x"));
    world.pass(std::time::Duration::from_secs(2));
    assert!(world.router.is_closing(key));
}
