//! Normative statements on MQTT over WebSocket (section 6), against a server that chooses its
//! frames.

use crate::support::process::Program;
use crate::support::websocket::{BINARY, TEXT, WebSocket};
use crate::support::wire::{CONNACK, publish};
use crate::support::{RawServer, mqtk};

fn subscriber(server: &RawServer) -> Program {
    mqtk(["sub", "-t", "a", "--ws", "-C", "1", "--no-reconnect"]).port(server.port())
}

/// The client's next bytes, at least this many, whatever its frames.
fn bytes(socket: &mut WebSocket, count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < count {
        let (opcode, payload) = socket.frame();
        assert_eq!(opcode, BINARY, "{payload:02x?}");
        bytes.extend(payload);
    }
    bytes
}

#[test]
fn mqtt_6_0_0_3_the_client_offers_mqtt() {
    let server = RawServer::listen();
    let _process = subscriber(&server)
        .args(["--ws-path", "/broker"])
        .args(["--ws-header", "X-Key: 7"])
        .start();
    let socket = WebSocket::accept(&server, Some("mqtt"));
    assert!(
        socket.request.starts_with("GET /broker HTTP/1.1\r\n"),
        "{}",
        socket.request
    );
    assert_eq!(socket.header("Sec-WebSocket-Protocol"), Some("mqtt"));
    assert_eq!(socket.header("X-Key"), Some("7"));
}

#[test]
fn mqtt_6_0_0_1_control_packets_go_in_binary_frames() {
    let server = RawServer::listen();
    let _process = subscriber(&server).start();
    let mut socket = WebSocket::accept(&server, Some("mqtt"));
    assert!(bytes(&mut socket, 14).starts_with(b"\x10"));
}

#[test]
fn mqtt_6_0_0_1_a_text_frame_ends_the_connection() {
    let server = RawServer::listen();
    let process = subscriber(&server).start();
    let mut socket = WebSocket::accept(&server, Some("mqtt"));
    bytes(&mut socket, 14);
    socket.send(TEXT, &CONNACK);
    process.finish().expect_failure(6, &["text"]);
}

#[test]
fn mqtt_6_0_0_2_packets_need_not_align_with_frames() {
    let server = RawServer::listen();
    let process = subscriber(&server).start();
    let mut socket = WebSocket::accept(&server, Some("mqtt"));
    bytes(&mut socket, 14);
    for byte in CONNACK {
        socket.send(BINARY, &[byte]);
    }
    let subscribe = bytes(&mut socket, 8);
    let mut answers = vec![0x90, 3, subscribe[2], subscribe[3], 0];
    answers.extend(publish("a", 0, 0, b"one"));
    answers.extend(publish("a", 0, 0, b"two"));
    let (first, second) = answers.split_at(9);
    socket.send(BINARY, first);
    socket.send(BINARY, second);
    assert_eq!(process.finish().expect_success().lines(), ["one"]);
}

#[test]
fn mqtt_6_0_0_4_another_subprotocol_is_refused() {
    let server = RawServer::listen();
    let process = subscriber(&server).start();
    let _socket = WebSocket::accept(&server, Some("chat"));
    process.finish().expect_failure(3, &["subprotocol"]);
}

#[test]
fn a_server_that_speaks_only_http_is_named_so() {
    let server = RawServer::listen();
    let process = subscriber(&server).start();
    let mut peer = server.accept();
    peer.read_until(b"\r\n\r\n");
    peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    process.finish().expect_failure(3, &["404"]);
}
