//! The scenarios of `mqtk bench` that do more than publish: against Mosquitto and our own broker.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;

use crate::support::finished::Finished;
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::{Mosquitto, mosquitto_pub, mqtk};

fn report(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.stdout).expect("a report as JSON")
}

/// The report of a run that succeeds.
fn run(port: u16, args: &[&str]) -> Value {
    let finished = mqtk(["bench"]).args(args).arg("--json").port(port).run();
    report(&finished.expect_one_of(&[0, 11]))
}

/// Runs the test at each broker.
fn at_both(test: impl Fn(u16)) {
    let broker = Mosquitto::start();
    test(broker.port());
    let broker = MqtkBroker::start();
    test(broker.port());
}

fn expect(report: &Value, counts: &[(&str, u64)]) {
    for (name, count) in counts {
        assert_eq!(report[*name], *count, "{name} in {report}");
    }
}

#[test]
fn everybody_gets_all_that_is_retained_and_nothing_stays() {
    at_both(|port| {
        let left = ["-t", "left/9/9", "-r", "-m", "of another run"];
        mosquitto_pub(left).port(port).run().expect_success();
        for messages in ["60", "10"] {
            let topics = [
                "-t",
                "left/{client}/{message}",
                "--publishers",
                "2",
                "-q",
                "1",
            ];
            let args = [&["retained", "-c", "5", "-n", messages], &topics[..]].concat();
            let report = run(port, &args);
            let count: u64 = messages.parse().expect("a number");
            expect(
                &report,
                &[
                    ("sent", count),
                    ("acked", count),
                    ("expected", 5 * count),
                    ("received", 5 * count),
                    ("lost", 0),
                    ("duplicated", 0),
                    // Only that one: what the run before has made is gone.
                    ("foreign", 5),
                    ("left_behind", 0),
                ],
            );
            for step in ["suback", "first", "all"] {
                assert!(
                    report["steps_us"][step]["p50"].is_number(),
                    "{step} in {report}"
                );
            }
        }
    });
}

#[test]
fn sessions_are_drained_in_order_and_removed() {
    at_both(|port| {
        for version in ["311", "5"] {
            let report = run(
                port,
                &[
                    "queue",
                    "-c",
                    "5",
                    "-n",
                    "40",
                    "-V",
                    version,
                    "-i",
                    "left-{client}",
                ],
            );
            expect(
                &report,
                &[
                    ("sent", 40),
                    ("acked", 40),
                    ("expected", 200),
                    ("received", 200),
                    ("lost", 0),
                    ("duplicated", 0),
                    ("reordered", 0),
                    ("foreign", 0),
                    ("left_behind", 0),
                ],
            );
            assert_eq!(report["errors"], serde_json::json!({}), "{report}");
            assert!(report["steps_us"]["all"]["max"].is_number(), "{report}");
        }
        // There is no session of these clients any more.
        let resumed = mqtk([
            "sub", "-c", "-i", "left-0", "-t", "none", "-E", "-v", "-V", "5",
        ])
        .port(port)
        .run();
        let resumed = resumed.expect_code(0);
        assert_eq!(resumed.stdout, b"", "nothing was queued");
    });
}

#[test]
fn what_a_broker_does_not_queue_is_lost() {
    let broker =
        MqtkBroker::start_with(&["--max-queued-messages", "10", "--receive-maximum", "10"]);
    let args = [
        "queue", "-c", "2", "-n", "100", "-V", "5", "--drain", "500ms",
    ];
    let report = run(broker.port(), &args);
    let [lost, received] = ["lost", "received"].map(|name| report[name].as_u64().expect("a count"));
    assert!(lost > 0 && lost + received == 200, "{report}");
}

#[test]
fn every_will_arrives_at_every_receiver() {
    at_both(|port| {
        let args = ["wills", "-c", "30", "--receivers", "2", "-q", "1"];
        for more in [&[][..], &["--rate", "300", "-V", "5"]] {
            let report = run(port, &[&args, more].concat());
            expect(
                &report,
                &[
                    ("sent", 30),
                    ("expected", 60),
                    ("received", 60),
                    ("lost", 0),
                    ("duplicated", 0),
                    ("foreign", 0),
                ],
            );
            assert!(
                report["latency_us"]["corrected"]["p50"].is_number(),
                "{report}"
            );
        }
    });
}

