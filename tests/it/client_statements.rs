//! Normative statements on clients, against a server that plays its part byte by byte: the
//! connection, its Keep Alive, its end, and acknowledging what is received.

use std::time::Duration;

use crate::support::process::Running;
use crate::support::raw_server::Peer;
use crate::support::wire::{
    CONNACK, CONNACK_RESUMED, CONNACK_V5, CONNECT, DISCONNECT, PINGREQ, PINGRESP, PUBACK, PUBCOMP,
    PUBREC, PUBREL, Packet, SUBSCRIBE, acknowledgement, connack_v5, publish, suback, suback_v5,
};
use crate::support::{RawServer, mqtk};

/// `mqtk sub` of 3.1.1, connected and subscribed.
fn subscribed(args: &[&str]) -> (Running, Peer) {
    let server = RawServer::listen();
    let process = mqtk(["sub", "-t", "a/#", "--no-reconnect"])
        .args(args)
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback(&subscribe, &[2]));
    (process, peer)
}

#[test]
fn mqtt_3_1_0_1_the_first_packet_is_connect() {
    let connects: [(&str, &[u8]); 3] = [
        ("31", b"\x10\x10\0\x06MQIsdp\x03\x02\0\x3c\0\x02me"),
        ("311", b"\x10\x0e\0\x04MQTT\x04\x02\0\x3c\0\x02me"),
        ("5", b"\x10"),
    ];
    for (version, connect) in connects {
        let server = RawServer::listen();
        let process = mqtk([
            "pub",
            "-V",
            version,
            "-i",
            "me",
            "-t",
            "a",
            "-m",
            "x",
            "--no-reconnect",
        ])
        .port(server.port())
        .start();
        let mut peer = server.accept();
        peer.expect(connect);
        drop(peer);
        assert_ne!(process.finish().status.code(), Some(0));
    }
}

#[test]
fn mqtt_3_1_2_23_silence_is_broken_by_pingreq() {
    let (_process, mut peer) = subscribed(&["-k", "2"]);
    for _ in 0..2 {
        peer.expect(&PINGREQ);
        peer.send(PINGRESP);
    }
}

#[test]
fn mqtt_3_1_2_20_pingreq_in_5_0_as_well() {
    let server = RawServer::listen();
    let _process = mqtk(["sub", "-V", "5", "-t", "a", "-k", "2"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK_V5);
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback_v5(&subscribe, &[0]));
    peer.expect(&PINGREQ);
}

