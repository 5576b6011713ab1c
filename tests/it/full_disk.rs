//! A store that has no more room: what is not stored is not acknowledged.
//!
//! The room is a limit of the system's on the size of files, which needs no disk of its own.

use std::path::Path;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Program;
use crate::support::{mqtk, shell};

/// KiB that a store may grow to; a new one has about 1,000.
const ROOM: &str = "3000";
/// Bytes of a message.
const SIZE: usize = 50_000;

/// A broker whose store has room for some messages only.
pub fn cramped(directory: &Path) -> Program {
    broker(directory, ROOM, "never")
}

/// Publishes until the broker's store is full, and it has not acknowledged a message; says how many
/// it has.
pub fn fill(port: u16) -> usize {
    let is_acknowledged = |number: &usize| {
        let publish = client("pub", port).args(["-r", "--reconnect-for", "0.1", "-s"]);
        let publish = publish.args(["-t", &format!("l/{number}")]);
        publish.stdin(message(*number)).run().status.success()
    };
    // More than fits.
    let numbers = 0..10 * 1024 * 3000 / SIZE;
    numbers.take_while(is_acknowledged).count()
}

/// A broker whose files may have so many KiB.
fn broker(directory: &Path, room: &str, sync: &str) -> Program {
    let line = format!("trap '' XFSZ; ulimit -f {room}; exec \"$0\" \"$@\"");
    shell(&line)
        .arg(env!("CARGO_BIN_EXE_mqtk"))
        .args(["broker", "-p", "0", "--sync", sync, "--persist"])
        .arg(directory)
}

fn client(command: &str, port: u16) -> Program {
    mqtk([command, "-V", "5", "-q", "1"]).port(port)
}

fn subscriber(port: u16) -> Program {
    client("sub", port).args(["-c", "-i", "kept", "-t", "l/+"])
}

/// A message that can be told from others.
fn message(number: usize) -> String {
    format!("{number:0SIZE$}")
}

#[test]
fn what_was_acknowledged_before_the_disk_was_full_is_there_afterwards() {
    for sync in ["batch", "never"] {
        let directory = TempDir::new().expect("a directory");
        let full = MqtkBroker::listening(broker(directory.path(), ROOM, sync), 1);
        let port = full.port();
        subscriber(port).arg("-E").run().expect_success();
        let acknowledged = fill(port);
        let ended = full.finish().expect_code(1);
        let log = &ended.stderr;
        for words in [
            "cannot store what has to survive",
            "broker.redb: File too large",
            "nothing that is not stored was acknowledged",
        ] {
            assert!(log.contains(words), "no {words:?} in {log}");
        }
        assert_eq!(log.matches("error: ").count(), 1, "{log}");
        assert!(acknowledged > 0, "{log}");

        let again = MqtkBroker::listening(broker(directory.path(), "unlimited", sync), 1);
        let count = acknowledged.to_string();
        let received = subscriber(again.port()).args(["-C", &count]).run();
        let received = received.expect_success().lines();
        assert!(received.into_iter().eq((0..acknowledged).map(message)));
        again.stop(Signal::TERM).expect_code(0);
    }
}

#[test]
fn a_broker_without_room_for_its_store_serves_nobody() {
    let directory = TempDir::new().expect("a directory");
    let refused = broker(directory.path(), "100", "batch").run();
    let refused = refused.expect_failure(1, &["--persist", "broker.redb", "File too large"]);
    assert_eq!(refused.stdout_text(), "");
    assert_eq!(refused.stderr.lines().count(), 1, "{}", refused.stderr);
}
