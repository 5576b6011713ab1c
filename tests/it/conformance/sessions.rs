//! Sessions: Clean Start, expiry, what waits for an absent client.

use std::time::Duration;

use mqtk::broker::{Broker, Config};

use super::broker;
use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBCOMP, PUBREC, PUBREL, Publish, V3_1_1, V5, ack, packet, suback, subscribe,
};

/// A CONNECT that finds its session, in each version.
fn lasting(version: u8) -> Connect {
    let connect = Connect::new(version, "lasting").resuming();
    if version == V5 {
        connect.expiring_after(3600)
    } else {
        connect
    }
}

/// A lasting session with a subscription to `a` at QoS 2, its client gone.
fn absent(broker: &Broker, version: u8) {
    let mut client = Client::connect(broker, &lasting(version));
    client.send(&subscribe(version, 1, &[("a", 2)]));
    client.expect(&suback(version, 1, &[2]));
    client.leave();
}

fn publish(broker: &Broker, payloads: &[&str]) {
    let mut sender = Client::connect(broker, &Connect::new(V3_1_1, "sender"));
    for (payload, id) in payloads.iter().zip(1..) {
        sender.send(&Publish::new(V3_1_1, "a", payload).qos(1, id).bytes());
        sender.expect(&ack(PUBACK, id));
    }
}

#[test]
fn mqtt_3_1_2_5_a_session_is_resumed_with_what_was_published_meanwhile() {
    for version in [V3_1_1, V5] {
        let broker = broker();
        absent(&broker, version);
        publish(&broker, &["1", "2", "3"]);
        let mut client = Client::resume(&broker, &lasting(version));
        for id in 1..=3 {
            let payload = id.to_string();
            client.expect(&Publish::new(version, "a", &payload).qos(1, id).bytes());
            client.send(&ack(PUBACK, id));
        }
        client.expect_nothing();
    }
}

#[test]
fn mqtt_3_1_2_4_clean_start_discards_the_session() {
    for version in [V3_1_1, V5] {
        let broker = broker();
        absent(&broker, version);
        publish(&broker, &["1"]);
        let mut client = Client::connect(&broker, &Connect::new(version, "lasting"));
        client.expect_nothing();
        publish(&broker, &["2"]);
        client.expect_nothing();
        client.leave();
        // MQTT-3.1.2-6: and nothing is left of it.
        Client::connect(&broker, &lasting(version)).expect_nothing();
    }
}

#[test]
fn v3_1_1_mqtt_3_1_2_6_a_clean_session_ends_with_its_connection() {
    let broker = broker();
    let connect = Connect::new(V3_1_1, "lasting");
    Client::connect(&broker, &connect).leave();
    Client::connect(&broker, &lasting(V3_1_1));
}

#[test]
fn mqtt_4_1_0_2_a_session_ends_when_its_expiry_interval_has_passed() {
    let broker = broker();
    let connect = Connect::new(V5, "c").resuming();
    Client::connect(&broker, &connect.clone().expiring_after(1)).leave();
    std::thread::sleep(Duration::from_millis(1200));
    Client::connect(&broker, &connect).leave();
    // Without the property the session ends with the connection.
    Client::connect(&broker, &connect.clone().expiring_after(2)).leave();
    Client::resume(&broker, &connect);
}

#[test]
fn mqtt5_3_14_2_2_2_disconnect_may_change_the_expiry_interval() {
    let broker = broker();
    let connect = Connect::new(V5, "c").resuming();
    let mut client = Client::connect(&broker, &connect.clone().expiring_after(3600));
    client.send(&packet(0xE0, &[0, 5, 0x11, 0, 0, 0, 0]));
    client.expect_closed();
    Client::connect(&broker, &connect).leave();
    // But not from 0.
    let mut client = Client::connect(&broker, &connect);
    client.send(&packet(0xE0, &[0, 5, 0x11, 0, 0, 0, 9]));
    client.expect_disconnect(0x82);
}

