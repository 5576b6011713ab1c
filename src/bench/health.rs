//! How the generator itself fared.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::latency::percentile;

/// A schedule is not kept where 1 % of the times at which something is due are missed by more.
const LAG_LIMIT: Duration = Duration::from_millis(10);
/// Fewer times that are missed say nothing.
const MISSED: u64 = 10;

/// How the generator itself fared.
#[derive(Clone, Debug, PartialEq)]
pub struct Health {
    /// CPU time of the run while it was measured: of its worker threads, and of what brings them
    /// together.
    pub cpu: Duration,
    /// Worker threads.
    pub workers: usize,
    /// How late the generator was with what was due, each time that something was; nanoseconds.
    pub lag: Histogram<u64>,
    /// Bytes of memory for each connection; `None` where they are few, or the system does not say.
    pub memory_per_connection: Option<u64>,
    /// Why its numbers cannot be trusted; empty: they can.
    pub faults: Vec<String>,
}

impl Health {
    /// Judges the generator of a run that took `elapsed`.
    pub(super) fn new(
        cpu: Duration,
        elapsed: Duration,
        workers: usize,
        lag: Histogram<u64>,
    ) -> Health {
        let mut faults = Vec::new();
        let usual = percentile(&lag, 99.0);
        let late = lag.count_between(LAG_LIMIT.as_nanos() as u64, u64::MAX);
        if usual > LAG_LIMIT && late >= MISSED {
            faults.push(format!(
                "1 % of the times at which messages were due were missed by more than {:.1} ms: \
                 lower the rate, or give the generator more cores",
                usual.as_secs_f64() * 1e3
            ));
        }
        let available = elapsed.as_secs_f64() * workers as f64;
        if elapsed >= Duration::from_secs(1)
            && !lag.is_empty()
            && cpu.as_secs_f64() > 0.95 * available
        {
            faults.push(format!(
                "the generator used {:.0} % of its {workers} cores: it may be what limits the rate",
                100.0 * cpu.as_secs_f64() / available
            ));
        }
        Health {
            cpu,
            workers,
            lag,
            memory_per_connection: None,
            faults,
        }
    }

    /// Whether the numbers can be trusted.
    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::latency::{histogram, record};

    #[test]
    fn who_misses_the_schedule_is_not_believed() {
        let second = Duration::from_secs(1);
        let mut lag = histogram();
        record(&mut lag, 100_000);
        let health = Health::new(second / 4, second, 1, lag.clone());
        assert!(health.is_valid(), "{health:?}");
        record(&mut lag, 50_000_000);
        let health = Health::new(second / 4, second, 1, lag.clone());
        assert!(health.is_valid(), "one that is missed: {health:?}");
        for _ in 1..MISSED {
            record(&mut lag, 50_000_000);
        }
        let health = Health::new(second / 4, second, 1, lag);
        assert!(health.faults[0].contains("50."), "{health:?}");
    }

    #[test]
    fn who_has_no_time_left_is_not_believed() {
        let second = Duration::from_secs(1);
        let mut lag = histogram();
        record(&mut lag, 1_000);
        let health = Health::new(2 * second, second, 2, lag);
        assert!(!health.is_valid());
    }
}
