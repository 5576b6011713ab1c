//! What a run found out.

use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};

use super::{
    Act, Balance, Connecting, Counts, Deliveries, Faults, Health, Latency, Load, Plan, Stall,
    Stats, Steps, percentile,
};
use crate::codec::QoS;

/// What a run found out: the measured part of it, without the warm-up.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was to be done.
    pub plan: Plan,
    /// When publishing began; where nothing is published, when connecting did.
    pub started: SystemTime,
    /// From the end of the warm-up to the last message sent.
    pub duration: Duration,
    /// The connections.
    pub connections: Connections,
    /// Messages that should have been sent.
    pub offered: u64,
    /// Messages that were sent, and what became of them.
    pub counts: Counts,
    /// The messages of each QoS apart, in a run with several.
    pub by_qos: Vec<OfQos>,
    /// How a Shared Subscription spread them over its members.
    pub balance: Option<Balance>,
    /// What a merge with other shards needs to find out what was lost; of a shard, what is missing
    /// here may have been sent there, so that `expected` and `lost` are nothing.
    pub deliveries: Option<Deliveries>,
    /// Arrivals that are not of this run, or not for the subscriber that got them.
    pub foreign: u64,
    /// What went wrong, and how often, but for the warm-up.
    pub errors: Faults,
    /// What went wrong in the warm-up.
    pub warmup_errors: Faults,
    /// Messages that had not arrived yet when the last was sent; where nobody receives, that were not
    /// acknowledged.
    pub under_way: u64,
    /// From the first arrival to the last; where nobody receives, from the first acknowledgement.
    pub receiving: Duration,
    /// The latencies; see [`Plan::latency_name`] for what they measure.
    pub latency: Latency,
    /// How long the steps of the scenario took, if it has several.
    pub steps: Steps,
    /// Sessions, or messages retained, that the run made and could not remove; `None` where it makes
    /// none.
    pub left_behind: Option<u64>,
    /// What was measured while it went; together it is all that was counted.
    pub intervals: Vec<Interval>,
    /// Times in which nothing came from the broker although it was waited for, the longest first.
    pub stalls: Vec<Stall>,
    /// Since when nothing came from the broker any more, until the run was given up.
    pub silent_from: Option<Duration>,
    /// How the generator fared.
    pub generator: Health,
    /// Whether it was ended before its time, by the user.
    pub interrupted: bool,
}

/// The messages of one QoS in a run with several.
#[derive(Clone, Debug)]
pub struct OfQos {
    /// The QoS.
    pub qos: QoS,
    /// What became of them.
    pub counts: Counts,
    /// From when messages were due to their arrival.
    pub latency: Latency,
}

/// The connections of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Connections {
    /// Connections asked for.
    pub asked: u64,
    /// Connections that could be used when publishing began.
    pub ready: u64,
    /// Connections that stood before, and broke until then.
    pub lost_early: u64,
    /// Connections that stood until the end.
    pub alive: u64,
    /// When none stood any more, after the start, which ended the run.
    pub all_lost: Option<Duration>,
    /// From the beginning to the last one settled.
    pub took: Duration,
    /// How long the attempts took.
    pub latency: Connecting,
    /// Each broker, and the connections that it accepted.
    pub by_broker: Vec<(String, u64)>,
}

impl Connections {
    /// Connections that could be used at some time.
    pub fn stood(&self) -> u64 {
        self.ready + self.lost_early
    }
}

/// One interval of a run.
#[derive(Clone, Debug)]
pub struct Interval {
    /// When it ended, after publishing began.
    pub end: Duration,
    /// It was all warm-up, and nothing in it was measured. A report has no such intervals.
    pub is_warmup: bool,
    /// Messages handed to sockets.
    pub sent: u64,
    /// Messages that the broker acknowledged.
    pub acked: u64,
    /// Arrivals.
    pub received: u64,
    /// Things that went wrong.
    pub errors: u64,
    /// p50, p90, p99 and the maximum of the corrected latency; `None`: it has none.
    pub latency: Option<[Duration; 4]>,
    /// The corrected latencies, as a compressed HDR histogram (V2 with DEFLATE): a run may have many
    /// intervals.
    pub histogram: Vec<u8>,
}

impl Interval {
    /// What was measured in the interval that ended at `end`.
    pub(super) fn new(end: Duration, is_warmup: bool, stats: &Stats) -> Interval {
        Interval {
            is_warmup,
            sent: stats.sent,
            acked: stats.acked,
            received: stats.received,
            errors: match is_warmup {
                true => stats.warmup_errors.total(),
                false => stats.errors.total(),
            },
            ..Interval::empty(end)
        }
        .with_latencies(&stats.latency.corrected)
    }

    /// An interval in which nothing happened.
    pub(super) fn empty(end: Duration) -> Interval {
        Interval {
            end,
            is_warmup: false,
            sent: 0,
            acked: 0,
            received: 0,
            errors: 0,
            latency: None,
            histogram: Vec::new(),
        }
    }

