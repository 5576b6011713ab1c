//! Will Messages.

use std::time::{Duration, Instant};

use super::client::Client;
use super::packets::{Connect, PUBACK, Publish, V3_1, V3_1_1, V5, ack, packet, suback, subscribe};
use super::{broker, subscriber};

fn with_will(version: u8) -> Connect {
    Connect::new(version, "mortal").will("will", "died", 0, false)
}

/// Will Delay Interval.
fn delay(seconds: u8) -> [u8; 5] {
    [0x18, 0, 0, 0, seconds]
}

fn published() -> Vec<u8> {
    Publish::new(V5, "will", "died").bytes()
}

#[test]
fn mqtt_3_1_2_8_the_will_is_published_when_the_client_vanishes() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    for version in [V3_1, V3_1_1, V5] {
        Client::connect(&broker, &with_will(version)).vanish();
        watcher.expect(&published());
    }
}

#[test]
fn clients_publish_no_wills_under_sys() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "$SYS/x", 0);
    watcher.send(&subscribe(V5, 2, &[("will", 0)]));
    watcher.expect(&suback(V5, 2, &[0]));
    for version in [V3_1, V3_1_1, V5] {
        let forger = Connect::new(version, "forger").will("$SYS/x", "forged", 0, true);
        Client::connect(&broker, &forger).vanish();
        Client::connect(&broker, &with_will(version)).vanish();
        watcher.expect(&published());
    }
    let mut late = subscriber(&broker, V5, "late", "$SYS/x", 0);
    late.expect_nothing();
}

#[test]
fn mqtt_3_14_4_3_disconnect_deletes_the_will() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    for version in [V3_1, V3_1_1, V5] {
        Client::connect(&broker, &with_will(version)).leave();
        watcher.expect_nothing();
    }
}

/// Who says goodbye and is back at once was not taken over.
#[test]
fn mqtt_3_14_4_3_disconnect_comes_before_the_next_connect() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    for version in [V3_1, V3_1_1, V5].repeat(10) {
        let mut left = Client::connect(&broker, &with_will(version));
        left.send(&Publish::new(version, "will", "alive").bytes());
        left.send(&[0xE0, 0]);
        let mut back = Client::open(&broker);
        back.send(&Connect::new(version, "mortal").bytes());
        watcher.expect(&Publish::new(V5, "will", "alive").bytes());
        left.expect_closed();
        assert_eq!(back.packet()[3], 0);
        back.leave();
        watcher.expect_nothing();
    }
}

#[test]
fn mqtt5_3_14_2_1_disconnect_with_will_message() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    let mut client = Client::connect(&broker, &with_will(V5));
    client.send(&packet(0xE0, &[0x04]));
    watcher.expect(&published());
    client.expect_closed();
}

#[test]
fn mqtt_3_1_2_8_the_will_is_published_after_a_violation_and_a_keep_alive_timeout() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    let mut client = Client::connect(&broker, &with_will(V3_1_1));
    client.send(&[0xFF, 0]);
    watcher.expect(&published());
    let _silent = Client::connect(&broker, &with_will(V3_1_1).keep_alive(1));
    watcher.expect(&published());
}

#[test]
fn mqtt_3_1_4_3_the_will_is_published_on_take_over() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    for version in [V3_1_1, V5] {
        let _old = Client::connect(&broker, &with_will(version));
        let _new = Client::connect(&broker, &Connect::new(version, "mortal"));
        watcher.expect(&published());
    }
}

#[test]
fn mqtt_3_1_2_14_and_15_will_qos_and_will_retain() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V3_1_1, "watcher", "will", 1);
    let connect = Connect::new(V3_1_1, "mortal").will("will", "died", 2, true);
    Client::connect(&broker, &connect).vanish();
    watcher.expect(&Publish::new(V3_1_1, "will", "died").qos(1, 1).bytes());
    watcher.send(&ack(PUBACK, 1));
    let mut late = subscriber(&broker, V3_1_1, "late", "will", 0);
    late.expect(&Publish::new(V3_1_1, "will", "died").retain().bytes());
}

