//! Messages of Shared Subscriptions (section 4.8.2) that others may get instead of this Session.

use std::rc::Rc;

use super::Session;
use super::inflight::Step;
use super::message::{Delivery, Message};
use crate::codec::QoS;

impl Session {
    /// Takes out of the queue, where they have not been sent, the messages of those Shared
    /// Subscriptions that are `wanted` elsewhere.
    pub fn take_shared(&mut self, wanted: impl Fn(&str) -> bool) -> Vec<(Rc<Message>, Delivery)> {
        let taken = self.state.queue.extract(|_, delivery| {
            let shared = delivery.shared.as_deref();
            shared.is_some_and(&wanted)
        });
        let taken = taken.into_iter().map(|waiting| {
            self.state.record.removed(waiting.sequence);
            (waiting.message, waiting.delivery)
        });
        taken.collect()
    }

    /// The Session ends: takes its messages of Shared Subscriptions that may go to others. What has
    /// been sent at QoS 2 may not (MQTT-4.8.2-5); at QoS 1 it may, if it was not acknowledged.
    pub fn take_all_shared(&mut self) -> Vec<(Rc<Message>, Delivery)> {
        if self.state.in_flight.is_empty() && self.state.queue.is_empty() {
            return Vec::new();
        }
        let sent = self.state.in_flight.take().into_iter();
        let unacknowledged = sent
            .filter(|entry| entry.delivery.qos == QoS::AtLeastOnce && entry.step == Step::Publish);
        let mut messages: Vec<_> = unacknowledged
            .filter_map(|entry| Some((entry.message?, entry.delivery)))
            .filter(|(_, delivery)| delivery.shared.is_some())
            .collect();
        messages.extend(self.take_shared(|_| true));
        messages
    }
}
