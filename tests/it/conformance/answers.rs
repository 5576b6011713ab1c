//! What the broker says and what it keeps to itself, to the byte.

use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBCOMP, PUBREC, PUBREL, Publish, V3_1, V3_1_1, V5, ack, ack_with, packet,
    suback, subscribe, unsuback, unsubscribe,
};
use super::{broker, subscriber};

const NO_LOCAL: u8 = 0x04;

#[test]
fn mqtt_3_2_0_1_connack_comes_first_and_once() {
    let broker = broker();
    for version in [V3_1_1, V5] {
        let mut client = Client::open(&broker);
        let batch = [
            Connect::new(version, "c").bytes(),
            subscribe(version, 1, &[("a", 1)]),
            Publish::new(version, "a", "x").qos(1, 2).bytes(),
            unsubscribe(version, 3, &["a"]),
        ];
        client.send(&batch.concat());
        assert_eq!(client.packet()[0], 0x20);
        client.expect(&suback(version, 1, &[1]));
        client.expect_all(&[
            Publish::new(version, "a", "x").qos(1, 1).bytes(),
            ack(PUBACK, 2),
        ]);
        client.expect(&unsuback(
            version,
            3,
            if version == V5 { &[0] } else { &[] },
        ));
        client.expect_nothing();
    }
}

#[test]
fn mqtt_3_4_2_1_a_subscription_with_no_local_is_a_matching_one() {
    let broker = broker();
    let mut client = subscriber(&broker, V5, "c", "a", NO_LOCAL | 1);
    client.send(&Publish::new(V5, "a", "x").qos(1, 2).bytes());
    client.expect(&ack(PUBACK, 2));
    client.expect_nothing();
}

#[test]
fn mqtt_3_1_2_29_no_reason_string_for_those_who_want_none() {
    let broker = broker();
    let connect = Connect::new(V5, "c").with(&[0x17, 0]);
    let mut client = Client::connect(&broker, &connect);
    client.send(&Publish::new(V5, "$SYS/a", "x").qos(1, 2).bytes());
    client.expect(&ack_with(PUBACK, 2, 0x87));
    client.send(&ack(PUBREL, 3));
    client.expect(&ack_with(PUBCOMP, 3, 0x92));
    client.send(&subscribe(V5, 4, &[("a", 0)]));
    client.expect(&suback(V5, 4, &[0]));
}

#[test]
fn mqtt_3_14_2_3_a_reason_string_that_does_not_fit_is_left_out() {
    let broker = broker();
    let connect = Connect::new(V5, "c").with(&[0x27, 0, 0, 0, 20]);
    let mut client = Client::connect(&broker, &connect);
    client.send(&[0x80, 6, 0, 1, 0, 1, b'a', 0]);
    let disconnect = client.packet();
    // Neither Reason String nor, ever, a Session Expiry Interval (MQTT-3.14.2-2).
    assert!(
        [&[0xE0, 1, 0x81][..], &[0xE0, 2, 0x81, 0]].contains(&&disconnect[..]),
        "{disconnect:02x?}"
    );
    client.expect_closed();
}

#[test]
fn mqtt_3_1_2_27_no_topic_alias_unasked_for() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V5, "receiver", "a/#", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for _ in 0..3 {
        sender.send(&Publish::new(V5, "a/long/topic", "x").bytes());
        receiver.expect(&Publish::new(V5, "a/long/topic", "x").bytes());
    }
}

