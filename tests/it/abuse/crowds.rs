//! Many connections.

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit};

use super::peer::{Peer, connect_packet, subscribe_packet};
use super::scaled;
use super::victim::Victim;

/// As many connections as asked for, or as both processes may have files.
fn crowd(short: usize, long: usize) -> usize {
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    scaled(short, long).min(files.saturating_sub(200) as usize)
}

/// So many clients, connected.
fn gather(port: u16, count: usize) -> Vec<Peer> {
    let mut peers = Vec::with_capacity(count);
    for turn in (0..count).collect::<Vec<_>>().chunks(200) {
        let from = peers.len();
        for &number in turn {
            let mut peer = Peer::open_from(port, number);
            peer.send(&connect_packet(&format!("idle{number}"), None));
            peers.push(peer);
        }
        for peer in &mut peers[from..] {
            assert_eq!(peer.packet().body, [0, 0]);
        }
    }
    peers
}

#[test]
fn idle_connections() {
    let victim = Victim::start(&[]);
    let count = crowd(400, 20_000);
    let before = victim.memory();
    let start = Instant::now();
    let mut peers = gather(victim.port(), count);
    let took = start.elapsed();
    let full = victim.memory();
    let held = full.saturating_sub(before) as f64 / count as f64;
    assert!(held < 16.0, "{held:.1} KiB each");
    // The last and the first are served as if they were alone.
    for peer in [0, count - 1] {
        let peer = &mut peers[peer];
        peer.send(&subscribe_packet(&["a"], 0));
        assert_eq!(peer.packet().first, 0x90);
    }
    drop(peers);
    // What the allocator has not given back serves the next crowd.
    let _next = gather(victim.port(), count);
    let again = victim.memory();
    assert!(again < full + 4096, "{full} KiB, then {again} KiB");
    victim.report(&format!(
        "{count} idle connections in {took:.1?}: {held:.2} KiB each; {full} KiB in all, \
         {again} KiB with the next crowd"
    ));
}

#[test]
fn connects_that_never_end() {
    let patience = scaled("1", "10");
    let victim = Victim::start(&["--connect-timeout", patience]);
    let count = crowd(100, 900);
    let whole = connect_packet("loris", None);
    let mut peers: Vec<_> = (0..count)
        .map(|number| Peer::open_from(victim.port(), number))
        .collect();
    let start = Instant::now();
    let pause = Duration::from_secs_f64(patience.parse::<f64>().expect("seconds") / 8.0);
    // A byte now and then, and never the last one.
    for byte in &whole[..whole.len() - 1] {
        for peer in &mut peers {
            // Those who were closed no longer take anything.
            let _ = peer.stream.write(&[*byte]);
        }
        thread::sleep(pause);
    }
    for peer in &mut peers {
        peer.read_to_end();
    }
    victim.report(&format!(
        "{count} CONNECTs of a byte now and then: all closed within {:.1?}",
        start.elapsed()
    ));
}

#[test]
fn churn() {
    let victim = Victim::start(&[]);
    let port = victim.port();
    let until = Instant::now() + scaled(Duration::from_secs(1), Duration::from_secs(60));
    let before = victim.memory();
    let threads: Vec<_> = (0..4)
        .map(|thread| {
            thread::spawn(move || {
                let mut count = 0_usize;
                while Instant::now() < until {
                    let mut peer = Peer::open_from(port, thread * 8000);
                    peer.send(&connect_packet(&format!("churn{thread}-{count}"), None));
                    peer.send(&subscribe_packet(&["churn/+/#", "churn"], 1));
                    // Some say goodbye, some vanish, some do not even wait.
                    if !count.is_multiple_of(3) {
                        assert_eq!(peer.packet().first, 0x20);
                    }
                    if count.is_multiple_of(2) {
                        peer.send(&[0xE0, 0]);
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
    let after = victim.await_memory_below(before + 8192);
    victim.report(&format!(
        "{count} connections came and went: {before} KiB before, {after} KiB after"
    ));
}

#[test]
fn wills_of_a_crowd_at_once() {
    let victim = Victim::start(&[]);
    let count = crowd(200, 5000);
    let mut watcher = Peer::connect(victim.port(), "watcher");
    watcher.subscribe("wills/+", 0);
    let mut peers: Vec<_> = (0..count)
        .map(|number| {
            let mut peer = Peer::open_from(victim.port(), number);
            let topic = format!("wills/{number}");
            peer.send(&connect_packet(&format!("mortal{number}"), Some(&topic)));
            peer
        })
        .collect();
    for peer in &mut peers {
        assert_eq!(peer.packet().body, [0, 0]);
    }
    let start = Instant::now();
    drop(peers);
    for _ in 0..count {
        assert_eq!(watcher.packet().first, 0x30);
    }
    victim.report(&format!(
        "{count} Will Messages at once: all published within {:.1?}",
        start.elapsed()
    ));
    let mut nothing = [0];
    watcher
        .stream
        .set_nonblocking(true)
        .expect("a socket can be made so");
    assert!(!matches!(watcher.stream.read(&mut nothing), Ok(1)));
}
