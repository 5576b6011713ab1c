//! `mqtk bench` with a broker of its own, with several, from several addresses; and its counts
//! beside those of a broker.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::support::mqtk_broker::port_of;
use crate::support::process::Running;
use crate::support::{Mosquitto, mosquitto_sub, mqtk};

/// A run whose counts matter, even where a busy machine makes the rest of it invalid.
fn run(args: &[&str], port: u16) -> Value {
    let finished = mqtk(["bench"]).args(args).arg("--json").port(port).run();
    let finished = match finished.status.code() {
        Some(11) => finished,
        _ => finished.expect_code(0),
    };
    serde_json::from_slice(&finished.stdout).expect("a report as JSON")
}

/// Where the embedded broker of a run listens.
fn embedded_port(running: &Running) -> u16 {
    let text = running.await_stderr("where the broker listens", |text| {
        text.contains("broker listening on ") && text.contains('\n')
    });
    let url = text
        .lines()
        .find_map(|line| line.split("broker listening on ").nth(1));
    url.and_then(port_of).expect("a URL with a port")
}

/// A client of the broker of a run, which learns when the broker ends.
fn witness(port: u16) -> TcpStream {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the broker listens");
    let connect = b"\x10\x13\0\x04MQTT\x04\x02\0\0\0\x07witness";
    stream.write_all(connect).expect("the broker reads");
    let mut connack = [0; 4];
    stream.read_exact(&mut connack).expect("a CONNACK");
    assert_eq!(connack, [0x20, 2, 0, 0]);
    stream
}

/// Waits until the broker is gone.
fn await_end(mut witness: TcpStream, port: u16) {
    let minute = Some(Duration::from_secs(60));
    witness.set_read_timeout(minute).expect("a timeout");
    let end = witness.read(&mut [0]);
    let is_gone = match &end {
        Ok(count) => *count == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    };
    assert!(is_gone, "the broker outlived its run: {end:?}");
    // The system may close the one before the other.
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {}
}

#[test]
fn an_embedded_broker_serves_over_every_transport() {
    let state = tempfile::tempdir().expect("a directory");
    let short = ["-n", "20", "--warmup", "0", "--json"];
    for args in [
        &["pairs", "-c", "2", "-q", "1"][..],
        &["pairs", "-c", "2", "--over", "ws"],
        &["pub", "-c", "2", "-q", "2", "--over", "wss"],
        &["tls", "-c", "2"],
    ] {
        let finished = mqtk(["bench"])
            .args(args)
            .args(short)
            .arg("--embedded")
            .env("XDG_STATE_HOME", state.path())
            .port(0)
            .run()
            .expect_code(0);
        let report: Value = serde_json::from_slice(&finished.stdout).expect("a report");
        assert_eq!(report["sent"], 20, "{args:?}: {report}");
        assert_eq!(report["lost"], 0, "{args:?}: {report}");
        assert_eq!(
            report["errors"],
            serde_json::json!({}),
            "{args:?}: {report}"
        );
    }
}

#[test]
fn an_embedded_broker_ends_with_the_run() {
    let running = mqtk(["bench", "idle", "--duration", "50s", "--embedded"])
        .port(0)
        .start();
    let port = embedded_port(&running);
    let witness = witness(port);
    running.signal(Signal::INT);
    running.finish().expect_code(0);
    await_end(witness, port);
}

#[test]
fn an_embedded_broker_ends_when_the_run_is_killed() {
    let running = mqtk(["bench", "idle", "--duration", "50s", "--embedded"])
        .port(0)
        .start();
    let port = embedded_port(&running);
    let witness = witness(port);
    running.signal(Signal::KILL);
    await_end(witness, port);
}

#[test]
fn why_an_embedded_broker_does_not_start_is_said() {
    let broker = Mosquitto::start();
    mqtk(["bench", "pub", "--embedded"])
        .port(broker.port())
        .run()
        .expect_failure(1, &["the embedded broker does not start", "address in use"]);
}

