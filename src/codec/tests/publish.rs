//! PUBLISH.

use super::*;
use crate::codec::{Properties, Publish, QoS, rules};

#[test]
fn mqtt_2_3_1_1_packet_identifier_in_3_1_1_and_2_2_1_3_in_5_0() {
    for (version, id) in [
        (V3_1, "MQTT31-2.4"),
        (V3_1_1, "MQTT-2.3.1-1"),
        (V5, "MQTT-2.2.1-3"),
    ] {
        for first in [0x32, 0x34, 0x3A, 0x3C] {
            breaks(
                id,
                version,
                &packet(first, &[&string(b"a"), &[0, 0], none(version)]),
            );
            breaks(id, version, &packet(first, &[&string(b"a")]));
            breaks(id, version, &packet(first, &[&string(b"a"), &[1]]));
            allows(
                version,
                &packet(first, &[&string(b"a"), &[0, 1], none(version)]),
            );
        }
        breaks(
            id,
            version,
            &packet(0x82, &[&[0, 0], none(version), &string(b"a"), &[0]]),
        );
        breaks(
            id,
            version,
            &packet(0xA2, &[&[0, 0], none(version), &string(b"a")]),
        );
        breaks(id, version, &packet(0x82, &[]));
        breaks(id, version, &packet(0xA2, &[&[1]]));
    }
}

#[test]
fn mqtt_2_3_1_5_no_packet_identifier_at_qos_0_in_3_1_1_and_2_2_1_2_in_5_0() {
    for version in BOTH {
        let publish = Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: false,
            topic: "a",
            packet_id: Some(crate::codec::PacketId::MIN),
            properties: Properties::EMPTY,
            payload: b"",
        };
        let mut bytes = Vec::new();
        publish.encode(version, &mut bytes);
        assert_eq!(bytes, packet(0x30, &[&string(b"a"), none(version)]));
    }
}

#[test]
fn mqtt_3_3_1_2_dup_at_qos_0() {
    for version in BOTH {
        breaks(
            "MQTT-3.3.1-2",
            version,
            &packet(0x38, &[&string(b"a"), none(version)]),
        );
    }
    breaks("MQTT31-2.1", V3_1, &packet(0x38, &[&string(b"a")]));
}

#[test]
fn mqtt_3_3_1_4_qos_3() {
    for first in [0x36, 0x37, 0x3E, 0x3F] {
        for version in BOTH {
            let bytes = packet(first, &[&string(b"a"), &[0, 1], none(version)]);
            breaks("MQTT-3.3.1-4", version, &bytes);
        }
        breaks(
            "MQTT31-2.1",
            V3_1,
            &packet(first, &[&string(b"a"), &[0, 1]]),
        );
    }
}

#[test]
fn mqtt_3_3_2_1_topic_name_is_present() {
    for version in BOTH {
        for body in [&b""[..], b"\x00", b"\x00\x05abcd"] {
            breaks("MQTT-3.3.2-1", version, &packet(0x30, &[body]));
        }
    }
    breaks("MQTT31-3.3", V3_1, &packet(0x30, &[]));
}

#[test]
fn mqtt_3_3_2_8_topic_alias_0() {
    breaks("MQTT-3.3.2-8", V5, b"\x30\x07\x00\x01a\x03\x23\x00\x00");
}

#[test]
fn a_payload_may_be_anything() {
    for version in Version::ALL {
        allows(version, &packet(0x31, &[&string(b"a"), none(version)]));
        allows(
            version,
            &packet(0x31, &[&string(b"a"), none(version), b"\xff\0"]),
        );
    }
}

#[test]
fn a_payload_that_is_called_utf8_and_is_not() {
    // A receiver may check that: the decoder lets it pass, the trace does not.
    let bytes = b"\x30\x09\x00\x01a\x02\x01\x01a\xff\xfe";
    let Ok(Packet::Publish(publish)) = decode(bytes, V5) else {
        panic!("a PUBLISH");
    };
    let violation = publish.check_payload_format().expect_err("not UTF-8");
    assert!(violation.is(&rules::PAYLOAD_NOT_UTF8));
    let found = Trace::of(bytes, V5).violations;
    let found: Vec<_> = found.iter().map(|v| (v.id(), v.offset)).collect();
    assert_eq!(found, [("MQTT5-3.3.2.3.2", 9)]);
    allows(V5, b"\x30\x08\x00\x01a\x02\x01\x01\xc3\xa9");
    allows(V5, b"\x30\x08\x00\x01a\x02\x01\x00\xff\xfe");
}
