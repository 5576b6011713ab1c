//! Violations, Keep Alive and shutdown: how the broker ends a connection.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use mqtk::broker::{Broker, Config};

use super::client::Client;
use super::packets::{Connect, Publish, V3_1_1, V5, packet};
use super::{broker, subscriber};

/// Packets that break a rule in every version, and the Reason Code for them.
const WRONG: [(&[u8], u8); 6] = [
    (&[0x60, 2, 0, 1], 0x81),
    (&[0x30, 0xFF, 0xFF, 0xFF, 0xFF], 0x81),
    (&[0x20, 3, 0, 0, 0], 0x82),
    (&[0x82, 6, 0, 1, 0, 0, 1, b'a'], 0x81),
    (&[0xE1, 0], 0x81),
    (&[0xF0, 0], 0x82),
];

/// Packets of MQTT 3.1.1 whose flags alone are wrong: SUBSCRIBE, UNSUBSCRIBE and QoS 3.
const WRONG_FLAGS: [&[u8]; 3] = [
    &[0x80, 6, 0, 1, 0, 1, b'a', 0],
    &[0xA0, 5, 0, 1, 0, 1, b'a'],
    &[0x36, 5, 0, 1, b'a', 0, 1],
];

/// Packets of MQTT 5.0 that are right but for one thing: the same flags, and a Remaining Length that
/// could be shorter.
const MALFORMED: [&[u8]; 4] = [
    &[0x80, 7, 0, 1, 0, 0, 1, b'a', 0],
    &[0xA0, 6, 0, 1, 0, 0, 1, b'a'],
    &[0x36, 6, 0, 1, b'a', 0, 1, 0],
    &[0xC0, 0x80, 0x00],
];

#[test]
fn mqtt_4_13_1_1_a_violation_ends_the_connection_with_its_reason() {
    let broker = broker();
    for (bytes, reason) in WRONG
        .into_iter()
        .chain(MALFORMED.map(|bytes| (bytes, 0x81)))
    {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        client.send(bytes);
        client.expect_disconnect(reason);
    }
}

#[test]
fn v3_1_1_mqtt_4_8_0_1_a_violation_ends_the_connection() {
    let broker = broker();
    for bytes in WRONG.map(|(bytes, _)| bytes).into_iter().chain(WRONG_FLAGS) {
        let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
        client.send(bytes);
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_8_1_1_a_violation_is_named_in_one_line() {
    let (log, lines) = mpsc::channel();
    let broker = Broker::start(Config {
        log: Some(Box::new(move |event| {
            let _ = log.send(event.to_string());
        })),
        ..Config::default()
    })
    .expect("the broker starts");
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c\n1"));
    client.send(&[0x80, 6, 0, 1, 0, 1, b'a', 0]);
    client.expect_closed();
    let line = lines
        .iter()
        .find(|line| line.contains("broke"))
        .expect("it is logged");
    let (before, after) = line
        .split_once(" (127.0.0.1:")
        .expect("the line names the peer");
    assert_eq!(before, r#"client "c\n1""#);
    let (_, what) = after.split_once(") ").expect("a port");
    assert_eq!(
        what,
        "broke MQTT-3.8.1-1 at byte 0: SUBSCRIBE flags must be 0010, got 0000"
    );
}

#[test]
fn a_violation_is_explained_to_the_client() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&[0x80, 6, 0, 1, 0, 1, b'a', 0]);
    let disconnect = client.packet();
    let text = String::from_utf8_lossy(&disconnect);
    assert!(text.contains("MQTT-3.8.1-1"), "{text}");
}

#[test]
fn nothing_is_processed_after_a_violation() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V3_1_1, "w", "#", 0);
    let mut client = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    let publish = Publish::new(V3_1_1, "a", "x").bytes();
    client.send(&[publish.clone(), vec![0x20, 2, 0, 0], publish.clone()].concat());
    client.expect_closed();
    watcher.expect(&publish);
    watcher.expect_nothing();
}

#[test]
fn mqtt_3_1_2_22_silence_for_one_and_a_half_keep_alives_ends_the_connection() {
    let broker = broker();
    for version in [V3_1_1, V5] {
        let begin = Instant::now();
        let mut client = Client::connect(&broker, &Connect::new(version, "c").keep_alive(1));
        if version == V5 {
            client.expect_disconnect(0x8D);
        } else {
            client.expect_closed();
        }
        let silence = begin.elapsed();
        assert!(
            silence >= Duration::from_millis(1500),
            "closed after {silence:?}"
        );
        assert!(silence < Duration::from_secs(4), "closed after {silence:?}");
    }
}

#[test]
fn mqtt_3_12_4_1_pingreq_is_answered_and_keeps_the_connection() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c").keep_alive(1));
    for _ in 0..4 {
        std::thread::sleep(Duration::from_millis(600));
        client.expect_nothing();
    }
}

#[test]
fn a_connection_without_connect_is_closed_after_the_connect_timeout() {
    let mut config = Config::default();
    config.limits.connect_timeout = Duration::from_millis(200);
    let broker = Broker::start(config).expect("the broker starts");
    let mut silent = Client::open(&broker);
    let mut slow = Client::open(&broker);
    slow.send(&[0x10]);
    let mut prompt = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    silent.expect_closed();
    slow.expect_closed();
    prompt.expect_nothing();
}

#[test]
fn shutting_down_is_told_and_wills_are_published() {
    let broker = broker();
    let mut v3 = subscriber(&broker, V3_1_1, "v3", "will", 0);
    let delay_an_hour = [0x18, 0, 0, 0x0E, 0x10];
    let connect = Connect::new(V5, "v5").expiring_after(7200).will_with(
        "will",
        "bye",
        0,
        false,
        &delay_an_hour,
    );
    let mut v5 = Client::connect(&broker, &connect);
    broker.shutdown();
    v3.expect(&Publish::new(V3_1_1, "will", "bye").bytes());
    v3.expect_closed();
    v5.expect_disconnect(0x8B);
}

#[test]
fn what_was_sent_before_the_shutdown_counts() {
    for _ in 0..20 {
        let broker = broker();
        let mut watcher = subscriber(&broker, V3_1_1, "watcher", "will", 0);
        let connect = Connect::new(V3_1_1, "mortal").will("will", "died", 0, false);
        let mut left = Client::connect(&broker, &connect);
        let alive = Publish::new(V3_1_1, "will", "alive").bytes();
        left.send(&alive);
        left.send(&[0xE0, 0]);
        broker.shutdown();
        watcher.expect(&alive);
        watcher.expect_closed();
    }
}

#[test]
fn mqtt_3_14_4_3_disconnect_ends_the_connection() {
    let broker = broker();
    for version in [V3_1_1, V5] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&packet(0xE0, &[]));
        client.expect_closed();
    }
}
