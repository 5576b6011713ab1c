//! When `mqtk sub` ends, and what it lets through.

use crate::support::process::Program;
use crate::support::{Mosquitto, mosquitto_pub, mqtk};

fn sub(broker: &Mosquitto, args: &[&str]) -> Program {
    mqtk(["sub"]).args(args).port(broker.port())
}

fn retain(broker: &Mosquitto, topics: &[&str]) {
    for topic in topics {
        mosquitto_pub(["-r", "-q", "1", "-m", "kept", "-t", topic])
            .port(broker.port())
            .run()
            .expect_success();
    }
}

/// What a newcomer sees of the retained messages.
fn retained(broker: &Mosquitto) -> Vec<String> {
    let mut topics = sub(broker, &["-t", "#", "--retained-only", "-F", "%t"])
        .run()
        .expect_success()
        .lines();
    topics.sort();
    topics
}

#[test]
fn retained_only_ends_after_the_retained_messages() {
    let broker = Mosquitto::start();
    retain(&broker, &["r/1", "r/2"]);
    let mut lines = sub(&broker, &["-t", "r/#", "--retained-only", "-F", "%t"])
        .run()
        .expect_success()
        .lines();
    lines.sort();
    assert_eq!(lines, ["r/1", "r/2"]);
}

#[test]
fn retained_only_ends_where_nothing_is_retained() {
    let broker = Mosquitto::start();
    let finished = sub(&broker, &["-t", "r/#", "--retained-only"])
        .run()
        .expect_success();
    assert_eq!(finished.stdout, b"");
}

#[test]
fn remove_retained_clears_what_it_counts() {
    let broker = Mosquitto::start();
    retain(&broker, &["r/1", "r/2", "s/1"]);
    let finished = sub(&broker, &["-t", "r/#", "--remove-retained", "-C", "2"]).run();
    assert_eq!(finished.expect_success().lines().len(), 2);
    assert_eq!(retained(&broker), ["s/1"]);
}

#[test]
fn remove_retained_with_retained_only_clears_all_and_ends() {
    let broker = Mosquitto::start();
    retain(&broker, &["r/1", "r/2", "s/1"]);
    sub(
        &broker,
        &["-t", "r/#", "--remove-retained", "--retained-only"],
    )
    .run()
    .expect_success();
    assert_eq!(retained(&broker), ["s/1"]);
}

#[test]
fn a_random_filter_of_a_hundred_passes_all() {
    let broker = Mosquitto::start();
    let process = sub(&broker, &["-t", "n", "--random-filter", "100", "-C", "200"]).start();
    broker.await_subscription("n");
    let lines: String = (0..200).map(|number| format!("{number}\n")).collect();
    mqtk(["pub", "-t", "n", "-l"])
        .port(broker.port())
        .stdin(lines.clone())
        .run()
        .expect_success();
    assert_eq!(process.finish().expect_success().stdout_text(), lines);
}

#[test]
fn filtered_out_topics_neither_print_nor_count() {
    let broker = Mosquitto::start();
    let process = sub(
        &broker,
        &["-t", "a/#", "-T", "a/noise/#", "-C", "2", "-F", "%t"],
    )
    .start();
    broker.await_subscription("a/#");
    for topic in ["a/noise/1", "a/1", "a/noise", "a/2"] {
        mosquitto_pub(["-t", topic, "-m", "x"])
            .port(broker.port())
            .run()
            .expect_success();
    }
    assert_eq!(process.finish().expect_success().lines(), ["a/1", "a/2"]);
}

#[test]
fn a_subscription_of_a_kept_session_can_be_cancelled() {
    let broker = Mosquitto::start();
    let kept = ["-c", "-i", "kept", "-q", "1", "-E"];
    sub(&broker, &["-t", "a", "-t", "b"])
        .args(kept)
        .run()
        .expect_success();
    sub(&broker, &["-U", "a", "-t", "b"])
        .args(kept)
        .run()
        .expect_success();
    for topic in ["a", "b"] {
        mosquitto_pub(["-t", topic, "-q", "1", "-m", topic])
            .port(broker.port())
            .run()
            .expect_success();
    }
    let finished = sub(
        &broker,
        &["-t", "b", "-c", "-i", "kept", "-q", "1", "-C", "1"],
    )
    .run();
    assert_eq!(finished.expect_success().lines(), ["b"]);
}

#[test]
fn retain_handling_and_retain_as_published_reach_the_broker() {
    let broker = Mosquitto::start();
    retain(&broker, &["r"]);
    let process = sub(
        &broker,
        &[
            "-V",
            "5",
            "-t",
            "r",
            "--retain-handling",
            "never",
            "--retain-as-published",
        ],
    )
    .args(["-C", "1", "-F", "%r %p"])
    .start();
    broker.await_subscription("r");
    mosquitto_pub(["-r", "-t", "r", "-m", "new"])
        .port(broker.port())
        .run()
        .expect_success();
    assert_eq!(process.finish().expect_success().lines(), ["1 new"]);
}

#[test]
fn a_shared_subscription_gets_each_message_once() {
    let broker = Mosquitto::start();
    let filter = "$share/group/s";
    let processes = [1, 2].map(|_| sub(&broker, &["-V", "5", "-t", filter, "-q", "1"]).start());
    broker.await_subscriptions(filter, 2);
    let lines: String = (0..100).map(|number| format!("{number}\n")).collect();
    mqtk(["pub", "-t", "s", "-q", "1", "-l"])
        .port(broker.port())
        .stdin(lines)
        .run()
        .expect_success();
    // Fifty each: Mosquitto deals them out in turn.
    let mut received: Vec<u32> = processes
        .iter()
        .flat_map(|process| {
            let text = process.await_stdout("half", |text| text.lines().count() == 50);
            text.lines()
                .map(|line| line.parse().expect("a number"))
                .collect::<Vec<_>>()
        })
        .collect();
    received.sort_unstable();
    assert!(received.into_iter().eq(0..100));
}
