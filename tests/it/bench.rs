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
    .args(["-n", "600", "--warmup", "0", "--json"])
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
    // On a busy machine the generator may be late too, and says so: the latency is right all the same.
    let report = report(&running.finish());
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
    let held = run(&["idle", "-k", "1", "--duration", "2s"]);
    assert_eq!(held["connections"]["alive"], 20, "{held}");
    assert!(held["latency_us"]["corrected"]["p50"].is_number(), "{held}");
    let churned = run(&["churn", "-n", "100", "--warmup", "0"]);
    assert_eq!(churned["offered"], 100, "{churned}");
    assert_eq!(churned["acked"], 100, "{churned}");
}

#[test]
fn thresholds_fail_a_run_by_name() {
    let broker = Mosquitto::start();
    let directory = tempfile::tempdir().expect("a directory");
    let file = |name: &str| directory.path().join(name);
    let finished = mqtk(["bench", "pairs", "-c", "2", "-n", "100"])
        .args(["-q", "1", "--warmup", "0", "--json"])
        .args(["--fail-if", "latency.p50>0us", "--fail-if", "lost>0"])
        .args(["--fail-if", "sent == 100", "--fail-if", "rate<0.001"])
        .arg("--csv")
        .arg(file("run.csv"))
        .arg("--hlog")
        .arg(file("run.hlog"))
        .arg("--html")
        .arg(file("run.html"))
        .port(broker.port())
        .run()
        .expect_code(10)
        .expect_words(&["latency.p50>0us: ", "us measured; sent==100: 100 measured"]);
    let report = report(&finished);
    let failed = |at: usize| report["thresholds"][at]["failed"].as_bool();
    assert_eq!(
        [0, 1, 2, 3].map(failed),
        [true, false, true, false].map(Some)
    );
    assert_eq!(report["unacknowledged"], 0, "{report}");
    assert_eq!(report["verdict"], "valid", "{report}");
    let decoded = report["histogram"]
        .as_str()
        .map(decode)
        .expect("a histogram");
    assert_eq!(decoded.len(), 100);

    let csv = std::fs::read_to_string(file("run.csv")).expect("the CSV");
    assert!(
        csv.starts_with("end_s,sent,acked,received,errors,p50_us"),
        "{csv}"
    );
    let log = std::fs::read_to_string(file("run.hlog")).expect("the log");
    let lines = log
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let logged: u64 = lines
        .map(|line| decode(line.rsplit(',').next().expect("a histogram")).len())
        .sum();
    let intervals = report["intervals"].as_array().expect("intervals");
    let received = intervals
        .iter()
        .map(|interval| interval["received"].as_u64());
    assert_eq!(received.sum::<Option<u64>>(), Some(logged), "{log}");
    let html = std::fs::read_to_string(file("run.html")).expect("the page");
    assert!(html.contains("<svg") && !html.contains("<script"), "{html}");
}

/// A histogram as the standard tools read it.
fn decode(text: &str) -> hdrhistogram::Histogram<u64> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text);
    let bytes = bytes.expect("base64");
    hdrhistogram::serialization::Deserializer::new()
        .deserialize(&mut bytes.as_slice())
        .expect("an HDR histogram")
}

#[test]
fn what_cannot_be_measured_is_refused_before_the_run() {
    for (args, error) in [
        (
            &["pairs", "--fail-if", "latancy>1ms"][..],
            "nothing measured is called 'latancy'",
        ),
        (&["pairs", "--fail-if", "latency.p99>50"], "us, ms or s"),
        (
            &["pub", "--fail-if", "latency.p99>50ms"],
            "measures no latency",
        ),
        (&["pub", "--csv", "/nowhere/run.csv"], "/nowhere/run.csv"),
        (&["foo"], "no scenario 'foo': there are connect, idle"),
    ] {
        let code = if args.contains(&"--csv") { 1 } else { 2 };
        mqtk(["bench"])
            .args(args)
            .run()
            .expect_failure(code, &[error]);
    }
}

#[test]
fn errors_are_counted_under_their_names() {
    let finished = mqtk([
        "bench",
        "connect",
        "-c",
        "3",
        "--json",
        "--fail-if",
        "errors>0",
    ])
    .port(1)
    .run()
    .expect_failure(3, &["connection refused"]);
    let report = report(&finished);
    assert_eq!(report["errors"]["ECONNREFUSED"], 3, "{report}");
    assert_eq!(report["verdict"], "not connected", "{report}");
}

#[test]
fn a_summary_speaks_of_what_the_scenario_does() {
    let broker = Mosquitto::start();
    let summary = |args: &[&str]| {
        let run = mqtk(["bench"]).args(args).port(broker.port()).run();
        run.expect_code(0).lines().join("\n")
    };
    let connect = summary(&["connect", "-c", "5"]);
    assert!(
        connect.contains("5 of 5") && !connect.contains("sent"),
        "{connect}"
    );
    assert!(
        connect.ends_with("Every one of 5 connections was accepted."),
        "{connect}"
    );
    let closed = summary(&["pub", "-c", "1", "-q", "1", "-n", "50", "--warmup", "0"]);
    assert!(
        !closed.contains("schedule") && !closed.contains("lost"),
        "{closed}"
    );
    assert!(
        closed.ends_with("every message was acknowledged."),
        "{closed}"
    );
}

#[test]
fn members_of_a_group_share_the_messages() {
    let broker = Mosquitto::start();
    let finished = mqtk(["bench", "shared", "-c", "3", "--publishers", "2", "-q", "1"])
        .args(["-n", "600", "--warmup", "0", "--json"])
        .port(broker.port())
        .run()
        .expect_code(0);
    let report = report(&finished);
    for (name, count) in [
        ("sent", 600),
        ("received", 600),
        ("lost", 0),
        ("duplicated", 0),
    ] {
        assert_eq!(report[name], count, "{name} in {report}");
    }
    // Mosquitto gives each member its turn.
    let balance = &report["balance"];
    assert_eq!(balance["members"], 3, "{report}");
    assert_eq!(balance["mean"], 200.0, "{report}");
    assert!(
        balance["min"].as_u64().is_some_and(|min| min > 150),
        "{report}"
    );
}

#[test]
fn shared_subscriptions_are_those_of_mqtt_5() {
    let finished = mqtk(["bench", "shared", "--embedded", "-p", "0", "-c", "2"])
        .args(["-q", "1", "-n", "100", "--warmup", "0", "--json"])
        .run()
        .expect_code(0);
    let report = report(&finished);
    assert_eq!(report["received"], 100, "{report}");
}

#[test]
fn a_name_that_no_group_can_have_is_refused() {
    mqtk(["bench", "shared", "--group", "a/+"])
        .run()
        .expect_failure(2, &["--group 'a/+'"]);
}
