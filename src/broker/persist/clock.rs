//! Deadlines that go on while there is no process.

use std::time::{Duration, Instant};

use super::reader::Reader;
use super::record::Damaged;

/// The same moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(in crate::broker) struct Clock {
    /// The one that deadlines are kept on.
    pub(in crate::broker) now: Instant,
    /// Since 1970: the one that goes on while there is no process.
    pub(in crate::broker) wall: Duration,
}

impl Clock {
    /// Milliseconds since 1970.
    fn to_wall(self, deadline: Instant) -> u64 {
        let wall = match deadline.checked_duration_since(self.now) {
            Some(left) => self.wall.saturating_add(left),
            None => self.wall.saturating_sub(self.now - deadline),
        };
        // Zero stands for no deadline.
        u64::try_from(wall.as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// What has passed is now; `None`: further away than clocks go.
    fn to_deadline(self, wall: u64) -> Option<Instant> {
        let left = Duration::from_millis(wall).saturating_sub(self.wall);
        self.now.checked_add(left)
    }

    pub(super) fn put(self, deadline: Option<Instant>, into: &mut Vec<u8>) {
        let wall = deadline.map_or(0, |deadline| self.to_wall(deadline));
        into.extend_from_slice(&wall.to_be_bytes());
    }

    pub(super) fn read(self, from: &mut Reader<'_>) -> Result<Option<Instant>, Damaged> {
        let wall = from.some_u64()?;
        Ok(wall.and_then(|wall| self.to_deadline(wall)))
    }
}
