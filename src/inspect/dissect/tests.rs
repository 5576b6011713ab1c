//! Streams cut anywhere, with garbage and losses in them, and packets of both kinds.

use proptest::prelude::*;

use super::*;
use crate::inspect::{Direction, Observed, Origin, Partial, Skipped};

/// What a sink was told.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Told {
    Packet(u64, u64, Vec<u8>, Vec<&'static str>),
    Skipped(u64, u64),
    Partial(u64, Vec<u8>, Option<u64>),
}

#[derive(Default)]
struct Tale(Vec<Told>);

impl Sink for Tale {
    fn packet(&mut self, packet: &Observed<'_>) {
        let ids = packet.findings.iter().map(|finding| finding.id).collect();
        let (index, offset) = (packet.index, packet.offset);
        assert_eq!(packet.packet.is_err(), has_codec_fault(packet));
        self.0
            .push(Told::Packet(index, offset, packet.bytes.to_vec(), ids));
    }
    fn skipped(&mut self, skipped: &Skipped<'_>) {
        self.0.push(Told::Skipped(skipped.offset, skipped.len));
    }
    fn partial(&mut self, partial: &Partial<'_>) {
        let (offset, bytes) = (partial.offset, partial.bytes.to_vec());
        self.0.push(Told::Partial(offset, bytes, partial.size));
    }
}

fn has_codec_fault(packet: &Observed<'_>) -> bool {
    let trace = crate::codec::Trace::of(packet.bytes, packet.version);
    !trace.violations.is_empty()
}

