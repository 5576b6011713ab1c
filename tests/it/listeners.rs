//! The listeners of mqtk's broker, seen by Mosquitto's clients, by mqtk's and byte by byte.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;

use tempfile::TempDir;
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use crate::support::certificates::{Certificates, Server};
use crate::support::mqtk_broker::{MqtkBroker, port_of};
use crate::support::process::Program;
use crate::support::wire::{CONNACK, PINGREQ, PINGRESP};
use crate::support::{mosquitto_pub, mosquitto_sub, mqtk};

const CONNECT: &[u8] = b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me";

/// `mqtk broker` with a certificate for localhost.
fn with_certificate(certificates: &Certificates) -> Program {
    mqtk(["broker", "--cert"])
        .arg(&certificates.server)
        .arg("--key")
        .arg(&certificates.server_key)
}

#[test]
fn every_listener_leads_to_the_same_topics() {
    let certificates = Certificates::new(&Server::Good);
    let directory = TempDir::new().expect("a directory for a socket");
    let socket = directory.path().join("m.sock");
    let program = with_certificate(&certificates)
        .args(["-p", "0", "--listen", "mqtts://localhost:0"])
        .args(["--listen", "ws://127.0.0.1:0", "--listen"])
        .args(["wss://localhost:0/chat", "--listen"])
        .arg(format!("unix://{}", socket.display()));
    let broker = MqtkBroker::listening(program, 5);
    let receiving = mosquitto_sub(["-h", "localhost", "-q", "2", "-t", "to", "-C", "7"])
        .arg("--cafile")
        .arg(&certificates.ca)
        .port(port_of(&broker.urls()[1]).expect("a port"))
        .start();
    broker.await_subscription("to");
    for url in broker.urls() {
        let program = mqtk(["pub", "-L", url, "-t", "to", "-q", "2", "-m", url]);
        let is_tls = url.starts_with("mqtts:") || url.starts_with("wss:");
        match is_tls {
            true => program.arg("--cafile").arg(&certificates.ca),
            false => program,
        }
        .run()
        .expect_success();
    }
    mosquitto_pub(["-t", "to", "-m", "socket", "--unix"])
        .arg(&socket)
        .run()
        .expect_success();
    mosquitto_pub(["-t", "to", "-m", "plain"])
        .port(broker.port())
        .run()
        .expect_success();
    let mut expected = broker.urls().to_vec();
    expected.extend(["socket", "plain"].map(str::to_owned));
    assert_eq!(receiving.finish().expect_success().lines(), expected);
    broker.stop(rustix::process::Signal::TERM).expect_code(0);
    assert!(!socket.exists(), "the socket goes with the broker");
}

#[test]
fn a_client_without_its_certificate_is_refused_and_named() {
    let certificates = Certificates::new(&Server::Good);
    let program = with_certificate(&certificates)
        .args(["--listen", "mqtts://127.0.0.1:0", "--client-ca"])
        .arg(&certificates.ca);
    let broker = MqtkBroker::listening(program, 1);
    let publish = || {
        mosquitto_pub([
            "-h",
            "localhost",
            "-q",
            "1",
            "-t",
            "a",
            "-m",
            "x",
            "--cafile",
        ])
        .arg(&certificates.ca)
        .port(broker.port())
    };
    publish()
        .arg("--cert")
        .arg(&certificates.client)
        .arg("--key")
        .arg(&certificates.client_key)
        .run()
        .expect_success();
    assert!(!publish().run().status.success());
    broker.await_log(&format!(
        "to mqtts://127.0.0.1:{} refused: no TLS session: the client has no certificate",
        broker.port()
    ));
}

#[test]
fn what_is_not_tls_is_named_and_silence_holds_nobody_up() {
    let certificates = Certificates::new(&Server::Good);
    let program = with_certificate(&certificates).args(["--listen", "mqtts://127.0.0.1:0"]);
    let broker = MqtkBroker::listening(program, 1);
    let connect = || TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    let silent: Vec<_> = (0..100).map(|_| connect()).collect();
    let mut plain = connect();
    plain.write_all(CONNECT).expect("it reads");
    // What it answers is a TLS alert.
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer);
    broker.await_log("refused: no TLS session: the client does not speak TLS");
    mqtk([
        "pub",
        "-h",
        "localhost",
        "-t",
        "a",
        "-q",
        "1",
        "-m",
        "x",
        "--cafile",
    ])
    .arg(&certificates.ca)
    .port(broker.port())
    .run()
    .expect_success();
    drop(silent);
}

/// A WebSocket to the broker's only listener.
fn websocket(broker: &MqtkBroker) -> WebSocket<TcpStream> {
    websocket_for(broker, "mqtt")
}

