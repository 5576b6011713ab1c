//! `mqtk broker` refuses what `mqtk inspect` finds fault with, for the same reason: the same bytes
//! go to both.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use rustix::process::Signal;

use crate::support::mqtk;
use crate::support::mqtk_broker::MqtkBroker;

const CONNECT_31: &[u8] = b"\x10\x10\0\x06MQIsdp\x03\x02\0\0\0\x02me";
const CONNECT_311: &[u8] = b"\x10\x0e\0\x04MQTT\x04\x02\0\0\0\x02me";
const CONNECT_5: &[u8] = b"\x10\x0f\0\x04MQTT\x05\x02\0\0\0\0\x02me";

/// What a client sends that breaks one rule: a CONNECT, and what follows it.
const FAULTS: [[&[u8]; 2]; 33] = [
    // The CONNECT itself.
    [b"\x10\x0e\0\x04MQTX\x04\x02\0\0\0\x02me", b""],
    [b"\x10\x0e\0\x04MQTT\x04\x03\0\0\0\x02me", b""],
    [b"\x11\x0e\0\x04MQTT\x04\x02\0\0\0\x02me", b""],
    [b"\x10\x0e\0\x04MQTT\x04\x0a\0\0\0\x02me", b""],
    [b"\x10\x0e\0\x04MQTT\x04\x42\0\0\0\x02me", b""],
    [b"\x10\x0e\0\x04MQTT\x04\x82\0\0\0\x02me", b""],
    [b"\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01\xff", b""],
    [b"\x10\x0c\0\x04MQTT\x04\0\0\0\0\0", b""],
    [b"\x10\x11\0\x04MQTT\x05\x02\0\0\x02\x17\x02\0\x02me", b""],
    [b"\x10\x12\0\x04MQTT\x05\x02\0\0\x03\x21\0\0\0\x02me", b""],
    // What comes after it.
    [CONNECT_31, CONNECT_31],
    [CONNECT_311, CONNECT_311],
    [CONNECT_5, CONNECT_5],
    [CONNECT_31, b"\x36\x05\0\x01a\0\x01"],
    [CONNECT_311, b"\x36\x05\0\x01a\0\x01"],
    [CONNECT_5, b"\x36\x06\0\x01a\0\x01\0"],
    [CONNECT_311, b"\x38\x03\0\x01a"],
    [CONNECT_311, b"\x30\x03\0\x01#"],
    [CONNECT_311, b"\x30\x02\0\0"],
    [CONNECT_311, b"\x32\x05\0\x01a\0\0"],
    [CONNECT_311, b"\x80\x06\0\x01\0\x01a\0"],
    [CONNECT_311, b"\x82\x02\0\x01"],
    [CONNECT_311, b"\x82\x06\0\x01\0\x01a\x03"],
    [CONNECT_311, b"\x82\x07\0\x01\0\x02a#\0"],
    [CONNECT_311, b"\xa2\x02\0\x01"],
    [CONNECT_311, b"\x60\x02\0\x01"],
    [CONNECT_311, b"\xf0\0"],
    [CONNECT_5, b"\xc0\x80\0"],
    [CONNECT_5, b"\x30\x07\0\x01a\x03\x23\0\0"],
    [CONNECT_5, b"\x30\x06\0\0\x03\x23\0\x01"],
    [CONNECT_5, b"\x30\x06\0\x01a\x02\x0b\x01"],
    [CONNECT_5, b"\x82\x0d\0\x01\0\0\x07$share/\0"],
    [CONNECT_5, b"\xf0\x06\x18\x04\x15\0\x01m"],
];

/// Sends bytes and waits for the end of the connection.
fn send(broker: &MqtkBroker, bytes: &[u8]) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    let patience = Some(Duration::from_secs(20));
    stream.set_read_timeout(patience).expect("a timeout");
    stream.write_all(bytes).expect("it reads");
    let end = stream.read_to_end(&mut Vec::new());
    let waits = end.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
    assert!(!waits, "not refused: {bytes:02x?}");
}

/// The identifiers that `mqtk inspect` names.
fn inspect(bytes: &[u8]) -> Vec<String> {
    let dump: String = bytes.iter().map(|byte| format!("{byte:02x} ")).collect();
    let finished = mqtk(["inspect", "--json"]).stdin(dump).run();
    let mut ids = Vec::new();
    for line in finished.expect_code(0).stdout_text().lines() {
        let packet: serde_json::Value = serde_json::from_str(line).expect("an object");
        let violations = packet["violations"].as_array().into_iter().flatten();
        ids.extend(violations.map(|violation| violation["id"].as_str().expect("an id").to_owned()));
    }
    ids
}

#[test]
fn the_broker_and_inspect_name_the_same_rules() {
    let broker = MqtkBroker::start_with(&["--log-format", "json"]);
    let faults = FAULTS.map(|parts| parts.concat());
    for bytes in &faults {
        send(&broker, bytes);
    }
    let log = broker.stop(Signal::TERM).expect_code(0).stderr;
    let statements: Vec<String> = log
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object a line"))
        .filter(|event: &serde_json::Value| event["event"] == "violation")
        .map(|event| event["statement"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(statements.len(), faults.len(), "{log}");
    for (bytes, statement) in faults.iter().zip(statements) {
        let found = inspect(bytes);
        assert!(
            found.contains(&statement),
            "{bytes:02x?}: {statement}, {found:?}"
        );
    }
}
