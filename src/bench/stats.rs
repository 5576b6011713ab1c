//! What is measured while a run goes on.

use std::time::Duration;

use hdrhistogram::Histogram;

use super::connecting::Connecting;
use super::fault::{Fault, Faults};
use super::latency::{self, Latency};
use super::steps::Steps;
use crate::codec::QoS;

/// What one worker, or all of them, measured in an interval or in all.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// Messages handed to sockets.
    pub sent: u64,
    /// Messages that the broker acknowledged (QoS 1 and 2).
    pub acked: u64,
    /// Messages that the broker refused, in a PUBACK or PUBREC.
    pub refused: u64,
    /// Messages that arrived, each time they did.
    pub received: u64,
    /// Messages that arrived and are not of this run, or not for the subscriber that got them.
    pub foreign: u64,
    /// What went wrong, and how often; in the warm-up, it counts apart.
    pub errors: Faults,
    /// What went wrong in the warm-up.
    pub warmup_errors: Faults,
    /// Of the messages that were acknowledged or, where somebody receives them, arrived.
    pub latency: Latency,
    /// How long after their time messages were given to a connection, for want of time of the
    /// generator; nanoseconds.
    pub lag: Histogram<u64>,
    /// Of the connection attempts.
    pub connecting: Connecting,
    /// Connections that each broker accepted.
    pub accepted: Vec<u64>,
    /// Of what else clients do.
    pub steps: Steps,
    /// When messages were done: those that somebody receives when they arrived, others when they
    /// were acknowledged.
    pub(super) done: Moments,
    /// The messages of each QoS apart, in a run with several.
    by_qos: Option<Box<[QosStats; 3]>>,
}

/// What was measured of the messages of one QoS.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct QosStats {
    /// Messages handed to sockets.
    pub sent: u64,
    /// Messages that the broker acknowledged.
    pub acked: u64,
    /// Messages that the broker refused.
    pub refused: u64,
    /// Messages that arrived, each time they did.
    pub received: u64,
    /// Of the messages that arrived.
    pub latency: Latency,
}

/// The first and the last of some moments, in nanoseconds of the run's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moments {
    first: u64,
    last: u64,
}

impl Default for Moments {
    fn default() -> Moments {
        Moments {
            first: u64::MAX,
            last: 0,
        }
    }
}

impl Moments {
    /// There was one more.
    #[inline]
    pub(super) fn add(&mut self, at: u64) {
        self.merge(Moments {
            first: at,
            last: at,
        });
    }

    fn merge(&mut self, other: Moments) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }

    /// The last of them; 0 if there is none.
    pub(super) fn last(self) -> u64 {
        self.last
    }

    /// From the first to the last.
    pub(super) fn span(self) -> Duration {
        Duration::from_nanos(self.last.saturating_sub(self.first))
    }
}

impl QosStats {
    fn merge(&mut self, other: &QosStats) {
        self.sent += other.sent;
        self.acked += other.acked;
        self.refused += other.refused;
        self.received += other.received;
        self.latency.merge(&other.latency);
    }
}

impl Default for Stats {
    fn default() -> Stats {
        Stats {
            sent: 0,
            acked: 0,
            refused: 0,
            received: 0,
            foreign: 0,
            errors: Faults::default(),
            warmup_errors: Faults::default(),
            latency: Latency::default(),
            lag: latency::histogram(),
            connecting: Connecting::default(),
            accepted: Vec::new(),
            steps: Steps::default(),
            done: Moments::default(),
            by_qos: None,
        }
    }
}

impl Stats {
    /// Counts something that went wrong.
    pub(super) fn error(&mut self, what: impl Into<Fault>) {
        self.error_if(true, what);
    }

    /// The same of something that `is_measured`, or belongs to the warm-up.
    pub(super) fn error_if(&mut self, is_measured: bool, what: impl Into<Fault>) {
        let errors = match is_measured {
            true => &mut self.errors,
            false => &mut self.warmup_errors,
        };
        errors.count(what.into());
    }

    /// A broker accepted so many connections.
    pub(super) fn accepted(&mut self, broker: usize, count: u64) {
        if broker >= self.accepted.len() {
            self.accepted.resize(broker + 1, 0);
        }
        if let Some(accepted) = self.accepted.get_mut(broker) {
            *accepted += count;
        }
    }

    /// Takes in what another counted.
    pub fn merge(&mut self, other: &Stats) {
        self.sent += other.sent;
        self.acked += other.acked;
        self.refused += other.refused;
        self.received += other.received;
        self.foreign += other.foreign;
        self.errors.merge(&other.errors);
        self.warmup_errors.merge(&other.warmup_errors);
        self.latency.merge(&other.latency);
        latency::merge(&mut self.lag, &other.lag);
        self.connecting.merge(&other.connecting);
        for (broker, &count) in other.accepted.iter().enumerate() {
            self.accepted(broker, count);
        }
        self.steps.merge(&other.steps);
        self.done.merge(other.done);
        if let Some(other) = &other.by_qos {
            let own = self.by_qos.get_or_insert_default();
            for (own, other) in own.iter_mut().zip(&**other) {
                own.merge(other);
            }
        }
    }

    /// The messages of one QoS, which are counted apart from now on.
    pub(super) fn of_qos(&mut self, qos: QoS) -> &mut QosStats {
        let [zero, one, two] = &mut **self.by_qos.get_or_insert_default();
        match qos {
            QoS::AtMostOnce => zero,
            QoS::AtLeastOnce => one,
            QoS::ExactlyOnce => two,
        }
    }
}
