//! What the broker reports on stderr.

use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};

use rustix::process::Signal;

use crate::support::mosquitto_pub;
use crate::support::mqtk_broker::MqtkBroker;

/// Lets a client publish and another break a rule; gives what the broker reported meanwhile.
fn report(options: &[&str]) -> String {
    let broker = MqtkBroker::start_with(options);
    mosquitto_pub(["-i", "c\"1", "-t", "$SYS/a", "-q", "1", "-m", "x"])
        .port(broker.port())
        .run();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    stream.write_all(&[0xC0, 0]).expect("it reads");
    let mut closed = Vec::new();
    let _ = std::io::Read::read_to_end(&mut stream, &mut closed);
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
