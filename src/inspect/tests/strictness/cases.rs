//! Packets and what they break, but for CONNECT.

use super::bytes::*;
use crate::codec::{PacketType, Version};

/// A packet, and the identifier in 3.1, 3.1.1 and 5.0 of what it breaks; empty: nothing.
pub(super) type Case = (Vec<u8>, [&'static str; 3]);

/// What is the same in every version but for the Property Length.
pub(super) fn in_every_version(version: Version) -> Vec<Case> {
    let none = none(version);
    let id: &[u8] = &[0, 1];
    let utf8 = ["MQTT31-2.5", "MQTT-1.5.3-1", "MQTT-1.5.4-1"];
    let null = ["MQTT31-A", "MQTT-1.5.3-2", "MQTT-1.5.4-2"];
    let multi = ["MQTT31-A", "MQTT-4.7.1-2", "MQTT-4.7.1-1"];
    let single = ["MQTT31-A", "MQTT-4.7.1-3", "MQTT-4.7.1-2"];
    let empty = ["MQTT31-A", "MQTT-4.7.3-1", "MQTT-4.7.3-1"];
    let zero = ["MQTT31-2.4", "MQTT-2.3.1-1", "MQTT-2.2.1-3"];
    let acknowledged_zero = ["MQTT31-2.4", "MQTT-2.3.1-6", "MQTT-2.2.1-5"];
    let reserved = ["MQTT31-2.6", "MQTT-2.2.2-1", "MQTT-2.1.3-1"];
    let wildcard = ["MQTT31-3.3", "MQTT-3.3.2-2", "MQTT-3.3.2-2"];
    let publish = |first, topic: &[u8], rest: &[u8]| {
        let body: [&[u8]; 3] = [&string(topic), rest, none];
        packet(first, &body)
    };
    let subscribe =
        |filter: &[u8], options: u8| packet(0x82, &[id, none, &string(filter), &[options]]);
    let unsubscribe = |filter: &[u8]| packet(0xA2, &[id, none, &string(filter)]);
    let mut cases = vec![
        // Good ones, and what looks wrong and is not.
        (publish(0x30, b"a/b", b""), [""; 3]),
        (
            publish(0x3B, "\u{FEFF}\u{FFFF}\x01 ".as_bytes(), id),
            [""; 3],
        ),
        (publish(0x35, b"$SYS//", b"\xff\xff"), [""; 3]),
        (subscribe(b"#", 2), [""; 3]),
        (subscribe(b"+/+/#", 1), [""; 3]),
        (unsubscribe(b"/"), [""; 3]),
        (packet(0x40, &[id]), [""; 3]),
        (packet(0x62, &[id]), [""; 3]),
        (vec![0xC0, 0], [""; 3]),
        (vec![0xE0, 0], [""; 3]),
        // PUBLISH.
        (
            publish(0x36, b"a", id),
            ["MQTT31-2.1", "MQTT-3.3.1-4", "MQTT-3.3.1-4"],
        ),
        (
            publish(0x38, b"a", b""),
            ["MQTT31-2.1", "MQTT-3.3.1-2", "MQTT-3.3.1-2"],
        ),
        (publish(0x32, b"a", b"\0\0"), zero),
        (publish(0x30, b"", b""), empty),
        (publish(0x30, b"a/+", b""), wildcard),
        (publish(0x30, b"#", b""), wildcard),
        (publish(0x30, b"a\0b", b""), null),
        (publish(0x30, b"\xc0\x80", b""), utf8),
        (publish(0x30, b"\xed\xa0\x80", b""), utf8),
        (publish(0x30, b"\xf4\x90\x80\x80", b""), utf8),
        (
            packet(0x30, &[b"\0"]),
            ["MQTT31-3.3", "MQTT-3.3.2-1", "MQTT-3.3.2-1"],
        ),
        (
            packet(0x30, &[b"\0\x05a"]),
            ["MQTT31-3.3", "MQTT-3.3.2-1", "MQTT-3.3.2-1"],
        ),
        (packet(0x32, &[b"\0\x01a"]), zero),
        // SUBSCRIBE and UNSUBSCRIBE.
        (subscribe(b"", 0), empty),
        (subscribe(b"a#", 0), multi),
        (subscribe(b"#/a", 0), multi),
        (subscribe(b"a+/b", 0), single),
        (subscribe(b"a\0", 0), null),
        (subscribe(b"\xff", 0), utf8),
        (
            subscribe(b"a", 3),
            ["MQTT31-3.8", "MQTT-3.8.3-4", "MQTT5-3.8.3.1"],
        ),
        (
            subscribe(b"a", 0xC0),
            ["MQTT31-2.6", "MQTT-3.8.3-4", "MQTT-3.8.3-5"],
        ),
        (
            packet(0x82, &[id, none]),
            ["MQTT31-3.8", "MQTT-3.8.3-3", "MQTT-3.8.3-2"],
        ),
        (
            packet(0x82, &[id, none, b"\0\x01a"]),
            ["MQTT31-3.8", "MQTT-3.8.3-3", "MQTT-3.8.3-2"],
        ),
        (packet(0x82, &[b"\0\0", none, b"\0\x01a\0"]), zero),
        (
            packet(0x80, &[id, none, b"\0\x01a\0"]),
            ["MQTT31-3.8", "MQTT-3.8.1-1", "MQTT-3.8.1-1"],
        ),
        (unsubscribe(b""), empty),
        (unsubscribe(b"a/#/b"), multi),
        (unsubscribe(b"\xc3\x28"), utf8),
        (
            packet(0xA2, &[id, none]),
            ["MQTT31-3.10", "MQTT-3.10.3-2", "MQTT-3.10.3-2"],
        ),
        (packet(0xA2, &[b"\0\0", none, b"\0\x01a"]), zero),
        (
            packet(0xA3, &[id, none, b"\0\x01a"]),
            ["MQTT31-3.10", "MQTT-3.10.1-1", "MQTT-3.10.1-1"],
        ),
        // The Fixed Header.
        (vec![0xC1, 0], reserved),
        (packet(0x41, &[id]), reserved),
        (
            packet(0x60, &[id]),
            ["MQTT31-3.6", "MQTT-3.6.1-1", "MQTT-3.6.1-1"],
        ),
        (
            vec![0xE1, 0],
            ["MQTT31-3.14", "MQTT-3.14.1-1", "MQTT-3.14.1-1"],
        ),
        (
            vec![0x00, 0],
            ["MQTT31-2.1", "MQTT311-2.2.1", "MQTT5-2.1.2"],
        ),
        (vec![0xC0, 0x80, 0], ["", "", "MQTT-1.5.5-1"]),
        (
            vec![0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1],
            ["MQTT31-2.1", "MQTT311-2.2.3", "MQTT5-1.5.5"],
        ),
        (
            vec![0xC0, 1, 0],
            ["MQTT31-2.1", "MQTT311-2.2.3", "MQTT5-2.1.4"],
        ),
        (
            packet(0x40, &[b"\0"]),
            ["MQTT31-2.1", "MQTT311-2.2.3", "MQTT5-2.1.4"],
        ),
    ];
    for first in [0x40, 0x50, 0x62, 0x70] {
        cases.push((packet(first, &[b"\0\0"]), acknowledged_zero));
    }
    cases
}

/// What only 5.0 has.
pub(super) fn in_5_0() -> Vec<Case> {
    use PacketType::*;
    let v5 = |bytes, id| (bytes, ["", "", id]);
    let id: &[u8] = &[0, 1];
    let mut cases = vec![
        v5(with_properties(Some(Publish), b"\x7f\0"), "MQTT5-2.2.2.2"),
        v5(
            with_properties(Some(Publish), b"\x11\0\0\0\x01"),
            "MQTT5-2.2.2.2",
        ),
        v5(
            with_properties(Some(Publish), b"\x01\x01\x01\x01"),
            "MQTT5-2.2.2",
        ),
        v5(
            with_properties(Some(Publish), b"\x01\x02"),
            "MQTT5-3.3.2.3.2",
        ),
        v5(with_properties(Some(Publish), b"\x23\0\0"), "MQTT-3.3.2-8"),
        v5(
            with_properties(Some(Publish), b"\x08\0\x01#"),
            "MQTT-3.3.2-14",
        ),
        v5(
            with_properties(Some(Publish), b"\x08\0\x01\xff"),
            "MQTT-3.3.2-13",
        ),
        v5(
            with_properties(Some(Publish), b"\x03\0\x01\xff"),
            "MQTT-3.3.2-19",
        ),
        v5(
            with_properties(Some(Publish), b"\x26\0\x01\xff\0\0"),
            "MQTT-1.5.7-1",
        ),
        v5(
            with_properties(Some(Publish), b"\x09\0\x09x"),
            "MQTT5-2.2.2.1",
        ),
        v5(
            with_properties(Some(Subscribe), b"\x0b\0"),
            "MQTT5-3.8.2.1.2",
        ),
        v5(
            with_properties(Some(Subscribe), b"\x0b\x80\0"),
            "MQTT-1.5.5-1",
        ),
        v5(
            with_properties(Some(Subscribe), b"\x0b\x01\x0b\x02"),
            "MQTT5-2.2.2",
        ),
        v5(
            with_properties(Some(Subscribe), b"\x0b\xff\xff\xff\x7f"),
            "",
        ),
        v5(
            with_properties(Some(Unsubscribe), b"\x1f\0\x01x"),
            "MQTT5-2.2.2.2",
        ),
        v5(
            with_properties(Some(Unsubscribe), b"\x26\0\x01a\0\x01b\x26\0\x01a\0\x01b"),
            "",
        ),
        v5(
            with_properties(Some(Puback), b"\x1f\0\x01x\x1f\0\x01x"),
            "MQTT5-2.2.2",
        ),
        v5(
            with_properties(Some(Disconnect), b"\x13\0\0"),
            "MQTT5-2.2.2.2",
        ),
        v5(b"\x30\x06\0\x01a\x7f\x01\x01".to_vec(), "MQTT5-2.2.2.1"),
        v5(b"\x30\x03\0\x01a".to_vec(), "MQTT-2.2.2-1"),
        v5(
            b"\x30\x08\0\x01a\x02\x01\x01\xff\xfe".to_vec(),
            "MQTT5-3.3.2.3.2",
        ),
        v5(packet(0x40, &[id, b"\x01"]), "MQTT-3.4.2-1"),
        v5(packet(0x50, &[id, b"\x92"]), "MQTT-3.5.2-1"),
        v5(packet(0x62, &[id, b"\x10"]), "MQTT-3.6.2-1"),
        v5(packet(0x70, &[id, b"\x80"]), "MQTT-3.7.2-1"),
        v5(packet(0xE0, &[b"\x01"]), "MQTT-3.14.2-1"),
        v5(packet(0xF0, &[b"\x01\0"]), "MQTT-3.15.2-1"),
        v5(packet(0xF1, &[]), "MQTT-3.15.1-1"),
        v5(
            packet(0x82, &[id, b"\0", &string(b"a"), &[0x30]]),
            "MQTT5-3.8.3.1",
        ),
    ];
    for (filter, id) in [
        ("$share/g/a", ""),
        ("$share//a", "MQTT-4.8.2-1"),
        ("$share/g", "MQTT-4.8.2-2"),
        ("$share/g/", "MQTT-4.8.2-2"),
        ("$share/a+/b", "MQTT-4.8.2-2"),
        ("$share/g/a#", "MQTT-4.7.1-1"),
    ] {
        let filter = string(filter.as_bytes());
        cases.push(v5(packet(0x82, &[&[0, 1, 0], &filter, &[0]]), id));
    }
    let shared = string(b"$share/g/a");
    cases.push(v5(
        packet(0x82, &[&[0, 1, 0], &shared, &[4]]),
        "MQTT-3.8.3-4",
    ));
    cases
}
