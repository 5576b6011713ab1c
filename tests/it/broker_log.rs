//! What the broker reports on stderr.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::full_disk;
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::wire::CONNACK;
use crate::support::{mosquitto_pub, mqtk};

/// Lets a client publish and another break a rule; gives what the broker reported meanwhile.
fn report(options: &[&str]) -> String {
    let broker = MqtkBroker::start_with(options);
    mosquitto_pub(["-i", "c\"1", "-t", "$SYS/a", "-q", "1", "-m", "x"])
        .port(broker.port())
        .run();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    stream.write_all(&[0xC0, 0]).expect("it reads");
    let mut closed = Vec::new();
    let _ = stream.read_to_end(&mut closed);
    broker.stop(Signal::TERM).expect_code(0).stderr
}

#[test]
fn json_has_an_object_for_each_event() {
    let log = report(&["--log-format", "json"]);
    let events: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .collect();
    let names: Vec<_> = events
        .iter()
        .map(|event| event["event"].as_str().expect("a name"))
        .collect();
    for name in [
        "listening",
        "connected",
        "publish_refused",
        "disconnected",
        "violation",
        "shutting_down",
    ] {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
    for event in &events {
        let time = event["time"].as_str().expect("a time");
        assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
        let level = match event["event"].as_str() {
            Some("violation" | "publish_refused") => "warning",
            Some("session_ended") => "debug",
            _ => "info",
        };
        assert_eq!(event["level"], level, "{event}");
    }
    let connected = &events[1];
    assert_eq!(connected["client_id"], "c\"1");
    assert!(
        connected["peer"]
            .as_str()
            .is_some_and(|peer| peer.starts_with("127.0.0.1:"))
    );
}

#[test]
fn text_has_a_line_for_each_event() {
    let log = report(&["--log-format", "text"]);
    assert!(log.contains(r#"client "c\"1" (127.0.0.1:"#), "{log}");
    assert!(log.contains("MQTT-3.1.0-1"), "{log}");
}

#[test]
fn each_line_of_text_has_the_time_in_the_form_that_is_asked_for() {
    let is_iso = |line: &str| {
        let stamp = line.split_once(' ').map_or("", |(stamp, _)| stamp);
        stamp.parse::<jiff::Timestamp>().is_ok()
            && stamp.len() == "2026-11-22T20:42:22.515+01:00".len()
    };
    let is_unix = |line: &str| {
        let seconds = line
            .split_once(": ")
            .map(|(seconds, _)| seconds.parse::<u32>());
        matches!(seconds, Some(Ok(_)))
    };
    for (options, is_right) in [
        (&[][..], &is_iso as &dyn Fn(&str) -> bool),
        (&["--log-time", "iso"], &is_iso),
        (&["--log-time", "unix"], &is_unix),
        (&["--log-time", "none"], &|line: &str| {
            line.starts_with(|first: char| first.is_ascii_lowercase())
        }),
    ] {
        let log = report(options);
        assert!(log.lines().count() >= 4, "{log}");
        assert!(log.lines().all(is_right), "{options:?}: {log}");
    }
}

/// A client that connects.
fn connect(broker: &MqtkBroker) -> TcpStream {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    stream
        .write_all(b"\x10\x0e\0\x04MQTT\x04\x02\0\0\0\x02me")
        .expect("it reads");
    let mut connack = [0; 4];
    stream.read_exact(&mut connack).expect("it answers");
    assert_eq!(connack, CONNACK);
    stream
}

/// Makes the broker log more than any pipe and queue hold: 3,000 lines, each of some 300
/// bytes.
fn flood_log(broker: &MqtkBroker) {
    let mut stream = connect(broker);
    let filter = "f".repeat(2000);
    let count = 3000;
    let mut subscribe = vec![0x82, 0xd5, 0x0f, 0, 1, 0x07, 0xd0];
    subscribe.extend_from_slice(filter.as_bytes());
    subscribe.push(0);
    for _ in 0..count {
        stream.write_all(&subscribe).expect("it reads");
    }
    let mut subacks = vec![0; 5 * count];
    stream.read_exact(&mut subacks).expect("it answers");
}

fn unread() -> MqtkBroker {
    let broker = mqtk(["broker", "--port", "0"]).stderr_held();
    MqtkBroker::listening(broker, 1)
}

#[test]
fn a_log_that_nobody_reads_keeps_nobody_waiting() {
    let mut broker = unread();
    flood_log(&broker);
    mosquitto_pub(["-t", "a", "-q", "2", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    broker.read_log();
    broker.await_log("log lines were dropped: stderr is not read");
    mosquitto_pub(["-i", "later", "-t", "a", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    broker.await_log(r#"client "later""#);
}

#[test]
fn a_log_that_nobody_reads_does_not_keep_the_broker_from_ending() {
    let broker = unread();
    flood_log(&broker);
    broker.stop(Signal::TERM).expect_code(0);
}

/// Not even to say why.
#[test]
fn a_log_that_nobody_reads_does_not_keep_it_from_failing() {
    let directory = TempDir::new().expect("a directory");
    let cramped = full_disk::cramped(directory.path()).stderr_held();
    let broker = MqtkBroker::listening(cramped, 1);
    flood_log(&broker);
    full_disk::fill(broker.port());
    broker.finish().expect_code(1);
}

#[test]
fn what_a_client_repeats_is_counted() {
    let broker = MqtkBroker::terse();
    let mut stream = connect(&broker);
    for _ in 0..1000 {
        stream
            .write_all(b"\x30\x09\0\x06$SYS/xy")
            .expect("it reads");
    }
    stream.write_all(&[0xc0, 0]).expect("it reads");
    stream.read_exact(&mut [0; 2]).expect("it answers");
    let log = broker.stop(Signal::TERM).expect_code(0).stderr;
    let lines = log.lines().filter(|line| line.contains("may not publish"));
    assert!(
        log.contains("980 more in 10 s like: client \"me\" may not publish"),
        "{log}"
    );
    assert_eq!(lines.count(), 21);
}

#[test]
fn who_speaks_another_protocol_is_told_apart() {
    let broker = MqtkBroker::start_with(&[]);
    for (bytes, hint) in [
        (
            &b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03"[..],
            "it speaks TLS",
        ),
        (b"GET /mqtt HTTP/1.1\r\nHost: h\r\n\r\n", "it speaks HTTP"),
        // No whole packet, and no CONNECT all the same.
        (
            b"PROXY TCP4 192.0.2.1 192.0.2.2 50000 1883\r\n",
            "it speaks the PROXY protocol",
        ),
        (
            b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c",
            "it speaks the PROXY protocol",
        ),
    ] {
        let mut stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
        stream.write_all(bytes).expect("it reads");
        let _ = stream.read_to_end(&mut Vec::new());
        broker.await_log(hint);
    }
    broker.stop(Signal::TERM).expect_code(0);
}
