//! What can be measured of a run, by the names that it has in the report.

use std::time::Duration;

use super::{Act, Latency, Load, OfQos, Plan, Report, Scenario, percentile};
use crate::codec::QoS;

/// What is compared with the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    /// A percentile of the latency.
    Latency {
        qos: Option<QoS>,
        corrected: bool,
        percent: f64,
    },
    /// A percentile of how long a step took.
    Step { name: &'static str, percent: f64 },
    /// A figure of the report.
    Figure(&'static Figure),
    /// A figure of one QoS of several.
    OfQos(QoS, &'static QosFigure),
}

/// A figure of a report.
#[derive(Debug)]
pub(super) struct Figure {
    /// As in the JSON report, and shorter ones.
    names: &'static [&'static str],
    is_time: bool,
    /// Spans in nanoseconds.
    value: fn(&Report) -> Option<f64>,
    /// What a percentage is a part of.
    whole: Option<fn(&Report) -> Option<f64>>,
}

impl PartialEq for Figure {
    fn eq(&self, other: &Figure) -> bool {
        self.names == other.names
    }
}

/// A figure of one QoS.
#[derive(Debug)]
pub(super) struct QosFigure {
    name: &'static str,
    value: fn(&OfQos) -> u64,
    /// What a percentage is a part of.
    whole: Option<fn(&OfQos) -> u64>,
}

impl PartialEq for QosFigure {
    fn eq(&self, other: &QosFigure) -> bool {
        self.name == other.name
    }
}

const fn of_one(
    name: &'static str,
    value: fn(&OfQos) -> u64,
    whole: Option<fn(&OfQos) -> u64>,
) -> QosFigure {
    QosFigure { name, value, whole }
}

static QOS_FIGURES: [QosFigure; 8] = [
    of_one("sent", |one| one.sent, None),
    of_one("acked", |one| one.acked, Some(|one| one.sent)),
    of_one("refused", |one| one.refused, Some(|one| one.sent)),
    of_one("expected", |one| one.expected, None),
    of_one("received", |one| one.received, Some(|one| one.expected)),
    of_one("lost", |one| one.lost, Some(|one| one.expected)),
    of_one("duplicated", |one| one.duplicated, Some(|one| one.expected)),
    of_one("reordered", |one| one.reordered, Some(|one| one.expected)),
];

/// As in [`Steps`](super::Steps).
const STEPS: [&str; 4] = ["suback", "unsuback", "first", "all"];

/// What of several runs can be added up.
const ADDED_UP: [&str; 14] = [
    "offered",
    "sent",
    "acked",
    "refused",
    "unacknowledged",
    "expected",
    "received",
    "lost",
    "duplicated",
    "reordered",
    "foreign",
    "errors",
    "left_behind",
    "connections.ready",
];

const fn count(
    names: &'static [&'static str],
    value: fn(&Report) -> Option<f64>,
    whole: Option<fn(&Report) -> Option<f64>>,
) -> Figure {
    Figure {
        names,
        is_time: false,
        value,
        whole,
    }
}

const fn time(names: &'static [&'static str], value: fn(&Report) -> Option<f64>) -> Figure {
    Figure {
        names,
        is_time: true,
        value,
        whole: None,
    }
}

static FIGURES: [Figure; 22] = [
    count(&["offered"], |r| some(r.offered), None),
    count(&["sent"], |r| some(r.sent), Some(|r| some(r.offered))),
    count(&["acked"], |r| some(r.acked), Some(|r| some(r.sent))),
    count(&["refused"], |r| some(r.refused), Some(|r| some(r.sent))),
    count(
        &["unacknowledged"],
        Report::missing_acks,
        Some(|r| some(r.sent)),
    ),
    count(&["expected"], |r| some(r.expected), None),
    count(&["received"], |r| some(r.received), Some(expected)),
    count(&["lost"], |r| arrivals(r, r.lost), Some(expected)),
    count(
        &["duplicated"],
        |r| arrivals(r, r.duplicated),
        Some(expected),
    ),
    count(&["reordered"], |r| arrivals(r, r.reordered), Some(expected)),
    count(&["foreign"], |r| some(r.foreign), None),
    count(&["errors"], |r| some(r.errors.total()), None),
    count(&["left_behind"], |r| r.left_behind.and_then(some), None),
    count(&["rate"], |r| Some(r.sent_rate()), Some(asked_rate)),
    count(&["received_rate"], |r| Some(r.received_rate()), None),
    time(&["duration", "duration_s"], |r| nanos(r.duration)),
    count(
        &["connections.ready"],
        |r| some(r.connections.ready),
        Some(asked),
    ),
    count(
        &["connections.alive"],
        |r| some(r.connections.alive),
        Some(asked),
    ),
    time(&["connections.took", "connections.took_s"], |r| {
        nanos(r.connections.took)
    }),
    time(&["stall", "stalls.longest"], |r| {
        nanos(
            r.stalls
                .first()
                .map_or(Duration::ZERO, |stall| stall.length),
        )
    }),
    time(&["generator.lag", "generator.max_lag_us"], |r| {
        nanos(percentile(&r.generator.lag, 100.0))
    }),
    time(&["generator.cpu", "generator.cpu_s"], |r| {
        nanos(r.generator.cpu)
    }),
];