fn tell(data: &[Data<'_>]) -> Vec<Told> {
    let (mut dissector, mut tale) = (Dissector::default(), Tale::default());
    for data in data {
        let origin = Origin::default();
        dissector.push(
            Chunk {
                origin,
                data: *data,
            },
            &mut tale,
        );
    }
    assert_eq!(dissector.common.room_for_bytes, {
        let kept = dissector
            .dialogues
            .values()
            .map(|dialogue| dialogue.kept())
            .sum::<usize>();
        MAX_KEPT - kept
    });
    tale.0
}

fn packet(index: u64, offset: u64, bytes: &[u8]) -> Told {
    Told::Packet(index, offset, bytes.to_vec(), Vec::new())
}

const CONNECT: &[u8] = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a";
const PUBLISH: &[u8] = b"\x30\x07\x00\x03a/bhi";
const PINGREQ: &[u8] = b"\xc0\x00";

#[test]
fn a_packet_with_two_faults_is_one_whatever_follows() {
    let subscribe = b"\x80\x08\x00\x01\x00\x03a/b\x03";
    let told = tell(&[
        Data::Bytes(&[subscribe, &b"\xff\x01"[..]].concat()),
        Data::End,
    ]);
    let ids = vec!["MQTT-3.8.1-1", "MQTT-3.8.3-4"];
    assert_eq!(told[0], Told::Packet(0, 0, subscribe.to_vec(), ids));
    assert_eq!(told[1], Told::Skipped(10, 2));
}

#[test]
fn a_stream_may_be_cut_anywhere() {
    let whole = [CONNECT, PUBLISH, PINGREQ, PUBLISH].concat();
    let expected = [
        packet(0, 0, CONNECT),
        packet(1, 15, PUBLISH),
        packet(2, 24, PINGREQ),
        packet(3, 26, PUBLISH),
    ];
    for first in 0..whole.len() {
        for second in first..whole.len() {
            let data = [
                Data::Bytes(&whole[..first]),
                Data::Bytes(&whole[first..second]),
                Data::Bytes(&whole[second..]),
                Data::End,
            ];
            assert_eq!(tell(&data), expected, "{first} {second}");
        }
    }
}

#[test]
fn garbage_is_skipped_and_reported() {
    let garbage = b"\x00\x07garbage, and \xff\xff more of it";
    let bytes = [garbage, CONNECT, PUBLISH].concat();
    let len = garbage.len() as u64;
    let expected = [
        Told::Skipped(0, len),
        packet(0, len, CONNECT),
        packet(1, len + 15, PUBLISH),
    ];
    assert_eq!(tell(&[Data::Bytes(&bytes), Data::End]), expected);
    // In between.
    let bytes = [CONNECT, garbage, PUBLISH, PINGREQ].concat();
    let told = tell(&[Data::Bytes(&bytes), Data::End]);
    assert_eq!(told[0], packet(0, 0, CONNECT));
    assert!(
        matches!(told[told.len() - 3], Told::Skipped(..)),
        "{told:?}"
    );
    assert_eq!(told[told.len() - 1], packet(2, 15 + len + 9, PINGREQ));
}

#[test]
fn after_a_loss_packets_are_found_again() {
    let rest = &PUBLISH[3..];
    let again = [rest, PUBLISH, PINGREQ].concat();
    let data = [
        Data::Bytes(CONNECT),
        Data::Bytes(&PUBLISH[..2]),
        Data::Gap(1),
        Data::Bytes(&again),
        Data::End,
    ];
    let expected = [
        packet(0, 0, CONNECT),
        Told::Partial(15, PUBLISH[..2].to_vec(), Some(9)),
        Told::Skipped(17, 1),
        Told::Skipped(18, rest.len() as u64),
        packet(2, 24, PUBLISH),
        packet(3, 33, PINGREQ),
    ];
    assert_eq!(tell(&data), expected);
}

#[test]
fn after_a_loss_a_packet_of_either_version_is_one() {
    // CONNACK and SUBACK of 5.0, and of 3.1.1.
    for bytes in [
        &b"\x20\x03\0\0\0"[..],
        b"\x90\x05\0\x01\0\0\0",
        b"\x20\x02\0\0",
        b"\x90\x03\0\x01\0",
    ] {
        let whole = [b"\0\0\0", bytes, PINGREQ].concat();
        let told = tell(&[Data::Gap(0), Data::Bytes(&whole)]);
        assert_eq!(told[1], packet(0, 3, bytes), "{bytes:x?}");
    }
}

#[test]
fn after_a_loss_a_large_packet_that_begins_a_piece_is_waited_for() {
    // 100 KB, in pieces; of one that does not begin a piece, nobody knows whether it is one.
    let mut large = b"\x30\xa0\x8d\x06\x00\x03a/b".to_vec();
    large.resize(100_004, b'x');
    let (first, rest) = large.split_at(1000);
    let pieces = [
        Data::Gap(0),
        Data::Bytes(first),
        Data::Bytes(rest),
        Data::Bytes(PINGREQ),
    ];
    assert_eq!(
        tell(&pieces),
        [packet(0, 0, &large), packet(1, 100_004, PINGREQ)]
    );
    let later = [b"x", first].concat();
    let pieces = [Data::Gap(0), Data::Bytes(&later), Data::Bytes(rest)];
    assert!(
        !tell(&pieces)
            .iter()
            .any(|told| matches!(told, Told::Packet(..)))
    );
}

#[test]
fn a_wrong_packet_is_one_where_packets_stand_around_it() {
    let cases: [(&[u8], &str); 5] = [
        // SUBSCRIBE with the flags of PUBLISH at QoS 0.
        (b"\x80\x06\x00\x01\x00\x01a\x00", "MQTT-3.8.1-1"),
        (b"\x00\x02ab", "MQTT311-2.2.1"),
        (b"\xf0\x00", "MQTT311-2.2.1"),
        (b"\x36\x05\x00\x01a\x00\x01", "MQTT-3.3.1-4"),
        (b"\x82\x02\x00\x01", "MQTT-3.8.3-3"),
    ];
    for (wrong, id) in cases {
        let whole = [CONNECT, wrong, PINGREQ].concat();
        for cut in 0..whole.len() {
            let data = [
                Data::Bytes(&whole[..cut]),
                Data::Bytes(&whole[cut..]),
                Data::End,
            ];
            let expected = [
                packet(0, 0, CONNECT),
                Told::Packet(1, 15, wrong.to_vec(), vec![id]),
                packet(2, 15 + wrong.len() as u64, PINGREQ),
            ];
            assert_eq!(tell(&data), expected, "{id} {cut}");
        }
    }
}

#[test]
fn a_length_that_cannot_be_is_told() {
    let bytes = [CONNECT, b"\x30\xff\xff\xff\xff\x01abc"].concat();
    let told = tell(&[Data::Bytes(&bytes), Data::End]);
    let fault = Told::Packet(
        1,
        15,
        b"\x30\xff\xff\xff\xff".to_vec(),
        vec!["MQTT311-2.2.3"],
    );
    assert_eq!(told[1], fault);
    let rest = [Told::Skipped(20, 2), Told::Skipped(22, 2)];
    assert_eq!(
        told[2..],
        rest,
        "what might have begun a packet, and did not"
    );
}

#[test]
fn nothing_is_kept_for_what_has_not_arrived() {
    let (mut dissector, mut tale) = (Dissector::default(), Tale::default());
    let (origin, data) = (
        Origin::default(),
        Data::Bytes(b"\x30\xff\xff\xff\x7f\x00\x01a"),
    );
    dissector.push(Chunk { origin, data }, &mut tale);
    assert!(
        dissector
            .dialogues
            .values()
            .map(|dialogue| dialogue.kept())
            .sum::<usize>()
            < 100
    );
    assert_eq!(tale.0, []);
}

#[test]
fn a_packet_too_large_to_keep_is_passed_over() {
    let size = MAX_KEPT + 1000;
    let (mut dissector, mut tale) = (Dissector::default(), Tale::default());
    let mut push = |bytes: &[u8]| {
        let (origin, data) = (Origin::default(), Data::Bytes(bytes));
        dissector.push(Chunk { origin, data }, &mut tale);
    };
    let mut header = vec![0x30];
    let remaining = size - 5;
    header.extend((0..4).map(|at| (remaining >> (7 * at)) as u8 & 0x7F | u8::from(at < 3) << 7));
    header.extend(b"\x00\x01a");
    let block = [b'x'; 65_536];
    push(&header);
    let mut left = size - header.len();
    while left > 0 {
        let len = left.min(block.len());
        push(&block[..len]);
        left -= len;
    }
    push(PINGREQ);
    let [Told::Partial(0, bytes, Some(told))] = &tale.0[..1] else {
        panic!("{}", tale.0.len());
    };
    assert!(bytes.len() <= MAX_KEPT + block.len() && *told == size as u64);
    assert_eq!(tale.0[1..], [packet(1, size as u64, PINGREQ)]);
}

#[test]
fn a_buffer_is_no_larger_than_what_it_keeps() {
    let (mut dissector, mut tale) = (Dissector::default(), Tale::default());
    let pings = [&PINGREQ[1..], &PINGREQ.repeat(30_000), &PINGREQ[..1]].concat();
    for bytes in [CONNECT, &PINGREQ[..1], &pings] {
        let (origin, data) = (Origin::default(), Data::Bytes(bytes));
        dissector.push(Chunk { origin, data }, &mut tale);
    }
    let mut flows = dissector
        .dialogues
        .values()
        .flat_map(|dialogue| &dialogue.flows);
    let flow = flows.next().expect("a flow");
    assert!(flow.kept == PINGREQ[..1] && flow.kept.capacity() < 5000);
}

#[test]
fn what_is_remembered_has_a_bound() {
    let (mut dissector, mut tale) = (Dissector::default(), Tale::default());
    for stream in 0..40_000 {
        let origin = Origin {
            stream,
            direction: Direction::ToServer,
            ..Origin::default()
        };
        let data = Data::Bytes(&CONNECT[..7]);
        dissector.push(Chunk { origin, data }, &mut tale);
    }
    assert!(dissector.dialogues.len() <= MAX_DIALOGUES);
    let kept = dissector
        .dialogues
        .values()
        .map(|dialogue| dialogue.kept())
        .sum::<usize>();
    assert_eq!(dissector.common.room_for_bytes, MAX_KEPT - kept);
}

proptest! {
    #[test]
    fn any_bytes_are_told_once_each(
        pieces in prop::collection::vec(
            prop_oneof![
                prop::collection::vec(any::<u8>(), 0..40),
                Just(CONNECT.to_vec()),
                Just(PUBLISH.to_vec()),
                Just(b"\x80\x06\x00\x01\x00\x01a\x00".to_vec()),
            ],
            0..12,
        ),
        chunk in 1_usize..30,
    ) {
        let whole = pieces.concat();
        let mut data: Vec<_> = whole.chunks(chunk).map(Data::Bytes).collect();
        data.push(Data::End);
        let mut at = 0;
        for told in tell(&data) {
            let (offset, len) = match told {
                Told::Packet(_, offset, bytes, _) => (offset, bytes.len() as u64),
                Told::Skipped(offset, len) => (offset, len),
                Told::Partial(offset, bytes, _) => (offset, bytes.len() as u64),
            };
            prop_assert_eq!(offset, at);
            at += len;
        }
        prop_assert_eq!(at, whole.len() as u64);
    }
}
