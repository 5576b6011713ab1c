//! The send quota (section 4.9) and what waits for it: first what has to be sent again after a
//! reconnect, then the queue.

use std::time::Instant;

use super::inflight::Step;
use super::message::{Delivery, Message};
use super::outgoing::Outgoing;
use super::{Role, Session};
use crate::codec::{Output, Packet, ReasonCode};

impl Session {
    /// Whether another PUBLISH at QoS 1 or 2 may be sent (MQTT-4.9.0-1, MQTT-4.9.0-2).
    pub(super) fn has_quota(&self) -> bool {
        let receive_maximum = self.connection.peer.receive_maximum;
        let quota = receive_maximum.min(self.config.max_inflight).max(1);
        let outstanding = self.connection.outstanding;
        outstanding < u32::from(quota)
            && !self.connection.held
            && (outstanding == 0 || self.state.in_flight.bytes() < self.config.max_inflight_bytes)
    }

    /// Whether a message that has never been sent may be. Unlike one that is sent again, it needs room
    /// in the pool of all Sessions, unless nothing of this Session is in flight.
    pub(super) fn may_send_new(&self) -> bool {
        let has_none = self.state.in_flight.is_empty();
        self.has_quota() && (has_none || self.state.in_flight.has_room())
    }

    /// Forgets the queued messages, except those to `keep`. What has been sent already stays: the peer
    /// may have it.
    pub fn retain_queued(&mut self, mut keep: impl FnMut(&Message) -> bool) {
        for dropped in self.state.queue.extract(|message, _| !keep(message)) {
            self.state.record.removed(dropped.sequence);
        }
    }

    /// The Session has ended: forgets up to `count` of its queued messages, so that a long queue can
    /// be freed in parts. Returns how many were forgotten.
    pub fn forget_queued(&mut self, count: usize) -> usize {
        self.state.queue.forget(count)
    }

    /// Makes messages at QoS 1 and 2 wait as if the quota were used up, for a peer that does not read
    /// what it has been sent. Lasts until [`Session::let_go`], or the end of the Network Connection.
    pub fn hold(&mut self) {
        self.connection.held = true;
    }

    /// Ends a [`Session::hold`], and sends what has been waiting.
    pub fn let_go(&mut self, now: Instant, out: &mut Output) {
        if std::mem::take(&mut self.connection.held) {
            self.send_waiting(now, out);
        }
    }

    /// After a reconnect: sends what is unacknowledged again, in the order it was first sent
    /// (MQTT-4.4.0-1, MQTT-4.6.0-1). No quota applies to PUBREL (MQTT-3.3.4-8, MQTT-3.3.4-10).
    pub(super) fn resume(&mut self, now: Instant, out: &mut Output) {
        let Session {
            state, connection, ..
        } = self;
        for entry in state.in_flight.iter_mut() {
            if entry.step == Step::Release {
                entry.sent = true;
                connection.outstanding += 1;
                connection.send_ack(Packet::Pubrel, entry.packet_id, ReasonCode::SUCCESS, out);
            }
        }
        connection.resending = true;
        self.send_waiting(now, out);
    }

    /// Sends what waits for the quota: first what has to be sent again, then the queue.
    pub(super) fn send_waiting(&mut self, now: Instant, out: &mut Output) {
        let nothing_waits = !self.connection.resending && self.state.queue.is_empty();
        if nothing_waits || !self.connection.is_open() {
            return;
        }
        if self.connection.resending {
            self.resend(now, out);
        }
        while !self.state.queue.is_empty()
            && !self.connection.resending
            && self.may_send_new()
            && self.has_free_packet_id()
        {
            let Some(waiting) = self.state.queue.pop(now, &self.state.record) else {
                break;
            };
            let sequence = waiting.sequence;
            let Delivery { qos, retain, .. } = waiting.delivery;
            // What is too large counts as sent (MQTT-3.1.2-25).
            if self.connection.admit(qos, retain).is_err()
                || self.send_new(now, waiting, false, out).is_err()
            {
                self.state.record.removed(sequence);
            }
        }
    }

    fn resend(&mut self, now: Instant, out: &mut Output) {
        let mut from = 0;
        loop {
            let Some(at) = self.state.in_flight.next_unsent(from) else {
                self.connection.resending = false;
                return;
            };
            from = at;
            if !self.has_quota() {
                return;
            }
            let Some(entry) = self.state.in_flight.get_mut(at) else {
                return;
            };
            let again = entry.message.as_ref().is_some_and(|message| {
                let delivery = &entry.delivery;
                let mut outgoing = Outgoing::new(message, delivery, Some(entry.packet_id), now);
                outgoing.dup = true;
                self.connection.admit(delivery.qos, delivery.retain).is_ok()
                    && self.connection.send_publish(&outgoing, out)
            });
            if again {
                entry.sent = true;
                self.connection.outstanding += 1;
                self.connection.keep_alive.sent(now);
            } else if let Some(entry) = self.state.in_flight.remove(at) {
                self.state.record.removed(entry.sequence);
                if self.role == Role::Client {
                    // The server has other limits than before: it would never acknowledge this one.
                    // A server that cannot send a message has completed it (MQTT-3.1.2-25).
                    self.state.lose(entry);
                }
            }
        }
    }
}
