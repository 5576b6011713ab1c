//! Messages out: each is sent at once, queued or dropped.

use std::rc::Rc;
use std::time::Instant;

use super::Session;
use super::inflight::{Entry, successor};
use super::message::{Delivery, Dropped, Message, Outcome};
use super::outgoing::Outgoing;
use super::queue::Waiting;
use crate::codec::{Output, PacketId, Publish, QoS};

/// How many Packet Identifiers there are.
const PACKET_IDS: usize = 65_535;

impl Session {
    /// Whether a message would be sent at once: there is a Network Connection, and neither the send
    /// quota nor the Packet Identifiers are used up. With a
    /// [`Config::max_inflight`](super::Config::max_inflight) of 1, a caller that asks this before
    /// each message keeps the order across QoS levels: QoS 0 waits for a message in flight too.
    pub fn can_publish(&self) -> bool {
        self.connection.is_open()
            && self.may_send_new()
            && !self.connection.resending
            && self.state.queue.is_empty()
            && self.has_free_packet_id()
    }

    /// Whether a message at QoS 1 or 2 would be sent or queued now. Expired messages are dropped to
    /// make room.
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
            let outgoing = Outgoing::new(message, &delivery, None, now);
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

    /// Sends a message at QoS 0 from borrowed data, whatever the QoS of `publish`. Its properties are
    /// sent as they are, but for a Topic Alias, which belongs to another Network Connection.
    pub fn publish_at_most_once(
        &mut self,
        now: Instant,
        publish: &Publish<'_>,
        out: &mut Output,
    ) -> Outcome {
        if let Err(dropped) = self.connection.admit(QoS::AtMostOnce, publish.retain) {
            return Outcome::Dropped(dropped);
        }
        let outgoing = Outgoing::borrowed(publish, QoS::AtMostOnce, None);
        self.send_at_most_once(now, &outgoing, out)
    }

    /// Client: sends a message at its QoS from borrowed data, if it can be sent at once, and keeps no
    /// copy. So it cannot be sent again after a reconnect, [`Session::take_lost`] does not return it,
    /// and its bytes do not count against
    /// [`Config::max_inflight_bytes`](super::Config::max_inflight_bytes). The Packet Identifier of
    /// `publish` is not used: a free one is chosen here.
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
        let outgoing = Outgoing::borrowed(publish, publish.qos, Some(packet_id));
        if !self.connection.send_publish(&outgoing, out) {
            return Outcome::Dropped(Dropped::PacketTooLarge);
        }
        let sequence = self.state.record.next_sequence();
        let delivery = Delivery::new(publish.qos, publish.retain);
        self.sent_new(now, Entry::new(packet_id, sequence, None, delivery), true);
        Outcome::Sent(Some(packet_id))
    }

    /// Client: the messages that were in flight when the server lost the session, and those that are
    /// beyond its limits after a reconnect, in the order they were sent. The caller may publish them
    /// again; those at QoS 2 may then arrive twice.
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
    pub(super) fn send_new(
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
        let outgoing = Outgoing::new(&message, &delivery, Some(packet_id), now);
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
        if !self.has_free_packet_id() {
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

    pub(super) fn has_free_packet_id(&self) -> bool {
        self.state.in_flight.len() + self.connection.requests.len() < PACKET_IDS
    }
}
