//! What the members of a Shared Subscription got together, found out while a run goes on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::arrivals::FARTHEST;
use super::{Arrivals, Series};

/// So many arrivals are noted before the group is told.
const MANY: usize = 1024;

/// What all members of all workers got, as [`Arrivals`] of each series.
///
/// Between them the members leave no gaps, so that this stays small however long the run is; what
/// a member alone got is full of gaps.
#[derive(Debug, Default)]
pub(super) struct Group(Mutex<HashMap<Series, Arrivals>>);

/// What the members of one worker got that the group has not been told of.
#[derive(Debug)]
pub(super) struct Notes {
    group: Arc<Group>,
    arrivals: Vec<Arrival>,
}

/// A message arrived at a member.
#[derive(Clone, Copy, Debug)]
struct Arrival {
    series: Series,
    sequence: u64,
    /// The member had got one that was sent later.
    is_late: bool,
}

/// What one member got.
#[derive(Debug, Default)]
pub(super) struct Member {
    arrived: u64,
    /// After the highest sequence number of each series.
    next: HashMap<Series, u64>,
}

impl Group {
    fn tell(&self, arrivals: &mut Vec<Arrival>) {
        let mut group = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for arrival in arrivals.drain(..) {
            let of_series = group.entry(arrival.series).or_default();
            of_series.arrived_at_member(arrival.sequence, arrival.is_late);
        }
    }

    /// What it got, when the members are gone.
    pub(super) fn take(&self) -> HashMap<Series, Arrivals> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Notes {
    /// Those of a worker's members.
    pub(super) fn new(group: Arc<Group>) -> Notes {
        Notes {
            group,
            arrivals: Vec::new(),
        }
    }

    /// Tells the group.
    pub(super) fn hand_over(&mut self) {
        if !self.arrivals.is_empty() {
            self.group.tell(&mut self.arrivals);
        }
    }
}

impl Member {
    /// A message has arrived. `false`: the number cannot be right, and was not counted.
    pub(super) fn arrived(&mut self, notes: &mut Notes, series: Series, sequence: u64) -> bool {
        let next = self.next.entry(series).or_default();
        if sequence >= next.saturating_add(FARTHEST) {
            return false;
        }
        let is_late = sequence < *next;
        *next = (sequence + 1).max(*next);
        self.arrived += 1;
        notes.arrivals.push(Arrival {
            series,
            sequence,
            is_late,
        });
        if notes.arrivals.len() >= MANY {
            notes.hand_over();
        }
        true
    }

    /// How often a message arrived.
    pub(super) fn count(&self) -> u64 {
        self.arrived
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::QoS;

    const MEMBERS: u64 = 5;

    fn series() -> Series {
        Series::new(7, QoS::AtLeastOnce)
    }

    /// What a group got of which each member has notes of its own.
    fn group(of: impl Iterator<Item = (u64, u64)>) -> Arrivals {
        let group = Arc::new(Group::default());
        let mut members: Vec<_> = (0..MEMBERS)
            .map(|_| (Member::default(), Notes::new(Arc::clone(&group))))
            .collect();
        for (member, sequence) in of {
            let (member, notes) = &mut members[member as usize];
            assert!(member.arrived(notes, series(), sequence));
        }
        members.iter_mut().for_each(|(_, notes)| notes.hand_over());
        group.take().remove(&series()).unwrap_or_default()
    }

    #[test]
    fn what_all_members_got_leaves_no_gaps() {
        let all = group((0..1_000_000).map(|sequence| (sequence % MEMBERS, sequence)));
        assert_eq!(all.unique(), 1_000_000);
        assert_eq!((all.duplicated(), all.reordered()), (0, 0));
        let (base, bits) = all.to_bits();
        assert!(base > 999_900 && bits.len() <= 16, "{base} {}", bits.len());
    }

    #[test]
    fn what_two_members_got_is_duplicated_and_what_is_late_at_one_is_reordered() {
        let all = group([(0, 0), (0, 1), (1, 3), (1, 2), (2, 1), (3, 0)].into_iter());
        assert_eq!((all.unique(), all.duplicated()), (4, 2));
        assert_eq!(all.reordered(), 1, "2 came to a member after 3");
    }

    #[test]
    fn a_number_from_nowhere_is_not_counted() {
        let mut member = Member::default();
        let mut notes = Notes::new(Arc::default());
        assert!(!member.arrived(&mut notes, series(), u64::MAX));
        assert_eq!(member.count(), 0);
    }
}