#[test]
fn mqtt_3_1_2_14_a_will_without_will_retain_is_not_retained() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    for version in [V3_1, V3_1_1, V5] {
        Client::connect(&broker, &with_will(version)).vanish();
        watcher.expect(&published());
        subscriber(&broker, V5, "late", "will", 0).expect_nothing();
    }
}

#[test]
fn mqtt5_3_1_2_6_a_will_comes_at_its_will_qos() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V3_1_1, "watcher", "will", 2);
    for version in [V3_1, V3_1_1, V5] {
        for qos in 0..=2 {
            let connect = Connect::new(version, "mortal").will("will", "died", qos, false);
            Client::connect(&broker, &connect).vanish();
            let will = watcher.packet();
            assert_eq!(will[0], 0x30 | qos << 1, "{will:02x?}");
        }
    }
}

#[test]
fn mqtt_3_1_2_8_the_will_waits_for_its_delay() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    let connect = Connect::new(V5, "mortal").expiring_after(60);
    let connect = connect.will_with("will", "died", 0, false, &delay(1));
    let client = Client::connect(&broker, &connect);
    let begin = Instant::now();
    client.vanish();
    watcher.expect_nothing();
    watcher.expect(&published());
    assert!(begin.elapsed() >= Duration::from_secs(1));
}

#[test]
fn mqtt_3_1_2_8_the_end_of_the_session_does_not_wait_for_the_will_delay() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    let connect = Connect::new(V5, "mortal").will_with("will", "died", 0, false, &delay(200));
    Client::connect(&broker, &connect).vanish();
    watcher.expect(&published());

    Client::connect(&broker, &connect.clone().expiring_after(60)).vanish();
    watcher.expect_nothing();
    let _new = Client::connect(&broker, &Connect::new(V5, "mortal"));
    watcher.expect(&published());
}

#[test]
fn mqtt_3_1_3_9_a_client_that_is_back_in_time_has_no_will_published() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    let connect = Connect::new(V5, "mortal").expiring_after(60);
    let dying = connect
        .clone()
        .will_with("will", "died", 0, false, &delay(1));
    Client::connect(&broker, &dying).vanish();
    let _back = Client::resume(&broker, &connect.resuming());
    std::thread::sleep(Duration::from_millis(1200));
    watcher.expect_nothing();
}

#[test]
fn mqtt_3_1_3_10_will_properties_are_passed_on() {
    let broker = broker();
    let mut watcher = subscriber(&broker, V5, "watcher", "will", 0);
    let forwarded = b"\x01\x01\x03\x00\x01t\x26\x00\x01k\x00\x01b\x26\x00\x01k\x00\x01a";
    let properties = [&delay(0)[..], forwarded].concat();
    let connect = Connect::new(V5, "mortal").will_with("will", "died", 0, false, &properties);
    Client::connect(&broker, &connect).vanish();
    watcher.expect(&Publish::new(V5, "will", "died").with(forwarded).bytes());
}

#[test]
fn mqtt_3_1_2_10_a_will_is_published_once() {
    for version in [V3_1_1, V5] {
        let broker = broker();
        let mut watcher = subscriber(&broker, V3_1_1, "watcher", "will", 0);
        let lasting = Connect::new(version, "c").resuming();
        let lasting = match version {
            V5 => lasting.expiring_after(60),
            _ => lasting,
        };
        Client::connect(&broker, &lasting.clone().will("will", "bye", 0, false)).vanish();
        watcher.expect(&Publish::new(V3_1_1, "will", "bye").bytes());
        // The Session goes on, without a Will Message (MQTT-3.1.2-12 of 3.1.1).
        Client::resume(&broker, &lasting).vanish();
        watcher.expect_nothing();
    }
}
