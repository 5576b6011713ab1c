//! Other ways to Mosquitto than plain TCP: WebSocket, Unix sockets, SOCKS5.

use crate::support::process::Program;
use crate::support::socks::Socks;
use crate::support::{Mosquitto, mqtk};

/// A message out and in again, each over this way.
fn round_trip(broker: &Mosquitto, way: impl Fn(Program) -> Program) {
    let receiving = way(mqtk(["sub", "-t", "t/1", "-q", "2", "-C", "1"])).start();
    broker.await_subscription("t/1");
    way(mqtk(["pub", "-t", "t/1", "-q", "2", "-m", "through"]))
        .run()
        .expect_success();
    assert_eq!(receiving.finish().expect_success().lines(), ["through"]);
}

#[test]
fn websocket() {
    let broker = Mosquitto::builder().websocket().start();
    round_trip(&broker, |program| {
        program.arg("--ws").port(broker.websocket_port())
    });
}

#[test]
fn websocket_with_messages_of_many_sizes() {
    let broker = Mosquitto::builder().websocket().start();
    let url = format!("ws://127.0.0.1:{}", broker.websocket_port());
    let receiving = mqtk(["sub", "-L", &url, "-t", "big", "-q", "1", "-C", "5"]).start();
    broker.await_subscription("big");
    let lines: Vec<String> = [1, 100, 200, 70_000, 300_000]
        .into_iter()
        .map(|length| "x".repeat(length))
        .collect();
    mqtk(["pub", "-L", &url, "-t", "big", "-q", "1", "-l"])
        .stdin(lines.join("\n"))
        .run()
        .expect_success();
    assert!(
        receiving.finish().expect_success().lines() == lines,
        "the messages differ"
    );
}

#[test]
fn unix_socket() {
    let broker = Mosquitto::builder().unix().start();
    round_trip(&broker, |program| {
        program.arg("--unix").arg(broker.unix_path())
    });
}

#[test]
fn unix_socket_by_url() {
    let broker = Mosquitto::builder().unix().start();
    let url = format!("unix://{}", broker.unix_path().display());
    round_trip(&broker, |program| program.args(["-L", &url]));
}

#[test]
fn socks_for_everybody() {
    let (broker, proxy) = (Mosquitto::start(), Socks::start(None));
    let url = format!("socks5h://127.0.0.1:{}", proxy.port());
    round_trip(&broker, |program| {
        program
            .args(["-h", "localhost", "--proxy", &url])
            .port(broker.port())
    });
}

#[test]
fn socks_with_a_password() {
    let (broker, proxy) = (Mosquitto::start(), Socks::start(Some(("me", "p@ss"))));
    let url = |credentials| format!("socks5h://{credentials}@127.0.0.1:{}", proxy.port());
    round_trip(&broker, |program| {
        program
            .args(["-h", "127.0.0.1", "--proxy", &url("me:p%40ss")])
            .port(broker.port())
    });
    mqtk(["pub", "-t", "t", "-m", "x", "--proxy", &url("me:wrong")])
        .port(broker.port())
        .run()
        .expect_failure(3, &["proxy"]);
}

#[test]
fn socks_to_a_closed_port_says_what_the_proxy_said() {
    let proxy = Socks::start(None);
    let url = format!("socks5h://127.0.0.1:{}", proxy.port());
    mqtk([
        "pub",
        "-h",
        "127.0.0.1",
        "-p",
        "1",
        "-t",
        "t",
        "-m",
        "x",
        "--proxy",
        &url,
    ])
    .run()
    .expect_failure(3, &["proxy", "refused"]);
}
