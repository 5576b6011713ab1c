//! The rest of a worker's thread between looking at its sockets.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Worker;

/// How long a worker rests before it waits for its sockets again.
///
/// What is to rest is the thread, not a task: a socket would end a task's wait at once.
#[derive(Debug)]
pub(super) struct Rest {
    /// Nanoseconds.
    pause: Cell<u64>,
    /// When the next message is due, in nanoseconds of the run's clock.
    due: Cell<u64>,
    /// Something is left to be read.
    is_busy: Cell<bool>,
    wanted: Notify,
}

impl Default for Rest {
    fn default() -> Rest {
        Rest {
            pause: Cell::new(0),
            due: Cell::new(u64::MAX),
            is_busy: Cell::new(false),
            wanted: Notify::new(),
        }
    }
}

impl Rest {
    /// Rests for so many nanoseconds, when all who wait now have had their turn.
    pub(super) fn want(&self, nanos: u64) {
        if self.pause.replace(nanos) == 0 && nanos > 0 {
            self.wanted.notify_one();
        }
    }

    /// There is no rest before this connection has had another turn.
    pub(super) fn has_more(&self) {
        self.is_busy.set(true);
    }

    /// No rest goes on beyond this moment of the run's clock.
    pub(super) fn set_due(&self, nanos: u64) {
        self.due.set(nanos);
    }

    /// The rest that is wanted at `now`.
    pub(super) fn take(&self, now: u64) -> Duration {
        let (pause, is_busy) = (self.pause.take(), self.is_busy.take());
        match is_busy {
            true => Duration::ZERO,
            false => Duration::from_nanos(pause.min(self.due.get().saturating_sub(now))),
        }
    }
}

impl Worker {
    /// Rests whenever that is wanted, for ever. Tasks have their turns in the order in which they
    /// were woken: this one's comes after those of all connections that were ready before it.
    pub(super) async fn rest(self: Rc<Self>) {
        loop {
            self.context.rest.wanted.notified().await;
            let now = self.context.nanos(Instant::now());
            let pause = self.context.rest.take(now);
            if !pause.is_zero() {
                std::thread::sleep(pause);
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_more_to_read_does_not_rest_and_nobody_rests_beyond_what_is_due() {
        let rest = Rest::default();
        rest.want(1_000);
        assert_eq!(rest.take(0), Duration::from_nanos(1_000));
        assert_eq!(rest.take(0), Duration::ZERO, "each rest once");
        rest.want(1_000);
        rest.has_more();
        assert_eq!(rest.take(0), Duration::ZERO);
        rest.want(1_000);
        rest.set_due(5_300);
        assert_eq!(rest.take(5_000), Duration::from_nanos(300));
    }
}