#[test]
fn requests_are_answered_and_counted() {
    at_both(|port| {
        let args = ["subscribe", "-c", "3", "-n", "120", "--warmup", "0"];
        for more in [&[][..], &["--rate", "2000", "-V", "5"]] {
            let report = run(port, &[&args, more].concat());
            expect(
                &report,
                &[("sent", 120), ("acked", 120), ("unacknowledged", 0)],
            );
            for step in ["suback", "unsuback"] {
                assert!(
                    report["steps_us"][step]["p50"].is_number(),
                    "{step} in {report}"
                );
            }
        }
    });
}

#[test]
fn requests_that_are_refused_count_by_their_reason() {
    let broker = MqtkBroker::start_with(&["--wildcard-available", "false"]);
    let args = [
        "subscribe",
        "-c",
        "1",
        "-n",
        "10",
        "--warmup",
        "0",
        "-V",
        "5",
    ];
    let finished = mqtk(["bench"])
        .args(args)
        .args(["-t", "a/{message}/+", "--json", "--fail-if", "errors>0"])
        .port(broker.port())
        .run()
        .expect_code(10)
        .expect_words(&["errors>0"]);
    let report = report(&finished);
    assert!(
        report["errors"]
            .as_object()
            .is_some_and(|errors| !errors.is_empty()),
        "{report}"
    );
}

#[test]
fn a_mix_counts_each_qos_apart() {
    at_both(|port| {
        let args = [
            "mix",
            "--mix",
            "0:70,1:25,2:5",
            "-c",
            "4",
            "-n",
            "400",
            "--warmup",
            "0",
        ];
        for more in [&[][..], &["--rate", "4000"]] {
            let finished = mqtk(["bench"])
                .args([&args, more].concat())
                .args([
                    "--json",
                    "--fail-if",
                    "qos2.lost>0",
                    "--fail-if",
                    "qos1.acked<100%",
                ])
                .port(port)
                .run()
                .expect_one_of(&[0, 11]);
            let report = report(&finished);
            expect(
                &report,
                &[
                    ("sent", 400),
                    ("acked", 120),
                    ("received", 400),
                    ("lost", 0),
                ],
            );
            for (qos, count, acked) in [("0", 280, 0), ("1", 100, 100), ("2", 20, 20)] {
                let of_qos = &report["by_qos"][qos];
                expect(
                    of_qos,
                    &[
                        ("sent", count),
                        ("acked", acked),
                        ("received", count),
                        ("reordered", 0),
                    ],
                );
                assert!(
                    of_qos["latency_us"]["corrected"]["p50"].is_number(),
                    "{report}"
                );
            }
        }
    });
}

#[test]
fn a_broker_that_stands_still_in_a_storm_ends_the_run() {
    let broker = Mosquitto::start();
    let running = mqtk([
        "bench",
        "wills",
        "-c",
        "300",
        "--rate",
        "30",
        "--interval",
        "200ms",
    ])
    .args(["--drain", "500ms", "--json", "--fail-if", "lost>0"])
    .port(broker.port())
    .start();
    running.await_stderr("the first interval", |text| text.contains("cut off "));
    broker.process().signal(Signal::STOP);
    let finished = running.finish().expect_one_of(&[10, 11]);
    broker.process().signal(Signal::CONT);
    let report = report(&finished);
    assert!(report["stalls"][0]["waiting"].is_number(), "{report}");
    assert!(
        report["received"]
            .as_u64()
            .is_some_and(|received| received < 300),
        "{report}"
    );
}

#[test]
fn no_scenario_waits_for_a_broker_that_is_not_there() {
    for scenario in ["retained", "queue", "wills", "subscribe", "mix"] {
        let finished = mqtk(["bench", scenario, "-c", "3", "--json"])
            .port(1)
            .run()
            .expect_failure(3, &["connection refused"]);
        assert_eq!(report(&finished)["verdict"], "not connected", "{scenario}");
    }
}

