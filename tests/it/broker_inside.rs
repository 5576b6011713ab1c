//! What the broker shows of itself: `$SYS` topics, metrics, and the traffic.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use rustix::process::Signal;

use crate::support::mqtk_broker::{MqtkBroker, port_of};
use crate::support::{Mosquitto, mosquitto_pub, mosquitto_sub, mqtk};

/// The `$SYS` topics that a broker has within three seconds.
fn sys_topics(port: u16) -> Vec<String> {
    let topics = mosquitto_sub(["-t", "$SYS/#", "-W", "3", "-F", "%t"])
        .port(port)
        .run()
        .expect_code(27);
    let mut topics: Vec<_> = topics.lines().iter().map(ToString::to_string).collect();
    topics.sort();
    topics.dedup();
    topics
}

#[test]
fn the_sys_topics_are_those_of_mosquitto_and_two_more() {
    let mosquitto = Mosquitto::builder().line("sys_interval 1").start();
    let mut expected = sys_topics(mosquitto.port());
    // Of its own allocator.
    expected.retain(|topic| !topic.contains("/heap/"));
    expected.extend(["addresses", "clients"].map(|who| format!("$SYS/broker/{who}/blocked")));
    expected.sort();
    let broker = MqtkBroker::start_with(&["--sys-interval", "1"]);
    assert_eq!(sys_topics(broker.port()), expected);
}

