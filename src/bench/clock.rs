//! The clock of a run: one for all processes that share it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Readings of both clocks, of which the closest pair is taken.
const READINGS: usize = 16;

/// Nanoseconds since 1970, told by the wall clock once and by the monotonic clock from then on: it
/// never jumps, and other processes that share the run tell the same time, as far as the clocks of
/// their machines agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    origin: Instant,
    /// Of the origin, since 1970, in nanoseconds.
    offset: u64,
}

impl Clock {
    /// A clock set by the wall clock.
    pub(super) fn set() -> Clock {
        let reading = || {
            let before = Instant::now();
            let wall = SystemTime::now();
            (before.elapsed(), before, wall)
        };
        // A pause between the two would be an error for the whole run.
        let readings = (0..READINGS).map(|_| reading());
        let best = readings.min_by_key(|(pause, ..)| *pause);
        let (_, origin, wall) = best.unwrap_or_else(reading);
        Clock {
            origin,
            offset: since_1970(wall),
        }
    }

    /// A moment as nanoseconds.
    #[inline]
    pub(super) fn nanos(&self, at: Instant) -> u64 {
        self.offset + at.saturating_duration_since(self.origin).as_nanos() as u64
    }

    /// The moment that so many nanoseconds stand for.
    pub(super) fn instant(&self, nanos: u64) -> Instant {
        self.origin + Duration::from_nanos(nanos.saturating_sub(self.offset))
    }

    /// The moment that the wall clock calls so; the origin, if it is before that.
    pub(super) fn at(&self, wall: SystemTime) -> Instant {
        self.instant(since_1970(wall))
    }

    /// When it was set.
    pub(super) fn began(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_nanos(self.offset)
    }

    /// How long it had run at that moment.
    pub(super) fn elapsed_at(&self, nanos: u64) -> Duration {
        Duration::from_nanos(nanos.saturating_sub(self.offset))
    }

    /// How long it has run.
    pub(super) fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }
}

fn since_1970(wall: SystemTime) -> u64 {
    let since = wall.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_and_found_again() {
        let clock = Clock::set();
        let later = Instant::now() + Duration::from_millis(1500);
        let nanos = clock.nanos(later);
        assert_eq!(clock.instant(nanos), later);
        let wall = UNIX_EPOCH + Duration::from_nanos(nanos);
        assert_eq!(clock.at(wall), later);
        assert_eq!(clock.at(UNIX_EPOCH), clock.instant(0));
    }
}
