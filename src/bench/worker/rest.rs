//! The rest of a worker's thread between looking at its sockets.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::bench::clock::Clock;

/// How long the thread of a worker rests before it waits for its sockets, which end a wait at
/// once. Set by the worker, taken by its runtime's [`on_thread_park`].
///
/// [`on_thread_park`]: tokio::runtime::Builder::on_thread_park
#[derive(Debug)]
pub(super) struct Rest {
    clock: Clock,
    /// Nanoseconds.
    pause: AtomicU64,
    /// When the next message is due, in nanoseconds of the run's clock.
    due: AtomicU64,
}

impl Rest {
    pub(super) fn new(clock: Clock) -> Rest {
        Rest {
            clock,
            pause: AtomicU64::new(0),
            due: AtomicU64::new(u64::MAX),
        }
    }

    /// Rests next time for so many nanoseconds.
    pub(super) fn set_pause(&self, nanos: u64) {
        self.pause.store(nanos, Ordering::Relaxed);
    }

    /// No rest goes on beyond this moment of the run's clock.
    pub(super) fn set_due(&self, nanos: u64) {
        self.due.store(nanos, Ordering::Relaxed);
    }

    /// Rests, once for each pause that was set.
    pub(super) fn take(&self) {
        // This thread alone uses it.
        let pause = self.pause.load(Ordering::Relaxed);
        if pause == 0 {
            return;
        }
        self.pause.store(0, Ordering::Relaxed);
        let now = self.clock.nanos(Instant::now());
        let until_due = self.due.load(Ordering::Relaxed).saturating_sub(now);
        let pause = pause.min(until_due);
        if pause > 0 {
            std::thread::sleep(Duration::from_nanos(pause));
        }
    }
}

/// Lets the sleeps of this thread end within microseconds of their time: by default Linux adds 50.
pub(super) fn sleep_precisely() {
    #[cfg(target_os = "linux")]
    {
        // Where it is refused, rests are a little longer.
        let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
    }
}
