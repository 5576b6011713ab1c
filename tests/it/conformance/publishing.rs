//! PUBLISH and its acknowledgements.

use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBCOMP, PUBREC, PUBREL, Publish, V3_1, V3_1_1, V5, ack, ack_with, suback,
    subscribe, subscribe_with,
};
use super::{broker, subscriber};

#[test]
fn mqtt_4_3_qos_0_1_and_2_arrive_in_every_version() {
    let broker = broker();
    for to in [V3_1, V3_1_1, V5] {
        let mut receiver = subscriber(&broker, to, "receiver", "a/+", 2);
        for from in [V3_1, V3_1_1, V5] {
            let mut sender = Client::connect(&broker, &Connect::new(from, "sender"));
            sender.send(&Publish::new(from, "a/0", "zero").bytes());
            receiver.expect(&Publish::new(to, "a/0", "zero").bytes());

            sender.send(&Publish::new(from, "a/1", "one").qos(1, 7).bytes());
            sender.expect(&ack(PUBACK, 7));
            let first_id = receiver.packet();
            let id = u16::from_be_bytes([first_id[7], first_id[8]]);
            assert_eq!(first_id, Publish::new(to, "a/1", "one").qos(1, id).bytes());
            receiver.send(&ack(PUBACK, id));

            sender.send(&Publish::new(from, "a/2", "two").qos(2, 8).bytes());
            sender.expect(&ack(PUBREC, 8));
            sender.release(8);
            let id = id + 1;
            receiver.expect(&Publish::new(to, "a/2", "two").qos(2, id).bytes());
            receiver.send(&ack(PUBREC, id));
            receiver.expect(&ack(PUBREL, id));
            receiver.send(&ack(PUBCOMP, id));
            receiver.expect_nothing();
        }
    }
}

#[test]
fn mqtt_4_3_3_qos_2_is_delivered_once_however_often_it_is_sent() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let publish = Publish::new(V3_1_1, "a", "x").qos(2, 5);
    sender.send(&publish.bytes());
    sender.expect(&ack(PUBREC, 5));
    sender.send(&publish.clone().dup().bytes());
    sender.expect(&ack(PUBREC, 5));
    for _ in 0..2 {
        sender.release(5);
    }
    receiver.expect(&Publish::new(V3_1_1, "a", "x").bytes());
    receiver.expect_nothing();
    sender.send(&publish.bytes());
    sender.expect(&ack(PUBREC, 5));
    sender.send(&ack(PUBREL, 5));
    receiver.expect(&Publish::new(V3_1_1, "a", "x").bytes());
}

#[test]
fn mqtt_3_4_2_1_a_message_for_nobody_is_answered_0x10() {
    let broker = broker();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "a", "x").qos(1, 1).bytes());
    sender.expect(&ack_with(PUBACK, 1, 0x10));
    sender.send(&Publish::new(V5, "a", "x").qos(2, 2).bytes());
    sender.expect(&ack_with(PUBREC, 2, 0x10));
    sender.release(2);
    sender.send(&subscribe(V5, 3, &[("a", 0)]));
    sender.expect(&suback(V5, 3, &[0]));
    sender.send(&Publish::new(V5, "a", "x").qos(1, 4).bytes());
    sender.expect_all(&[ack(PUBACK, 4), Publish::new(V5, "a", "x").bytes()]);
}

#[test]
fn mqtt_3_7_2_1_an_unknown_packet_identifier_is_answered_0x92() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&ack(PUBREL, 9));
    client.expect(&ack_with(PUBCOMP, 9, 0x92));
    client.send(&ack(PUBREC, 9));
    client.expect(&ack_with(PUBREL, 9, 0x92));
}

#[test]
fn mqtt_3_3_1_3_dup_is_not_passed_on() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 1);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    sender.send(&Publish::new(V3_1_1, "a", "x").qos(1, 5).dup().bytes());
    sender.expect(&ack(PUBACK, 5));
    receiver.expect(&Publish::new(V3_1_1, "a", "x").qos(1, 1).bytes());
}

#[test]
fn mqtt_3_3_2_properties_are_passed_on_unaltered_and_in_order() {
    let broker = broker();
    let properties = b"\x26\x00\x01k\x00\x01b\x01\x01\x26\x00\x01k\x00\x01a\x08\x00\x01r\
        \x09\x00\x02\x00\xff\x03\x00\x01t\x26\x00\x01a\x00\x01z";
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for qos in 0..=2 {
        let mut receiver = subscriber(&broker, V5, "receiver", "a", qos);
        let id = u16::from(qos > 0);
        sender.send(
            &Publish::new(V5, "a", "x")
                .qos(qos, id)
                .with(properties)
                .bytes(),
        );
        match qos {
            0 => {}
            1 => sender.expect(&ack(PUBACK, 1)),
            _ => {
                sender.expect(&ack(PUBREC, 1));
                sender.release(1);
            }
        }
        receiver.expect(
            &Publish::new(V5, "a", "x")
                .qos(qos, id)
                .with(properties)
                .bytes(),
        );
        let mut old = subscriber(&broker, V3_1_1, "receiver", "a", 0);
        sender.send(&Publish::new(V5, "a", "x").with(properties).bytes());
        old.expect(&Publish::new(V3_1_1, "a", "x").bytes());
    }
}