fn some(count: u64) -> Option<f64> {
    Some(count as f64)
}

fn nanos(span: Duration) -> Option<f64> {
    Some(span.as_nanos() as f64)
}

fn expected(report: &Report) -> Option<f64> {
    some(report.expected)
}

fn asked(report: &Report) -> Option<f64> {
    some(report.connections.asked)
}

/// Where nothing was to arrive, nothing can be said about arrivals.
fn arrivals(report: &Report, count: u64) -> Option<f64> {
    (report.expected > 0).then_some(count as f64)
}

fn asked_rate(report: &Report) -> Option<f64> {
    match report.plan.load {
        Load::Open { rate } => Some(rate),
        Load::Closed { .. } => None,
    }
}

impl Measure {
    /// What has this name in the report, or a shorter one.
    pub(super) fn of(name: &str) -> Option<Measure> {
        let figure = FIGURES.iter().find(|figure| figure.names.contains(&name));
        if let Some(figure) = figure {
            return Some(Measure::Figure(figure));
        }
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            if let Some(name) = name.strip_prefix(&format!("qos{}.", qos.bits())) {
                let figure = QOS_FIGURES.iter().find(|figure| figure.name == name);
                return match figure {
                    Some(figure) => Some(Measure::OfQos(qos, figure)),
                    None => latency_of(Some(qos), name),
                };
            }
        }
        if let Some(name) = without(name, &["steps_us.", "steps."]) {
            let (step, percent) = name.split_once('.')?;
            let name = STEPS.into_iter().find(|name| *name == step)?;
            let percent = percent_of(percent)?;
            return Some(Measure::Step { name, percent });
        }
        latency_of(None, name)
    }

    /// Whether it is a time.
    pub(super) fn is_time(self) -> bool {
        match self {
            Measure::Latency { .. } | Measure::Step { .. } => true,
            Measure::Figure(figure) => figure.is_time,
            Measure::OfQos(..) => false,
        }
    }

    /// What was measured; times in nanoseconds. `None`: nothing was.
    pub(super) fn of_report(self, report: &Report) -> Option<f64> {
        match self {
            Measure::Latency {
                qos,
                corrected,
                percent,
            } => {
                let latency: &Latency = match qos {
                    None => &report.latency,
                    Some(qos) => &of_qos(report, qos)?.latency,
                };
                let histogram = match corrected {
                    true => &latency.corrected,
                    false => &latency.uncorrected,
                };
                let measured = (!histogram.is_empty()).then(|| percentile(histogram, percent));
                measured.and_then(nanos)
            }
            Measure::Step { name, percent } => {
                let histogram = report.steps.get(name)?;
                let measured = (!histogram.is_empty()).then(|| percentile(histogram, percent));
                measured.and_then(nanos)
            }
            Measure::Figure(figure) => (figure.value)(report),
            Measure::OfQos(qos, figure) => {
                of_qos(report, qos).map(|one| (figure.value)(one) as f64)
            }
        }
    }

    /// Whether it can be a percentage of something.
    pub(super) fn has_whole(self) -> bool {
        match self {
            Measure::Latency { .. } | Measure::Step { .. } => false,
            Measure::Figure(figure) => figure.whole.is_some(),
            Measure::OfQos(_, figure) => figure.whole.is_some(),
        }
    }

    /// What a percentage is a part of.
    pub(super) fn whole(self, report: &Report) -> Option<f64> {
        match self {
            Measure::Latency { .. } | Measure::Step { .. } => None,
            Measure::Figure(figure) => (figure.whole?)(report),
            Measure::OfQos(qos, figure) => {
                let whole = figure.whole?;
                of_qos(report, qos).map(|one| whole(one) as f64)
            }
        }
    }

    /// Whether the figures of several runs can be added up.
    pub(super) fn adds_up(self) -> bool {
        match self {
            Measure::Figure(figure) => ADDED_UP.contains(&figure.names[0]),
            _ => false,
        }
    }

    /// Whether a run of this plan measures it.
    pub(super) fn is_of(self, plan: &Plan) -> bool {
        let act = plan.scenario.act();
        let has_level = |qos: QoS| {
            plan.mix
                .as_ref()
                .is_some_and(|mix| mix.levels().any(|level| level == qos))
        };
        match self {
            Measure::Latency { qos: None, .. } => plan.latency_name().is_some(),
            Measure::Latency { qos: Some(qos), .. } | Measure::OfQos(qos, _) => has_level(qos),
            Measure::Step { name, .. } => match name {
                "suback" => matches!(act, Act::Subscribe | Act::Request),
                "unsuback" => act == Act::Request,
                _ => matches!(act, Act::Subscribe | Act::Return),
            },
            Measure::Figure(figure) => match figure.names[0] {
                "left_behind" => matches!(plan.scenario, Scenario::Retained | Scenario::Queue),
                "reordered" => plan.scenario.keeps_order(),
                "rate" => !plan.scenario.is_storm(),
                _ => true,
            },
        }
    }
}

