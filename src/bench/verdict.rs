//! What is to be thought of a run, and thresholds that it must keep.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::{Load, Plan, Report, percentile};

/// What is to be thought of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The numbers can be believed.
    Valid,
    /// The generator was the bottleneck.
    Invalid,
    /// There was no broker to measure.
    NotConnected,
}

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

/// What is compared with the limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Measure {
    Latency { corrected: bool, percent: f64 },
    Figure(&'static Figure),
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    AtLeast,
    AtMost,
    Equal,
    NotEqual,
    Above,
    Below,
}

/// Longer signs before those they begin with.
const COMPARISONS: [(&str, Comparison); 6] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

/// How a limit is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Unit {
    None,
    Percent,
    /// A name, and the nanoseconds it stands for.
    Time(&'static str, f64),
}

const UNITS: [(&str, Unit); 6] = [
    ("us", Unit::Time("us", 1e3)),
    ("µs", Unit::Time("us", 1e3)),
    ("ms", Unit::Time("ms", 1e6)),
    ("s", Unit::Time("s", 1e9)),
    ("%", Unit::Percent),
    ("", Unit::None),
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

static FIGURES: [Figure; 19] = [
    count(&["offered"], |r| some(r.offered), None),
    count(&["sent"], |r| some(r.sent), Some(|r| some(r.offered))),
    count(&["acked"], |r| some(r.acked), Some(|r| some(r.sent))),
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
    count(&["rate"], |r| Some(r.sent_rate()), Some(asked_rate)),
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
    pub(super) fn of(name: &str) -> Option<Measure> {
        let figure = FIGURES.iter().find(|figure| figure.names.contains(&name));
        if let Some(figure) = figure {
            return Some(Measure::Figure(figure));
        }
        let name = ["latency_us.", "latency."]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix))
            .unwrap_or(name);
        let (corrected, percent) = match name.strip_prefix("uncorrected.") {
            Some(percent) => (false, percent),
            None => (true, name.strip_prefix("corrected.").unwrap_or(name)),
        };
        let percent = percent_of(percent)?;
        Some(Measure::Latency { corrected, percent })
    }

    pub(super) fn is_time(self) -> bool {
        match self {
            Measure::Latency { .. } => true,
            Measure::Figure(figure) => figure.is_time,
        }
    }

    pub(super) fn of_report(self, report: &Report) -> Option<f64> {
        match self {
            Measure::Latency { corrected, percent } => {
                let latency = &report.latency;
                let histogram = match corrected {
                    true => &latency.corrected,
                    false => &latency.uncorrected,
                };
                let measured = (!histogram.is_empty()).then(|| percentile(histogram, percent));
                measured.and_then(nanos)
            }
            Measure::Figure(figure) => (figure.value)(report),
        }
    }

    /// What a percentage is a part of.
    fn whole(self) -> Option<fn(&Report) -> Option<f64>> {
        match self {
            Measure::Latency { .. } => None,
            Measure::Figure(figure) => figure.whole,
        }
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

impl Comparison {
    pub(super) fn holds(self, measured: f64, limit: f64) -> bool {
        match self {
            Comparison::AtLeast => measured >= limit,
            Comparison::AtMost => measured <= limit,
            Comparison::Equal => measured == limit,
            Comparison::NotEqual => measured != limit,
            Comparison::Above => measured > limit,
            Comparison::Below => measured < limit,
        }
    }
}

/// A name, a comparison and a limit.
pub(super) fn parts(text: &str) -> Option<(&str, Comparison, &str)> {
    let at = text.find(['<', '>', '=', '!'])?;
    let mut signs = COMPARISONS.iter();
    let (sign, comparison) = signs.find(|(sign, _)| text[at..].starts_with(sign))?;
    let limit = &text[at + sign.len()..];
    Some((text[..at].trim(), *comparison, limit.trim()))
}

/// The parts of a limit.
pub(super) fn number_and_unit(limit: &str) -> (&str, Unit) {
    let mut units = UNITS.iter();
    let found = units.find_map(|(name, unit)| Some((limit.strip_suffix(name)?.trim(), *unit)));
    found.unwrap_or((limit, Unit::None))
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
                "the limit '{number}' is not a number: {name} wants {}",
                wanted(measure)
            )
        })?;
        let fits = match unit {
            Unit::Time(..) => measure.is_time(),
            Unit::Percent => measure.whole().is_some(),
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
    match (measure.is_time(), measure.whole()) {
        (true, _) => "a time with its unit (us, ms or s), such as 50ms",
        (false, Some(_)) => "a number or a percentage, such as 10 or 0.1%",
        (false, None) => "a number, such as 10",
    }
}

pub(super) fn unknown(name: &str) -> String {
    let figures = FIGURES.iter().map(|figure| figure.names[0]);
    let figures: Vec<_> = figures.collect();
    format!(
        "nothing measured is called '{name}'; there are latency.p50, p90, p99, p999, p9999 and max, \
         uncorrected.p50 and so on, {}",
        figures.join(", ")
    )
}

impl Threshold {
    /// Whether a run of this plan can measure it.
    ///
    /// # Errors
    ///
    /// It cannot: why, in one line.
    pub fn fits(&self, plan: &Plan) -> Result<(), String> {
        let scenario = plan.scenario.name();
        let is_rate_share = self.unit == Unit::Percent && self.name == "rate";
        match self.measure {
            Measure::Latency { .. } if plan.latency_name().is_none() => Err(format!(
                "--fail-if '{self}': {scenario} at QoS {} measures no latency",
                plan.qos.bits()
            )),
            _ if is_rate_share && plan.schedule().is_none() => Err(format!(
                "--fail-if '{self}': a percentage of the rate needs --rate"
            )),
            _ => Ok(()),
        }
    }

    /// Whether it is a latency that is below its limit.
    pub fn bounds_latency(&self) -> bool {
        let is_below = matches!(self.comparison, Comparison::Below | Comparison::AtMost);
        is_below && matches!(self.measure, Measure::Latency { .. })
    }

    /// Compares what was measured with the limit. What could not be measured is missed.
    pub fn check(&self, report: &Report) -> Checked {
        let measured = self
            .measure
            .of_report(report)
            .and_then(|value| match self.unit {
                Unit::None => Some(value),
                Unit::Time(_, nanos) => Some(value / nanos),
                Unit::Percent => {
                    let whole = self.measure.whole().and_then(|whole| whole(report))?;
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

    fn unit(&self) -> &'static str {
        self.unit.name()
    }
}

impl Unit {
    pub(super) fn name(self) -> &'static str {
        match self {
            Unit::None => "",
            Unit::Percent => "%",
            Unit::Time(name, _) => name,
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = COMPARISONS
            .iter()
            .find(|(_, comparison)| comparison == self);
        f.write_str(sign.map_or("", |(sign, _)| sign))
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = self.comparison;
        write!(f, "{}{sign}{}{}", self.name, self.limit, self.unit())
    }
}

/// The threshold, and what was measured.
impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.measured {
            Some(measured) => {
                let rounded = (measured * 1000.0).round() / 1000.0;
                write!(
                    f,
                    "{}: {rounded}{} measured",
                    self.threshold,
                    self.threshold.unit()
                )
            }
            None => write!(f, "{}: nothing measured", self.threshold),
        }
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