    /// The interval with these corrected latencies.
    pub(super) fn with_latencies(mut self, corrected: &Histogram<u64>) -> Interval {
        let at = |percent| percentile(corrected, percent);
        self.latency = (!corrected.is_empty()).then(|| [50.0, 90.0, 99.0, 100.0].map(at));
        self.histogram.clear();
        // Nothing fails to be written to memory.
        let _ = V2DeflateSerializer::new().serialize(corrected, &mut self.histogram);
        self
    }
}

impl Report {
    /// Messages at QoS 1 and 2, or requests, that the broker neither acknowledged nor refused;
    /// `None` where there are none to be acknowledged.
    pub fn unacknowledged(&self) -> Option<u64> {
        let plan = &self.plan;
        let is_asked = match plan.scenario.act() {
            Act::Publish => plan.qos != QoS::AtMostOnce,
            Act::Subscribe | Act::Return | Act::Request => true,
            Act::Stay | Act::Visit | Act::Die => false,
        };
        let of_mix = self.by_qos.iter().filter(|one| one.qos != QoS::AtMostOnce);
        is_asked.then(|| match plan.mix {
            Some(_) => of_mix.map(|one| one.counts.unanswered()).sum(),
            None => self.counts.unanswered(),
        })
    }

    /// Each interval, and when what was measured in it began: in the first, when the warm-up was
    /// over.
    pub fn spans(&self) -> impl Iterator<Item = (Duration, &Interval)> {
        let mut from = self.plan.warmup;
        self.intervals
            .iter()
            .map(move |interval| (std::mem::replace(&mut from, interval.end), interval))
    }

    /// Whether the time measured is that in which messages were sent, or turns were had.
    pub fn has_sent_rate(&self) -> bool {
        !self.plan.scenario.is_storm()
    }

    /// Messages a second that were sent.
    pub fn sent_rate(&self) -> f64 {
        per_second(self.counts.sent, self.duration)
    }

    /// Arrivals a second, until the last of them.
    pub fn received_rate(&self) -> f64 {
        per_second(self.counts.received, self.duration.max(self.receiving))
    }

    /// By how much longer messages arrived than they were sent, if that says that the broker was
    /// slower than the load: a rate below [`RATE_KEPT`], and as many messages under way at the end,
    /// beyond those that a window of unacknowledged messages allows anyway.
    pub fn arrears(&self) -> Option<Duration> {
        let counts = &self.counts;
        let all = counts.expected.max(counts.sent) as f64;
        let is_rate_kept = self.receiving.mul_f64(RATE_KEPT) <= self.duration;
        let window = match self.plan.load {
            Load::Closed { inflight } if self.plan.qos > QoS::AtMostOnce => {
                self.plan.publishers.saturating_mul(inflight.into())
            }
            Load::Closed { .. } | Load::Open { .. } => 0,
        };
        let usual = percentile(&self.latency.corrected, 50.0);
        let is_steady = match self.plan.load {
            Load::Open { .. } => !is_piled_up(self.under_way, all, self.duration, usual),
            Load::Closed { .. } => false,
        };
        let is_ordinary = is_steady
            || self.under_way <= window
            || self.under_way as f64 <= (1.0 - RATE_KEPT) * all;
        let has_rate = self.has_sent_rate() && !self.plan.scenario.churns();
        let arrears = self.receiving.saturating_sub(self.duration);
        (has_rate && !is_rate_kept && !is_ordinary).then_some(arrears)
    }

    /// What went wrong most often, in words: before the warm-up or after it, or else in it.
    pub fn why(&self) -> Option<&str> {
        let errors = self.errors.commonest().or(self.warmup_errors.commonest());
        errors.map(|(_, tally)| tally.example.as_str())
    }

    /// Whether that is a broker which said no.
    pub fn is_refused(&self) -> bool {
        let errors = self.errors.commonest().or(self.warmup_errors.commonest());
        errors.is_some_and(|(key, _)| key.contains("_0x"))
    }
}

/// A rate counts as kept from this part of it on.
pub const RATE_KEPT: f64 = 0.99;

/// Whether `under_way` says that messages piled up, of so many that came in a time and took so long as
/// is `usual`: where they do, a message at the end takes twice as long as most did. Where they do
/// not, so many are under way as come in the time that one takes.
fn is_piled_up(under_way: u64, all: f64, time: Duration, usual: Duration) -> bool {
    under_way as f64 * time.as_secs_f64() > 1.5 * all * usual.as_secs_f64()
}

/// A number of events as a rate.
pub(super) fn per_second(count: u64, time: Duration) -> f64 {
    match time.is_zero() {
        true => 0.0,
        false => count as f64 / time.as_secs_f64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latency_alone_piles_nothing_up() {
        let (time, usual) = (Duration::from_secs(2), Duration::from_millis(105));
        assert!(
            !is_piled_up(21, 400.0, time, usual),
            "200/s for 105 ms each"
        );
        assert!(
            is_piled_up(42, 400.0, time, usual),
            "twice as long at the end"
        );
        assert!(is_piled_up(5, 400.0, time, Duration::ZERO));
    }
}