#[test]
fn mqtt_4_4_0_1_what_is_unacknowledged_is_sent_again_on_reconnect() {
    for version in [V3_1_1, V5] {
        let broker = broker();
        let mut client = Client::connect(&broker, &lasting(version));
        client.send(&subscribe(version, 1, &[("a", 2)]));
        client.expect(&suback(version, 1, &[2]));
        let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
        for (id, qos) in [(1, 1), (2, 2), (3, 2)] {
            sender.send(&Publish::new(V3_1_1, "a", "x").qos(qos, id).bytes());
            let _acknowledged = sender.packet();
            if qos == 2 {
                sender.release(id);
            }
        }
        let publish = |id, qos| Publish::new(version, "a", "x").qos(qos, id);
        client.expect(&publish(1, 1).bytes());
        client.expect(&publish(2, 2).bytes());
        client.expect(&publish(3, 2).bytes());
        client.send(&ack(PUBREC, 2));
        client.expect(&ack(PUBREL, 2));
        client.vanish();

        let mut client = Client::resume(&broker, &lasting(version));
        client.expect_all(&[
            ack(PUBREL, 2),
            publish(1, 1).dup().bytes(),
            publish(3, 2).dup().bytes(),
        ]);
        client.send(&ack(PUBCOMP, 2));
        client.send(&ack(PUBACK, 1));
        client.send(&ack(PUBREC, 3));
        client.expect(&ack(PUBREL, 3));
        client.send(&ack(PUBCOMP, 3));
        client.leave();
        Client::resume(&broker, &lasting(version)).expect_nothing();
    }
}

#[test]
fn mqtt_4_3_3_a_qos_2_message_is_known_again_after_a_reconnect() {
    let broker = broker();
    let mut receiver = super::subscriber(&broker, V3_1_1, "receiver", "a", 0);
    let mut sender = Client::connect(&broker, &lasting(V3_1_1));
    let publish = Publish::new(V3_1_1, "a", "x").qos(2, 9);
    sender.send(&publish.bytes());
    sender.expect(&ack(PUBREC, 9));
    sender.vanish();
    let mut sender = Client::resume(&broker, &lasting(V3_1_1));
    sender.send(&publish.dup().bytes());
    sender.expect(&ack(PUBREC, 9));
    sender.release(9);
    receiver.expect(&Publish::new(V3_1_1, "a", "x").bytes());
    receiver.expect_nothing();
}

#[test]
fn qos_0_is_not_kept_for_absent_clients() {
    let broker = broker();
    absent(&broker, V3_1_1);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    sender.send(&Publish::new(V3_1_1, "a", "x").bytes());
    sender.expect_nothing();
    Client::resume(&broker, &lasting(V3_1_1)).expect_nothing();
}

#[test]
fn a_taken_over_session_is_resumed() {
    for version in [V3_1_1, V5] {
        let broker = broker();
        absent(&broker, version);
        let _old = Client::resume(&broker, &lasting(version));
        let mut new = Client::resume(&broker, &lasting(version));
        publish(&broker, &["1"]);
        new.expect(&Publish::new(version, "a", "1").qos(1, 1).bytes());
    }
}

#[test]
fn a_full_queue_is_answered_0x97() {
    let mut config = Config::default();
    config.limits.queue_messages = 2;
    let broker = Broker::start(config).expect("the broker starts");
    absent(&broker, V5);
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for (id, answer) in [
        (1, ack(PUBACK, 1)),
        (2, ack(PUBACK, 2)),
        (3, vec![PUBACK, 3, 0, 3, 0x97]),
    ] {
        sender.send(&Publish::new(V5, "a", &id.to_string()).qos(1, id).bytes());
        sender.expect(&answer);
    }
    let mut client = Client::resume(&broker, &lasting(V5));
    client.expect(&Publish::new(V5, "a", "1").qos(1, 1).bytes());
    client.expect(&Publish::new(V5, "a", "2").qos(1, 2).bytes());
    client.expect_nothing();
}
