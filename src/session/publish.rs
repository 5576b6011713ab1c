//! Messages out: the send quota, the queue behind it, redelivery.

use std::rc::Rc;
use std::time::Instant;

use super::inflight::{Entry, Step, successor};
use super::message::{Delivery, Dropped, Message, Outcome};
use super::publish::{Outgoing, Payload, Topic};
use super::queue::Waiting;
use super::{Role, Session};
use crate::codec::{Output, Packet, PacketId, PropertyId, Publish, QoS, ReasonCode};

/// Packet Identifiers there are.
const PACKET_IDS: usize = 65_535;

impl Session {
    /// Whether a message would be sent at once: connected, and neither the send quota nor the
    /// Packet Identifiers are used up. With [`Config::max_inflight`](super::Config::max_inflight)
    /// 1 that holds QoS 0 back too while a QoS 1 or 2 message is in flight, which keeps the order
    /// across QoS levels.
    pub fn can_publish(&self) -> bool {
        self.connection.is_open()
            && self.may_send_new()
            && !self.connection.resending
            && self.state.queue.is_empty()
            && self.ids_in_use() < PACKET_IDS
    }

    /// Whether a message at QoS 1 or 2 would be sent or queued now; makes room by dropping
    /// messages that have expired.
    pub fn has_room(&mut self, now: Instant, message: &Message) -> bool {
        self.can_publish() || self.room_in_queue(now, message).is_ok()
    }

    fn room_in_queue(&mut self, now: Instant, message: &Message) -> Result<(), Dropped> {
        let Session { state, config, .. } = self;
        state.queue.drop_expired(now, &state.record);
        let queue = &state.queue;
        queue.check_room(message, config.queue_messages, config.queue_bytes)
    }

    /// Sends a message, or queues it until the peer can take it. QoS 0 enters no queue.
    pub fn publish(
        &mut self,
        now: Instant,
        message: &Rc<Message>,
        delivery: Delivery,
        out: &mut Output,
    ) -> Outcome {
        if let Err(dropped) = self.connection.admit(delivery.qos, delivery.retain) {
            return Outcome::Dropped(dropped);
        }
        if message.is_expired(now) {
            return Outcome::Dropped(Dropped::Expired);
        }
        if delivery.qos == QoS::AtMostOnce {
            let outgoing = outgoing(message, &delivery, None, now);
            return self.send_at_most_once(now, &outgoing, out);
        }
        if self.can_publish() {
            let new = Waiting {
                sequence: self.state.record.next_sequence(),
                message: Rc::clone(message),
                delivery,
            };
            return match self.send_new(now, new, true, out) {
                Ok(packet_id) => Outcome::Sent(Some(packet_id)),
                Err(dropped) => Outcome::Dropped(dropped),
            };
        }
        if let Err(full) = self.room_in_queue(now, message) {
            let is_for_later = self.connection.is_open() || self.config.queue_messages > 0;
            return Outcome::Dropped(if is_for_later { full } else { Dropped::Offline });
        }
        let state = &mut self.state;
        let sequence = state.record.next_sequence();
        state.record.waiting(sequence, message, &delivery);
        state.queue.push(Waiting {
            sequence,
            message: Rc::clone(message),
            delivery,
        });
        Outcome::Queued
    }

    /// Sends a message at QoS 0 from borrowed data, whatever the QoS of `publish`. Its properties
    /// go as they are, without a Topic Alias of another Network Connection.
    pub fn publish_at_most_once(
        &mut self,
        now: Instant,
        publish: &Publish<'_>,
        out: &mut Output,
    ) -> Outcome {
        if let Err(dropped) = self.connection.admit(QoS::AtMostOnce, publish.retain) {
            return Outcome::Dropped(dropped);
        }
        let outgoing = borrowed(publish, QoS::AtMostOnce, None);
        self.send_at_most_once(now, &outgoing, out)
    }

    /// Client: sends a message at its QoS from borrowed data, if it may go at once, and keeps no
    /// copy of it: it can neither wait nor be sent again after a reconnect, and
    /// [`Session::take_lost`] does not give it back. Its Packet Identifier is chosen here, and its
    /// bytes do not count against [`Config::max_inflight_bytes`](super::Config::max_inflight_bytes).
    pub fn publish_unkept(
        &mut self,
        now: Instant,
        publish: &Publish<'_>,
        out: &mut Output,
    ) -> Outcome {
        if publish.qos == QoS::AtMostOnce {
            return self.publish_at_most_once(now, publish, out);
        }
        if let Err(dropped) = self.connection.admit(publish.qos, publish.retain) {
            return Outcome::Dropped(dropped);
        }
        if !self.can_publish() {
            return Outcome::Dropped(match self.connection.is_open() {
                true => Dropped::QueueFull,
                false => Dropped::Offline,
            });
        }
        let Some(packet_id) = self.next_packet_id() else {
            return Outcome::Dropped(Dropped::QueueFull);
        };
        let outgoing = borrowed(publish, publish.qos, Some(packet_id));
        if !self.connection.send_publish(&outgoing, out) {
            return Outcome::Dropped(Dropped::PacketTooLarge);
        }
        let sequence = self.state.record.next_sequence();
        let delivery = Delivery::new(publish.qos, publish.retain);
        self.sent_new(now, Entry::new(packet_id, sequence, None, delivery), true);
        Outcome::Sent(Some(packet_id))
    }

    /// Client: the messages that a server without our session forgot, and those that it can no
    /// longer take, in the order they were sent. The caller may publish them again; those at QoS
    /// 2 may then arrive twice.
    pub fn take_lost(&mut self) -> Vec<(Rc<Message>, Delivery)> {
        std::mem::take(&mut self.state.lost)
    }

