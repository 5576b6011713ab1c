//! CONNECTs that break a rule, one each, in both versions.

use super::broker;
use super::client::Client;
use super::packets::packet;

/// Flags, Payload, what 5.0 answers, the statement.
const WRONG: [(u8, &[u8], u8, &str); 12] = [
    (0x02, b"", 0x81, "MQTT-3.1.3-3: no Client Identifier"),
    (0x02, b"\x00\x05c", 0x81, "MQTT-3.1.3-3: half of one"),
    (0x02, b"\x00\x02\xc3\x28", 0x81, "MQTT-3.1.3-4: not UTF-8"),
    (
        0x02,
        b"\x00\x03\xed\xa0\x80",
        0x81,
        "MQTT-1.5.4-1: a surrogate",
    ),
    (
        0x02,
        b"\x00\x02c\x00",
        0x81,
        "MQTT-1.5.4-2: the null character",
    ),
    (0x82, b"\x00\x01c", 0x81, "MQTT-3.1.2-17: no User Name"),
    (
        0x82,
        b"\x00\x01c\x00\x01\xff",
        0x81,
        "MQTT-3.1.3-12: not UTF-8",
    ),
    (
        0x02,
        b"\x00\x01c\x00\x01u",
        0x81,
        "MQTT-3.1.2-16: a User Name unannounced",
    ),
    (
        0x0A,
        b"\x00\x01c",
        0x81,
        "MQTT-3.1.2-11: Will QoS without a Will",
    ),
    (
        0x22,
        b"\x00\x01c",
        0x81,
        "MQTT-3.1.2-13: Will Retain without a Will",
    ),
    (0x06, b"\x00\x01c", 0x81, "MQTT-3.1.2-9: no Will"),
    (
        0xC2,
        b"\x00\x01c\x00\x01u",
        0x81,
        "MQTT-3.1.2-19: no Password",
    ),
];

fn connect(level: u8, flags: u8, payload: &[u8]) -> Vec<u8> {
    let properties: &[u8] = if level == 5 { &[0] } else { &[] };
    let header = [b"\x00\x04MQTT", &[level, flags, 0, 0][..]].concat();
    packet(0x10, &[&header, properties, payload].concat())
}

#[test]
fn mqtt_3_1_4_1_a_connect_that_does_not_conform_is_refused() {
    let broker = broker();
    for (flags, payload, reason, statement) in WRONG {
        println!("{statement}");
        let mut client = Client::open(&broker);
        client.send(&connect(5, flags, payload));
        client.expect(&[0x20, 3, 0, reason, 0]);
        client.expect_closed();
    }
}

#[test]
fn v3_1_1_mqtt_3_1_4_1_a_connect_that_does_not_conform_has_no_connack() {
    let broker = broker();
    for (flags, payload, _, statement) in WRONG {
        println!("{statement}");
        let mut client = Client::open(&broker);
        client.send(&connect(4, flags, payload));
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_1_2_12_will_qos_3_and_will_topics_with_wildcards_are_refused() {
    let broker = broker();
    for (flags, topic) in [(0x1E, "a"), (0x06, "a/#"), (0x06, "+"), (0x06, "")] {
        for (level, will_properties) in [(4, &b""[..]), (5, b"\x00")] {
            let length = [0, topic.len() as u8];
            let will = [will_properties, &length, topic.as_bytes(), b"\x00\x00"].concat();
            let mut client = Client::open(&broker);
            client.send(&connect(level, flags, &[b"\x00\x01c", &will[..]].concat()));
            if level == 5 {
                let connack = client.packet();
                assert_eq!(connack[0], 0x20, "{connack:02x?}");
                assert!([0x81, 0x82, 0x90].contains(&connack[3]), "{connack:02x?}");
            }
            client.expect_closed();
        }
    }
}

#[test]
fn v3_1_1_mqtt_3_1_2_22_a_password_needs_a_user_name() {
    let broker = broker();
    let payload = b"\x00\x01c\x00\x01p";
    let mut client = Client::open(&broker);
    client.send(&connect(4, 0x42, payload));
    client.expect_closed();
    // In MQTT 5.0 it does not.
    let mut client = Client::open(&broker);
    client.send(&connect(5, 0x42, payload));
    assert_eq!(client.packet()[3], 0);
}
