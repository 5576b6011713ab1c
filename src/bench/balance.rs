//! How a Shared Subscription spreads messages over its members.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::{Arrivals, Series};

/// What each member of a group got, as [`Arrivals`] of each series.
pub(super) type Member = (u64, HashMap<Series, Arrivals>);

/// How many messages the members of a Shared Subscription got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Members that subscribed.
    pub members: u64,
    /// Arrivals at the member that got the fewest.
    pub min: u64,
    /// Arrivals at the member that got the most.
    pub max: u64,
    /// Arrivals at all of them.
    pub all: u64,
}

impl Balance {
    /// The balance of these members; `None` where there are none.
    pub(super) fn of(members: &[Member]) -> Option<Balance> {
        let counts = members.iter().map(|(_, by_series)| {
            let each = by_series.values();
            each.map(|arrivals| arrivals.unique() + arrivals.duplicated())
                .sum::<u64>()
        });
        Some(Balance {
            members: members.len() as u64,
            min: counts.clone().min()?,
            max: counts.clone().max()?,
            all: counts.sum(),
        })
    }

    /// The balance of the members of both.
    pub(super) fn and(self, other: Balance) -> Balance {
        Balance {
            members: self.members + other.members,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            all: self.all + other.all,
        }
    }

    /// Arrivals at a member, on average.
    pub fn mean(&self) -> f64 {
        self.all as f64 / self.members.max(1) as f64
    }
}

/// What the members of a group got together.
pub(super) fn together(members: Vec<Member>) -> HashMap<Series, Arrivals> {
    let mut group: HashMap<Series, Arrivals> = HashMap::new();
    for (series, arrivals) in members.into_iter().flat_map(|(_, got)| got) {
        match group.entry(series) {
            Entry::Occupied(mut others) => others.get_mut().merge(&arrivals),
            Entry::Vacant(first) => {
                first.insert(arrivals);
            }
        }
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::QoS;

    fn series() -> Series {
        Series::new(7, QoS::AtLeastOnce)
    }

    fn member(number: u64, sequences: &[u64]) -> Member {
        let mut arrivals = Arrivals::default();
        for &sequence in sequences {
            assert!(arrivals.arrived(sequence));
        }
        (number, HashMap::from([(series(), arrivals)]))
    }

    #[test]
    fn shares_are_compared() {
        let idle = (2, HashMap::new());
        let members = [member(0, &[0, 1, 3]), member(1, &[2, 3]), idle];
        let balance = Balance::of(&members).unwrap();
        assert_eq!((balance.members, balance.min, balance.max), (3, 0, 3));
        assert!((balance.mean() - 5.0 / 3.0).abs() < 1e-9);
        assert_eq!(Balance::of(&[]), None);
    }

    #[test]
    fn what_two_members_got_is_duplicated() {
        let group = together(vec![member(0, &[0, 1, 3]), member(1, &[2, 3])]);
        let arrivals = &group[&series()];
        assert_eq!((arrivals.unique(), arrivals.duplicated()), (4, 1));
    }
}
