//! Many numbered lines, and what became of them.

use std::collections::HashSet;

use super::process::Running;
use super::{mosquitto_pub, process::Finished};

/// Comes after all lines, to end the wait for them whatever was lost.
const LAST: &str = "the last line";

/// The lines `1` to `count`, each as long as a typical reading.
pub fn numbered_lines(count: usize) -> String {
    (1..=count)
        .map(|number| format!("reading {number:024}\n"))
        .collect()
}

/// What a subscriber to `l` printed, once all that was published before has come.
pub fn received_by(subscriber: &Running, broker_port: u16) -> String {
    publish_last(broker_port).expect_code(0);
    let is_last = |line: &str| line.contains(LAST);
    let mut text = subscriber.await_stdout("last line", |text| {
        text.ends_with('\n') && text.lines().next_back().is_some_and(is_last)
    });
    let before = text.trim_end().rfind('\n').map_or(0, |at| at + 1);
    text.truncate(before);
    text
}

fn publish_last(port: u16) -> Finished {
    mosquitto_pub(["-t", "l", "-q", "2", "-m", LAST])
        .port(port)
        .run()
}

/// Every line, in order of its first arrival; there may be others than the first.
pub fn assert_none_lost(received: &str, lines: &str) {
    let mut seen = HashSet::new();
    let firsts: String = received
        .lines()
        .filter(|line| seen.insert(*line))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_same_lines("first arrivals", &firsts, lines);
}

/// Fails with the first difference rather than with megabytes of text.
pub fn assert_same_lines(what: &str, actual: &str, expected: &str) {
    if actual == expected {
        return;
    }
    let (mut actual_lines, mut expected_lines) = (actual.lines(), expected.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (actual_lines.next(), expected_lines.next()) {
            (None, None) => panic!("{what}: the line ends differ"),
            (actual_line, expected_line) if actual_line != expected_line => panic!(
                "{what}: line {number} is {actual_line:?}, not {expected_line:?} \
                 ({} lines of {})",
                actual.lines().count(),
                expected.lines().count()
            ),
            _ => {}
        }
    }
}
