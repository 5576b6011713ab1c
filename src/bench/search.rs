//! The highest rate that a broker sustains.

use super::report::RATE_KEPT;
use super::{Checked, Report, Threshold, Verdict};

/// How much faster the next step is, as long as every one was sustained.
const FACTOR: f64 = 2.0;
/// Slower than this, in messages a second, is no load.
const SLOWEST: f64 = 1.0;

/// What a run at a rate showed.
#[derive(Clone, Debug, PartialEq)]
pub enum Judged {
    /// The broker kept up, within the bound.
    Sustained,
    /// It did not: why.
    Broker(String),
    /// The generator did not, so that nothing is known of the broker: why.
    Generator(String),
}

impl Judged {
    /// What a report says of the rate it was made at, for a latency that must `hold`.
    pub fn of(report: &Report, hold: &Threshold) -> Judged {
        match report.verdict() {
            Verdict::Invalid => return Judged::Generator(report.generator.faults.join("; ")),
            Verdict::NotConnected | Verdict::Empty => {
                let why = report.why().unwrap_or("nothing was measured");
                return Judged::Broker(why.to_owned());
            }
            Verdict::Valid => {}
        }
        let checked: Checked = hold.check(report);
        if checked.measured.is_none() || !checked.failed {
            return Judged::Broker(format!("{hold} did not hold: {}", checked.found()));
        }
        let short = (report.counts.sent as f64) < RATE_KEPT * report.offered as f64;
        for (is_wrong, why) in [
            (
                short,
                format!(
                    "it took {} of {} messages",
                    report.counts.sent, report.offered
                ),
            ),
            (
                report.counts.lost > 0,
                format!("{} messages were lost", report.counts.lost),
            ),
            (
                report.unacknowledged().is_some_and(|count| count > 0),
                "messages were not acknowledged".to_owned(),
            ),
            (
                report.arrears().is_some(),
                "messages still arrived long after the last was sent".to_owned(),
            ),
            (
                report.errors.total() > 0,
                report.why().unwrap_or_default().to_owned(),
            ),
        ] {
            if is_wrong {
                return Judged::Broker(why);
            }
        }
        Judged::Sustained
    }
}

/// A run of a search.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Messages a second that were asked for.
    pub rate: f64,
    /// Whether it was to confirm what had been found.
    pub is_confirming: bool,
    /// The latency that is to hold, as it was.
    pub latency: Checked,
    /// What came of it.
    pub judged: Judged,
}

/// Why a search ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// At this rate, the lowest that was not sustained, the broker could not: why.
    Broker(f64, String),
    /// At this rate the generator could not: why.
    Generator(f64, String),
    /// It was not to go faster.
    MaxRate,
    /// There were no more runs to be made.
    Steps,
}

/// Doubles the rate until it is not sustained, closes in on the highest that is, and runs that
/// again to be sure. It ends after so many runs at most.
///
/// ```
/// use mqtk::bench::{Judged, Search};
///
/// let mut search = Search::new(1000.0, None, 0.05, 30);
/// while let Some(rate) = search.next_rate() {
///     search.told(match rate <= 12_345.0 {
///         true => Judged::Sustained,
///         false => Judged::Broker("too slow".into()),
///     });
/// }
/// let found = search.found().expect("a rate");
/// assert!((12_345.0 * 0.94..=12_345.0).contains(&found));
/// ```
#[derive(Clone, Debug)]
pub struct Search {
    /// The rate of the run that is made, or will be.
    rate: f64,
    max_rate: f64,
    precision: f64,
    steps_left: usize,
    /// Rates that were sustained and not refuted since, rising.
    sustained: Vec<f64>,
    /// The lowest rate that was not, and why.
    failed: Option<(f64, Judged)>,
    confirming: bool,
    confirmed: Option<f64>,
    is_over: bool,
}

impl Search {
    /// A search that begins at `rate` and goes no further than `max_rate`, until the answer is
    /// certain within a part of it, the `precision`.
    pub fn new(rate: f64, max_rate: Option<f64>, precision: f64, steps: usize) -> Search {
        let max_rate = max_rate.unwrap_or(f64::INFINITY);
        Search {
            rate: rate.min(max_rate),
            max_rate,
            precision,
            steps_left: steps,
            sustained: Vec::new(),
            failed: None,
            confirming: false,
            confirmed: None,
            is_over: false,
        }
    }

    /// The rate of the next run; `None`: there is none.
    pub fn next_rate(&mut self) -> Option<f64> {
        if self.is_over || self.steps_left == 0 {
            return None;
        }
        self.steps_left -= 1;
        Some(self.rate)
    }

    /// Whether the next run, or the one just made, is at a rate that was sustained before.
    pub fn is_confirming(&self) -> bool {
        self.confirming
    }

