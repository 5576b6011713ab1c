//! What time does to messages.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use super::packets::{client, connect, packet, string};
use crate::broker::Limits;
use crate::codec::{Frame, Packet, QoS, Version};

const MILLISECOND: Duration = Duration::from_millis(1);

/// PUBLISH to `a` with a Message Expiry Interval in seconds.
fn expiring(qos: u8, packet_id: u8, retain: bool, seconds: u8, payload: &str) -> Vec<u8> {
    let id_and_expiry = [0, packet_id, 5, 2, 0, 0, 0, seconds];
    let body = [&string("a")[..], &id_and_expiry, payload.as_bytes()].concat();
    packet(0x30 | qos << 1 | u8::from(retain), &body)
}

/// SUBSCRIBE to `a` at this QoS.
fn subscribe(qos: u8) -> Vec<u8> {
    packet(0x82, &[0, 1, 0, 0, 1, b'a', qos])
}

/// PUBREC, PUBREL or PUBCOMP.
fn ack(first: u8, packet_id: u8) -> Vec<u8> {
    vec![first, 2, 0, packet_id]
}

/// Sends all this; gives the messages that come: payload, DUP, what is left of the interval.
fn exchange(
    world: &mut World,
    key: ConnectionKey,
    sent: &[u8],
) -> Vec<(String, bool, Option<u32>)> {
    world.feed(key, &mut sent.to_vec());
    let arrived = world.drain(key);
    let (mut rest, mut messages) = (&arrived[..], Vec::new());
    while let Some(frame) = Frame::parse(rest, usize::MAX).expect("packets") {
        rest = &rest[frame.bytes().len()..];
        if let Packet::Publish(publish) = frame.decode(Version::V5).expect("a packet") {
            assert_eq!(publish.qos == QoS::AtMostOnce, publish.packet_id.is_none());
            let payload = String::from_utf8(publish.payload.into()).expect("text");
            let left = publish.properties.message_expiry_interval();
            messages.push((payload, publish.dup, left));
        }
    }
    messages
}

fn expired(world: &mut World) -> u64 {
    world.router.gather();
    let mut dropped = world.router.counters().dropped.iter();
    dropped
        .find(|(name, _)| *name == "expired")
        .expect("it is counted")
        .1
}

fn vanish(world: &mut World, key: ConnectionKey) {
    world.router.end_connection(world.now, key, Cause::Closed);
    world.router.remove(key);
}

#[test]
fn mqtt_3_3_2_6_a_retained_message_expires() {
    let mut world = World::new(Limits::default());
    let publisher = client(&mut world, b'p', 0);
    exchange(&mut world, publisher, &expiring(1, 1, true, 2, "x"));
    world.pass(1500 * MILLISECOND);
    let early = client(&mut world, b'e', 0);
    let messages = exchange(&mut world, early, &subscribe(0));
    assert_eq!(messages, [("x".into(), false, Some(1))]);
    world.pass(500 * MILLISECOND);
    let late = client(&mut world, b'l', 0);
    assert_eq!(exchange(&mut world, late, &subscribe(0)), []);
}

/// MQTT-3.3.2-5: what has expired is not delivered.
#[test]
fn mqtt_3_3_2_6_message_expiry_counts_down() {
    let mut world = World::new(Limits::default());
    let receiver = client(&mut world, b'r', 60);
    exchange(&mut world, receiver, &subscribe(1));
    vanish(&mut world, receiver);
    let sender = client(&mut world, b's', 0);
    for (packet_id, seconds, payload) in [(1, 1, "short"), (2, 2, "short too"), (3, 100, "long")] {
        exchange(
            &mut world,
            sender,
            &expiring(1, packet_id, false, seconds, payload),
        );
    }
    world.pass(2000 * MILLISECOND);
    let receiver = world.open();
    let messages = exchange(&mut world, receiver, &connect(b'r', 60));
    assert_eq!(messages, [("long".into(), false, Some(98))]);
    assert_eq!(expired(&mut world), 2);
}

#[test]
fn mqtt_4_3_3_7_and_13_what_has_begun_does_not_expire() {
    let mut world = World::new(Limits::default());
    let receiver = client(&mut world, b'r', 60);
    exchange(&mut world, receiver, &subscribe(2));
    let sender = client(&mut world, b's', 0);
    for packet_id in [1, 2] {
        exchange(&mut world, sender, &expiring(2, packet_id, false, 1, "x"));
    }
    exchange(&mut world, sender, &ack(0x62, 1));
    assert_eq!(exchange(&mut world, receiver, &[]).len(), 1);
    vanish(&mut world, receiver);
    world.pass(1000 * MILLISECOND);
    // The second one has expired, and its acknowledgement goes on.
    world.feed(sender, &mut ack(0x62, 2));
    assert_eq!(world.drain(sender), ack(0x70, 2));
    let receiver = world.open();
    let again = exchange(&mut world, receiver, &connect(b'r', 60));
    assert_eq!(again.len(), 1);
    assert!(again[0].1, "it was sent before");
    world.feed(receiver, &mut ack(0x50, 1));
    assert_eq!(world.drain(receiver), ack(0x62, 1));
    assert_eq!(exchange(&mut world, receiver, &ack(0x70, 1)), []);
}
