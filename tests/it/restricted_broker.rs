//! A broker that cannot do everything, seen by Mosquitto's clients and by mqtk's.

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::{mosquitto_pub, mosquitto_sub, mqtk};

/// Flags of the broker; a command and its arguments; what it must say on stderr.
type Case = (
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);

const REFUSED: [Case; 9] = [
    (
        &["--maximum-qos", "1"],
        &["pub", "-V", "5", "-q", "2", "-t", "a", "-m", "x"],
        &["the broker supports QoS 1 at most"],
    ),
    (
        &["--retain-available", "false"],
        &["pub", "-V", "5", "-r", "-t", "a", "-m", "x"],
        &["the broker does not support retained messages"],
    ),
    (
        &["--max-packet-size", "20"],
        &[
            "pub",
            "-V",
            "5",
            "-t",
            "a",
            "-m",
            "longer than twenty bytes",
        ],
        &["larger than the largest packet the broker accepts (20 bytes)"],
    ),
    (
        &["--protocol-versions", "5"],
        &["pub", "-V", "311", "-t", "a", "-m", "x"],
        &["unacceptable protocol version"],
    ),
    (
        &["--protocol-versions", "311"],
        &["pub", "-V", "5", "-t", "a", "-m", "x"],
        &["Unsupported Protocol Version"],
    ),
    (
        &["--maximum-qos", "0"],
        &[
            "sub",
            "-V",
            "5",
            "-t",
            "a",
            "--will-topic",
            "w",
            "--will-qos",
            "1",
        ],
        &["QoS not supported"],
    ),
    (
        &["--wildcard-available", "false"],
        &["sub", "-V", "5", "-t", "#"],
        &["Wildcard Subscriptions not supported"],
    ),
    (
        &["--wildcard-available", "false"],
        &["sub", "-V", "311", "-t", "#"],
        &["#"],
    ),
    (
        &["--shared-available", "false"],
        &["sub", "-V", "5", "-t", "$share/g/a"],
        &["Shared Subscriptions not supported"],
    ),
];

#[test]
fn mqtk_says_what_the_broker_does_not_support() {
    for (flags, args, said) in REFUSED {
        let broker = MqtkBroker::start_with(flags);
        mqtk(args).port(broker.port()).run().expect_failure(4, said);
    }
}

#[test]
fn mosquitto_s_clients_meet_the_same_limits() {
    let broker = MqtkBroker::start_with(&[
        "--maximum-qos=1",
        "--wildcard-available=false",
        "--protocol-versions=311,5",
    ]);
    let refused = |args: &[&str]| {
        let finished = mosquitto_pub(["-t", "a", "-m", "x"])
            .args(args)
            .port(broker.port())
            .run();
        // It complains, but not always by its exit status.
        assert!(finished.stderr.contains("Error"), "{finished:?}");
    };
    refused(&["-V", "5", "-q", "2"]);
    refused(&["-V", "31"]);
    let subscribed = mosquitto_sub(["-V", "311", "-t", "a/#", "-W", "10"])
        .port(broker.port())
        .run();
    assert!(subscribed.stderr.contains("denied"), "{subscribed:?}");

    let receiving = mosquitto_sub(["-q", "2", "-t", "a", "-C", "1", "-F", "%q %p"])
        .port(broker.port())
        .start();
    broker.await_subscription("a");
    for publisher in [mosquitto_pub::<&str>([]), mqtk(["pub"])] {
        publisher
            .args(["-V", "5", "-q", "1", "-t", "a", "-m", "x"])
            .port(broker.port())
            .run()
            .expect_success();
    }
    assert_eq!(receiving.finish().expect_success().lines(), ["1 x"]);
}
