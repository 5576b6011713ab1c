//! Conversations of hand-made bytes: each rule broken once, and what breaks none.

use crate::inspect::{Chunk, Data, Direction, Dissector, Observed, Origin, Partial, Sink};
use crate::inspect::{Skipped, Time};

use Direction::{ToClient as S, ToServer as C, Unknown as U};

/// What is sent, by whom.
type Said = (Direction, &'static [u8]);

/// The identifiers that were found, and the number of the packet they were found in.
#[derive(Default)]
struct Found {
    packets: usize,
    ids: Vec<(usize, &'static str)>,
}

impl Sink for Found {
    fn packet(&mut self, packet: &Observed<'_>) {
        for finding in packet.findings {
            self.ids.push((self.packets, finding.id));
            let at = finding.offset as usize;
            assert!(at <= packet.bytes.len(), "{finding:?}");
        }
        self.packets += 1;
    }
    fn skipped(&mut self, skipped: &Skipped<'_>) {
        assert!(skipped.bytes.is_empty(), "{skipped:?}");
    }
    fn partial(&mut self, partial: &Partial<'_>) {
        panic!("{partial:?}");
    }
}

fn origin(direction: Direction) -> Origin {
    Origin {
        direction,
        ..Origin::default()
    }
}

fn hear(said: &[Said]) -> Vec<(usize, &'static str)> {
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, bytes) in said {
        let (origin, data) = (origin(*direction), Data::Bytes(bytes));
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.packets, said.len(), "a packet in each");
    found.ids
}

/// The last of these packets breaks this statement and no other; those before break none.
#[track_caller]
fn breaks(id: &str, said: &[Said]) {
    assert_eq!(hear(said), [(said.len() - 1, id)]);
}

#[track_caller]
fn allows(said: &[Said]) {
    assert_eq!(hear(said), []);
}

const CONNECT_4: Said = (C, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a");
const CONNACK_4: Said = (S, b"\x20\x02\x00\x00");
const CONNECT_5: Said = (C, b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a");
const CONNACK_5: Said = (S, b"\x20\x03\x00\x00\x00");
const CONNECT_3: Said = (C, b"\x10\x0f\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x01a");
/// Receive Maximum 1, Maximum QoS 1, Retain, Wildcards, Subscription Identifiers and Shared
/// Subscriptions unavailable, Topic Alias Maximum 2, Maximum Packet Size 30.
const CONNACK_POOR: Said = (
    S,
    b"\x20\x18\x00\x00\x15\x21\x00\x01\x24\x01\x25\x00\x28\x00\x29\x00\x2a\x00\x22\x00\x02\x27\x00\x00\x00\x1e",
);
const PINGREQ: Said = (C, b"\xc0\x00");
const PINGRESP: Said = (S, b"\xd0\x00");
/// PUBLISH to `a` with identifier 1.
const QOS_1_4: &[u8] = b"\x32\x05\x00\x01a\x00\x01";
const QOS_2_4: &[u8] = b"\x34\x05\x00\x01a\x00\x01";
const QOS_1_5: &[u8] = b"\x32\x06\x00\x01a\x00\x01\x00";
const QOS_2_5: &[u8] = b"\x34\x06\x00\x01a\x00\x01\x00";
const PUBACK: &[u8] = b"\x40\x02\x00\x01";
const PUBREC: &[u8] = b"\x50\x02\x00\x01";
const PUBREL: &[u8] = b"\x62\x02\x00\x01";
const PUBCOMP: &[u8] = b"\x70\x02\x00\x01";
const SUBSCRIBE_5: Said = (C, b"\x82\x07\x00\x01\x00\x00\x01a\x01");
const SUBSCRIBE_4: Said = (C, b"\x82\x06\x00\x01\x00\x01a\x01");

#[test]
fn a_conversation_as_it_should_be() {
    allows(&[
        CONNECT_4,
        CONNACK_4,
        SUBSCRIBE_4,
        (S, b"\x90\x03\x00\x01\x01"),
        (C, QOS_1_4),
        (S, QOS_1_4),
        (C, PUBACK),
        (S, PUBACK),
        (C, QOS_2_4),
        (S, PUBREC),
        (C, PUBREL),
        (S, PUBCOMP),
        (C, QOS_2_4),
        PINGREQ,
        PINGRESP,
        (C, b"\xa2\x05\x00\x02\x00\x01a"),
        (S, b"\xb0\x02\x00\x02"),
        (C, b"\xe0\x00"),
    ]);
}

#[test]
fn the_order_of_a_connection() {
    let ids = ["MQTT-3.1.0-1", "MQTT-3.1.0-1"];
    for (id, first) in ids.into_iter().zip([PINGREQ, (C, b"\x30\x03\x00\x01a")]) {
        breaks(id, &[first]);
    }
    assert_eq!(
        hear(&[PINGREQ, CONNECT_4]),
        [(0, "MQTT-3.1.0-1"), (1, "MQTT-3.1.0-1")]
    );
    breaks("MQTT-3.1.0-2", &[CONNECT_4, CONNACK_4, CONNECT_4]);
    breaks("MQTT-3.1.0-2", &[CONNECT_5, CONNECT_5]);
    breaks("MQTT31-3.1", &[CONNECT_3, CONNACK_4, CONNECT_3]);
    breaks("MQTT-3.2.0-1", &[CONNECT_4, (S, b"\x30\x03\x00\x01a")]);
    breaks("MQTT-3.2.0-2", &[CONNECT_5, CONNACK_5, CONNACK_5]);
    breaks("MQTT-3.14.0-1", &[CONNECT_5, (S, b"\xe0\x01\x8b")]);
    breaks("MQTT-3.14.4-1", &[CONNECT_5, (C, b"\xe0\x00"), PINGREQ]);
    breaks(
        "MQTT-3.14.4-2",
        &[CONNECT_4, CONNACK_4, (C, b"\xe0\x00"), (C, QOS_1_4)],
    );
    breaks(
        "MQTT-3.2.2-5",
        &[CONNECT_4, (S, b"\x20\x02\x00\x05"), (S, PUBACK)],
    );
    breaks(
        "MQTT-3.2.2-7",
        &[CONNECT_5, (S, b"\x20\x03\x00\x87\x00"), (S, b"\xe0\x00")],
    );
    // A refusal in the version of a server that knows no 5.0.
    allows(&[CONNECT_5, (S, b"\x20\x02\x00\x01")]);
}

#[test]
fn who_sends_what() {
    breaks(
        "MQTT311-2.2.1",
        &[CONNECT_4, CONNACK_4, (C, b"\x90\x03\x00\x01\x00")],
    );
    breaks("MQTT5-2.1.2", &[CONNECT_5, CONNACK_5, (S, b"\xc0\x00")]);
    breaks("MQTT311-2.2.1", &[CONNECT_4, CONNACK_4, (S, b"\xe0\x00")]);
    allows(&[CONNECT_5, CONNACK_5, (S, b"\xe0\x00")]);
    breaks("MQTT5-3.13", &[CONNECT_5, CONNACK_5, PINGRESP]);
}

#[test]
fn a_dump_tells_who_sends_by_what_is_sent() {
    let dump = |said: &[Said]| -> Vec<Said> { said.iter().map(|(_, b)| (U, *b)).collect() };
    allows(&dump(&[
        CONNECT_4,
        CONNACK_4,
        SUBSCRIBE_4,
        (S, b"\x90\x03\x00\x01\x00"),
        (S, PUBACK),
    ]));
    breaks(
        "MQTT-3.8.4-2",
        &dump(&[CONNECT_4, CONNACK_4, (S, b"\x90\x03\x00\x01\x00")]),
    );
    breaks("MQTT-3.1.0-2", &dump(&[CONNECT_4, CONNECT_4]));
    // Without a CONNACK, what follows a CONNECT is the client's.
    breaks(
        "MQTT-3.3.4-6",
        &dump(&[CONNECT_5, (C, b"\x30\x06\x00\x01a\x02\x0b\x01")]),
    );
    breaks(
        "MQTT-3.14.4-1",
        &dump(&[CONNECT_5, (C, b"\xe0\x00"), PINGREQ]),
    );
    // Packets from anywhere are packets from anywhere.
    for bytes in [
        QOS_1_4,
        PUBREL,
        b"\xd0\x00",
        b"\x90\x03\x00\x01\x00",
        b"\xe0\x00",
    ] {
        allows(&[(U, bytes), (U, bytes)]);
    }
    // The client's half alone, with the identifier of what the server has answered meanwhile.
    allows(&dump(&[
        CONNECT_4,
        SUBSCRIBE_4,
        (C, QOS_1_4),
        (C, QOS_1_4),
        (C, QOS_2_4),
        (C, PUBREL),
    ]));
    allows(&dump(&[CONNECT_4, (C, b"\x3a\x05\x00\x01a\x00\x01")]));
}

#[test]
fn packet_identifiers() {
    let open: [Said; 2] = [CONNECT_5, CONNACK_5];
    let after = |said: &[Said]| [&open[..], said].concat();
    breaks("MQTT-2.2.1-3", &after(&[(C, QOS_1_5), (C, QOS_1_5)]));
    breaks("MQTT-2.2.1-4", &after(&[(S, QOS_1_5), (S, QOS_2_5)]));
    breaks("MQTT-2.2.1-3", &after(&[SUBSCRIBE_5, (C, QOS_1_5)]));
    breaks("MQTT-2.2.1-3", &after(&[(C, QOS_1_5), SUBSCRIBE_5]));
    breaks(
        "MQTT-2.3.1-2",
        &[CONNECT_4, CONNACK_4, (C, QOS_1_4), (C, QOS_1_4)],
    );
    breaks(
        "MQTT-2.3.1-4",
        &[CONNECT_4, CONNACK_4, (S, QOS_2_4), (S, QOS_2_4)],
    );
    for ack in [PUBACK, PUBREC, PUBCOMP] {
        breaks("MQTT-2.2.1-5", &after(&[(S, ack)]));
    }
    breaks("MQTT-2.2.1-5", &after(&[(C, PUBREL)]));
    breaks(
        "MQTT-2.2.1-5",
        &after(&[(C, QOS_1_5), (S, PUBACK), (S, PUBACK)]),
    );
    breaks("MQTT-2.3.1-6", &[CONNECT_4, CONNACK_4, (S, PUBACK)]);
    // It is no error to say that an identifier is not known.
    allows(&after(&[
        (S, b"\x62\x03\x00\x01\x92"),
        (C, b"\x70\x03\x00\x01\x92"),
    ]));
    // A session that was there before has identifiers of before.
    allows(&[
        (C, b"\x10\x0d\x00\x04MQTT\x04\x00\x00\x3c\x00\x01a"),
        (S, b"\x20\x02\x01\x00"),
        (S, b"\x3a\x05\x00\x01a\x00\x01"),
        (C, PUBREL),
        (C, PUBACK),
    ]);
}

#[test]
fn the_handshakes_of_qos_1_and_2() {
    let after = |said: &[Said]| [&[CONNECT_5, CONNACK_5][..], said].concat();
    breaks("MQTT-4.3.3-8", &after(&[(C, QOS_2_5), (S, PUBACK)]));
    breaks("MQTT-4.3.2-4", &after(&[(C, QOS_1_5), (S, PUBREC)]));
    breaks(
        "MQTT-4.3.3-11",
        &after(&[(C, QOS_2_5), (S, PUBREC), (S, PUBCOMP)]),
    );
    breaks("MQTT-4.3.3-4", &after(&[(C, QOS_2_5), (C, PUBREL)]));
    breaks(
        "MQTT-4.3.2-2",
        &after(&[(C, b"\x3a\x06\x00\x01a\x00\x01\x00")]),
    );
    breaks(
        "MQTT-4.3.3-2",
        &after(&[(S, b"\x3c\x06\x00\x01a\x00\x01\x00")]),
    );
    breaks(
        "MQTT-4.4.0-1",
        &after(&[(C, QOS_1_5), (C, b"\x3a\x06\x00\x01a\x00\x01\x00")]),
    );
    breaks(
        "MQTT-4.3.3-6",
        &after(&[
            (C, QOS_2_5),
            (S, PUBREC),
            (C, PUBREL),
            (C, b"\x3c\x06\x00\x01a\x00\x01\x00"),
        ]),
    );
    let second: Said = (S, b"\x32\x06\x00\x01a\x00\x02\x00");
    let late = [
        (S, QOS_1_5),
        second,
        (C, &b"\x40\x02\x00\x02"[..]),
        (C, PUBACK),
    ];
    breaks("MQTT-4.6.0-2", &after(&late));
    // Sent again on the same connection, as 3.1.1 may, and acknowledged twice.
    let again: Said = (C, b"\x3a\x05\x00\x01a\x00\x01");
    allows(&[
        CONNECT_4,
        CONNACK_4,
        (C, QOS_1_4),
        again,
        (S, PUBACK),
        (S, PUBACK),
    ]);
    // A refusal ends the handshake.
    allows(&after(&[
        (C, QOS_2_5),
        (S, b"\x50\x03\x00\x01\x97"),
        (C, QOS_2_5),
    ]));
    breaks(
        "MQTT5-3.4.2.1",
        &after(&[(S, QOS_1_5), (C, b"\x40\x03\x00\x01\x10")]),
    );
}

#[test]
fn what_the_server_excluded() {
    let after = |said: &[Said]| [&[CONNECT_5, CONNACK_POOR][..], said].concat();
    breaks(
        "MQTT-3.3.4-7",
        &after(&[(C, QOS_1_5), (C, b"\x32\x06\x00\x01a\x00\x02\x00")]),
    );
    allows(&after(&[(C, QOS_1_5), (S, PUBACK), (C, QOS_1_5)]));
    breaks("MQTT-3.2.2-11", &after(&[(C, QOS_2_5)]));
    breaks("MQTT-3.2.2-14", &after(&[(C, b"\x31\x04\x00\x01a\x00")]));
    breaks(
        "MQTT-3.3.2-9",
        &after(&[(C, b"\x30\x07\x00\x01a\x03\x23\x00\x03")]),
    );
    breaks(
        "MQTT5-3.3.2.3.4",
        &after(&[(C, b"\x30\x06\x00\x00\x03\x23\x00\x02")]),
    );
    allows(&after(&[
        (C, b"\x30\x07\x00\x01a\x03\x23\x00\x02"),
        (C, b"\x30\x06\x00\x00\x03\x23\x00\x02"),
    ]));
    breaks(
        "MQTT5-3.2.2.3.11",
        &after(&[(C, b"\x82\x07\x00\x01\x00\x00\x01#\x00")]),
    );
    breaks(
        "MQTT5-3.2.2.3.12",
        &after(&[(C, b"\x82\x09\x00\x01\x02\x0b\x01\x00\x01a\x00")]),
    );
    breaks(
        "MQTT5-3.2.2.3.13",
        &after(&[(C, b"\x82\x10\x00\x01\x00\x00\x0a$share/g/a\x00")]),
    );
    breaks(
        "MQTT-3.2.2-15",
        &after(&[(C, b"\x30\x1d\x00\x01a\x00aaaaaaaaaaaaaaaaaaaaaaaaa")]),
    );
    // Before the CONNACK a client cannot know.
    allows(&[CONNECT_5, (C, QOS_2_5), (C, b"\x31\x04\x00\x01a\x00")]);
}

#[test]
fn what_the_client_excluded() {
    // Receive Maximum 1, Topic Alias Maximum 1, Maximum Packet Size 20, no problem information.
    let connect: Said = (
        C,
        b"\x10\x1b\x00\x04MQTT\x05\x02\x00\x3c\x0d\x21\x00\x01\x22\x00\x01\x27\x00\x00\x00\x14\x17\x00\x00\x01a",
    );
    let after = |said: &[Said]| [&[connect, CONNACK_5][..], said].concat();
    breaks(
        "MQTT-3.3.4-9",
        &after(&[(S, QOS_1_5), (S, b"\x32\x06\x00\x01a\x00\x02\x00")]),
    );
    breaks(
        "MQTT-3.3.2-11",
        &after(&[(S, b"\x30\x07\x00\x01a\x03\x23\x00\x02")]),
    );
    breaks(
        "MQTT-3.1.2-24",
        &after(&[(S, b"\x30\x13\x00\x01a\x00aaaaaaaaaaaaaaa")]),
    );
    breaks(
        "MQTT-3.1.2-29",
        &after(&[(C, QOS_1_5), (S, b"\x40\x09\x00\x01\x00\x05\x1f\x00\x02no")]),
    );
    breaks(
        "MQTT-3.1.2-28",
        &[CONNECT_5, (S, b"\x20\x07\x00\x00\x04\x1a\x00\x01r")],
    );
}

#[test]
fn what_a_connack_says() {
    breaks("MQTT-3.2.2-1", &[CONNECT_4, (S, b"\x20\x02\x01\x00")]);
    breaks("MQTT-3.2.2-2", &[CONNECT_5, (S, b"\x20\x03\x01\x00\x00")]);
    let unnamed: Said = (C, b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x00");
    breaks("MQTT-3.2.2-16", &[unnamed, CONNACK_5]);
    allows(&[unnamed, (S, b"\x20\x07\x00\x00\x04\x12\x00\x01x")]);
}

#[test]
fn requests_and_their_answers() {
    let after = |said: &[Said]| [&[CONNECT_5, CONNACK_5][..], said].concat();
    breaks("MQTT-3.8.4-2", &after(&[(S, b"\x90\x04\x00\x01\x00\x00")]));
    breaks(
        "MQTT-3.8.4-6",
        &after(&[SUBSCRIBE_5, (S, b"\x90\x05\x00\x01\x00\x00\x00")]),
    );
    breaks(
        "MQTT-3.8.4-7",
        &after(&[SUBSCRIBE_5, (S, b"\x90\x04\x00\x01\x00\x02")]),
    );
    allows(&after(&[
        SUBSCRIBE_5,
        (S, b"\x90\x04\x00\x01\x00\x87"),
        SUBSCRIBE_5,
    ]));
    breaks("MQTT-3.10.4-5", &after(&[(S, b"\xb0\x04\x00\x01\x00\x00")]));
    let unsubscribe: Said = (C, b"\xa2\x06\x00\x01\x00\x00\x01a");
    breaks(
        "MQTT-3.11.3-2",
        &after(&[unsubscribe, (S, b"\xb0\x05\x00\x01\x00\x00\x00")]),
    );
    let with_id: Said = (C, b"\x82\x09\x00\x01\x02\x0b\x07\x00\x01a\x00");
    allows(&after(&[with_id, (S, b"\x30\x06\x00\x01a\x02\x0b\x07")]));
    breaks(
        "MQTT-3.3.4-3",
        &after(&[with_id, (S, b"\x30\x06\x00\x01a\x02\x0b\x08")]),
    );
}

#[test]
fn the_end_of_a_connection() {
    let after = |said: &[Said]| [&[CONNECT_5, CONNACK_5][..], said].concat();
    breaks(
        "MQTT-3.14.2-2",
        &after(&[(S, b"\xe0\x07\x00\x05\x11\x00\x00\x00\x01")]),
    );
    breaks(
        "MQTT5-3.14.2.2.2",
        &after(&[(C, b"\xe0\x07\x00\x05\x11\x00\x00\x00\x01")]),
    );
    breaks("MQTT-3.14.2-1", &after(&[(C, b"\xe0\x01\x8b")]));
    breaks("MQTT-3.14.2-1", &after(&[(S, b"\xe0\x01\x04")]));
    allows(&after(&[(C, b"\xe0\x01\x04")]));
}

#[test]
fn authentication() {
    let connect: Said = (
        C,
        b"\x10\x12\x00\x04MQTT\x05\x02\x00\x3c\x04\x15\x00\x01m\x00\x01a",
    );
    let auth: &[u8] = b"\xf0\x06\x18\x04\x15\x00\x01m";
    let other: &[u8] = b"\xf0\x06\x18\x04\x15\x00\x01n";
    let connack: Said = (S, b"\x20\x07\x00\x00\x04\x15\x00\x01m");
    allows(&[
        connect,
        (S, auth),
        (C, auth),
        connack,
        (C, b"\xf0\x06\x19\x04\x15\x00\x01m"),
    ]);
    breaks("MQTT-3.1.2-30", &[connect, (C, QOS_1_5)]);
    breaks("MQTT-4.12.0-5", &[connect, (S, auth), (C, other)]);
    breaks("MQTT-4.12.0-5", &[connect, (S, auth), (C, auth), CONNACK_5]);
    breaks("MQTT-4.12.0-6", &[CONNECT_5, (S, auth)]);
    breaks("MQTT-4.12.0-7", &[CONNECT_5, CONNACK_5, (C, auth)]);
    breaks("MQTT-4.12.0-6", &[CONNECT_5, connack]);
    breaks(
        "MQTT-3.15.2-1",
        &[connect, connack, (C, b"\xf0\x06\x00\x04\x15\x00\x01m")],
    );
}

/// Says it at these seconds.
fn hear_at(said: &[(u64, Said)]) -> Vec<(usize, &'static str)> {
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (second, (direction, bytes)) in said {
        let origin = Origin {
            time: Some(Time(second * 1_000_000_000)),
            ..origin(*direction)
        };
        let data = Data::Bytes(bytes);
        dissector.push(Chunk { origin, data }, &mut found);
    }
    found.ids
}

#[test]
fn keep_alive() {
    let start = [(0, CONNECT_4), (0, CONNACK_4)];
    let at = |seconds| hear_at(&[&start[..], &[(seconds, PINGREQ)]].concat());
    assert_eq!(at(90), []);
    assert_eq!(at(91), [(2, "MQTT-3.1.2-23")]);
    // The server's packets do not count, and its own value does.
    let connack: Said = (S, b"\x20\x06\x00\x00\x03\x13\x00\x0a");
    let said = [
        (0, CONNECT_5),
        (0, connack),
        (10, (S, &b"\x30\x04\x00\x01a\x00"[..])),
        (16, PINGREQ),
    ];
    assert_eq!(hear_at(&said), [(3, "MQTT-3.1.2-20")]);
}

#[test]
fn what_is_not_known_is_not_wrong() {
    let lost = |direction: Direction, after: &[Said]| {
        let (mut dissector, mut found) = (Dissector::default(), Found::default());
        for (direction, bytes) in [CONNECT_5, CONNACK_5] {
            let (origin, data) = (origin(direction), Data::Bytes(bytes));
            dissector.push(Chunk { origin, data }, &mut found);
        }
        let (origin_of_gap, data) = (origin(direction), Data::Gap(100));
        let chunk = Chunk {
            origin: origin_of_gap,
            data,
        };
        dissector.push(chunk, &mut found);
        for (direction, bytes) in after {
            let (origin, data) = (origin(*direction), Data::Bytes(bytes));
            dissector.push(Chunk { origin, data }, &mut found);
        }
        found.ids
    };
    let suback: Said = (S, b"\x90\x04\x00\x01\x00\x00");
    let alias: Said = (C, b"\x30\x06\x00\x00\x03\x23\x00\x02");
    assert_eq!(lost(C, &[(S, PUBACK), suback, PINGRESP, (C, PUBREL)]), []);
    assert_eq!(lost(S, &[(C, QOS_1_5), (C, QOS_1_5), (C, PUBACK)]), []);
    // What has nothing to do with what was lost is wrong as before.
    assert_eq!(
        lost(S, &[alias]),
        [(2, "MQTT-3.3.2-9"), (2, "MQTT5-3.3.2.3.4")]
    );
    assert_eq!(lost(C, &[alias]), [(2, "MQTT-3.3.2-9")]);

    // Late: the acknowledgement overtook what it is for.
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, data) in [
        (C, Data::Bytes(CONNECT_5.1)),
        (S, Data::Bytes(CONNACK_5.1)),
        (C, Data::Late),
        (S, Data::Bytes(PUBACK)),
        (C, Data::Bytes(QOS_1_5)),
        (C, Data::Bytes(QOS_1_5)),
    ] {
        let origin = origin(direction);
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.ids, []);

    // Joined late, which a gap of unknown size says.
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, data) in [
        (C, Data::Gap(0)),
        (C, Data::Bytes(QOS_1_5)),
        (S, Data::Gap(0)),
        (S, Data::Bytes(PUBACK)),
        (S, Data::Bytes(PUBACK)),
        (S, Data::Bytes(b"\x90\x04\x00\x01\x00\x00")),
        (S, Data::Bytes(b"\xd0\x00")),
    ] {
        let origin = origin(direction);
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.ids, []);
}
