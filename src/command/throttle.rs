//! Keeps what repeats itself from filling a log.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

/// The period for which lines are counted.
pub(super) const PERIOD: Duration = Duration::from_secs(10);
/// Most lines of one kind that are printed in it.
const LINES: u32 = 20;
/// Most kinds that are told apart at a time; each client that does something is one.
const MAX_KINDS: usize = 10_000;

/// Lets the first lines of a kind through and counts the rest, until the period is over.
pub(super) struct Throttle<T> {
    kinds: HashMap<u64, Kind<T>>,
}

struct Kind<T> {
    since: Instant,
    lines: u32,
    /// How many were held back, and the first of them.
    held: Option<(u64, T)>,
}

/// Lines that were held back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Repeated<T> {
    /// How many.
    pub(super) count: u64,
    /// The first of them.
    pub(super) like: T,
}

impl<T> Default for Throttle<T> {
    fn default() -> Self {
        Self {
            kinds: HashMap::new(),
        }
    }
}

impl<T> Throttle<T> {
    /// Returns the line if it is to be printed. It is only made if somebody will see it.
    pub(super) fn admit(
        &mut self,
        now: Instant,
        kind: impl Hash,
        line: impl FnOnce() -> T,
    ) -> Option<T> {
        let mut hasher = DefaultHasher::new();
        kind.hash(&mut hasher);
        let key = hasher.finish();
        if self.kinds.len() >= MAX_KINDS && !self.kinds.contains_key(&key) {
            return Some(line());
        }
        let kind = self.kinds.entry(key).or_insert(Kind {
            since: now,
            lines: 0,
            held: None,
        });
        if kind.lines < LINES {
            kind.lines += 1;
            return Some(line());
        }
        match &mut kind.held {
            Some((count, _)) => *count += 1,
            none => *none = Some((1, line())),
        }
        None
    }

    /// Whether nothing was admitted in the periods that [`Throttle::take_due`] has not seen end.
    pub(super) fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// What was held back in the periods that are over at `now`.
    pub(super) fn take_due(&mut self, now: Instant) -> Vec<Repeated<T>> {
        let is_over = |kind: &Kind<T>| now.saturating_duration_since(kind.since) >= PERIOD;
        let over = self.kinds.extract_if(|_, kind| is_over(kind));
        let held = over.filter_map(|(_, kind)| kind.held);
        held.map(|(count, like)| Repeated { count, like }).collect()
    }

    /// What is held back now.
    pub(super) fn take_all(&mut self) -> Vec<Repeated<T>> {
        let held = self.kinds.drain().filter_map(|(_, kind)| kind.held);
        held.map(|(count, like)| Repeated { count, like }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_itself_is_counted_and_the_rest_is_printed() {
        let start = Instant::now();
        let mut throttle = Throttle::default();
        let admitted = |throttle: &mut Throttle<String>, now, kind: &str, count: u32| {
            let admit = |number| throttle.admit(now, kind, || format!("{kind}{number}"));
            (0..count).filter_map(admit).count() as u32
        };
        assert_eq!(admitted(&mut throttle, start, "a", 1000), LINES);
        assert_eq!(admitted(&mut throttle, start, "b", LINES), LINES);
        assert_eq!(throttle.take_due(start), []);

        let later = start + PERIOD;
        let repeated = Repeated {
            count: u64::from(1000 - LINES),
            like: format!("a{LINES}"),
        };
        assert!(!throttle.is_empty());
        assert_eq!(throttle.take_due(later), [repeated]);
        assert!(throttle.is_empty());
        assert_eq!(admitted(&mut throttle, later, "a", LINES), LINES);
        assert_eq!(throttle.take_all(), []);
    }

    #[test]
    fn there_is_an_end_to_the_kinds_that_are_told_apart() {
        let mut throttle = Throttle::default();
        let now = Instant::now();
        for kind in 0..MAX_KINDS + 10 {
            assert!(throttle.admit(now, kind, || ()).is_some());
        }
        assert_eq!(throttle.kinds.len(), MAX_KINDS);
    }
}
