//! Retained messages for new subscriptions.

use super::super::{Cause, ConnectionKey};
use super::World;
use super::packets::{client, connect, packet, publish, string, subscribe_to, unsubscribe_from};
use crate::broker::Limits;
use crate::codec::{Frame, Packet, Version};

/// Publishes `r/0`, `r/1` and so on, retained at QoS 0, with this payload.
fn retain(world: &mut World, count: usize, payload: &[u8]) {
    let publisher = client(world, b'p', 0);
    for number in 0..count {
        let topic = string(&format!("r/{number}"));
        world.feed(
            publisher,
            &mut packet(0x31, &[&topic[..], &[0], payload].concat()),
        );
        world.settle();
    }
}

/// The topics of the retained messages that the router has for the connection, and how many bytes
/// waited at most.
fn retained(world: &mut World, key: ConnectionKey) -> (Vec<String>, usize) {
    let (mut topics, mut most) = (Vec::new(), 0);
    loop {
        let arrived = world.drain(key);
        most = most.max(arrived.len());
        let mut rest = &arrived[..];
        while let Some(frame) = Frame::parse(rest, usize::MAX).expect("packets") {
            rest = &rest[frame.bytes().len()..];
            if let Packet::Publish(publish) = frame.decode(Version::V5).expect("a packet")
                && publish.retain
            {
                topics.push(publish.topic.to_owned());
            }
        }
        if arrived.is_empty() && world.settle() == 0 {
            return (topics, most);
        }
    }
}

fn topics(numbers: impl Iterator<Item = usize>) -> Vec<String> {
    numbers.map(|number| format!("r/{number}")).collect()
}

#[test]
fn all_of_them_come_in_the_order_of_publication() {
    let mut world = World::new(Limits::default());
    let count = 20_000;
    retain(&mut world, count, b"x");
    for filter in ["#", "r/+", "+/#", "r/7", "r/#", "x/+"] {
        let key = client(&mut world, b's', 0);
        world.feed(key, &mut subscribe_to(&[filter]));
        let expected = match filter {
            "r/7" => topics(7..8),
            "x/+" => Vec::new(),
            _ => topics(0..count),
        };
        assert!(retained(&mut world, key).0 == expected, "{filter}");
    }
}

#[test]
fn no_more_waits_than_the_output_has_room_for() {
    let limits = Limits {
        output_high_water: 10_000,
        queue_messages_in_all: 10,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    retain(&mut world, 5000, &[b'x'; 80]);
    let keys: Vec<_> = (b'0'..b'5').map(|id| client(&mut world, id, 0)).collect();
    for &key in &keys {
        world.feed(key, &mut subscribe_to(&["#"]));
        world.settle();
    }
    // Nobody gets less because others wait.
    for key in keys {
        let pending = world.router.connections.get(key).map(|it| it.pending());
        assert!(
            pending.is_some_and(|bytes| bytes < 11_000),
            "{pending:?} bytes"
        );
        assert!(retained(&mut world, key).0 == topics(0..5000));
    }
}

#[test]
fn what_changes_meanwhile_is_not_sent_as_it_was() {
    let limits = Limits {
        output_high_water: 1000,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    retain(&mut world, 3000, b"x");
    let key = client(&mut world, b's', 0);
    world.feed(key, &mut subscribe_to(&["#"]));
    world.settle();
    // One is removed, one replaced.
    for (id, topic, payload) in [(b'q', "r/2000", &b""[..]), (b'w', "r/2500", b"new")] {
        let publisher = client(&mut world, id, 0);
        let body = [&string(topic)[..], &[0], payload].concat();
        world.feed(publisher, &mut packet(0x31, &body));
    }
    let (arrived, _) = retained(&mut world, key);
    let unchanged = (0..3000).filter(|number| ![2000, 2500].contains(number));
    assert!(arrived == topics(unchanged));
}

#[test]
fn they_stop_with_the_subscription_and_outlive_the_connection() {
    let limits = Limits {
        output_high_water: 1000,
        ..Limits::default()
    };
    let mut world = World::new(limits);
    retain(&mut world, 3000, b"x");
    let key = client(&mut world, b's', 60);
    world.feed(key, &mut subscribe_to(&["r/#"]));
    world.router.end_connection(world.now, key, Cause::Closed);
    world.router.remove(key);
    world.settle();

    let key = world.open();
    world.feed(key, &mut connect(b's', 60));
    world.settle();
    let pending = world
        .router
        .connections
        .get(key)
        .map_or(0, |it| it.pending());
    assert!((1000..2000).contains(&pending), "{pending} bytes");
    world.feed(key, &mut unsubscribe_from(&["r/#"]));
    let (arrived, _) = retained(&mut world, key);
    assert!(
        (1..500).contains(&arrived.len()),
        "{} messages",
        arrived.len()
    );
    assert_eq!(publish(&mut world, key, "r/1"), 0x10);
}
