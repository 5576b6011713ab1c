//! How a Shared Subscription spreads messages over its members.

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
    /// The balance of members that got so many each; `None` where there are none.
    pub(super) fn of(counts: &[u64]) -> Option<Balance> {
        Some(Balance {
            members: counts.len() as u64,
            min: *counts.iter().min()?,
            max: *counts.iter().max()?,
            all: counts.iter().sum(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_compared() {
        let balance = Balance::of(&[3, 2, 0]).unwrap();
        assert_eq!((balance.members, balance.min, balance.max), (3, 0, 3));
        assert!((balance.mean() - 5.0 / 3.0).abs() < 1e-9);
        assert_eq!(Balance::of(&[]), None);
    }
}
