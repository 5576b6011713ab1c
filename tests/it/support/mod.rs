//! What the tests stand on: programs with deadlines, brokers, scripted peers, proxies.

pub mod certificates;
pub mod cutting_proxy;
pub mod mosquitto;
pub mod mqtk_broker;
pub mod ports;
pub mod process;
pub mod raw_server;
pub mod socks;
pub mod websocket;
pub mod wire;

pub use mosquitto::Mosquitto;
pub use process::{mosquitto_pub, mosquitto_sub, mqtk, shell};
pub use raw_server::RawServer;

/// What a run of the tests seeds its random choices with: the same each time, unless
/// `MQTK_TEST_SEED` says otherwise.
pub fn seed() -> u64 {
    let seed = std::env::var("MQTK_TEST_SEED")
        .map_or(1, |seed| seed.parse().expect("MQTK_TEST_SEED is a number"));
    println!("to repeat: MQTK_TEST_SEED={seed}");
    seed
}

/// The lines `1` to `count`, each padded so that it is as long as a typical reading.
pub fn numbered_lines(count: usize) -> String {
    (1..=count)
        .map(|number| format!("reading {number:024}\n"))
        .collect()
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
