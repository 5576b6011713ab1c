//! `mqtk bench` and brokers that break down, or take nothing: what is said, when, and by which exit status.

use std::io::Write;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::support::finished::Finished;
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::wire::CONNACK;
use crate::support::{Mosquitto, RawServer, mqtk, shell};

/// More than any of these runs needs, however slow the machine.
const LONG: Duration = Duration::from_secs(60);

fn report(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.stdout).expect("a report as JSON")
}

#[test]
fn connections_that_break_before_the_run_were_there() {
    let server = RawServer::listen();
    let running = mqtk(["bench", "connect", "-c", "2", "--threads", "1"])
        .args(["--connecting", "1", "--json"])
        .port(server.port())
        .start();
    let first = server.accept_with(&CONNACK);
    let mut second = server.accept();
    second.packet();
    drop(first);
    drop(second);
    let finished = running.finish();
    let finished = finished.expect_failure(5, &["every connection that stood broke"]);
    let report = report(&finished);
    let connections = &report["connections"];
    assert_eq!(connections["lost_early"], 1, "{report}");
    assert_eq!(connections["ready"], 0, "{report}");
    assert_eq!(report["verdict"], "valid", "one was measured: {report}");
}

#[test]
fn a_broker_that_is_killed_in_the_warm_up_is_said_to_be_so_then() {
    let broker = Mosquitto::start();
    let running = mqtk(["bench", "pub", "-q", "1", "--rate", "100", "--json"])
        .args(["--warmup", "50s", "--duration", "1s", "--interval", "100ms"])
        .port(broker.port())
        .deadline(LONG)
        .start();
    running.await_stderr("the warm-up", |text| text.contains("warm-up"));
    broker.process().signal(Signal::KILL);
    let report = report(&running.finish().expect_code(5));
    let at = report["connections"]["all_lost_s"].as_f64();
    assert!(at.is_some_and(|at| at < 50.0), "{report}");
    assert_eq!(report["verdict"], "nothing measured", "{report}");
}

#[test]
fn clients_that_were_cut_off_do_not_stand_for_a_broker() {
    let broker = Mosquitto::start();
    let running = mqtk(["bench", "wills", "-c", "1500", "--rate", "30"])
        .args(["--interval", "200ms", "--drain", "500s"])
        .port(broker.port())
        .deadline(LONG)
        .start();
    running.await_stderr("the first interval", |text| text.contains("cut off "));
    broker.process().signal(Signal::KILL);
    let finished = running.finish();
    let finished = finished
        .expect_code(5)
        .expect_words(&["every connection broke during the run"]);
    let text = finished.stdout_text();
    assert!(text.contains("Every connection broke, the last"), "{text}");
}

#[test]
fn sessions_of_a_dead_broker_are_not_waited_for() {
    let broker = Mosquitto::start();
    let running = mqtk(["bench", "queue", "-c", "60", "-n", "2", "-q", "1"])
        .args(["--rate", "30", "--interval", "100ms", "--drain", "500s"])
        .arg("--json")
        .port(broker.port())
        .deadline(LONG)
        .start();
    running.await_stderr("an arrival", |text| text.contains("received "));
    broker.process().signal(Signal::KILL);
    let report = report(&running.finish().expect_code(5));
    assert_eq!(report["left_behind"], 60, "{report}");
}

#[test]
fn attempts_that_nobody_answers_are_no_sign_of_life() {
    let broker = Mosquitto::start();
    broker.process().signal(Signal::STOP);
    // One attempt after the other: a hundred would take as many seconds.
    mqtk(["bench", "churn", "-c", "1", "--rate", "100"])
        .args(["--warmup", "0", "--duration", "1s", "--timeout", "1"])
        .args(["--drain", "100ms"])
        .port(broker.port())
        .deadline(LONG)
        .run()
        .expect_code(3)
        .expect_words(&["CONN"]);
    broker.process().signal(Signal::CONT);
}

#[test]
fn what_a_broker_says_it_does_not_take_is_not_offered_for_ever() {
    let broker = MqtkBroker::start_with(&["--maximum-qos", "1", "--retain-available", "false"]);
    for (args, why) in [
        (&["pub", "-q", "2"][..], "Maximum QoS"),
        (&["retained", "-n2"], "does not support retained messages"),
    ] {
        let finished = mqtk(["bench"])
            .args(args)
            .args(["-c", "2", "-V", "5", "--json"])
            .port(broker.port())
            .run()
            .expect_failure(11, &["nothing was measured: not published", why]);
        let report = report(&finished);
        assert_eq!(report["sent"], 0, "{report}");
    }
}