#[test]
fn a_broker_that_does_not_answer_ends_every_scenario() {
    let broker = Mosquitto::start();
    broker.process().signal(Signal::STOP);
    for scenario in ["retained", "queue", "wills", "subscribe", "mix"] {
        mqtk([
            "bench",
            scenario,
            "-c",
            "3",
            "--timeout",
            "1",
            "--drain",
            "100ms",
        ])
        .port(broker.port())
        .run()
        .expect_failure(3, &["CONNACK"]);
    }
    broker.process().signal(Signal::CONT);
}

#[test]
fn what_is_in_the_environment_for_others_is_ignored() {
    for (name, scenario) in [
        ("MQTK_WILL_TOPIC", "wills"),
        ("MQTK_SIZE", "idle"),
        ("MQTK_GROUP", "pub"),
    ] {
        mqtk(["bench", scenario, "-c", "1"])
            .env(name, "5")
            .port(1)
            .run()
            .expect_failure(3, &["connection refused"]);
    }
}

#[test]
fn what_a_scenario_cannot_do_is_said_before_the_run() {
    for (args, error) in [
        (&["retained", "-t", "a/b"][..], "needs a topic of its own"),
        (
            &["retained", "--publishers", "2", "-t", "a/{message}"],
            "{client}",
        ),
        (&["queue", "-q", "0"], "-q 0: a broker queues"),
        (&["queue", "-r"], "--retain: bench queue"),
        (&["wills", "--will-topic", "a"], "makes the wills itself"),
        (&["wills", "--will-retain"], "makes the wills itself"),
        (&["wills", "--size", "8"], "--size 8"),
        (&["mix", "--mix", "0:50,4:50"], "no QoS 4"),
        (&["subscribe", "-t", "a/#/b"], "-t 'a/#/b'"),
        (
            &["pairs", "--fail-if", "steps.all.p99>1s"],
            "does not measure steps.all.p99",
        ),
        (
            &["mix", "--mix", "0:1", "--fail-if", "qos1.lost>0"],
            "does not measure qos1.lost",
        ),
        (&["wills", "--fail-if", "rate<10"], "does not measure rate"),
    ] {
        mqtk(["bench"]).args(args).run().expect_failure(2, &[error]);
    }
}

#[test]
fn what_is_removed_after_a_run_is_not_measured() {
    let slow = "delay by=2s packet=PUBACK direction=out after=5 times=1";
    let broker = MqtkBroker::start_with(&["--fault", slow]);
    let began = Instant::now();
    let report = run(broker.port(), &["retained", "-c", "3", "-n", "5"]);
    expect(&report, &[("received", 15), ("left_behind", 0)]);
    let intervals = report["intervals"].as_array().expect("a list");
    let end = intervals.last().and_then(|last| last["end_s"].as_f64());
    let end = Duration::from_secs_f64(end.expect("an interval"));
    let delay = Duration::from_secs(2);
    assert!(end + delay <= began.elapsed(), "{report}");
}

#[test]
fn a_shard_speaks_of_its_own_subscribers() {
    let broker = MqtkBroker::start();
    let args = ["bench", "retained", "-c", "4", "-n", "5", "--shard", "1/4"];
    let finished = mqtk(args).port(broker.port()).run();
    let said = finished.expect_one_of(&[0, 11]).lines();
    let well = "Every one of 1 subscriber got every retained message.";
    assert!(said.iter().any(|line| line == well), "{said:?}");
}

#[test]
fn who_waits_for_another_to_connect_is_not_late() {
    let slow = "delay by=300ms packet=CONNACK direction=out";
    let broker = MqtkBroker::start_with(&["--fault", slow]);
    let args = ["connect", "-c", "3", "--connecting", "1", "--threads", "1"];
    let report = run(broker.port(), &args);
    let longest = |part: &str| {
        let place = format!("/connections/latency_us/{part}/max");
        let found = report.pointer(&place).and_then(Value::as_f64);
        found.unwrap_or_else(|| panic!("no {place} in {report}"))
    };
    let (whole, connack) = (longest("whole"), longest("connack"));
    assert!(whole < longest("transport") + 1.5 * connack, "{report}");
}
