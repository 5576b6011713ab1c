//! The process dies at any point, and the store has what was committed: nothing acknowledged is
//! lost, nothing at QoS 2 arrives twice, every publisher's order is kept.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::World;
use super::peer::{Peer, assert_all_arrived};
use crate::broker::Limits;
use crate::broker::persist::{Batch, Clock};
use crate::codec::QoS;

const CLIENTS: usize = 6;

/// A disk that takes its time.
#[derive(Default)]
struct Disk {
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    committing: Option<Batch>,
    commits: usize,
}

impl Disk {
    fn apply(&mut self, batch: &Batch) {
        for (key, value) in batch.changes() {
            match value {
                Some(value) => self.entries.insert(key.into(), value.into()),
                None => self.entries.remove(key),
            };
        }
        for prefix in batch.ended() {
            self.entries.retain(|key, _| !key.starts_with(prefix));
        }
        self.commits += 1;
    }
}

struct Persistent {
    world: World,
    disk: Disk,
    start: Instant,
}

impl Persistent {
    fn new() -> Self {
        let mut world = World::new(Limits::default());
        world.router.persist();
        Self {
            start: world.now,
            world,
            disk: Disk::default(),
        }
    }

    fn clock(&self) -> Clock {
        let now = self.world.now;
        let wall = Duration::from_secs(1_800_000_000) + (now - self.start);
        Clock { now, wall }
    }

    /// One thing happens: a batch goes to the disk, or the one under way is done.
    fn step(&mut self) {
        if let Some(batch) = self.disk.committing.take() {
            self.disk.apply(&batch);
            self.world.router.committed();
        } else {
            let clock = self.clock();
            self.disk.committing = self.world.router.take_batch(clock);
        }
    }

    fn commit_all(&mut self) {
        while !self.world.router.is_durable() || self.world.router.has_batch() {
            self.step();
        }
    }

    /// The process dies and another one begins. The batch under way was committed, or not.
    fn crash(&mut self, rng: &mut Rng) {
        if let Some(batch) = self.disk.committing.take()
            && rng.bool()
        {
            self.disk.apply(&batch);
        }
        let clock = self.clock();
        let World { router, now } = &mut self.world;
        *router = World::new(Limits::default()).router;
        router.persist();
        for (key, value) in &self.disk.entries {
            assert_eq!(router.restore(clock, key, value), Ok(()));
        }
        router.finish_restoring(*now);
    }
}

fn run(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut broker = Persistent::new();
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
    while quiet < 200 {
        broker.world.now += Duration::from_millis(1);
        let at = rng.usize(..CLIENTS);
        if peers[at].connection.is_none() {
            peers[at].connect(&mut broker.world);
        }
        let busy = match rng.u8(..30) {
            0 if upsets > 0 => {
                upsets -= 1;
                broker.crash(&mut rng);
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
                let count = match upsets {
                    0 => usize::MAX,
                    _ => rng.usize(..100),
                };
                peers[at].exchange(&mut broker.world, count, &mut arriving[at])
            }
        };
        let done = upsets == 0 && !busy && peers.iter().all(Peer::is_done);
        quiet = if done { quiet + 1 } else { 0 };
    }
    broker.commit_all();
    assert_all_arrived(seed, &peers);
    assert!(broker.disk.commits > 100, "seed {seed}");
    // What has been delivered has left the store: what stays is Sessions and their subscriptions.
    let left = broker.disk.entries.keys().filter(|key| key[9] > 2);
    assert_eq!(left.count(), 0, "seed {seed}");
}

#[test]
fn what_was_acknowledged_survives_a_crash_at_any_point() {
    for seed in 0..30 {
        run(seed);
    }
}
