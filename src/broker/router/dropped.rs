//! Messages that a subscriber does not get.

use std::rc::Rc;
use std::time::Instant;

use super::{ClientKey, Router};
use crate::broker::Event;
use crate::broker::counters::{DropCause, Limit};
use crate::session::Dropped;

impl Router {
    /// The client's Session has not taken a message, for this reason.
    pub(super) fn not_taken(&mut self, now: Instant, key: ClientKey, dropped: Dropped) {
        let cause = match dropped {
            Dropped::QueueFull => {
                self.meet(Limit::Queue);
                DropCause::QueueFull
            }
            Dropped::QueuesFull => {
                self.met = Some(Limit::QueueInAll);
                self.meet_in_all(now, Limit::QueueInAll);
                DropCause::QueuesFull
            }
            Dropped::Expired => DropCause::Expired,
            Dropped::PacketTooLarge => DropCause::TooLarge,
            // Counted where it was known, or not what a Server's Session says.
            Dropped::Offline | Dropped::QosNotSupported | Dropped::RetainNotSupported => return,
        };
        self.drop_message(key, cause);
    }

    /// A message to the client is dropped; the first one is worth a line.
    pub(super) fn drop_message(&mut self, key: ClientKey, cause: DropCause) {
        self.counters.dropped.count(cause);
        let why = match cause {
            DropCause::QueueFull => "its queue is full",
            DropCause::QueuesFull => "the queues of all clients together are full",
            DropCause::NotRead => "it does not read what it is sent",
            DropCause::TooLarge => "they are larger than its Maximum Packet Size",
            // Nobody misses them.
            DropCause::Offline | DropCause::Expired => return,
        };
        self.note_drop(key, why);
    }

    /// A message to the client was dropped; the first one is worth a line.
    fn note_drop(&mut self, key: ClientKey, why: &str) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        if !std::mem::replace(&mut client.dropping, true) {
            let client_id = Rc::clone(&client.id);
            self.log(&Event::Dropping {
                client_id: &client_id,
                why,
            });
        }
    }
}
