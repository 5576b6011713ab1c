//! How long connections last.

use std::time::{Duration, Instant};

/// Gives each connection its own share of the maximum, from nine tenths up, so that those that
/// began together do not end together, and do not all come back together.
#[derive(Debug, Default)]
pub(super) struct Ages {
    /// Steps by the golden ratio of its range: however many numbers, they lie evenly.
    next: u32,
}

const GOLDEN: u32 = 0x9E37_79B9;

impl Ages {
    /// When a connection ends that begins now.
    pub fn end(&mut self, now: Instant, maximum: Option<Duration>) -> Option<Instant> {
        let maximum = maximum?;
        self.next = self.next.wrapping_add(GOLDEN);
        let share = f64::from(self.next) / f64::from(u32::MAX);
        now.checked_add(maximum.mul_f64(0.9 + 0.1 * share).min(maximum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_spread_over_the_last_tenth() {
        let (start, maximum) = (Instant::now(), Duration::from_secs(1000));
        let mut ages = Ages::default();
        let mut parts = [0; 10];
        for _ in 0..100 {
            let end = ages.end(start, Some(maximum)).expect("it ends");
            let age = (end - start).as_secs_f64();
            assert!((900.0..=1000.0).contains(&age), "{age}");
            parts[((age - 900.0) / 10.0).min(9.0) as usize] += 1;
        }
        assert!(
            parts.iter().all(|&count| (9..=11).contains(&count)),
            "{parts:?}"
        );
        assert_eq!(ages.end(start, None), None);
        assert_eq!(ages.end(start, Some(Duration::MAX)), None);
    }
}
