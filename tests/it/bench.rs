//! `mqtk bench` against a Mosquitto: its counts, and what it says of a broker that misbehaves.

use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::finished::Finished;
use crate::support::{Mosquitto, mosquitto_sub, mqtk};

fn report(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.stdout).expect("a report as JSON")
}

#[test]
fn the_counts_are_those_of_an_independent_subscriber() {
    let broker = Mosquitto::start();
    let listener = mosquitto_sub(["-t", "count/#", "-q", "1", "-C", "600", "-F", "%t"])
        .port(broker.port())
        .start();
    broker.await_subscription("count/#");
    let finished = mqtk([
        "bench",
        "pairs",
        "-c",
        "3",
        "-t",
        "count/{client}",
        "-q",
        "1",
    ])
    .args(["--rate", "1000", "-n", "600", "--warmup", "0", "--json"])
    .port(broker.port())
    .run()
    .expect_code(0);
    let report = report(&finished);
    for (name, count) in [
        ("offered", 600),
        ("sent", 600),
        ("acked", 600),
        ("received", 600),
        ("lost", 0),
        ("duplicated", 0),
        ("reordered", 0),
    ] {
        assert_eq!(report[name], count, "{name} in {report}");
    }
    let topics = listener.finish().expect_success().lines();
    for topic in ["count/0", "count/1", "count/2"] {
        let count = topics.iter().filter(|line| *line == topic).count();
        assert_eq!(count, 200, "{topic}: every client has its share");
    }
}

#[test]
fn a_frozen_broker_shows_in_the_corrected_latency() {
    let broker = Mosquitto::start();
    let running = mqtk(["bench", "pairs", "-c", "2", "--rate", "500", "-q", "1"])
        .args([
            "--duration",
            "3s",
            "--warmup",
            "0",
            "--interval",
            "500ms",
            "--json",
        ])
        .port(broker.port())
        .start();
    running.await_stderr("the first interval", |text| text.contains(" s  sent "));
    broker.process().signal(Signal::STOP);
    std::thread::sleep(Duration::from_secs(1));
    broker.process().signal(Signal::CONT);
    let finished = running.finish().expect_code(0);
    let report = report(&finished);
    let p99 = report["latency_us"]["corrected"]["p99"].as_f64();
    assert!(p99.is_some_and(|p99| p99 > 700_000.0), "{report}");
    assert_eq!(report["lost"], 0, "{report}");
}

#[test]
fn without_a_broker_it_ends_with_a_report() {
    let finished = mqtk(["bench", "pairs", "--json"])
        .port(1)
        .run()
        .expect_failure(3, &["connection refused"]);
    assert_eq!(report(&finished)["sent"], 0);
}

#[test]
fn messages_too_small_to_be_measured_are_refused() {
    mqtk(["bench", "pairs", "--size", "8"])
        .run()
        .expect_failure(2, &["--size 8", "28 bytes"]);
}

#[test]
fn connections_are_counted_and_kept_alive() {
    let broker = Mosquitto::start();
    let run = |args: &[&str]| {
        let finished = mqtk(["bench"])
            .args(args)
            .args(["-c", "20", "--json"])
            .port(broker.port())
            .run()
            .expect_code(0);
        report(&finished)
    };
    let opened = run(&["connect"]);
    assert_eq!(opened["connections"]["ready"], 20, "{opened}");
    let held = run(&["idle", "-k", "1", "--duration", "2s", "--warmup", "0"]);
    assert_eq!(held["connections"]["alive"], 20, "{held}");
    assert!(held["latency_us"]["corrected"]["p50"].is_number(), "{held}");
    let churned = run(&[
        "churn",
        "--rate",
        "100",
        "--duration",
        "1s",
        "--warmup",
        "0",
    ]);
    assert_eq!(churned["offered"], 100, "{churned}");
    assert_eq!(churned["acked"], 100, "{churned}");
}