    /// What the run showed.
    pub fn told(&mut self, judged: Judged) {
        let rate = self.rate;
        match judged {
            Judged::Sustained if self.confirming => {
                self.confirmed = Some(rate);
                self.is_over = true;
            }
            Judged::Sustained => {
                self.sustained.push(rate);
                self.go_on();
            }
            failed => {
                self.confirming = false;
                // What was sustained once, and is not now, was luck.
                self.sustained.retain(|sustained| *sustained < rate);
                self.failed = Some((rate, failed));
                self.go_on();
            }
        }
    }

    /// The rate that was sustained twice; `None`: there is none.
    pub fn found(&self) -> Option<f64> {
        self.confirmed
    }

    /// What kept it from going higher.
    pub fn limit(&self) -> Limit {
        match &self.failed {
            Some((rate, Judged::Generator(why))) => Limit::Generator(*rate, why.clone()),
            Some((rate, Judged::Broker(why))) => Limit::Broker(*rate, why.clone()),
            _ if self.confirmed == Some(self.max_rate) => Limit::MaxRate,
            _ => Limit::Steps,
        }
    }

    /// Chooses the next rate.
    fn go_on(&mut self) {
        let failed = self.failed.as_ref().map(|(rate, _)| *rate);
        let sustained = self.sustained.last().copied();
        self.rate = match (sustained, failed) {
            (Some(low), _) if low >= self.max_rate => return self.confirm(low),
            (Some(low), None) => (low * FACTOR).min(self.max_rate),
            (Some(low), Some(high)) if high - low <= self.precision * low => {
                return self.confirm(low);
            }
            (Some(low), Some(high)) => (low + high) / 2.0,
            (None, Some(high)) if high / FACTOR < SLOWEST => {
                self.is_over = true;
                return;
            }
            (None, Some(high)) => high / FACTOR,
            (None, None) => return,
        };
        // The last run is kept for making sure.
        if self.steps_left == 1
            && let Some(low) = sustained
        {
            self.confirm(low);
        }
    }

    fn confirm(&mut self, rate: f64) {
        self.rate = rate;
        self.confirming = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(search: &mut Search, mut sustains: impl FnMut(f64) -> bool) -> Vec<f64> {
        let mut rates = Vec::new();
        while let Some(rate) = search.next_rate() {
            rates.push(rate);
            search.told(match sustains(rate) {
                true => Judged::Sustained,
                false => Judged::Broker("slow".into()),
            });
        }
        rates
    }

    #[test]
    fn it_finds_what_a_broker_sustains() {
        for capacity in [37.0, 999.0, 1000.0, 1001.0, 54_321.0, 3e6] {
            let mut one = Search::new(1000.0, None, 0.05, 40);
            let rates = search(&mut one, |rate| rate <= capacity);
            let found = one.found().expect("a rate");
            assert!(
                found <= capacity && found * 1.06 >= capacity,
                "{capacity} {found}"
            );
            assert_eq!(rates.last(), Some(&found), "the last run confirms it");
            assert!(matches!(one.limit(), Limit::Broker(rate, _) if rate > found));
        }
    }

    #[test]
    fn it_goes_no_further_than_it_may() {
        let mut bounded = Search::new(1000.0, Some(5000.0), 0.05, 40);
        let rates = search(&mut bounded, |_| true);
        assert_eq!(rates, [1000.0, 2000.0, 4000.0, 5000.0, 5000.0]);
        assert_eq!(
            (bounded.found(), bounded.limit()),
            (Some(5000.0), Limit::MaxRate)
        );
        let mut short = Search::new(1000.0, None, 0.05, 4);
        assert_eq!(
            search(&mut short, |_| true),
            [1000.0, 2000.0, 4000.0, 4000.0]
        );
        assert_eq!((short.found(), short.limit()), (Some(4000.0), Limit::Steps));
    }

    #[test]
    fn where_nothing_is_sustained_it_ends() {
        let mut hopeless = Search::new(1000.0, None, 0.05, 40);
        assert_eq!(search(&mut hopeless, |_| false).len(), 10);
        assert_eq!(hopeless.found(), None);
        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..200 {
            let mut moody = Search::new(1000.0, None, 0.05, 25);
            assert!(search(&mut moody, |_| random.bool()).len() <= 25);
        }
    }

    #[test]
    fn what_does_not_hold_a_second_time_is_not_found() {
        let mut runs = 0;
        let mut lucky = Search::new(1000.0, None, 0.05, 40);
        search(&mut lucky, |rate| {
            runs += 1;
            rate <= 3000.0 || rate <= 4000.0 && runs <= 3
        });
        let found = lucky.found().expect("a rate");
        assert!((2800.0..=3000.0).contains(&found), "{found}");
    }
}