#[test]
fn mqtt_3_3_2_12_topic_aliases_of_the_client() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V5, "receiver", "#", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    let alias = |n: u8| [0x23, 0, n];
    for (topic, n, arrives) in [
        ("a", 1, "a"),
        ("b", 32, "b"),
        ("", 1, "a"),
        ("", 32, "b"),
        ("c", 1, "c"),
        ("", 1, "c"),
    ] {
        sender.send(&Publish::new(V5, topic, "x").with(&alias(n)).bytes());
        receiver.expect(&Publish::new(V5, arrives, "x").bytes());
    }
    // MQTT-3.3.2-9
    sender.send(&Publish::new(V5, "a", "x").with(&alias(33)).bytes());
    sender.expect_disconnect(0x94);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "", "x").with(&alias(2)).bytes());
    sender.expect_disconnect(0x82);
    receiver.expect_nothing();
}

#[test]
fn mqtt_3_1_2_26_topic_aliases_of_the_server_stay_below_the_clients_maximum() {
    let broker = broker();
    let connect = Connect::new(V5, "receiver").with(&[0x22, 0, 1]);
    let mut receiver = Client::connect(&broker, &connect);
    receiver.send(&subscribe(V5, 1, &[("#", 0)]));
    receiver.expect(&suback(V5, 1, &[0]));
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for topic in ["first", "second", "first"] {
        sender.send(&Publish::new(V5, topic, "x").bytes());
    }
    let alias = [0x23, 0, 1];
    receiver.expect(&Publish::new(V5, "first", "x").with(&alias).bytes());
    receiver.expect(&Publish::new(V5, "second", "x").bytes());
    receiver.expect(&Publish::new(V5, "", "x").with(&alias).bytes());
}

#[test]
fn mqtt_3_3_4_9_the_client_has_a_receive_maximum() {
    let broker = broker();
    let mut receiver = Client::connect(&broker, &Connect::new(V5, "r").with(&[0x21, 0, 2]));
    receiver.send(&subscribe(V5, 1, &[("a", 2)]));
    receiver.expect(&suback(V5, 1, &[2]));
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for id in 1..=4 {
        sender.send(&Publish::new(V5, "a", "x").qos(1, id).bytes());
        sender.expect(&ack(PUBACK, id));
    }
    let publish = |id| Publish::new(V5, "a", "x").qos(1, id).bytes();
    receiver.expect(&publish(1));
    receiver.expect(&publish(2));
    // MQTT-3.3.4-10: PINGRESP is not held back.
    receiver.expect_nothing();
    receiver.send(&ack(PUBACK, 1));
    receiver.expect(&publish(3));
    receiver.expect_nothing();
    receiver.send(&ack(PUBACK, 2));
    receiver.send(&ack(PUBACK, 3));
    receiver.expect(&publish(4));
}

#[test]
fn mqtt_4_6_0_5_the_order_of_a_publisher_is_kept() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 2);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let batch: Vec<u8> = (1..=500)
        .flat_map(|id| {
            Publish::new(V3_1_1, "a", &id.to_string())
                .qos(1, id)
                .bytes()
        })
        .collect();
    sender.send(&batch);
    for id in 1..=500 {
        receiver.expect(
            &Publish::new(V3_1_1, "a", &id.to_string())
                .qos(1, id)
                .bytes(),
        );
        receiver.send(&ack(PUBACK, id));
        sender.expect(&ack(PUBACK, id));
    }
}

#[test]
fn clients_do_not_publish_under_sys() {
    let broker = broker();
    let mut receiver = subscriber(&broker, V5, "receiver", "$SYS/x", 1);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "$SYS/x", "x").qos(1, 1).retain().bytes());
    sender.expect(&ack_with(PUBACK, 1, 0x87));
    let mut old = Client::connect(&broker, &Connect::new(V3_1_1, "old"));
    old.send(&Publish::new(V3_1_1, "$SYS/x", "x").qos(1, 1).bytes());
    old.expect(&ack(PUBACK, 1));
    receiver.expect_nothing();
}

#[test]
fn mqtt_3_3_4_6_a_subscription_identifier_from_a_client_is_an_error() {
    let broker = broker();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "a", "x").with(&[0x0B, 1]).bytes());
    sender.expect_disconnect(0x82);
}

#[test]
fn mqtt_4_8_2_6_a_refused_message_is_done() {
    let broker = broker();
    let mut receiver = Client::connect(&broker, &Connect::new(V5, "r").with(&[0x21, 0, 1]));
    receiver.send(&subscribe_with(V5, 1, &[], &[("a", 2)]));
    receiver.expect(&suback(V5, 1, &[2]));
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for id in 1..=2 {
        sender.send(&Publish::new(V5, "a", "x").qos(2, id).bytes());
        sender.expect(&ack(PUBREC, id));
        sender.release(id);
    }
    receiver.expect(&Publish::new(V5, "a", "x").qos(2, 1).bytes());
    receiver.send(&ack_with(PUBREC, 1, 0x97));
    receiver.expect(&Publish::new(V5, "a", "x").qos(2, 2).bytes());
}
