//! Which of a publisher's messages have arrived: lost, duplicated, reordered.

use std::collections::{BTreeSet, VecDeque};

/// Sequence numbers in a block.
const BLOCK: u64 = u64::BITS as u64;
/// No publisher of ours leaves out so many messages.
pub(super) const FARTHEST: u64 = 1 << 27;
/// No run sends so many.
const HIGHEST: u64 = 1 << 60;

/// The messages of one publisher that one receiver, or a group that shares them, has got.
///
/// It costs memory for what is missing, not for what has come: a run may last for days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrivals {
    /// The blocks below `next` that something is missing of, with a bit for each number that has
    /// arrived; in the order of their numbers.
    gaps: VecDeque<(u64, u64)>,
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
        if sequence >= self.next.saturating_add(FARTHEST) {
            return false;
        }
        let (block, bit) = (sequence / BLOCK, 1 << (sequence % BLOCK));
        if block >= self.blocks() {
            self.gaps
                .extend((self.blocks()..block + 1).map(|begun| (begun, 0)));
        }
        let Some(place) = self.place(block) else {
            self.duplicated += 1;
            return true;
        };
        let Some((_, bits)) = self.gaps.get_mut(place) else {
            return false;
        };
        if *bits & bit != 0 {
            self.duplicated += 1;
            return true;
        }
        *bits |= bit;
        if *bits == u64::MAX {
            self.close(place);
        }
        self.unique += 1;
        match sequence >= self.next {
            true => self.next = sequence + 1,
            false => self.reordered += 1,
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
        let next = self.next.max(other.next);
        let either = self.gaps.iter().chain(&other.gaps);
        let either: BTreeSet<_> = either.map(|(block, _)| *block).collect();
        let gaps: VecDeque<_> = either
            .into_iter()
            .map(|block| (block, self.bits(block) | other.bits(block)))
            .filter(|(_, bits)| *bits != u64::MAX)
            .collect();
        let missing: u64 = (gaps.iter())
            .map(|(_, bits)| u64::from(bits.count_zeros()))
            .sum();
        let unique = next.div_ceil(BLOCK) * BLOCK - missing;
        *self = Arrivals {
            gaps,
            next,
            unique,
            duplicated: self.duplicated + other.duplicated + self.unique + other.unique - unique,
            reordered: self.reordered + other.reordered,
        };
    }

    /// What has arrived, for another process: everything below a number, and what the bits of
    /// the bytes say from there on, the lowest bit first.
    pub fn to_bits(&self) -> (u64, Vec<u8>) {
        let first = self.gaps.front().map_or(self.blocks(), |(block, _)| *block);
        let bits = (first..self.blocks()).flat_map(|block| self.bits(block).to_le_bytes());
        (first * BLOCK, bits.collect())
    }

    /// Arrivals that [`to_bits`](Arrivals::to_bits) told of; `None`: it cannot have.
    pub fn from_bits(base: u64, bits: &[u8], duplicated: u64, reordered: u64) -> Option<Arrivals> {
        let (words, rest) = bits.as_chunks();
        if !base.is_multiple_of(BLOCK) || base > HIGHEST || !rest.is_empty() {
            return None;
        }
        let (mut gaps, mut next, mut unique) = (VecDeque::new(), base, base);
        for (block, bits) in (base / BLOCK..).zip(words) {
            let bits = u64::from_le_bytes(*bits);
            if bits != u64::MAX {
                gaps.push_back((block, bits));
            }
            if bits != 0 {
                next = (block + 1) * BLOCK - u64::from(bits.leading_zeros());
            }
            unique += u64::from(bits.count_ones());
        }
        // Nothing has come of what lies behind the highest.
        gaps.retain(|(block, _)| *block < next.div_ceil(BLOCK));
        Some(Arrivals {
            gaps,
            next,
            unique,
            duplicated,
            reordered,
        })
    }

    /// Nothing of a gap is missing any more.
    fn close(&mut self, place: usize) {
        match place + 1 == self.gaps.len() {
            true => self.gaps.pop_back(),
            false => self.gaps.remove(place),
        };
    }

    /// How many blocks something has arrived of, or of one behind them.
    fn blocks(&self) -> u64 {
        self.next.div_ceil(BLOCK)
    }

    /// Where a block stands among the gaps; `None`: all of it has arrived.
    #[inline]
    fn place(&self, block: u64) -> Option<usize> {
        match self.gaps.back() {
            Some((last, _)) if *last == block => Some(self.gaps.len() - 1),
            _ => self.gaps.binary_search_by_key(&block, |(gap, _)| *gap).ok(),
        }
    }

    /// What has arrived of a block.
    fn bits(&self, block: u64) -> u64 {
        let gap = self.place(block).and_then(|place| self.gaps.get(place));
        match gap {
            Some((_, bits)) => *bits,
            None if block < self.blocks() => u64::MAX,
            None => 0,
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
    fn it_costs_memory_for_what_is_missing_alone() {
        let arrivals = of(0..100_000);
        assert_eq!(arrivals.unique(), 100_000);
        assert_eq!((arrivals.duplicated(), arrivals.reordered()), (0, 0));
        assert!(arrivals.gaps.len() <= 1);
        let lost = [0, 777, 5_000, 5_001, 99_999];
        let arrivals = of((0..1_000_000).filter(|sequence| !lost.contains(sequence)));
        assert_eq!(arrivals.unique(), 1_000_000 - 5);
        assert_eq!(arrivals.gaps.len(), 4);
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
