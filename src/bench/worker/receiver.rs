//! The receiving side of a connection.

use std::collections::HashMap;

use super::Context;
use crate::bench::fault::Fault;
use crate::bench::stats::Stats;
use crate::bench::{Arrivals, Stamp};
use crate::session::Received;

/// Only between shards on machines whose clocks differ.
const SKEW: &str = "a message arrived before it was sent: the clocks of the shards differ";

/// The receiving side of a connection.
pub(super) struct Receiver {
    /// Its number among all subscribers.
    number: u64,
    by_publisher: HashMap<u32, Arrivals>,
}

impl Receiver {
    pub(super) fn new(number: u64) -> Receiver {
        Receiver {
            number,
            by_publisher: HashMap::new(),
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// A message arrived at `now`. Gives when it was handed to a socket, if it is one of ours.
    pub(super) fn message(
        &mut self,
        context: &Context,
        stats: &mut Stats,
        now: u64,
        message: &Received<'_>,
    ) -> Option<u64> {
        let Some(stamp) = Stamp::read(context.run, message.publish.payload) else {
            stats.foreign += 1;
            return None;
        };
        let sent = stamp.intended + u64::from(stamp.lag) * 1000;
        let Some(sequence) = stamp.sequence else {
            return Some(sent);
        };
        let is_ours = u64::from(stamp.publisher) < context.plan.publishers;
        let arrivals = is_ours.then(|| self.by_publisher.entry(stamp.publisher).or_default());
        if !arrivals.is_some_and(|arrivals| arrivals.arrived(sequence)) {
            stats.foreign += 1;
            return None;
        }
        stats.received += 1;
        if now < sent {
            stats.error(Fault::new("clock_skew", SKEW));
        }
        stats.latency.record(stamp.intended, sent, now);
        Some(sent)
    }

    /// What arrived, by publisher.
    pub(super) fn into_arrivals(self) -> HashMap<u32, Arrivals> {
        self.by_publisher
    }
}
