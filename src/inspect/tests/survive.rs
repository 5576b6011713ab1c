//! What must hold for any conversation at all. The fuzz target shares this file.

use crate::inspect::{
    Chunk, Data, Direction, Dissector, Observed, Origin, Partial, Sink, Skipped, Time,
};

/// Counts what each direction was told of.
#[derive(Default)]
struct Told([u64; 3]);

impl Told {
    fn add(&mut self, direction: Direction, offset: u64, len: u64) {
        let told = &mut self.0[direction as usize];
        assert_eq!(offset, *told, "told in order, without a hole");
        *told += len;
    }
}

impl Sink for Told {
    fn packet(&mut self, packet: &Observed<'_>) {
        let len = packet.bytes.len() as u64;
        self.add(packet.origin.direction, packet.offset, len);
        for finding in packet.findings {
            assert!(finding.offset as usize <= packet.bytes.len(), "{finding:?}");
            assert!(!finding.id.is_empty() && !finding.message.is_empty());
        }
    }
    fn skipped(&mut self, skipped: &Skipped<'_>) {
        self.add(skipped.origin.direction, skipped.offset, skipped.len);
    }
    fn partial(&mut self, partial: &Partial<'_>) {
        let len = partial.bytes.len() as u64;
        self.add(partial.origin.direction, partial.offset, len);
    }
}

/// Reads a conversation out of any bytes: direction, what comes, and how much of it.
pub fn conversation(mut script: &[u8]) {
    const DIRECTIONS: [Direction; 3] =
        [Direction::ToServer, Direction::ToClient, Direction::Unknown];
    let (mut dissector, mut told) = (Dissector::default(), Told::default());
    let mut sent = [0_u64; 3];
    let mut now = 0;
    while let [control, rest @ ..] = script {
        script = rest;
        let direction = DIRECTIONS[usize::from(control & 0b11) % 3];
        let len = usize::from(control >> 3).min(script.len());
        let data = match control & 0b100 {
            0 => {
                let (bytes, rest) = script.split_at(len);
                script = rest;
                sent[direction as usize] += len as u64;
                Data::Bytes(bytes)
            }
            _ => {
                let gap = u64::from(control >> 3);
                sent[direction as usize] += gap;
                Data::Gap(gap)
            }
        };
        now += u64::from(*control) * 1_000_000_000;
        push(&mut dissector, direction, data, now, &mut told);
    }
    for direction in DIRECTIONS {
        push(&mut dissector, direction, Data::End, now, &mut told);
    }
    assert_eq!(told.0, sent, "all of it is told of, once");
}

fn push(
    dissector: &mut Dissector,
    direction: Direction,
    data: Data<'_>,
    now: u64,
    told: &mut Told,
) {
    let origin = Origin {
        direction,
        time: Some(Time(now)),
        ..Origin::default()
    };
    dissector.push(Chunk { origin, data }, told);
}
