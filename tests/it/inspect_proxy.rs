//! `mqtk inspect --listen`: Mosquitto's clients through it to a broker.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::certificates::{Certificates, Server};
use crate::support::mqtk_broker::{MqtkBroker, port_of};
use crate::support::process::{Program, Running};
use crate::support::wire::CONNACK;
use crate::support::{Mosquitto, mosquitto_pub, mosquitto_sub, mqtk};

const CONNECT: &[u8] = b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me";

/// A proxy that runs, and the ports of its listeners.
struct Proxy {
    process: Running,
    ports: Vec<u16>,
}

impl Proxy {
    fn start(program: Program) -> Self {
        Self::listening(program, 1)
    }

    fn listening(program: Program, listeners: usize) -> Self {
        let process = program.start();
        let said = process.await_stderr("place to listen at", |text| {
            text.matches("passing on to").count() == listeners && text.ends_with('\n')
        });
        let word = |line: &str| line.split([' ', ',']).nth(2).map(str::to_owned);
        let urls = said.lines().filter_map(word);
        let ports = urls.filter_map(|url| port_of(&url)).collect();
        Self { process, ports }
    }

    /// The proxy that listens on a free port.
    fn before(broker: u16) -> Program {
        mqtk(["inspect", "--oneline", "--listen", "mqtt://127.0.0.1:0"])
            .arg("--to")
            .arg(format!("mqtt://127.0.0.1:{broker}"))
    }

    /// Ends it when it has shown that many clients go, and gives its lines: what a client sent
    /// last may still be on its way when the client has ended.
    fn stop_after(self, disconnects: usize) -> Vec<String> {
        self.process.await_stdout("end of the clients", |text| {
            text.matches("DISCONNECT").count() == disconnects && text.ends_with('\n')
        });
        self.stop()
    }

    /// Ends it, and gives its lines.
    fn stop(self) -> Vec<String> {
        self.process.signal(Signal::INT);
        self.process.finish().expect_code(0).lines()
    }
}

/// The packet types in lines.
fn types(lines: &[String]) -> Vec<&str> {
    let is_type = |word: &&str| word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase());
    let first = |line| str::split(line, ' ').find(is_type);
    lines.iter().filter_map(|line| first(line)).collect()
}

#[test]
fn mosquittos_clients_do_not_notice_and_all_is_shown_and_recorded() {
    let broker = Mosquitto::start();
    let directory = TempDir::new().expect("a directory");
    let record = directory.path().join("talk.pcapng");
    let proxy = Proxy::start(Proxy::before(broker.port()).arg("--record").arg(&record));
    let port = proxy.ports[0];
    let receiving = mosquitto_sub(["-t", "a", "-q", "2", "-V", "5", "-C", "3"])
        .port(port)
        .start();
    broker.await_subscription("a");
    for qos in ["0", "1", "2"] {
        mosquitto_pub(["-t", "a", "-m", qos, "-q", qos])
            .port(port)
            .run()
            .expect_success();
    }
    let received = receiving.finish().expect_success().lines();
    assert_eq!(received, ["0", "1", "2"]);
    let live = proxy.stop_after(4);
    let shown = types(&live);
    for (packet_type, count) in [
        ("CONNECT", 4),
        ("CONNACK", 4),
        ("PUBLISH", 6),
        ("PUBCOMP", 2),
        ("SUBACK", 1),
    ] {
        let found = shown.iter().filter(|shown| **shown == packet_type).count();
        assert_eq!(found, count, "{packet_type} in {live:#?}");
    }
    assert!(!live.iter().any(|line| line.contains("MQTT-")), "{live:#?}");

    let mode = fs::metadata(&record)
        .expect("a record")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = mqtk(["inspect", "--oneline"]).arg(&record).run();
    let again = again.expect_code(0).lines();
    let (mut again, mut shown) = (types(&again), shown);
    again.sort_unstable();
    shown.sort_unstable();
    assert_eq!(again, shown, "the record says the same");
}

/// With TLS and WebSocket on either side, or on both.
#[test]
fn what_is_inside_of_tls_and_websocket_is_shown() {
    let certificates = Certificates::new(&Server::Good);
    let (cert, key) = (&certificates.server, &certificates.server_key);
    let secure = |program: Program| program.arg("--cert").arg(cert).arg("--key").arg(key);
    let broker = MqtkBroker::listening(
        secure(mqtk(["broker", "-p", "0"]))
            .args(["--listen", "mqtts://localhost:0"])
            .args(["--listen", "wss://localhost:0/chat"]),
        3,
    );
    for to in broker.urls() {
        let is_tls = !to.starts_with("mqtt:");
        let program = secure(mqtk(["inspect", "--oneline"]))
            .args(["--listen", "mqtts://localhost:0"])
            .args(["--listen", "ws://localhost:0"])
            .args(["--to", to]);
        let program = match is_tls {
            true => program.arg("--cafile").arg(&certificates.ca),
            false => program,
        };
        let proxy = Proxy::listening(program, 2);
        mosquitto_pub(["-h", "localhost", "-t", "a", "-q", "1", "-m", "x"])
            .arg("--cafile")
            .arg(&certificates.ca)
            .port(proxy.ports[0])
            .run()
            .expect_success();
        let url = format!("ws://localhost:{}", proxy.ports[1]);
        mqtk(["pub", "-L", &url, "-t", "a", "-q", "1", "-m", "x"])
            .run()
            .expect_success();
        let lines = proxy.stop_after(2);
        let acknowledged = |shown: &&&str| **shown == "PUBACK";
        let count = types(&lines).iter().filter(acknowledged).count();
        assert_eq!(count, 2, "{to}: {lines:#?}");
    }
}

