//! How a run goes, on a terminal.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::figures::grouped;
use super::summary::interval_line;
use crate::bench::{Interval, Scenario};

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(250);

/// A line on stderr that is brought up to date in place, and leaves nothing behind.
#[derive(Debug)]
pub struct LiveRun {
    bar: ProgressBar,
    scenario: Scenario,
}

impl LiveRun {
    /// The view of a run; `None` if stderr is no terminal.
    pub fn on_terminal(scenario: Scenario) -> Option<LiveRun> {
        if !io::stderr().is_terminal() {
            return None;
        }
        let style = ProgressStyle::with_template("{spinner} {msg}").ok()?;
        let bar = ProgressBar::no_length().with_style(style);
        bar.enable_steady_tick(TICK);
        Some(LiveRun { bar, scenario })
    }

    /// Shows how many connections are settled.
    pub fn connecting(&self, settled: u64, asked: u64) {
        let message = format!("connecting: {} of {}", grouped(settled), grouped(asked));
        self.bar.set_message(message);
    }

    /// Shows the interval that has just ended.
    pub fn interval(&self, interval: &Interval) {
        self.bar.set_message(interval_line(interval, self.scenario));
    }
}

impl Drop for LiveRun {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
