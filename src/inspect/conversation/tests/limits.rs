//! What both ends announce, and hold each other to.

use super::*;

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