#[test]
fn mqtt_3_1_2_21_the_server_keep_alive_rules() {
    let server = RawServer::listen();
    let _process = mqtk(["sub", "-V", "5", "-t", "a", "-k", "0"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&connack_v5(&[0x13, 0, 2]));
    let subscribe = peer.packet_of(SUBSCRIBE);
    peer.send(suback_v5(&subscribe, &[0]));
    peer.expect(&PINGREQ);
}

#[test]
fn a_keep_alive_of_zero_sends_no_pingreq() {
    let (_process, mut peer) = subscribed(&["-k", "0"]);
    peer.expect_silence(Duration::from_millis(1500));
}

#[test]
fn a_missing_pingresp_is_a_lost_connection() {
    let (process, mut peer) = subscribed(&["-k", "1"]);
    peer.expect(&PINGREQ);
    while peer.packet_or_end().is_some() {}
    process.finish().expect_failure(5, &[]);
}

#[test]
fn mqtt_3_14_4_1_and_2_nothing_follows_disconnect() {
    let (process, mut peer) = subscribed(&["-q", "1", "-C", "1"]);
    peer.send(
        (1..=3)
            .flat_map(|id| publish("a/b", 1, id, b"x"))
            .collect::<Vec<_>>(),
    );
    peer.expect(&acknowledgement(PUBACK, 1));
    peer.expect(&DISCONNECT);
    peer.expect_end();
    assert_eq!(process.finish().expect_success().lines(), ["x"]);
}

#[test]
fn mqtt_3_14_4_1_and_2_a_publisher_ends_with_disconnect() {
    let server = RawServer::listen();
    let process = mqtk(["pub", "-t", "a", "-m", "x"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    peer.expect(&publish("a", 0, 0, b"x"));
    peer.expect(&DISCONNECT);
    peer.expect_end();
    process.finish().expect_success();
}

#[test]
fn mqtt_3_2_2_4_an_unasked_for_session_ends_the_connection() {
    for (version, connack) in [("311", &CONNACK_RESUMED[..]), ("5", b"\x20\x03\x01\0\0")] {
        let server = RawServer::listen();
        let process = mqtk(["pub", "-V", version, "-t", "a", "-m", "x", "--no-reconnect"])
            .port(server.port())
            .start();
        let mut peer = server.accept_with(connack);
        if let Some(Packet { first, .. }) = peer.packet_or_end() {
            assert_eq!((version, first), ("5", 0xE0), "only DISCONNECT may come");
            peer.expect_end();
        }
        process.finish().expect_failure(6, &["session present"]);
    }
}

#[test]
fn mqtt_4_5_0_2_what_is_not_printed_is_acknowledged_too() {
    let (process, mut peer) = subscribed(&["-q", "2", "-T", "a/quiet", "-R", "-C", "1"]);
    let mut stale = publish("a/b", 1, 2, b"stale");
    stale[0] |= 1;
    peer.send(publish("a/quiet", 1, 1, b"filtered out"));
    peer.send(stale);
    peer.send(publish("elsewhere", 2, 3, b"x"));
    peer.expect(&acknowledgement(PUBACK, 1));
    peer.expect(&acknowledgement(PUBACK, 2));
    peer.expect(&acknowledgement(PUBREC, 3));
    drop(process);
}

#[test]
fn mqtt_4_6_0_2_pubacks_are_in_the_order_of_receipt() {
    let (_process, mut peer) = subscribed(&["-q", "1"]);
    let ids = [7, 3, 65_535, 1, 2];
    peer.send(
        ids.into_iter()
            .flat_map(|id| publish("a/b", 1, id, b"x"))
            .collect::<Vec<_>>(),
    );
    for id in ids {
        peer.expect(&acknowledgement(PUBACK, id));
    }
}

#[test]
fn mqtt_4_6_0_3_pubrecs_are_in_the_order_of_receipt() {
    let (process, mut peer) = subscribed(&["-q", "2"]);
    let ids = [7, 3, 65_535, 1, 2];
    peer.send(
        ids.into_iter()
            .flat_map(|id| publish("a/b", 2, id, b"x"))
            .collect::<Vec<_>>(),
    );
    for id in ids {
        peer.expect(&acknowledgement(PUBREC, id));
    }
    peer.send(
        ids.into_iter()
            .flat_map(|id| acknowledgement(PUBREL, id))
            .collect::<Vec<_>>(),
    );
    for id in ids {
        peer.expect(&acknowledgement(PUBCOMP, id));
    }
    process.await_lines(5);
}

#[test]
fn mqtt_4_3_3_10_a_publish_sent_again_before_pubrel_is_not_doubled() {
    let (process, mut peer) = subscribed(&["-q", "2"]);
    let once = publish("a/b", 2, 9, b"once");
    let mut again = once.clone();
    again[0] |= 8;
    peer.send(once);
    peer.expect(&acknowledgement(PUBREC, 9));
    peer.send(again);
    peer.expect(&acknowledgement(PUBREC, 9));
    peer.send(acknowledgement(PUBREL, 9));
    peer.expect(&acknowledgement(PUBCOMP, 9));
    peer.send(publish("a/b", 2, 9, b"after"));
    process.await_lines(2);
    let text = process.await_stdout("second message", |text| text.ends_with("after\n"));
    assert_eq!(text, "once\nafter\n");
}

#[test]
fn mqtt_4_3_3_11_an_unknown_pubrel_is_answered() {
    let (_process, mut peer) = subscribed(&["-q", "2"]);
    peer.send(acknowledgement(PUBREL, 77));
    assert_eq!(peer.packet_of(PUBCOMP).packet_id(), 77);
}

#[test]
fn mqtt_3_8_3_the_subscribe_packet_is_exact() {
    let server = RawServer::listen();
    let _process = mqtk(["sub", "-t", "a/+", "-t", "b/#", "-q", "1"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let subscribe = peer.packet_of(SUBSCRIBE);
    assert_eq!(subscribe.first, 0x82);
    assert_ne!(subscribe.packet_id(), 0);
    assert_eq!(&subscribe.body[2..], b"\0\x03a/+\x01\0\x03b/#\x01");
}

#[test]
fn a_connect_carries_what_it_is_told() {
    let server = RawServer::listen();
    let _process = mqtk([
        "sub", "-t", "a", "-i", "me", "-c", "-k", "65535", "-u", "user", "-P", "pw",
    ])
    .args([
        "--will-topic",
        "w",
        "--will-payload",
        "bye",
        "--will-qos",
        "2",
        "--will-retain",
    ])
    .port(server.port())
    .start();
    let mut peer = server.accept();
    peer.expect(b"\x10\x20\0\x04MQTT\x04\xf4\xff\xff\0\x02me\0\x01w\0\x03bye\0\x04user\0\x02pw");
}

#[test]
fn a_client_of_3_1_has_an_identifier_of_its_own() {
    let server = RawServer::listen();
    let _process = mqtk(["sub", "-V", "31", "-t", "a"])
        .port(server.port())
        .start();
    let connect = server.accept().packet_of(CONNECT);
    let id = &connect.body[14..];
    assert!((1..=23).contains(&id.len()), "{id:?}");
}
