//! Bytes that mean nothing, or nearly something.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use super::peer::{Peer, connect_packet, subscribe_packet};
use super::scaled;
use super::victim::Victim;
use crate::support::{seed, wire::publish};

/// Numbers as they come: xorshift.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % sides
    }
}

/// What a real client of one version says, in one piece.
fn session(version: u8, number: usize) -> Vec<u8> {
    if version == 4 {
        return [
            connect_packet(&format!("fuzz{}", number % 50), Some("fuzz/will")),
            subscribe_packet(&["fuzz/#", "+/x", "a/b/c"], 2),
            publish("fuzz/a", 0, 0, b"zero"),
            publish("fuzz/b", 1, 1, b"one"),
            publish("fuzz/c", 2, 2, b"two"),
            vec![0x62, 2, 0, 2],
            vec![0xA2, 6, 0, 3, 0, 2, b'+', b'/'],
            vec![0xC0, 0, 0xE0, 0],
        ]
        .concat();
    }
    [
        &b"\x10\x1d\x00\x04MQTT\x05\x06\x00\x3c\x05\x11\x00\x00\x00\x05\x00\x01f\x00\x00\x01w\x00\x01d"[..],
        b"\x82\x0a\x00\x01\x02\x0b\x05\x00\x01#\x2e",
        b"\x82\x0f\x00\x02\x00\x00\x0a$share/g/a\x01",
        b"\x31\x14\x00\x01a\x0e\x23\x00\x01\x26\x00\x01k\x00\x01v\x02\x00\x00\x00\x09x",
        b"\x34\x0a\x00\x00\x00\x03\x03\x23\x00\x01xx",
        b"\x62\x02\x00\x03\x40\x03\x00\x01\x10\xc0\x00\xe0\x07\x04\x05\x11\x00\x00\x00\x01",
    ]
    .concat()
}

/// Changes, removes, doubles or inserts some bytes.
fn mutate(bytes: &mut Vec<u8>, dice: &mut Dice) {
    for _ in 0..1 + dice.roll(4) {
        let at = dice.roll(bytes.len());
        match dice.roll(5) {
            0 => bytes[at] = dice.roll(256) as u8,
            1 => bytes[at] ^= 1 << dice.roll(8),
            2 => drop(bytes.drain(at..(at + 1 + dice.roll(4)).min(bytes.len()))),
            3 => bytes.insert(at, [0, 0x7F, 0x80, 0xFF][dice.roll(4)]),
            _ => bytes.extend_from_within(at..(at + 1 + dice.roll(20)).min(bytes.len())),
        }
        if bytes.is_empty() {
            bytes.push(0xFF);
        }
    }
}

#[test]
fn random_bytes_and_mutated_sessions() {
    // A mutated CONNECT may leave a Session behind for which, rightly, messages are kept.
    let victim = Victim::start(&["--connect-timeout", "1", "--max-session-expiry", "5"]);
    let port = victim.port();
    let seed = seed();
    let before = victim.memory();
    let until = Instant::now() + scaled(Duration::from_secs(2), Duration::from_secs(180));
    let threads: Vec<_> = (0..3)
        .map(|thread| {
            thread::spawn(move || {
                let mut dice = Dice(seed << 8 | thread | 1 << 40);
                let mut count = 0;
                while Instant::now() < until {
                    let mut bytes = session([4, 5][dice.roll(2)], count);
                    match dice.roll(8) {
                        0 => bytes
                            .iter_mut()
                            .for_each(|byte| *byte = dice.roll(256) as u8),
                        _ => mutate(&mut bytes, &mut dice),
                    }
                    let mut peer = Peer::open_from(port, 8000 * thread as usize);
                    for piece in bytes.chunks(1 + dice.roll(bytes.len())) {
                        // The broker may have closed already.
                        let _ = peer.stream.write_all(piece);
                    }
                    if dice.roll(4) > 0 {
                        let timeout = Some(Duration::from_millis(20));
                        peer.stream
                            .set_read_timeout(timeout)
                            .expect("a timeout can be set");
                        peer.read_to_end();
                    }
                    count += 1;
                }
                count
            })
        })
        .collect();
    let count: usize = threads
        .into_iter()
        .map(|thread| thread.join().expect("the broker accepts"))
        .sum();
    let after = victim.await_memory_below(before + (16 << 10));
    victim.report(&format!(
        "{count} random or mutated sessions: {after} KiB after"
    ));
}
