//! The figures of a report, by their names.

use std::time::Duration;

use super::{Counts, Load, Report, percentile};

/// What figures of several runs are together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Their sum.
    Count,
    /// Nothing.
    Rate,
    /// A time, in nanoseconds, and together nothing.
    Time,
}

/// A figure that a report has once.
#[derive(Debug)]
pub(super) struct Figure {
    /// As in the JSON report, and shorter ones.
    pub(super) names: &'static [&'static str],
    pub(super) kind: Kind,
    pub(super) value: fn(&Report) -> Option<f64>,
    /// What a percentage is a part of.
    pub(super) whole: Option<fn(&Report) -> Option<f64>>,
}

impl PartialEq for Figure {
    fn eq(&self, other: &Figure) -> bool {
        self.names == other.names
    }
}

/// A count of messages: of all of them, and of each QoS in a run with several.
#[derive(Debug)]
pub(super) struct Count {
    pub(super) name: &'static str,
    pub(super) value: fn(&Counts) -> Option<u64>,
    /// What a percentage is a part of.
    pub(super) whole: Option<fn(&Counts) -> u64>,
}

impl PartialEq for Count {
    fn eq(&self, other: &Count) -> bool {
        self.name == other.name
    }
}

const fn message_count(
    name: &'static str,
    value: fn(&Counts) -> Option<u64>,
    whole: Option<fn(&Counts) -> u64>,
) -> Count {
    Count { name, value, whole }
}

pub(super) static COUNTS: [Count; 8] = [
    message_count("sent", |of| Some(of.sent), None),
    message_count("acked", |of| Some(of.acked), Some(|of| of.sent)),
    message_count("refused", |of| Some(of.refused), Some(|of| of.sent)),
    message_count("expected", |of| Some(of.expected), None),
    message_count("received", |of| Some(of.received), Some(|of| of.expected)),
    message_count("lost", |of| arrivals(of, of.lost), Some(|of| of.expected)),
    message_count(
        "duplicated",
        |of| arrivals(of, of.duplicated),
        Some(|of| of.expected),
    ),
    message_count(
        "reordered",
        |of| arrivals(of, of.reordered),
        Some(|of| of.expected),
    ),
];

/// Where nothing was to arrive, nothing can be said about arrivals.
fn arrivals(of: &Counts, count: u64) -> Option<u64> {
    (of.expected > 0).then_some(count)
}

const fn count(
    names: &'static [&'static str],
    value: fn(&Report) -> Option<f64>,
    whole: Option<fn(&Report) -> Option<f64>>,
) -> Figure {
    let kind = Kind::Count;
    Figure {
        names,
        kind,
        value,
        whole,
    }
}

const fn rate(
    names: &'static [&'static str],
    value: fn(&Report) -> Option<f64>,
    whole: Option<fn(&Report) -> Option<f64>>,
) -> Figure {
    let kind = Kind::Rate;
    Figure {
        names,
        kind,
        value,
        whole,
    }
}

const fn time(names: &'static [&'static str], value: fn(&Report) -> Option<f64>) -> Figure {
    Figure {
        names,
        kind: Kind::Time,
        value,
        whole: None,
    }
}

/// Those that stand beside the [`COUNTS`]; the first `sent` is found, which is a part of `offered`.
pub(super) static FIGURES: [Figure; 17] = [
    count(&["offered"], |r| some(r.offered), None),
    count(
        &["sent"],
        |r| some(r.counts.sent),
        Some(|r| some(r.offered)),
    ),
    count(
        &["unacknowledged"],
        |r| r.unacknowledged().and_then(some),
        Some(|r| some(r.counts.sent)),
    ),
    count(&["foreign"], |r| some(r.foreign), None),
    count(&["errors"], |r| some(r.errors.total()), None),
    count(&["warmup_errors"], |r| some(r.warmup_errors.total()), None),
    count(&["under_way"], |r| some(r.under_way), None),
    count(&["left_behind"], |r| r.left_behind.and_then(some), None),
    rate(&["rate"], |r| Some(r.sent_rate()), Some(asked_rate)),
    rate(&["received_rate"], |r| Some(r.received_rate()), None),
    time(&["duration", "duration_s"], |r| nanos(r.duration)),
    count(
        &["connections.ready"],
        |r| some(r.connections.ready),
        Some(|r| some(r.connections.asked)),
    ),
    count(
        &["connections.alive"],
        |r| some(r.connections.alive),
        Some(|r| some(r.connections.asked)),
    ),
    time(&["connections.took", "connections.took_s"], |r| {
        nanos(r.connections.took)
    }),
    time(&["stall", "stalls.longest"], |r| {
        let longest = r.stalls.first().map(|stall| stall.length);
        nanos(longest.unwrap_or_default())
    }),
    time(&["generator.lag", "generator.max_lag_us"], |r| {
        nanos(percentile(&r.generator.lag, 100.0))
    }),
    time(&["generator.cpu", "generator.cpu_s"], |r| {
        nanos(r.generator.cpu)
    }),
];

/// The figures and counts by their first names, without those that are there twice.
pub(super) fn names() -> Vec<&'static str> {
    let figures = FIGURES.iter().map(|figure| figure.names[0]);
    let counts = COUNTS.iter().map(|count| count.name);
    let counts = counts.filter(|name| FIGURES.iter().all(|figure| !figure.names.contains(name)));
    figures.chain(counts).collect()
}

fn some(count: u64) -> Option<f64> {
    Some(count as f64)
}

pub(super) fn nanos(span: Duration) -> Option<f64> {
    Some(span.as_nanos() as f64)
}

fn asked_rate(report: &Report) -> Option<f64> {
    match report.plan.load {
        Load::Open { rate } => Some(rate),
        Load::Closed { .. } => None,
    }
}