#[test]
fn mqtt_3_3_2_7_topic_aliases_end_with_their_connection() {
    let broker = broker();
    let session = Connect::new(V5, "c")
        .resuming()
        .expiring_after(60)
        .with(&[0x22, 0, 9]);
    let mut client = Client::connect(&broker, &session);
    client.send(&subscribe(V5, 1, &[("a", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    let alias = [0x23, 0, 1];
    let publish = Publish::new(V5, "a", "x").with(&alias).bytes();
    client.send(&publish);
    client.expect(&publish);
    client.leave();
    let mut client = Client::resume(&broker, &session);
    // The broker's alias is given anew,
    client.send(&Publish::new(V5, "a", "x").bytes());
    client.expect(&publish);
    // the client's is forgotten.
    client.send(&Publish::new(V5, "", "x").with(&alias).bytes());
    client.expect_disconnect(0x82);
}

#[test]
fn mqtt_4_3_2_5_an_acknowledged_identifier_stands_for_a_new_message() {
    let broker = broker();
    for version in [V3_1_1, V5] {
        let mut receiver = subscriber(&broker, version, "receiver", "a", 0);
        let mut sender = Client::connect(&broker, &Connect::new(version, "sender"));
        for publish in [
            Publish::new(version, "a", "x").qos(1, 5),
            Publish::new(version, "a", "x").qos(1, 5).dup(),
        ] {
            sender.send(&publish.bytes());
            sender.expect(&ack(PUBACK, 5));
            receiver.expect(&Publish::new(version, "a", "x").bytes());
        }
    }
}

#[test]
fn mqtt_4_3_3_9_a_refused_identifier_stands_for_a_new_message() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V5, "receiver", "a", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "$SYS/a", "x").qos(2, 5).bytes());
    sender.expect(&ack_with(PUBREC, 5, 0x87));
    sender.send(&Publish::new(V5, "a", "x").qos(2, 5).bytes());
    sender.expect(&ack(PUBREC, 5));
    sender.release(5);
    receiver.expect(&Publish::new(V5, "a", "x").bytes());
}

#[test]
fn mqtt_4_4_0_2_what_was_refused_is_not_sent_again() {
    let broker = broker();
    let session = Connect::new(V5, "receiver").resuming().expiring_after(60);
    let mut receiver = Client::connect(&broker, &session);
    receiver.send(&subscribe(V5, 1, &[("a", 2)]));
    receiver.expect(&suback(V5, 1, &[2]));
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for (id, qos, kind) in [(1, 1, PUBACK), (2, 2, PUBREC)] {
        sender.send(&Publish::new(V5, "a", "x").qos(qos, id).bytes());
        assert_eq!(sender.packet()[0], kind);
        if qos == 2 {
            sender.release(id);
        }
        receiver.expect(&Publish::new(V5, "a", "x").qos(qos, id).bytes());
        receiver.send(&ack_with(kind, id, 0x80));
    }
    receiver.expect_nothing();
    receiver.leave();
    Client::resume(&broker, &session).expect_nothing();
}

#[test]
fn mqtt_2_2_1_4_an_identifier_in_use_is_not_given_out_again() {
    const BATCH: u16 = 500;
    let broker = broker();
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 1);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let batch: Vec<_> = (1..=BATCH)
        .flat_map(|id| Publish::new(V3_1_1, "a", "x").qos(1, id).bytes())
        .collect();
    let mut held = None;
    let mut seen = 0_u32;
    while seen <= 66_000 {
        sender.send(&batch);
        let mut acknowledgements = Vec::new();
        for _ in 0..BATCH {
            let publish = receiver.packet();
            let id = u16::from_be_bytes([publish[5], publish[6]]);
            assert_ne!(id, 0);
            // The first one is never acknowledged.
            match held {
                None => held = Some(id),
                Some(held) => {
                    assert_ne!(id, held, "after {seen} messages");
                    acknowledgements.extend(ack(PUBACK, id));
                }
            }
            seen += 1;
        }
        receiver.send(&acknowledgements);
        for id in 1..=BATCH {
            sender.expect(&ack(PUBACK, id));
        }
    }
}

#[test]
fn mqtt_3_8_4_4_a_replaced_subscription_loses_nothing() {
    let broker = broker();
    for version in [V3_1, V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        let retained = Publish::new(version, "a", "kept").retain().bytes();
        client.send(&retained);
        client.send(&subscribe(version, 1, &[("a", 0)]));
        client.expect(&suback(version, 1, &[0]));
        client.expect(&retained);
        let batch = [
            Publish::new(version, "a", "before").bytes(),
            subscribe(version, 2, &[("a", 0)]),
            Publish::new(version, "a", "after").bytes(),
        ];
        client.send(&batch.concat());
        client.expect(&Publish::new(version, "a", "before").bytes());
        client.expect_all(&[
            suback(version, 2, &[0]),
            retained,
            Publish::new(version, "a", "after").bytes(),
        ]);
    }
}

#[test]
fn mqtt_3_15_1_1_auth_has_no_flags_and_needs_a_method() {
    let broker = broker();
    for (bytes, reason) in [(packet(0xF1, &[]), 0x81), (packet(0xF0, &[0x19, 0]), 0x82)] {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        client.send(&bytes);
        client.expect_disconnect(reason);
    }
}

/// Refused or not, and however small the Maximum Packet Size: what acknowledges is five bytes long
/// at most, without Reason String and User Property (MQTT-3.4.2-2 and -3, 3.5.2, 3.6.2, 3.7.2).
#[test]
fn mqtt_3_4_2_2_an_answer_has_no_property_that_could_be_too_large() {
    let broker = broker();
    for with in [&[][..], &[0x27, 0, 0, 0, 60]] {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c").with(with));
        for (topic, reason) in [("$SYS/a", 0x87), ("nobody", 0x10)] {
            client.send(&Publish::new(V5, topic, "x").qos(1, 1).bytes());
            client.expect(&ack_with(PUBACK, 1, reason));
            client.send(&Publish::new(V5, topic, "x").qos(2, 2).bytes());
            client.expect(&ack_with(PUBREC, 2, reason));
        }
        client.send(&ack(PUBREC, 9));
        client.expect(&ack_with(PUBREL, 9, 0x92));
        client.send(&ack(PUBREL, 9));
        client.expect(&ack_with(PUBCOMP, 9, 0x92));
        client.leave();
    }
}
