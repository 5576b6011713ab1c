//! What is to be thought of a run.

use std::time::Duration;

use super::{Act, Connections, Report};

/// What is to be thought of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The numbers can be believed.
    Valid,
    /// The generator was the bottleneck.
    Invalid,
    /// There was no broker to measure.
    NotConnected,
    /// There was one, but nothing was sent in the time that was to be measured.
    Empty,
}

impl Verdict {
    /// Its name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Valid => "valid",
            Verdict::Invalid => "invalid",
            Verdict::NotConnected => "not connected",
            Verdict::Empty => "nothing measured",
        }
    }
}

impl Report {
    /// What is to be thought of it.
    pub fn verdict(&self) -> Verdict {
        let was_connected = match self.plan.scenario.churns() {
            true => self.counts.acked > 0,
            false => self.connections.ready > 0,
        };
        if !was_connected {
            Verdict::NotConnected
        } else if !self.generator.is_valid() {
            Verdict::Invalid
        } else if self.is_empty() {
            Verdict::Empty
        } else {
            Verdict::Valid
        }
    }

    /// Whether there was nothing to be measured where there should have been something.
    fn is_empty(&self) -> bool {
        match self.plan.scenario.act() {
            Act::Stay => false,
            Act::Publish | Act::Visit | Act::Request | Act::Die => self.counts.sent == 0,
            Act::Subscribe | Act::Return => self.counts.sent == 0 || self.connections.ready == 0,
        }
    }

    /// How the broker failed in a run that it should have lasted through, in words; `None`: it did
    /// not.
    pub fn breakdown(&self) -> Option<String> {
        let Connections { ready, alive, .. } = self.connections;
        if !self.plan.scenario.churns() && ready > 0 && alive == 0 {
            let why = self.why().unwrap_or("nobody knows why");
            return Some(format!("every connection broke during the run: {why}"));
        }
        if let Some(from) = self.silent_from {
            let from = from.as_secs_f64();
            return Some(format!(
                "the broker fell silent {from:.1} s after the start"
            ));
        }
        if let Some(from) = self.refusing_from() {
            let (from, why) = (from.as_secs_f64(), self.why().unwrap_or("nobody knows why"));
            return Some(format!(
                "every connection attempt failed from {from:.1} s after the start on: {why}"
            ));
        }
        let thing = match self.plan.scenario.act() {
            Act::Request => "request",
            _ => "message",
        };
        // Who interrupts a run does not wait for what is under way.
        match self.unacknowledged().filter(|_| !self.interrupted) {
            None | Some(0) => None,
            Some(1) => Some(format!("1 {thing} got no acknowledgement")),
            Some(count) => Some(format!("{count} {thing}s got no acknowledgement")),
        }
    }

    /// Since when, to the end, every attempt failed of clients that connect again and again.
    pub fn refusing_from(&self) -> Option<Duration> {
        if !self.plan.scenario.churns() || self.errors.total() == 0 {
            return None;
        }
        let spans: Vec<_> = self.spans().collect();
        let failing = spans.iter().rev();
        let failing = failing.take_while(|(_, interval)| interval.acked == 0);
        let failing = failing.filter(|(_, interval)| interval.errors > 0);
        failing.last().map(|(from, _)| *from)
    }
}
