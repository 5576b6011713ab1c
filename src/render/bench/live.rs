//! How a run goes, on a terminal.

use std::time::{Duration, Instant};

use super::figures::grouped;
use super::intervals::interval_line;
use crate::bench::{Interval, Scenario};
use crate::render::status_line::StatusLine;

/// How often the line is drawn.
const PERIOD: Duration = Duration::from_millis(100);

/// A line on stderr that is brought up to date in place, and leaves nothing behind.
#[derive(Debug)]
pub struct LiveRun {
    line: StatusLine,
    scenario: Scenario,
    text: String,
    due: Instant,
}

impl LiveRun {
    /// The view of a run from `now` on; `None` if stderr is no terminal.
    pub fn on_terminal(now: Instant, scenario: Scenario) -> Option<LiveRun> {
        Some(LiveRun {
            line: StatusLine::on_terminal()?,
            scenario,
            text: String::new(),
            due: now,
        })
    }

    /// Shows how many connections are settled.
    pub fn connecting(&mut self, now: Instant, settled: u64, asked: u64) {
        if now >= self.due {
            self.text = format!("connecting: {} of {}", grouped(settled), grouped(asked));
            self.still(now);
        }
    }

    /// Shows the interval that has just ended.
    pub fn interval(&mut self, interval: &Interval) {
        self.text = interval_line(interval, self.scenario);
    }

    /// Shows that the run goes on.
    pub fn still(&mut self, now: Instant) {
        if now >= self.due && !self.text.is_empty() {
            self.due = now + PERIOD;
            self.line.show(&self.text);
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.line.clear();
    }
}