/// What is no MQTT goes through like what is, and what comes back too.
#[test]
fn garbage_goes_through_unchanged() {
    let broker = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = broker.local_addr().expect("an address").port();
    let proxy = Proxy::start(Proxy::before(port));
    let mut client = TcpStream::connect(("127.0.0.1", proxy.ports[0])).expect("the proxy");
    let (mut peer, _) = broker.accept().expect("the proxy connects");
    let garbage: Vec<u8> = (0..50_000_u32)
        .map(|n| (n.wrapping_mul(n) >> 5) as u8)
        .collect();
    client.write_all(&garbage).expect("sent");
    client.shutdown(std::net::Shutdown::Write).expect("an end");
    let mut received = Vec::new();
    peer.read_to_end(&mut received).expect("all of it");
    assert!(received == garbage);
    peer.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        .expect("sent");
    drop(peer);
    let mut answer = String::new();
    client.read_to_string(&mut answer).expect("all of it");
    assert_eq!(answer, "HTTP/1.1 400 Bad Request\r\n\r\n");
    proxy.stop();
}

#[test]
fn violations_are_shown_as_they_happen_and_nobody_is_cut_off() {
    let broker = MqtkBroker::start();
    let proxy = Proxy::start(Proxy::before(broker.port()));
    let mut client = TcpStream::connect(("127.0.0.1", proxy.ports[0])).expect("the proxy");
    client.write_all(CONNECT).expect("sent");
    let mut connack = [0; CONNACK.len()];
    client.read_exact(&mut connack).expect("CONNACK");
    // A second CONNECT: it is the broker that closes the connection.
    client.write_all(CONNECT).expect("sent");
    assert_eq!(client.read(&mut connack).unwrap_or(0), 0);
    let shown = proxy.process.await_stdout("second CONNECT", |text| {
        text.matches("CONNECT").count() >= 2
    });
    assert!(shown.contains("CONNACK"));
    proxy.stop();
}

#[test]
fn a_stdout_that_nobody_reads_stops_nothing() {
    let broker = MqtkBroker::start_quietly(&[]);
    let program = Proxy::before(broker.port()).stdout_held();
    let proxy = Proxy::start(program);
    let payload = "x".repeat(100);
    let lines = format!("{payload}\n").repeat(20_000);
    mqtk(["pub", "-t", "a", "-q", "1", "-l"])
        .port(proxy.ports[0])
        .stdin(lines)
        .run()
        .expect_success();
    proxy.process.signal(Signal::TERM);
    let mut process = proxy.process;
    drop(process.take_stdout());
    process.finish().expect_code(0);
}

#[test]
fn places_that_cannot_be_used_are_named() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("mqtt://{}", taken.local_addr().expect("an address"));
    mqtk(["inspect", "--listen", &url, "--to", "mqtt://127.0.0.1"])
        .run()
        .expect_failure(1, &[&url, "in use"]);
    mqtk([
        "inspect",
        "--listen",
        "mqtt://127.0.0.1:0",
        "--to",
        "mqtt://a/topic",
    ])
    .run()
    .expect_failure(2, &["--to", "topic"]);
    mqtk([
        "inspect",
        "--listen",
        "mqtts://127.0.0.1:0",
        "--to",
        "mqtt://a",
    ])
    .run()
    .expect_failure(2, &["--cert"]);
    let nowhere = Path::new("/nonexistent/record.pcapng");
    mqtk([
        "inspect",
        "--listen",
        "mqtt://127.0.0.1:0",
        "--to",
        "mqtt://a",
        "--record",
    ])
    .arg(nowhere)
    .run()
    .expect_failure(1, &["/nonexistent/record.pcapng"]);
}

#[test]
fn a_broker_that_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let proxy = Proxy::start(Proxy::before(port));
    mosquitto_pub(["-t", "a", "-m", "x"])
        .port(proxy.ports[0])
        .run();
    proxy.process.await_stderr("reason", |text| {
        text.contains("turned away") && text.contains("refused")
    });
    proxy.stop();
}
