//! What clients of MQTT 5.0 send, in bytes.

use super::super::ConnectionKey;
use super::World;

/// A client whose Session outlives its connection if `expiry` is not zero.
pub fn client(world: &mut World, id: u8, expiry: u8) -> ConnectionKey {
    let key = world.open();
    world.feed(key, &mut connect(id, expiry));
    world.drain(key);
    key
}

/// CONNECT without Clean Start.
pub fn connect(id: u8, expiry: u8) -> Vec<u8> {
    let mut connect = b"\x10\x13\x00\x04MQTT\x05\x00\x00\x00\x05\x11\x00\x00\x00".to_vec();
    connect.extend([expiry, 0, 1, id]);
    connect
}

pub fn string(text: &str) -> Vec<u8> {
    [&(text.len() as u16).to_be_bytes()[..], text.as_bytes()].concat()
}

pub fn packet(first: u8, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![first];
    let mut length = body.len();
    while length >= 128 {
        packet.push(length as u8 | 0x80);
        length >>= 7;
    }
    packet.push(length as u8);
    packet.extend(body);
    packet
}

/// SUBSCRIBE at QoS 1 to these Topic Filters.
pub fn subscribe_to(filters: &[impl AsRef<str>]) -> Vec<u8> {
    let mut body = vec![0, 1, 0];
    for filter in filters {
        body.extend(string(filter.as_ref()));
        body.push(1);
    }
    packet(0x82, &body)
}

/// UNSUBSCRIBE.
pub fn unsubscribe_from(filters: &[impl AsRef<str>]) -> Vec<u8> {
    let filters = filters.iter().flat_map(|filter| string(filter.as_ref()));
    let body: Vec<u8> = [0, 2, 0].into_iter().chain(filters).collect();
    packet(0xA2, &body)
}

/// Subscribes to `prefix/0`, `prefix/1` and so on.
pub fn subscribe(world: &mut World, key: ConnectionKey, prefix: &str, count: usize) {
    for first in (0..count).step_by(100) {
        let filters = (first..first + 100).map(|number| format!("{prefix}/{number}"));
        world.feed(key, &mut subscribe_to(&filters.collect::<Vec<_>>()));
    }
    world.drain(key);
}

/// PUBLISH at QoS 1.
pub fn message(topic: &str, payload: &[u8]) -> Vec<u8> {
    packet(0x32, &[&string(topic)[..], &[0, 1, 0], payload].concat())
}

/// Publishes at QoS 1; gives the Reason Code.
pub fn publish(world: &mut World, key: ConnectionKey, topic: &str) -> u8 {
    world.feed(key, &mut message(topic, b"x"));
    match world.drain(key)[..] {
        [0x40, 2, 0, 1] => 0,
        [0x40, 3, 0, 1, reason] => reason,
        ref other => panic!("{other:?} is no PUBACK"),
    }
}
