//! A broker that misbehaves by rules.

use std::time::Duration;

use rustix::process::Signal;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::{mosquitto_pub, mosquitto_sub, mqtk};

fn faulty(rules: &[&str]) -> MqtkBroker {
    let rules = rules.iter().flat_map(|rule| ["--fault", rule]);
    MqtkBroker::start_with(&rules.collect::<Vec<_>>())
}

fn numbers(range: std::ops::RangeInclusive<u32>) -> String {
    range.map(|number| format!("{number}\n")).collect()
}

#[test]
fn a_client_can_be_refused() {
    let broker = faulty(&["refuse client=bad-? code=0x97"]);
    let publish = |id: &str, version: &str| {
        mqtk(["pub", "-V", version, "-i", id, "-t", "a", "-m", "x"])
            .port(broker.port())
            .run()
    };
    publish("bad-1", "5").expect_failure(4, &["Quota exceeded"]);
    publish("bad-1", "311").expect_failure(4, &["unavailable"]);
    publish("good", "5").expect_success();
    broker.await_log(r#"fault: CONNECT from client "bad-1": refuse client=bad-? code=0x97"#);
}

#[test]
fn delayed_messages_arrive_after_their_publisher_has_left() {
    let broker = faulty(&["delay by=300ms client=late direction=in packet=PUBLISH"]);
    let receiving = mosquitto_sub(["-t", "a", "-C", "2"])
        .port(broker.port())
        .start();
    broker.await_subscription("a");
    for id in ["late", "early"] {
        mosquitto_pub(["-i", id, "-t", "a", "-m", id])
            .port(broker.port())
            .run()
            .expect_success();
    }
    assert_eq!(
        receiving.finish().expect_success().lines(),
        ["early", "late"]
    );
}

/// The messages that are left of a hundred at QoS 0.
fn left_of_a_hundred(seed: &str) -> Vec<String> {
    let broker = MqtkBroker::start_with(&[
        "--fault",
        "drop probability=0.3 topic=a direction=out",
        "--fault-seed",
        seed,
    ]);
    let receiving = mosquitto_sub(["-i", "r", "-t", "a", "-t", "end", "-F", "%p"])
        .port(broker.port())
        .start();
    broker.await_subscription("end");
    mqtk(["pub", "-l", "a"])
        .port(broker.port())
        .stdin(numbers(1..=100))
        .run()
        .expect_success();
    mqtk(["pub", "end", "-m", "end"])
        .port(broker.port())
        .run()
        .expect_success();
    receiving.await_stdout("the end", |text| text.contains("end"));
    receiving.signal(Signal::TERM);
    receiving.finish().lines()
}

#[test]
fn the_same_seed_drops_the_same_messages() {
    let left = left_of_a_hundred("7");
    assert!((50..90).contains(&left.len()), "{}", left.len());
    assert_eq!(left, left_of_a_hundred("7"));
    assert_ne!(left, left_of_a_hundred("8"));
}

#[test]
fn the_end_of_a_connection_is_seen_by_the_client() {
    let run = |rule: &str| {
        let broker = faulty(&[rule]);
        mqtk(["sub", "-V", "5", "-k", "1", "--no-reconnect", "a"])
            .port(broker.port())
            .run()
    };
    run("close packet=PINGREQ").expect_failure(5, &[]);
    run("disconnect code=0x9D packet=PINGREQ").expect_failure(4, &["Server moved"]);
    run("no-pingresp").expect_failure(5, &["pingreq"]);
}

#[test]
fn a_corrupt_packet_is_named() {
    let broker = faulty(&["corrupt packet=PINGREQ direction=in"]);
    mqtk(["sub", "-k", "1", "--no-reconnect", "a"])
        .port(broker.port())
        .run()
        .expect_failure(5, &[]);
    broker.await_log("broke MQTT-");
}

#[test]
fn a_client_that_is_not_read_is_read_again() {
    let broker = faulty(&["stall for=0.5s packet=CONNECT times=1"]);
    let publish = mqtk(["pub", "-q", "1", "-k", "1", "-t", "a", "-m", "x"]).port(broker.port());
    let finished = publish.run().expect_success();
    assert!(
        finished.elapsed >= Duration::from_millis(500),
        "{finished:?}"
    );
}

#[test]
fn rules_stand_in_a_file_too_and_are_checked() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let text = "[faults]\nfault = [\"refuse client=bad\", \"drop topic=a\"]\nfault-seed = 5\n";
    std::fs::write(file.path(), text).expect("it can be written");
    let path = file.path().to_str().expect("a path");
    let broker = MqtkBroker::start_with(&["--config", path]);
    broker.await_log("misbehaving by 2 rules, --fault-seed 5");
    mqtk(["pub", "-i", "bad", "-t", "a", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_failure(4, &[]);
    let wrong = |rule: &str| mqtk(["broker", "--fault", rule]).run();
    wrong("explode").expect_failure(2, &["explode", "delay, drop"]);
    wrong("drop by=1s").expect_failure(2, &["by=1s", "probability"]);
}
