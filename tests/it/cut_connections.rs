//! Connections cut after a random number of bytes, a hundred times: nothing acknowledged is lost,
//! and QoS 2 is exactly once.

use std::time::Duration;

use crate::support::broker::Broker;
use crate::support::cutting_proxy::CuttingProxy;
use crate::support::deliveries::{assert_none_lost, received_by};
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Program;
use crate::support::{Mosquitto, assert_same_lines, mosquitto_sub, mqtk, numbered_lines, seed};

const DEADLINE: Duration = Duration::from_secs(180);
const IMPATIENT: [&str; 4] = ["--reconnect-min", "0.01", "--reconnect-max", "0.05"];
/// What a client of 3.1.1 needs to be exactly once over reconnects.
const KEPT_SESSION: [&str; 3] = ["-c", "-i", "kept"];
const CUTS: usize = 100;
/// The most bytes, both ways together, before a cut.
const MOST_BYTES: usize = 8_000;
const LINES: usize = 20_000;

/// What arrives of the lines published through the proxy, and the lines.
fn publish_through_cuts(broker: &dyn Broker, publisher: Program, qos: &str) -> (String, String) {
    let proxy = CuttingProxy::start(broker.port(), seed(), CUTS, MOST_BYTES);
    let lines = numbered_lines(LINES);
    let receiving = mosquitto_sub(["-t", "l", "-q", qos])
        .port(broker.port())
        .deadline(DEADLINE)
        .start();
    broker.await_subscriptions("l", 1);
    publisher
        .args(["-t", "l", "-q", qos, "-l"])
        .args(IMPATIENT)
        .port(proxy.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .run()
        .expect_code(0);
    assert_eq!(proxy.cuts_done(), CUTS, "connections cut");
    (received_by(&receiving, broker.port()), lines)
}

/// What arrives through the proxy of the lines published, and the lines.
fn subscribe_through_cuts(broker: &dyn Broker, subscriber: Program, qos: &str) -> (String, String) {
    let proxy = CuttingProxy::start(broker.port(), seed(), CUTS, MOST_BYTES);
    let lines = numbered_lines(LINES);
    let receiving = subscriber
        .args(["-t", "l", "-q", qos])
        .args(IMPATIENT)
        .port(proxy.port())
        .deadline(DEADLINE)
        .start();
    broker.await_subscriptions("l", 1);
    mqtk(["pub", "-t", "l", "-q", qos, "-l"])
        .port(broker.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .run()
        .expect_success();
    let received = received_by(&receiving, broker.port());
    assert_eq!(proxy.cuts_done(), CUTS, "connections cut");
    (received, lines)
}

#[test]
fn published_at_qos_1_to_mosquitto() {
    let broker = Mosquitto::start();
    let (received, lines) = publish_through_cuts(&broker, mqtk(["pub", "-V", "5"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn published_at_qos_1_in_sessions_that_the_broker_forgets() {
    let broker = Mosquitto::start();
    let (received, lines) = publish_through_cuts(&broker, mqtk(["pub"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn published_at_qos_2_to_mosquitto() {
    let broker = Mosquitto::start();
    let (received, lines) = publish_through_cuts(&broker, mqtk(["pub", "-V", "5"]), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn published_at_qos_2_to_mosquitto_in_3_1_1() {
    let broker = Mosquitto::start();
    let (received, lines) = publish_through_cuts(&broker, mqtk(["pub"]).args(KEPT_SESSION), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn published_at_qos_2_to_the_broker() {
    let broker = MqtkBroker::start();
    let (received, lines) = publish_through_cuts(&broker, mqtk(["pub", "-V", "5"]), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn published_at_qos_2_to_the_broker_in_3_1_1() {
    let broker = MqtkBroker::start();
    let (received, lines) = publish_through_cuts(&broker, mqtk(["pub"]).args(KEPT_SESSION), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn received_at_qos_1_from_mosquitto() {
    let broker = Mosquitto::start();
    let (received, lines) = subscribe_through_cuts(&broker, mqtk(["sub", "-V", "5"]), "1");
    assert_none_lost(&received, &lines);
}

// Mosquitto 2.0 sends a PUBLISH again, after PUBREL, when its redelivery is cut short: it cannot
// show that a receiver is exactly once. mqtk's broker can.
#[test]
fn received_at_qos_2_from_mosquitto() {
    let broker = Mosquitto::start();
    let (received, lines) = subscribe_through_cuts(&broker, mqtk(["sub", "-V", "5"]), "2");
    assert_none_lost(&received, &lines);
}

#[test]
fn received_at_qos_2_from_the_broker() {
    let broker = MqtkBroker::start();
    let (received, lines) = subscribe_through_cuts(&broker, mqtk(["sub", "-V", "5"]), "2");
    assert_same_lines("mqtk sub", &received, &lines);
}

#[test]
fn received_at_qos_2_from_the_broker_in_3_1_1() {
    let broker = MqtkBroker::start();
    let (received, lines) = subscribe_through_cuts(&broker, mqtk(["sub"]).args(KEPT_SESSION), "2");
    assert_same_lines("mqtk sub", &received, &lines);
}
