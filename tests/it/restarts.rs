//! Brokers that go away and come back, or do not.

use std::collections::HashSet;
use std::time::Duration;

use crate::support::deliveries::{assert_none_lost, received_by};
use crate::support::process::Program;
use crate::support::wire::{CONNACK, PUBACK, PUBLISH, SUBSCRIBE, acknowledgement};
use crate::support::{
    Mosquitto, RawServer, assert_same_lines, mosquitto_pub, mosquitto_sub, mqtk, numbered_lines,
};

const DEADLINE: Duration = Duration::from_secs(180);
const IMPATIENT: [&str; 4] = ["--reconnect-min", "0.01", "--reconnect-max", "0.05"];
/// Mosquitto 2.0 writes only those sessions to disk that were not begun clean.
const KEPT_SESSION: [&str; 3] = ["-c", "-i", "kept"];

/// Stops and starts Mosquitto twice while lines are published, and gives what it delivered.
///
/// mosquitto_sub loses and doubles messages over a restart, so mqtk receives. Mosquitto 2.0 itself
/// delivers messages again for which it has sent PUBREL: these have DUP set, and are no sign of
/// the publisher's exactness.
fn restart_in_the_middle(publisher: Program, qos: &str) -> (String, String) {
    let mut broker = Mosquitto::builder().persistent().start();
    let lines = numbered_lines(50_000);
    let receiving = mqtk(["sub", "-c", "-i", "all", "-t", "l", "-q", qos, "--json"])
        .args(IMPATIENT)
        .port(broker.port())
        .deadline(DEADLINE)
        .start();
    broker.await_subscription("l");
    let publishing = publisher
        .args(["-t", "l", "-q", qos, "-l"])
        .args(IMPATIENT)
        .port(broker.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .start();
    for received in [5_000, 20_000] {
        receiving.await_lines(received);
        broker.stop();
        broker.restart();
    }
    publishing.finish().expect_code(0);
    let received = received_by(&receiving, broker.port());
    (without_redeliveries(&received), lines)
}

/// The payloads of JSON lines, less those that came before and have DUP set now.
fn without_redeliveries(received: &str) -> String {
    let mut seen = HashSet::new();
    let mut payloads = String::new();
    for line in received.lines() {
        let message: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        let payload = message["payload"].as_str().expect("a text");
        if seen.insert(payload.to_owned()) || message["dup"] == false {
            payloads.push_str(payload);
            payloads.push('\n');
        }
    }
    payloads
}

#[test]
fn a_restarted_broker_gets_every_line_at_qos_1() {
    let (received, lines) = restart_in_the_middle(mqtk(["pub"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn a_restarted_broker_gets_every_line_at_qos_1_in_5_0() {
    let (received, lines) = restart_in_the_middle(mqtk(["pub", "-V", "5"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn a_restarted_broker_gets_every_line_once_at_qos_2() {
    let publisher = mqtk(["pub", "-V", "5"]).args(KEPT_SESSION);
    let (received, lines) = restart_in_the_middle(publisher, "2");
    assert_same_lines("mqtk sub", &received, &lines);
}

#[test]
fn a_restarted_broker_gets_every_line_once_at_qos_2_in_3_1_1() {
    let (received, lines) = restart_in_the_middle(mqtk(["pub"]).args(KEPT_SESSION), "2");
    assert_same_lines("mqtk sub", &received, &lines);
}

#[test]
fn a_subscriber_subscribes_again_to_a_broker_that_forgot_it() {
    let mut broker = Mosquitto::start();
    let receiving = mqtk(["sub", "-t", "a", "-t", "b/#", "-v"])
        .args(IMPATIENT)
        .port(broker.port())
        .start();
    for (number, topic) in ["a", "b/c", "a"].into_iter().enumerate() {
        broker.await_subscription("b/#");
        mosquitto_pub(["-t", topic, "-m", "on"])
            .port(broker.port())
            .run()
            .expect_success();
        receiving.await_lines(number + 1);
        broker.stop();
        broker.restart();
    }
    let text = receiving.await_stdout("third line", |text| text.lines().count() == 3);
    assert_eq!(text, "a on\nb/c on\na on\n");
}

#[test]
fn a_line_at_qos_0_typed_while_the_broker_is_away_does_not_vanish() {
    let mut broker = Mosquitto::start();
    let mut publishing = mqtk(["pub", "-t", "l", "-r", "-l"])
        .args(IMPATIENT)
        .port(broker.port())
        .stdin_open()
        .start();
    let receiving = mosquitto_sub(["-t", "l", "-C", "1"])
        .port(broker.port())
        .start();
    broker.await_subscription("l");
    publishing.write("before\n");
    assert_eq!(receiving.finish().lines(), ["before"]);
    broker.stop();
    publishing.await_stderr("word on the lost connection", |text| !text.is_empty());
    publishing.write("during\n");
    broker.restart();
    publishing.finish().expect_code(0);
    let retained = mosquitto_sub(["-t", "l", "-C", "1"])
        .port(broker.port())
        .run();
    assert_eq!(retained.lines(), ["during"]);
}

#[test]
fn lines_that_nobody_acknowledged_are_counted() {
    let server = RawServer::listen();
    let publishing = mqtk(["pub", "-t", "l", "-q", "1", "-l", "--reconnect-for", "0.2"])
        .args(IMPATIENT)
        .port(server.port())
        .stdin("1\n2\n3\n4\n5\n")
        .start();
    let mut peer = server.accept_with(&CONNACK);
    for number in 1..=5 {
        let id = peer
            .packet_of(PUBLISH)
            .publish(false)
            .packet_id
            .expect("QoS 1");
        if number <= 2 {
            peer.send(acknowledgement(PUBACK, id));
        }
    }
    drop((peer, server));
    publishing
        .finish()
        .expect_code(5)
        .expect_words(&["3 of 5", "not acknowledged"]);
}

#[test]
fn a_broker_that_does_not_come_back_is_a_lost_connection() {
    let server = RawServer::listen();
    let subscribing = mqtk(["sub", "-t", "l", "--reconnect-for", "0.2"])
        .args(IMPATIENT)
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    peer.packet_of(SUBSCRIBE);
    drop((peer, server));
    subscribing
        .finish()
        .expect_code(5)
        .expect_words(&["lost", "refused"]);
}
