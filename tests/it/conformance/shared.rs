//! Shared Subscriptions.

use mqtk::broker::Broker;

use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBCOMP, PUBREC, PUBREL, Publish, V3_1_1, V5, ack, ack_with, suback,
    subscribe, unsuback, unsubscribe,
};
use super::{broker, subscriber};

#[test]
fn mqtt5_4_8_2_members_take_turns() {
    let broker = broker();
    let mut members: Vec<_> = ["1", "2", "3"]
        .iter()
        .map(|id| subscriber(&broker, V5, id, "$share/g/a/+", 0))
        .collect();
    let mut other = subscriber(&broker, V5, "other", "$share/h/a/+", 0);
    let mut plain = subscriber(&broker, V5, "plain", "a/#", 0);
    let publish = Publish::new(V5, "a/b", "x").bytes();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for _ in 0..6 {
        sender.send(&publish);
    }
    for client in &mut members {
        client.expect(&publish);
        client.expect(&publish);
        client.expect_nothing();
    }
    for client in [&mut other, &mut plain] {
        for _ in 0..6 {
            client.expect(&publish);
        }
        client.expect_nothing();
    }
}

#[test]
fn mqtt5_4_8_2_those_who_left_get_nothing() {
    let broker = broker();
    let mut stays = subscriber(&broker, V5, "stays", "$share/g/a", 0);
    let mut leaves = subscriber(&broker, V5, "leaves", "$share/g/a", 0);
    let goes = subscriber(&broker, V5, "goes", "$share/g/a", 0);
    goes.leave();
    leaves.send(&unsubscribe(V5, 2, &["$share/g/a"]));
    leaves.expect(&unsuback(V5, 2, &[0]));
    let publish = Publish::new(V5, "a", "x").bytes();
    for _ in 0..3 {
        stays.send(&publish);
        stays.expect(&publish);
    }
    leaves.expect_nothing();
}

