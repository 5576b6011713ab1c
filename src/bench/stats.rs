//! What is counted while a run goes on.

use std::sync::atomic::{AtomicU64, Ordering};

use hdrhistogram::Histogram;

use super::connecting::Connecting;
use super::fault::{Fault, Faults};
use super::latency::{self, Latency};

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
    }
}

/// How far all workers have come; each adds to it once a batch. What belongs to the warm-up
/// counts here too.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Connections that are ready or have failed.
    pub(super) settled: AtomicU64,
    /// Connections that are ready.
    pub(super) alive: AtomicU64,
    /// Publishers that will send more.
    pub(super) publishing: AtomicU64,
    pub(super) sent: AtomicU64,
    pub(super) acked: AtomicU64,
    pub(super) received: AtomicU64,
}

impl Progress {
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
}
