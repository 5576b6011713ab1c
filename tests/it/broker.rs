//! mqtk's own broker, seen by Mosquitto's clients and by mqtk's.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use rustix::process::Signal;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Program;
use crate::support::wire::{CONNACK, publish};
use crate::support::{mosquitto_pub, mosquitto_sub, mqtk};

const VERSIONS: [&str; 3] = ["31", "311", "5"];

#[test]
fn mosquitto_clients_in_every_version_and_qos() {
    let broker = MqtkBroker::start();
    for version in VERSIONS {
        let versions = ["-V", &format!("mqttv{version}")];
        for qos in ["0", "1", "2"] {
            let topic = format!("{version}/{qos}");
            let receiving = [mosquitto_sub::<&str>([]), mqtk(["sub"])].map(|program| {
                program
                    .args(versions)
                    .args(["-q", qos, "-t", &topic, "-C", "2", "-F", "%t %q %r %p"])
                    .port(broker.port())
                    .start()
            });
            broker.await_subscriptions(&topic, 2);
            for publisher in [mosquitto_pub::<&str>([]), mqtk(["pub"])] {
                publisher
                    .args(versions)
                    .args(["-q", qos, "-t", &topic, "-m", "21.5"])
                    .port(broker.port())
                    .run()
                    .expect_success();
            }
            for process in receiving {
                let expected = format!("{topic} {qos} 0 21.5");
                assert_eq!(
                    process.finish().expect_success().lines(),
                    [expected.clone(), expected]
                );
            }
        }
    }
}

#[test]
fn a_message_goes_out_at_the_lower_qos() {
    let broker = MqtkBroker::start();
    let receiving = mosquitto_sub(["-q", "1", "-t", "a", "-C", "3", "-F", "%q"])
        .port(broker.port())
        .start();
    broker.await_subscription("a");
    for qos in ["0", "1", "2"] {
        mosquitto_pub(["-q", qos, "-t", "a", "-m", "x"])
            .port(broker.port())
            .run()
            .expect_success();
    }
    assert_eq!(receiving.finish().expect_success().lines(), ["0", "1", "1"]);
}

#[test]
fn retained_messages_are_kept_replaced_and_cleared() {
    let broker = MqtkBroker::start();
    let retain = |args: &[&str]| {
        mosquitto_pub(["-r", "-q", "1", "-t", "r/1"])
            .args(args)
            .port(broker.port())
            .run()
            .expect_success();
    };
    let newcomer = |args: &[&str]| {
        mosquitto_sub(["-t", "r/#", "-F", "%r %p"])
            .args(args)
            .port(broker.port())
            .run()
    };
    retain(&["-m", "first"]);
    retain(&["-m", "second"]);
    assert_eq!(
        newcomer(&["-C", "1"]).expect_success().lines(),
        ["1 second"]
    );
    retain(&["-n"]);
    assert_eq!(newcomer(&["-W", "1"]).expect_code(27).stdout, b"");
}

