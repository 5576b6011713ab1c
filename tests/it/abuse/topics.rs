//! Topics without end.

use std::time::Instant;

use super::peer::{Peer, subscribe_packet, unsubscribe_packet};
use super::scaled;
use super::victim::Victim;
use crate::support::wire::publish;

/// Messages between two acknowledgements that are waited for.
const BATCH: usize = 500;

#[test]
fn distinct_topics() {
    let victim = Victim::start(&[]);
    let before = victim.memory();
    let count = scaled(20_000, 1_000_000);
    let mut peer = Peer::connect(victim.port(), "publisher");
    let start = Instant::now();
    for first in (0..count).step_by(BATCH) {
        let batch: Vec<u8> = (first..first + BATCH)
            .zip(1..)
            .flat_map(|(number, id)| publish(&format!("site/{number}/state"), 1, id, b"x"))
            .collect();
        peer.send(&batch);
        for _ in 0..BATCH {
            assert_eq!(peer.packet().first, 0x40);
        }
    }
    let took = start.elapsed();
    // Messages for nobody leave nothing behind.
    let after = victim.await_memory_below(before + 8192);
    victim.report(&format!(
        "messages to {count} topics in {took:.1?}: {after} KiB after"
    ));
}

#[test]
fn distinct_retained_messages() {
    let bound = scaled("10000", "1000000");
    let victim = Victim::start(&["--max-retained-messages", bound]);
    let before = victim.memory();
    let bound: usize = bound.parse().expect("a number");
    let mut peer = Peer::connect(victim.port(), "publisher");
    let retain = |number: usize, id: u16, payload: &[u8]| {
        let mut bytes = publish(&format!("site/{number}/state"), 1, id, payload);
        bytes[0] |= 1;
        bytes
    };
    let mut round = |payload: &[u8]| {
        // A tenth more than the broker keeps.
        for first in (0..bound + bound / 10).step_by(BATCH) {
            let batch: Vec<u8> = (first..first + BATCH)
                .zip(1..)
                .flat_map(|(number, id)| retain(number, id, payload))
                .collect();
            peer.send(&batch);
            for _ in 0..BATCH {
                assert_eq!(peer.packet().first, 0x40);
            }
        }
    };
    round(b"x");
    let held = (victim.memory().saturating_sub(before) << 10) / bound as u64;
    let full = victim.memory();
    round(b"another");
    let replaced = victim.memory();
    assert!(
        replaced < full + full / 4,
        "{full} KiB, then {replaced} KiB"
    );
    round(b"");
    round(b"again");
    // Whoever wants all of them gets all of them.
    let mut watcher = Peer::connect(victim.port(), "watcher");
    watcher.subscribe("site/#", 0);
    for _ in 0..bound {
        assert_eq!(watcher.packet().first, 0x31);
    }
    let again = victim.memory();
    assert!(again < full + full / 4, "{full} KiB, then {again} KiB");
    victim.report(&format!(
        "{bound} retained messages: {held} bytes each, {full} KiB in all, {again} KiB when they \
         were removed and others came"
    ));
}

#[test]
fn many_filters_in_one_packet() {
    let victim = Victim::start(&[]);
    let count = scaled(5000, 100_000);
    let rounds = scaled(2, 20);
    let filters: Vec<_> = (0..count)
        .map(|number| format!("site/{number}/+"))
        .collect();
    let (subscribe, unsubscribe) = (subscribe_packet(&filters, 0), unsubscribe_packet(&filters));
    let mut peer = Peer::connect(victim.port(), "greedy");
    let start = Instant::now();
    for _ in 0..rounds {
        peer.send(&subscribe);
        let suback = peer.packet();
        assert_eq!((suback.first, suback.body.len()), (0x90, 2 + count));
        peer.send(&unsubscribe);
        assert_eq!(peer.packet().first, 0xB0);
    }
    victim.report(&format!(
        "{count} Topic Filters in one packet, {rounds} times subscribed to and unsubscribed from in {:.1?}",
        start.elapsed()
    ));
}

/// So many clients with so many subscriptions each.
fn subscribers(port: u16, clients: usize, each: usize) -> Vec<Peer> {
    let mut peers: Vec<_> = (0..clients)
        .map(|number| Peer::connect(port, &format!("subscriber{number}")))
        .collect();
    for (number, peer) in peers.iter_mut().enumerate() {
        for first in (0..each).step_by(BATCH) {
            let filters: Vec<_> = (first..first + BATCH)
                .map(|filter| match filter % 4 {
                    0 => format!("site/{filter}/+/{number}"),
                    _ => format!("site/{filter}/state/{number}"),
                })
                .collect();
            peer.send(&subscribe_packet(&filters, 0));
            assert_eq!(peer.packet().first, 0x90);
        }
    }
    peers
}

#[test]
fn distinct_subscriptions() {
    let victim = Victim::start(&["--max-subscriptions", "200000"]);
    let before = victim.memory();
    let (clients, each) = scaled((2, 5000), (10, 100_000));
    let start = Instant::now();
    let peers = subscribers(victim.port(), clients, each);
    let took = start.elapsed();
    let count = clients * each;
    let full = victim.memory();
    let held = (full.saturating_sub(before) << 10) / count as u64;
    drop(peers);
    let _next = subscribers(victim.port(), clients, each);
    let again = victim.memory();
    assert!(again < full + full / 4, "{full} KiB, then {again} KiB");
    victim.report(&format!(
        "{count} subscriptions in {took:.1?}: {held} bytes each, {full} KiB in all, {again} KiB \
         when they ended and others came"
    ));
}
