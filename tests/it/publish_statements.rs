//! Normative statements on publishers, against a server that plays its part byte by byte:
//! flow control, order, redelivery, and the limits that CONNACK sets.

use std::time::Duration;

use crate::support::process::{Program, Running};
use crate::support::raw_server::Peer;
use crate::support::wire::{
    CONNACK, CONNACK_RESUMED, CONNACK_V5, DISCONNECT, PUBACK, PUBCOMP, PUBLISH, PUBREC, PUBREL,
    acknowledgement, connack_v5, packet,
};
use crate::support::{RawServer, mqtk};

/// Long enough for a packet that must not come.
const A_WHILE: Duration = Duration::from_millis(300);

/// `mqtk pub -l` with five lines.
fn five_lines(server: &RawServer, args: &[&str]) -> Program {
    mqtk(["pub", "-t", "a", "-l", "--reconnect-min", "0.01"])
        .args(args)
        .port(server.port())
        .stdin("1\n2\n3\n4\n5\n")
}

/// Five PUBLISH packets, their Packet Identifiers.
fn five_publishes(peer: &mut Peer, v5: bool, dup: bool) -> Vec<u16> {
    (1..=5)
        .map(|number| {
            let publish = peer.packet_of(PUBLISH).publish(v5);
            assert_eq!(publish.payload, number.to_string().as_bytes());
            assert_eq!(publish.dup, dup, "{publish:?}");
            publish
                .packet_id
                .expect("QoS 1 and 2 have Packet Identifiers")
        })
        .collect()
}

/// Sends an acknowledgement of this kind for each, in this order, at once.
fn acknowledge(peer: &mut Peer, kind: u8, ids: &[u16]) {
    let packets = ids.iter().map(|&id| acknowledgement(kind, id));
    peer.send(packets.collect::<Vec<_>>().concat());
}

fn ends_well(process: Running, mut peer: Peer) {
    peer.expect(&DISCONNECT);
    peer.expect_end();
    process.finish().expect_code(0);
}

fn ends_well_v5(process: Running, peer: Peer) {
    expect_disconnect(peer);
    process.finish().expect_code(0);
}

/// A DISCONNECT of 5.0, whatever its properties, and the end.
fn expect_disconnect(mut peer: Peer) {
    assert_eq!(peer.packet().first, DISCONNECT[0]);
    peer.expect_end();
}

#[test]
fn mqtt_4_3_2_1_each_packet_identifier_is_unused() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-q", "1"]).start();
    let mut peer = server.accept_with(&CONNACK);
    let mut ids = five_publishes(&mut peer, false, false);
    acknowledge(&mut peer, PUBACK, &ids);
    ends_well(process, peer);
    ids.sort_unstable();
    ids.dedup();
    assert!(ids.len() == 5 && ids[0] != 0, "{ids:?}");
}

#[test]
fn mqtt_4_6_0_4_pubrels_are_in_the_order_of_the_pubrecs() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-q", "2"]).start();
    let mut peer = server.accept_with(&CONNACK);
    let mut ids = five_publishes(&mut peer, false, false);
    ids.swap(0, 3);
    ids.swap(1, 4);
    acknowledge(&mut peer, PUBREC, &ids);
    for &id in &ids {
        peer.expect(&acknowledgement(PUBREL, id));
    }
    acknowledge(&mut peer, PUBCOMP, &ids);
    ends_well(process, peer);
}

#[test]
fn mqtt_4_4_0_1_and_4_6_0_1_redelivery_keeps_identifiers_and_order() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-q", "1", "-c", "-i", "me"]).start();
    let mut peer = server.accept_with(&CONNACK);
    let ids = five_publishes(&mut peer, false, false);
    drop(peer);
    let mut peer = server.accept_with(&CONNACK_RESUMED);
    assert_eq!(five_publishes(&mut peer, false, true), ids);
    acknowledge(&mut peer, PUBACK, &ids);
    ends_well(process, peer);
}

#[test]
fn mqtt_4_4_0_1_a_pubrel_is_sent_again_and_its_publish_is_not() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-q", "2", "-c", "-i", "me"]).start();
    let mut peer = server.accept_with(&CONNACK);
    let ids = five_publishes(&mut peer, false, false);
    for &id in &ids[..2] {
        peer.send(acknowledgement(PUBREC, id));
        peer.expect(&acknowledgement(PUBREL, id));
    }
    drop(peer);
    let mut peer = server.accept_with(&CONNACK_RESUMED);
    let again: Vec<_> = (0..5).map(|_| peer.packet()).collect();
    let released: Vec<_> = again
        .iter()
        .filter(|packet| packet.kind() == PUBREL)
        .map(|packet| packet.packet_id())
        .collect();
    let published: Vec<_> = again
        .iter()
        .filter(|packet| packet.kind() == PUBLISH)
        .map(|packet| packet.publish(false))
        .inspect(|publish| assert!(publish.dup, "{publish:?}"))
        .filter_map(|publish| publish.packet_id)
        .collect();
    assert_eq!((&released[..], &published[..]), ids.split_at(2));
    acknowledge(&mut peer, PUBREC, &published);
    for &id in &published {
        peer.expect(&acknowledgement(PUBREL, id));
    }
    acknowledge(&mut peer, PUBCOMP, &ids);
    ends_well(process, peer);
}

