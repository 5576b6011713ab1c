//! A run of `mqtk bench` that several processes share, and `mqtk bench merge`.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::{Mosquitto, mosquitto_sub, mqtk};

/// Runs each of so many shards with these arguments; gives what each printed.
fn shards(of: usize, broker: &Mosquitto, args: &[&str]) -> Vec<Vec<u8>> {
    let running = (0..of).map(|index| {
        mqtk(["bench"])
            .args(args)
            .arg("--shard")
            .arg(format!("{index}/{of}"))
            .arg("-A")
            .arg(format!("127.0.0.{}", index + 2))
            .arg("--json")
            .port(broker.port())
            .start()
    });
    let running: Vec<_> = running.collect();
    let finished = running.into_iter().map(|shard| shard.finish());
    finished.map(|shard| shard.stdout).collect()
}

fn save(directory: &Path, reports: &[Vec<u8>]) -> Vec<PathBuf> {
    let save = |(index, report): (usize, &Vec<u8>)| {
        let path = directory.join(format!("{index}.json"));
        std::fs::write(&path, report).expect("a report is written");
        path
    };
    reports.iter().enumerate().map(save).collect()
}

fn object(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("a report as JSON")
}

#[test]
fn shards_are_one_run_without_collisions() {
    let broker = Mosquitto::start();
    let listener = mosquitto_sub(["-t", "shard/#", "-q", "1", "-C", "700", "-F", "%t"])
        .port(broker.port())
        .start();
    broker.await_subscription("shard/#");
    let args = ["pairs", "-c", "7", "-t", "shard/{client}", "-q", "1"];
    let args = [&args[..], &["-n", "700", "--warmup", "0"]].concat();
    let reports = shards(3, &broker, &args);
    let directory = tempfile::tempdir().expect("a directory");
    let files = save(directory.path(), &reports);
    let merged = mqtk(["bench", "merge", "--expect-shards", "3", "--json"])
        .args(["--fail-if", "lost>0", "--fail-if", "sent!=700"])
        .args(&files)
        .run();
    // A busy machine may begin the shards far apart, and that is said.
    let is_apart = merged.stderr.contains("--start-at");
    let merged = merged.expect_code(if is_apart { 11 } else { 0 });
    let merged = object(&merged.stdout);
    for name in ["offered", "sent", "acked", "expected", "received"] {
        assert_eq!(merged[name], 700, "{name} in {merged}");
        let parts = reports.iter().map(|report| object(report)[name].as_u64());
        assert_eq!(parts.sum::<Option<u64>>(), Some(700), "{name}");
    }
    for name in ["lost", "duplicated", "reordered", "foreign"] {
        assert_eq!(merged[name], 0, "{name} in {merged}");
    }
    assert_eq!(merged["connections"]["alive"], 14, "{merged}");
    assert_eq!(merged["shard"], Value::Null, "{merged}");
    let topics = listener.finish().expect_success().lines();
    for client in 0..7 {
        let topic = format!("shard/{client}");
        let count = topics.iter().filter(|line| **line == topic).count();
        assert_eq!(count, 100, "{topic}: every client is in one shard");
    }
}

