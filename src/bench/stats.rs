//! What is counted while a run goes on.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

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

/// How far all workers have come; each adds to it once a batch. What belongs to the warm-up
/// counts here too.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Connections that are ready or have failed.
    settled: AtomicU64,
    /// When the last of them did so, on the run's clock.
    settled_at: AtomicU64,
    /// Clients that are ready, and have not failed since.
    pub(super) alive: AtomicU64,
    /// Connections that broke after they were ready.
    pub(super) broken: AtomicU64,
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
    /// Sessions whose removal was tried, with success or without.
    pub(super) tried: AtomicU64,
    /// What of `acked` is no answer: the time for one had passed.
    pub(super) expired: AtomicU64,
    /// When the last of the turns so far was had, or given up, on the run's clock.
    last_turn: AtomicU64,
    /// What had not come yet when nobody would have another turn.
    under_way: AtomicU64,
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

    /// A client has had its last turn, `at` that moment.
    pub(super) fn retire(&self, plan: &Plan, at: u64) {
        self.last_turn.fetch_max(at, Ordering::Relaxed);
        if self.acting.fetch_sub(1, Ordering::AcqRel) == 1 {
            let [sent, received] = [&self.sent, &self.received].map(Progress::get);
            let [asked, acked] = [&self.asked, &self.acked].map(Progress::get);
            let under_way = match plan.copies() {
                0 => asked.saturating_sub(acked),
                _ => plan.arrivals(sent).saturating_sub(received),
            };
            self.under_way.store(under_way, Ordering::Release);
        }
    }

    /// When the last turn was had, and what had not come yet then; `None`: there are more, or there
    /// are none.
    pub(super) fn all_turns(&self) -> Option<(u64, u64)> {
        let is_over = self.acting.load(Ordering::Acquire) == 0;
        let last_turn = Some(Progress::get(&self.last_turn)).filter(|at| is_over && *at > 0);
        last_turn.map(|at| (at, Progress::get(&self.under_way)))
    }

    /// A connection became ready or failed at `now`.
    pub(super) fn settle(&self, now: u64) {
        self.settled_at.fetch_max(now, Ordering::Relaxed);
        // Who sees the number sees the time too.
        self.settled.fetch_add(1, Ordering::Release);
    }

    /// How many connections are ready or have failed, and when the last of them did so on the run's
    /// clock.
    pub(super) fn settled(&self) -> (u64, u64) {
        let settled = self.settled.load(Ordering::Acquire);
        (settled, self.settled_at.load(Ordering::Relaxed))
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
