//! Slow subscribers.
//!
//! While a subscriber has more output waiting than the high-water mark, those who publish to it
//! are not read: their sockets fill, and they slow down. When it has drained to half of that,
//! they go on. If it makes no progress for a while it is *stalled*, and nobody waits for it any
//! more: beyond the output limit its QoS 0 messages are dropped, its QoS 1 and 2 messages are
//! queued to the queue's limits and then dropped too, until it has drained.

use std::rc::Rc;
use std::time::Instant;

use super::{ConnectionKey, Router};
use crate::broker::Event;
use crate::broker::counters::Limit;

impl Router {
    /// Makes `publisher` wait if `subscriber` has too much output waiting.
    pub(super) fn slow_down(
        &mut self,
        now: Instant,
        publisher: ConnectionKey,
        subscriber: ConnectionKey,
    ) {
        let is_crowded = self.in_all.has_much_output(&self.limits);
        let Some(connection) = self.connections.get(subscriber) else {
            return;
        };
        if connection.stalled
            || publisher == subscriber
            || connection.pending() <= self.in_all.high_water(&self.limits)
            || self.waits_for(publisher, subscriber)
        {
            return;
        }
        let Some(connection) = self.connections.get_mut(subscriber) else {
            return;
        };
        if connection.waiting.is_empty() {
            connection.since = now;
        }
        connection.waiting.push(publisher);
        self.counters.limits.count(Limit::Output);
        if is_crowded {
            self.meet_in_all(now, Limit::OutputInAll);
        }
        self.arm_connection(subscriber);
        if let Some(publisher) = self.connections.get_mut(publisher) {
            publisher.waits_for.push(subscriber);
        }
    }

    /// Whether `publisher` waits for `subscriber`. Both know; thousands may wait for one, or one for
    /// thousands, so the shorter list is looked at.
    fn waits_for(&self, publisher: ConnectionKey, subscriber: ConnectionKey) -> bool {
        let ends = (
            self.connections.get(publisher),
            self.connections.get(subscriber),
        );
        let (Some(from), Some(to)) = ends else {
            return false;
        };
        match from.waits_for.len() < to.waiting.len() {
            true => from.waits_for.contains(&subscriber),
            false => to.waiting.contains(&publisher),
        }
    }

    /// The connection's task has written bytes, and has `unsent` left.
    pub(in crate::broker) fn sent(&mut self, now: Instant, key: ConnectionKey, unsent: usize) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let was_read = connection.pending() <= self.limits.output_limit;
        connection.sent(now, unsent);
        self.in_all.count_output(connection);
        if connection.pending() <= self.limits.output_high_water / 2 {
            connection.stalled = false;
            if !connection.waiting.is_empty() {
                self.release_waiting(now, key);
            }
            self.resume_delivery(now, key);
        }
        if !was_read && let Some((client, _)) = self.client_of(key) {
            // It takes bytes, so it lives; what it sends waits in the socket.
            client.excuse(now);
        }
    }

    /// Lets everybody go on who waits for this connection.
    pub(super) fn release_waiting(&mut self, now: Instant, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        for publisher in std::mem::take(&mut connection.waiting) {
            if let Some(connection) = self.connections.get_mut(publisher) {
                connection.waits_for.retain(|&other| other != key);
                if connection.packets_put_off.is_some() {
                    self.put_off(now, publisher);
                }
            }
            if let Some((client, _)) = self.client_of(publisher) {
                client.excuse(now);
            }
            self.mark(publisher);
        }
    }

    /// This connection waits for nobody any more.
    pub(super) fn stop_waiting(&mut self, key: ConnectionKey) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        for subscriber in std::mem::take(&mut connection.waits_for) {
            if let Some(connection) = self.connections.get_mut(subscriber) {
                connection.waiting.retain(|&other| other != key);
            }
        }
    }

    /// A fault keeps the connection from being read, or does so no more: no Keep Alive is expected
    /// of its client meanwhile.
    pub(in crate::broker) fn neglect(&mut self, now: Instant, key: ConnectionKey, neglected: bool) {
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        let was_neglected = std::mem::replace(&mut connection.neglected, neglected);
        if was_neglected
            && !neglected
            && let Some((client, _)) = self.client_of(key)
        {
            client.excuse(now);
        }
    }

    /// The subscriber has made no progress for too long.
    pub(super) fn stall(&mut self, now: Instant, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.stalled = true;
            self.counters.limits.count(Limit::Stall);
            if let Some((client, connection)) = self.client_of(key) {
                let (client_id, peer) = (Rc::clone(&client.id), connection.peer);
                self.log(&Event::Stalled {
                    client_id: &client_id,
                    peer,
                });
            }
            self.release_waiting(now, key);
        }
    }
}
