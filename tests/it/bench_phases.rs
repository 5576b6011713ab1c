//! `mqtk bench run`: scenario files.

use std::path::Path;

use serde_json::Value;

use crate::support::finished::Finished;
use crate::support::{Mosquitto, mqtk};

/// Runs a file with this text.
fn run_text(port: u16, text: &str, args: &[&str]) -> Finished {
    let directory = tempfile::tempdir().expect("a directory");
    let path = directory.path().join("phases.toml");
    std::fs::write(&path, text).expect("the file is written");
    mqtk(["bench", "run"])
        .arg(&path)
        .args(args)
        .port(port)
        .run()
}

fn report(finished: &Finished) -> Value {
    serde_json::from_slice(&finished.stdout).expect("a report as JSON")
}

#[test]
fn the_example_runs() {
    let broker = Mosquitto::start();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/phases.toml");
    let run = |args: &[&str]| {
        let program = mqtk(["bench", "run"]).arg(&example).args(args);
        program
            .args(["--duration", "500ms", "--rate", "50"])
            .port(broker.port())
            .run()
    };
    let finished = run(&["--json"]).expect_one_of(&[0, 11]);
    let report = report(&finished);
    let names: Vec<_> = (report["phases"].as_array().expect("phases").iter())
        .map(|phase| phase["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["connections", "a usual day", "after a power cut"]);
    let day = &report["phases"][1]["runs"];
    assert_eq!(day[0]["name"], "sensors", "{report}");
    assert_eq!(day[0]["scenario"], "pairs", "{report}");
    assert_eq!(day[1]["scenario"], "churn", "{report}");
    for run in [&day[0], &report["phases"][2]["runs"][0]] {
        assert_eq!(run["config"]["qos"], 1, "{report}");
        assert_eq!(run["lost"], 0, "{report}");
        assert_eq!(run["foreign"], 0, "{report}");
    }
    assert_eq!(report["thresholds"][0]["measured"], 0.0, "{report}");
    let text = run(&[]).expect_one_of(&[0, 11]).lines().join("\n");
    for line in [
        "== connections ==",
        "== a usual day, sensors ==",
        "== all phases together ==",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn thresholds_are_judged_in_a_run_in_a_phase_and_in_all() {
    let broker = Mosquitto::start();
    let text = "messages = 20\nwarmup = 0\nfail-if = 'sent==60'\n\
        [[phase]]\nname = 'both'\nfail-if = 'sent==40'\n\
        [[phase.run]]\nname = 'one'\nscenario = 'pairs'\nfail-if = 'sent==20'\n\
        [[phase.run]]\nname = 'other'\nscenario = 'mix'\nfail-if = 'sent==21'\n\
        [[phase]]\nscenario = 'pub'";
    let finished = run_text(
        broker.port(),
        text,
        &["--json", "--fail-if", "received==40"],
    );
    let finished = finished.expect_code(10);
    let error = &finished.stderr;
    for told in [
        "both, one: --fail-if sent==20: 20 measured",
        "both: fail-if sent==40: 40 measured",
        "fail-if sent==60: 60 measured; received==40: 40 measured",
    ] {
        assert!(error.contains(told), "{told} in {error}");
    }
    let report = report(&finished);
    assert_eq!(
        report["phases"][0]["runs"][1]["thresholds"][0]["failed"], false,
        "{report}"
    );
    assert_eq!(
        report["phases"][0]["thresholds"][0]["failed"], true,
        "{report}"
    );
}

#[test]
fn without_a_broker_the_first_phase_is_the_last() {
    let text = "[[phase]]\nscenario = 'connect'\n[[phase]]\nscenario = 'pairs'";
    let finished = run_text(1, text, &["--json"]);
    let finished = finished.expect_code(3);
    let report = report(&finished);
    assert_eq!(
        report["phases"].as_array().map(Vec::len),
        Some(1),
        "{report}"
    );
    assert_eq!(report["verdict"], "not connected", "{report}");
}

#[test]
fn a_bad_file_is_one_line_and_nothing_starts() {
    for (text, told) in [
        ("", "phases.toml:1: there is no [[phase]]"),
        ("[[phase]\n", "phases.toml:1: "),
        (
            "[[phase]]\nclients = 3",
            "phases.toml:1: scenario: which one? There are connect",
        ),
        (
            "[[phase]]\nscenario = 'pairs'\nclients = 'x'",
            "phases.toml:3: clients: ",
        ),
        (
            "[[phase]]\nscenario = 'pairs'\nclient = 1",
            "phases.toml:3: unknown key 'client'",
        ),
        (
            "[[phase]]\nscenario = 'pairs'\nsize = 8",
            "phases.toml:1: --size 8",
        ),
        (
            "[[phase]]\nscenario = 'idle'\nfail-if = 'qos1.lost>0'",
            "phases.toml:1: --fail-if",
        ),
        (
            "id = 'a{client}'\n[[phase]]\n[[phase.run]]\nscenario = 'pub'\n\
             [[phase.run]]\nscenario = 'idle'",
            "phases.toml:5: id: two runs at once",
        ),
    ] {
        run_text(1, text, &[]).expect_failure(2, &[told]);
    }
    mqtk(["bench", "run", "/nowhere.toml"])
        .run()
        .expect_failure(2, &["/nowhere.toml"]);
    mqtk(["bench", "run"]).run().expect_failure(2, &["FILE"]);
}
