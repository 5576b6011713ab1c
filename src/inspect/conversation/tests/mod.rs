//! Conversations of hand-made bytes: each rule broken once, and what breaks none.

mod again;
mod limits;
mod messages;
mod order;
mod unknown;

use crate::inspect::{Chunk, Data, Direction, Dissector, Observed, Origin, Partial, Sink};
use crate::inspect::{Skipped, Time};
use Direction::{ToClient as S, ToServer as C, Unknown as U};

/// What is sent, by whom.
type Said = (Direction, &'static [u8]);

/// The identifiers that were found, and the number of the packet they were found in.
#[derive(Default)]
struct Found {
    packets: usize,
    ids: Vec<(usize, &'static str)>,
}

impl Sink for Found {
    fn packet(&mut self, packet: &Observed<'_>) {
        for finding in packet.findings {
            self.ids.push((self.packets, finding.id));
            let at = finding.offset as usize;
            assert!(at <= packet.bytes.len(), "{finding:?}");
        }
        self.packets += 1;
    }
    fn skipped(&mut self, skipped: &Skipped<'_>) {
        assert!(skipped.bytes.is_empty(), "{skipped:?}");
    }
    fn partial(&mut self, partial: &Partial<'_>) {
        panic!("{partial:?}");
    }
}

fn origin(direction: Direction) -> Origin {
    Origin {
        direction,
        ..Origin::default()
    }
}

fn hear(said: &[Said]) -> Vec<(usize, &'static str)> {
    let (mut dissector, mut found) = (Dissector::default(), Found::default());
    for (direction, bytes) in said {
        let (origin, data) = (origin(*direction), Data::Bytes(bytes));
        dissector.push(Chunk { origin, data }, &mut found);
    }
    assert_eq!(found.packets, said.len(), "a packet in each");
    found.ids
}

/// The last of these packets breaks this statement and no other; those before break none.
#[track_caller]
fn breaks(id: &str, said: &[Said]) {
    assert_eq!(hear(said), [(said.len() - 1, id)]);
}

#[track_caller]
fn allows(said: &[Said]) {
    assert_eq!(hear(said), []);
}

const CONNECT_4: Said = (C, b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a");

const CONNACK_4: Said = (S, b"\x20\x02\x00\x00");

const CONNECT_5: Said = (C, b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a");

const CONNACK_5: Said = (S, b"\x20\x03\x00\x00\x00");

const CONNECT_3: Said = (C, b"\x10\x0f\x00\x06MQIsdp\x03\x02\x00\x3c\x00\x01a");

/// Receive Maximum 1, Maximum QoS 1, Retain, Wildcards, Subscription Identifiers and Shared
/// Subscriptions unavailable, Topic Alias Maximum 2, Maximum Packet Size 30.
const CONNACK_POOR: Said = (
    S,
    b"\x20\x18\x00\x00\x15\x21\x00\x01\x24\x01\x25\x00\x28\x00\x29\x00\x2a\x00\x22\x00\x02\x27\x00\x00\x00\x1e",
);

const PINGREQ: Said = (C, b"\xc0\x00");

const PINGRESP: Said = (S, b"\xd0\x00");

/// PUBLISH to `a` with identifier 1.
const QOS_1_4: &[u8] = b"\x32\x05\x00\x01a\x00\x01";

const QOS_2_4: &[u8] = b"\x34\x05\x00\x01a\x00\x01";

const QOS_1_5: &[u8] = b"\x32\x06\x00\x01a\x00\x01\x00";

const QOS_2_5: &[u8] = b"\x34\x06\x00\x01a\x00\x01\x00";

const PUBACK: &[u8] = b"\x40\x02\x00\x01";

const PUBREC: &[u8] = b"\x50\x02\x00\x01";

const PUBREL: &[u8] = b"\x62\x02\x00\x01";

const PUBCOMP: &[u8] = b"\x70\x02\x00\x01";

const SUBSCRIBE_5: Said = (C, b"\x82\x07\x00\x01\x00\x00\x01a\x01");

const SUBSCRIBE_4: Said = (C, b"\x82\x06\x00\x01\x00\x01a\x01");

#[test]
fn a_conversation_as_it_should_be() {
    allows(&[
        CONNECT_4,
        CONNACK_4,
        SUBSCRIBE_4,
        (S, b"\x90\x03\x00\x01\x01"),
        (C, QOS_1_4),
        (S, QOS_1_4),
        (C, PUBACK),
        (S, PUBACK),
        (C, QOS_2_4),
        (S, PUBREC),
        (C, PUBREL),
        (S, PUBCOMP),
        (C, QOS_2_4),
        PINGREQ,
        PINGRESP,
        (C, b"\xa2\x05\x00\x02\x00\x01a"),
        (S, b"\xb0\x02\x00\x02"),
        (C, b"\xe0\x00"),
    ]);
}
