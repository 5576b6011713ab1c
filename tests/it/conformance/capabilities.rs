//! A broker that cannot do everything: what it announces, and what it answers to the rest.

use mqtk::broker::{Broker, Capabilities, Config};
use mqtk::codec::{QoS, Version};

use super::client::Client;
use super::packets::{
    Connect, PUBACK, Publish, V3_1, V3_1_1, V5, ack_with, suback, subscribe, subscribe_with,
};

fn broker_that(set: impl FnOnce(&mut Capabilities)) -> Broker {
    let mut config = Config::default();
    set(&mut config.capabilities);
    Broker::start(config).expect("the broker starts")
}

/// Whether the CONNACK announces these property bytes.
fn is_announced(broker: &Broker, property: &[u8]) -> bool {
    let mut client = Client::open(broker);
    client.send(&Connect::new(V5, "reader").bytes());
    let connack = client.packet();
    assert_eq!(connack[..4], [0x20, connack[1], 0, 0], "{connack:02x?}");
    connack[5..]
        .windows(property.len())
        .any(|bytes| bytes == property)
}

/// The CONNECT is answered by this CONNACK, or by none if that is empty.
#[track_caller]
fn refuses(broker: &Broker, connect: &Connect, connack: &[u8]) {
    let mut client = Client::open(broker);
    client.send(&connect.bytes());
    if !connack.is_empty() {
        client.expect(connack);
    }
    client.expect_closed();
}

#[test]
fn mqtt_3_1_2_2_a_protocol_version_can_be_switched_off() {
    let all = [
        (Version::V3_1, V3_1),
        (Version::V3_1_1, V3_1_1),
        (Version::V5, V5),
    ];
    for (spoken, level) in all {
        let broker = broker_that(|capabilities| capabilities.versions = vec![spoken]);
        Client::connect(&broker, &Connect::new(level, "c"));
        for (_, other) in all.into_iter().filter(|&(_, other)| other != level) {
            let connack: &[u8] = match other {
                V5 => &[0x20, 3, 0, 0x84, 0],
                _ => &[0x20, 2, 0, 1],
            };
            refuses(&broker, &Connect::new(other, "c"), connack);
        }
        // The version comes before all else that is wrong with it.
        if spoken == Version::V5 {
            refuses(&broker, &Connect::new(V3_1, ""), &[0x20, 2, 0, 1]);
        }
    }
}

#[test]
fn mqtt_3_2_2_9_the_maximum_qos_is_announced_if_it_is_not_2() {
    for (qos, property) in [(QoS::AtMostOnce, [0x24, 0]), (QoS::AtLeastOnce, [0x24, 1])] {
        let broker = broker_that(|capabilities| capabilities.maximum_qos = qos);
        assert!(is_announced(&broker, &property));
    }
    assert!(!is_announced(&super::broker(), &[0x24]));
}

#[test]
fn mqtt_3_2_2_10_every_requested_qos_is_accepted_and_the_maximum_granted() {
    let broker = broker_that(|capabilities| capabilities.maximum_qos = QoS::AtLeastOnce);
    for version in [V3_1, V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&subscribe(version, 1, &[("a", 0), ("b", 1), ("c", 2)]));
        client.expect(&suback(version, 1, &[0, 1, 1]));
    }
}

#[test]
fn mqtt_3_2_2_11_a_publish_above_the_maximum_qos_ends_the_connection() {
    let broker = broker_that(|capabilities| capabilities.maximum_qos = QoS::AtLeastOnce);
    for version in [V3_1, V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&Publish::new(version, "a", "x").qos(1, 1).bytes());
        assert_eq!(client.packet()[0], PUBACK);
        client.send(&Publish::new(version, "a", "x").qos(2, 2).bytes());
        if version == V5 {
            client.expect_disconnect(0x9B);
        } else {
            client.expect_closed();
        }
    }
}

#[test]
fn mqtt_3_2_2_12_a_will_above_the_maximum_qos_is_refused() {
    let broker = broker_that(|capabilities| capabilities.maximum_qos = QoS::AtMostOnce);
    let connect = |version, qos| Connect::new(version, "c").will("w", "x", qos, false);
    refuses(&broker, &connect(V5, 1), &[0x20, 3, 0, 0x9B, 0]);
    Client::connect(&broker, &connect(V5, 0));
}

#[test]
fn v3_1_1_mqtt_3_2_2_6_without_a_return_code_for_it_there_is_no_connack() {
    let broker = broker_that(|capabilities| {
        capabilities.maximum_qos = QoS::AtMostOnce;
        capabilities.retain_available = false;
    });
    for version in [V3_1, V3_1_1] {
        let connect = |qos, retain| Connect::new(version, "c").will("w", "x", qos, retain);
        refuses(&broker, &connect(1, false), &[]);
        refuses(&broker, &connect(0, true), &[]);
        Client::connect(&broker, &connect(0, false));
    }
}