#[test]
fn mqtt_3_2_2_5_a_session_that_the_server_forgot_starts_anew() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-V", "5", "-q", "1"]).start();
    let mut peer = server.accept_with(&CONNACK_V5);
    five_publishes(&mut peer, true, false);
    drop(peer);
    let mut peer = server.accept_with(&CONNACK_V5);
    let ids = five_publishes(&mut peer, true, false);
    acknowledge(&mut peer, PUBACK, &ids);
    expect_disconnect(peer);
    process
        .finish()
        .expect_code(0)
        .expect_words(&["5", "twice"]);
}

#[test]
fn mqtt_3_3_4_9_the_receive_maximum_is_kept() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-V", "5", "-q", "1"]).start();
    let mut peer = server.accept_with(&connack_v5(&[0x21, 0, 2]));
    let next = |peer: &mut Peer| {
        peer.packet_of(PUBLISH)
            .publish(true)
            .packet_id
            .expect("QoS 1")
    };
    let mut ids = vec![next(&mut peer), next(&mut peer)];
    for oldest in 0..3 {
        peer.expect_silence(A_WHILE);
        peer.send(acknowledgement(PUBACK, ids[oldest]));
        ids.push(next(&mut peer));
    }
    acknowledge(&mut peer, PUBACK, &ids[3..]);
    ends_well_v5(process, peer);
}

#[test]
fn one_message_in_flight_keeps_the_order() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-q", "1", "--max-inflight", "1"]).start();
    let mut peer = server.accept_with(&CONNACK);
    for _ in 0..5 {
        let publish = peer.packet_of(PUBLISH).publish(false);
        peer.expect_silence(A_WHILE / 3);
        peer.send(acknowledgement(PUBACK, publish.packet_id.expect("QoS 1")));
    }
    ends_well(process, peer);
}

#[test]
fn what_is_acknowledged_needs_no_orderly_end() {
    let server = RawServer::listen();
    let process = mqtk(["pub", "-q", "1", "-t", "a", "-m", "x"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK);
    let id = peer.packet_of(PUBLISH).publish(false).packet_id;
    peer.send(acknowledgement(PUBACK, id.expect("QoS 1")));
    peer.expect(&DISCONNECT);
    // The server keeps its end open.
    process.finish().expect_success();
}

/// A message that the limits in CONNACK do not let through: it is not sent, and that is said.
fn not_sent(limit: &[u8], args: &[&str], words: &[&str]) {
    let server = RawServer::listen();
    let process = mqtk([
        "pub",
        "-V",
        "5",
        "-t",
        "a",
        "-m",
        "a long message",
        "--no-reconnect",
    ])
    .args(args)
    .port(server.port())
    .start();
    let mut peer = server.accept_with(&connack_v5(limit));
    while let Some(packet) = peer.packet_or_end() {
        assert_ne!(packet.kind(), PUBLISH, "{packet:?}");
    }
    process.finish().expect_failure(4, words);
}

#[test]
fn mqtt_3_2_2_11_no_qos_above_the_maximum() {
    not_sent(&[0x24, 1], &["-q", "2"], &["QoS 1"]);
}

#[test]
fn mqtt_3_2_2_14_no_retained_message_where_there_are_none() {
    not_sent(&[0x25, 0], &["-r"], &["retain"]);
}

#[test]
fn mqtt_3_2_2_15_no_packet_above_the_maximum_size() {
    not_sent(&[0x27, 0, 0, 0, 16], &[], &["16"]);
}

#[test]
fn mqtt_3_2_2_18_no_topic_alias_unasked_for() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-V", "5"]).start();
    let mut peer = server.accept_with(&CONNACK_V5);
    for number in 1..=5 {
        peer.expect(&packet(0x30, format!("\0\x01a\0{number}").as_bytes()));
    }
    ends_well_v5(process, peer);
}

#[test]
fn mqtt_4_4_0_2_a_refused_publish_is_not_sent_again() {
    let server = RawServer::listen();
    let process = five_lines(&server, &["-V", "5", "-q", "1"]).start();
    let mut peer = server.accept_with(&CONNACK_V5);
    let ids = five_publishes(&mut peer, true, false);
    for &id in &ids {
        let [high, low] = id.to_be_bytes();
        // Quota exceeded, for the third; no matching subscribers, for the rest, is a success.
        let reason = if id == ids[2] { 0x97 } else { 0x10 };
        peer.send(packet(PUBACK << 4, &[high, low, reason]));
    }
    expect_disconnect(peer);
    process.finish().expect_failure(4, &["0x97", "quota"]);
}

#[test]
fn a_refused_pubrec_ends_the_handshake() {
    let server = RawServer::listen();
    let process = mqtk(["pub", "-V", "5", "-q", "2", "-t", "a", "-m", "x"])
        .port(server.port())
        .start();
    let mut peer = server.accept_with(&CONNACK_V5);
    let id = peer
        .packet_of(PUBLISH)
        .publish(true)
        .packet_id
        .expect("QoS 2");
    let [high, low] = id.to_be_bytes();
    peer.send(packet(PUBREC << 4, &[high, low, 0x87]));
    expect_disconnect(peer);
    process
        .finish()
        .expect_failure(4, &["0x87", "not authorized"]);
}
