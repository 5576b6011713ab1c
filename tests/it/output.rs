//! What `mqtk sub` writes and to whom: pipes that close, readers that are slow, formats.

use std::io::{BufRead, BufReader, Read};
use std::time::Duration;

use crate::support::wire::{
    CONNACK, DISCONNECT, PINGREQ, PINGRESP, PUBACK, PUBLISH, SUBSCRIBE, publish, suback,
};
use crate::support::{Mosquitto, RawServer, mosquitto_pub, mqtk, shell};

/// Publishes until the shell line has ended.
fn feed(broker: &Mosquitto, line: &str) -> String {
    let mut process = shell(line).env("PORT", broker.port().to_string()).start();
    broker.await_subscription("p");
    while process.is_running() {
        mosquitto_pub(["-t", "p", "-m", "line"])
            .port(broker.port())
            .run()
            .expect_success();
    }
    process.finish().expect_success().stdout_text()
}

#[test]
fn a_closed_pipe_is_success() {
    let broker = Mosquitto::start();
    let line = r#""$MQTK_BIN" sub -p "$PORT" -t p | head -1; echo "${PIPESTATUS[0]}""#;
    assert_eq!(feed(&broker, line), "line\n0\n");
}

#[test]
fn a_closed_pipe_is_success_with_json_and_formats() {
    for flags in ["--json", "-F %p", "-v", "-F %j"] {
        let broker = Mosquitto::start();
        let line = format!(
            r#""$MQTK_BIN" sub -p "$PORT" -t p {flags} | head -1 >/dev/null; echo "${{PIPESTATUS[0]}}""#
        );
        assert_eq!(feed(&broker, &line), "0\n", "{flags}");
    }
}

#[test]
fn help_into_a_closed_pipe_is_success() {
    for command in ["--help", "sub --help", "pub --help"] {
        let line = format!(r#""$MQTK_BIN" {command} | true; echo "${{PIPESTATUS[0]}}""#);
        assert_eq!(shell(&line).run().expect_success().stdout_text(), "0\n");
    }
}

#[test]
fn a_closed_stdout_is_not_a_crash() {
    let broker = Mosquitto::start();
    mqtk(["pub", "-r", "-t", "p", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    let finished = shell(r#""$MQTK_BIN" sub -p "$PORT" -t p -C 1 >&-"#)
        .env("PORT", broker.port().to_string())
        .run();
    assert!(
        matches!(finished.status.code(), Some(0 | 1)),
        "{finished:?}"
    );
}

#[test]
fn a_slow_reader_keeps_its_connection() {
    let server = RawServer::listen();
    let mut process = mqtk(["sub", "-t", "a", "-k", "1"])
        .port(server.port())
        .stdout_held()
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[0]));
    let payload = [b'x'; 1000];
    for _ in 0..200 {
        peer.send(publish("a", 0, 0, &payload));
    }
    // More than a pipe holds: the subscriber waits for its reader, and pings all the same.
    for _ in 0..3 {
        peer.expect(&PINGREQ);
        peer.send(PINGRESP);
    }
    let mut stdout = BufReader::new(process.take_stdout());
    let mut line = String::new();
    for _ in 0..200 {
        line.clear();
        stdout.read_line(&mut line).expect("the subscriber writes");
        assert_eq!(line.len(), 1001);
    }
    peer.expect(&PINGREQ);
}

#[test]
fn messages_are_acknowledged_after_they_are_written() {
    let server = RawServer::listen();
    let mut process = mqtk(["sub", "-t", "a", "-q", "1", "-C", "200"])
        .port(server.port())
        .stdout_held()
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[1]));
    let payload = [b'x'; 1000];
    peer.send(
        (1..=200)
            .flat_map(|id| publish("a", 1, id, &payload))
            .collect::<Vec<_>>(),
    );
    // A pipe holds 64 KiB: what is acknowledged may stand there or in no other place.
    let mut acknowledged = 0;
    while peer.has_byte_within(Duration::from_millis(500)) {
        assert_eq!(peer.packet_of(PUBACK).packet_id(), acknowledged + 1);
        acknowledged += 1;
    }
    assert!(
        acknowledged <= 66,
        "{acknowledged} messages acknowledged, 65 written"
    );
    let mut text = String::new();
    process
        .take_stdout()
        .read_to_string(&mut text)
        .expect("the subscriber writes");
    assert_eq!(text.len(), 200 * 1001);
    for id in acknowledged + 1..=200 {
        assert_eq!(peer.packet_of(PUBACK).packet_id(), id);
    }
    peer.expect(&DISCONNECT);
    process.finish().expect_success();
}

#[test]
fn what_was_not_written_is_not_acknowledged() {
    let server = RawServer::listen();
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full is there");
    let process = mqtk(["sub", "-t", "a", "-q", "1"])
        .port(server.port())
        .stdout_file(full)
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[1]));
    peer.send(publish("a", 1, 1, b"x"));
    while let Some(packet) = peer.packet_or_end() {
        assert_ne!(packet.kind(), PUBACK, "{packet:?}");
    }
    process.finish().expect_code(1);
}

