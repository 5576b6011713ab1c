//! Retained messages.

use super::client::Client;
use super::packets::{
    Connect, PUBACK, Publish, V3_1_1, V5, ack, suback, subscribe, subscribe_with,
};
use super::{broker, subscriber};

const NO_LOCAL: u8 = 0x04;
const RETAIN_AS_PUBLISHED: u8 = 0x08;
const SEND_IF_NEW: u8 = 0x10;
const DO_NOT_SEND: u8 = 0x20;

/// Publishes a retained message, and waits until the broker has it.
fn retain(broker: &mqtk::broker::Broker, topic: &str, payload: &str) {
    let mut client = Client::connect(broker, &Connect::new(V3_1_1, "retainer"));
    client.send(
        &Publish::new(V3_1_1, topic, payload)
            .qos(1, 1)
            .retain()
            .bytes(),
    );
    client.expect(&ack(PUBACK, 1));
}

#[test]
fn mqtt_3_3_1_5_the_last_retained_message_is_sent_to_new_subscriptions() {
    let broker = broker();
    retain(&broker, "a/b", "old");
    retain(&broker, "a/b", "new");
    retain(&broker, "a/c", "other");
    for version in [V3_1_1, V5] {
        let mut client = subscriber(&broker, version, "c", "a/+", 0);
        client.expect_all(&[
            Publish::new(version, "a/b", "new").retain().bytes(),
            Publish::new(version, "a/c", "other").retain().bytes(),
        ]);
        client.expect_nothing();
    }
}

#[test]
fn mqtt_3_3_1_6_an_empty_payload_removes_the_retained_message() {
    let broker = broker();
    retain(&broker, "a", "x");
    let mut client = subscriber(&broker, V3_1_1, "watcher", "a", 0);
    client.expect(&Publish::new(V3_1_1, "a", "x").retain().bytes());
    retain(&broker, "a", "");
    // It is sent to those who are subscribed, as any other.
    client.expect(&Publish::new(V3_1_1, "a", "").bytes());
    // MQTT-3.3.1-7
    subscriber(&broker, V3_1_1, "c", "a", 0).expect_nothing();
}

#[test]
fn mqtt_3_3_1_8_a_message_without_retain_leaves_the_retained_one() {
    let broker = broker();
    retain(&broker, "a", "x");
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    client.send(&Publish::new(V3_1_1, "a", "passing").bytes());
    client.send(&subscribe(V3_1_1, 1, &[("a", 0)]));
    client.expect(&suback(V3_1_1, 1, &[0]));
    client.expect(&Publish::new(V3_1_1, "a", "x").retain().bytes());
}

#[test]
fn v3_1_1_mqtt_3_3_1_7_a_qos_0_message_replaces_the_retained_one() {
    let broker = broker();
    retain(&broker, "a", "x");
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    client.send(&Publish::new(V3_1_1, "a", "zero").retain().bytes());
    client.send(&subscribe(V3_1_1, 1, &[("a", 2)]));
    client.expect(&suback(V3_1_1, 1, &[2]));
    client.expect(&Publish::new(V3_1_1, "a", "zero").retain().bytes());
}

#[test]
fn mqtt_3_3_1_9_retain_handling_0_sends_on_every_subscribe() {
    let broker = broker();
    retain(&broker, "a", "x");
    let mut client = subscriber(&broker, V5, "c", "a", 0);
    let retained = Publish::new(V5, "a", "x").retain().bytes();
    client.expect(&retained);
    client.send(&subscribe(V5, 2, &[("a", 0)]));
    client.expect(&suback(V5, 2, &[0]));
    client.expect(&retained);
}

#[test]
fn mqtt_3_3_1_10_retain_handling_1_sends_to_new_subscriptions_only() {
    let broker = broker();
    retain(&broker, "a", "x");
    let mut client = subscriber(&broker, V5, "c", "a", SEND_IF_NEW);
    client.expect(&Publish::new(V5, "a", "x").retain().bytes());
    client.send(&subscribe(V5, 2, &[("a", SEND_IF_NEW)]));
    client.expect(&suback(V5, 2, &[0]));
    client.expect_nothing();
}

#[test]
fn mqtt_3_3_1_11_retain_handling_2_sends_nothing() {
    let broker = broker();
    retain(&broker, "a", "x");
    subscriber(&broker, V5, "c", "a", DO_NOT_SEND).expect_nothing();
}

#[test]
fn mqtt_3_3_1_12_and_13_retain_as_published() {
    let broker = broker();
    let mut plain = subscriber(&broker, V5, "plain", "a", 0);
    let mut as_published = subscriber(&broker, V5, "as published", "a", RETAIN_AS_PUBLISHED);
    let mut old = subscriber(&broker, V3_1_1, "old", "a", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "a", "x").retain().bytes());
    sender.send(&Publish::new(V5, "a", "y").bytes());
    plain.expect(&Publish::new(V5, "a", "x").bytes());
    plain.expect(&Publish::new(V5, "a", "y").bytes());
    as_published.expect(&Publish::new(V5, "a", "x").retain().bytes());
    as_published.expect(&Publish::new(V5, "a", "y").bytes());
    old.expect(&Publish::new(V3_1_1, "a", "x").bytes());
    old.expect(&Publish::new(V3_1_1, "a", "y").bytes());
}

#[test]
fn mqtt_3_8_4_8_a_retained_message_comes_at_the_lower_qos_with_its_subscription_identifier() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&Publish::new(V5, "a", "x").qos(1, 1).retain().bytes());
    assert_eq!(client.packet()[0], PUBACK);
    client.send(&subscribe_with(V5, 2, &[0x0B, 0x80, 0x01], &[("a", 2)]));
    client.expect(&suback(V5, 2, &[2]));
    let retained = Publish::new(V5, "a", "x").qos(1, 1).retain();
    client.expect(&retained.with(&[0x0B, 0x80, 0x01]).bytes());
}

#[test]
fn mqtt_3_8_3_3_no_local_does_not_concern_retained_messages_of_others() {
    let broker = broker();
    retain(&broker, "a", "x");
    let mut client = subscriber(&broker, V5, "c", "a", NO_LOCAL);
    client.expect(&Publish::new(V5, "a", "x").retain().bytes());
}

#[test]
fn v3_1_1_mqtt_3_1_2_7_retained_messages_outlive_the_session() {
    let broker = broker();
    retain(&broker, "a", "x");
    Client::connect(&broker, &Connect::new(V3_1_1, "retainer")).leave();
    let mut client = subscriber(&broker, V3_1_1, "c", "#", 0);
    client.expect(&Publish::new(V3_1_1, "a", "x").retain().bytes());
}

#[test]
fn more_retained_messages_than_a_socket_takes_arrive_all() {
    let broker = broker();
    let payload = "x".repeat(1000);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    for n in 0..20_000 {
        sender.send(
            &Publish::new(V3_1_1, &format!("t/{n}"), &payload)
                .retain()
                .bytes(),
        );
    }
    sender.expect_nothing();
    let mut client = subscriber(&broker, V3_1_1, "c", "#", 0);
    let mut topics: Vec<Vec<u8>> = (0..20_000).map(|_| client.packet()).collect();
    topics.sort();
    topics.dedup();
    assert_eq!(topics.len(), 20_000);
    client.expect_nothing();
}
