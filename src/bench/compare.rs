//! Two runs side by side.

use std::fmt;
use std::str::FromStr;

use super::limit::{Comparison, Unit, number_and_unit, parts};
use super::measure::{Measure, unknown};
use super::threshold::short;
use super::{Checked, Report, Threshold};

/// What is compared, by the names of thresholds.
const COMPARED: [&str; 22] = [
    "offered",
    "sent",
    "rate",
    "acked",
    "unacknowledged",
    "received",
    "lost",
    "duplicated",
    "reordered",
    "errors",
    "latency.p50",
    "latency.p90",
    "latency.p99",
    "latency.p999",
    "latency.p9999",
    "latency.max",
    "uncorrected.p50",
    "uncorrected.p99",
    "uncorrected.max",
    "connections.took",
    "stall",
    "generator.cpu",
];

/// A figure in two runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Its name, as in thresholds.
    pub name: &'static str,
    /// Whether it is a span, in nanoseconds.
    pub is_time: bool,
    /// In the first run; `None`: it was not measured.
    pub before: Option<f64>,
    /// In the second.
    pub after: Option<f64>,
}

impl Change {
    /// How much more it is in the second run.
    pub fn difference(&self) -> Option<f64> {
        Some(self.after? - self.before?)
    }

    /// The same as a percentage of the first; infinite where that was nothing.
    pub fn percent(&self) -> Option<f64> {
        percent(self.before?, self.after?)
    }
}

fn percent(before: f64, after: f64) -> Option<f64> {
    Some(match before == after {
        true => 0.0,
        false => 100.0 * (after - before) / before,
    })
}

/// Every figure that at least one of two runs has.
pub fn changes(before: &Report, after: &Report) -> Vec<Change> {
    let measured = COMPARED.into_iter().filter_map(|name| {
        let measure = Measure::of(name)?;
        Some(Change {
            name,
            is_time: measure.is_time(),
            before: measure.of_report(before),
            after: measure.of_report(after),
        })
    });
    measured
        .filter(|change| change.before.is_some() || change.after.is_some())
        .collect()
}

/// A limit on how the second run may differ from the first, such as `p99>+10%` or `rate<-5%`; or,
/// without a sign, a [`Threshold`] of the second run alone.
///
/// ```
/// use mqtk::bench::ChangeThreshold;
///
/// for text in ["p99>+10%", "rate<-5%", "latency.max>+2ms", "lost>0"] {
///     assert_eq!(text.parse::<ChangeThreshold>()?.to_string(), text);
/// }
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeThreshold {
    /// Of the second run alone.
    Alone(Threshold),
    /// Of the difference.
    Change(ChangeLimit),
}

/// A limit on a difference.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeLimit {
    name: String,
    measure: Measure,
    comparison: Comparison,
    limit: f64,
    unit: Unit,
}

/// What came of a [`ChangeThreshold`].
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedChange {
    /// The threshold, as it was written.
    pub threshold: String,
    /// What was found, in the unit of the limit; `None`: nothing was measured, and it is missed.
    pub measured: Option<f64>,
    /// Whether it was missed.
    pub failed: bool,
    text: String,
}

impl ChangeThreshold {
    /// Compares two runs with the limit. What could not be measured is missed.
    pub fn check(&self, before: &Report, after: &Report) -> CheckedChange {
        match self {
            ChangeThreshold::Alone(threshold) => {
                let checked: Checked = threshold.check(after);
                CheckedChange {
                    threshold: threshold.to_string(),
                    measured: checked.measured,
                    failed: checked.failed,
                    text: match checked.failed {
                        true => checked.to_string(),
                        false => checked.passed(),
                    },
                }
            }
            ChangeThreshold::Change(limit) => limit.check(before, after),
        }
    }
}

impl ChangeLimit {
    fn check(&self, before: &Report, after: &Report) -> CheckedChange {
        let values = (self.measure.of_report(before)).zip(self.measure.of_report(after));
        let measured = values.and_then(|(before, after)| match self.unit {
            Unit::Percent => percent(before, after),
            Unit::Time(_, nanos) => Some((after - before) / nanos),
            Unit::None => Some(after - before),
        });
        let failed = measured.is_none_or(|value| self.comparison.holds(value, self.limit));
        let text = match measured {
            Some(measured) => {
                let (found, unit) = (short(measured), self.unit.name());
                match failed {
                    true => format!("{self}: {found:+}{unit} measured"),
                    false => format!(
                        "{} changed by {found:+}{unit}, not by {}{:+}{unit}",
                        self.name, self.comparison, self.limit
                    ),
                }
            }
            None => format!("{self}: nothing measured"),
        };
        CheckedChange {
            threshold: self.to_string(),
            failed,
            measured,
            text,
        }
    }
}

impl FromStr for ChangeThreshold {
    type Err = String;

    fn from_str(text: &str) -> Result<ChangeThreshold, String> {
        let signed = parts(text).filter(|(_, _, limit)| limit.starts_with(['+', '-']));
        let Some((name, comparison, limit)) = signed else {
            return text.parse().map(ChangeThreshold::Alone);
        };
        let measure = Measure::of(name).ok_or_else(|| unknown(name))?;
        let (number, unit) = number_and_unit(limit);
        let limit = number.parse().ok().filter(|limit: &f64| limit.is_finite());
        let limit = limit.ok_or_else(|| format!("the limit '{number}' is not a number"))?;
        let fits = match unit {
            Unit::Percent => true,
            Unit::Time(..) => measure.is_time(),
            Unit::None => !measure.is_time(),
        };
        match fits {
            true => Ok(ChangeThreshold::Change(ChangeLimit {
                name: name.to_owned(),
                measure,
                comparison,
                limit,
                unit,
            })),
            false if measure.is_time() => Err(format!(
                "the change of {name} is a percentage or a time, such as +10% or +2ms"
            )),
            false => Err(format!(
                "the change of {name} is a percentage or a number, such as +10% or +5"
            )),
        }
    }
}

impl fmt::Display for ChangeLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, sign, unit) = (&self.name, self.comparison, self.unit.name());
        write!(f, "{name}{sign}{:+}{unit}", self.limit)
    }
}

impl fmt::Display for ChangeThreshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangeThreshold::Alone(threshold) => threshold.fmt(f),
            ChangeThreshold::Change(limit) => limit.fmt(f),
        }
    }
}

/// The threshold, and what was found.
impl fmt::Display for CheckedChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_a_part_of_what_was_before() {
        let change = |before, after| Change {
            name: "lost",
            is_time: false,
            before,
            after,
        };
        assert_eq!(change(Some(200.0), Some(150.0)).percent(), Some(-25.0));
        assert_eq!(change(Some(0.0), Some(0.0)).percent(), Some(0.0));
        assert_eq!(change(Some(0.0), Some(3.0)).percent(), Some(f64::INFINITY));
        assert_eq!(change(None, Some(3.0)).difference(), None);
    }

    #[test]
    fn every_name_that_is_compared_is_known() {
        for name in COMPARED {
            assert!(Measure::of(name).is_some(), "{name}");
        }
    }

    #[test]
    fn errors_say_what_to_write() {
        for (text, error) in [
            ("p99>+10", "such as +10% or +2ms"),
            ("lost>+1ms", "such as +10% or +5"),
            ("p98x>+1%", "nothing measured is called 'p98x'"),
            ("p99>+%", "'+' is not a number"),
            ("p99", "a threshold is a name"),
        ] {
            let said = text.parse::<ChangeThreshold>().expect_err(text);
            assert!(said.contains(error), "{said}");
        }
    }
}
