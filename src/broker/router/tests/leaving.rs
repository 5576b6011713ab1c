//! Sessions that end with more than can be forgotten at once.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use super::packets::{client, publish, subscribe};
use crate::broker::Limits;

fn end(world: &mut World, key: ConnectionKey) {
    world.router.end_connection(world.now, key, Cause::Closed);
    world.router.remove(key);
}

const NO_MATCHING_SUBSCRIBERS: u8 = 0x10;

#[test]
fn a_session_with_many_subscriptions_is_gone_at_once_and_forgotten_bit_by_bit() {
    let mut world = World::new(Limits::default());
    let publisher = client(&mut world, b'p', 0);
    let crowded = client(&mut world, b'c', 0);
    subscribe(&mut world, crowded, "t", 2000);
    subscribe(&mut world, crowded, "$share/g/s", 2000);
    assert_eq!(publish(&mut world, publisher, "t/1999"), 0);
    assert_eq!(publish(&mut world, publisher, "s/1999"), 0);
    assert_eq!(world.router.gauges(world.now).subscriptions, 4000);
    assert_eq!(world.router.gauges(world.now).shared_subscriptions, 2000);

    end(&mut world, crowded);
    assert_eq!(world.router.gauges(world.now).sessions, 1);
    for topic in ["t/0", "t/1999", "s/0", "s/1999"] {
        let reason = publish(&mut world, publisher, topic);
        assert_eq!(reason, NO_MATCHING_SUBSCRIBERS, "{topic}");
    }
    assert!(
        world.router.gauges(world.now).subscriptions > 3000,
        "not yet"
    );

    // Its number does not fall to another, who would get what it subscribed to.
    let next = client(&mut world, b'n', 0);
    subscribe(&mut world, next, "n", 100);
    assert_eq!(
        publish(&mut world, publisher, "t/1999"),
        NO_MATCHING_SUBSCRIBERS
    );
    assert_eq!(publish(&mut world, publisher, "n/1"), 0);

    let turns = world.settle();
    assert!(turns > 4, "{turns} turns");
    assert_eq!(world.router.gauges(world.now).subscriptions, 100);
    assert_eq!(publish(&mut world, publisher, "n/1"), 0);
}

#[test]
fn new_subscriptions_make_room_for_themselves() {
    let mut world = World::new(Limits::default());
    let mut most = 0;
    for _ in 0..10 {
        let key = client(&mut world, b'c', 0);
        subscribe(&mut world, key, "t", 3000);
        most = most.max(world.router.gauges(world.now).subscriptions);
        end(&mut world, key);
    }
    assert!(most < 4500, "{most} subscriptions in the index");
}

#[test]
fn a_long_queue_is_forgotten_bit_by_bit_too() {
    let mut world = World::new(Limits::default());
    let publisher = client(&mut world, b'p', 0);
    let away = client(&mut world, b'a', 60);
    subscribe(&mut world, away, "t", 100);
    end(&mut world, away);
    for _ in 0..2000 {
        assert_eq!(publish(&mut world, publisher, "t/1"), 0);
    }
    assert_eq!(world.router.gauges(world.now).queued_messages, 2000);
    world.now += Duration::from_secs(60);
    world.router.handle_timeout(world.now);
    assert_eq!(world.router.gauges(world.now).sessions, 1);
    let left = world.router.gauges(world.now).queued_messages;
    assert!((1000..2000).contains(&left), "{left} messages");
    world.pass(Duration::ZERO);
    assert_eq!(world.router.gauges(world.now).queued_messages, 0);
    assert_eq!(world.router.gauges(world.now).kept_bytes, 0);
}
