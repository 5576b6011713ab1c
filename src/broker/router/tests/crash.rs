//! The process dies at any point, and the store has what was committed: nothing acknowledged is
//! lost, nothing at QoS 2 arrives twice, every publisher's order is kept.

use std::time::Duration;

use fastrand::Rng;

use super::peer::{Peer, complaints};
use super::persistent::Persistent;
use crate::codec::QoS;

const CLIENTS: usize = 6;
/// A run is over long before.
const STEPS: usize = 30_000;

/// Who complains in the end.
fn run(seed: u64, holds_back: bool) -> Vec<String> {
    let mut rng = Rng::with_seed(seed);
    let mut broker = Persistent::new();
    broker.world.holds_back = holds_back;
    let mut peers: Vec<_> = (0..CLIENTS)
        .map(|number| Peer::new(number, &mut rng))
        .collect();
    let mut arriving = vec![Vec::new(); CLIENTS];
    for (peer, arriving) in peers.iter_mut().zip(&mut arriving) {
        peer.connect(&mut broker.world);
        peer.exchange(&mut broker.world, usize::MAX, arriving);
        broker.commit_all();
        peer.exchange(&mut broker.world, usize::MAX, arriving);
        peer.subscribe(broker.world.now, &["+/1", "+/2", "c0/#"]);
        peer.exchange(&mut broker.world, usize::MAX, arriving);
        broker.commit_all();
    }
    let (mut quiet, mut upsets) = (0, 150);
    for _ in 0..STEPS {
        if quiet == 200 {
            break;
        }
        broker.world.now += Duration::from_millis(1);
        let at = rng.usize(..CLIENTS);
        if peers[at].connection.is_none() {
            peers[at].connect(&mut broker.world);
        }
        let busy = match rng.u8(..30) {
            0 if upsets > 0 => {
                upsets -= 1;
                broker.die(rng.bool());
                broker.restart();
                peers.iter_mut().for_each(Peer::forget_connection);
                arriving.iter_mut().for_each(Vec::clear);
                true
            }
            1 if upsets > 0 => {
                upsets -= 1;
                peers[at].exchange(&mut broker.world, rng.usize(..300), &mut arriving[at]);
                peers[at].cut(&mut broker.world);
                arriving[at].clear();
                true
            }
            2..8 => peers[at].publish(broker.world.now, QoS::AtLeastOnce),
            8..14 => peers[at].publish(broker.world.now, QoS::ExactlyOnce),
            14..20 => {
                broker.step();
                !broker.world.router.is_durable()
            }
            _ => {
                // All that is under way, or so few bytes that packets are cut.
                let count = match rng.bool() || upsets == 0 {
                    true => usize::MAX,
                    false => rng.usize(..100),
                };
                peers[at].exchange(&mut broker.world, count, &mut arriving[at])
            }
        };
        let done = upsets == 0 && !busy && peers.iter().all(Peer::is_done);
        quiet = if done { quiet + 1 } else { 0 };
    }
    broker.commit_all();
    let mut complaints = complaints(&peers);
    if quiet < 200 {
        complaints.push("somebody waits for ever".into());
    }
    if holds_back {
        assert!(broker.disk.commits > 100, "seed {seed}");
        // What has been delivered has left the store: what stays is Sessions and their
        // subscriptions.
        let is_message = |key: &&Vec<u8>| key[0] == 0 || key[9] > 2;
        let left = broker.disk.entries.keys().filter(is_message);
        assert_eq!(left.count(), 0, "seed {seed}");
    }
    complaints
}

#[test]
fn what_was_acknowledged_survives_a_crash_at_any_point() {
    for seed in 0..20 {
        assert_eq!(run(seed, true), [""; 0], "seed {seed}");
    }
}

/// It is the hold-back that the test above shows, and not that crashes are harmless.
#[test]
fn it_would_not_if_acknowledgements_were_sent_before_the_commit() {
    for seed in 0..3 {
        assert_ne!(run(seed, false), [""; 0], "seed {seed}");
    }
}
