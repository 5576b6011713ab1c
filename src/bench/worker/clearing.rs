//! Removing the messages that a publisher had the broker retain.

use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;

use super::context::Context;
use super::publisher::{Line, OUTPUT_FULL};
use crate::codec::{Properties, QoS};
use crate::session::{Delivery, Message, Outcome};

/// A publisher takes back what it had the broker retain, with empty messages (3.3.1.3).
pub(super) struct Clearing {
    /// The turn whose message is next.
    next: u64,
    /// Turns that the publisher had.
    turns: u64,
}

impl Clearing {
    pub(super) fn new(turns: u64) -> Clearing {
        Clearing { next: 0, turns }
    }

    /// Sends as many as the connection takes. `true`: it would have taken more if its output were
    /// sent.
    pub(super) fn pump(&mut self, context: &Context, line: &mut Line<'_>, publisher: u64) -> bool {
        let now = Instant::now();
        while self.next < self.turns {
            if !line.session.is_connected()
                || !line.session.can_publish()
                || line.session.in_flight() >= context.window()
            {
                return false;
            }
            if line.output.len() >= OUTPUT_FULL {
                return true;
            }
            let topic = Rc::from(context.plan.topic.render(publisher, self.next));
            let qos = QoS::AtLeastOnce;
            let message = Message::new(now, topic, Bytes::new(), qos, true, Properties::EMPTY);
            let delivery = Delivery::new(qos, true);
            let message = Rc::new(message);
            let sent = (line.session).publish(now, &message, delivery, line.output);
            if let Outcome::Dropped(_) = sent {
                return false;
            }
            self.next += 1;
        }
        false
    }
}
