//! `pub -l` with very many lines: each arrives, in order, and at QoS 2 exactly once.

use std::time::Duration;

use rustix::process::Signal;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Program;
use crate::support::{
    Mosquitto, assert_same_lines, mosquitto_pub, mosquitto_sub, mqtk, numbered_lines,
};

const DEADLINE: Duration = Duration::from_secs(240);

/// Two subscribers, mqtk's and Mosquitto's, that end after `count` lines.
fn subscribers(port: u16, qos: &str, count: usize) -> [(&'static str, Program); 2] {
    let count = count.to_string();
    [
        ("mqtk sub", mqtk(["sub"])),
        ("mosquitto_sub", mosquitto_sub::<&str>([])),
    ]
    .map(|(name, program)| {
        (
            name,
            program
                .args(["-t", "l", "-q", qos, "-C", &count])
                .port(port)
                .deadline(DEADLINE),
        )
    })
}

fn through_mosquitto(qos: &str, count: usize) {
    let broker = Mosquitto::start();
    let lines = numbered_lines(count);
    let receiving =
        subscribers(broker.port(), qos, count).map(|(name, program)| (name, program.start()));
    broker.await_subscriptions("l", 2);
    mqtk(["pub", "-t", "l", "-q", qos, "-l"])
        .port(broker.port())
        .stdin(lines.clone())
        .deadline(DEADLINE)
        .run()
        .expect_success();
    for (name, process) in receiving {
        assert_same_lines(
            name,
            &process.finish().expect_success().stdout_text(),
            &lines,
        );
    }
}

#[test]
fn a_million_at_qos_0_through_mosquitto() {
    through_mosquitto("0", 1_000_000);
}

#[test]
fn two_hundred_thousand_at_qos_1_through_mosquitto() {
    through_mosquitto("1", 200_000);
}

#[test]
fn two_hundred_thousand_at_qos_2_through_mosquitto() {
    through_mosquitto("2", 200_000);
}

/// mosquitto_pub forgets lines when its stdin ends before they are acknowledged: here its
/// stdin stays open until they have arrived.
fn from_mosquitto_pub(qos: &str, count: usize) {
    let broker = MqtkBroker::start();
    let lines = numbered_lines(count);
    let receiving =
        subscribers(broker.port(), qos, count).map(|(name, program)| (name, program.start()));
    broker.await_subscriptions("l", 2);
    let mut publishing = mosquitto_pub(["-t", "l", "-q", qos, "-l"])
        .port(broker.port())
        .stdin_open()
        .deadline(DEADLINE)
        .start();
    publishing.write(&lines);
    for (name, process) in receiving {
        assert_same_lines(
            name,
            &process.finish().expect_success().stdout_text(),
            &lines,
        );
    }
    publishing.finish().expect_success();
    broker.stop(Signal::TERM).expect_code(0);
}

#[test]
fn a_million_at_qos_0_through_the_broker() {
    from_mosquitto_pub("0", 1_000_000);
}

#[test]
fn two_hundred_thousand_at_qos_1_through_the_broker() {
    from_mosquitto_pub("1", 200_000);
}

#[test]
fn two_hundred_thousand_at_qos_2_through_the_broker() {
    from_mosquitto_pub("2", 200_000);
}
