//! Bounds on what is kept for all clients together, so that many modest ones do no more harm than
//! one that is not.
//!
//! * When as much is *in flight* as allowed, each client has one message in flight, and the others
//!   queue.
//! * When as much is *queued* as allowed, nothing more is: the publisher is told as for a queue of
//!   one client. Those who keep up need no queue, and notice nothing.
//! * When the *subscriptions* take as much as allowed, no more are made.
//! * When as much *output* waits as allowed, publishers wait for a slow subscriber, and QoS 0 is
//!   dropped for a stalled one, at a much lower mark.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::Router;
use super::connection::Connection;
use super::filters::OwnFilters;
use crate::broker::Event;
use crate::broker::Limits;
use crate::broker::counters::Limit;
use crate::session::{Pool, Pools};

/// Output waiting for one connection that counts as much when there is too much in all.
const CROWDED_OUTPUT: usize = 64 << 10;
/// A limit that is met again and again is worth a line so often.
const QUIET: Duration = Duration::from_secs(10);

/// What is kept for all clients together.
pub(super) struct InAll {
    pub(super) pools: Pools,
    /// Bytes on their way to all connections, as of when each was last looked at.
    output: usize,
    /// What all subscriptions weigh.
    filters: usize,
    /// When each limit was last logged.
    logged: Vec<(Limit, Instant)>,
}

impl InAll {
    pub(super) fn new(limits: &Limits) -> Self {
        let pool = |messages, bytes| Rc::new(Pool::new(messages, bytes));
        Self {
            pools: Pools {
                in_flight: pool(limits.inflight_in_all, limits.inflight_bytes_in_all),
                queued: pool(limits.queue_messages_in_all, limits.queue_bytes_in_all),
            },
            output: 0,
            filters: 0,
            logged: Vec::new(),
        }
    }

    /// Takes note of how much waits for this connection; says how much that is.
    pub(super) fn count_output(&mut self, connection: &mut Connection) -> usize {
        let pending = connection.pending();
        self.output = self.output - connection.counted + pending;
        connection.counted = pending;
        pending
    }

    /// Whether one more subscription may be made.
    pub(super) fn has_room_for(&self, filter: &str, limits: &Limits) -> bool {
        self.filters + OwnFilters::weight(filter) <= limits.subscription_bytes_in_all
    }

    pub(super) fn count_filter(&mut self, filter: &str) {
        self.filters += OwnFilters::weight(filter);
    }

    pub(super) fn forget_filter(&mut self, filter: &str) {
        self.filters -= OwnFilters::weight(filter);
    }

    /// What all subscriptions weigh.
    pub(super) fn filters(&self) -> usize {
        self.filters
    }

    /// The connection is gone.
    pub(super) fn forget_output(&mut self, connection: &Connection) {
        self.output -= connection.counted;
    }

    pub(super) fn has_much_output(&self, limits: &Limits) -> bool {
        self.output > limits.output_in_all
    }

    /// Output waiting for one connection above which publishers wait for it.
    pub(super) fn high_water(&self, limits: &Limits) -> usize {
        match self.has_much_output(limits) {
            true => limits.output_high_water.min(CROWDED_OUTPUT),
            false => limits.output_high_water,
        }
    }

    /// Output waiting for one connection above which QoS 0 messages to it are dropped.
    pub(super) fn output_limit(&self, limits: &Limits, stalled: bool) -> usize {
        match stalled && self.has_much_output(limits) {
            true => limits.output_limit.min(CROWDED_OUTPUT),
            false => limits.output_limit,
        }
    }

    /// Whether it is time for another line about this limit.
    fn is_news(&mut self, now: Instant, limit: Limit) -> bool {
        match self.logged.iter_mut().find(|(other, _)| *other == limit) {
            Some((_, last)) if now.saturating_duration_since(*last) < QUIET => false,
            Some((_, last)) => {
                *last = now;
                true
            }
            None => {
                self.logged.push((limit, now));
                true
            }
        }
    }
}

impl Router {
    /// What all clients together have made the router keep has met a limit.
    pub(super) fn meet_in_all(&mut self, now: Instant, limit: Limit) {
        self.counters.limits.count(limit);
        if self.in_all.is_news(now, limit) {
            self.log(&Event::LimitInAll {
                what: limit.in_words(),
            });
        }
    }
}
