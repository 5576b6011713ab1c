//! Fixed Header, Remaining Length, and the packet's own bounds.

use super::*;
use crate::codec::{Kind, PacketType, ReasonCode, rules};

/// The smallest valid body of each type.
fn body(packet_type: PacketType, version: Version) -> Vec<u8> {
    let id = [0, 1];
    match packet_type {
        PacketType::Connect => connect(version, 2, &[&string(b"id")])[2..].to_vec(),
        PacketType::Connack => [&[0, 0], none(version)].concat(),
        PacketType::Publish => [&string(b"a")[..], none(version)].concat(),
        PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
            id.to_vec()
        }
        PacketType::Subscribe => [&id, none(version), &string(b"a"), &[0]].concat(),
        PacketType::Suback => [&id, none(version), &[0]].concat(),
        PacketType::Unsubscribe => [&id, none(version), &string(b"a")].concat(),
        PacketType::Unsuback if version == V5 => [&id, none(version), &[0]].concat(),
        PacketType::Unsuback => id.to_vec(),
        PacketType::Pingreq | PacketType::Pingresp => Vec::new(),
        PacketType::Disconnect | PacketType::Auth => Vec::new(),
    }
}

/// Each type with every wrong value of its flags breaks this statement.
#[track_caller]
fn flags_are_fixed(id: &str, packet_type: PacketType, version: Version) {
    let first = packet_type.first_byte();
    let body = body(packet_type, version);
    allows(version, &packet(first, &[&body]));
    for flags in (0..16).filter(|flags| *flags != first & 0x0F) {
        if version == V3_1 && flags == 0b1010 && first & 0x0F == 0b0010 {
            continue;
        }
        breaks(id, version, &packet(first & 0xF0 | flags, &[&body]));
    }
}

#[test]
fn mqtt_2_2_2_1_reserved_flags_in_3_1_1() {
    use PacketType::*;
    for packet_type in [
        Connect, Connack, Puback, Pubrec, Pubcomp, Suback, Unsuback, Pingreq, Pingresp,
    ] {
        flags_are_fixed("MQTT-2.2.2-1", packet_type, V3_1_1);
        flags_are_fixed("MQTT31-2.6", packet_type, V3_1);
    }
}

#[test]
fn mqtt_2_2_2_2_invalid_flags_close_the_connection_in_3_1_1() {
    // Known from the first byte alone: nothing more is waited for.
    let violation = Frame::parse(&[0x41], usize::MAX)
        .expect_err("flags")
        .in_version(V3_1_1);
    assert_eq!(
        (violation.id(), violation.kind()),
        ("MQTT-2.2.2-1", Kind::MalformedPacket)
    );
}

#[test]
fn mqtt_2_1_3_1_reserved_flags_in_5_0() {
    use PacketType::*;
    for packet_type in [
        Connect, Connack, Puback, Pubrec, Pubcomp, Suback, Unsuback, Pingreq, Pingresp,
    ] {
        flags_are_fixed("MQTT-2.1.3-1", packet_type, V5);
    }
}

#[test]
fn mqtt_3_6_1_1_pubrel_flags() {
    flags_are_fixed("MQTT-3.6.1-1", PacketType::Pubrel, V3_1_1);
    flags_are_fixed("MQTT-3.6.1-1", PacketType::Pubrel, V5);
    flags_are_fixed("MQTT31-3.6", PacketType::Pubrel, V3_1);
}

#[test]
fn mqtt_3_8_1_1_subscribe_flags() {
    flags_are_fixed("MQTT-3.8.1-1", PacketType::Subscribe, V3_1_1);
    flags_are_fixed("MQTT-3.8.1-1", PacketType::Subscribe, V5);
    flags_are_fixed("MQTT31-3.8", PacketType::Subscribe, V3_1);
}

#[test]
fn mqtt_3_10_1_1_unsubscribe_flags() {
    flags_are_fixed("MQTT-3.10.1-1", PacketType::Unsubscribe, V3_1_1);
    flags_are_fixed("MQTT-3.10.1-1", PacketType::Unsubscribe, V5);
    flags_are_fixed("MQTT31-3.10", PacketType::Unsubscribe, V3_1);
}

#[test]
fn mqtt_3_14_1_1_disconnect_flags() {
    flags_are_fixed("MQTT-3.14.1-1", PacketType::Disconnect, V3_1_1);
    flags_are_fixed("MQTT-3.14.1-1", PacketType::Disconnect, V5);
    flags_are_fixed("MQTT31-3.14", PacketType::Disconnect, V3_1);
}

#[test]
fn mqtt_3_15_1_1_auth_flags() {
    flags_are_fixed("MQTT-3.15.1-1", PacketType::Auth, V5);
}

#[test]
fn mqtt_3_1_may_set_dup_when_sending_again() {
    for packet_type in [
        PacketType::Pubrel,
        PacketType::Subscribe,
        PacketType::Unsubscribe,
    ] {
        let again = packet(
            packet_type.first_byte() | 0b1000,
            &[&body(packet_type, V3_1)],
        );
        allows(V3_1, &again);
        assert!(decode(&again, V3_1_1).is_err());
    }
}

