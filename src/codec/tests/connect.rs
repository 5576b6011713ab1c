//! CONNECT.

use super::*;
use crate::codec::{Connect, Got, ReasonCode, rules};

fn read(bytes: &[u8]) -> Connect<'_> {
    match decode(bytes, V5) {
        Ok(Packet::Connect(connect)) => connect,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_field_of_a_connect() {
    let will: [&[u8]; 3] = [b"\x05\x18\x00\x00\x00\x09", &string(b"w"), &string(b"\xff")];
    let payload = [
        &string(b"id"),
        &will.concat()[..],
        &string(b"me"),
        &string(b"pw"),
    ];
    let bytes = connect(V5, 0b1111_0110, &payload);
    let connect = read(&bytes);
    assert_eq!(
        (connect.version, connect.clean_start, connect.keep_alive),
        (V5, true, 60)
    );
    assert_eq!((connect.client_id, connect.username), ("id", Some("me")));
    assert_eq!(connect.password, Some(&b"pw"[..]));
    let will = connect.will.expect("a will");
    assert_eq!(
        (will.topic, will.payload, will.retain),
        ("w", &b"\xff"[..], true)
    );
    assert_eq!(will.properties.will_delay_interval(), Some(9));
    assert!(
        !format!("{connect:?}").contains("112"),
        "no byte of the password"
    );
}

#[test]
fn mqtt_3_1_2_1_protocol_name() {
    for name in [&b"MQTX"[..], b"mqtt", b"", b"MQIsdpx", b"HTTP"] {
        let bytes = packet(0x10, &[&string(name), &[4, 2, 0, 60], &string(b"id")]);
        let violation = decode(&bytes, V3_1_1).expect_err("name");
        assert!(violation.is(&rules::PROTOCOL_NAME));
        assert_eq!(violation.id(), "MQTT-3.1.2-1");
        assert_eq!(violation.reason(), ReasonCode::UNSUPPORTED_PROTOCOL_VERSION);
        let bytes = packet(0x10, &[&string(name), &[5, 2, 0, 60, 0], &string(b"id")]);
        breaks("MQTT-3.1.2-1", V5, &bytes);
    }
}

#[test]
fn mqtt_3_1_2_2_protocol_level() {
    for level in [0, 1, 2, 6, 0x84, 0xFF] {
        let bytes = packet(
            0x10,
            &[&string(b"MQTT"), &[level, 2, 0, 60], &string(b"id")],
        );
        for version in BOTH {
            breaks("MQTT-3.1.2-2", version, &bytes);
            // A Server can answer with the code of its version, knowing the level.
            let violation = decode(&bytes, version).expect_err("level");
            assert!(violation.is(&rules::PROTOCOL_LEVEL));
            assert_eq!(violation.got, Some(Got::Number(level.into())));
            assert_eq!(violation.offset, 8);
        }
    }
    // The level of another name.
    breaks(
        "MQTT-3.1.2-2",
        V5,
        &packet(0x10, &[&string(b"MQTT"), &[3, 2, 0, 60], &string(b"id")]),
    );
    let bytes = packet(0x10, &[&string(b"MQIsdp"), &[4, 2, 0, 60], &string(b"id")]);
    breaks("MQTT-3.1.2-1", V5, &bytes);
}

#[test]
fn mqtt_3_1_2_3_reserved_flag() {
    for version in BOTH {
        breaks(
            "MQTT-3.1.2-3",
            version,
            &connect(version, 3, &[&string(b"id")]),
        );
    }
    breaks("MQTT31-3.1", V5, &connect(V3_1, 3, &[&string(b"id")]));
}

#[test]
fn mqtt_3_1_2_9_will_fields_are_present() {
    for version in BOTH {
        breaks(
            "MQTT-3.1.2-9",
            version,
            &connect(version, 6, &[&string(b"id")]),
        );
        let half: [&[u8]; 3] = [&string(b"id"), none(version), &string(b"w")];
        breaks("MQTT-3.1.2-9", version, &connect(version, 6, &half));
    }
    breaks("MQTT31-3.1", V5, &connect(V3_1, 6, &[&string(b"id")]));
}

#[test]
fn mqtt_3_1_2_13_will_qos_without_will_in_3_1_1_and_3_1_2_11_in_5_0() {
    for qos in [0x08, 0x10, 0x18] {
        breaks(
            "MQTT-3.1.2-13",
            V5,
            &connect(V3_1_1, 2 | qos, &[&string(b"id")]),
        );
        breaks(
            "MQTT-3.1.2-11",
            V5,
            &connect(V5, 2 | qos, &[&string(b"id")]),
        );
        allows(V5, &connect(V3_1, 2 | qos, &[&string(b"id")]));
    }
}

#[test]
fn mqtt_3_1_2_15_will_retain_without_will_in_3_1_1_and_3_1_2_13_in_5_0() {
    breaks(
        "MQTT-3.1.2-15",
        V5,
        &connect(V3_1_1, 0x22, &[&string(b"id")]),
    );
    breaks("MQTT-3.1.2-13", V5, &connect(V5, 0x22, &[&string(b"id")]));
}

#[test]
fn mqtt_3_1_2_14_will_qos_3_in_3_1_1_and_3_1_2_12_in_5_0() {
    let make = |version| {
        let will: [&[u8]; 4] = [&string(b"id"), none(version), &string(b"w"), &string(b"p")];
        connect(version, 0x1E, &will)
    };
    breaks("MQTT-3.1.2-14", V5, &make(V3_1_1));
    breaks("MQTT-3.1.2-12", V5, &make(V5));
    breaks("MQTT31-3.1", V5, &make(V3_1));
}

#[test]
fn mqtt_3_1_2_22_password_without_user_name_in_3_1_1() {
    let make = |version| connect(version, 0x42, &[&string(b"id"), &string(b"pw")]);
    breaks("MQTT-3.1.2-22", V5, &make(V3_1_1));
    breaks("MQTT31-3.1", V5, &make(V3_1));
    allows(V5, &make(V5));
}

#[test]
fn mqtt_3_1_2_19_user_name_present_in_3_1_1_and_3_1_2_17_in_5_0() {
    breaks(
        "MQTT-3.1.2-19",
        V5,
        &connect(V3_1_1, 0x82, &[&string(b"id")]),
    );
    breaks("MQTT-3.1.2-17", V5, &connect(V5, 0x82, &[&string(b"id")]));
    // In 3.1 the Remaining Length overrules the flag.
    allows(V5, &connect(V3_1, 0x82, &[&string(b"id")]));
    allows(V5, &connect(V3_1, 0xC2, &[&string(b"id"), &string(b"me")]));
}

#[test]
fn mqtt_3_1_2_18_user_name_absent_in_3_1_1_and_3_1_2_16_in_5_0() {
    let payload = [&string(b"id")[..], &string(b"me")];
    breaks("MQTT-3.1.2-18", V5, &connect(V3_1_1, 2, &payload));
    breaks("MQTT-3.1.2-16", V5, &connect(V5, 2, &payload));
}

#[test]
fn mqtt_3_1_2_21_password_present_in_3_1_1_and_3_1_2_19_in_5_0() {
    let payload = [&string(b"id")[..], &string(b"me")];
    breaks("MQTT-3.1.2-21", V5, &connect(V3_1_1, 0xC2, &payload));
    breaks("MQTT-3.1.2-19", V5, &connect(V5, 0xC2, &payload));
}

#[test]
fn mqtt_3_1_2_20_password_absent_in_3_1_1_and_3_1_2_18_in_5_0() {
    let payload = [&string(b"id")[..], &string(b"me"), &string(b"pw")];
    breaks("MQTT-3.1.2-20", V5, &connect(V3_1_1, 0x82, &payload));
    breaks("MQTT-3.1.2-18", V5, &connect(V5, 0x82, &payload));
}

#[test]
fn mqtt_3_1_3_1_payload_order() {
    for version in Version::ALL {
        let fields = [b"id", b"wt", b"wp", b"me", b"pw"].map(|field| string(field));
        let [id, topic, message, name, password] = &fields;
        let payload: [&[u8]; 6] = [id, none(version), topic, message, name, password];
        let bytes = connect(version, 0xC6, &payload);
        let connect = read(&bytes);
        let will = connect.will.expect("a will");
        assert_eq!(
            (connect.client_id, will.topic, will.payload),
            ("id", "wt", &b"wp"[..])
        );
        assert_eq!(
            (connect.username, connect.password),
            (Some("me"), Some(&b"pw"[..]))
        );
        // Written in the same order.
        let mut again = Vec::new();
        connect.encode(version, &mut again);
        assert_eq!(again, bytes);
    }
}

#[test]
fn mqtt_3_1_3_3_client_identifier_is_present() {
    for version in BOTH {
        breaks("MQTT-3.1.3-3", version, &connect(version, 2, &[]));
        breaks(
            "MQTT-3.1.3-3",
            version,
            &connect(version, 2, &[b"\x00\x05id"]),
        );
    }
}

#[test]
fn mqtt_3_1_3_7_empty_client_identifier_needs_clean_session_in_3_1_1() {
    // Left to the Server, which answers 0x02: the decoder lets it pass, the trace does not.
    let bytes = connect(V3_1_1, 0, &[&string(b"")]);
    let violation = read(&bytes).check_client_id().expect_err("empty");
    assert!(violation.is(&rules::CLIENT_ID_EMPTY));
    assert_eq!(violation.id(), "MQTT-3.1.3-7");
    assert_eq!(violation.reason(), ReasonCode::CLIENT_IDENTIFIER_NOT_VALID);
    assert_eq!(
        Trace::of(&bytes, V5).violations.first().map(Violation::id),
        Some("MQTT-3.1.3-7")
    );

    let clean = connect(V3_1_1, 2, &[&string(b"")]);
    assert_eq!(read(&clean).check_client_id(), Ok(()));
    allows(V5, &clean);
    allows(V5, &connect(V5, 0, &[&string(b"")]));
    let bytes = connect(V3_1, 2, &[&string(b"")]);
    assert_eq!(
        read(&bytes).check_client_id().map_err(|v| v.id()),
        Err("MQTT31-3.1")
    );
}

#[test]
fn mqtt_3_1_client_identifiers_have_23_characters_at_most() {
    let id = "x".repeat(24);
    let bytes = connect(V3_1, 2, &[&string(id.as_bytes())]);
    let violation = read(&bytes).check_client_id().expect_err("24");
    assert!(violation.is(&rules::CLIENT_ID_TOO_LONG));
    assert_eq!(
        violation.to_string(),
        "broke MQTT31-3.1 at byte 0: a Client Identifier must have 1 to 23 characters in MQTT 3.1, got 24"
    );
    let bytes = connect(V3_1, 2, &[&string(&id.as_bytes()[1..])]);
    assert_eq!(read(&bytes).check_client_id(), Ok(()));
    // Characters, not bytes.
    let bytes = connect(V3_1, 2, &[&string("é".repeat(23).as_bytes())]);
    assert_eq!(read(&bytes).check_client_id(), Ok(()));
    allows(V5, &connect(V3_1_1, 2, &[&string(id.as_bytes())]));
}

#[test]
fn what_is_left_of_a_connect_may_be_several_fields() {
    let ids = |bytes: &[u8]| -> Vec<_> {
        let found = Trace::of(bytes, V5).violations;
        found.iter().map(Violation::id).collect()
    };
    let two = [&string(b"id")[..], &string(b"wt"), &string(b"wp")];
    let found = ids(&connect(V3_1_1, 2, &two));
    assert_eq!(found, ["MQTT-3.1.2-18", "MQTT-3.1.2-20", "MQTT-3.1.2-11"]);
    assert_eq!(
        ids(&connect(V5, 2, &two)),
        ["MQTT-3.1.2-16", "MQTT-3.1.2-18"]
    );
    let all = [&string(b"id")[..], &string(b"me"), &string(b"pw"), b"x"];
    assert_eq!(ids(&connect(V3_1_1, 0xC2, &all)), ["MQTT-3.1.4-1"]);
}

#[test]
fn mqtt_3_1_4_1_a_connect_that_does_not_conform_is_refused() {
    // Each byte of a CONNECT missing in turn.
    for version in Version::ALL {
        let whole = connect(version, 2, &[&string(b"id")]);
        for len in 0..whole.len() - 2 {
            let cut = packet(0x10, &[&whole[2..2 + len]]);
            let violation = decode(&cut, version).expect_err("cut");
            if version != V3_1
                && (version.protocol_name().len() + 3..whole.len() - 7).contains(&len)
            {
                assert_eq!(violation.id(), "MQTT-3.1.4-1", "{len}");
            }
        }
    }
}
