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

    /// Whether a beat is over at `now`; the next one is then awaited.
    pub(super) fn has_passed(&mut self, now: Instant) -> bool {
        let Some(period) = self.period else {
            return false;
        };
        let has_passed = self.next <= now;
        while self.next <= now {
            self.next += period;
        }
        has_passed
    }

    /// Waits for the next beat. May be dropped while waiting; missed beats are left out.
    pub(super) async fn tick(&mut self) {
        if self.period.is_none() {
            return std::future::pending().await;
        }
        sleep_until(self.next.into()).await;
        self.has_passed(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_beats_are_left_out() {
        let mut ticker = Ticker::every(Some(Duration::from_secs(1)));
        let start = ticker.next - Duration::from_secs(1);
        let at = |millis| start + Duration::from_millis(millis);
        assert!(!ticker.has_passed(at(999)));
        assert!(ticker.has_passed(at(3500)));
        assert!(!ticker.has_passed(at(3999)));
        assert!(ticker.has_passed(at(4000)));
        assert!(!Ticker::every(None).has_passed(at(1_000_000)));
    }
}
