//! Messages at QoS 2 between PUBLISH and PUBREL: the broker keeps them until they are released.

use mqtk::broker::{Broker, Config};

use super::client::Client;
use super::packets::{
    Connect, PUBCOMP, PUBREC, PUBREL, Publish, V3_1, V3_1_1, V5, ack, ack_with, suback, subscribe,
};
use super::{broker, subscriber};

#[test]
fn a_message_is_passed_on_when_it_is_released() {
    let broker = broker();
    for version in [V3_1, V3_1_1, V5] {
        let mut receiver = subscriber(&broker, version, "receiver", "a", 2);
        let mut sender = Client::connect(&broker, &Connect::new(version, "sender"));
        for id in [7, 8] {
            sender.send(
                &Publish::new(version, "a", &id.to_string())
                    .qos(2, id)
                    .bytes(),
            );
            sender.expect(&ack(PUBREC, id));
        }
        receiver.expect_nothing();
        for (id, number) in [(7, 1), (8, 2)] {
            sender.release(id);
            let publish = Publish::new(version, "a", &id.to_string()).qos(2, number);
            receiver.expect(&publish.bytes());
        }
    }
}

#[test]
fn what_a_client_sends_itself_comes_after_pubcomp() {
    let broker = broker();
    let mut client = subscriber(&broker, V5, "c", "a", 0);
    client.send(&Publish::new(V5, "a", "x").qos(2, 1).bytes());
    client.expect(&ack(PUBREC, 1));
    client.release(1);
    client.expect(&Publish::new(V5, "a", "x").bytes());
}

#[test]
fn who_subscribes_before_it_is_released_gets_it() {
    let broker = broker();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "a", "x").qos(2, 1).bytes());
    sender.expect(&ack_with(PUBREC, 1, 0x10));
    let mut receiver = subscriber(&broker, V5, "receiver", "a", 0);
    sender.release(1);
    receiver.expect(&Publish::new(V5, "a", "x").bytes());
}

#[test]
fn it_is_retained_when_it_is_released() {
    let broker = broker();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    let publish = Publish::new(V5, "a", "x").retain();
    sender.send(&publish.clone().qos(2, 1).bytes());
    sender.expect(&ack_with(PUBREC, 1, 0x10));
    subscriber(&broker, V5, "early", "a", 0).expect_nothing();
    sender.release(1);
    let mut late = Client::connect(&broker, &Connect::new(V5, "late"));
    late.send(&subscribe(V5, 1, &[("a", 0)]));
    late.expect(&suback(V5, 1, &[0]));
    late.expect(&publish.bytes());
}

#[test]
fn it_waits_for_its_sender_to_come_back() {
    let broker = broker();
    for (version, session) in [
        (V3_1_1, Connect::new(V3_1_1, "sender").resuming()),
        (V5, Connect::new(V5, "sender").resuming().expiring_after(60)),
    ] {
        let mut receiver = subscriber(&broker, version, "receiver", "a", 0);
        let mut sender = Client::connect(&broker, &session);
        sender.send(&Publish::new(version, "a", "x").qos(2, 1).bytes());
        sender.expect(&ack(PUBREC, 1));
        // A second connection takes the session over.
        let mut sender = Client::resume(&broker, &session);
        sender.release(1);
        receiver.expect(&Publish::new(version, "a", "x").bytes());
        // What was not released goes with the session.
        sender.send(&Publish::new(version, "a", "y").qos(2, 2).bytes());
        sender.expect(&ack(PUBREC, 2));
        let mut sender = Client::connect(&broker, &Connect::new(version, "sender"));
        sender.send(&ack(PUBREL, 2));
        match version {
            V5 => sender.expect(&ack_with(PUBCOMP, 2, 0x92)),
            _ => sender.expect(&ack(PUBCOMP, 2)),
        }
        receiver.expect_nothing();
        sender.leave();
    }
}

#[test]
fn more_than_may_be_kept_is_passed_on_at_once() {
    let mut config = Config::default();
    config.limits.queue_messages = 2;
    let broker = Broker::start(config).expect("the broker starts");
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    for id in [65_534, 65_535, 1] {
        receiver.expect_nothing();
        sender.send(
            &Publish::new(V3_1_1, "a", &id.to_string())
                .qos(2, id)
                .bytes(),
        );
        sender.expect(&ack(PUBREC, id));
    }
    for id in [65_534, 65_535, 1] {
        receiver.expect(&Publish::new(V3_1_1, "a", &id.to_string()).bytes());
        sender.release(id);
    }
    receiver.expect_nothing();
}

#[test]
fn what_nobody_has_room_for_is_refused_at_once() {
    let mut config = Config::default();
    config.limits.queue_messages = 1;
    let broker = Broker::start(config).expect("the broker starts");
    let session = Connect::new(V5, "away").resuming().expiring_after(60);
    let mut away = Client::connect(&broker, &session);
    away.send(&subscribe(V5, 1, &[("a", 2)]));
    away.expect(&suback(V5, 1, &[2]));
    away.leave();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    sender.send(&Publish::new(V5, "a", "x").qos(2, 1).bytes());
    sender.expect(&ack(PUBREC, 1));
    sender.release(1);
    sender.send(&Publish::new(V5, "a", "y").qos(2, 2).bytes());
    sender.expect(&ack_with(PUBREC, 2, 0x97));
    sender.expect_nothing();
}
