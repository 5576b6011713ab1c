//! Limits that a run must keep.

use std::fmt;
use std::str::FromStr;

use super::limit::{Comparison, Unit, number_and_unit, parts};
use super::measure::{Measure, unknown};
use super::{Plan, Report};

/// A limit that fails a run, such as `latency.p99>50ms`.
///
/// ```
/// use mqtk::bench::Threshold;
///
/// let threshold: Threshold = "latency.p99 > 50ms".parse()?;
/// assert_eq!(threshold.to_string(), "latency.p99>50ms");
/// assert!("latency.p99>50".parse::<Threshold>().is_err());
/// assert!("lost>0.1%".parse::<Threshold>().is_ok());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    name: String,
    measure: Measure,
    comparison: Comparison,
    limit: f64,
    unit: Unit,
}

/// What came of a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The threshold.
    pub threshold: Threshold,
    /// What was measured, in the unit of the limit; `None`: nothing was, and the threshold is missed.
    pub measured: Option<f64>,
    /// Whether the run fails.
    pub failed: bool,
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Threshold, String> {
        let Some((name, comparison, limit)) = parts(text) else {
            return Err(
                "a threshold is a name, one of > >= < <= == != and a limit, \
                        such as 'latency.p99>50ms'"
                    .into(),
            );
        };
        let measure = Measure::of(name).ok_or_else(|| unknown(name))?;
        let (number, unit) = number_and_unit(limit);
        let limit = number.parse::<f64>().ok();
        let limit = limit.filter(|limit| limit.is_finite() && *limit >= 0.0);
        let limit = limit.ok_or_else(|| {
            format!(
                "the limit '{number}' is not a number from 0 up: {name} wants {}",
                wanted(measure)
            )
        })?;
        let fits = match unit {
            Unit::Time(..) => measure.is_time(),
            Unit::Percent => measure.has_whole(),
            Unit::None => !measure.is_time(),
        };
        if !fits {
            return Err(format!("the limit of {name} is {}", wanted(measure)));
        }
        Ok(Threshold {
            name: name.to_owned(),
            measure,
            comparison,
            limit,
            unit,
        })
    }
}

fn wanted(measure: Measure) -> &'static str {
    match (measure.is_time(), measure.has_whole()) {
        (true, _) => "a time with its unit (us, ms or s), such as 50ms",
        (false, true) => "a number or a percentage, such as 10 or 0.1%",
        (false, false) => "a number, such as 10",
    }
}

impl Threshold {
    /// Whether a run of this plan can measure it.
    ///
    /// # Errors
    ///
    /// It cannot: why, in one line.
    pub fn fits(&self, plan: &Plan) -> Result<(), String> {
        if !self.measure.is_of(plan) {
            let lacks = match self.measure {
                Measure::Latency { qos: None, .. } => "measures no latency".to_owned(),
                _ => format!("does not measure {}", self.name),
            };
            let (scenario, qos) = (plan.scenario.name(), plan.qos.bits());
            return Err(format!(
                "--fail-if '{self}': {scenario} at QoS {qos} {lacks}"
            ));
        }
        let is_part_of_rate = self.unit == Unit::Percent && self.name == "rate";
        match is_part_of_rate && plan.schedule().is_none() {
            true => Err(format!(
                "--fail-if '{self}': a percentage of the rate needs --rate"
            )),
            false => Ok(()),
        }
    }

    /// Whether it is a latency that is below its limit.
    pub fn bounds_latency(&self) -> bool {
        let is_below = matches!(self.comparison, Comparison::Below | Comparison::AtMost);
        is_below && matches!(self.measure, Measure::Latency { .. })
    }

    /// Compares what was measured with the limit. What could not be measured is missed.
    pub fn check(&self, report: &Report) -> Checked {
        let measure = self.measure;
        self.compare(measure.of_report(report), || measure.whole(report))
    }

    /// Whether it can be judged over several runs.
    ///
    /// # Errors
    ///
    /// It cannot: why, in one line.
    pub fn adds_up(&self) -> Result<(), String> {
        match self.measure.adds_up() {
            true => Ok(()),
            false => Err(format!(
                "{self}: {} of several runs does not add up to anything; judge it in one",
                self.name
            )),
        }
    }

