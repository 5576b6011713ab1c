//! What a run found out.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use hdrhistogram::Histogram;

use super::{Health, Latency, Plan, Stall, Stats};

/// What a run found out: the measured part of it, without the warm-up.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was to be done.
    pub plan: Plan,
    /// When publishing began.
    pub started: SystemTime,
    /// From the end of the warm-up to the last message sent.
    pub duration: Duration,
    /// The connections.
    pub connections: Connections,
    /// Messages that should have been sent.
    pub offered: u64,
    /// Messages that were handed to sockets.
    pub sent: u64,
    /// Messages that the broker acknowledged (QoS 1 and 2).
    pub acked: u64,
    /// Arrivals there should have been of what was sent.
    pub expected: u64,
    /// Arrivals, each time a message did.
    pub received: u64,
    /// Arrivals that are missing.
    pub lost: u64,
    /// Arrivals of what had arrived already.
    pub duplicated: u64,
    /// Arrivals after a message of the same publisher that was sent later.
    pub reordered: u64,
    /// Arrivals that are not of this run.
    pub foreign: u64,
    /// What went wrong, and how often.
    pub errors: BTreeMap<String, u64>,
    /// The latencies; see [`Plan::latency_name`] for what they measure.
    pub latency: Latency,
    /// What was measured while it went.
    pub intervals: Vec<Interval>,
    /// Times in which nothing came from the broker although it was waited for, the longest first.
    pub stalls: Vec<Stall>,
    /// How the generator fared.
    pub generator: Health,
    /// Whether it was ended before its time, by the user.
    pub interrupted: bool,
}

/// The connections of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Connections {
    /// Connections asked for.
    pub asked: u64,
    /// Connections that could be used when publishing began.
    pub ready: u64,
    /// Connections that stood until the end.
    pub alive: u64,
    /// From the beginning to the last one settled.
    pub took: Duration,
    /// From the start of each attempt to its CONNACK, nanoseconds.
    pub latency: Histogram<u64>,
}

/// One interval of a run.
#[derive(Clone, Debug)]
pub struct Interval {
    /// When it ended, after publishing began.
    pub end: Duration,
    /// What all workers measured in it.
    pub stats: Stats,
}

/// What is to be thought of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The numbers can be believed.
    Valid,
    /// The generator was the bottleneck.
    Invalid,
    /// There was no broker to measure.
    NotConnected,
}

impl Report {
    /// Messages a second that were sent.
    pub fn sent_rate(&self) -> f64 {
        per_second(self.sent, self.duration)
    }

    /// Arrivals a second.
    pub fn received_rate(&self) -> f64 {
        per_second(self.received, self.duration)
    }

    /// What is to be thought of it.
    pub fn verdict(&self) -> Verdict {
        if self.connections.ready == 0 {
            Verdict::NotConnected
        } else if self.generator.is_valid() {
            Verdict::Valid
        } else {
            Verdict::Invalid
        }
    }
}

/// A number of events as a rate.
pub(super) fn per_second(count: u64, time: Duration) -> f64 {
    match time.is_zero() {
        true => 0.0,
        false => count as f64 / time.as_secs_f64(),
    }
}