    fn send_at_most_once(
        &mut self,
        now: Instant,
        outgoing: &Outgoing<'_>,
        out: &mut Output,
    ) -> Outcome {
        if !self.connection.is_open() {
            Outcome::Dropped(Dropped::Offline)
        } else if self.connection.send_publish(outgoing, out) {
            self.connection.keep_alive.sent(now);
            Outcome::Sent(None)
        } else {
            Outcome::Dropped(Dropped::PacketTooLarge)
        }
    }

    /// Sends a message at QoS 1 or 2 for the first time, one from the queue or a new one.
    fn send_new(
        &mut self,
        now: Instant,
        waiting: Waiting,
        is_new: bool,
        out: &mut Output,
    ) -> Result<PacketId, Dropped> {
        let packet_id = self.next_packet_id().ok_or(Dropped::QueueFull)?;
        let Waiting {
            sequence,
            message,
            delivery,
        } = waiting;
        let outgoing = outgoing(&message, &delivery, Some(packet_id), now);
        if !self.connection.send_publish(&outgoing, out) {
            return Err(Dropped::PacketTooLarge);
        }
        let entry = Entry::new(packet_id, sequence, Some(message), delivery);
        self.sent_new(now, entry, is_new);
        Ok(packet_id)
    }

    /// A message has been written for the first time.
    fn sent_new(&mut self, now: Instant, entry: Entry, is_new: bool) {
        self.connection.keep_alive.sent(now);
        self.connection.outstanding += 1;
        self.state.next_id = successor(entry.packet_id);
        self.state.record.in_flight(&entry, is_new);
        self.state.in_flight.push(entry);
    }

    /// The next Packet Identifier that is not in use (MQTT-2.2.1-3, MQTT-2.2.1-4; 3.1.1:
    /// MQTT-2.3.1-2). It is taken when [`State::next_id`](super::state::State) moves past it.
    pub(super) fn next_packet_id(&self) -> Option<PacketId> {
        if self.ids_in_use() >= PACKET_IDS {
            return None;
        }
        let requests = &self.connection.requests;
        let mut packet_id = self.state.next_id;
        while self.state.in_flight.contains(packet_id)
            || requests
                .iter()
                .any(|request| request.packet_id == packet_id)
        {
            packet_id = successor(packet_id);
        }
        Some(packet_id)
    }

    fn ids_in_use(&self) -> usize {
        self.state.in_flight.len() + self.connection.requests.len()
    }

    /// Whether another PUBLISH at QoS 1 or 2 may be sent (MQTT-4.9.0-1, MQTT-4.9.0-2).
    pub(super) fn has_quota(&self) -> bool {
        let receive_maximum = self.connection.peer.receive_maximum;
        let quota = receive_maximum.min(self.config.max_inflight).max(1);
        let outstanding = self.connection.outstanding;
        outstanding < u32::from(quota)
            && !self.connection.held
            && (outstanding == 0 || self.state.in_flight.bytes() < self.config.max_inflight_bytes)
    }

    /// Whether one that has never been sent may be: it counts for all Sessions together.
    pub(super) fn may_send_new(&self) -> bool {
        let has_none = self.state.in_flight.is_empty();
        self.has_quota() && (has_none || self.state.in_flight.has_room())
    }

    /// Forgets messages that wait in the queue, but for those to `keep`. What was sent already
    /// stays: the peer may have it.
    pub fn retain_queued(&mut self, mut keep: impl FnMut(&Message) -> bool) {
        for dropped in self.state.queue.extract(|message, _| !keep(message)) {
            self.state.record.removed(dropped.sequence);
        }
    }

    /// Messages at QoS 1 and 2 wait from now on, as if the quota were used up: the peer does not
    /// read what it has been sent. Ends with [`Session::let_go`] or the Network Connection.
    pub fn hold(&mut self) {
        self.connection.held = true;
    }

    /// The peer reads again: sends what waits.
    pub fn let_go(&mut self, now: Instant, out: &mut Output) {
        if std::mem::take(&mut self.connection.held) {
            self.send_waiting(now, out);
        }
    }

    /// After a reconnect: sends what is unacknowledged again, in the order it was first sent
    /// (MQTT-4.4.0-1, MQTT-4.6.0-1). PUBRELs know no quota (MQTT-3.3.4-8, MQTT-3.3.4-10).
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
            && self.ids_in_use() < PACKET_IDS
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
                let mut outgoing = outgoing(message, delivery, Some(entry.packet_id), now);
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

/// A message that is not ours to keep. A Topic Alias of another Network Connection stays behind.
fn borrowed<'a>(publish: &Publish<'a>, qos: QoS, packet_id: Option<PacketId>) -> Outgoing<'a> {
    Outgoing {
        dup: false,
        qos,
        retain: publish.retain,
        topic: Topic::Borrowed(publish.topic),
        packet_id,
        expiry: None,
        subscription_ids: &[],
        properties: publish.properties.around(PropertyId::TopicAlias),
        payload: Payload::Borrowed(publish.payload),
    }
}

/// A message as one receiver gets it.
fn outgoing<'a>(
    message: &'a Rc<Message>,
    delivery: &'a Delivery,
    packet_id: Option<PacketId>,
    now: Instant,
) -> Outgoing<'a> {
    Outgoing {
        dup: false,
        qos: delivery.qos,
        retain: delivery.retain,
        topic: Topic::Shared(&message.topic),
        packet_id,
        expiry: message.remaining_expiry(now),
        subscription_ids: delivery.subscription_ids.as_slice(),
        properties: [message.properties.as_properties().as_bytes(), &[]],
        payload: Payload::Shared(&message.payload),
    }
}