    /// Compares what all of these runs measured together with the limit.
    pub fn check_all(&self, reports: &[&Report]) -> Checked {
        let sum = |value: &dyn Fn(&Report) -> Option<f64>| {
            let values = reports.iter().filter_map(|report| value(report));
            values.fold(None, |sum, value| Some(sum.unwrap_or(0.0) + value))
        };
        let measured = sum(&|report| self.measure.of_report(report));
        self.compare(measured, || sum(&|report| self.measure.whole(report)))
    }

    fn compare(&self, measured: Option<f64>, whole: impl Fn() -> Option<f64>) -> Checked {
        let measured = measured.and_then(|value| match self.unit {
            Unit::None => Some(value),
            Unit::Time(_, nanos) => Some(value / nanos),
            Unit::Percent => {
                let whole = whole()?;
                (whole > 0.0).then(|| 100.0 * value / whole)
            }
        });
        let failed = measured.is_none_or(|value| self.comparison.holds(value, self.limit));
        Checked {
            threshold: self.clone(),
            measured,
            failed,
        }
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = self.comparison;
        write!(f, "{}{sign}{}{}", self.name, self.limit, self.unit.name())
    }
}

impl Checked {
    /// What was measured, in words.
    pub fn found(&self) -> String {
        match self.measured {
            Some(measured) => {
                format!("{}{} measured", short(measured), self.threshold.unit.name())
            }
            None => "nothing measured".into(),
        }
    }

    /// What was measured, and that it is not what fails the run; of one that did not fail.
    pub fn passed(&self) -> String {
        let Threshold {
            name,
            comparison,
            limit,
            unit,
            ..
        } = &self.threshold;
        let (measured, unit) = (short(self.measured.unwrap_or_default()), unit.name());
        format!("{name} is {measured}{unit}, not {comparison}{limit}{unit}")
    }
}

/// A number with three digits behind the point or, if it is small, three digits that say something.
pub(super) fn short(number: f64) -> f64 {
    let digits = match number == 0.0 {
        true => 3,
        false => (2 - number.abs().log10().floor() as i32).clamp(3, 12),
    };
    let unit = 10_f64.powi(digits);
    (number * unit).round() / unit
}

/// The threshold, and what was measured.
impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.threshold, self.found())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Threshold>().expect_err("a bad threshold")
    }

    #[test]
    fn every_name_of_the_report_is_known() {
        for text in [
            "latency.p50>1ms",
            "latency_us.corrected.p99>1ms",
            "latency_us.uncorrected.p9999>=10us",
            "uncorrected.max<=2s",
            "p99.9>1.5ms",
            "lost!=0",
            "lost > 0.1%",
            "errors==3",
            "rate<99%",
            "rate<1000",
            "unacknowledged>0",
            "generator.lag>1ms",
            "stall>250ms",
            "connections.alive<100%",
        ] {
            let threshold: Threshold = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!(threshold.to_string(), text.replace(' ', ""));
        }
    }

    #[test]
    fn what_is_far_below_its_limit_is_no_zero() {
        for (number, text) in [
            (0.0, "0"),
            (0.000_213_4, "0.000213"),
            (1.234_56, "1.235"),
            (98_765.432_1, "98765.432"),
        ] {
            assert_eq!(short(number).to_string(), text);
        }
        let threshold: Threshold = "latency.p99>5s".parse().unwrap();
        let checked = Checked {
            threshold,
            measured: Some(0.25),
            failed: false,
        };
        assert_eq!(checked.passed(), "latency.p99 is 0.25s, not >5s");
    }

    #[test]
    fn errors_say_what_to_write() {
        assert!(error("lost").contains("such as 'latency.p99>50ms'"));
        assert!(error("latancy.p99>1ms").contains("called 'latancy.p99'; there are latency.p50"));
        assert!(error("latency.p99>50").contains("us, ms or s"));
        assert!(error("errors>1%").contains("a number, such as 10"));
        assert!(error("lost>1ms").contains("a number or a percentage"));
        assert!(error("lost>").contains("not a number"));
        assert!(error("lost>-1").contains("not a number"));
        assert!(error("lost>nan").contains("not a number"));
        assert!(error("=µ>é").contains("a threshold is"));
    }
}
