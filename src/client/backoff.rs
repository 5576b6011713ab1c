//! When to try again.

use std::time::{Duration, Instant};

use super::Reconnect;

/// The delays between connection attempts: exponential, with jitter, within a window.
#[derive(Debug)]
pub(super) struct Backoff {
    policy: Reconnect,
    attempts: u32,
    away_since: Option<Instant>,
}

impl Backoff {
    pub(super) fn new(policy: Reconnect) -> Backoff {
        Backoff {
            policy,
            attempts: 0,
            away_since: None,
        }
    }

    /// The delay before the next attempt; `None` when the window is over. `jitter` is in 0..1.
    pub(super) fn next_delay(&mut self, now: Instant, jitter: f64) -> Option<Duration> {
        let since = *self.away_since.get_or_insert(now);
        let delay = self
            .policy
            .min_delay
            .saturating_mul(1u32.checked_shl(self.attempts).unwrap_or(u32::MAX))
            .min(self.policy.max_delay);
        self.attempts += 1;
        // Between one half and the whole, so that many clients do not come back at once.
        let delay = delay.mul_f64(0.5 + jitter / 2.0);
        let Some(window) = self.policy.window else {
            return Some(delay);
        };
        // The last attempt is made at the end of the window.
        let left = window.saturating_sub(now.duration_since(since));
        (!left.is_zero()).then_some(delay.min(left))
    }

    /// The longest delay, but for jitter.
    pub(super) fn max_delay(&self) -> Duration {
        self.policy.max_delay
    }

    /// The broker answers again.
    pub(super) fn reset(&mut self) {
        self.attempts = 0;
        self.away_since = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(window: Option<Duration>) -> Reconnect {
        Reconnect {
            min_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(8),
            window,
        }
    }

    #[test]
    fn delays_double_up_to_the_maximum() {
        let mut backoff = Backoff::new(policy(None));
        let now = Instant::now();
        let delays: Vec<_> = (0..40)
            .map(|_| backoff.next_delay(now, 1.0).unwrap().as_secs())
            .collect();
        assert_eq!(delays[..5], [1, 2, 4, 8, 8]);
        assert_eq!(delays[39], 8);
        backoff.reset();
        assert_eq!(
            backoff.next_delay(now, 0.0),
            Some(Duration::from_millis(500))
        );
    }

    #[test]
    fn the_window_ends_the_attempts() {
        let mut backoff = Backoff::new(policy(Some(Duration::from_secs(10))));
        let start = Instant::now();
        assert!(backoff.next_delay(start, 0.5).is_some());
        let later = start + Duration::from_secs(9);
        assert_eq!(
            backoff.next_delay(later, 1.0),
            Some(Duration::from_secs(1)),
            "the last attempt is at its end"
        );
        let end = start + Duration::from_secs(10);
        assert_eq!(backoff.next_delay(end, 0.5), None);
    }
}