#[test]
fn what_goes_from_shard_to_shard_is_counted_once() {
    let broker = Mosquitto::start();
    let directory = tempfile::tempdir().expect("a directory");
    for (scenario, received) in [("shared", 200), ("sub", 800)] {
        let args = [
            scenario,
            "-c",
            "4",
            "--publishers",
            "2",
            "-q",
            "1",
            "--rate",
            "200",
        ];
        let args = [
            &args[..],
            &["--duration", "1s", "--warmup", "0", "--drain", "1s"],
        ]
        .concat();
        // The busier the machine, the longer the connections take: until none is late.
        let reports = [2, 8, 32].into_iter().find_map(|lead| {
            let start = jiff_text(SystemTime::now() + Duration::from_secs(lead));
            let args = [&args[..], &["--start-at", &start]].concat();
            let reports = shards(2, &broker, &args);
            let sum = |count: fn(&Value) -> &Value| {
                let counts = reports.iter().map(|report| count(&object(report)).as_u64());
                counts.sum::<Option<u64>>()
            };
            let ready = sum(|report| &report["connections"]["ready"]);
            let is_whole = (sum(|report| &report["sent"]), ready) == (Some(200), Some(6));
            is_whole.then_some(reports)
        });
        let reports = reports.expect("the shards began together");
        assert_eq!(object(&reports[0])["lost"], Value::Null);
        let merge = mqtk(["bench", "merge", "-", "--json"]);
        let finished = merge.stdin(reports.concat()).run();
        let merged = object(&finished.stdout);
        assert_eq!(merged["sent"], 200, "{scenario}: {merged}");
        assert_eq!(merged["expected"], received, "{scenario}: {merged}");
        // On a busy machine a shard may give up what comes a second late: it is lost, and told so.
        let of = |name: &str| merged[name].as_u64().expect("a count");
        let different = of("received") - of("duplicated");
        assert!(different > 0, "{scenario}: {merged}");
        assert_eq!(different + of("lost"), received, "{scenario}: {merged}");
        if scenario == "shared" {
            assert_eq!(merged["balance"]["members"], 4, "{merged}");
            assert_eq!(merged["balance"]["all"], merged["received"], "{merged}");
        }
        save(directory.path(), &reports);
    }
}

#[test]
fn every_scenario_is_shared_and_adds_up() {
    let broker = Mosquitto::builder().line("max_queued_messages 0").start();
    let directory = tempfile::tempdir().expect("a directory");
    for (args, sent, received) in [
        // Each shard has a publisher of its own, with as many messages for its clients.
        (&["retained", "-c", "5", "-n", "20"][..], 40, 100),
        (&["queue", "-c", "5", "-n", "20", "--rate", "100"], 40, 100),
        (&["wills", "-c", "7", "-q", "1"], 7, 7),
        (&["mix", "-c", "3", "-n", "99", "--warmup", "0"], 99, 99),
        (
            &["subscribe", "-c", "3", "-n", "30", "--warmup", "0"],
            30,
            0,
        ),
        (&["churn", "-c", "3", "-n", "30", "--warmup", "0"], 30, 0),
    ] {
        let reports = shards(2, &broker, args);
        let files = save(directory.path(), &reports);
        let merged = mqtk(["bench", "merge", "--expect-shards", "2", "--json"])
            .args(&files)
            .run();
        let merged = object(&merged.stdout);
        assert_eq!(merged["sent"], sent, "{args:?}: {merged}");
        assert_eq!(merged["received"], received, "{args:?}: {merged}");
        assert_eq!(merged["lost"], 0, "{args:?}: {merged}");
        assert_eq!(merged["foreign"], 0, "{args:?}: {merged}");
        assert_eq!(
            merged["errors"],
            serde_json::json!({}),
            "{args:?}: {merged}"
        );
        let count = |value: &Value| value.as_u64().expect("a count");
        let both = |name: fn(&Value) -> &Value| -> u64 {
            let of_one = |report: &Vec<u8>| count(name(&object(report)));
            reports.iter().map(of_one).sum()
        };
        let threads = both(|report| &report["config"]["threads"]);
        assert_eq!(count(&merged["config"]["threads"]), threads, "{merged}");
        assert_eq!(merged["config"]["bind"]["count"], 2, "{merged}");
        match args[0] {
            "retained" | "queue" => assert_eq!(merged["left_behind"], 0, "{merged}"),
            "mix" => {
                let levels = merged["by_qos"].as_object().expect("an object");
                let sums = levels.values().map(|one| count(&one["sent"]));
                assert_eq!(sums.sum::<u64>(), sent, "{merged}");
                assert!(merged["histograms"]["qos1"].is_string(), "{merged}");
            }
            "subscribe" => {
                assert_eq!(both(|report| &report["acked"]), 30, "{merged}");
                assert!(merged["steps_us"]["suback"]["p50"].is_f64(), "{merged}");
            }
            _ => {}
        }
    }
}

