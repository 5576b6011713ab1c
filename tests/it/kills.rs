//! A broker with `--persist` that is killed at random moments: what it has acknowledged is there
//! when it is started again, and QoS 2 is exactly once.
//!
//! `MQTK_TEST_KILLS` says how often; `tests/kill-broker` does it hundreds of times.

use std::collections::HashSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::deliveries::{assert_none_lost, received_by};
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::ports::free_port;
use crate::support::{assert_same_lines, mosquitto_pub, mosquitto_sub, mqtk, numbered_lines, seed};

const DEADLINE: Duration = Duration::from_secs(3600);
const IMPATIENT: [&str; 4] = ["--reconnect-min", "0.01", "--reconnect-max", "0.05"];
/// Lines published for each kill.
const LINES: usize = 1_000;

fn kills() -> usize {
    std::env::var("MQTK_TEST_KILLS").map_or(12, |kills| kills.parse().expect("a number"))
}

/// A broker that can be killed and started again at the same port.
struct Mortal {
    directory: TempDir,
    port: u16,
    sync: &'static str,
    rng: Rng,
    broker: Option<MqtkBroker>,
}

impl Mortal {
    fn new(sync: &'static str) -> Self {
        let mut mortal = Self {
            directory: TempDir::new().expect("a directory"),
            port: free_port(),
            sync,
            rng: Rng::with_seed(seed()),
            broker: None,
        };
        mortal.start();
        mortal
    }

    fn start(&mut self) {
        let program = mqtk(["broker", "--sync", self.sync, "--persist"])
            .arg(self.directory.path())
            .port(self.port);
        self.broker = Some(MqtkBroker::listening(program, 1));
    }

    /// Kills it at a random moment from now, and starts it again.
    fn die(&mut self) {
        thread::sleep(Duration::from_micros(self.rng.u64(5_000..120_000)));
        if let Some(broker) = self.broker.take() {
            broker.stop(Signal::KILL);
        }
        self.start();
    }

    fn await_subscription(&self) {
        let broker = self.broker.as_ref().expect("it is up");
        broker.await_subscription("l");
    }
}

/// What arrives of the lines published while the broker dies again and again, and the lines.
fn publish_to_a_mortal(sync: &'static str, version: &str, qos: &str) -> (String, String) {
    let mut mortal = Mortal::new(sync);
    let kills = kills();
    let lines = numbered_lines(LINES * kills);
    let client = |command, id| {
        mqtk([command, "-c", "-i", id, "-V", version, "-t", "l", "-q", qos])
            .args(IMPATIENT)
            .port(mortal.port)
            .deadline(DEADLINE)
    };
    let receiving = client("sub", "receiver");
    let publishing = client("pub", "publisher").arg("-l").stdin(lines.clone());
    let receiving = receiving.start();
    mortal.await_subscription();
    let publishing = publishing.start();
    // A client that cannot connect at first gives up.
    receiving.await_lines(1);
    for _ in 0..kills {
        mortal.die();
    }
    publishing.finish().expect_code(0);
    (received_by(&receiving, mortal.port), lines)
}

#[test]
fn nothing_acknowledged_at_qos_1_is_lost() {
    let (received, lines) = publish_to_a_mortal("batch", "5", "1");
    assert_none_lost(&received, &lines);
}

#[test]
fn every_line_at_qos_2_arrives_once() {
    let (received, lines) = publish_to_a_mortal("batch", "5", "2");
    assert_same_lines("mqtk sub", &received, &lines);
}

#[test]
fn every_line_at_qos_2_arrives_once_without_synchronising_in_3_1_1() {
    let (received, lines) = publish_to_a_mortal("never", "311", "2");
    assert_same_lines("mqtk sub", &received, &lines);
}

#[test]
fn what_mosquitto_pub_was_told_is_stored_is_there_for_mosquitto_sub() {
    let mut mortal = Mortal::new("batch");
    let receiver = |port| mosquitto_sub(["-c", "-i", "kept", "-t", "l", "-q", "2"]).port(port);
    // It subscribes and leaves.
    receiver(mortal.port).arg("-E").run().expect_code(0);
    let (port, done) = (mortal.port, AtomicBool::new(false));
    let is_accepted = |line: &String, qos| {
        let publish = mosquitto_pub(["-t", "l", "-q", qos, "-m", line.as_str()]);
        publish.port(port).run().status.success()
    };
    let acknowledged: Vec<_> = thread::scope(|scope| {
        let publishing = scope.spawn(|| {
            let lines = (0..).map(|number| format!("line {number}"));
            let lines = lines.zip(["1", "2"].into_iter().cycle());
            let lines = lines.take_while(|_| !done.load(Ordering::Relaxed));
            let accepted = lines.filter(|(line, qos)| is_accepted(line, qos));
            accepted.map(|(line, _)| line).collect()
        });
        for _ in 0..kills() {
            mortal.die();
        }
        done.store(true, Ordering::Relaxed);
        publishing.join().expect("mosquitto_pub is there")
    });
    let received = receiver(port).args(["-W", "3"]).run().stdout_text();
    let received: HashSet<_> = received.lines().collect();
    assert!(!acknowledged.is_empty());
    for line in &acknowledged {
        assert!(received.contains(line.as_str()), "{line:?} is lost");
    }
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = path.metadata().expect("it is there");
    metadata.permissions().mode() & 0o777
}

#[test]
fn the_store_is_private_and_for_one_broker_at_a_time() {
    let directory = TempDir::new().expect("a directory");
    let store = directory.path().join("store");
    let persist = || mqtk(["broker", "-p", "0", "--persist"]).arg(&store);
    let first = MqtkBroker::listening(persist(), 1);
    assert_eq!(mode(&store), 0o700);
    assert_eq!(mode(&store.join("broker.redb")), 0o600);
    let second = persist().run();
    let file = store.join("broker.redb");
    let file = file.to_str().expect("text");
    let second = second.expect_failure(1, &["--persist", file, "in use by another broker"]);
    assert_eq!(second.stdout_text(), "");
    first.stop(Signal::TERM).expect_code(0);
    MqtkBroker::listening(persist(), 1);
}

#[test]
fn a_damaged_store_starts_nothing() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("broker.redb");
    let persist = || mqtk(["broker", "-p", "0", "--persist"]).arg(directory.path());
    MqtkBroker::listening(persist(), 1)
        .stop(Signal::TERM)
        .expect_code(0);
    let whole = std::fs::read(&file).expect("a store");
    let mut flipped = whole.clone();
    flipped[5000..].fill(0x55);
    let cut = &whole[..whole.len() / 2];
    for damaged in [b"this is no database", cut, &flipped, &whole[..100]] {
        std::fs::write(&file, damaged).expect("a file");
        let refused = persist().run();
        let refused = refused.expect_failure(1, &["broker.redb", "is damaged", "remove it"]);
        assert_eq!(refused.stdout_text(), "");
    }
    std::fs::write(&file, whole).expect("a file");
    MqtkBroker::listening(persist(), 1);
}
