//! The clock by which output appears that does not come with a message, and the terminal for it.

use std::time::{Duration, Instant};

use rustix::process;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::sleep_until;

use crate::command::failure::Failure;
use crate::render::Screen;

/// How often `--message-rate` prints.
pub(super) const RATE_PERIOD: Duration = Duration::from_secs(1);
/// How often `--watch` draws.
pub(super) const WATCH_PERIOD: Duration = Duration::from_millis(50);

/// A clock that ticks steadily, or not at all.
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

    /// Whether a tick is due at `now`; then the next one is awaited.
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

    /// Waits for the next tick. Cancel safe; missed ticks are left out.
    pub(super) async fn tick(&mut self) {
        if self.period.is_none() {
            return std::future::pending().await;
        }
        sleep_until(self.next.into()).await;
        self.has_passed(Instant::now());
    }
}

/// The size of the terminal on stdout; a usual one, if it does not say.
pub(super) fn size() -> Screen {
    let size = rustix::termios::tcgetwinsize(std::io::stdout());
    let (columns, rows) = size.map_or((80, 24), |size| (size.ws_col, size.ws_row));
    Screen { columns, rows }
}

/// Waits until the shell gives the terminal back, after Ctrl-Z and `fg`.
pub(super) struct Foreground(Option<Signal>);

impl Foreground {
    /// Looks for it, if that is `wanted`.
    ///
    /// # Errors
    ///
    /// The system has no handler to give.
    pub(super) fn watch(wanted: bool) -> Result<Foreground, Failure> {
        if !wanted {
            return Ok(Foreground(None));
        }
        let continued = signal(SignalKind::from_raw(process::Signal::CONT.as_raw()))
            .map_err(|error| Failure::io("cannot catch signals", &error))?;
        Ok(Foreground(Some(continued)))
    }

    /// Waits for the terminal. May be dropped while waiting.
    pub(super) async fn back(&mut self) {
        match &mut self.0 {
            Some(continued) => drop(continued.recv().await),
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_ticks_are_left_out() {
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
