//! Messages that wait for somebody who is away.

use super::peer::Peer;
use super::scaled;
use super::victim::Victim;
use crate::support::wire::{packet, publish};

const BATCH: usize = 100;

#[test]
fn a_queue_that_was_fetched_gives_its_memory_back() {
    let victim = Victim::start(&["--max-queued-messages", "1000000"]);
    let mut away = come_back(&victim);
    away.subscribe("queue", 1);
    drop(away);
    // What the broker's code needs of memory is there already.
    queue_and_fetch(&victim, 1_000);
    let before = victim.memory();
    let count = scaled(40_000, 300_000);
    let held = queue_and_fetch(&victim, count).saturating_sub(before);
    let after = victim.await_memory_below(before + 4096);
    victim.report(&format!(
        "{count} messages waited and were fetched: {held} KiB held, {after} KiB resident then"
    ));
}

/// Connects the client whose session stays.
fn come_back(victim: &Victim) -> Peer {
    let mut peer = Peer::open(victim.port());
    peer.send(&packet(0x10, b"\x00\x04MQTT\x04\x00\x00\x00\x00\x04away"));
    assert_eq!(peer.packet().first, 0x20);
    peer
}

/// Publishes `count` messages to the client that is away; it returns for them. Says how much memory
/// was resident when all of them waited, in KiB.
fn queue_and_fetch(victim: &Victim, count: usize) -> u64 {
    let mut publisher = Peer::connect(victim.port(), "publisher");
    for _ in 0..count / BATCH {
        let batch: Vec<u8> = (1..=BATCH as u16)
            .flat_map(|packet_id| publish("queue", 1, packet_id, b"sixteen bytes pl"))
            .collect();
        publisher.send(&batch);
        for _ in 0..BATCH {
            assert_eq!(publisher.packet().first, 0x40);
        }
    }
    let waiting = victim.memory();
    let mut away = come_back(victim);
    for _ in 0..count {
        let message = away.packet();
        assert_eq!(message.first, 0x32);
        let id = 2 + usize::from(u16::from_be_bytes([message.body[0], message.body[1]]));
        away.send(&packet(0x40, &message.body[id..id + 2]));
    }
    away.send(&packet(0xE0, &[]));
    away.read_to_end();
    waiting
}