#[test]
fn mqtt_3_2_2_13_a_will_to_be_retained_is_refused() {
    let broker = broker_that(|capabilities| capabilities.retain_available = false);
    let connect = Connect::new(V5, "c").will("w", "x", 0, true);
    refuses(&broker, &connect, &[0x20, 3, 0, 0x9A, 0]);
}

#[test]
fn mqtt_3_2_2_14_a_publish_to_be_retained_ends_the_connection() {
    let broker = broker_that(|capabilities| capabilities.retain_available = false);
    assert!(is_announced(&broker, &[0x25, 0]));
    for version in [V3_1, V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&Publish::new(version, "a", "x").retain().bytes());
        if version == V5 {
            client.expect_disconnect(0x9A);
        } else {
            client.expect_closed();
        }
    }
    let mut late = super::subscriber(&broker, V5, "late", "#", 0);
    late.expect_nothing();
}

#[test]
fn mqtt5_3_2_2_3_11_wildcards_can_be_unavailable() {
    let broker = broker_that(|capabilities| capabilities.wildcard_subscription_available = false);
    assert!(is_announced(&broker, &[0x28, 0]));
    for filter in ["#", "a/+", "$share/g/a/#"] {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        client.send(&subscribe(V5, 1, &[("a", 0), (filter, 0)]));
        client.expect_disconnect(0xA2);
    }
    for version in [V3_1, V3_1_1] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&subscribe(version, 1, &[("a", 0), ("a/+", 0)]));
        // MQTT 3.1 has no return code for a failure; 0x80 is what 3.1.1 made of it.
        client.expect(&suback(version, 1, &[0, 0x80]));
        let publish = Publish::new(version, "a/b", "x").bytes();
        client.send(&publish);
        client.expect_nothing();
    }
}

#[test]
fn mqtt5_3_2_2_3_12_subscription_identifiers_can_be_unavailable() {
    let broker = broker_that(|capabilities| capabilities.subscription_identifier_available = false);
    assert!(is_announced(&broker, &[0x29, 0]));
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&subscribe(V5, 1, &[("a", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.send(&subscribe_with(V5, 2, &[0x0B, 7], &[("a", 0)]));
    client.expect_disconnect(0xA1);
}

#[test]
fn mqtt5_3_2_2_3_13_shared_subscriptions_can_be_unavailable() {
    let broker = broker_that(|capabilities| capabilities.shared_subscription_available = false);
    assert!(is_announced(&broker, &[0x2A, 0]));
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&subscribe(V5, 1, &[("a/#", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.send(&subscribe(V5, 2, &[("$share/g/a", 0)]));
    client.expect_disconnect(0x9E);
    // To the older versions it is a filter like any other.
    let mut older = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    older.send(&subscribe(V3_1_1, 1, &[("$share/g/a", 0)]));
    older.expect(&suback(V3_1_1, 1, &[0]));
}

#[test]
fn mqtt_3_2_2_21_the_server_keep_alive_takes_the_place_of_the_clients() {
    let broker = broker_that(|capabilities| capabilities.server_keep_alive = Some(1));
    assert!(is_announced(&broker, &[0x13, 0, 1]));
    let mut client = Client::connect(&broker, &Connect::new(V5, "c").keep_alive(600));
    client.expect_disconnect(0x8D);
    // A client that cannot be told keeps its own.
    let mut older = Client::connect(&broker, &Connect::new(V3_1_1, "older").keep_alive(600));
    let mut silent = Client::connect(&broker, &Connect::new(V5, "silent"));
    silent.expect_disconnect(0x8D);
    older.expect_nothing();
}

#[test]
fn the_longest_keep_alive_is_announced_to_those_who_ask_for_as_much() {
    for (longest, asked, told) in [
        (60, 0, None),
        (60, 59, None),
        (60, 60, Some(60)),
        (60, 120, Some(60)),
        (0, u16::MAX, None),
    ] {
        let broker = broker_that(|capabilities| capabilities.max_keep_alive = longest);
        let mut client = Client::open(&broker);
        client.send(&Connect::new(V5, "c").keep_alive(asked).bytes());
        let connack = client.packet();
        let announced = connack
            .windows(3)
            .find(|property| property[..2] == [0x13, 0]);
        assert_eq!(announced.map(|property| property[2]), told, "{asked}");
    }
}

#[test]
fn mqtt_3_2_2_17_and_18_a_topic_alias_above_the_maximum_ends_the_connection() {
    for (maximum, alias) in [(0, 1), (2, 3)] {
        let mut config = Config::default();
        config.limits.topic_alias_maximum = maximum;
        let broker = Broker::start(config).expect("the broker starts");
        assert_eq!(is_announced(&broker, &[0x22, 0, 2]), maximum == 2);
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        let publish = |alias| Publish::new(V5, "a", "x").qos(1, 1).with(&[0x23, 0, alias]);
        if maximum > 0 {
            client.send(&publish(2).bytes());
            client.expect(&ack_with(PUBACK, 1, 0x10));
        }
        client.send(&publish(alias).bytes());
        client.expect_disconnect(0x94);
    }
}
