//! CONNECT packets and what they break.

use super::bytes::*;
use crate::codec::{PacketType, Version};

use Version::{V3_1, V3_1_1, V5};

/// CONNECTs, each with what it breaks in its own version.
pub(super) fn connects() -> Vec<(Vec<u8>, &'static str)> {
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
