//! What the broker announces and enforces.

use mqtk::broker::{Broker, Config, Limits};

use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBREC, Publish, V3_1_1, V5, ack, ack_with, packet, suback, subscribe,
};

fn broker_with(set: impl FnOnce(&mut Limits)) -> Broker {
    let mut config = Config::default();
    set(&mut config.limits);
    Broker::start(config).expect("the broker starts")
}

#[test]
fn mqtt_3_3_4_7_the_receive_maximum_is_enforced() {
    let broker = broker_with(|limits| limits.receive_maximum = 2);
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    for id in 1..=2 {
        client.send(&Publish::new(V5, "a", "x").qos(2, id).bytes());
        client.expect(&ack_with(PUBREC, id, 0x10));
    }
    client.send(&Publish::new(V5, "a", "x").qos(2, 3).bytes());
    // The Reason String is shortened: there are clients that misread a Property Length of two bytes.
    let disconnect = client.packet();
    assert_eq!((disconnect[0], disconnect[2]), (0xE0, 0x93));
    assert!(disconnect[3] < 128, "{disconnect:02x?}");
    let reason = String::from_utf8_lossy(&disconnect[7..]);
    assert!(reason.starts_with("MQTT-3.3.4-7: "), "{reason}");
    assert!(reason.ends_with(", got 3"), "{reason}");
    client.expect_closed();
}

#[test]
fn mqtt_3_2_2_15_the_maximum_packet_size_is_enforced() {
    let broker = broker_with(|limits| limits.max_packet_size = 1000);
    for version in [V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        let fits = Publish::new(version, "a", &"x".repeat(900)).bytes();
        client.send(&fits);
        client.expect_nothing();
        // The Fixed Header is enough: nobody waits for the rest.
        client.send(&[0x30, 0xE8, 0x07]);
        if version == V5 {
            client.expect_disconnect(0x95);
        } else {
            client.expect_closed();
        }
    }
}

#[test]
fn mqtt_3_1_2_25_what_is_too_large_for_the_client_counts_as_sent() {
    let broker = broker_with(|_| {});
    let mut client = Client::connect(&broker, &Connect::new(V5, "c").with(&[0x27, 0, 0, 0, 60]));
    client.send(&subscribe(V5, 1, &[("a", 1)]));
    client.expect(&suback(V5, 1, &[1]));
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for (id, length) in [(1, 100), (2, 10)] {
        for qos in 0..=1 {
            let publish = Publish::new(V5, "a", &"x".repeat(length)).qos(qos, id);
            sender.send(&publish.bytes());
        }
        sender.expect(&ack(PUBACK, id));
    }
    client.expect(&Publish::new(V5, "a", &"x".repeat(10)).bytes());
    client.expect(&Publish::new(V5, "a", &"x".repeat(10)).qos(1, 1).bytes());
    client.expect_nothing();
}

#[test]
fn one_client_too_many_is_refused() {
    let broker = broker_with(|limits| limits.max_connections = 1);
    let mut first = Client::connect(&broker, &Connect::new(V5, "first"));
    for (version, connack) in [(V5, &[0x20, 3, 0, 0x97, 0][..]), (V3_1_1, &[0x20, 2, 0, 3])] {
        let mut client = Client::open(&broker);
        client.send(&Connect::new(version, "second").bytes());
        client.expect(connack);
        client.expect_closed();
    }
    first.expect_nothing();
    // Whoever takes a session over needs no place of its own.
    let again = Client::connect(&broker, &Connect::new(V5, "first"));
    first.expect_disconnect(0x8E);
    again.leave();
    Client::connect(&broker, &Connect::new(V5, "second"));
}

#[test]
fn one_session_too_many_is_refused() {
    let broker = broker_with(|limits| limits.max_sessions = 1);
    let lasting = Connect::new(V3_1_1, "first").resuming();
    Client::connect(&broker, &lasting).leave();
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V5, "second").bytes());
    client.expect(&[0x20, 3, 0, 0x97, 0]);
    client.expect_closed();
    Client::resume(&broker, &lasting).leave();
    Client::connect(&broker, &Connect::new(V3_1_1, "first")).leave();
    Client::connect(&broker, &Connect::new(V5, "second"));
}

#[test]
fn retained_messages_are_limited() {
    let broker = broker_with(|limits| limits.retained_messages = 1);
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&Publish::new(V5, "a", "x").qos(1, 1).retain().bytes());
    client.expect(&ack_with(PUBACK, 1, 0x10));
    client.send(&Publish::new(V5, "b", "x").qos(1, 2).retain().bytes());
    client.expect(&ack_with(PUBACK, 2, 0x97));
    client.send(&Publish::new(V5, "a", "y").qos(1, 3).retain().bytes());
    client.expect(&ack_with(PUBACK, 3, 0x10));
}

#[test]
fn the_session_expiry_interval_is_capped_and_the_client_is_told() {
    let broker = broker_with(|limits| limits.max_session_expiry = 1);
    let mut client = Client::open(&broker);
    let connect = Connect::new(V5, "c").resuming().expiring_after(3600);
    client.send(&connect.bytes());
    let connack = client.packet();
    assert_eq!(connack[5..10], [0x11, 0, 0, 0, 1], "{connack:02x?}");
    client.leave();
    std::thread::sleep(std::time::Duration::from_millis(1200));
    Client::connect(&broker, &connect);
}

#[test]
fn a_length_that_never_arrives_costs_nothing_and_hinders_nobody() {
    let broker = broker_with(|_| {});
    let mut claims: Vec<_> = (0..50)
        .map(|n| Client::connect(&broker, &Connect::new(V3_1_1, &n.to_string())))
        .collect();
    for client in &mut claims {
        client.send(&[0x30, 0xFF, 0xFF, 0xFF, 0x1F]);
        client.send(&[0; 100]);
    }
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    client.expect_nothing();
}

#[test]
fn a_payload_of_ten_megabytes_goes_through() {
    let broker = broker_with(|_| {});
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    client.send(&subscribe(V3_1_1, 1, &[("big", 1)]));
    client.expect(&suback(V3_1_1, 1, &[1]));
    let payload = "0123456789".repeat(1_000_000);
    for qos in 0..=1 {
        let publish = Publish::new(V3_1_1, "big", &payload).qos(qos, 1).bytes();
        client.send(&publish);
        let mut packets = [client.packet()].to_vec();
        if qos == 1 {
            packets.push(client.packet());
        }
        assert!(packets.contains(&publish), "the payload is changed");
    }
    client.send(&packet(0x40, &[0, 1]));
    client.expect_nothing();
}
