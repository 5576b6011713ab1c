//! `mqtk bench` against brokers that fail: each run ends, and its report says what happened.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::certificates::{Certificates, Server};
use crate::support::finished::Finished;
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Running;
use crate::support::{Mosquitto, mosquitto_pub, mqtk, shell};

/// More than any of these runs needs, however slow the machine.
const LONG: Duration = Duration::from_secs(60);

fn report(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.stdout).expect("a report as JSON")
}

fn number(report: &Value, name: &str) -> u64 {
    let value = report.pointer(name).and_then(Value::as_u64);
    value.unwrap_or_else(|| panic!("no {name} in {report}"))
}

/// A run at QoS 1 that goes on until something happens to it, and has begun.
fn long_run(port: u16, more: &[&str]) -> Running {
    let running = mqtk(["bench", "pub", "-c", "2", "-q", "1", "-M", "1"])
        .args(["--warmup", "0", "--duration", "50s", "--interval", "100ms"])
        .args(["--drain", "2s", "--json"])
        .args(more)
        .port(port)
        .deadline(LONG)
        .start();
    running.await_stderr("acknowledgements", |text| text.contains("acked"));
    running
}

#[test]
fn a_broker_that_is_killed_ends_the_run() {
    let broker = Mosquitto::start();
    let running = long_run(broker.port(), &[]);
    broker.process().signal(Signal::KILL);
    let finished = running.finish().expect_code(5);
    let report = report(&finished);
    assert!(number(&report, "/acked") > 0, "{report}");
    assert_eq!(number(&report, "/connections/alive"), 0, "{report}");
    let errors = report["errors"].as_object().expect("errors by name");
    let counts = errors.values().filter_map(Value::as_u64);
    assert_eq!(counts.sum::<u64>(), 2, "one for each connection: {report}");
    for name in errors.keys() {
        let known = ["connection_lost", "ECONNRESET", "EPIPE"];
        assert!(known.contains(&name.as_str()), "{report}");
    }
}

#[test]
fn a_broker_that_falls_silent_ends_the_run() {
    let broker = Mosquitto::start();
    let running = long_run(broker.port(), &["--timeout", "1"]);
    broker.process().signal(Signal::STOP);
    let finished = running.finish().expect_code(5);
    broker.process().signal(Signal::CONT);
    let report = report(&finished);
    assert!(number(&report, "/acked") > 0, "{report}");
    assert!(number(&report, "/unacknowledged") > 0, "{report}");
    assert!(
        report["stalls"][0]["length_s"].as_f64() > Some(0.5),
        "{report}"
    );
}

#[test]
fn ctrl_c_gives_the_report_so_far() {
    let broker = Mosquitto::start();
    let running = long_run(broker.port(), &[]);
    running.signal(Signal::INT);
    let report = report(&running.finish().expect_code(0));
    assert_eq!(report["interrupted"], true, "{report}");
    assert!(number(&report, "/acked") > 0, "{report}");
    assert_eq!(report["errors"], serde_json::json!({}), "{report}");
}

#[test]
fn a_broker_that_refuses_is_named_by_its_code() {
    let broker = Mosquitto::builder().line("allow_anonymous false").start();
    let finished = mqtk(["bench", "pairs", "-c", "2", "-V", "5", "--json"])
        .port(broker.port())
        .run()
        .expect_failure(4, &["Not authorized"]);
    let report = report(&finished);
    assert_eq!(report["errors"]["connack_0x87"], 4, "{report}");
    assert_eq!(report["verdict"], "not connected", "{report}");
}

#[test]
fn a_broker_that_loses_messages_is_found_out() {
    let broker = MqtkBroker::start_with(&["--fault", "drop packet=PUBLISH direction=out times=7"]);
    let finished = mqtk(["bench", "pairs", "-c", "2", "-n", "100"])
        .args(["--warmup", "0", "--drain", "2s", "--json"])
        .args(["--fail-if", "lost>0"])
        .port(broker.port())
        .run()
        .expect_code(10)
        .expect_words(&["lost>0: 7 measured"]);
    let report = report(&finished);
    assert_eq!(number(&report, "/received"), 93, "{report}");
    assert_eq!(number(&report, "/lost"), 7, "{report}");
}