/// What `-F FORMAT` prints for this payload on the topic `f`.
fn formatted(broker: &Mosquitto, args: &[&str], payload: &[u8]) -> String {
    let publish = mqtk(["pub", "-r", "-q", "1", "-t", "f", "-s"]);
    publish
        .port(broker.port())
        .stdin(payload)
        .run()
        .expect_success();
    let finished = mqtk(["sub", "-t", "f", "-C", "1"])
        .args(args)
        .port(broker.port())
        .run();
    finished.expect_success().stdout_text()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text:?} is not JSON: {error}"))
}

#[test]
fn json_holds_any_payload() {
    let broker = Mosquitto::start();
    let nul = json(&formatted(&broker, &["-F", "%j"], b"a\0b"));
    assert_eq!(nul["payload"], "a\0b");
    assert_eq!(nul["payloadlen"], 3);
    let binary = formatted(&broker, &["-F", "%j"], b"\xff\xfe");
    json(&binary);
    let binary = json(&formatted(&broker, &["--json"], b"\xff\xfe"));
    assert_eq!(binary["payload_base64"], "//4=");
    assert_eq!(binary["payload_len"], 2);
    assert_eq!(binary["payload"], serde_json::Value::Null);
}

#[test]
fn parsed_json_keeps_its_numbers_and_the_order_of_its_keys() {
    let broker = Mosquitto::start();
    let payload = r#"{"b":12345678901234567890,"a":0.1000,"c":1e400}"#;
    let line = formatted(&broker, &["-F", "%J"], payload.as_bytes());
    assert!(line.contains(&format!(r#""payload":{payload}"#)), "{line}");
    let broken = json(&formatted(&broker, &["-F", "%J"], b"{broken"));
    assert_eq!(broken["topic"], "f");
}

#[test]
fn formats_are_those_of_mosquitto() {
    let broker = Mosquitto::start();
    let publish = mqtk(["pub", "-V", "5", "-r", "-q", "1", "-t", "f/1", "-m", "12.5"])
        .args([
            "-D",
            "publish",
            "content-type",
            "text/plain",
            "-D",
            "publish",
            "user-property",
            "k",
            "v",
        ])
        .args([
            "-D",
            "publish",
            "correlation-data",
            "abc",
            "-D",
            "publish",
            "response-topic",
            "r",
        ])
        .args(["-D", "publish", "payload-format-indicator", "1"]);
    publish.port(broker.port()).run().expect_success();
    let formats = [
        "%t|%p|%l|%q|%r|%x|%X",
        "%10t|%-10t|%06l",
        "%C|%D|%F|%P|%R|%S|%A",
        "%%|@@|\\t|\\\\",
    ];
    for format in formats {
        let args = ["-V", "5", "-t", "f/1", "-q", "1", "-C", "1", "-F", format];
        let theirs = crate::support::mosquitto_sub(args)
            .port(broker.port())
            .run();
        let ours = mqtk(["sub"])
            .args(args)
            .port(broker.port())
            .run()
            .expect_success();
        assert_eq!(ours.stdout_text(), theirs.stdout_text(), "{format}");
    }
}

#[test]
fn debug_messages_stay_off_stdout() {
    let broker = Mosquitto::start();
    mqtk(["pub", "-d", "-r", "-q", "1", "-t", "p", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_code(0)
        .expect_words(&["CONNECT", "PUBLISH"]);
    let finished = mqtk(["sub", "-d", "-t", "p", "-C", "1"])
        .port(broker.port())
        .run()
        .expect_code(0);
    assert_eq!(finished.stdout_text(), "x\n");
    assert!(finished.stderr.contains("SUBSCRIBE"), "{}", finished.stderr);
}

#[test]
fn strange_bytes_pass_raw_into_a_pipe() {
    let broker = Mosquitto::start();
    let bytes = b"\x1b[31mred\x07\r\x00\xff";
    mqtk(["pub", "-r", "-t", "p", "-s"])
        .port(broker.port())
        .stdin(*bytes)
        .run()
        .expect_success();
    let finished = mqtk(["sub", "-t", "p", "-C", "1", "-N"])
        .port(broker.port())
        .run();
    assert_eq!(finished.expect_success().stdout, bytes);
}

#[test]
fn a_message_shows_as_soon_as_it_comes() {
    let server = RawServer::listen();
    let process = mqtk(["sub", "-t", "a"]).port(server.port()).start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[0]));
    for number in 1..=3 {
        let message = publish("a", 0, 0, b"now");
        assert_eq!(message[0] >> 4, PUBLISH);
        // Half a packet first: it must not hold back the whole ones.
        let (first, rest) = message.split_at(4);
        peer.send(first);
        peer.send(rest);
        process.await_lines(number);
    }
}
