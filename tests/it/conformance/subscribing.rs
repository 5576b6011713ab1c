//! SUBSCRIBE, UNSUBSCRIBE and matching.

use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBCOMP, PUBREC, PUBREL, Publish, V3_1, V3_1_1, V5, ack, suback, subscribe,
    subscribe_with, unsuback, unsubscribe,
};
use super::{broker, subscriber};

const NO_LOCAL: u8 = 0x04;

#[test]
fn mqtt_3_8_4_6_every_filter_has_its_reason_code_in_one_suback() {
    let broker = broker();
    for version in [V3_1, V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&subscribe(version, 10, &[("a", 2), ("b/#", 0), ("+", 1)]));
        client.expect(&suback(version, 10, &[2, 0, 1]));
    }
}

#[test]
fn mqtt_3_8_4_3_a_subscription_is_replaced() {
    let broker = broker();
    let mut client = subscriber(&broker, V3_1_1, "c", "a", 0);
    client.send(&subscribe(V3_1_1, 2, &[("a", 1)]));
    client.expect(&suback(V3_1_1, 2, &[1]));
    client.send(&Publish::new(V3_1_1, "a", "x").qos(1, 1).bytes());
    client.expect_all(&[
        ack(PUBACK, 1),
        Publish::new(V3_1_1, "a", "x").qos(1, 1).bytes(),
    ]);
    client.expect_nothing();
}

#[test]
fn mqtt_3_10_4_unsubscribing() {
    let broker = broker();
    let mut client = subscriber(&broker, V5, "c", "a/b", 1);
    client.send(&unsubscribe(V5, 7, &["a/+", "a/b", "a/b"]));
    client.expect(&unsuback(V5, 7, &[0x11, 0, 0x11]));
    client.send(&Publish::new(V5, "a/b", "x").bytes());
    client.expect_nothing();

    let mut client = subscriber(&broker, V3_1_1, "c", "a/b", 1);
    client.send(&unsubscribe(V3_1_1, 8, &["none", "a/b"]));
    client.expect(&unsuback(V3_1_1, 8, &[]));
    client.send(&Publish::new(V3_1_1, "a/b", "x").bytes());
    client.expect_nothing();
}

#[test]
fn mqtt_3_10_4_3_what_was_sent_before_is_completed() {
    let broker = broker();
    let session = Connect::new(V3_1_1, "c").resuming();
    let mut client = Client::connect(&broker, &session);
    client.send(&subscribe(V3_1_1, 1, &[("a", 1)]));
    client.expect(&suback(V3_1_1, 1, &[1]));
    client.send(&Publish::new(V3_1_1, "a", "x").qos(1, 1).bytes());
    client.expect_all(&[
        ack(PUBACK, 1),
        Publish::new(V3_1_1, "a", "x").qos(1, 1).bytes(),
    ]);
    client.send(&unsubscribe(V3_1_1, 2, &["a"]));
    client.expect(&unsuback(V3_1_1, 2, &[]));
    client.vanish();
    let mut client = Client::resume(&broker, &session);
    client.expect(&Publish::new(V3_1_1, "a", "x").qos(1, 1).dup().bytes());
}

#[test]
fn mqtt_3_10_4_3_a_qos_2_exchange_is_completed() {
    let broker = broker();
    for version in [V3_1, V3_1_1, V5] {
        let mut receiver = subscriber(&broker, version, "receiver", "a", 2);
        let mut sender = Client::connect(&broker, &Connect::new(version, "sender"));
        sender.send(&Publish::new(version, "a", "x").qos(2, 1).bytes());
        sender.expect(&ack(PUBREC, 1));
        sender.release(1);
        receiver.expect(&Publish::new(version, "a", "x").qos(2, 1).bytes());
        receiver.send(&unsubscribe(version, 2, &["a"]));
        receiver.expect(&unsuback(
            version,
            2,
            if version == V5 { &[0] } else { &[] },
        ));
        receiver.send(&ack(PUBREC, 1));
        receiver.expect(&ack(PUBREL, 1));
        receiver.send(&ack(PUBCOMP, 1));
        receiver.expect_nothing();
    }
}

#[test]
fn mqtt_3_8_4_8_a_message_comes_at_the_lower_qos() {
    let broker = broker();
    for granted in 0..=2 {
        let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", granted);
        let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
        sender.send(&Publish::new(V3_1_1, "a", "1").qos(1, 1).bytes());
        sender.expect(&ack(PUBACK, 1));
        let qos = granted.min(1);
        receiver.expect(&Publish::new(V3_1_1, "a", "1").qos(qos, 1).bytes());
    }
}