#[test]
fn a_will_is_sent_for_a_killed_client_only() {
    let broker = MqtkBroker::start();
    let heirs = mosquitto_sub(["-t", "will/#", "-C", "2", "-v"])
        .port(broker.port())
        .start();
    broker.await_subscription("will/#");
    let client = |topic: &str| {
        mosquitto_sub(["-t", topic, "--will-payload", "gone", "--will-topic"])
            .arg(format!("will/{topic}"))
            .port(broker.port())
    };
    client("orderly").arg("-E").run().expect_success();
    let killed = client("killed").start();
    broker.await_subscription("killed");
    killed.signal(Signal::KILL);
    killed.finish();
    mosquitto_pub(["-t", "will/last", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_success();
    assert_eq!(heirs.finish().lines(), ["will/killed gone", "will/last x"]);
}

#[test]
fn a_session_is_kept_for_a_client_that_is_away() {
    let broker = MqtkBroker::start();
    for version in ["311", "5"] {
        for qos in ["1", "2"] {
            let topic = format!("{version}/{qos}");
            let id = format!("kept-{version}-{qos}");
            let subscribe = |args: &[&str]| {
                mosquitto_sub(["-V", version, "-c", "-i", &id, "-q", qos, "-t", &topic])
                    .args(args)
                    .port(broker.port())
                    .run()
                    .expect_success()
            };
            subscribe(&["-E"]);
            for number in ["1", "2", "3"] {
                mosquitto_pub(["-q", qos, "-t", &topic, "-m", number])
                    .port(broker.port())
                    .run()
                    .expect_success();
            }
            assert_eq!(subscribe(&["-C", "3"]).lines(), ["1", "2", "3"]);
        }
    }
}

#[test]
fn wildcards_match_as_they_should() {
    let broker = MqtkBroker::start();
    let receiving = mosquitto_sub(["-t", "a/+/c", "-t", "d/#", "-C", "4", "-F", "%t"])
        .port(broker.port())
        .start();
    broker.await_subscription("d/#");
    for topic in ["a/b/c", "a/b", "a/b/d", "d", "d/e/f", "$SYS/x", "a//c"] {
        mosquitto_pub(["-t", topic, "-m", "x"])
            .port(broker.port())
            .run()
            .expect_success();
    }
    assert_eq!(
        receiving.finish().expect_success().lines(),
        ["a/b/c", "d", "d/e/f", "a//c"]
    );
}

#[test]
fn a_signal_ends_it_in_order_whoever_is_connected() {
    for signal in [Signal::INT, Signal::TERM] {
        let broker = MqtkBroker::start();
        let client = mqtk(["sub", "-t", "a", "--no-reconnect"])
            .port(broker.port())
            .start();
        broker.await_subscription("a");
        let silent = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
        broker.stop(signal).expect_code(0);
        let finished = client.finish();
        assert!(
            matches!(finished.status.code(), Some(4 | 5)),
            "{finished:?}"
        );
        drop(silent);
    }
}

#[test]
fn a_port_in_use_is_named() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a port");
    let port = listener.local_addr().expect("it is bound").port();
    mqtk(["broker", "-p", &port.to_string()])
        .run()
        .expect_failure(1, &[&port.to_string(), "in use"]);
}

/// Sends these bytes and reads until the broker closes the connection, if it does in time.
fn is_closed_after(broker: &MqtkBroker, bytes: &[u8]) -> bool {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a timeout can be set");
    if stream.write_all(bytes).is_err() {
        return true;
    }
    let mut block = [0; 4096];
    loop {
        match stream.read(&mut block) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

#[test]
fn what_is_not_mqtt_closes_its_own_connection_only() {
    let broker = MqtkBroker::start();
    let connect = b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me";
    let garbage: [&[u8]; 6] = [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03",
        b"\x10\xff\xff\xff\xff\x7f",
        b"\x10\x0e\0\x04MQTT\x09\x02\0\x3c\0\x02me",
        &publish("a", 0, 0, b"before CONNECT"),
        &[0; 64],
    ];
    for bytes in garbage {
        assert!(is_closed_after(&broker, bytes), "{bytes:02x?}");
        assert!(is_closed_after(&broker, &[connect, bytes].concat()[..]) || bytes[0] == 0x30);
    }
    mosquitto_pub(["-t", "a", "-q", "2", "-m", "still here"])
        .port(broker.port())
        .run()
        .expect_success();
}

#[test]
fn random_bytes_never_end_it() {
    let broker = MqtkBroker::start();
    let mut random = fastrand::Rng::with_seed(crate::support::seed());
    let connect = b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me";
    for _ in 0..500 {
        let mut stream =
            TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
        if random.bool() {
            stream.write_all(connect).expect("it reads");
            let mut connack = [0; 4];
            stream.read_exact(&mut connack).expect("it answers");
            assert_eq!(connack, CONNACK);
        }
        let bytes: Vec<u8> = (0..random.usize(1..200)).map(|_| random.u8(..)).collect();
        // It may have hung up already.
        let _ = stream.write_all(&bytes);
    }
    mosquitto_pub(["-t", "a", "-q", "2", "-m", "still here"])
        .port(broker.port())
        .run()
        .expect_success();
    broker.stop(Signal::TERM).expect_code(0);
}

fn embedded(command: &str) -> Program {
    mqtk([command, "--embedded"]).port(0)
}

#[test]
fn a_broker_may_be_embedded_in_the_command() {
    embedded("pub")
        .args(["-t", "a", "-q", "2", "-m", "x"])
        .run()
        .expect_code(0);
    let viewing = embedded("sub").arg("#").start();
    let line = viewing.await_stderr("address", |text| {
        text.contains("127.0.0.1:") && text.contains('\n')
    });
    let port: u16 = line
        .split("127.0.0.1:")
        .nth(1)
        .map(|rest| {
            rest.chars()
                .take_while(char::is_ascii_digit)
                .collect::<String>()
        })
        .and_then(|digits| digits.parse().ok())
        .expect("a port");
    while !viewing.await_stdout("anything", |_| true).contains("x") {
        mosquitto_pub(["-t", "a", "-m", "x"])
            .port(port)
            .run()
            .expect_success();
    }
    viewing.signal(Signal::INT);
    viewing.finish().expect_code(0);
}

#[test]
fn an_embedded_broker_that_cannot_listen_says_so() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = taken.local_addr().expect("its address").port();
    for command in ["pub", "sub"] {
        let mut program = mqtk([command, "--embedded", "-t", "a"]).port(port);
        if command == "pub" {
            program = program.args(["-m", "x"]);
        }
        program
            .run()
            .expect_code(1)
            .expect_words(&["127.0.0.1", "in use"]);
    }
}