#[test]
fn sys_topics_are_retained_and_brought_up_to_date() {
    let broker = MqtkBroker::start_with(&["--sys-interval", "0.2"]);
    let others = mosquitto_sub(["-t", "#", "-t", "+/broker/uptime", "-C", "1", "-F", "%t"])
        .port(broker.port())
        .start();
    broker.await_subscription("+/broker/uptime");
    let topic = "$SYS/broker/messages/received";
    let seen = mosquitto_sub(["-t", topic, "-q", "2", "-C", "3", "-F", "%r %q %p"])
        .port(broker.port())
        .run()
        .expect_success();
    let lines = seen.lines();
    let values: Vec<_> = lines.iter().map(|line| line.split_at(4)).collect();
    assert_eq!(
        values.iter().map(|(flags, _)| *flags).collect::<Vec<_>>(),
        ["1 2 ", "0 2 ", "0 2 "]
    );
    let numbers = values
        .iter()
        .map(|(_, number)| number.parse::<u64>().expect("a number"));
    assert!(numbers.is_sorted(), "{values:?}");
    mosquitto_pub(["-t", "not/sys", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    assert_eq!(others.finish().expect_success().lines(), ["not/sys"]);
}

#[test]
fn there_need_be_no_sys_topics() {
    let broker = MqtkBroker::start_with(&["--sys-interval", "0"]);
    assert_eq!(sys_topics(broker.port()), [] as [String; 0]);
}

/// Sends this and reads until the connection ends.
fn http(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
    // It may have hung up already.
    let _ = stream.write_all(request.as_bytes());
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    String::from_utf8(response).expect("text")
}

fn get(port: u16, path: &str) -> String {
    http(
        port,
        &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    )
}

/// A broker with metrics, and their port.
fn measured(options: &[&str]) -> (MqtkBroker, u16) {
    let broker = mqtk(["broker", "--port", "0", "--metrics", "0"]).args(options);
    let broker = MqtkBroker::listening(broker, 2);
    let url = &broker.urls()[1];
    assert!(url.ends_with("/metrics"), "{url}");
    let port = port_of(url).expect("a port");
    (broker, port)
}

#[test]
fn metrics_count_what_happens() {
    let (broker, port) = measured(&[]);
    mosquitto_pub(["-t", "a", "-q", "1", "-r", "-m", "12345"])
        .port(broker.port())
        .run()
        .expect_success();
    mosquitto_sub(["-t", "a", "-C", "1"])
        .port(broker.port())
        .run()
        .expect_success();
    mosquitto_pub(["-t", "$SYS/a", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    http(broker.port(), "\u{1}\u{0}");
    let page = get(port, "/metrics");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    let lines = [
        "mqtk_packets_received_total{type=\"CONNECT\"} 3",
        "mqtk_packets_sent_total{type=\"SUBACK\"} 1",
        "mqtk_messages_received_total{qos=\"1\"} 1",
        "mqtk_messages_sent_total{qos=\"0\"} 1",
        "mqtk_payload_bytes_sent_total 5",
        "mqtk_retained_messages 1",
        "mqtk_publishes_refused_total{reason=\"0x87\"} 1",
        "mqtk_violations_total{statement=\"MQTT5-2.1.2\"} 1",
        "mqtk_disconnects_total{cause=\"disconnect\"} 3",
    ];
    expect_lines(&page, &lines);
}

/// Fails unless the page has these lines.
fn expect_lines(page: &str, lines: &[&str]) {
    for line in lines {
        assert!(
            page.lines().any(|found| found == *line),
            "{line} is not in {page}"
        );
    }
}

#[test]
fn blocks_are_counted() {
    let options = [
        "--abuse-loopback",
        "--abuse-client-connects",
        "3",
        "--sys-interval",
        "0.2",
    ];
    let (broker, port) = measured(&options);
    let publish = |client_id: &str| {
        mosquitto_pub(["-V", "5", "-i", client_id, "-t", "a", "-m", "x"])
            .port(broker.port())
            .run()
    };
    publish("modest").expect_success();
    for _ in 0..3 {
        publish("eager");
    }
    assert!(!publish("eager").status.success(), "it is blocked");
    expect_lines(
        &get(port, "/metrics"),
        &[
            "mqtk_clients_blocked 1",
            "mqtk_addresses_blocked 0",
            "mqtk_clients_blocked_total{abuse=\"client_connects\"} 1",
            "mqtk_clients_blocked_total{abuse=\"refusals\"} 0",
            "mqtk_addresses_blocked_total{abuse=\"failed_logins\"} 0",
            "mqtk_connects_refused_total{reason=\"0x9F\"} 1",
        ],
    );
    let sys = mosquitto_sub(["-t", "$SYS/broker/+/blocked", "-C", "2", "-v"])
        .port(broker.port())
        .run()
        .expect_success();
    let mut lines = sys.lines();
    lines.sort();
    let expected = [
        "$SYS/broker/addresses/blocked 0",
        "$SYS/broker/clients/blocked 1",
    ];
    assert_eq!(lines, expected);
}

/// A message that waits longer than it may is one that its receiver does not get.
#[test]
fn expired_messages_are_counted_as_dropped() {
    let (broker, port) = measured(&[]);
    let subscriber = || {
        mosquitto_sub([
            "-V", "5", "-c", "-x", "100", "-i", "away", "-t", "a", "-q", "1",
        ])
        .port(broker.port())
    };
    subscriber().arg("-E").run().expect_success();
    let publish = |payload: &str, expiry: &str| {
        mosquitto_pub(["-V", "5", "-t", "a", "-q", "1", "-m", payload])
            .args(["-D", "publish", "message-expiry-interval", expiry])
            .port(broker.port())
            .run()
            .expect_success();
    };
    publish("short", "1");
    publish("short too", "1");
    publish("long", "1000");
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let received = subscriber().args(["-C", "1"]).run().expect_success();
    assert_eq!(received.lines(), ["long"]);
    let line = "mqtk_messages_dropped_total{reason=\"expired\"} 2";
    expect_lines(&get(port, "/metrics"), &[line]);
}

#[test]
fn metrics_withstand_abuse() {
    let (broker, port) = measured(&[]);
    let idle: Vec<_> = (0..16)
        .map(|_| {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("it listens");
            stream.write_all(b"GET /met").expect("it reads");
            stream
        })
        .collect();
    assert_eq!(get(port, "/healthz"), "", "there are enough connections");
    drop(idle);
    while !get(port, "/healthz").ends_with("\r\n\r\nok\n") {}
    let long = format!("GET /metrics HTTP/1.1\r\nA: {}", "a".repeat(100_000));
    assert!(http(port, &long).starts_with("HTTP/1.1 431"));
    assert!(get(port, "/").starts_with("HTTP/1.1 404"));
    mosquitto_pub(["-t", "a", "-q", "2", "-m", "still here"])
        .port(broker.port())
        .run()
        .expect_success();
}

/// What a broker with these options printed for a few messages.
fn watched(options: &[&str]) -> Vec<String> {
    let broker = MqtkBroker::watched(mqtk(["broker", "--port", "0"]).args(options));
    for (id, topic, payload) in [("c1", "a/1", "one"), ("c2", "b", "two"), ("c3", "a/2", "")] {
        mosquitto_pub(["-i", id, "-t", topic, "-q", "1", "-m", payload])
            .port(broker.port())
            .run()
            .expect_success();
    }
    mosquitto_pub(["-t", "$SYS/x", "-m", "refused"])
        .port(broker.port())
        .run()
        .expect_success();
    let finished = broker.stop(Signal::TERM).expect_code(0);
    finished.lines()
}

#[test]
fn the_traffic_can_be_watched() {
    assert_eq!(
        watched(&["--watch"]),
        ["c1 a/1 one", "c2 b two", "c3 a/2 (null)"]
    );
    assert_eq!(
        watched(&["--watch", "a/#", "-F", "%c|%t|%p|%q"]),
        ["c1|a/1|one|1", "c3|a/2||1"]
    );
    let lines = watched(&["--json", "--watch", "b"]);
    let object: serde_json::Value = serde_json::from_str(&lines[0]).expect("JSON");
    assert_eq!(
        (&object["client_id"], &object["payload"]),
        (&"c2".into(), &"two".into())
    );
}

#[test]
fn a_watcher_that_does_not_read_keeps_nobody_waiting() {
    let mut broker = mqtk(["broker", "--port", "0", "--watch"])
        .stdout_held()
        .start();
    let mut stdout = broker.take_stdout();
    let log = broker.await_stderr("address", |log| log.contains("mqtt://"));
    let url = log.lines().next().expect("a line");
    let port = port_of(url).expect("a port");
    let payload = "x".repeat(20_000);
    let lines = format!("{payload}\n").repeat(1000);
    mqtk(["pub", "-q", "1", "-l", "t"])
        .port(port)
        .stdin(lines)
        .run()
        .expect_success();
    let reading = std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
    broker.await_stderr("a warning", |log| log.contains("messages were not printed"));
    broker.signal(Signal::TERM);
    broker.finish().expect_code(0);
    let printed = reading.join().expect("it reads").expect("it reads");
    assert!(printed > 1 << 20, "{printed}");
}

#[test]
fn usage_of_what_is_inside() {
    mqtk(["broker", "--json"])
        .run()
        .expect_failure(2, &["add --watch"]);
    mqtk(["broker", "--watch", "a/#/b"])
        .run()
        .expect_failure(2, &["--watch"]);
    mqtk(["broker", "--metrics", "nowhere"])
        .run()
        .expect_failure(2, &["9883"]);
    mqtk(["sub", "-t", "a", "-F", "%c"])
        .run()
        .expect_failure(2, &["%c", "--watch"]);
}
