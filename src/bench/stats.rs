//! What is counted while a run goes on.

use std::sync::atomic::{AtomicU64, Ordering};

use hdrhistogram::Histogram;

use super::connecting::Connecting;
use super::fault::{Fault, Faults};
use super::latency::{self, Latency};
use super::steps::Steps;
use super::{Act, Plan};
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
    /// Messages that arrived and are not of this run.
    pub foreign: u64,
    /// What went wrong, and how often.
    pub errors: Faults,
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
    /// When the last message arrived, in nanoseconds of the run's clock.
    pub last_arrival: u64,
    /// The messages of each QoS apart, in a run with several.
    by_qos: Option<Box<[QosStats; 3]>>,
}

/// What was measured of the messages of one QoS.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct QosStats {
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
            latency: Latency::default(),
            lag: latency::histogram(),
            connecting: Connecting::default(),
            accepted: Vec::new(),
            steps: Steps::default(),
            last_arrival: 0,
            by_qos: None,
        }
    }
}

impl Stats {
    /// Counts something that went wrong.
    pub(super) fn error(&mut self, what: impl Into<Fault>) {
        self.errors.count(what.into());
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
        self.latency.merge(&other.latency);
        latency::merge(&mut self.lag, &other.lag);
        self.connecting.merge(&other.connecting);
        for (broker, &count) in other.accepted.iter().enumerate() {
            self.accepted(broker, count);
        }
        self.steps.merge(&other.steps);
        self.last_arrival = self.last_arrival.max(other.last_arrival);
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

/// How far all workers have come; each adds to it once a batch. What belongs to the warm-up
/// counts here too.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Connections that are ready or have failed.
    pub(super) settled: AtomicU64,
    /// Clients that are ready, and have not failed since.
    pub(super) alive: AtomicU64,
    /// Clients that will have another turn.
    pub(super) acting: AtomicU64,
    /// Turns that clients have had, other than messages published.
    pub(super) turns: AtomicU64,
    /// Publishers that fill the broker.
    pub(super) filling: AtomicU64,
    /// Subscribers that have left their sessions.
    pub(super) away: AtomicU64,
    /// Messages handed to sockets, and clients with wills cut off.
    pub(super) sent: AtomicU64,
    /// What the broker is to answer.
    pub(super) asked: AtomicU64,
    /// What of that it has answered.
    pub(super) acked: AtomicU64,
    pub(super) received: AtomicU64,
    /// What a run leaves in the broker: sessions, or messages retained.
    pub(super) made: AtomicU64,
    /// What of that is gone again.
    pub(super) removed: AtomicU64,
    /// When each client with a will was cut off, on the run's clock.
    deaths: Vec<AtomicU64>,
}

impl Progress {
    pub(super) fn new(plan: &Plan) -> Progress {
        let mortals = match plan.scenario.act() {
            Act::Die => plan.publishers,
            _ => 0,
        };
        let fillers = match plan.scenario.fills() {
            true => plan.shard.share(plan.publishers),
            false => 0,
        };
        Progress {
            acting: plan.shard.share(plan.actors()).into(),
            filling: fillers.into(),
            deaths: (0..mortals).map(|_| AtomicU64::new(0)).collect(),
            ..Progress::default()
        }
    }

    pub(super) fn add(counter: &AtomicU64, count: u64) {
        if count > 0 {
            counter.fetch_add(count, Ordering::Relaxed);
        }
    }

    pub(super) fn take(counter: &AtomicU64) {
        counter.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn get(counter: &AtomicU64) -> u64 {
        counter.load(Ordering::Relaxed)
    }

    /// A client is about to be cut off.
    pub(super) fn dies(&self, client: u64, now: u64) {
        if let Some(death) = self.death(client) {
            death.store(now.max(1), Ordering::Release);
        }
    }

    /// When a client was cut off; `None`: it was not, by us.
    pub(super) fn died(&self, client: u64) -> Option<u64> {
        let death = self.death(client)?.load(Ordering::Acquire);
        (death > 0).then_some(death)
    }

    fn death(&self, client: u64) -> Option<&AtomicU64> {
        self.deaths.get(usize::try_from(client).ok()?)
    }
}
