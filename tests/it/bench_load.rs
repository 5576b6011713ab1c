//! What the messages and clients of `mqtk bench` are like, as a broker and its clients see them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Mosquitto, mosquitto_sub, mqtk};

/// What arrives of `bench pub` with these arguments.
fn arriving(count: usize, format: &str, args: &[&str]) -> Vec<String> {
    let broker = Mosquitto::start();
    let text = count.to_string();
    let listener = mosquitto_sub(["-t", "load/#", "-q", "1", "-C", &text, "-F", format])
        .port(broker.port())
        .start();
    broker.await_subscription("load/#");
    mqtk([
        "bench",
        "pub",
        "-c",
        "2",
        "-t",
        "load/{client}/{message:3}",
        "-q",
        "1",
    ])
    .args(["-n", &text, "--warmup", "0"])
    .args(args)
    .port(broker.port())
    .run()
    .expect_code(0);
    listener.finish().expect_success().lines()
}

#[test]
fn templates_make_each_message_another() {
    let lines = arriving(
        12,
        "%t %p",
        &[
            "--payload",
            "{{\"client\":{client},\"n\":{message},\"of\":{message:2}}}",
        ],
    );
    let expected = (0..2).flat_map(|client| {
        (0..6).map(move |n| {
            let of = n % 2;
            let json = format!("{{\"client\":{client},\"n\":{n},\"of\":{of}}}");
            format!("load/{client}/{} {json}", n % 3)
        })
    });
    assert_eq!(BTreeSet::from_iter(lines), expected.collect());
}

#[test]
fn a_file_and_sizes_arrive_as_they_are() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "what is in it").expect("a file is written");
    let path = file.path().to_str().expect("a path");
    let lines = arriving(10, "%p", &["--payload-file", path]);
    assert_eq!(lines, ["what is in it"; 10]);
    let sizes = |args: &[&str]| -> BTreeSet<usize> {
        let lines = arriving(60, "%l", args);
        let sizes = lines.iter().map(|line| line.parse().expect("a size"));
        sizes.collect()
    };
    assert_eq!(sizes(&["--size", "7:1,300:1"]), BTreeSet::from([7, 300]));
    let between = sizes(&["--size", "100..200", "--random-payload"]);
    assert!(between.len() > 5 && between.iter().all(|size| (100..=200).contains(size)));
}

#[test]
fn a_payload_of_ones_own_is_measured_too() {
    let broker = Mosquitto::start();
    let finished = mqtk(["bench", "pairs", "-c", "2", "-q", "1", "-n", "50"])
        .args(["--payload", "t{message}", "--warmup", "0", "--json"])
        .port(broker.port())
        .run()
        .expect_code(0);
    let report: Value = serde_json::from_slice(&finished.stdout).expect("a report");
    assert_eq!(report["received"], 50, "{report}");
    assert_eq!(report["lost"], 0, "{report}");
    assert_eq!(
        report["config"]["payload_template"], "t{message}",
        "{report}"
    );
}

#[test]
fn every_client_is_who_its_line_says() {
    let broker = Mosquitto::builder()
        .password("ann", "a,\"secret")
        .password("bob", "other")
        .access("user ann\ntopic home/0\nuser bob\ntopic home/1\n")
        .start();
    let file = tempfile::NamedTempFile::new().expect("a file");
    let run = |text: &str| {
        std::fs::write(file.path(), text).expect("a file is written");
        mqtk([
            "bench",
            "pairs",
            "-c",
            "2",
            "-t",
            "home/{client}",
            "-q",
            "1",
        ])
        .args(["-n", "20", "--warmup", "0", "--drain", "1s", "--json"])
        .arg("--credentials")
        .arg(file.path())
        .port(broker.port())
        .run()
    };
    let right = run("user,password\nann,\"a,\"\"secret\"\nbob,other\n").expect_code(0);
    let report: Value = serde_json::from_slice(&right.stdout).expect("a report");
    assert_eq!(report["received"], 20, "{report}");
    let wrong = run("ann,\"a,\"\"secret\"\nbob,wrongsecret\n");
    let report: Value = serde_json::from_slice(&wrong.stdout).expect("a report");
    assert_eq!(report["errors"]["connack_0x05"], 2, "{report}");
    for output in [right.stdout_text(), wrong.stdout_text(), wrong.stderr] {
        assert!(!output.contains("secret"), "{output}");
    }
}

