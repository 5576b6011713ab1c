//! Brokers that restart and connections that break: nothing acknowledged is lost, QoS 2 is
//! exactly once.

use std::collections::HashSet;
use std::time::Duration;

use crate::support::cutting_proxy::CuttingProxy;
use crate::support::process::{Program, Running};
use crate::support::wire::{CONNACK, PUBACK, PUBLISH, SUBSCRIBE, acknowledgement};
use crate::support::{
    Mosquitto, RawServer, assert_same_lines, mosquitto_pub, mosquitto_sub, mqtk, numbered_lines,
    seed,
};

const DEADLINE: Duration = Duration::from_secs(180);
/// Back soon: the tests lose a hundred connections.
const IMPATIENT: [&str; 4] = ["--reconnect-min", "0.01", "--reconnect-max", "0.05"];
/// What a client of 3.1.1 needs to be exactly once over reconnects.
const KEPT_SESSION: [&str; 3] = ["-c", "-i", "kept"];
/// Comes last, to end the subscribers whatever they missed.
const LAST: &str = "the last line";

fn subscriber_of_all(broker: &Mosquitto, qos: &str) -> Running {
    mosquitto_sub(["-c", "-i", "all", "-t", "l", "-q", qos])
        .port(broker.port())
        .deadline(DEADLINE)
        .start()
}

/// What came before the last line.
fn received_by(process: Running, broker: &Mosquitto) -> String {
    mosquitto_pub(["-t", "l", "-q", "2", "-m", LAST])
        .port(broker.port())
        .run()
        .expect_code(0);
    let text = process.await_stdout("last line", |text| text.ends_with(&format!("{LAST}\n")));
    text.strip_suffix(&format!("{LAST}\n"))
        .map(str::to_owned)
        .expect("it ends so")
}

/// Every line, in order of its first arrival; others than the first may be there.
fn assert_none_lost(received: &str, lines: &str) {
    let mut seen = HashSet::new();
    let firsts: String = received
        .lines()
        .filter(|line| seen.insert(*line))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_same_lines("first arrivals", &firsts, lines);
}

fn restart_in_the_middle(publisher: Program, qos: &str) -> (String, String) {
    let mut broker = Mosquitto::builder().persistent().start();
    let lines = numbered_lines(100_000);
    let receiving = subscriber_of_all(&broker, qos);
    broker.await_subscription("l");
    let publishing = publisher
        .args(["-t", "l", "-q", qos, "-l"])
        .args(IMPATIENT)
        .port(broker.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .start();
    for received in [5_000, 40_000] {
        receiving.await_lines(received);
        broker.stop();
        broker.restart();
    }
    publishing.finish().expect_code(0);
    (received_by(receiving, &broker), lines)
}

#[test]
fn a_restarted_broker_gets_every_line_at_qos_1() {
    let (received, lines) = restart_in_the_middle(mqtk(["pub", "-V", "5"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn a_restarted_broker_gets_every_line_once_at_qos_2() {
    let (received, lines) = restart_in_the_middle(mqtk(["pub", "-V", "5"]), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn a_restarted_broker_gets_every_line_once_at_qos_2_in_3_1_1() {
    let (received, lines) = restart_in_the_middle(mqtk(["pub"]).args(KEPT_SESSION), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

fn publish_through_cuts(publisher: Program, qos: &str) -> (String, String) {
    let broker = Mosquitto::start();
    let proxy = CuttingProxy::start(broker.port(), seed(), 100, 8_000);
    let lines = numbered_lines(20_000);
    let receiving = subscriber_of_all(&broker, qos);
    broker.await_subscription("l");
    publisher
        .args(["-t", "l", "-q", qos, "-l"])
        .args(IMPATIENT)
        .port(proxy.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .run()
        .expect_code(0);
    assert_eq!(proxy.cuts_done(), 100, "connections cut");
    (received_by(receiving, &broker), lines)
}

#[test]
fn a_hundred_cuts_lose_no_published_line_at_qos_1() {
    let (received, lines) = publish_through_cuts(mqtk(["pub", "-V", "5"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn a_hundred_cuts_double_no_published_line_at_qos_2() {
    let (received, lines) = publish_through_cuts(mqtk(["pub", "-V", "5"]), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn a_hundred_cuts_double_no_published_line_at_qos_2_in_3_1_1() {
    let (received, lines) = publish_through_cuts(mqtk(["pub"]).args(KEPT_SESSION), "2");
    assert_same_lines("mosquitto_sub", &received, &lines);
}

#[test]
fn a_hundred_cuts_lose_no_line_of_a_session_that_the_broker_forgets() {
    let (received, lines) = publish_through_cuts(mqtk(["pub"]), "1");
    assert_none_lost(&received, &lines);
}

fn subscribe_through_cuts(subscriber: Program, qos: &str) -> (String, String) {
    let broker = Mosquitto::start();
    let lines = numbered_lines(20_000);
    let proxy = CuttingProxy::start(broker.port(), seed(), 100, 8_000);
    let receiving = subscriber
        .args(["-t", "l", "-q", qos])
        .args(IMPATIENT)
        .port(proxy.port())
        .deadline(DEADLINE)
        .start();
    broker.await_subscription("l");
    mqtk(["pub", "-t", "l", "-q", qos, "-l"])
        .port(broker.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .run()
        .expect_success();
    let received = received_by(receiving, &broker);
    assert_eq!(proxy.cuts_done(), 100, "connections cut");
    (received, lines)
}

#[test]
fn a_hundred_cuts_lose_no_received_line_at_qos_1() {
    let (received, lines) = subscribe_through_cuts(mqtk(["sub", "-V", "5"]), "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn a_hundred_cuts_double_no_received_line_at_qos_2() {
    let (received, lines) = subscribe_through_cuts(mqtk(["sub", "-V", "5"]), "2");
    assert_same_lines("mqtk sub", &received, &lines);
}

#[test]
fn a_hundred_cuts_double_no_received_line_at_qos_2_in_3_1_1() {
    let (received, lines) = subscribe_through_cuts(mqtk(["sub"]).args(KEPT_SESSION), "2");
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
        .expect_words(&["3 of 5 messages were not acknowledged"]);
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
