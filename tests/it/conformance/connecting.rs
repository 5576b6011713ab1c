//! CONNECT and CONNACK.

use super::broker;
use super::client::Client;
use super::packets::{Connect, Publish, V3_1, V3_1_1, V5, packet};

/// The CONNACK properties of a broker with the default limits: Receive Maximum, Maximum Packet
/// Size, Topic Alias Maximum.
const ANNOUNCED: [u8; 11] = [0x21, 0x00, 0x40, 0x27, 0x04, 0, 0, 0, 0x22, 0x00, 0x20];

#[test]
fn mqtt_3_1_4_5_a_connect_is_acknowledged_in_every_version() {
    let broker = broker();
    for version in [V3_1, V3_1_1] {
        let mut client = Client::open(&broker);
        client.send(&Connect::new(version, "c").bytes());
        client.expect(&[0x20, 2, 0, 0]);
    }
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V5, "c").bytes());
    client.expect(&packet(0x20, &[&[0, 0, 11], &ANNOUNCED[..]].concat()));
}

#[test]
fn mqtt_3_1_0_1_the_first_packet_is_connect() {
    let broker = broker();
    for first in [
        &[0xC0, 0][..],
        &Publish::new(V3_1_1, "a", "x").bytes(),
        &[0x20, 2, 0, 0],
    ] {
        let mut client = Client::open(&broker);
        client.send(first);
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_1_0_2_a_second_connect_ends_the_connection() {
    let broker = broker();
    let connect = Connect::new(V3_1_1, "c");
    let mut client = Client::connect(&broker, &connect);
    client.send(&connect.bytes());
    client.expect_closed();

    let connect = Connect::new(V5, "c");
    let mut client = Client::connect(&broker, &connect);
    client.send(&connect.bytes());
    client.expect_disconnect(0x82);
}

#[test]
fn mqtt_3_1_2_1_another_protocol_name_is_closed() {
    let broker = broker();
    let mut client = Client::open(&broker);
    client.send(b"\x10\x0e\x00\x04HTTP\x04\x02\x00\x00\x00\x02c1");
    client.expect_closed();
}

#[test]
fn mqtt_3_1_2_2_an_unknown_protocol_level_is_refused() {
    let broker = broker();
    for (level, connack) in [
        (0, &[0x20, 2, 0, 1][..]),
        (0x84, &[0x20, 2, 0, 1]),
        (6, &[0x20, 3, 0, 0x84, 0]),
    ] {
        let mut client = Client::open(&broker);
        client.send(
            &[
                &b"\x10\x0e\x00\x04MQTT"[..],
                &[level],
                b"\x02\x00\x00\x00\x02c1",
            ]
            .concat(),
        );
        client.expect(connack);
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_1_2_3_the_reserved_connect_flag_is_zero() {
    let broker = broker();
    let mut client = Client::open(&broker);
    client.send(b"\x10\x0e\x00\x04MQTT\x04\x03\x00\x00\x00\x02c1");
    client.expect_closed();
    let mut client = Client::open(&broker);
    client.send(b"\x10\x0f\x00\x04MQTT\x05\x03\x00\x00\x00\x00\x02c1");
    client.expect(&[0x20, 3, 0, 0x81, 0]);
    client.expect_closed();
}

#[test]
fn v3_1_1_mqtt_3_1_3_8_an_empty_client_identifier_needs_clean_session() {
    let broker = broker();
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V3_1_1, "").resuming().bytes());
    client.expect(&[0x20, 2, 0, 2]);
    client.expect_closed();
    Client::connect(&broker, &Connect::new(V3_1_1, ""));
}

#[test]
fn mqtt31_3_1_a_client_identifier_has_1_to_23_characters() {
    let broker = broker();
    for client_id in ["", "123456789012345678901234"] {
        let mut client = Client::open(&broker);
        client.send(&Connect::new(V3_1, client_id).bytes());
        client.expect(&[0x20, 2, 0, 2]);
        client.expect_closed();
    }
    Client::connect(&broker, &Connect::new(V3_1, "12345678901234567890123"));
}

#[test]
fn mqtt_3_2_2_16_a_client_without_identifier_is_assigned_one_of_its_own() {
    let broker = broker();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let mut client = Client::open(&broker);
        client.send(&Connect::new(V5, "").resuming().bytes());
        let connack = client.packet();
        assert_eq!(connack[..4], [0x20, connack[1], 0, 0]);
        let at = 5 + connack[5..]
            .iter()
            .position(|&byte| byte == 0x12)
            .expect("it is assigned");
        let length = usize::from(connack[at + 2]);
        ids.push(connack[at + 3..at + 3 + length].to_vec());
    }
    assert_ne!(ids[0], ids[1]);
    assert!(ids[0].iter().all(|byte| byte.is_ascii_graphic()));
}

#[test]
fn mqtt_3_1_3_5_every_simple_client_identifier_is_allowed() {
    let broker = broker();
    let all = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for start in [0, 20, 39] {
        for version in [V3_1, V3_1_1, V5] {
            Client::connect(&broker, &Connect::new(version, &all[start..start + 23]));
        }
    }
    let long = "ü".repeat(30_000);
    Client::connect(&broker, &Connect::new(V3_1_1, &long));
}

#[test]
fn mqtt_3_1_4_3_a_session_is_taken_over() {
    let broker = broker();
    let mut old = Client::connect(&broker, &Connect::new(V5, "c"));
    let mut new = Client::connect(&broker, &Connect::new(V5, "c"));
    old.expect_disconnect(0x8E);
    new.expect_nothing();

    let _newest = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    new.expect_disconnect(0x8E);
}

#[test]
fn v3_1_1_mqtt_3_1_4_2_a_connected_client_is_disconnected() {
    let broker = broker();
    let mut old = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    let mut new = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    old.expect_closed();
    new.expect_nothing();
}

#[test]
fn mqtt_4_12_0_1_an_unknown_authentication_method_is_refused() {
    let broker = broker();
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V5, "c").with(b"\x15\x00\x05PLAIN").bytes());
    client.expect(&[0x20, 3, 0, 0x8C, 0]);
    client.expect_closed();
}

