//! Topic Names and Topic Filters in packets.

use super::*;

fn publish(version: Version, topic: &[u8]) -> Vec<u8> {
    packet(0x30, &[&string(topic), none(version), b"payload"])
}

fn will(version: Version, topic: &[u8]) -> Vec<u8> {
    connect(
        version,
        6,
        &[&string(b"id"), none(version), &string(topic), &string(b"p")],
    )
}

/// A SUBSCRIBE and an UNSUBSCRIBE with the filter.
fn filters(version: Version, filter: &[u8]) -> [Vec<u8>; 2] {
    [
        packet(0x82, &[&[0, 1], none(version), &string(filter), &[0]]),
        packet(0xA2, &[&[0, 1], none(version), &string(filter)]),
    ]
}

#[track_caller]
fn bad_filters(ids: [&str; 3], bad: &[&str]) {
    for (version, id) in Version::ALL.into_iter().zip(ids) {
        for filter in bad {
            for bytes in filters(version, filter.as_bytes()) {
                breaks(id, version, &bytes);
            }
        }
    }
}

#[test]
fn mqtt_3_3_2_2_no_wildcards_in_a_topic_name() {
    for topic in [&b"+"[..], b"#", b"a/+/b", b"a/b#", b"longer than a word/#"] {
        breaks("MQTT-3.3.2-2", V3_1_1, &publish(V3_1_1, topic));
        breaks("MQTT-3.3.2-2", V5, &publish(V5, topic));
        breaks("MQTT31-3.3", V3_1, &publish(V3_1, topic));
    }
}

#[test]
fn mqtt_4_7_1_1_no_wildcards_in_a_will_topic_in_3_1_1_and_4_7_0_1_in_5_0() {
    for topic in [&b"+"[..], b"a/#"] {
        breaks("MQTT-4.7.1-1", V3_1_1, &will(V3_1_1, topic));
        breaks("MQTT-4.7.0-1", V5, &will(V5, topic));
        breaks("MQTT31-A", V3_1, &will(V3_1, topic));
    }
}

#[test]
fn mqtt_3_3_2_14_no_wildcards_in_a_response_topic() {
    breaks("MQTT-3.3.2-14", V5, b"\x30\x0a\x00\x01a\x06\x08\x00\x03b/#");
    breaks("MQTT-3.3.2-14", V5, b"\x30\x0a\x00\x01a\x06\x08\x00\x03b/+");
    // In the Will Properties too.
    let properties = b"\x04\x08\x00\x01+";
    let payload: [&[u8]; 4] = [&string(b"id"), properties, &string(b"w"), &string(b"p")];
    breaks("MQTT-3.3.2-14", V5, &connect(V5, 6, &payload));
}

#[test]
fn mqtt_4_7_1_2_multi_level_wildcard_in_3_1_1_and_4_7_1_1_in_5_0() {
    let bad = ["a#", "#a", "#/a", "a/#/b", "##", "a/b#"];
    bad_filters(["MQTT31-A", "MQTT-4.7.1-2", "MQTT-4.7.1-1"], &bad);
}

#[test]
fn mqtt_4_7_1_3_single_level_wildcard_in_3_1_1_and_4_7_1_2_in_5_0() {
    let bad = ["a+", "+a", "a/+b/c", "a/b+/c", "++", "/+a"];
    bad_filters(["MQTT31-A", "MQTT-4.7.1-3", "MQTT-4.7.1-2"], &bad);
}

#[test]
fn mqtt_4_7_3_1_at_least_one_character() {
    bad_filters(["MQTT31-A", "MQTT-4.7.3-1", "MQTT-4.7.3-1"], &[""]);
    for (version, id) in Version::ALL
        .into_iter()
        .zip(["MQTT31-A", "MQTT-4.7.3-1", "MQTT-4.7.3-1"])
    {
        breaks(id, version, &publish(version, b""));
        breaks(id, version, &will(version, b""));
    }
    // In 5.0 a Topic Alias stands for an empty Topic Name.
    allows(V5, b"\x30\x07\x00\x00\x03\x23\x00\x01x");
    breaks("MQTT-4.7.3-1", V5, b"\x30\x09\x00\x01a\x03\x08\x00\x00xy");
}

#[test]
fn mqtt_4_7_3_2_no_null_character() {
    for version in BOTH {
        for bytes in filters(version, b"a\0")
            .into_iter()
            .chain([publish(version, b"a\0")])
        {
            let trace = Trace::of(&bytes, version);
            let mut ids = trace.violations.iter().map(Violation::id);
            assert!(ids.any(|id| id == "MQTT-4.7.3-2"));
            assert!(decode(&bytes, version).is_err());
        }
    }
}

#[test]
fn mqtt_4_7_3_3_up_to_65535_bytes() {
    let longest = [b'a'; 65_535];
    for version in Version::ALL {
        allows(version, &publish(version, &longest));
        for bytes in filters(version, &longest) {
            allows(version, &bytes);
        }
    }
}

#[test]
fn mqtt_4_8_2_1_a_shared_subscription_has_a_name() {
    for filter in [&b"$share/"[..], b"$share//a"] {
        for bytes in filters(V5, filter) {
            breaks("MQTT-4.8.2-1", V5, &bytes);
        }
        for bytes in filters(V3_1_1, filter) {
            allows(V3_1_1, &bytes);
        }
    }
}

#[test]
fn mqtt_4_8_2_2_a_share_name_without_wildcards_before_a_filter() {
    for filter in [
        &b"$share/g"[..],
        b"$share/g/",
        b"$share/g+/a",
        b"$share/#/a",
        b"$share/+/a",
    ] {
        for bytes in filters(V5, filter) {
            breaks("MQTT-4.8.2-2", V5, &bytes);
        }
    }
    for bytes in filters(V5, b"$share/g/a/#")
        .into_iter()
        .chain(filters(V5, b"$share/g//"))
    {
        allows(V5, &bytes);
    }
    for bytes in filters(V5, b"$share/g/a#") {
        breaks("MQTT-4.7.1-1", V5, &bytes);
    }
}

#[test]
fn good_filters() {
    let good = [
        "#", "+", "/", "//", "/+", "+/", "a/+/b/#", "$SYS/#", "+/#", " ", "$share",
    ];
    for version in Version::ALL {
        for filter in good {
            for bytes in filters(version, filter.as_bytes()) {
                allows(version, &bytes);
            }
        }
    }
}