#[test]
fn mqtt5_4_8_2_retained_messages_are_not_sent_to_a_group() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&Publish::new(V5, "a", "x").retain().bytes());
    client.send(&subscribe(V5, 1, &[("$share/g/a", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.expect_nothing();
}

#[test]
fn mqtt_4_8_2_1_and_2_a_share_name_is_checked() {
    let broker = broker();
    for filter in ["$share//a", "$share/+/a", "$share/g", "$share/g/"] {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        client.send(&subscribe(V5, 1, &[(filter, 0)]));
        let disconnect = client.packet();
        assert_eq!(disconnect[0], 0xE0, "{filter}");
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_8_3_4_no_local_on_a_shared_subscription_is_an_error() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&subscribe(V5, 1, &[("$share/g/a", 0x04)]));
    client.expect_disconnect(0x82);
}

#[test]
fn before_5_0_share_is_a_level_as_any_other() {
    let broker = broker();
    let mut client = subscriber(&broker, V3_1_1, "c", "$share/g/a", 0);
    client.send(&Publish::new(V3_1_1, "a", "x").bytes());
    client.expect_nothing();
    let publish = Publish::new(V3_1_1, "$share/g/a", "x").bytes();
    client.send(&publish);
    client.expect(&publish);
}

#[test]
fn a_session_may_change_what_share_means_with_its_version() {
    let broker = broker();
    let session = Connect::new(V5, "c").resuming().expiring_after(60);
    let mut client = Client::connect(&broker, &session);
    client.send(&subscribe(V5, 1, &[("$share/g/a", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.leave();
    let mut client = Client::resume(&broker, &Connect::new(V3_1_1, "c").resuming());
    client.send(&subscribe(V3_1_1, 1, &[("$share/g/a", 0)]));
    client.expect(&suback(V3_1_1, 1, &[0]));
    client.send(&Publish::new(V3_1_1, "a", "x").bytes());
    client.expect_nothing();
    client.send(&unsubscribe(V3_1_1, 2, &["$share/g/a"]));
    client.expect(&unsuback(V3_1_1, 2, &[]));
    client.send(&Publish::new(V3_1_1, "$share/g/a", "x").bytes());
    client.expect_nothing();
}

/// A member that takes one message at a time, and whose Session stays for a minute.
fn slow_member(broker: &Broker, client_id: &str, qos: u8) -> Client {
    let connect = Connect::new(V5, client_id)
        .with(&[0x21, 0, 1])
        .expiring_after(60);
    let mut member = Client::connect(broker, &connect);
    member.send(&subscribe(V5, 1, &[("$share/g/a", qos)]));
    member.expect(&suback(V5, 1, &[qos]));
    member
}

fn message(qos: u8, packet_id: u16) -> Vec<u8> {
    renumbered(qos, packet_id, packet_id)
}

/// The same message under another Packet Identifier.
fn renumbered(qos: u8, packet_id: u16, as_id: u16) -> Vec<u8> {
    let payload = format!("message {packet_id}");
    Publish::new(V5, "a", &payload).qos(qos, as_id).bytes()
}

/// Publishes two messages to the only member, who gets one of them.
fn publish_two(broker: &Broker, member: &mut Client, qos: u8) {
    let mut sender = Client::connect(broker, &Connect::new(V5, "sender"));
    for packet_id in [1, 2] {
        sender.send(&message(qos, packet_id));
        sender.expect(&ack(if qos == 1 { PUBACK } else { PUBREC }, packet_id));
        if qos == 2 {
            sender.release(packet_id);
        }
    }
    member.expect(&message(qos, 1));
    member.expect_nothing();
}

#[test]
fn mqtt5_4_8_2_what_waits_for_a_member_that_unsubscribes_goes_to_another() {
    let broker = broker();
    let mut leaves = slow_member(&broker, "leaves", 1);
    publish_two(&broker, &mut leaves, 1);
    let mut stays = slow_member(&broker, "stays", 1);
    leaves.send(&unsubscribe(V5, 2, &["$share/g/a"]));
    leaves.expect(&unsuback(V5, 2, &[0]));
    stays.expect(&renumbered(1, 2, 1));
    leaves.send(&ack(PUBACK, 1));
    leaves.expect_nothing();
    stays.expect_nothing();
}

#[test]
fn mqtt5_4_8_2_what_waits_for_the_last_member_stays_its_own() {
    let broker = broker();
    let mut last = slow_member(&broker, "last", 1);
    publish_two(&broker, &mut last, 1);
    last.send(&unsubscribe(V5, 2, &["$share/g/a"]));
    last.expect(&unsuback(V5, 2, &[0]));
    last.send(&ack(PUBACK, 1));
    last.expect(&message(1, 2));
}

#[test]
fn mqtt_4_8_2_4_a_member_that_comes_back_is_sent_the_rest_of_its_qos_2_message() {
    let broker = broker();
    let mut away = slow_member(&broker, "away", 2);
    publish_two(&broker, &mut away, 2);
    let mut stays = slow_member(&broker, "stays", 2);
    away.leave();
    stays.expect(&renumbered(2, 2, 1));
    stays.expect_nothing();
    let connect = Connect::new(V5, "away").resuming().expiring_after(60);
    let mut back = Client::resume(&broker, &connect);
    let again = Publish::new(V5, "a", "message 1").qos(2, 1).dup();
    back.expect(&again.bytes());
    back.send(&ack(PUBREC, 1));
    back.expect(&ack(PUBREL, 1));
    back.send(&ack(PUBCOMP, 1));
    back.expect_nothing();
}

#[test]
fn mqtt_4_8_2_5_a_qos_2_message_dies_with_the_session_it_was_sent_to() {
    let broker = broker();
    let mut ends = slow_member(&broker, "ends", 2);
    publish_two(&broker, &mut ends, 2);
    let mut stays = slow_member(&broker, "stays", 2);
    ends.send(&[0xE0, 7, 0, 5, 0x11, 0, 0, 0, 0]);
    ends.expect_closed();
    stays.expect(&renumbered(2, 2, 1));
    stays.send(&ack(PUBREC, 1));
    stays.expect(&ack(PUBREL, 1));
    stays.send(&ack(PUBCOMP, 1));
    stays.expect_nothing();
}

#[test]
fn mqtt5_4_8_2_an_unacknowledged_qos_1_message_goes_to_another_when_the_session_ends() {
    let broker = broker();
    let mut ends = slow_member(&broker, "ends", 1);
    publish_two(&broker, &mut ends, 1);
    let mut stays = slow_member(&broker, "stays", 1);
    ends.send(&[0xE0, 7, 0, 5, 0x11, 0, 0, 0, 0]);
    ends.expect_closed();
    stays.expect(&message(1, 1));
    stays.send(&ack(PUBACK, 1));
    stays.expect(&message(1, 2));
}

#[test]
fn mqtt_4_8_2_6_a_message_that_a_member_refuses_goes_to_nobody_else() {
    let broker = broker();
    let mut refuses = slow_member(&broker, "refuses", 1);
    publish_two(&broker, &mut refuses, 1);
    let mut stays = slow_member(&broker, "stays", 1);
    refuses.send(&ack_with(PUBACK, 1, 0x80));
    refuses.expect(&message(1, 2));
    refuses.send(&ack_with(PUBACK, 2, 0x80));
    refuses.expect_nothing();
    stays.expect_nothing();
}

#[test]
fn mqtt_4_8_2_3_each_member_gets_the_qos_it_was_granted() {
    let broker = broker();
    let mut members: Vec<_> = [("0", 0), ("1", 1), ("2", 2)]
        .iter()
        .map(|&(id, qos)| (subscriber(&broker, V5, id, "$share/g/a", qos), qos))
        .collect();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for id in 1..=3 {
        sender.send(&Publish::new(V5, "a", "x").qos(1, id).bytes());
        sender.expect(&ack(PUBACK, id));
    }
    for (member, qos) in &mut members {
        let publish = Publish::new(V5, "a", "x").qos((*qos).min(1), 1);
        member.expect(&publish.bytes());
        member.expect_nothing();
    }
}