/// The same of this subprotocol.
fn websocket_for(broker: &MqtkBroker, subprotocol: &str) -> WebSocket<TcpStream> {
    let mut request = broker.urls()[0]
        .as_str()
        .into_client_request()
        .expect("a URL");
    let value = subprotocol.parse().expect("a header's value");
    let headers = request.headers_mut();
    headers.insert("Sec-WebSocket-Protocol", value);
    let tcp = TcpStream::connect((Ipv4Addr::LOCALHOST, broker.port())).expect("it listens");
    let (websocket, response) = tungstenite::client(request, tcp).expect("a handshake");
    assert_eq!(response.headers()["Sec-WebSocket-Protocol"], subprotocol);
    websocket
}

fn websocket_broker() -> MqtkBroker {
    MqtkBroker::listening(mqtk(["broker", "--listen", "ws://127.0.0.1:0"]), 1)
}

#[test]
fn mqtt_6_0_0_2_packets_may_be_split_over_frames_and_glued_together() {
    let broker = websocket_broker();
    let mut websocket = websocket(&broker);
    let bytes = [CONNECT, &PINGREQ, &PINGREQ].concat();
    let (start, rest) = bytes.split_at(5);
    for byte in start {
        let frame = Message::binary(vec![*byte]);
        websocket.send(frame).expect("it reads");
    }
    websocket
        .send(Message::binary(rest.to_vec()))
        .expect("it reads");
    let mut received = Vec::new();
    while received.len() < CONNACK.len() + 2 * PINGRESP.len() {
        match websocket.read().expect("it answers") {
            Message::Binary(payload) => received.extend_from_slice(&payload),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(received, [&CONNACK[..], &PINGRESP, &PINGRESP].concat());
}

#[test]
fn mqtt_6_0_0_1_a_text_frame_ends_the_connection() {
    let broker = websocket_broker();
    let mut websocket = websocket(&broker);
    let text = String::from_utf8(CONNECT.to_vec()).expect("it is ASCII");
    websocket.send(Message::text(text)).expect("it reads");
    match websocket.read().expect("it answers") {
        Message::Close(Some(close)) => assert_eq!(u16::from(close.code), 1003),
        other => panic!("{other:?}"),
    }
    broker.await_log("MQTT-6.0.0-1");
}

/// The subprotocol of old clients is for them alone.
#[test]
fn the_subprotocol_mqttv3_1_is_for_mqtt_3_1() {
    let broker = websocket_broker();
    let old: &[u8] = b"\x10\x10\0\x06MQIsdp\x03\x02\0\x3c\0\x02me";
    let refused: &[u8] = &[0x20, 2, 0, 1];
    for (connect, answer) in [(old, &CONNACK[..]), (CONNECT, refused)] {
        let mut websocket = websocket_for(&broker, "mqttv3.1");
        let connect = Message::binary(connect.to_vec());
        websocket.send(connect).expect("it reads");
        match websocket.read().expect("it answers") {
            Message::Binary(payload) => assert_eq!(payload, answer),
            other => panic!("{other:?}"),
        }
    }
    broker.await_log("the WebSocket subprotocol mqttv3.1 is for MQTT 3.1");
}

/// Starts a broker with a CA of its own under this directory; returns the file of the CA.
fn self_signed(state: &Path) -> (MqtkBroker, String) {
    let program = mqtk(["broker", "--self-signed", "--listen", "mqtts://127.0.0.1:0"])
        .env("XDG_STATE_HOME", state);
    let broker = MqtkBroker::listening(program, 1);
    broker.await_log("--cafile ");
    let file = state.join("mqtk/self-signed/ca.crt");
    (broker, file.display().to_string())
}

#[test]
fn a_self_signed_broker_is_trusted_again_after_a_restart() {
    let state = TempDir::new().expect("a directory for the CA");
    let (_, ca) = self_signed(state.path());
    let first = std::fs::read(&ca).expect("the CA is kept");
    let (broker, ca) = self_signed(state.path());
    assert_eq!(std::fs::read(&ca).expect("the CA is kept"), first);
    for host in ["localhost", "127.0.0.1"] {
        let args = ["-h", host, "-q", "1", "-t", "a", "-m", "x", "--cafile", &ca];
        for program in [mosquitto_pub(args), mqtk([&["pub"], &args[..]].concat())] {
            program.port(broker.port()).run().expect_success();
        }
    }
}

#[test]
fn bad_configuration_is_one_line() {
    let certificates = Certificates::new(&Server::Good);
    let listen = ["--listen", "mqtts://127.0.0.1:0"];
    mqtk(["broker", "--cert", "/nowhere/a.crt"])
        .args(listen)
        .run()
        .expect_failure(2, &["--cert", "/nowhere/a.crt"]);
    mqtk(["broker", "--key"])
        .arg(&certificates.client_key)
        .arg("--cert")
        .arg(&certificates.server)
        .args(listen)
        .run()
        .expect_failure(2, &["--cert", "client.key belongs to another"]);
    mqtk(["broker", "--listen", "unix:///nowhere/m.sock"])
        .run()
        .expect_failure(1, &["unix:///nowhere/m.sock"]);
}
