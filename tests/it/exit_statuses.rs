//! The table of exit statuses: each failure has its number and one line that says what to do.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use rustix::process::Signal;
use tempfile::NamedTempFile;

use crate::support::ports::free_port;
use crate::support::process::Finished;
use crate::support::wire::{
    CONNACK, CONNACK_V5, DISCONNECT, PUBLISH, SUBSCRIBE, packet, publish, suback,
};
use crate::support::{Mosquitto, RawServer, mqtk};

fn run(args: &[&str]) -> Finished {
    mqtk(args).run()
}

#[test]
fn wrong_usage_is_2_and_says_what_is_wrong() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["pub", "-t", "a", "-m", "x", "--colour"], &["--colour"]),
        (&["pub", "-t", "a", "-m", "x", "-q", "3"], &["qos", "3"]),
        (&["pub", "-t", "a", "-m", "x", "-V", "4"], &["version", "4"]),
        (
            &["pub", "-t", "a", "-m", "x", "-p", "70000"],
            &["port", "70000"],
        ),
        (
            &["pub", "-t", "a", "-m", "x", "-k", "65536"],
            &["keepalive", "65536"],
        ),
        (&["pub", "-t", "a", "-m", "x", "-n"], &["-n", "-m"]),
        (&["pub", "-t", "a"], &["-m"]),
        (&["pub", "-m", "x"], &["topic"]),
        (&["pub", "-t", "a/#", "-m", "x"], &["a/#", "#"]),
        (&["pub", "-t", "a/+/b", "-m", "x"], &["a/+/b", "+"]),
        (&["pub", "-t", "", "-m", "x"], &["topic", "one character"]),
        (&["sub"], &["topic"]),
        (&["sub", "-t", "a/#/b"], &["a/#/b", "#"]),
        (&["sub", "-t", "a/b+"], &["a/b+", "+"]),
        (&["sub", "-t", "a", "-F", "%y"], &["%y"]),
        (&["sub", "-t", "a", "-C", "0"], &["0"]),
        (&["sub", "-t", "a", "-c"], &["-i"]),
        (
            &["pub", "-L", "http://localhost/a", "-m", "x"],
            &["http", "mqtt"],
        ),
        (
            &["pub", "-t", "a", "-m", "x", "--will-topic", "w/#"],
            &["w/#"],
        ),
        (
            &[
                "pub", "-t", "a", "-m", "x", "-D", "publish", "colour", "red",
            ],
            &["colour"],
        ),
        (&["frobnicate"], &["frobnicate"]),
    ];
    for (args, words) in cases {
        run(args).expect_failure(2, words);
    }
}

#[test]
fn help_and_version_are_0() {
    for args in [
        &["--help"][..],
        &["pub", "--help"],
        &["sub", "--help"],
        &["broker", "--help"],
    ] {
        let help = run(args).expect_success();
        assert!(help.stdout_text().contains("Usage"), "{args:?}");
    }
    let version = run(&["--version"]).expect_success().stdout_text();
    assert_eq!(version, format!("mqtk {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn an_unreadable_file_is_1() {
    let broker = Mosquitto::start();
    mqtk(["pub", "-t", "a", "-f", "/nonexistent/file"])
        .port(broker.port())
        .run()
        .expect_failure(1, &["/nonexistent/file"]);
}

#[test]
fn a_payload_that_no_packet_can_carry_is_refused() {
    let file = NamedTempFile::new().expect("a file");
    file.as_file().set_len(268_435_456).expect("a sparse file");
    let path = file.path().to_str().expect("its name is text");
    // An endless one is not read to its end.
    for path in [path, "/dev/zero"] {
        run(&["pub", "-t", "a", "-f", path]).expect_failure(1, &[path, "268435455"]);
    }
}

#[test]
fn a_closed_port_is_3() {
    let port = free_port();
    for args in [&["pub", "-t", "a", "-m", "x"][..], &["sub", "-t", "a"]] {
        mqtk(args)
            .args(["-h", "127.0.0.1"])
            .port(port)
            .run()
            .expect_failure(3, &["127.0.0.1", &port.to_string(), "refused"]);
    }
}

#[test]
fn an_unknown_host_is_3() {
    run(&["pub", "-h", "broker.invalid", "-t", "a", "-m", "x"])
        .expect_failure(3, &["broker.invalid"]);
}

#[test]
fn a_missing_unix_socket_is_3() {
    run(&["pub", "--unix", "/nonexistent/socket", "-t", "a", "-m", "x"])
        .expect_failure(3, &["/nonexistent/socket"]);
}

#[test]
fn a_missing_certificate_file_is_named() {
    let finished = run(&["pub", "-t", "a", "-m", "x", "--cafile", "/nonexistent/ca"]);
    assert_ne!(finished.status.code(), Some(0));
    finished.expect_words(&["/nonexistent/ca"]);
}

#[test]
fn a_wrong_password_is_4() {
    let broker = Mosquitto::builder().password("me", "right").start();
    let publish = |args: &[&str]| {
        mqtk(["pub", "-t", "a", "-m", "x", "-q", "1"])
            .args(args)
            .port(broker.port())
            .run()
    };
    publish(&["-u", "me", "-P", "right"]).expect_success();
    publish(&["-u", "me", "-P", "wrong", "-V", "31"]).expect_failure(4, &["not authorized"]);
    publish(&["-u", "me", "-P", "wrong"]).expect_failure(4, &["not authorized"]);
    publish(&["-u", "me", "-P", "wrong", "-V", "5"]).expect_failure(4, &["0x87", "not authorized"]);
    publish(&[]).expect_failure(4, &["not authorized"]);
    let subscribe = mqtk(["sub", "-t", "a"]).port(broker.port()).run();
    subscribe.expect_failure(4, &["not authorized"]);
}

#[test]
fn a_refused_publish_is_4() {
    let broker = Mosquitto::builder()
        .access("topic readwrite open/#\n")
        .start();
    let publish = |qos, topic| {
        mqtk(["pub", "-V", "5", "-q", qos, "-t", topic, "-m", "x"])
            .port(broker.port())
            .run()
    };
    for qos in ["1", "2"] {
        publish(qos, "open/a").expect_success();
        publish(qos, "closed/a").expect_failure(4, &["refused", "0x87", "not authorized"]);
    }
}

#[test]
fn a_refused_subscription_is_4() {
    let server = RawServer::listen();
    let process = mqtk(["sub", "-t", "closed"]).port(server.port()).start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[0x80]));
    while peer.packet_or_end().is_some() {}
    drop(peer);
    process.finish().expect_failure(4, &["closed", "0x80"]);
}

