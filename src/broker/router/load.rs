//! Averages over 1, 5 and 15 minutes, as Mosquitto makes them.

use std::time::Duration;

/// The spans, in minutes.
pub(super) const MINUTES: [u32; 3] = [1, 5, 15];

/// How much of something there is a minute: moving averages, in which what is as old as the span
/// counts 1/e.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    last: u64,
    averages: [f64; MINUTES.len()],
}

impl Load {
    /// Counts what came in the last `elapsed`, after which the total is `total`.
    pub(super) fn advance(&mut self, elapsed: Duration, total: u64) {
        let seconds = elapsed.as_secs_f64();
        if seconds <= 0.0 {
            return;
        }
        let new = total.saturating_sub(self.last);
        self.last = total;
        let per_minute = new as f64 * 60.0 / seconds;
        for (average, minutes) in self.averages.iter_mut().zip(MINUTES) {
            let kept = (-seconds / (60.0 * f64::from(minutes))).exp();
            *average = per_minute + kept * (*average - per_minute);
        }
    }

    /// The averages, over each of [`MINUTES`].
    pub(super) fn averages(&self) -> [f64; MINUTES.len()] {
        self.averages
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounded(load: &Load) -> [String; 3] {
        load.averages().map(|average| format!("{average:.2}"))
    }

    #[test]
    fn the_averages_are_those_of_mosquitto() {
        // As Mosquitto 2.0.11 published them for one connection, and for 27 bytes, in its first
        // interval of two seconds.
        let two_seconds = Duration::from_secs(2);
        let mut load = Load::default();
        load.advance(two_seconds, 1);
        assert_eq!(rounded(&load), ["0.98", "0.20", "0.07"]);
        let mut load = Load::default();
        load.advance(two_seconds, 27);
        assert_eq!(rounded(&load)[1..], ["5.38", "1.80"]);
    }

    #[test]
    fn a_steady_load_is_found_and_forgotten() {
        let ten_seconds = Duration::from_secs(10);
        let mut load = Load::default();
        for step in 1..=1000 {
            load.advance(ten_seconds, step * 5);
        }
        assert_eq!(rounded(&load), ["30.00", "30.00", "30.00"]);
        for _ in 0..6 {
            load.advance(ten_seconds, 5000);
        }
        assert_eq!(rounded(&load)[0], "11.04");
    }
}
