//! Where the connections of a run go to, and where from.

use std::net::IpAddr;

use crate::transport::Target;

/// Where the connections of a run go to, and where from: each broker gets the same share, and at
/// each broker each source address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Brokers beside the first, [`Plan::client`](super::Plan::client)'s own.
    pub others: Vec<Target>,
    /// Local addresses to connect from; empty: the system chooses.
    pub sources: Vec<IpAddr>,
}

impl Placement {
    /// How many brokers there are.
    pub fn brokers(&self) -> usize {
        1 + self.others.len()
    }

    /// The broker of a client, from 0. Publisher and subscriber of a pair have the same.
    pub fn broker(&self, client: u64) -> usize {
        (client % self.brokers() as u64) as usize
    }

    /// The local address of a client. `offset` is how many clients of other kinds there are before
    /// those of its own.
    pub fn source(&self, offset: u64, client: u64) -> Option<IpAddr> {
        let turn = offset.saturating_add(client) / self.brokers() as u64;
        let turn = turn.checked_rem(self.sources.len() as u64)?;
        self.sources.get(usize::try_from(turn).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::transport::Address;

    #[test]
    fn clients_are_spread_over_brokers_and_over_addresses_at_each() {
        let other = Target::new(Address::tcp("other", 1883));
        let sources = (1..=4).map(|last| IpAddr::from([127, 0, 0, last]));
        let placement = Placement {
            others: vec![other],
            sources: sources.collect(),
        };
        let mut counts = HashMap::new();
        for client in 0..800 {
            let place = (placement.broker(client), placement.source(0, client));
            *counts.entry(place).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 8);
        assert!(counts.values().all(|&count| count == 100), "{counts:?}");
    }

    #[test]
    fn without_addresses_the_system_chooses() {
        let placement = Placement::default();
        assert_eq!((placement.brokers(), placement.broker(7)), (1, 0));
        assert_eq!(placement.source(3, 7), None);
    }
}
