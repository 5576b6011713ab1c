//! Latencies, as histograms.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Nanoseconds that are told apart at least.
const RESOLUTION: u64 = 1_000;
/// A longer latency counts as this.
const LONGEST: u64 = 3_600_000_000_000;
/// Significant digits.
const DIGITS: u8 = 3;

/// A histogram of latencies in nanoseconds: three digits, up to an hour. It grows as it must.
pub(super) fn histogram() -> Histogram<u64> {
    let made = Histogram::new_with_bounds(RESOLUTION, 2 * RESOLUTION, DIGITS);
    let mut histogram = made.unwrap_or_else(|error| {
        // The bounds are constants, and a test holds them.
        unreachable!("{error}")
    });
    histogram.auto(true);
    histogram
}

/// Records a span of nanoseconds.
#[inline]
pub(super) fn record(histogram: &mut Histogram<u64>, nanos: u64) {
    if histogram.record(nanos.min(LONGEST)).is_err() {
        unreachable!("a histogram grows up to its longest latency");
    }
}

/// The same latencies, measured from two moments.
#[derive(Clone, Debug, PartialEq)]
pub struct Latency {
    /// From when the message was due: what a user of the broker would have seen.
    pub corrected: Histogram<u64>,
    /// From when it was handed to the socket: what most tools report. A broker that stops reading
    /// stops the clock as well.
    pub uncorrected: Histogram<u64>,
}

impl Default for Latency {
    fn default() -> Latency {
        Latency {
            corrected: histogram(),
            uncorrected: histogram(),
        }
    }
}

impl Latency {
    /// Records a message that was due at `intended`, handed to the socket at `sent`, and done at
    /// `now`, all in nanoseconds of one clock.
    #[inline]
    pub fn record(&mut self, intended: u64, sent: u64, now: u64) {
        record(&mut self.corrected, now.saturating_sub(intended));
        record(&mut self.uncorrected, now.saturating_sub(sent));
    }

    /// Takes in the latencies of another.
    pub fn merge(&mut self, other: &Latency) {
        merge(&mut self.corrected, &other.corrected);
        merge(&mut self.uncorrected, &other.uncorrected);
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.corrected.is_empty()
    }
}

/// Adds a histogram to one of the same form.
pub(super) fn merge(into: &mut Histogram<u64>, other: &Histogram<u64>) {
    if into.add(other).is_err() {
        unreachable!("all histograms have the same bounds");
    }
}

/// The latency that so many percent of the messages did not exceed.
pub fn percentile(histogram: &Histogram<u64>, percent: f64) -> Duration {
    // A little less, as other implementations have it: 99.9 % of 6,000 are not 5,995.
    let percent = percent.next_down().max(0.0);
    Duration::from_nanos(histogram.value_at_percentile(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_latencies_are_kept_and_merged() {
        let (mut one, mut other) = (Latency::default(), Latency::default());
        one.record(0, 900_000, 1_000_000);
        other.record(0, 0, 2 * LONGEST);
        one.merge(&other);
        assert_eq!(one.corrected.len(), 2);
        assert_eq!(percentile(&one.corrected, 50.0).as_micros() / 10, 100);
        assert_eq!(percentile(&one.uncorrected, 50.0).as_micros(), 100);
        assert!(percentile(&one.corrected, 100.0) >= Duration::from_secs(3600));
        assert!(!one.is_empty() && Latency::default().is_empty());
    }

    #[test]
    fn a_percentile_is_not_rounded_up_to_another_value() {
        let mut histogram = histogram();
        for value in 1..=6000 {
            record(&mut histogram, value * 1_000_000);
        }
        let at = |value: u64| Duration::from_nanos(histogram.highest_equivalent(value * 1_000_000));
        for (percent, value) in [(50.0, 3000), (99.9, 5994), (99.99, 6000), (100.0, 6000)] {
            assert_eq!(percentile(&histogram, percent), at(value), "{percent}");
        }
        assert_eq!(percentile(&super::histogram(), 0.0), Duration::ZERO);
    }

    #[test]
    fn a_histogram_has_the_size_that_is_planned_for() {
        let bytes = |histogram: &Histogram<u64>| histogram.distinct_values() * size_of::<u64>();
        let mut histogram = histogram();
        assert!(bytes(&histogram) < 24 << 10, "{}", bytes(&histogram));
        record(&mut histogram, u64::MAX);
        assert!(bytes(&histogram) < 256 << 10, "{}", bytes(&histogram));
    }
}
