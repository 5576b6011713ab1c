//! Topics that cannot be, in PUBLISH, SUBSCRIBE and UNSUBSCRIBE.

use super::broker;
use super::client::Client;
use super::packets::{Connect, Publish, V3_1_1, V5, subscribe, unsubscribe};

/// Sends the bytes in each version, as a new client: all of them end the connection.
fn refused(bytes: impl Fn(u8) -> Vec<u8>, reasons: &[u8]) {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    client.send(&bytes(V3_1_1));
    client.expect_closed();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&bytes(V5));
    let disconnect = client.packet();
    assert_eq!(disconnect[0], 0xE0, "{disconnect:02x?}");
    let reason = disconnect[2 + usize::from(disconnect[1] >= 0x80)];
    assert!(reasons.contains(&reason), "{disconnect:02x?}");
    client.expect_closed();
}

#[test]
fn mqtt_3_3_2_2_topic_names_have_no_wildcards() {
    for topic in ["a/+", "#", "a/#/b", "a+b"] {
        refused(
            |version| Publish::new(version, topic, "x").bytes(),
            &[0x81, 0x90],
        );
    }
    refused(
        |version| Publish::new(version, "", "x").bytes(),
        &[0x81, 0x82, 0x90],
    );
}

#[test]
fn mqtt_3_8_3_2_and_3_10_3_2_a_request_names_a_topic_filter() {
    refused(|version| subscribe(version, 1, &[]), &[0x81, 0x82]);
    refused(|version| unsubscribe(version, 1, &[]), &[0x81, 0x82]);
}

#[test]
fn mqtt_2_2_1_3_a_request_has_a_packet_identifier() {
    refused(|version| subscribe(version, 0, &[("a", 0)]), &[0x81, 0x82]);
    refused(|version| unsubscribe(version, 0, &["a"]), &[0x81, 0x82]);
    refused(
        |version| Publish::new(version, "a", "x").qos(1, 0).bytes(),
        &[0x81, 0x82],
    );
}

#[test]
fn mqtt_4_7_1_1_and_2_misplaced_wildcards_are_refused() {
    for filter in ["a#", "a/#/b", "#/", "a+", "+a/b", "", "a\0"] {
        refused(
            |version| subscribe(version, 1, &[(filter, 0)]),
            &[0x81, 0x8F],
        );
        refused(|version| unsubscribe(version, 1, &[filter]), &[0x81, 0x8F]);
    }
}
