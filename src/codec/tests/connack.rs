//! CONNACK.

use super::*;
use crate::codec::{Connack, Properties, ReasonCode};

fn connack(version: Version, flags: u8, code: u8) -> Vec<u8> {
    packet(0x20, &[&[flags, code], none(version)])
}

#[test]
fn mqtt_3_2_2_1_reserved_flags() {
    for bit in 1..8 {
        breaks("MQTT-3.2.2-1", V5, &connack(V5, 1 << bit, 0));
        breaks("MQTT311-3.2.2.1", V3_1_1, &connack(V3_1_1, 1 << bit, 0));
        allows(V3_1, &connack(V3_1, 1 << bit, 0));
    }
    allows(V5, &connack(V5, 1, 0));
}

#[test]
fn mqtt_3_2_2_4_session_present_in_a_refusal_in_3_1_1_and_3_2_2_6_in_5_0() {
    breaks("MQTT-3.2.2-4", V3_1_1, &connack(V3_1_1, 1, 5));
    breaks("MQTT-3.2.2-6", V5, &connack(V5, 1, 0x87));
}

#[test]
fn mqtt_3_2_2_6_return_codes_in_3_1_1() {
    for code in 0..=255 {
        match code {
            0..=5 => {
                allows(V3_1_1, &connack(V3_1_1, 0, code));
                allows(V3_1, &connack(V3_1, 0, code));
            }
            _ => {
                breaks("MQTT-3.2.2-6", V3_1_1, &connack(V3_1_1, 0, code));
                breaks("MQTT31-3.2", V3_1, &connack(V3_1, 0, code));
            }
        }
    }
}

#[test]
fn mqtt_3_2_2_8_reason_codes_in_5_0() {
    let allowed = [
        0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95,
        0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F,
    ];
    for code in 0..=255 {
        match allowed.contains(&code) {
            true => allows(V5, &connack(V5, 0, code)),
            false => breaks("MQTT-3.2.2-8", V5, &connack(V5, 0, code)),
        }
    }
}

#[test]
fn mqtt_3_1_has_no_session_present() {
    let connack = Connack {
        session_present: true,
        reason: ReasonCode::SUCCESS,
        properties: Properties::EMPTY,
    };
    let mut bytes = Vec::new();
    connack.encode(V3_1, &mut bytes);
    assert_eq!(bytes, [0x20, 2, 0, 0]);
    connack.encode(V3_1_1, &mut bytes);
    assert_eq!(bytes[4..], [0x20, 2, 1, 0]);
}
