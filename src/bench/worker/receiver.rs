//! The receiving side of a connection.

use std::collections::HashMap;

use super::{Context, Part};
use crate::bench::fault::Fault;
use crate::bench::stats::Stats;
use crate::bench::{Act, Arrivals, Load, Series, Stamp, latency};
use crate::session::Received;

/// Only between shards on machines whose clocks differ.
const SKEW: &str = "a message arrived before it was sent: the clocks of the shards differ";

/// The receiving side of a connection.
pub(super) struct Receiver {
    /// Its number among all subscribers.
    number: u64,
    by_series: HashMap<Series, Arrivals>,
    /// When it subscribed or came back, where latencies count from that.
    began: Option<Began>,
}

/// When a receiver was to begin, and when it did.
struct Began {
    intended: u64,
    sent: u64,
    /// Different messages that have arrived since.
    got: u64,
}

impl Receiver {
    pub(super) fn new(number: u64) -> Receiver {
        Receiver {
            number,
            by_series: HashMap::new(),
            began: None,
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Latencies count from now on.
    pub(super) fn begin(&mut self, intended: u64, sent: u64) {
        self.began = Some(Began {
            intended,
            sent,
            got: 0,
        });
    }

    /// When it was to begin.
    pub(super) fn intended(&self) -> Option<u64> {
        self.began.as_ref().map(|began| began.intended)
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
        let times = self.times(context, &stamp);
        let is_ours = stamp.series.publisher() < context.plan.publishers;
        let (Some((intended, sent)), true) = (times, is_ours) else {
            stats.foreign += 1;
            return None;
        };
        let arrivals = self.by_series.entry(stamp.series).or_default();
        let before = arrivals.unique();
        if !arrivals.arrived(sequence) {
            stats.foreign += 1;
            return None;
        }
        let is_new = arrivals.unique() > before;
        stats.received += 1;
        if now < sent {
            stats.error(Fault::new("clock_skew", SKEW));
        }
        stats.last_arrival = now;
        stats.latency.record(intended, sent, now);
        if context.plan.mix.is_some() {
            let of_qos = stats.of_qos(stamp.series.qos());
            of_qos.received += 1;
            of_qos.latency.record(intended, sent, now);
        }
        if let Some(began) = self.began.as_mut().filter(|_| is_new) {
            began.got += 1;
            let since = now.saturating_sub(intended);
            if began.got == 1 {
                latency::record(&mut stats.steps.first, since);
            }
            if began.got == context.filled.get() {
                latency::record(&mut stats.steps.all, since);
            }
        }
        Some(sent)
    }

    /// What the latency of a message counts from: when it was due, and when it was done; `None`:
    /// nobody has caused it.
    fn times(&self, context: &Context, stamp: &Stamp) -> Option<(u64, u64)> {
        match context.plan.scenario.act() {
            Act::Subscribe | Act::Return => {
                let began = self.began.as_ref()?;
                Some((began.intended, began.sent))
            }
            Act::Die => {
                let client = stamp.series.publisher();
                let died = context.progress.died(client)?;
                let start = context.begins(Part::Publisher).unwrap_or(died);
                match (&context.schedule, context.plan.load) {
                    (Some(schedule), Load::Open { .. }) => {
                        Some((start + schedule.due(client), died))
                    }
                    _ => Some((died, died)),
                }
            }
            _ => {
                let lag = u64::from(stamp.lag) * 1000;
                Some((stamp.intended, stamp.intended + lag))
            }
        }
    }

    /// What arrived, by series.
    pub(super) fn into_arrivals(self) -> HashMap<Series, Arrivals> {
        self.by_series
    }
}