#[test]
fn a_broker_that_refuses_every_message_fails_the_run() {
    let mut acl = NamedTempFile::new().expect("a file");
    acl.write_all(b"topic read #\n")
        .expect("a file takes a line");
    let path = acl.path().to_str().expect("a path of letters");
    let broker = MqtkBroker::start_with(&["--acl-file", path]);
    let finished = mqtk(["bench", "pub", "-c", "2", "-q", "1", "-V", "5", "-n", "10"])
        .arg("--json")
        .port(broker.port())
        .run()
        .expect_code(4)
        .expect_words(&["the broker refused every message", "Not authorized"]);
    assert_eq!(report(&finished)["refused"], 10);
}

#[test]
fn a_subscription_that_is_not_answered_is_named_and_gets_no_messages() {
    let broker = MqtkBroker::start_with(&["--fault", "drop packet=SUBACK times=2"]);
    let finished = mqtk(["bench", "sub", "-c", "5", "--rate", "200", "-n", "20"])
        .args(["--timeout", "2", "--json"])
        .port(broker.port())
        .deadline(LONG)
        .run()
        .expect_code(0);
    let report = report(&finished);
    assert_eq!(report["errors"]["suback_timeout"], 2, "{report}");
    assert_eq!(report["expected"], 3 * 20, "{report}");
    assert_eq!(report["lost"], 0, "{report}");
}

#[test]
fn pings_that_are_lost_among_others_are_no_stall() {
    let broker = MqtkBroker::start_with(&["--fault", "drop packet=PINGRESP times=1"]);
    let finished = mqtk(["bench", "idle", "-c", "4", "-k", "2", "--duration", "3s"])
        .args(["--threads", "1", "--json"])
        .port(broker.port())
        .run()
        .expect_code(0);
    let report = report(&finished);
    assert_eq!(report["connections"]["alive"], 3, "{report}");
    assert_eq!(report["stalls"], serde_json::json!([]), "{report}");
}

#[test]
fn an_address_of_others_is_refused_before_the_run() {
    let finished = mqtk(["bench", "connect", "-c", "2", "--bind", "192.0.2.1"])
        .port(1)
        .run();
    finished.expect_failure(2, &["--bind 192.0.2.1", "does not have that address"]);
}

#[test]
fn who_had_no_connection_is_not_blamed_on_those_who_had() {
    let broker = MqtkBroker::start_with(&["--max-connections", "1"]);
    let finished = mqtk(["bench", "pub", "-c", "2", "--rate", "100", "-n", "20"])
        .port(broker.port())
        .run()
        .expect_code(0);
    let text = finished.stdout_text();
    assert!(text.contains("as some had no connection."), "{text}");
    assert!(!text.contains("The broker took"), "{text}");
}

#[test]
fn who_reads_the_report_is_told_once() {
    let bench = format!("'{}' bench pairs -c 2 -p 1", env!("CARGO_BIN_EXE_mqtk"));
    let said = |line: &str| {
        let text = shell(line).run().expect_code(0).stdout_text();
        assert!(text.contains("No broker was measured."), "{text}");
        text.matches("connection refused").count()
    };
    assert_eq!(said(&format!("{bench} 2>&1 | cat")), 1);
    assert_eq!(said(&format!("({bench} | cat) 2>&1 | cat")), 2);
}

#[test]
fn a_file_that_cannot_be_written_costs_no_report() {
    let mut file = NamedTempFile::with_suffix(".toml").expect("a file");
    let text = "[[phase]]\nscenario = 'connect'\nclients = 2\nhtml = '/dev/full'\n";
    file.write_all(text.as_bytes()).expect("a file takes lines");
    let broker = Mosquitto::start();
    let finished = mqtk(["bench", "run", "--json"])
        .arg(file.path())
        .port(broker.port())
        .run()
        .expect_code(1)
        .expect_words(&["cannot write /dev/full"]);
    assert_eq!(report(&finished)["verdict"], "valid");
}
