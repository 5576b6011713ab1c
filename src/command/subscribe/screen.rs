//! What is drawn by the clock and not by messages.

use std::time::{Duration, Instant};

use tokio::time::sleep_until;

/// How often `--message-rate` prints.
pub(super) const RATE_PERIOD: Duration = Duration::from_secs(1);
/// How often `--watch` draws.
pub(super) const WATCH_PERIOD: Duration = Duration::from_millis(50);

/// A steady beat, or none.
pub(super) struct Ticker {
    period: Option<Duration>,
    next: Instant,
}

impl Ticker {
    pub(super) fn every(period: Option<Duration>) -> Ticker {
        Ticker {
            period,
            next: Instant::now() + period.unwrap_or_default(),
        }
    }

    /// Waits for the next beat. May be dropped while waiting; missed beats are left out.
    pub(super) async fn tick(&mut self) {
        let Some(period) = self.period else {
            return std::future::pending().await;
        };
        sleep_until(self.next.into()).await;
        let now = Instant::now();
        while self.next <= now {
            self.next += period;
        }
    }
}
