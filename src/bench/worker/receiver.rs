//! The receiving side of a connection.

use std::collections::HashMap;

use super::Outcome;
use super::context::{Context, Part};
use crate::bench::fault::Fault;
use crate::bench::group::{Member, Notes};
use crate::bench::stats::Stats;
use crate::bench::{Act, Arrivals, Load, Scenario, Series, Stamp, latency};
use crate::session::Received;

/// Only between shards on machines whose clocks differ.
const SKEW: &str = "a message arrived before it was sent: the clocks of the shards differ";

/// The receiving side of a connection.
pub(super) struct Receiver {
    /// Its number among all subscribers.
    number: u64,
    got: Got,
    /// When it subscribed or came back, where latencies count from that.
    began: Option<Began>,
}

/// What a receiver got.
enum Got {
    /// Everything that it is to get.
    All(HashMap<Series, Arrivals>),
    /// A share, as a member of a group.
    Share(Member),
}

/// When a receiver was to begin, and when it did.
struct Began {
    intended: u64,
    sent: u64,
    /// Different messages that have arrived since.
    got: u64,
}

impl Receiver {
    pub(super) fn new(context: &Context, number: u64) -> Receiver {
        Receiver {
            number,
            got: match context.plan.scenario {
                Scenario::Shared => Got::Share(Member::default()),
                _ => Got::All(HashMap::new()),
            },
            began: None,
        }
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
        notes: &mut Notes,
        now: u64,
        message: &Received<'_>,
    ) -> Option<u64> {
        let Some(stamp) = Stamp::read(context.run, message.publish.payload) else {
            let payload = message.publish.payload;
            // Another worker may remove what was retained while this one still listens.
            let is_removal = payload.is_empty() && context.plan.scenario == Scenario::Retained;
            stats.foreign += u64::from(!is_removal);
            return None;
        };
        let sent = stamp.sent();
        let Some(sequence) = stamp.sequence else {
            return Some(sent);
        };
        let times = self.times(context, &stamp);
        let publisher = stamp.series.publisher();
        let is_ours =
            publisher < context.plan.publishers && context.plan.reaches(publisher, self.number);
        let (Some((intended, sent)), true) = (times, is_ours) else {
            stats.foreign += 1;
            return None;
        };
        let Some(is_new) = self.got.arrived(notes, stamp.series, sequence) else {
            stats.foreign += 1;
            return None;
        };
        stats.received += 1;
        if now < sent {
            stats.error(Fault::new("clock_skew", SKEW));
        }
        stats.done.add(now);
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
            _ => Some((stamp.intended, stamp.sent())),
        }
    }

    /// Leaves behind what arrived.
    pub(super) fn leave(self, outcome: &mut Outcome) {
        match self.got {
            Got::All(by_series) => outcome.arrived.push((self.number, by_series)),
            Got::Share(member) => outcome.members.push(member.count()),
        }
    }
}

impl Got {
    /// A message has arrived; whether it is new. `None`: the number cannot be right.
    #[inline]
    fn arrived(&mut self, notes: &mut Notes, series: Series, sequence: u64) -> Option<bool> {
        match self {
            Got::All(by_series) => {
                let arrivals = by_series.entry(series).or_default();
                let before = arrivals.unique();
                let is_counted = arrivals.arrived(sequence);
                is_counted.then(|| arrivals.unique() > before)
            }
            // The group knows.
            Got::Share(member) => member.arrived(notes, series, sequence).then_some(true),
        }
    }
}
