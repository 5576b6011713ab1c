//! CONNECT, CONNACK, DISCONNECT, AUTH, Keep Alive: who sends what, and when.

use super::*;

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
fn what_a_connack_says() {
    breaks("MQTT-3.2.2-1", &[CONNECT_4, (S, b"\x20\x02\x01\x00")]);
    breaks("MQTT-3.2.2-2", &[CONNECT_5, (S, b"\x20\x03\x01\x00\x00")]);
    let unnamed: Said = (C, b"\x10\x0d\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x00");
    breaks("MQTT-3.2.2-16", &[unnamed, CONNACK_5]);
    allows(&[unnamed, (S, b"\x20\x07\x00\x00\x04\x12\x00\x01x")]);
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
