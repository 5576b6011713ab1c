//! How a run goes, for Prometheus.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::{Interval, Plan, Stats, percentile};
use crate::metrics::Page;

/// Upper bounds of the buckets of latencies, in microseconds.
const BOUNDS: [u64; 19] = [
    50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000,
    1_000_000, 2_000_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000,
];

/// What has been measured so far, and how the last interval was.
#[derive(Clone, Debug)]
pub struct LiveMetrics {
    labels: Vec<(&'static str, String)>,
    scenario: &'static str,
    latency_name: Option<&'static str>,
    asked: u64,
    settled: u64,
    alive: u64,
    /// What should have been sent each second.
    rate: Option<f64>,
    /// The warm-up, in which nothing is measured.
    warmup: Duration,
    total: Stats,
    /// With its length, and how late the generator was.
    last: Option<(Interval, Duration, Duration)>,
}

impl LiveMetrics {
    /// Of a run that has not begun, with the labels that tell it from others.
    pub fn new(plan: &Plan, labels: Vec<(&'static str, String)>) -> LiveMetrics {
        LiveMetrics {
            labels,
            scenario: plan.scenario.name(),
            latency_name: plan.latency_name(),
            asked: plan.connections(),
            settled: 0,
            alive: 0,
            rate: plan.schedule().map(|schedule| schedule.rate()),
            warmup: plan.warmup,
            total: Stats::default(),
            last: None,
        }
    }

    /// So many connections have come about or failed.
    pub fn settled(&mut self, connections: u64) {
        self.settled = connections;
    }

    /// So many connections stand.
    pub fn alive(&mut self, connections: u64) {
        self.alive = connections;
    }

    /// An interval is over, in which this was measured.
    pub fn interval(&mut self, interval: &Interval, measured: &Stats) {
        self.total.merge(measured);
        let lag = percentile(&measured.lag, 100.0);
        let begun = self.last.as_ref().map(|(last, ..)| last.end);
        let begun = begun.unwrap_or_default().max(self.warmup);
        let length = interval.end.saturating_sub(begun);
        self.last = Some((interval.clone(), length, lag));
    }

    /// The page of all `runs`, and the CPU time that the process has used.
    pub fn page(runs: &[LiveMetrics], cpu: Duration) -> String {
        let mut page = Page::default();
        for run in runs {
            let labels = run.labels.iter();
            let labels: Vec<_> = labels.map(|(name, value)| (*name, &**value)).collect();
            page.with_labels(&labels);
            run.write(&mut page);
        }
        page.with_labels(&[]);
        let help = "CPU time of the generator, all threads.";
        page.one_counter("bench_generator_cpu_seconds_total", help, cpu.as_secs_f64());
        page.into_text()
    }

    fn write(&self, page: &mut Page) {
        page.gauge("bench_info", "The scenario that is run.");
        page.labelled("bench_info", "scenario", self.scenario, 1);
        self.connections(page);
        self.counts(page);
        self.latencies(page);
        self.last_interval(page);
    }

    fn connections(&self, page: &mut Page) {
        for (name, help, value) in [
            (
                "bench_connections_asked",
                "Connections asked for.",
                self.asked,
            ),
            (
                "bench_connections_settled",
                "Connections that came about or failed.",
                self.settled,
            ),
            (
                "bench_connections_alive",
                "Connections that stand.",
                self.alive,
            ),
        ] {
            page.one_gauge(name, help, value);
        }
    }

    fn counts(&self, page: &mut Page) {
        let total = &self.total;
        for (name, help, value) in [
            ("sent", "Measured messages handed to sockets.", total.sent),
            (
                "acked",
                "Messages that the broker acknowledged.",
                total.acked,
            ),
            (
                "refused",
                "Messages that the broker refused.",
                total.refused,
            ),
            ("received", "Arrivals.", total.received),
            (
                "foreign",
                "Arrivals that are not of this run.",
                total.foreign,
            ),
        ] {
            page.one_counter(&format!("bench_messages_{name}_total"), help, value);
        }
        if let Some(rate) = self.rate {
            let help = "Messages a second that should be sent, by all shards.";
            page.one_gauge("bench_rate_asked", help, rate);
        }
        let name = "bench_errors_total";
        page.counter(name, "What went wrong, by Reason Code, errno or word.");
        for (key, tally) in total.errors.iter() {
            page.labelled(name, "error", key, tally.count);
        }
        if total.warmup_errors.total() > 0 {
            let name = "bench_warmup_errors_total";
            page.counter(name, "What went wrong in the warm-up.");
            for (key, tally) in total.warmup_errors.iter() {
                page.labelled(name, "error", key, tally.count);
            }
        }
    }

    fn latencies(&self, page: &mut Page) {
        let Some(name) = self.latency_name else {
            return;
        };
        let latency = &self.total.latency;
        for (kind, histogram) in [
            ("", &latency.corrected),
            ("_uncorrected", &latency.uncorrected),
        ] {
            let from = match kind {
                "" => name.to_owned(),
                _ => format!("{name}, counted from when it was sent"),
            };
            let (buckets, sum) = buckets(histogram);
            let name = format!("bench_latency{kind}_seconds");
            page.histogram(&name, &format!("{from}."), buckets, sum, histogram.len());
        }
    }

    fn last_interval(&self, page: &mut Page) {
        let Some((last, length, lag)) = &self.last else {
            return;
        };
        let seconds = length.as_secs_f64().max(1e-3);
        let name = "bench_interval_rate";
        page.gauge(name, "Events a second in the last interval.");
        for (event, count) in [
            ("sent", last.sent),
            ("acked", last.acked),
            ("received", last.received),
        ] {
            page.labelled(name, "event", event, count as f64 / seconds);
        }
        if let Some(latencies) = last.latency {
            let name = "bench_interval_latency_seconds";
            page.gauge(name, "Corrected latencies of the last interval.");
            for (quantile, latency) in ["0.5", "0.9", "0.99", "1"].iter().zip(latencies) {
                page.labelled(name, "quantile", quantile, latency.as_secs_f64());
            }
        }
        let help = "How late the generator was at most in the last interval.";
        page.one_gauge("bench_interval_lag_seconds", help, lag.as_secs_f64());
    }
}

/// How many values there are up to each bound, in seconds, and the sum of all.
fn buckets(histogram: &Histogram<u64>) -> (Vec<(f64, u64)>, f64) {
    let bound = |micros: &u64| (*micros as f64 / 1e6, micros * 1000);
    let mut buckets: Vec<_> = BOUNDS.iter().map(bound).map(|(s, n)| (s, n, 0)).collect();
    let mut sum = 0.0;
    for value in histogram.iter_recorded() {
        let (nanos, count) = (value.value_iterated_to(), value.count_at_value());
        sum += nanos as f64 / 1e9 * count as f64;
        let within = buckets.iter_mut().rev();
        for (_, _, upto) in within.take_while(|(_, bound, _)| nanos <= *bound) {
            *upto += count;
        }
    }
    let buckets = buckets.into_iter().map(|(bound, _, upto)| (bound, upto));
    (buckets.collect(), sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::latency;

    #[test]
    fn buckets_hold_all_that_is_below() {
        let mut histogram = latency::histogram();
        for micros in [40, 150, 150, 900, 120_000_000] {
            latency::record(&mut histogram, micros * 1000);
        }
        let (buckets, sum) = buckets(&histogram);
        let at = |seconds: f64| buckets.iter().find(|(bound, _)| *bound == seconds);
        assert_eq!(at(50e-6), Some(&(50e-6, 1)));
        assert_eq!(at(200e-6), Some(&(200e-6, 3)));
        assert_eq!(at(0.001), Some(&(0.001, 4)));
        assert_eq!(at(60.0), Some(&(60.0, 4)));
        assert!((sum - 120.0).abs() < 0.2, "{sum}");
    }
}
