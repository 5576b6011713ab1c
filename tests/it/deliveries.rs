//! Messages through Mosquitto: every version, every QoS, both clients; retained messages and
//! Will Messages.

use rustix::process::Signal;

use crate::support::process::Program;
use crate::support::{Mosquitto, mosquitto_pub, mosquitto_sub, mqtk};

const VERSIONS: [&str; 3] = ["31", "311", "5"];

fn delivers(publisher: fn() -> Program, subscriber: fn() -> Program) {
    let broker = Mosquitto::start();
    for version in VERSIONS {
        let versions = ["-V", &format!("mqttv{version}")];
        for qos in ["0", "1", "2"] {
            let topic = format!("{version}/{qos}");
            let receiving = subscriber()
                .args(versions)
                .args(["-q", qos, "-t", &topic, "-C", "1", "-F", "%t %q %r %p"])
                .port(broker.port())
                .start();
            broker.await_subscription(&topic);
            publisher()
                .args(versions)
                .args(["-q", qos, "-t", &topic, "-m", "21.5 °C"])
                .port(broker.port())
                .run()
                .expect_success();
            let received = receiving.finish().expect_success();
            assert_eq!(received.lines(), [format!("{topic} {qos} 0 21.5 °C")]);
        }
    }
}

#[test]
fn pub_to_sub_in_every_version_and_qos() {
    delivers(|| mqtk(["pub"]), || mqtk(["sub"]));
}

#[test]
fn pub_to_mosquitto_sub_in_every_version_and_qos() {
    delivers(|| mqtk(["pub"]), || mosquitto_sub::<&str>([]));
}

#[test]
fn mosquitto_pub_to_sub_in_every_version_and_qos() {
    delivers(|| mosquitto_pub::<&str>([]), || mqtk(["sub"]));
}

#[test]
fn a_retained_message_waits_for_subscribers_until_it_is_cleared() {
    let broker = Mosquitto::start();
    for version in VERSIONS {
        let topic = format!("retained/{version}");
        let publish = || mqtk(["pub", "-V", version, "-r", "-q", "1", &topic]).port(broker.port());
        let subscribe = |args: &[&str]| {
            mqtk(["sub", "-V", version, "-F", "%r %p", &topic])
                .args(args)
                .port(broker.port())
                .run()
        };
        publish().args(["-m", "kept"]).run().expect_success();
        assert_eq!(subscribe(&["-C", "1"]).expect_success().lines(), ["1 kept"]);
        assert_eq!(subscribe(&["-R", "-W", "0.3"]).expect_code(27).stdout, b"");
        publish().arg("-n").run().expect_success();
        assert_eq!(subscribe(&["-W", "0.3"]).expect_code(27).stdout, b"");
    }
}

#[test]
fn several_topics_get_the_message_each() {
    let broker = Mosquitto::start();
    let receiving = mqtk(["sub", "s/#", "-v", "-C", "3"])
        .port(broker.port())
        .start();
    broker.await_subscription("s/#");
    mqtk(["pub", "s/1", "-t", "s/2", "-t", "s/3", "-m", "on"])
        .port(broker.port())
        .run()
        .expect_success();
    let mut lines = receiving.finish().expect_success().lines();
    lines.sort();
    assert_eq!(lines, ["s/1 on", "s/2 on", "s/3 on"]);
}

#[test]
fn a_killed_client_leaves_its_will() {
    let broker = Mosquitto::start();
    for version in VERSIONS {
        let topic = format!("will/{version}");
        let heirs = mosquitto_sub(["-t", &topic, "-q", "1", "-C", "1", "-F", "%q %r %p"])
            .port(broker.port())
            .start();
        broker.await_subscription(&topic);
        let held = format!("hold/{version}");
        let client = mqtk(["sub", "-V", version, &held])
            .args([
                "--will-topic",
                &topic,
                "--will-payload",
                "gone",
                "--will-qos",
                "1",
            ])
            .port(broker.port())
            .start();
        broker.await_subscription(&held);
        client.signal(Signal::KILL);
        assert_eq!(heirs.finish().expect_success().lines(), ["1 0 gone"]);
    }
}

#[test]
fn a_client_that_ends_in_order_takes_its_will_along() {
    let broker = Mosquitto::start();
    let heirs = mosquitto_sub(["-t", "will", "-C", "1"])
        .port(broker.port())
        .start();
    broker.await_subscription("will");
    for (filter, signal) in [("terminated", Signal::TERM), ("interrupted", Signal::INT)] {
        let client = mqtk([
            "sub",
            filter,
            "--will-topic",
            "will",
            "--will-payload",
            "gone",
        ])
        .port(broker.port())
        .start();
        broker.await_subscription(filter);
        client.signal(signal);
        client.finish().expect_success();
    }
    mqtk(["pub", "will", "-m", "the first message"])
        .port(broker.port())
        .run()
        .expect_success();
    assert_eq!(heirs.finish().lines(), ["the first message"]);
}

#[test]
fn a_kept_session_receives_what_came_while_it_was_away() {
    let broker = Mosquitto::start();
    for version in VERSIONS {
        let topic = format!("kept/{version}");
        let subscribe = |args: &[&str]| {
            mqtk([
                "sub",
                "-V",
                version,
                "-c",
                "-i",
                &topic.replace('/', "-"),
                "-q",
                "1",
                &topic,
            ])
            .args(args)
            .port(broker.port())
            .run()
        };
        subscribe(&["-E"]).expect_success();
        mosquitto_pub(["-t", &topic, "-q", "1", "-m", "later"])
            .port(broker.port())
            .run()
            .expect_success();
        assert_eq!(subscribe(&["-C", "1"]).expect_success().lines(), ["later"]);
    }
}

#[test]
fn properties_travel_with_the_message() {
    let broker = Mosquitto::start();
    let receiving = mqtk(["sub", "p", "-V", "5", "-C", "1", "--json"])
        .port(broker.port())
        .start();
    broker.await_subscription("p");
    mosquitto_pub(["-V", "5", "-t", "p", "-m", "21.5", "-q", "0"])
        .args(["-D", "publish", "content-type", "text/plain"])
        .args(["-D", "publish", "response-topic", "answers"])
        .args(["-D", "publish", "user-property", "unit", "celsius"])
        .args(["-D", "publish", "user-property", "unit", "again"])
        .port(broker.port())
        .run()
        .expect_success();
    let line = receiving.finish().expect_success().stdout_text();
    let json: serde_json::Value = serde_json::from_str(&line).expect("a line of JSON");
    assert_eq!(json["topic"], "p");
    assert_eq!(json["payload"], "21.5");
    assert_eq!(json["payload_len"], 4);
    assert_eq!(json["properties"]["content_type"], "text/plain");
    assert_eq!(json["properties"]["response_topic"], "answers");
    let pairs = serde_json::json!([["unit", "celsius"], ["unit", "again"]]);
    assert_eq!(json["properties"]["user_property"], pairs);
}