#[test]
fn several_brokers_get_the_same_share() {
    let (one, other) = (Mosquitto::start(), Mosquitto::start());
    let url = |broker: &Mosquitto| format!("mqtt://127.0.0.1:{}", broker.port());
    let finished = mqtk(["bench", "pairs", "-c", "6", "-n", "60"])
        .args(["--warmup", "0", "--json"])
        .args(["-L", &url(&one), "-L", &url(&other)])
        .run()
        .expect_code(0);
    let report: Value = serde_json::from_slice(&finished.stdout).expect("a report");
    assert_eq!(report["received"], 60, "{report}");
    let brokers = report["connections"]["brokers"].as_array().expect("a list");
    assert_eq!(brokers.len(), 2, "{report}");
    for (broker, shown) in [&one, &other].into_iter().zip(brokers) {
        let address = format!("127.0.0.1:{}", broker.port());
        assert_eq!(shown["broker"], address, "{report}");
        assert_eq!(shown["accepted"], 6, "{report}");
    }
}

#[test]
fn in_a_storm_each_broker_is_filled_for_its_own_clients() {
    let start = || Mosquitto::builder().line("max_queued_messages 0").start();
    let (one, other) = (start(), start());
    let url = |broker: &Mosquitto| format!("mqtt://127.0.0.1:{}", broker.port());
    for (args, sent, received) in [
        (&["retained", "-c", "5", "-n", "7"][..], 14, 35),
        (&["queue", "-c", "5", "-n", "7"], 14, 35),
        (&["wills", "-c", "5", "-q", "1", "--receivers", "2"], 5, 10),
    ] {
        let finished = mqtk(["bench"])
            .args(args)
            .args(["--json", "-L", &url(&one), "-L", &url(&other)])
            .run()
            .expect_code(0);
        let report: Value = serde_json::from_slice(&finished.stdout).expect("a report");
        assert_eq!(report["sent"], sent, "{report}");
        assert_eq!(report["expected"], received, "{report}");
        assert_eq!(report["received"], received, "{report}");
        assert_eq!(report["foreign"], 0, "{report}");
    }
}

#[test]
fn source_addresses_take_turns() {
    let broker = Mosquitto::builder().line("log_type all").start();
    let args = [
        "connect",
        "-c",
        "6",
        "--bind",
        "127.0.0.2-127.0.0.3,127.0.0.9",
    ];
    let report = run(&[&args[..], &["-h", "127.0.0.1"]].concat(), broker.port());
    assert_eq!(report["connections"]["ready"], 6, "{report}");
    assert_eq!(report["config"]["bind"]["count"], 3, "{report}");
    for address in ["127.0.0.2", "127.0.0.3", "127.0.0.9"] {
        let line = format!("New client connected from {address}");
        broker
            .process()
            .await_stderr(&line, |text| text.matches(&line).count() == 2);
    }
}

#[test]
fn the_counts_are_those_of_the_broker() {
    let broker = Mosquitto::builder().line("sys_interval 1").start();
    let topic = "$SYS/broker/publish/messages/received";
    let counter = mosquitto_sub(["-t", topic]).port(broker.port()).start();
    let mut all = 0;
    // Mosquitto does not count QoS 2 there.
    for (rate, messages, qos) in [("50", 20, "0"), ("5000", 2000, "1"), ("50000", 20_000, "1")] {
        let count = messages.to_string();
        let args = ["pub", "-c", "7", "-q", qos, "--rate", rate, "-n", &count];
        let report = run(&[&args[..], &["--warmup", "0"]].concat(), broker.port());
        assert_eq!(report["offered"], messages, "{report}");
        assert_eq!(report["sent"], messages, "{report}");
        let acked = if qos == "0" { 0 } else { messages };
        assert_eq!(report["acked"], acked, "{report}");
        all += messages;
        let expected = all.to_string();
        counter.await_stdout("the broker's count", |text| {
            text.lines().last() == Some(&expected)
        });
    }
}
