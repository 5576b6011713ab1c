//! What can be measured of a run, by the names that it has in the report.

use super::figures::{COUNTS, Count, FIGURES, Figure, Kind, names, nanos};
use super::{Act, Counts, Latency, OfQos, Plan, Report, Scenario, percentile};
use crate::codec::QoS;

/// What is compared with the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    /// A percentile of the latency, of all messages or of one QoS of several.
    Latency {
        qos: Option<QoS>,
        corrected: bool,
        percent: f64,
    },
    /// A percentile of how long a step took.
    Step { name: &'static str, percent: f64 },
    /// A count of messages, of all or of one QoS of several.
    Count {
        qos: Option<QoS>,
        count: &'static Count,
    },
    /// Another figure of the report.
    Figure(&'static Figure),
}

/// As in [`Steps`](super::Steps).
const STEPS: [&str; 4] = ["suback", "unsuback", "first", "all"];

impl Measure {
    /// What has this name in the report, or a shorter one.
    pub(super) fn of(name: &str) -> Option<Measure> {
        let figure = FIGURES.iter().find(|figure| figure.names.contains(&name));
        if let Some(figure) = figure {
            return Some(Measure::Figure(figure));
        }
        for qos in [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce] {
            if let Some(name) = name.strip_prefix(&format!("qos{}.", qos.bits())) {
                return count_of(Some(qos), name).or_else(|| latency_of(Some(qos), name));
            }
        }
        if let Some(count) = count_of(None, name) {
            return Some(count);
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
            Measure::Figure(figure) => figure.kind == Kind::Time,
            Measure::Count { .. } => false,
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
            Measure::Count { qos, count } => {
                let value = (count.value)(counts(report, qos)?)?;
                Some(value as f64)
            }
        }
    }

    /// Whether it can be a percentage of something.
    pub(super) fn has_whole(self) -> bool {
        match self {
            Measure::Latency { .. } | Measure::Step { .. } => false,
            Measure::Figure(figure) => figure.whole.is_some(),
            Measure::Count { count, .. } => count.whole.is_some(),
        }
    }

    /// What a percentage is a part of.
    pub(super) fn whole(self, report: &Report) -> Option<f64> {
        match self {
            Measure::Latency { .. } | Measure::Step { .. } => None,
            Measure::Figure(figure) => (figure.whole?)(report),
            Measure::Count { qos, count } => {
                let whole = (count.whole?)(counts(report, qos)?);
                Some(whole as f64)
            }
        }
    }

    /// Whether the figures of several runs can be added up.
    pub(super) fn adds_up(self) -> bool {
        match self {
            Measure::Figure(figure) => figure.kind == Kind::Count,
            Measure::Count { .. } => true,
            Measure::Latency { .. } | Measure::Step { .. } => false,
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
            Measure::Latency { qos: Some(qos), .. } | Measure::Count { qos: Some(qos), .. } => {
                has_level(qos)
            }
            Measure::Step { name, .. } => match name {
                "suback" => matches!(act, Act::Subscribe | Act::Request),
                "unsuback" => act == Act::Request,
                _ => matches!(act, Act::Subscribe | Act::Return),
            },
            Measure::Count { count, .. } => {
                count.name != "reordered" || plan.scenario.keeps_order()
            }
            Measure::Figure(figure) => match figure.names[0] {
                "left_behind" => matches!(plan.scenario, Scenario::Retained | Scenario::Queue),
                "rate" => !plan.scenario.is_storm(),
                _ => true,
            },
        }
    }
}

/// The count of all messages or of one QoS that is called so.
fn count_of(qos: Option<QoS>, name: &str) -> Option<Measure> {
    let count = COUNTS.iter().find(|count| count.name == name)?;
    Some(Measure::Count { qos, count })
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

/// The counts of all messages or of one QoS.
fn counts(report: &Report, qos: Option<QoS>) -> Option<&Counts> {
    match qos {
        None => Some(&report.counts),
        Some(qos) => of_qos(report, qos).map(|one| &one.counts),
    }
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
    format!(
        "nothing measured is called '{name}'; there are latency.p50, p90, p99, p999, p9999 and max, \
         uncorrected.p50 and so on, steps.first.p50 and so on, qos1.lost and so on, {}",
        names().join(", ")
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
    fn counts_are_added_up_and_nothing_else() {
        for name in ["lost", "sent", "qos1.lost", "errors", "connections.ready"] {
            let measure = Measure::of(name).unwrap_or_else(|| panic!("{name}"));
            assert!(measure.adds_up() && !measure.is_time(), "{name}");
        }
        for name in ["p99", "rate", "stall", "generator.cpu", "steps.all.p50"] {
            let measure = Measure::of(name).unwrap_or_else(|| panic!("{name}"));
            assert!(!measure.adds_up(), "{name}");
        }
    }
}