#[test]
fn what_is_wrong_with_a_load_is_said_in_a_line() {
    for (args, error) in [
        (&["--size", "9..3"][..], "9 is more than 3"),
        (&["--size", "16..64"], "--size 16..64: the first 28 bytes"),
        (&["--size", "64:0"], "weight of '64:0'"),
        (&["--payload", "{user}"], "{user}"),
        (&["--payload", "x", "--size", "9"], "cannot be used with"),
        (
            &["--payload-file", "/nowhere"],
            "--payload-file /nowhere: No such file",
        ),
        (
            &["-c", "18446744073709551615"],
            "there are at most 1073741824 clients",
        ),
        (
            &["--credentials", "/nowhere"],
            "--credentials /nowhere: No such file",
        ),
    ] {
        let run = mqtk(["bench", "pairs"]).args(args).port(1).run();
        run.expect_failure(2, &[error]);
    }
}

#[test]
fn reports_are_compared() {
    let broker = Mosquitto::start();
    let directory = tempfile::tempdir().expect("a directory");
    let run = |name: &str, messages: &str, qos: &str| {
        let finished = mqtk(["bench", "pub", "-c", "1", "-n", messages, "-q", qos])
            .args(["--warmup", "0", "--json"])
            .port(broker.port())
            .run();
        let path = directory.path().join(name);
        std::fs::write(&path, finished.stdout).expect("a report is written");
        path
    };
    let (few, many) = (run("few.json", "100", "1"), run("many.json", "150", "1"));
    let compare = |args: &[&str]| mqtk(["bench", "compare"]).arg(&few).arg(&many).args(args);
    let finished = compare(&["--fail-if", "sent>+49", "--fail-if", "sent>+50%"]).run();
    let finished = finished
        .expect_code(10)
        .expect_words(&["sent>+49: +50 measured"]);
    let lines = finished.lines();
    let sent = lines.iter().find(|line| line.starts_with("sent "));
    let words: Vec<_> = sent.expect("a line").split_whitespace().collect();
    assert_eq!(words, ["sent", "100", "150", "+50", "+50.0", "%"]);
    assert!(
        lines
            .iter()
            .any(|line| line == "passed  sent changed by +50%, not by >+50%"),
        "{lines:?}"
    );
    let json = compare(&["--json", "--fail-if", "lost>0"]).run();
    let json: Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(
        json["thresholds"][0]["failed"], true,
        "nothing is measured: {json}"
    );
    let warned = compare(&[]).run().expect_code(0);
    warned.expect_words(&["messages 100 and 150"]);
    for (args, error) in [
        (&["--fail-if", "p99>+10"][..], "+10% or +2ms"),
        (
            &["--fail-if", "nonsense>+10%"],
            "nothing measured is called 'nonsense'",
        ),
    ] {
        compare(args).run().expect_failure(2, &[error]);
    }
}

#[test]
fn an_interval_begins_where_the_warm_up_ends() {
    let broker = Mosquitto::start();
    let file = tempfile::NamedTempFile::new().expect("a file");
    let finished = mqtk(["bench", "pub", "-c", "1", "-q", "1", "--rate", "50"])
        .args([
            "--warmup",
            "300ms",
            "--duration",
            "500ms",
            "--interval",
            "200ms",
        ])
        .arg("--hlog")
        .arg(file.path())
        .port(broker.port())
        .run();
    finished.expect_one_of(&[0, 11]);
    let log = std::fs::read_to_string(file.path()).expect("the log");
    let mut lines = log.lines().filter(|line| !line.starts_with(['#', '"']));
    let first = lines.next().expect("an interval");
    assert!(first.starts_with("0.300,0.100,"), "{log}");
}
