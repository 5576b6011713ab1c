//! What is to be thought of a run.

use std::time::Duration;

use super::{Act, Report, Scenario};

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

/// How the broker failed in a run that it should have lasted through, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breakdown {
    /// It broke down.
    Lost(String),
    /// It took nothing of what it was given.
    Refused(String),
}

impl Report {
    /// What is to be thought of it.
    pub fn verdict(&self) -> Verdict {
        let was_connected = match self.plan.scenario.churns() {
            true => self.counts.acked > 0,
            false => self.connections.stood() > 0,
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
        let ready = self.connections.ready;
        match self.plan.scenario.act() {
            // What it is about is over when they stand.
            Act::Stay if self.plan.scenario == Scenario::Connect => false,
            Act::Stay => ready == 0,
            Act::Publish | Act::Visit | Act::Request | Act::Die => self.counts.sent == 0,
            Act::Subscribe | Act::Return => self.counts.sent == 0 || ready == 0,
        }
    }

    /// How the broker failed; `None`: it did not.
    pub fn breakdown(&self) -> Option<Breakdown> {
        let why = || self.why().unwrap_or("nobody knows why");
        if self.lost_everybody() {
            let what = match (self.plan.scenario, self.connections.ready) {
                (Scenario::Connect, _) => "every connection that stood broke",
                (_, 0) => "every connection broke before the run began",
                _ => "every connection broke during the run",
            };
            return Some(Breakdown::Lost(format!("{what}: {}", why())));
        }
        if let Some(from) = self.silent_from {
            let from = from.as_secs_f64();
            return Some(Breakdown::Lost(format!(
                "the broker fell silent {from:.1} s after the start"
            )));
        }
        if let Some(from) = self.refusing_from() {
            let (from, why) = (from.as_secs_f64(), why());
            return Some(Breakdown::Lost(format!(
                "every connection attempt failed from {from:.1} s after the start on: {why}"
            )));
        }
        // Who interrupts a run does not wait for what is under way.
        match self.interrupted {
            true => None,
            false => self.unanswered(),
        }
    }

    /// Why there was no connection.
    pub fn why_not_connected(&self) -> String {
        if !self.generator.is_valid() {
            return self.generator.faults.join("; ");
        }
        match (self.why(), self.silent_from) {
            (Some(why), _) => why.to_owned(),
            (None, Some(_)) => {
                let broker = &self.plan.client.target.address;
                format!("{broker} answered no connection attempt")
            }
            (None, None) => "there was no connection".into(),
        }
    }

    /// What never came of what was waited for to the end.
    fn unanswered(&self) -> Option<Breakdown> {
        let (counts, thing) = (
            &self.counts,
            match self.plan.scenario.act() {
                Act::Request => "request",
                _ => "message",
            },
        );
        match self.unacknowledged() {
            None | Some(0) => {}
            Some(1) => return Some(Breakdown::Lost(format!("1 {thing} got no acknowledgement"))),
            Some(count) => {
                let what = format!("{count} {thing}s got no acknowledgement");
                return Some(Breakdown::Lost(what));
            }
        }
        let why = self.why();
        if counts.refused > 0 && counts.acked == 0 && counts.received == 0 {
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            return Some(Breakdown::Refused(format!(
                "the broker refused every {thing}{why}"
            )));
        }
        (counts.expected > 0 && counts.received == 0).then(|| {
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            Breakdown::Lost(format!(
                "not one of {} messages arrived{why}",
                counts.expected
            ))
        })
    }

    /// Whether every connection broke that ever stood.
    pub fn lost_everybody(&self) -> bool {
        let has_connections = !self.plan.scenario.churns() && self.connections.stood() > 0;
        has_connections && self.standing() == 0
    }

    /// Connections that stood to the end, and were to.
    pub fn standing(&self) -> u64 {
        let alive = self.connections.alive;
        match self.plan.scenario.act() {
            Act::Die => alive.saturating_sub(self.counts.sent),
            _ => alive,
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

impl Breakdown {
    /// It in words.
    pub fn what(&self) -> &str {
        match self {
            Breakdown::Lost(what) | Breakdown::Refused(what) => what,
        }
    }
}