#[test]
fn reserved_packet_types() {
    for version in Version::ALL {
        let violation = Frame::parse(&[0x00], usize::MAX).expect_err("type 0");
        assert!(violation.is(&rules::RESERVED_PACKET_TYPE), "{version}");
    }
    breaks("MQTT311-2.2.1", V3_1_1, &[0xF0, 0x00]);
    breaks("MQTT31-2.1", V3_1, &[0xF0, 0x00]);
    allows(V5, &[0xF0, 0x00]);
}

#[test]
fn a_remaining_length_over_four_bytes() {
    for input in [
        &[0xC0, 0xFF, 0xFF, 0xFF, 0xFF][..],
        &[0x30, 0x80, 0x80, 0x80, 0x80, 0x01],
    ] {
        let violation = Frame::parse(input, usize::MAX).expect_err("five bytes");
        assert!(violation.is(&rules::LENGTH_OVER_FOUR_BYTES));
        assert_eq!(violation.id(), "MQTT5-1.5.5");
        assert_eq!(violation.in_version(V3_1_1).id(), "MQTT311-2.2.3");
        let trace = Trace::of(input, V5);
        assert_eq!(
            trace.violations.first().map(Violation::id),
            Some("MQTT5-1.5.5")
        );
    }
    // The largest that four bytes can say is only incomplete.
    let largest = Frame::parse(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F], usize::MAX);
    assert_eq!(largest, Ok(None));
}

#[test]
fn mqtt_1_5_5_1_lengths_are_minimal() {
    for bytes in [&[0xC0, 0x80, 0x00][..], &[0xC0, 0x80, 0x80, 0x80, 0x00]] {
        breaks("MQTT-1.5.5-1", V5, bytes);
        allows(V3_1_1, bytes);
        allows(V3_1, bytes);
    }
    // A Property Length and a Subscription Identifier.
    breaks("MQTT-1.5.5-1", V5, b"\x30\x06\x00\x01a\x80\x00x");
    breaks("MQTT-1.5.5-1", V5, b"\x30\x08\x00\x01a\x03\x0b\x81\x00x");
    // A CONNECT is judged by its own version.
    let long = |version| {
        let mut bytes = connect(version, 2, &[&string(b"id")]);
        bytes.splice(1..2, [bytes[1] | 0x80, 0]);
        bytes
    };
    breaks("MQTT-1.5.5-1", V3_1_1, &long(V5));
    allows(V5, &long(V3_1_1));
}

#[test]
fn a_packet_over_the_maximum_is_refused_before_it_arrives() {
    // A PUBLISH of 200 bytes: 3 of header. Refused with the length's last byte.
    assert_eq!(Frame::parse(&[0x30, 0xC5], 199), Ok(None));
    let violation = Frame::parse(&[0x30, 0xC5, 0x01], 199).expect_err("200 bytes");
    assert_eq!(violation.reason(), ReasonCode::PACKET_TOO_LARGE);
    assert_eq!(Frame::parse(&[0x30, 0xC5, 0x01], 200), Ok(None));
}

#[test]
fn every_field_must_be_there() {
    use PacketType::*;
    for version in Version::ALL {
        for packet_type in PacketType::ALL {
            let whole = body(packet_type, version);
            // Short forms may end early: these are tested with their packets.
            let shortest = match packet_type {
                Publish if version != V5 => 3,
                _ => whole.len(),
            };
            for len in 0..shortest {
                let cut = packet(packet_type.first_byte(), &[&whole[..len]]);
                assert!(
                    decode(&cut, version).is_err(),
                    "{version} {packet_type} {len}"
                );
                assert!(!Trace::of(&cut, version).violations.is_empty());
            }
        }
    }
}

#[test]
fn nothing_may_follow_the_last_field() {
    use PacketType::*;
    for version in Version::ALL {
        for packet_type in [
            Connack, Pingreq, Pingresp, Disconnect, Puback, Pubrel, Unsuback,
        ] {
            if version == V5 && matches!(packet_type, Disconnect | Puback | Pubrel | Unsuback) {
                continue;
            }
            let long = packet(
                packet_type.first_byte(),
                &[&body(packet_type, version), b"x"],
            );
            let id = ["MQTT31-2.1", "MQTT311-2.2.3", "MQTT5-2.1.4"];
            breaks(id[version as usize - 3], version, &long);
        }
    }
    // In 5.0 behind the properties.
    breaks("MQTT5-2.1.4", V5, b"\xe0\x03\x00\x00x");
    breaks("MQTT5-2.1.4", V5, b"\x40\x05\x00\x01\x00\x00x");
    breaks("MQTT5-2.1.4", V5, b"\xf0\x08\x18\x05\x15\x00\x02ab\x00");
}
