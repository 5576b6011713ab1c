//! What the counts of a report are called, by scenario.

use crate::bench::{Act, Report, Scenario};

/// What the counts of a report are called; an empty name: there is no such count.
pub(super) struct Words {
    /// One of the things that clients do.
    pub thing: &'static str,
    pub sent: &'static str,
    pub acked: &'static str,
}

/// What the counts of this scenario are called.
pub(super) const fn words(scenario: Scenario) -> Words {
    let (thing, sent, acked) = match scenario.act() {
        Act::Stay => ("connection", "", ""),
        Act::Visit => ("connection attempt", "attempts", "accepted"),
        Act::Request => ("request", "requests", "accepted"),
        Act::Die => ("client", "cut off", ""),
        Act::Subscribe => ("message", "retained", "acked"),
        Act::Return => ("message", "queued", "acked"),
        Act::Publish => ("message", "sent", "acked"),
    };
    Words { thing, sent, acked }
}

/// Whether the report has counts at all.
pub(super) fn counts(report: &Report) -> bool {
    !words(report.plan.scenario).sent.is_empty()
}
