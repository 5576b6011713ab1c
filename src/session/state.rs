//! The Session State (section 4.1): what outlives a Network Connection.

use std::rc::Rc;

use super::inflight::{Entry, InFlight};
use super::journal::Record;
use super::message::{Delivery, Message};
use super::queue::Queue;
use super::received::ReceivedMessages;
use crate::codec::PacketId;

/// What both ends keep between Network Connections. It is changed only by the methods here and by
/// those of its parts.
#[derive(Debug)]
pub(super) struct State {
    /// Messages sent and not acknowledged.
    pub in_flight: InFlight,
    /// QoS 2 messages received and not released.
    pub received: ReceivedMessages,
    /// Messages not sent yet.
    pub queue: Queue,
    /// The Packet Identifier to try next.
    pub next_id: PacketId,
    /// Session Expiry Interval in seconds; `u32::MAX`: never.
    pub expiry: u32,
    /// Messages that were in flight when the server lost the session, or became unable to take them.
    pub lost: Vec<(Rc<Message>, Delivery)>,
    /// The journal that changes are reported to, if there is one.
    pub record: Record,
}

impl Default for State {
    fn default() -> State {
        State {
            in_flight: InFlight::default(),
            received: ReceivedMessages::default(),
            queue: Queue::default(),
            next_id: PacketId::MIN,
            expiry: 0,
            lost: Vec::new(),
            record: Record::default(),
        }
    }
}

impl State {
    /// The session ends and a new one begins: what was in flight is lost, and what was received is
    /// forgotten. The queue stays, since nothing of it has been sent.
    pub fn renew(&mut self) {
        self.received.clear();
        for entry in self.in_flight.take() {
            self.lose(entry);
        }
    }

    /// This message will not be acknowledged any more.
    pub fn lose(&mut self, entry: Entry) {
        self.lost
            .extend(entry.message.map(|message| (message, entry.delivery)));
    }

    /// Begins a Network Connection.
    pub fn rewind(&mut self) {
        self.in_flight.rewind();
        self.received.forget_pending();
    }

    /// Frees memory that is no longer needed.
    pub fn shrink(&mut self) {
        self.in_flight.shrink();
        self.received.shrink();
        self.queue.shrink();
    }
}