/// The latency of all messages or of one QoS: `latency.p99`, `uncorrected.max`, `p50`.
fn latency_of(qos: Option<QoS>, name: &str) -> Option<Measure> {
    let name = without(name, &["latency_us.", "latency."]).unwrap_or(name);
    let (corrected, percent) = match name.strip_prefix("uncorrected.") {
        Some(percent) => (false, percent),
        None => (true, name.strip_prefix("corrected.").unwrap_or(name)),
    };
    let percent = percent_of(percent)?;
    Some(Measure::Latency {
        qos,
        corrected,
        percent,
    })
}

fn without<'a>(name: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    (prefixes.iter()).find_map(|prefix| name.strip_prefix(prefix))
}

fn of_qos(report: &Report, qos: QoS) -> Option<&OfQos> {
    report.by_qos.iter().find(|one| one.qos == qos)
}

/// `p50`, `p999` (99.9 %), `p99.9` or `max`.
fn percent_of(name: &str) -> Option<f64> {
    if name == "max" {
        return Some(100.0);
    }
    let digits = name.strip_prefix('p')?;
    let is_number = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number || digits.len() < 2 {
        return None;
    }
    let percent: f64 = match digits.contains('.') {
        true => digits.parse().ok()?,
        false => format!("{}.{}", &digits[..2], &digits[2..]).parse().ok()?,
    };
    (percent <= 100.0).then_some(percent)
}

/// What to say of a name that nothing measured has.
pub(super) fn unknown(name: &str) -> String {
    let figures = FIGURES.iter().map(|figure| figure.names[0]);
    let figures: Vec<_> = figures.collect();
    format!(
        "nothing measured is called '{name}'; there are latency.p50, p90, p99, p999, p9999 and max, \
         uncorrected.p50 and so on, steps.first.p50 and so on, qos1.lost and so on, {}",
        figures.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Steps;

    #[test]
    fn percentiles_may_stand_without_their_point() {
        for (name, percent) in [
            ("p50", 50.0),
            ("p999", 99.9),
            ("p99.99", 99.99),
            ("max", 100.0),
        ] {
            assert_eq!(percent_of(name), Some(percent), "{name}");
        }
        for name in ["p", "p5", "q50", "p5x", "pmax", "p101.5"] {
            assert_eq!(percent_of(name), None, "{name}");
        }
    }

    #[test]
    fn every_step_has_a_name() {
        let steps = Steps::default();
        assert_eq!(steps.parts().map(|(name, _)| name), STEPS);
        for name in [
            "steps.first.p99",
            "steps_us.suback.max",
            "qos1.lost",
            "qos0.latency.p50",
        ] {
            assert!(Measure::of(name).is_some(), "{name}");
        }
        for name in [
            "steps.p99",
            "steps.last.p99",
            "qos3.lost",
            "qos1.rate",
            "steps.first",
        ] {
            assert_eq!(Measure::of(name), None, "{name}");
        }
    }

    #[test]
    fn what_is_added_up_is_a_count() {
        for name in ADDED_UP {
            let measure = Measure::of(name).unwrap_or_else(|| panic!("{name}"));
            assert!(measure.adds_up() && !measure.is_time(), "{name}");
        }
    }
}