/// A time as `--start-at` takes it.
fn jiff_text(at: SystemTime) -> String {
    let text = jiff::Timestamp::try_from(at).expect("a time of this era");
    text.to_string()
}

#[test]
fn shards_that_are_not_one_run_are_refused() {
    let broker = Mosquitto::start();
    let directory = tempfile::tempdir().expect("a directory");
    let args = ["pub", "-c", "2", "-q", "1", "-n", "20", "--warmup", "0"];
    let files = save(directory.path(), &shards(2, &broker, &args));
    let other = directory.path().join("other");
    std::fs::create_dir(&other).expect("a directory");
    let args = ["pub", "-c", "2", "-q", "2", "-n", "20", "--warmup", "0"];
    let others = save(&other, &shards(2, &broker, &args));
    let merge = |files: &[&PathBuf], words: &[&str]| {
        let merge = mqtk(["bench", "merge", "--expect-shards", "2"]).args(files);
        merge.run().expect_failure(1, words);
    };
    merge(&[&files[0]], &["shard 1/2 is missing"]);
    merge(
        &[&files[0], &files[1], &files[0]],
        &["shard 0/2 is there twice"],
    );
    merge(
        &[&files[0], &others[1]],
        &["not shards of one run", "qos 1 and 2"],
    );
    let garbage = directory.path().join("garbage.json");
    for (text, error) in [
        ("{\"scenario\":", "garbage.json: from line 1 on: EOF"),
        (
            "{\"scenario\": \"pub\"}",
            "garbage.json: 'connections' is missing",
        ),
        ("nothing at all\n", "garbage.json: there is no report in it"),
        (
            "{\"connections\": 3}",
            "is it what mqtk bench --json writes?",
        ),
    ] {
        std::fs::write(&garbage, text).expect("a file is written");
        merge(&[&garbage], &[error]);
    }
    merge(
        &[&directory.path().join("none.json")],
        &["cannot read", "none.json"],
    );
}

#[test]
fn a_shard_that_cannot_begin_with_the_others_says_so() {
    for (args, error) in [
        (&["--shard", "2/2"][..], "from 0/2 to 1/2"),
        (&["--shard", "3"], "JOB_COMPLETION_INDEX"),
        (
            &["--shard", "0/2", "--fail-if", "lost>0"],
            "mqtk bench merge",
        ),
        (
            &["--start-at", "2020-01-01T00:00:00Z"],
            "others may have begun",
        ),
        (&["--start-at", "noon"], "2030-01-31T12:00:00Z"),
        (&["-c", "2", "--shard", "3/4"], "too few clients"),
    ] {
        let run = mqtk(["bench", "pub"]).args(args).port(1).run();
        run.expect_failure(2, &[error]);
    }
    let job = mqtk(["bench", "pub", "-c", "2", "--shard", "4"]).port(1);
    let job = job.env("JOB_COMPLETION_INDEX", "3").run();
    job.expect_failure(2, &["--shard 3/4: there are too few clients"]);
}

#[test]
fn a_report_that_no_run_wrote_is_refused() {
    let broker = MqtkBroker::start();
    let args = ["bench", "pub", "-c", "2", "-n", "10", "--shard", "0/2"];
    let report = mqtk(args).arg("--json").port(broker.port()).run();
    let report = object(&report.stdout);
    for (place, value, error) in [
        ("/started_s", "1e300", "'started_s'"),
        ("/duration_s", "1e18", "'duration_s'"),
        ("/sent", "18446744073709551615", "'sent'"),
        ("/shard/of", "9007199254740992", "9007199254740991 of"),
    ] {
        let mut other = report.clone();
        *other.pointer_mut(place).expect(place) = value.parse().expect("a number");
        let merge = mqtk(["bench", "merge", "-"]).stdin(other.to_string());
        merge.run().expect_failure(1, &[error]);
    }
}
