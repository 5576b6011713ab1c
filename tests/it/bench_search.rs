//! `mqtk bench search`: the highest rate that a broker sustains.

use serde_json::Value;

use crate::support::finished::Finished;
use crate::support::{Mosquitto, mqtk};

fn search(broker: &Mosquitto, args: &[&str]) -> (Finished, Value) {
    let finished = mqtk(["bench", "search", "pub", "-c", "1", "-q", "1", "--json"])
        .args(["--warmup", "0", "--duration", "200ms", "--rate", "20"])
        .args(args)
        .port(broker.port())
        .run();
    let report = serde_json::from_slice(&finished.stdout).expect("JSON");
    (finished, report)
}

fn rates(report: &Value) -> Vec<f64> {
    let steps = report["steps"].as_array().expect("steps");
    let rates = steps
        .iter()
        .map(|step| step["rate"].as_f64().expect("a rate"));
    rates.collect()
}

#[test]
fn what_is_found_was_sustained_twice() {
    let broker = Mosquitto::start();
    let (finished, report) = search(&broker, &["--max-latency", "max<60s", "--max-rate", "40"]);
    // A busy machine may keep the generator from what the broker could.
    if report["found"].is_null() {
        assert!(finished.expect_words(&["no rate was found"]).status.code() > Some(0));
        return;
    }
    let finished = finished.expect_code(0);
    let steps = report["steps"].as_array().expect("steps");
    let last = steps.last().expect("a step");
    assert_eq!(last["rate"], report["found"], "{}", finished.stdout_text());
    assert_eq!(
        (&last["outcome"], &last["confirming"]),
        (&"sustained".into(), &true.into())
    );
    assert_eq!(report["report"]["config"]["rate"], report["found"]);
    if report["limit"]["by"] == "max-rate" {
        assert_eq!(rates(&report), [20.0, 40.0, 40.0]);
    }
    let lines = finished.stderr.lines().count();
    assert_eq!(
        lines,
        steps.len(),
        "a line for each run: {}",
        finished.stderr
    );
}

#[test]
fn where_nothing_is_sustained_it_ends_and_says_so() {
    let broker = Mosquitto::start();
    let (finished, report) = search(&broker, &["--max-latency", "max<1us"]);
    assert_eq!(rates(&report), [20.0, 10.0, 5.0, 2.5, 1.25]);
    assert_eq!(report["found"], Value::Null);
    let code = if report["limit"]["by"] == "broker" {
        10
    } else {
        11
    };
    finished
        .expect_code(code)
        .expect_words(&["no rate was found"]);
    let nobody = mqtk(["bench", "search", "pub", "-q", "1"]).port(1).run();
    nobody.expect_failure(3, &["connection refused"]);
}

#[test]
fn what_cannot_be_searched_for_is_refused() {
    for (args, error) in [
        (
            &["pairs", "--max-latency", "p99>10ms"][..],
            "such as 'p99<10ms'",
        ),
        (&["pairs", "--max-latency", "lost<1"], "such as 'p99<10ms'"),
        (&["idle"], "no rate to search for"),
        (&["pub"], "measures no latency"),
        (&["pairs", "--shard", "0/2"], "leave out --shard"),
        (&["pairs", "--precision", "5"], "such as 5%"),
        (&["pairs", "--receivers", "2"], "bench wills has"),
        (&["nothing"], "no scenario 'nothing'"),
        (&[], "no scenario"),
    ] {
        let run = mqtk(["bench", "search"]).args(args).port(1).run();
        run.expect_failure(2, &[error]);
    }
}
