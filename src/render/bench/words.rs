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
    match scenario.act() {
        Act::Stay => Words {
            thing: "connection",
            sent: "",
            acked: "",
        },
        Act::Visit => Words {
            thing: "connection attempt",
            sent: "attempts",
            acked: "accepted",
        },
        Act::Request => Words {
            thing: "request",
            sent: "requests",
            acked: "accepted",
        },
        Act::Die => Words {
            thing: "client",
            sent: "cut off",
            acked: "",
        },
        Act::Subscribe => Words {
            thing: "message",
            sent: "retained",
            acked: "acked",
        },
        Act::Return => Words {
            thing: "message",
            sent: "queued",
            acked: "acked",
        },
        Act::Publish => Words {
            thing: "message",
            sent: "sent",
            acked: "acked",
        },
    }
}

/// Whether the report has counts at all.
pub(super) fn counts(report: &Report) -> bool {
    !words(report.plan.scenario).sent.is_empty()
}
