//! A router with a store, whose process the test ends.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::World;
use crate::broker::Limits;
use crate::broker::persist::{Batch, Clock};

/// A disk that takes its time.
#[derive(Default)]
pub struct Disk {
    pub entries: BTreeMap<Vec<u8>, Vec<u8>>,
    committing: Option<Batch>,
    pub commits: usize,
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

pub struct Persistent {
    pub world: World,
    pub disk: Disk,
    start: Instant,
}

impl Persistent {
    pub fn new() -> Self {
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
    pub fn step(&mut self) {
        if let Some(batch) = self.disk.committing.take() {
            self.disk.apply(&batch);
            self.world.router.committed();
        } else {
            let clock = self.clock();
            self.disk.committing = self.world.router.take_batch(clock);
        }
    }

    pub fn commit_all(&mut self) {
        while !self.world.router.is_durable() || self.world.router.has_batch() {
            self.step();
        }
    }

    /// The process dies. The batch under way was committed, or not.
    pub fn die(&mut self, commits: bool) {
        if let Some(batch) = self.disk.committing.take()
            && commits
        {
            self.disk.apply(&batch);
        }
        self.world.router = World::new(Limits::default()).router;
    }

    /// Another process begins with what the store has.
    pub fn restart(&mut self) {
        let (clock, now) = (self.clock(), self.world.now);
        let router = &mut self.world.router;
        router.persist();
        for (key, value) in &self.disk.entries {
            assert_eq!(router.restore(clock, key, value), Ok(()));
        }
        router.finish_restoring(now);
    }
}
