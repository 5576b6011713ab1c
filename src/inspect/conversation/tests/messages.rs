//! Packet Identifiers, and what is answered.

use super::*;

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
