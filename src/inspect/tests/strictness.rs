//! What a strict server must refuse, and what it must not: each rule broken by one change to a
//! good packet, in every version that has the rule, after a CONNECT and alone.

use crate::codec::{PacketType, Version};
use crate::inspect::{
    Chunk, Data, Dissector, DissectorOptions, Observed, Origin, Partial, Sink, Skipped,
};

use Version::{V3_1, V3_1_1, V5};

/// The identifiers that were found.
#[derive(Default)]
struct Found(Vec<&'static str>);

impl Sink for Found {
    fn packet(&mut self, packet: &Observed<'_>) {
        self.0
            .extend(packet.findings.iter().map(|finding| finding.id));
    }
    fn skipped(&mut self, _: &Skipped<'_>) {}
    fn partial(&mut self, partial: &Partial<'_>) {
        self.0
            .extend(partial.findings.iter().map(|finding| finding.id));
    }
}

fn find(bytes: &[u8], version: Option<Version>) -> Vec<&'static str> {
    let mut dissector = Dissector::new(DissectorOptions { version });
    let mut found = Found::default();
    for data in [Data::Bytes(bytes), Data::End] {
        let origin = Origin::default();
        dissector.push(Chunk { origin, data }, &mut found);
    }
    found.0
}

fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}

fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = match body.len() {
        short @ 0..128 => vec![short as u8],
        long => vec![long as u8 | 0x80, (long >> 7) as u8],
    };
    [&[first], &length[..], &body].concat()
}

/// A Property Length of 0, where the version has one.
fn none(version: Version) -> &'static [u8] {
    match version {
        V5 => &[0],
        _ => &[],
    }
}

fn connect_with(version: Version, flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    let name = string(version.protocol_name().as_bytes());
    let fixed = [version.level(), flags, 0, 60];
    let parts = [&name, &fixed[..], none(version), &payload.concat()];
    packet(0x10, &parts)
}

fn connect(version: Version) -> Vec<u8> {
    connect_with(version, 2, &[&string(b"me")])
}

/// A packet of a client with properties; `None`: a CONNECT, whose Will has them.
fn with_properties(packet_type: Option<PacketType>, properties: &[u8]) -> Vec<u8> {
    let len = [properties.len() as u8];
    let properties = &[&len, properties].concat()[..];
    let id: &[u8] = &[0, 1];
    let Some(packet_type) = packet_type else {
        let will = [&string(b"id"), properties, &string(b"w"), &string(b"p")];
        return connect_with(V5, 6, &will);
    };
    let first = packet_type.first_byte();
    match packet_type {
        PacketType::Connect => {
            let name = string(b"MQTT");
            packet(first, &[&name, &[5, 2, 0, 60], properties, &string(b"id")])
        }
        PacketType::Publish => packet(first, &[&string(b"a"), properties]),
        PacketType::Subscribe => packet(first, &[id, properties, &string(b"a"), &[0]]),
        PacketType::Unsubscribe => packet(first, &[id, properties, &string(b"a")]),
        PacketType::Disconnect | PacketType::Auth => packet(first, &[&[0], properties]),
        _ => packet(first, &[id, &[0], properties]),
    }
}

