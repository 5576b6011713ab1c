//! Messages of Shared Subscriptions (section 4.8.2) that this Session has not received, for others
//! to get them.

use std::rc::Rc;

use super::Session;
use super::inflight::Step;
use super::message::{Delivery, Message};
use crate::codec::QoS;

impl Session {
    /// Takes the messages out of the queue that came by a Shared Subscription and are `wanted`
    /// elsewhere: they have not been sent.
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

    /// The Session ends: its messages of Shared Subscriptions that may go to others. Those at QoS 2
    /// that have been sent may not (MQTT-4.8.2-5); those at QoS 1 that were not acknowledged may.
    pub fn take_all_shared(&mut self) -> Vec<(Rc<Message>, Delivery)> {
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

    /// The Session has ended: forgets up to `count` of the messages that waited, so that the last of
    /// a long queue need not be forgotten together with the first. Says how many it were.
    pub fn forget_queued(&mut self, count: usize) -> usize {
        self.state.queue.forget(count)
    }
}
