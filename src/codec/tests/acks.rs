//! PUBACK, PUBREC, PUBREL, PUBCOMP, and DISCONNECT and AUTH, which have Reason Codes likewise.

use super::*;
use crate::codec::{
    Ack, Disconnect, PacketId, Properties, PropertyBuf, PropertyId, ReasonCode, Value,
};

const FIRST_BYTES: [u8; 4] = [0x40, 0x50, 0x62, 0x70];

/// Only these Reason Codes are allowed, with and without a Property Length.
#[track_caller]
fn only(id: &str, first: u8, head: &[u8], allowed: &[u8]) {
    for code in 0..=255 {
        for tail in [&[][..], &[0]] {
            let bytes = packet(first, &[head, &[code], tail]);
            match allowed.contains(&code) {
                true => allows(V5, &bytes),
                false => breaks(id, V5, &bytes),
            }
        }
    }
}

#[test]
fn mqtt_3_4_2_1_puback_reason_codes() {
    let allowed = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
    only("MQTT-3.4.2-1", 0x40, &[0, 1], &allowed);
}

#[test]
fn mqtt_3_5_2_1_pubrec_reason_codes() {
    let allowed = [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99];
    only("MQTT-3.5.2-1", 0x50, &[0, 1], &allowed);
}

#[test]
fn mqtt_3_6_2_1_pubrel_reason_codes() {
    only("MQTT-3.6.2-1", 0x62, &[0, 1], &[0x00, 0x92]);
}

#[test]
fn mqtt_3_7_2_1_pubcomp_reason_codes() {
    only("MQTT-3.7.2-1", 0x70, &[0, 1], &[0x00, 0x92]);
}

#[test]
fn mqtt_3_14_2_1_disconnect_reason_codes() {
    let allowed = [
        0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x93,
        0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2,
    ];
    only("MQTT-3.14.2-1", 0xE0, &[], &allowed);
}

#[test]
fn mqtt_3_15_2_1_auth_reason_codes() {
    for code in 0..=255 {
        let bytes = packet(0xF0, &[&[code], b"\x04\x15\x00\x01m"]);
        match code {
            0x00 | 0x18 | 0x19 => allows(V5, &bytes),
            _ => breaks("MQTT-3.15.2-1", V5, &bytes),
        }
    }
}

#[test]
fn mqtt_4_12_0_5_auth_names_its_method() {
    breaks("MQTT-4.12.0-5", V5, b"\xf0\x02\x18\x00");
    // A bare Success leaves it out, a code alone may not.
    allows(V5, b"\xf0\x00");
    breaks("MQTT-2.2.2-1", V5, b"\xf0\x01\x18");
}

#[test]
fn mqtt_2_3_1_6_acknowledged_identifier_in_3_1_1_and_2_2_1_5_in_5_0() {
    for first in FIRST_BYTES {
        breaks("MQTT-2.3.1-6", V3_1_1, &packet(first, &[&[0, 0]]));
        breaks("MQTT-2.2.1-5", V5, &packet(first, &[&[0, 0]]));
        breaks("MQTT31-2.4", V3_1, &packet(first, &[&[0, 0]]));
    }
}

#[test]
fn short_forms_are_read_and_written() {
    for first in FIRST_BYTES {
        for version in Version::ALL {
            allows(version, &packet(first, &[&[0, 1]]));
        }
        breaks("MQTT311-2.2.3", V3_1_1, &packet(first, &[&[0, 1, 0]]));
    }
    let puback = |ack: Ack<'_>, version| {
        let mut bytes = Vec::new();
        Packet::Puback(ack).encode(version, &mut bytes);
        bytes
    };
    let success = Ack::success(PacketId::MIN);
    let refused = Ack {
        reason: ReasonCode::NOT_AUTHORIZED,
        ..success
    };
    let mut why = PropertyBuf::default();
    why.push(PropertyId::ReasonString, Value::String("no"));
    let explained = Ack {
        properties: why.as_properties(),
        ..success
    };
    assert_eq!(puback(success, V5), b"\x40\x02\x00\x01");
    assert_eq!(puback(refused, V5), b"\x40\x03\x00\x01\x87");
    assert_eq!(
        puback(explained, V5),
        b"\x40\x09\x00\x01\x00\x05\x1f\x00\x02no"
    );
    // 3.1.1 has no words for it.
    assert_eq!(
        puback(
            Ack {
                reason: ReasonCode::NOT_AUTHORIZED,
                ..explained
            },
            V3_1_1
        ),
        b"\x40\x02\x00\x01"
    );
}

#[test]
fn disconnect_short_forms() {
    for version in Version::ALL {
        allows(version, b"\xe0\x00");
    }
    allows(V5, b"\xe0\x01\x04");
    allows(V5, b"\xe0\x02\x04\x00");
    let mut bytes = Vec::new();
    let disconnect = Disconnect {
        reason: ReasonCode::SERVER_SHUTTING_DOWN,
        properties: Properties::EMPTY,
    };
    disconnect.encode(V5, &mut bytes);
    disconnect.encode(V3_1_1, &mut bytes);
    assert_eq!(bytes, b"\xe0\x01\x8b\xe0\x00");
}
