//! UTF-8 Encoded Strings, wherever they stand.

use super::*;

const ILL_FORMED: [&[u8]; 6] = [
    b"\xff",
    b"\xc0\xaf",         // overlong
    b"a\xed\xa0\x80",    // U+D800
    b"\xed\xbf\xbf",     // U+DFFF
    b"\xf4\x90\x80\x80", // above U+10FFFF
    b"\xe2\x82",         // cut
];

/// A packet with the bytes in a string, and the statement on that very field in 3.1.1 and 5.0.
type Field = (fn(Version, &[u8]) -> Vec<u8>, [&'static str; 2]);

fn client_id(version: Version, text: &[u8]) -> Vec<u8> {
    connect(version, 2, &[&string(text)])
}

fn will_topic(version: Version, text: &[u8]) -> Vec<u8> {
    connect(
        version,
        6,
        &[&string(b"id"), none(version), &string(text), &string(b"p")],
    )
}

fn user_name(version: Version, text: &[u8]) -> Vec<u8> {
    connect(version, 0x82, &[&string(b"id"), &string(text)])
}

fn topic_name(version: Version, text: &[u8]) -> Vec<u8> {
    packet(0x30, &[&string(text), none(version), b"payload"])
}

fn topic_filter(version: Version, text: &[u8]) -> Vec<u8> {
    packet(0x82, &[&[0, 1], none(version), &string(text), &[0]])
}

fn unsubscribed(version: Version, text: &[u8]) -> Vec<u8> {
    packet(0xA2, &[&[0, 1], none(version), &string(text)])
}

/// A PUBLISH with one property of a string.
fn with_property(id: u8, text: &[u8]) -> Vec<u8> {
    let property = [&[id][..], &string(text)].concat();
    let len = [property.len() as u8];
    packet(0x30, &[&string(b"a"), &len, &property])
}

fn user_property(_: Version, text: &[u8]) -> Vec<u8> {
    let property = [&[0x26][..], &string(b"name"), &string(text)].concat();
    let len = [property.len() as u8];
    packet(0x30, &[&string(b"a"), &len, &property])
}

#[track_caller]
fn must_be_utf8((make, ids): Field, null_in_topic: bool) {
    for (version, id) in BOTH.into_iter().zip(ids) {
        let section = if version == V5 { "4" } else { "3" };
        if id.is_empty() {
            continue;
        }
        for text in ILL_FORMED {
            breaks_both(
                &format!("MQTT-1.5.{section}-1"),
                id,
                version,
                &make(version, text),
            );
        }
        let null = make(version, b"a\0b");
        let trace = Trace::of(&null, version);
        let found: Vec<_> = trace.violations.iter().map(Violation::id).collect();
        let general = format!("MQTT-1.5.{section}-2");
        let mut expected = vec![general.as_str(), id];
        if null_in_topic {
            expected.push("MQTT-4.7.3-2");
        }
        assert_eq!(found, expected, "{version}");
        assert_eq!(decode(&null, version).expect_err("null").id(), general);
        allows(version, &make(version, "é\u{FEFF}\u{10FFFF}".as_bytes()));
    }
}

#[test]
fn mqtt_1_5_3_1_and_1_5_4_1_strings_are_well_formed() {
    // A string with no statement of its own: the Reason String.
    for text in ILL_FORMED {
        let property = [&[0x1F][..], &string(text)].concat();
        let len = [property.len() as u8];
        breaks("MQTT-1.5.4-1", V5, &packet(0xE0, &[&[0], &len, &property]));
    }
    for text in ILL_FORMED {
        breaks_both("MQTT31-2.5", "MQTT31-3.3", V3_1, &topic_name(V3_1, text));
    }
}

#[test]
fn mqtt_1_5_3_2_and_1_5_4_2_no_null_character() {
    breaks("MQTT-1.5.4-2", V5, b"\xe0\x06\x00\x04\x1f\x00\x01\x00");
    breaks_both(
        "MQTT-1.5.3-2",
        "MQTT-3.1.3-4",
        V3_1_1,
        &client_id(V3_1_1, b"\0"),
    );
    // MQTT 3.1 forbids it in topics only.
    allows(V3_1, &client_id(V3_1, b"a\0"));
    breaks("MQTT31-A", V3_1, &topic_name(V3_1, b"a\0"));
}

#[test]
fn mqtt_1_5_3_3_and_1_5_4_3_feff_is_kept() {
    for version in BOTH {
        let bytes = topic_name(version, b"\xef\xbb\xbfa\xef\xbb\xbf");
        let Ok(Packet::Publish(publish)) = decode(&bytes, version) else {
            panic!("a PUBLISH");
        };
        assert_eq!(publish.topic, "\u{FEFF}a\u{FEFF}");
    }
}

#[test]
fn mqtt_3_1_3_4_client_identifier() {
    must_be_utf8((client_id, ["MQTT-3.1.3-4", "MQTT-3.1.3-4"]), false);
}

#[test]
fn mqtt_3_1_3_10_will_topic_in_3_1_1_and_3_1_3_11_in_5_0() {
    must_be_utf8((will_topic, ["MQTT-3.1.3-10", "MQTT-3.1.3-11"]), true);
}

#[test]
fn mqtt_3_1_3_11_user_name_in_3_1_1_and_3_1_3_12_in_5_0() {
    must_be_utf8((user_name, ["MQTT-3.1.3-11", "MQTT-3.1.3-12"]), false);
}

#[test]
fn mqtt_3_3_2_1_topic_name() {
    must_be_utf8((topic_name, ["MQTT-3.3.2-1", "MQTT-3.3.2-1"]), true);
}

#[test]
fn mqtt_3_8_3_1_topic_filters() {
    must_be_utf8((topic_filter, ["MQTT-3.8.3-1", "MQTT-3.8.3-1"]), true);
}

#[test]
fn mqtt_3_10_3_1_topic_filters() {
    must_be_utf8((unsubscribed, ["MQTT-3.10.3-1", "MQTT-3.10.3-1"]), true);
}

#[test]
fn mqtt_3_3_2_13_response_topic() {
    must_be_utf8(
        (|_, text| with_property(0x08, text), ["", "MQTT-3.3.2-13"]),
        true,
    );
}

#[test]
fn mqtt_3_3_2_19_content_type() {
    must_be_utf8(
        (|_, text| with_property(0x03, text), ["", "MQTT-3.3.2-19"]),
        false,
    );
}

#[test]
fn mqtt_1_5_7_1_string_pairs() {
    must_be_utf8((user_property, ["", "MQTT-1.5.7-1"]), false);
}

#[test]
fn control_characters_are_allowed() {
    // They MAY be refused, and are not.
    for version in BOTH {
        allows(
            version,
            &topic_name(version, b"a\x01\x7f\xc2\x80\xef\xbf\xbf"),
        );
    }
}
