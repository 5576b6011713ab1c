//! Whole captures, made in memory.

mod any_input;
mod recognition;
mod streams;

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Capture, CaptureOptions, Chunk};
use crate::inspect::{Data, Direction};

pub(super) const CONNECT: &[u8] = b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01a";
pub(super) const CONNACK: &[u8] = b"\x20\x02\0\0";
pub(super) const PUBLISH: &[u8] = b"\x30\x05\0\x03a/b";
pub(super) const PINGREQ: &[u8] = b"\xc0\0";
pub(super) const PINGRESP: &[u8] = b"\xd0\0";

pub(super) const SYN: u8 = 2;
pub(super) const FIN: u8 = 1;
pub(super) const RST: u8 = 4;
const ACK: u8 = 16;

/// The sides of a [`Connection`].
pub(super) const CLIENT: usize = 0;
pub(super) const SERVER: usize = 1;

/// A TCP connection that is being captured.
#[derive(Clone)]
pub(super) struct Connection {
    ports: [u16; 2],
    /// The number of the next byte of each side.
    pub next: [u32; 2],
    is_v6: bool,
}

impl Connection {
    pub fn new(client: u16, server: u16) -> Connection {
        Connection {
            ports: [client, server],
            next: [1000, 0xffff_fff0],
            is_v6: false,
        }
    }

    pub fn v6(mut self) -> Connection {
        self.is_v6 = true;
        self
    }

    /// The three packets that open it.
    pub fn open(&mut self) -> Vec<Vec<u8>> {
        vec![
            self.packet(CLIENT, SYN, b""),
            self.packet(SERVER, SYN, b""),
            self.packet(CLIENT, 0, b""),
        ]
    }

    /// An IP packet with what a side sends.
    pub fn packet(&mut self, side: usize, flags: u8, payload: &[u8]) -> Vec<u8> {
        let begins = flags & SYN != 0;
        let segment = self.segment(side, flags, payload);
        let length = payload.len() as u32 + u32::from(begins) + u32::from(flags & FIN);
        self.next[side] = self.next[side].wrapping_add(length);
        self.ip(side, &segment)
    }

    fn segment(&self, side: usize, flags: u8, payload: &[u8]) -> Vec<u8> {
        let first = flags & SYN != 0 && side == CLIENT;
        let mut segment = Vec::new();
        segment.extend(self.ports[side].to_be_bytes());
        segment.extend(self.ports[1 - side].to_be_bytes());
        segment.extend(self.next[side].to_be_bytes());
        segment.extend(match first {
            true => [0; 4],
            false => self.next[1 - side].to_be_bytes(),
        });
        segment.extend([
            0x50,
            if first { flags } else { flags | ACK },
            1,
            0,
            0,
            0,
            0,
            0,
        ]);
        segment.extend_from_slice(payload);
        segment
    }

    fn ip(&self, side: usize, segment: &[u8]) -> Vec<u8> {
        let length = segment.len() as u16;
        let hosts = [[10, 0, 0, 1], [10, 0, 0, 2]];
        let mut packet = Vec::new();
        match self.is_v6 {
            false => {
                packet.extend([0x45, 0]);
                packet.extend((20 + length).to_be_bytes());
                packet.extend([0, 7, 0, 0, 64, 6, 0, 0]);
                packet.extend(hosts[side]);
                packet.extend(hosts[1 - side]);
            }
            true => {
                packet.extend([0x60, 0, 0, 0]);
                packet.extend((8 + length).to_be_bytes());
                packet.extend([60, 64]);
                for host in [hosts[side], hosts[1 - side]] {
                    packet.extend([0xfd; 12]);
                    packet.extend(host);
                }
                // Destination Options, of padding.
                packet.extend([6, 0, 1, 4, 0, 0, 0, 0]);
            }
        }
        packet.extend(segment);
        packet
    }
}

/// IP packets as a pcap file, a millisecond apart.
pub(super) fn pcap(packets: &[Vec<u8>]) -> Vec<u8> {
    let timed: Vec<_> = (0..).step_by(1_000_000).zip(packets).collect();
    timed_pcap(&timed)
}

/// IP packets as a pcap file, each with its time in nanoseconds.
pub(super) fn timed_pcap(packets: &[(u64, &Vec<u8>)]) -> Vec<u8> {
    let mut file = b"\x4d\x3c\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x65\0\0\0".to_vec();
    for (time, packet) in packets {
        let length = packet.len() as u32;
        let (seconds, nanos) = (time / 1_000_000_000, time % 1_000_000_000);
        for number in [1_700_000_000 + seconds as u32, nanos as u32, length, length] {
            file.extend(number.to_le_bytes());
        }
        file.extend_from_slice(packet);
    }
    file
}

/// What is told of a file: each conversation's number and transcript.
pub(super) fn transcripts(file: &[u8], ports: &[u16]) -> Vec<(u32, String)> {
    let mut capture = Capture::new(CaptureOptions {
        ports: ports.to_vec(),
        first_stream: 0,
    });
    let mut transcripts = BTreeMap::new();
    let mut tell =
        |chunk: Chunk<'_>| note(transcripts.entry(chunk.origin.stream).or_default(), &chunk);
    let used = capture.read(file, &mut tell).expect("a capture");
    capture.finish(&file[used..], &mut tell).expect("its end");
    transcripts
        .into_iter()
        .map(|(number, (_, text))| (number, text))
        .collect()
}

/// Appends a chunk to a transcript: `>` the Client says, `<` the Server, `?` someone; `[n]` a gap,
/// `$` the end. That something is late is not written.
fn note(transcript: &mut (Option<Direction>, String), chunk: &Chunk<'_>) {
    if chunk.data == Data::Late {
        return;
    }
    let (direction, text) = transcript;
    if direction.replace(chunk.origin.direction) != Some(chunk.origin.direction) {
        text.push(match chunk.origin.direction {
            Direction::ToServer => '>',
            Direction::ToClient => '<',
            Direction::Unknown => '?',
        });
    }
    match chunk.data {
        Data::Bytes(bytes) => write!(text, "{}", bytes.escape_ascii()),
        Data::Gap(length) => write!(text, "[{length}]"),
        Data::Late => Ok(()),
        Data::End => write!(text, "$"),
    }
    .expect("a string takes all");
}

/// Bytes as [`transcripts`] writes them.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}

/// The only transcript.
pub(super) fn transcript(packets: &[Vec<u8>]) -> String {
    match &transcripts(&pcap(packets), &[])[..] {
        [(0, transcript)] => transcript.clone(),
        others => panic!("{others:?}"),
    }
}
