//! SUBSCRIBE, SUBACK, UNSUBSCRIBE and UNSUBACK.

use super::*;
use crate::codec::{Filters, RetainHandling, SubscriptionOptions};

fn subscribe(version: Version, filter: &[u8], options: u8) -> Vec<u8> {
    packet(0x82, &[&[0, 1], none(version), &string(filter), &[options]])
}

#[test]
fn mqtt_3_8_3_3_a_topic_filter_at_least_in_3_1_1_and_3_8_3_2_in_5_0() {
    breaks("MQTT-3.8.3-3", V3_1_1, &packet(0x82, &[&[0, 1]]));
    breaks("MQTT-3.8.3-2", V5, &packet(0x82, &[&[0, 1], &[0]]));
    breaks("MQTT31-3.8", V3_1, &packet(0x82, &[&[0, 1]]));
}

#[test]
fn mqtt_3_8_3_4_reserved_bits_and_qos_3_in_3_1_1() {
    for options in 0..=255 {
        match options {
            0..=2 => allows(V3_1_1, &subscribe(V3_1_1, b"a", options)),
            // Two faults in one byte are two findings with one number.
            _ => {
                let bytes = subscribe(V3_1_1, b"a", options);
                let violation = decode(&bytes, V3_1_1);
                assert_eq!(violation.expect_err("options").id(), "MQTT-3.8.3-4");
            }
        }
    }
    breaks("MQTT31-3.8", V3_1, &subscribe(V3_1, b"a", 3));
    breaks("MQTT31-2.6", V3_1, &subscribe(V3_1, b"a", 0x80));
}

#[test]
fn mqtt_3_8_3_5_reserved_bits_in_5_0() {
    for reserved in [0x40, 0x80, 0xC0] {
        breaks("MQTT-3.8.3-5", V5, &subscribe(V5, b"a", reserved));
    }
}

#[test]
fn mqtt_3_8_3_4_no_local_on_a_shared_subscription_in_5_0() {
    breaks("MQTT-3.8.3-4", V5, &subscribe(V5, b"$share/g/a", 0b100));
    allows(V5, &subscribe(V5, b"$share/g/a", 0));
    allows(V5, &subscribe(V5, b"a", 0b100));
}

#[test]
fn option_ranges_in_5_0() {
    breaks("MQTT5-3.8.3.1", V5, &subscribe(V5, b"a", 0b11));
    breaks("MQTT5-3.8.3.1", V5, &subscribe(V5, b"a", 0b11_0000));
    for options in (0..0x30).filter(|options| options & 3 != 3) {
        allows(V5, &subscribe(V5, b"a", options));
    }
}

#[test]
fn options_are_read_and_written() {
    let bytes = packet(
        0x82,
        &[&[0, 1, 0], &string(b"a"), &[0b10_1110], &string(b"b"), &[1]],
    );
    let Ok(Packet::Subscribe(subscribe)) = decode(&bytes, V5) else {
        panic!("a SUBSCRIBE");
    };
    let first = SubscriptionOptions {
        qos: crate::codec::QoS::ExactlyOnce,
        no_local: true,
        retain_as_published: true,
        retain_handling: RetainHandling::DoNotSend,
    };
    let second = SubscriptionOptions {
        qos: crate::codec::QoS::AtLeastOnce,
        ..SubscriptionOptions::default()
    };
    assert_eq!(
        subscribe.filters,
        Filters::List(&[("a", first), ("b", second)])
    );
    assert_eq!(subscribe.filters.count(), 2);
    assert_eq!((first.to_byte(V5), first.to_byte(V3_1_1)), (0b10_1110, 2));
}

#[test]
fn mqtt_3_8_3_3_a_filter_needs_options_in_3_1_1_and_3_8_3_2_in_5_0() {
    breaks(
        "MQTT-3.8.3-2",
        V5,
        &packet(0x82, &[&[0, 1, 0], &string(b"a")]),
    );
    breaks(
        "MQTT-3.8.3-3",
        V3_1_1,
        &packet(0x82, &[&[0, 1], &string(b"a")]),
    );
    breaks(
        "MQTT311-2.2.3",
        V3_1_1,
        &packet(0x82, &[&[0, 1], b"\x00\x02a"]),
    );
    breaks(
        "MQTT311-2.2.3",
        V3_1_1,
        &packet(0xA2, &[&[0, 1], b"\x00\x02a"]),
    );
}

#[test]
fn mqtt_2_3_1_7_acknowledged_identifier_in_3_1_1_and_2_2_1_6_in_5_0() {
    breaks("MQTT-2.3.1-7", V3_1_1, b"\x90\x03\x00\x00\x00");
    breaks("MQTT-2.2.1-6", V5, b"\x90\x04\x00\x00\x00\x00");
    breaks("MQTT-2.3.1-7", V3_1_1, b"\xb0\x02\x00\x00");
    breaks("MQTT-2.2.1-6", V5, b"\xb0\x04\x00\x00\x00\x00");
}

#[test]
fn mqtt_3_8_4_5_a_code_for_each_filter_in_3_1_1_and_3_8_4_6_in_5_0() {
    breaks("MQTT-3.8.4-5", V3_1_1, b"\x90\x02\x00\x01");
    breaks("MQTT-3.8.4-6", V5, b"\x90\x03\x00\x01\x00");
    breaks("MQTT31-3.9", V3_1, b"\x90\x02\x00\x01");
}

#[test]
fn mqtt_3_9_3_2_suback_codes() {
    let v5 = [
        0, 1, 2, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2,
    ];
    for code in 0..=255 {
        for version in Version::ALL {
            let bytes = packet(0x90, &[&[0, 1], none(version), &[0, code]]);
            let allowed = match version {
                V5 => v5.contains(&code),
                _ => matches!(code, 0..=2 | 0x80),
            };
            match (allowed, version) {
                (true, _) => allows(version, &bytes),
                (false, V3_1) => breaks("MQTT31-3.9", version, &bytes),
                (false, _) => breaks("MQTT-3.9.3-2", version, &bytes),
            }
        }
    }
}

#[test]
fn mqtt_3_10_3_2_unsubscribe_names_a_filter_at_least() {
    breaks("MQTT-3.10.3-2", V3_1_1, &packet(0xA2, &[&[0, 1]]));
    breaks("MQTT-3.10.3-2", V5, &packet(0xA2, &[&[0, 1], &[0]]));
    breaks("MQTT31-3.10", V3_1, &packet(0xA2, &[&[0, 1]]));
}

#[test]
fn mqtt_3_11_3_2_unsuback_codes() {
    for code in 0..=255 {
        let bytes = packet(0xB0, &[&[0, 1, 0, code]]);
        match code {
            0x00 | 0x11 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91 => allows(V5, &bytes),
            _ => breaks("MQTT-3.11.3-2", V5, &bytes),
        }
    }
    breaks("MQTT-3.11.3-2", V5, b"\xb0\x03\x00\x01\x00");
    allows(V3_1_1, b"\xb0\x02\x00\x01");
}
