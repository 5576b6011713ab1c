//! Messages that are sent again when a session goes on, on another connection.

use super::*;

/// Clean Session 0.
const CONNECT: &[u8] = b"\x10\x0d\x00\x04MQTT\x04\x00\x00\x3c\x00\x01a";
/// Clean Start 0, Session Expiry Interval 9.
const CONNECT_EXPIRY: &[u8] =
    b"\x10\x13\x00\x04MQTT\x05\x00\x00\x3c\x05\x11\x00\x00\x00\x09\x00\x01a";
const NEW: &[u8] = b"\x20\x02\x00\x00";
const PRESENT: &[u8] = b"\x20\x02\x01\x00";
const DUP_1: &[u8] = b"\x3a\x05\x00\x01a\x00\x01";
const END: &[u8] = b"";
const BOTH_END: [Said; 2] = [(C, END), (S, END)];

/// Hears connections one after the other; an empty text ends a direction.
fn hear_connections(connections: &[&[Said]]) -> Vec<(usize, &'static str)> {
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (stream, said) in connections.iter().enumerate() {
        for (direction, bytes) in *said {
            let origin = Origin {
                stream: stream as u32,
                ..origin(*direction)
            };
            let data = match bytes.is_empty() {
                true => Data::End,
                false => Data::Bytes(bytes),
            };
            dissector.push(Chunk { origin, data }, &mut found);
        }
    }
    found.ids
}

#[test]
fn without_dup_it_breaks_a_rule() {
    let first = [&[(C, CONNECT), (S, NEW), (C, QOS_1_4)], &BOTH_END[..]].concat();
    let again = |publish| hear_connections(&[&first, &[(C, CONNECT), (S, PRESENT), (C, publish)]]);
    assert_eq!(again(QOS_1_4), [(5, "MQTT-3.3.1-1")]);
    assert_eq!(again(DUP_1), []);
    // Another message under the same identifier.
    assert_eq!(again(b"\x32\x06\x00\x01a\x00\x01x"), []);
    // In 5.0, from the server, and once only.
    let first = [
        &[(C, CONNECT_EXPIRY), CONNACK_5, (S, QOS_2_5)],
        &BOTH_END[..],
    ]
    .concat();
    let again: [Said; 7] = [
        (C, CONNECT_EXPIRY),
        (S, b"\x20\x03\x01\x00\x00"),
        (S, QOS_2_5),
        (C, PUBREC),
        (S, PUBREL),
        (C, PUBCOMP),
        (S, QOS_2_5),
    ];
    assert_eq!(hear_connections(&[&first, &again]), [(5, "MQTT-3.3.1-1")]);
}

#[test]
fn the_connection_before_need_not_have_ended() {
    let ids = hear_connections(&[
        &[(C, CONNECT), (S, NEW), (C, QOS_1_4)],
        &[(C, CONNECT), (S, PRESENT), (C, QOS_1_4)],
        &[(C, CONNECT), (S, PRESENT), (C, DUP_1)],
    ]);
    assert_eq!(ids, [(5, "MQTT-3.3.1-1")]);
}

#[test]
fn what_was_acknowledged_or_is_not_known_is_new() {
    let publish = (C, QOS_1_4);
    let resumed: &[Said] = &[(C, CONNECT), (S, PRESENT), publish];
    let and_end = |said: &[Said]| [said, &BOTH_END].concat();
    let after = |first: &[Said]| hear_connections(&[&and_end(first), resumed]);
    assert_eq!(after(&[(C, CONNECT), (S, NEW), publish, (S, PUBACK)]), []);
    // A session that ends with its connection.
    assert_eq!(after(&[CONNECT_4, CONNACK_4, publish]), []);
    // Another client.
    let other: &[u8] = b"\x10\x0d\x00\x04MQTT\x04\x00\x00\x3c\x00\x01b";
    assert_eq!(after(&[(C, other), (S, NEW), publish]), []);
    // The server has forgotten the session.
    let first = and_end(&[(C, CONNECT), (S, NEW), publish]);
    let anew = [(C, CONNECT), (S, NEW), publish];
    assert_eq!(hear_connections(&[&first, &anew]), []);
    // Released: only the PUBREL is to be sent again.
    let released = [
        (C, CONNECT),
        (S, NEW),
        (C, QOS_2_4),
        (S, PUBREC),
        (C, PUBREL),
    ];
    let again = [(C, CONNECT), (S, PRESENT), (C, QOS_2_4)];
    assert_eq!(hear_connections(&[&and_end(&released), &again]), []);
}