#[test]
fn mqtt_3_1_2_17_a_user_name_is_taken_and_nobody_asks_for_it() {
    let broker = broker();
    Client::connect(&broker, &Connect::new(V5, "c").username("u"));
}

#[test]
fn mqtt_3_1_4_6_nothing_is_processed_after_a_refused_connect() {
    let broker = broker();
    let mut watcher = super::subscriber(&broker, V3_1_1, "w", "#", 0);
    let mut client = Client::open(&broker);
    let mut bytes = Connect::new(V3_1_1, "").resuming().bytes();
    bytes.extend(Publish::new(V3_1_1, "a", "x").bytes());
    client.send(&bytes);
    client.expect(&[0x20, 2, 0, 2]);
    client.expect_closed();
    watcher.expect_nothing();
}

#[test]
fn a_client_may_send_before_it_has_connack() {
    let broker = broker();
    let mut watcher = super::subscriber(&broker, V3_1_1, "w", "#", 0);
    let mut client = Client::open(&broker);
    let publish = Publish::new(V3_1_1, "a", "x").bytes();
    client.send(&[Connect::new(V3_1_1, "c").bytes(), publish.clone()].concat());
    watcher.expect(&publish);
    client.expect(&[0x20, 2, 0, 0]);
}

#[test]
fn packets_may_arrive_byte_by_byte() {
    let broker = broker();
    let mut client = Client::open(&broker);
    for byte in Connect::new(V5, "c").bytes() {
        client.send(&[byte]);
    }
    assert_eq!(client.packet()[3], 0);
    client.expect_nothing();
}
