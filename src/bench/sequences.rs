//! Which of a publisher's messages have arrived: lost, duplicated, reordered.

use std::collections::VecDeque;

const WORD: u64 = u64::BITS as u64;
/// So many messages are not left out by a publisher of ours.
pub(super) const FARTHEST: u64 = 1 << 27;

/// The messages of one publisher that one receiver, or a group that shares them, has got.
///
/// Where they come in order it holds one word, and one bit for every message behind the first
/// that is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// A multiple of the word; everything below has arrived.
    base: u64,
    /// From `base` on.
    words: VecDeque<u64>,
    /// Sequence number after the highest that has arrived.
    next: u64,
    unique: u64,
    duplicated: u64,
    reordered: u64,
}

impl Arrivals {
    /// A message has arrived. `false`: the number cannot be right, and was not counted.
    #[inline]
    pub fn arrived(&mut self, sequence: u64) -> bool {
        let Some(offset) = sequence.checked_sub(self.base) else {
            self.duplicated += 1;
            return true;
        };
        if sequence >= self.next.saturating_add(FARTHEST) {
            return false;
        }
        let (word, bit) = ((offset / WORD) as usize, 1 << (offset % WORD));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let Some(bits) = self.words.get_mut(word) else {
            return false;
        };
        if *bits & bit != 0 {
            self.duplicated += 1;
            return true;
        }
        *bits |= bit;
        self.unique += 1;
        match sequence >= self.next {
            true => self.next = sequence + 1,
            false => self.reordered += 1,
        }
        if word == 0 {
            self.forget_full();
        }
        true
    }

    /// The same, where others get what lies between: it is reordered if it `is_late` where it
    /// arrived.
    pub(super) fn arrived_at_member(&mut self, sequence: u64, is_late: bool) {
        let Arrivals {
            unique, reordered, ..
        } = *self;
        self.arrived(sequence);
        let is_new = self.unique > unique;
        self.reordered = reordered + u64::from(is_late && is_new);
    }

    /// Different messages that have arrived.
    pub fn unique(&self) -> u64 {
        self.unique
    }

    /// Arrivals of a message that had arrived already.
    pub fn duplicated(&self) -> u64 {
        self.duplicated
    }

    /// Messages that arrived after one that was sent later.
    pub fn reordered(&self) -> u64 {
        self.reordered
    }

    /// Takes in what another member of the group got: what both have is duplicated.
    pub fn merge(&mut self, other: &Arrivals) {
        let (mut low, mut high) = (self.clone(), other.clone());
        if low.base > high.base {
            std::mem::swap(&mut low, &mut high);
        }
        // Everything below the higher base has arrived at its owner.
        let skipped = ((high.base - low.base) / WORD) as usize;
        let mut words = VecDeque::with_capacity(low.words.len().max(high.words.len() + skipped));
        let mut twice = 0;
        for at in 0..low.words.len().max(high.words.len() + skipped) {
            let of_low = low.words.get(at).copied().unwrap_or(0);
            let of_high = match at.checked_sub(skipped) {
                None => u64::MAX,
                Some(at) => high.words.get(at).copied().unwrap_or(0),
            };
            twice += u64::from((of_low & of_high).count_ones());
            words.push_back(of_low | of_high);
        }
        // Both have what is below the lower base.
        twice += low.base;
        *self = Arrivals {
            base: low.base,
            words,
            next: low.next.max(high.next),
            unique: low.unique + high.unique - twice,
            duplicated: low.duplicated + high.duplicated + twice,
            reordered: low.reordered + high.reordered,
        };
        self.forget_full();
    }

    /// What has arrived, for another process: everything below a number, and what the bits of
    /// the bytes say from there on, the lowest bit first.
    pub fn to_bits(&self) -> (u64, Vec<u8>) {
        let words = self.words.iter().flat_map(|word| word.to_le_bytes());
        (self.base, words.collect())
    }

