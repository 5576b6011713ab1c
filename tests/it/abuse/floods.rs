//! More than anybody reads.

use std::io::Write;
use std::thread;
use std::time::{Duration, Instant};

use super::peer::Peer;
use super::scaled;
use super::victim::Victim;
use crate::support::wire::publish;

#[test]
fn a_subscriber_that_never_reads() {
    let victim = Victim::start(&[]);
    let before = victim.memory();
    let mut deaf = Peer::connect(victim.port(), "deaf");
    deaf.subscribe("flood/#", 1);
    let mut good = Peer::connect(victim.port(), "good");
    good.subscribe("flood/good", 0);
    let mut publisher = Peer::connect(victim.port(), "publisher");
    let until = Instant::now() + scaled(Duration::from_secs(2), Duration::from_secs(60));
    let batch: Vec<u8> = (0..64)
        .flat_map(|_| publish("flood/x", 0, 0, &[7; 1024]))
        .collect();
    publisher
        .stream
        .set_write_timeout(Some(Duration::from_millis(50)))
        .expect("a timeout can be set");
    let (mut sent, mut peak) = (0, 0);
    while Instant::now() < until {
        // The publisher is made to wait; then the subscriber counts as stalled.
        if let Ok(count) = publisher.stream.write(&batch[sent % batch.len()..]) {
            sent += count;
        }
        peak = peak.max(victim.memory());
    }
    // What others want goes on.
    let mut other = Peer::connect(victim.port(), "other");
    other.publish("elsewhere", 1, b"x");
    assert_eq!(other.packet().first, 0x40);
    let held = peak.saturating_sub(before);
    assert!(held < 64 << 10, "{held} KiB were held");
    drop(deaf);
    let after = victim.await_memory_below(before + 8192);
    victim.report(&format!(
        "{} MiB to a subscriber that never reads: {held} KiB held at most, {after} KiB when it left",
        sent >> 20
    ));
}

#[test]
fn lengths_that_never_arrive() {
    let victim = Victim::start(&[]);
    let before = victim.memory();
    let count = scaled(50, 1000);
    let mut claims: Vec<_> = (0..count)
        .map(|number| {
            let mut peer = Peer::open_from(victim.port(), number);
            match number % 2 {
                // Before CONNECT, and after it: 64 MiB, which is allowed, and 256 MiB.
                0 => peer.send(&[0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0, 4]),
                _ => {
                    peer.send(&super::peer::connect_packet(
                        &format!("claim{number}"),
                        None,
                    ));
                    assert_eq!(peer.packet().body, [0, 0]);
                    let length: &[u8] = match number % 4 {
                        1 => &[0x30, 0x80, 0x80, 0x80, 0x20],
                        _ => &[0x30, 0xFF, 0xFF, 0xFF, 0x7F],
                    };
                    // A connection that claims too much may be closed already.
                    let _ = peer.stream.write(length);
                    let _ = peer.stream.write(b"\x00\x01a");
                }
            }
            peer
        })
        .collect();
    thread::sleep(Duration::from_millis(500));
    let held = victim.memory().saturating_sub(before) as f64 / count as f64;
    assert!(held < 32.0, "{held:.1} KiB each");
    for claim in claims.iter_mut().skip(3).step_by(4) {
        claim.read_to_end();
    }
    drop(claims);
    victim.await_memory_below(before + 4096);
    victim.report(&format!(
        "{count} lengths up to 256 MiB that never arrive: {held:.1} KiB each"
    ));
}