#[test]
fn one_refused_subscription_of_two_is_4_in_the_end() {
    let server = RawServer::listen();
    let process = mqtk(["sub", "-t", "open", "-t", "closed", "-C", "1"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[0, 0x80]));
    process.await_stderr("warning", |text| text.contains("closed"));
    peer.send(publish("open", 0, 0, b"x"));
    peer.expect(&DISCONNECT);
    peer.expect_end();
    let finished = process.finish().expect_code(4);
    assert_eq!(finished.stdout_text(), "x\n");
}

#[test]
fn a_server_of_another_version_is_4() {
    let answers: [(&str, &[u8], &str); 3] = [
        ("311", b"\x20\x02\0\x01", "0x01"),
        ("5", b"\x20\x02\0\x01", "0x01"),
        ("5", b"\x20\x03\0\x84\0", "0x84"),
    ];
    for (version, answer, code) in answers {
        let server = RawServer::listen();
        let process = mqtk(["pub", "-V", version, "-t", "a", "-m", "x"])
            .port(server.port())
            .start();
        server.accept_with(answer);
        let finished = process.finish();
        finished.expect_failure(4, &[code, "try another version of MQTT"]);
    }
}

#[test]
fn a_server_that_redirects_is_4_and_names_the_other() {
    let server = RawServer::listen();
    let process = mqtk(["pub", "-V", "5", "-t", "a", "-m", "x"])
        .port(server.port())
        .start();
    server.accept_with(b"\x20\x08\0\x9c\x05\x1c\0\x02b2");
    process.finish().expect_failure(4, &["0x9c", "b2"]);
}