#[test]
fn a_client_that_is_given_up_closes_its_connection() {
    let lost = "drop packet=CONNACK direction=out times=1";
    let broker = MqtkBroker::start_with(&["--fault", lost]);
    let running = mqtk(["bench", "idle", "-c", "2", "--timeout", "1"])
        .args(["--duration", "50s", "--json"])
        .port(broker.port())
        .deadline(LONG)
        .start();
    broker.await_log("closed without DISCONNECT");
    running.signal(Signal::INT);
    let report = report(&running.finish().expect_code(0));
    assert_eq!(report["interrupted"], true, "{report}");
    assert_eq!(number(&report, "/errors/connack_timeout"), 1, "{report}");
}

#[test]
fn messages_of_others_are_not_what_is_waited_for() {
    let last = "delay by=500ms packet=PUBLISH direction=out topic=own/0/19";
    let broker = MqtkBroker::start_with(&["--fault", last]);
    let other = ["-t", "own/0/x", "-r", "-m", "of somebody else"];
    let published = mosquitto_pub(other).port(broker.port()).run();
    published.expect_success();
    let finished = mqtk(["bench", "pairs", "-c", "1", "-n", "20", "--json"])
        .args(["--warmup", "0", "-t", "own/{client}/{message}"])
        .port(broker.port())
        .run();
    let report = report(&finished.expect_one_of(&[0, 11]));
    assert_eq!(number(&report, "/foreign"), 1, "{report}");
    assert_eq!(number(&report, "/lost"), 0, "{report}");
}

#[test]
fn what_is_for_one_of_a_pair_counts_there_alone() {
    let broker = MqtkBroker::start();
    let finished = mqtk(["bench", "pairs", "-c", "2", "-n", "20", "-q", "1", "--json"])
        .args(["--warmup", "0", "-t", "everybody/hears/it"])
        .port(broker.port())
        .run();
    let report = report(&finished.expect_one_of(&[0, 11]));
    for name in ["/received", "/foreign", "/expected"] {
        assert_eq!(number(&report, name), 20, "{name} of {report}");
    }
}

#[test]
fn a_broker_that_forgets_to_acknowledge_is_found_out() {
    let broker = MqtkBroker::start_with(&["--fault", "drop packet=PUBACK direction=out times=3"]);
    let finished = mqtk(["bench", "pub", "-c", "2", "-q", "1", "-n", "100"])
        .args(["--warmup", "0", "--drain", "2s", "--json"])
        .port(broker.port())
        .run()
        .expect_code(5)
        .expect_words(&["3 messages", "no acknowledgement"]);
    assert_eq!(number(&report(&finished), "/unacknowledged"), 3);
}

#[test]
fn a_broker_that_is_slow_is_measured_as_slow() {
    let broker = MqtkBroker::start_with(&["--fault", "delay by=200ms packet=PUBLISH direction=in"]);
    let finished = mqtk(["bench", "pairs", "-c", "1", "-n", "20"])
        .args(["--warmup", "0", "--json"])
        .port(broker.port())
        .run()
        .expect_code(0);
    let report = report(&finished);
    let p50 = report["latency_us"]["corrected"]["p50"].as_f64();
    assert!(p50 >= Some(199_000.0), "{report}");
    assert_eq!(number(&report, "/lost"), 0, "{report}");
}

#[test]
fn a_certificate_of_nobodys_trust_is_named() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::builder().tls(&certificates, false).start();
    let finished = mqtk(["bench", "connect", "-c", "2", "--json", "--cafile"])
        .arg(&certificates.other_ca)
        .port(broker.tls_port())
        .run()
        .expect_failure(3, &["certificate"]);
    let report = report(&finished);
    assert_eq!(report["errors"]["tls_error"], 2, "{report}");
}

#[test]
fn too_few_descriptors_are_found_before_the_run() {
    let mqtk = env!("CARGO_BIN_EXE_mqtk");
    let line = format!("ulimit -n 100; exec '{mqtk}' bench connect -c 200");
    shell(&line)
        .run()
        .expect_failure(2, &["200 connections", "ulimit -Hn"]);
}

#[test]
fn the_usage_that_is_named_is_that_of_the_scenario() {
    let expected = "(see mqtk bench pairs --help)";
    mqtk(["bench", "pairs", "--bogus"])
        .run()
        .expect_failure(2, &["--bogus", expected]);
    mqtk(["bench", "pairs", "--size", "8"])
        .run()
        .expect_failure(2, &["28 bytes", expected]);
}