#[test]
fn mqtt_3_3_4_2_overlapping_filters_give_one_copy_at_the_highest_qos() {
    let broker = broker();
    for version in [V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&subscribe(version, 1, &[("a/#", 0), ("a/b", 1), ("#", 0)]));
        client.expect(&suback(version, 1, &[0, 1, 0]));
        client.send(&Publish::new(version, "a/b", "x").qos(1, 1).bytes());
        let delivered = Publish::new(version, "a/b", "x").qos(1, 1).bytes();
        client.expect_all(&[ack(PUBACK, 1), delivered]);
        client.expect_nothing();
    }
}

#[test]
fn mqtt_3_3_4_4_the_copy_has_every_subscription_identifier() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&subscribe_with(V5, 1, &[0x0B, 7], &[("a/#", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.send(&subscribe_with(
        V5,
        2,
        &[0x0B, 0xFF, 0xFF, 0xFF, 0x7F],
        &[("a/b", 0)],
    ));
    client.expect(&suback(V5, 2, &[0]));
    client.send(&subscribe(V5, 3, &[("+/b", 0)]));
    client.expect(&suback(V5, 3, &[0]));
    client.send(&Publish::new(V5, "a/b", "x").bytes());
    let delivered = client.packet();
    let with = |ids: &[u8]| Publish::new(V5, "a/b", "x").with(ids).bytes();
    let (small, large) = (&[0x0B, 7][..], &[0x0B, 0xFF, 0xFF, 0xFF, 0x7F][..]);
    let either = [
        with(&[small, large].concat()),
        with(&[large, small].concat()),
    ];
    assert!(either.contains(&delivered), "{delivered:02x?}");
    client.expect_nothing();
}

#[test]
fn mqtt_3_8_3_3_no_local() {
    let broker = broker();
    let mut client = subscriber(&broker, V5, "c", "a", NO_LOCAL);
    let mut other = subscriber(&broker, V5, "other", "a", 0);
    client.send(&Publish::new(V5, "a", "mine").bytes());
    client.expect_nothing();
    other.expect(&Publish::new(V5, "a", "mine").bytes());
    other.send(&Publish::new(V5, "a", "theirs").bytes());
    client.expect(&Publish::new(V5, "a", "theirs").bytes());
}

#[test]
fn mqtt_4_7_2_1_wildcards_do_not_match_dollar_topics() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    client.send(&subscribe(V3_1_1, 1, &[("#", 0), ("+/x", 0)]));
    client.expect(&suback(V3_1_1, 1, &[0, 0]));
    client.send(&Publish::new(V3_1_1, "$own/x", "hidden").bytes());
    client.expect_nothing();
    client.send(&subscribe(V3_1_1, 2, &[("$own/#", 0)]));
    client.expect(&suback(V3_1_1, 2, &[0]));
    client.send(&Publish::new(V3_1_1, "$own/x", "seen").bytes());
    client.expect(&Publish::new(V3_1_1, "$own/x", "seen").bytes());
}

#[test]
fn mqtt_4_7_3_4_topics_are_not_normalised() {
    let broker = broker();
    let mut client = subscriber(&broker, V5, "c", "a/é", 0);
    client.send(&Publish::new(V5, "a/e\u{301}", "x").bytes());
    client.send(&Publish::new(V5, "A/é", "x").bytes());
    client.send(&Publish::new(V5, "/a/é", "x").bytes());
    client.expect_nothing();
    client.send(&Publish::new(V5, "a/é", "x").bytes());
    client.expect(&Publish::new(V5, "a/é", "x").bytes());
}

#[test]
fn mqtt_3_8_3_5_reserved_options_are_malformed() {
    let broker = broker();
    for options in [0x03, 0x30, 0x40, 0x80] {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        client.send(&subscribe(V5, 1, &[("a", options)]));
        let disconnect = client.packet();
        assert_eq!(disconnect[0], 0xE0);
        assert!([0x81, 0x82].contains(&disconnect[2]), "{disconnect:02x?}");
        let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
        client.send(&subscribe(V3_1_1, 1, &[("a", options)]));
        client.expect_closed();
    }
}

#[test]
fn a_session_has_a_limit_of_subscriptions_and_levels() {
    let mut config = mqtk::broker::Config::default();
    config.limits.max_subscriptions = 2;
    config.limits.max_topic_levels = 3;
    let broker = mqtk::broker::Broker::start(config).expect("the broker starts");
    for (version, refused) in [(V5, 0x97), (V3_1_1, 0x80)] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        let filters = [("a/b/c/d", 0), ("a", 0), ("b", 1), ("c", 0), ("b", 2)];
        client.send(&subscribe(version, 1, &filters));
        client.expect(&suback(version, 1, &[refused, 0, 1, refused, 2]));
    }
}