    /// Arrivals that [`to_bits`](Arrivals::to_bits) told of; `None`: it cannot have.
    pub fn from_bits(base: u64, bits: &[u8], duplicated: u64, reordered: u64) -> Option<Arrivals> {
        let (words, rest) = bits.as_chunks();
        let words: VecDeque<_> = words.iter().copied().map(u64::from_le_bytes).collect();
        if !base.is_multiple_of(WORD) || base > u64::MAX / 2 || !rest.is_empty() {
            return None;
        }
        let ones: u64 = words.iter().map(|word| u64::from(word.count_ones())).sum();
        let last = words.iter().rposition(|&word| word != 0);
        let next = last.and_then(|at| {
            let bits = WORD - u64::from(words.get(at)?.leading_zeros());
            Some(base + at as u64 * WORD + bits)
        });
        Some(Arrivals {
            base,
            words,
            next: next.unwrap_or(base),
            unique: base + ones,
            duplicated,
            reordered,
        })
    }

    fn forget_full(&mut self) {
        while self.words.front() == Some(&u64::MAX) {
            self.words.pop_front();
            self.base += WORD;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sequences: impl IntoIterator<Item = u64>) -> Arrivals {
        let mut arrivals = Arrivals::default();
        for sequence in sequences {
            assert!(arrivals.arrived(sequence));
        }
        arrivals
    }

    #[test]
    fn in_order_it_stays_small() {
        let arrivals = of(0..100_000);
        assert_eq!(arrivals.unique(), 100_000);
        assert_eq!((arrivals.duplicated(), arrivals.reordered()), (0, 0));
        assert!(arrivals.words.len() <= 1);
    }

    #[test]
    fn what_is_late_doubled_or_missing_is_told_apart() {
        let arrivals = of([0, 1, 3, 2, 3, 5, 900, 899, 0]);
        assert_eq!(arrivals.unique(), 7);
        assert_eq!(arrivals.duplicated(), 2);
        assert_eq!(arrivals.reordered(), 2);
    }

    #[test]
    fn a_number_from_nowhere_costs_nothing() {
        let mut arrivals = of(0..10);
        assert!(!arrivals.arrived(u64::MAX - 1));
        assert_eq!(arrivals, of(0..10));
    }

    #[test]
    fn bits_say_the_same() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..200 {
            let total = random.u64(0..400);
            let kept = random.u64(1..6);
            let mut sequences: Vec<_> = (0..total).filter(|_| random.u64(..5) < kept).collect();
            let again = sequences.iter().copied();
            let again: Vec<_> = again.filter(|_| random.u64(..20) == 0).collect();
            sequences.extend(again);
            let arrivals = of(sequences);
            let (base, bits) = arrivals.to_bits();
            let (duplicated, reordered) = (arrivals.duplicated(), arrivals.reordered());
            let back = Arrivals::from_bits(base, &bits, duplicated, reordered);
            assert_eq!(back, Some(arrivals));
        }
        for (base, bits) in [(1, &[0; 8][..]), (64, &[1]), (!63, &[])] {
            assert_eq!(Arrivals::from_bits(base, bits, 0, 0), None);
        }
    }

    #[test]
    fn one_that_is_missing_at_the_beginning_does_not_end_the_count() {
        let mut arrivals = of([1]);
        for sequence in (1..10).map(|step| step * (FARTHEST / 8)) {
            assert!(arrivals.arrived(sequence), "{sequence}");
        }
        assert_eq!(arrivals.unique(), 10);
        assert!(!arrivals.arrived(arrivals.next + FARTHEST));
    }

    #[test]
    fn members_of_a_group_together_have_what_each_has() {
        let mut random = fastrand::Rng::with_seed(42);
        for _ in 0..200 {
            let total = random.u64(1..400);
            let (mut one, mut other) = (Arrivals::default(), Arrivals::default());
            let mut counts = vec![0u64; total as usize];
            for sequence in 0..total {
                for member in [&mut one, &mut other] {
                    for _ in 0..random.u64(0..3).min(random.u64(0..2) * 2) {
                        member.arrived(sequence);
                        counts[sequence as usize] += 1;
                    }
                }
            }
            let unique = counts.iter().filter(|&&count| count > 0).count() as u64;
            let duplicated = counts
                .iter()
                .map(|count| count.saturating_sub(1))
                .sum::<u64>();
            let mut both = one.clone();
            both.merge(&other);
            assert_eq!((both.unique(), both.duplicated()), (unique, duplicated));
            other.merge(&one);
            assert_eq!((other.unique(), other.duplicated()), (unique, duplicated));
        }
    }
}