/// A packet, and the identifier in 3.1, 3.1.1 and 5.0 of what it breaks; empty: nothing.
type Case = (Vec<u8>, [&'static str; 3]);

/// What is the same in every version but for the Property Length.
fn in_every_version(version: Version) -> Vec<Case> {
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
fn in_5_0() -> Vec<Case> {
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

/// CONNECTs, each with what it breaks in its own version.
fn connects() -> Vec<(Vec<u8>, &'static str)> {
    let (id, topic, text) = (string(b"id"), string(b"w"), string(b"x"));
    let connect = |version, flags, payload: &[&[u8]]| connect_with(version, flags, payload);
    let with_will = |version, flags, topic: &[u8]| {
        connect_with(version, flags, &[&id, none(version), topic, &text])
    };
    let named = |name: &[u8], level| {
        let name = string(name);
        packet(0x10, &[&name, &[level, 2, 0, 60], none(V5), &id])
    };
    let connect_5 = |properties| with_properties(Some(PacketType::Connect), properties);
    let mut cases = vec![
        (connect(V3_1_1, 0xC2, &[&id, &text, &text]), ""),
        (connect(V3_1_1, 2, &[&string(&[b'x'; 24])]), ""),
        (connect(V3_1_1, 2, &[b"\0\0"]), ""),
        (connect(V5, 0, &[b"\0\0"]), ""),
        (connect(V5, 0x42, &[&id, &text]), ""),
        (with_will(V3_1, 0x36, &topic), ""),
        (with_will(V3_1_1, 0x0E, &topic), ""),
        (with_will(V5, 0x26, &topic), ""),
        (connect(V3_1, 0, &[&id]), ""),
        (named(b"MQTX", 4), "MQTT-3.1.2-1"),
        (named(b"mqtt", 5), "MQTT-3.1.2-1"),
        (named(b"MQTT", 6), "MQTT-3.1.2-2"),
        (named(b"MQTT", 3), "MQTT-3.1.2-2"),
        (named(b"MQIsdp", 5), "MQTT-3.1.2-1"),
        (connect(V3_1_1, 3, &[&id]), "MQTT-3.1.2-3"),
        (connect(V5, 3, &[&id]), "MQTT-3.1.2-3"),
        (connect(V3_1, 3, &[&id]), "MQTT31-3.1"),
        (connect(V3_1_1, 6, &[&id]), "MQTT-3.1.2-9"),
        (connect(V5, 6, &[&id]), "MQTT-3.1.2-9"),
        (connect(V3_1_1, 0x0A, &[&id]), "MQTT-3.1.2-13"),
        (connect(V5, 0x12, &[&id]), "MQTT-3.1.2-11"),
        (connect(V3_1_1, 0x22, &[&id]), "MQTT-3.1.2-15"),
        (connect(V5, 0x22, &[&id]), "MQTT-3.1.2-13"),
        (with_will(V3_1_1, 0x1E, &topic), "MQTT-3.1.2-14"),
        (with_will(V5, 0x1E, &topic), "MQTT-3.1.2-12"),
        (with_will(V3_1_1, 6, &string(b"w/#")), "MQTT-4.7.1-1"),
        (with_will(V5, 6, &string(b"+")), "MQTT-4.7.0-1"),
        (with_will(V3_1_1, 6, b"\0\0"), "MQTT-4.7.3-1"),
        (with_will(V5, 6, &string(b"\xff")), "MQTT-3.1.3-11"),
        (connect(V3_1_1, 0x82, &[&id]), "MQTT-3.1.2-19"),
        (connect(V5, 0x82, &[&id]), "MQTT-3.1.2-17"),
        (connect(V3_1_1, 2, &[&id, &text]), "MQTT-3.1.2-18"),
        (connect(V5, 2, &[&id, &text]), "MQTT-3.1.2-16"),
        (connect(V3_1_1, 2, &[&id, &text, &text]), "MQTT-3.1.2-11"),
        (connect(V3_1_1, 0xC2, &[&id, &text]), "MQTT-3.1.2-21"),
        (connect(V3_1_1, 0x82, &[&id, &text, &text]), "MQTT-3.1.2-20"),
        (connect(V3_1_1, 0x42, &[&id, &text]), "MQTT-3.1.2-22"),
        (connect(V3_1_1, 0, &[b"\0\0"]), "MQTT-3.1.3-7"),
        (connect(V3_1, 2, &[b"\0\0"]), "MQTT31-3.1"),
        (connect(V3_1, 2, &[&string(&[b'x'; 24])]), "MQTT31-3.1"),
        (connect(V3_1_1, 2, &[]), "MQTT-3.1.3-3"),
        (connect(V5, 2, &[&string(b"\xed\xb0\x80")]), "MQTT-3.1.3-4"),
        (connect(V5, 2, &[&string(b"a\0")]), "MQTT-1.5.4-2"),
        (
            connect(V3_1_1, 0x82, &[&id, &string(b"\xff")]),
            "MQTT-3.1.3-11",
        ),
        (connect(V5, 0x82, &[&id, &string(b"\xff")]), "MQTT-3.1.3-12"),
        (packet(0x10, &[&string(b"MQTT"), &[4, 2]]), "MQTT-3.1.4-1"),
        (
            packet(0x11, &[&string(b"MQTT"), &[4, 2, 0, 60], &id]),
            "MQTT-2.2.2-1",
        ),
    ];
    for (properties, id) in [
        (&b"\x21\0\0"[..], "MQTT5-3.1.2.11.3"),
        (b"\x27\0\0\0\0", "MQTT5-3.1.2.11.4"),
        (b"\x17\x02", "MQTT5-3.1.2.11.7"),
        (b"\x19\x02", "MQTT5-3.1.2.11.6"),
        (b"\x16\0\x01x", "MQTT5-3.1.2.11.10"),
        (b"\x11\0\0\0\x01\x11\0\0\0\x01", "MQTT5-2.2.2"),
        (b"\x18\0\0\0\x01", "MQTT5-2.2.2.2"),
        (b"\x22\0\0", ""),
        (b"\x15\0\x01m\x16\0\x01x", ""),
    ] {
        cases.push((connect_5(properties), id));
    }
    cases.push((with_properties(None, b"\x18\0\0\0\x01"), ""));
    cases.push((with_properties(None, b"\x21\0\x01"), "MQTT5-2.2.2.2"));
    cases.push((with_properties(None, b"\x01\x02"), "MQTT5-3.3.2.3.2"));
    cases
}

#[track_caller]
fn check(bytes: &[u8], version: Option<Version>, id: &str) {
    let found = find(bytes, version);
    let right = match id {
        "" => found.is_empty(),
        id => found.contains(&id),
    };
    assert!(right, "{bytes:02x?}: {id:?}, but found {found:?}");
}

#[test]
fn each_packet_by_itself() {
    for version in Version::ALL {
        for (bytes, ids) in in_every_version(version) {
            check(&bytes, Some(version), ids[version as usize - 3]);
        }
    }
    for (bytes, [.., id]) in in_5_0() {
        check(&bytes, Some(V5), id);
    }
}

#[test]
fn each_packet_after_a_connect() {
    for version in Version::ALL {
        let connect = connect(version);
        for (bytes, ids) in in_every_version(version) {
            let id = ids[version as usize - 3];
            check(&[&connect[..], &bytes].concat(), None, id);
        }
    }
    for (bytes, [.., id]) in in_5_0() {
        check(&[&connect(V5)[..], &bytes].concat(), None, id);
    }
}

/// Without a CONNECT, and without being told the version: a fault is found all the same, and a
/// good packet is good.
#[test]
fn each_packet_of_a_version_that_nobody_told() {
    for version in [V3_1_1, V5] {
        for (bytes, ids) in in_every_version(version) {
            let found = find(&bytes, None);
            match ids {
                ["", "", ""] => assert_eq!(found, [""; 0], "{bytes:02x?}"),
                // Only unusual in 3.1.1, which it may be.
                ["", "", _] => {}
                _ => assert!(!found.is_empty(), "{version}: {bytes:02x?}"),
            }
        }
    }
}

#[test]
fn each_connect() {
    for (bytes, id) in connects() {
        check(&bytes, None, id);
    }
}

/// All that a client must not say after its CONNECT, whatever the server answers.
#[test]
fn conversations_of_a_client() {
    let cases: [(Version, &[u8], &str); 16] = [
        (
            V3_1_1,
            b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me",
            "MQTT-3.1.0-2",
        ),
        (
            V5,
            b"\x10\x0f\0\x04MQTT\x05\x02\0\x3c\0\0\x02me",
            "MQTT-3.1.0-2",
        ),
        (V3_1_1, b"\xe0\0\xc0\0", "MQTT-3.14.4-2"),
        (V5, b"\xe0\0\xc0\0", "MQTT-3.14.4-1"),
        (V5, b"\x30\x06\0\x01a\x02\x0b\x01", "MQTT-3.3.4-6"),
        (V5, b"\x30\x06\0\0\x03\x23\0\x01", "MQTT5-3.3.2.3.4"),
        (V5, b"\xe0\x07\0\x05\x11\0\0\0\x0a", "MQTT5-3.14.2.2.2"),
        (V5, b"\xe0\x01\x8b", "MQTT-3.14.2-1"),
        (V5, b"\xf0\x06\x18\x04\x15\0\x01m", "MQTT-4.12.0-7"),
        (V3_1_1, b"\xf0\0", "MQTT311-2.2.1"),
        (V3_1, b"\xf0\0", "MQTT31-2.1"),
        (V3_1_1, b"\xd0\0", "MQTT-3.2.0-1"),
        (V5, b"\x90\x04\0\x01\0\0", "MQTT-3.2.0-1"),
        (V5, b"\xb0\x04\0\x01\0\0", "MQTT-3.2.0-1"),
        (V3_1_1, b"\x32\x05\0\x01a\0\x01\x82\x06\0\x01\0\x01a\0", ""),
        (V5, b"\xe0\x07\x04\x05\x11\0\0\0\0", ""),
    ];
    for (version, bytes, id) in cases {
        check(&[&connect(version)[..], bytes].concat(), None, id);
    }
}

/// Where it is not known who sends, the order still tells: nobody speaks before CONNECT.
#[test]
fn packets_before_connect() {
    for version in Version::ALL {
        let id = ["MQTT31-3.1", "MQTT-3.1.0-1", "MQTT-3.1.0-1"][version as usize - 3];
        let none = none(version);
        let firsts = [
            packet(0x30, &[&string(b"a"), none]),
            packet(0x82, &[&[0, 1], none, &string(b"a"), &[0]]),
            vec![0x40, 2, 0, 1],
            vec![0x62, 2, 0, 1],
            vec![0xc0, 0],
            vec![0xd0, 0],
        ];
        for first in firsts {
            check(&[&first[..], &connect(version)].concat(), None, id);
        }
    }
}

#[test]
fn authentication_before_connack() {
    let connect = with_properties(Some(PacketType::Connect), b"\x15\0\x01m");
    for (auth, id) in [
        (&b"\xf0\x06\x18\x04\x15\0\x01m"[..], ""),
        (b"\xf0\x06\x18\x04\x15\0\x01n", "MQTT-4.12.0-5"),
        (b"\xf0\x06\0\x04\x15\0\x01m", "MQTT-3.15.2-1"),
    ] {
        check(&[&connect[..], auth].concat(), None, id);
    }
}