#[test]
fn a_broker_that_hangs_up_is_5() {
    let server = RawServer::listen();
    let process = mqtk(["pub", "-t", "a", "-m", "x", "-q", "1", "--no-reconnect"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    peer.packet_of(PUBLISH);
    drop(peer);
    process.finish().expect_failure(5, &["not acknowledged"]);
}

#[test]
fn a_broker_that_hangs_up_on_a_message_again_and_again_is_5_at_once() {
    let server = RawServer::listen();
    let long = "x".repeat(70_000);
    let process = mqtk(["pub", "-t", "a", "-m", &long, "-q", "1"])
        .args(["--reconnect-min", "0.01", "--reconnect-max", "0.01"])
        .port(server.port())
        .start();
    for _ in 0..3 {
        let mut peer = server.accept_with(&CONNACK);
        peer.packet_of(PUBLISH);
    }
    let finished = process.finish();
    let error = finished.expect_code(5).stderr;
    let last = error.lines().last().unwrap_or_default();
    for words in [
        "3 times",
        "a payload of 70000 bytes",
        "\"a\"",
        "was not ack",
    ] {
        assert!(last.contains(words), "{last}");
    }
}

#[test]
fn a_disconnect_by_the_server_says_why() {
    let server = RawServer::listen();
    let process = mqtk(["sub", "-V", "5", "-t", "a", "--no-reconnect"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK_V5);
    peer.packet_of(SUBSCRIBE);
    peer.send(packet(0xE0, b"\x8e\0"));
    let finished = process.finish();
    let code = finished.status.code();
    assert!(matches!(code, Some(4 | 5)), "{finished:?}");
    finished.expect_words(&["0x8e", "taken over"]);
}

#[test]
fn a_broker_that_never_answers_is_not_waited_for() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a port");
    let port = listener.local_addr().expect("it is bound").port();
    for command in [&["pub", "-t", "a", "-m", "x"][..], &["sub", "-t", "a"]] {
        mqtk(command)
            .args(["--timeout", "0.3"])
            .port(port)
            .run()
            .expect_failure(3, &["CONNACK", "0.3 s"]);
    }
}

#[test]
fn a_broker_that_acknowledges_nothing_is_not_waited_for() {
    let server = RawServer::listen();
    let process = mqtk([
        "pub",
        "-t",
        "a",
        "-m",
        "x",
        "-q",
        "1",
        "--timeout",
        "0.3",
        "--no-reconnect",
    ])
    .port(server.port())
    .start();
    let mut peer = server.accept_with(&CONNACK);
    peer.packet_of(PUBLISH);
    process.finish().expect_failure(5, &["not acknowledged"]);
}

#[test]
fn a_subscription_without_an_answer_is_not_waited_for() {
    let server = RawServer::listen();
    let process = mqtk(["sub", "-t", "a", "--timeout", "0.3", "--no-reconnect"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    peer.packet_of(SUBSCRIBE);
    process.finish().expect_failure(5, &["0.3 s"]);
}

#[test]
fn a_stopped_broker_is_noticed() {
    let broker = Mosquitto::start();
    let sub = mqtk(["sub", "-t", "a", "-k", "1", "--no-reconnect"])
        .port(broker.port())
        .start();
    broker.await_subscription("a");
    broker.process().signal(Signal::STOP);
    mqtk(["pub", "-t", "a", "-m", "x", "-q", "1", "--timeout", "0.3"])
        .port(broker.port())
        .run()
        .expect_failure(3, &["CONNACK"]);
    sub.finish().expect_failure(5, &[]);
}

#[test]
fn a_broken_protocol_is_6() {
    let garbage: [&[u8]; 5] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\x20\x02\0\x77",
        b"\x20\x00",
        b"\x30\x03\0\x01a",
        b"\x20\xff\xff\xff\xff\x7f",
    ];
    for bytes in garbage {
        let server = RawServer::listen();
        let process = mqtk(["sub", "-t", "a"]).port(server.port()).start();
        let _peer = server.accept_with(bytes);
        process.finish().expect_failure(6, &[]);
    }
}

#[test]
fn a_broken_protocol_after_connack_is_6() {
    let garbage: [&[u8]; 5] = [
        b"\x36\x03\0\x01a",
        b"\x30\x05\0\x03a\xff\xff",
        b"\x00\x00",
        b"\x20\x02\0\0",
        b"\x82\x02\0\x01",
    ];
    for bytes in garbage {
        let server = RawServer::listen();
        let process = mqtk(["sub", "-t", "a", "--no-reconnect"])
            .port(server.port())
            .start();
        let mut peer = server.accept_with(&CONNACK);
        let subscribe = peer.packet_of(SUBSCRIBE);
        peer.send(suback(&subscribe, &[0]));
        peer.send(bytes);
        process.finish().expect_failure(6, &[]);
    }
}

#[test]
fn an_expired_wait_is_27() {
    let broker = Mosquitto::start();
    let finished = mqtk(["sub", "-t", "a", "-W", "0.2"])
        .port(broker.port())
        .run()
        .expect_code(27);
    assert!(
        finished.elapsed >= Duration::from_millis(200),
        "{finished:?}"
    );
}

#[test]
fn a_signal_ends_a_subscriber_in_order() {
    let broker = Mosquitto::start();
    for (number, signal) in [Signal::INT, Signal::TERM].into_iter().enumerate() {
        let process = mqtk(["sub", "-t", "a"]).port(broker.port()).start();
        broker.await_subscriptions("a", number + 1);
        process.signal(signal);
        process.finish().expect_success();
    }
}

#[test]
fn quiet_says_nothing_but_the_status() {
    let finished = mqtk(["pub", "-h", "127.0.0.1", "-t", "a", "-m", "x", "--quiet"])
        .port(free_port())
        .run();
    assert_eq!(finished.expect_code(3).stderr, "");
}

#[test]
fn a_full_disk_is_1() {
    let broker = Mosquitto::start();
    mqtk(["pub", "-r", "-t", "a", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full is there");
    mqtk(["sub", "-t", "a", "-C", "1"])
        .stdout_file(full)
        .port(broker.port())
        .run()
        .expect_failure(1, &["space"]);
}
