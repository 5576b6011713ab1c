//! Messages at QoS 2 (section 4.3.3): kept at their PUBLISH, passed on at their PUBREL.
//!
//! What is kept belongs to the publisher's Session, and counts against the limits of its queue and
//! of all queues. Who has more under way than these allow loses nothing: all of it is passed on at
//! once, in order, and only the Packet Identifiers are kept until PUBREL. MQTT 3.1.1
//! describes both (section 4.3.3).

use std::rc::Rc;
use std::time::Instant;

use super::outgoing::Outgoing;
use super::subscription::Subscriber;
use super::{ClientKey, Router};
use crate::broker::Action;
use crate::broker::counters::{DropCause, Limit};
use crate::codec::{Publish, QoS, ReasonCode};
use crate::session::{Message, Received};

impl Router {
    /// Keeps a message, unless it is known already that it could not be passed on; gives the
    /// Reason Code that PUBREC had.
    pub(super) fn keep_until_released(
        &mut self,
        now: Instant,
        publisher: ClientKey,
        received: &Received<'_>,
        publish: &Publish<'_>,
    ) -> ReasonCode {
        let message = Rc::new(Message::from_publish(now, publish, publish.topic));
        let reason = self.prospect(now, publisher, &message);
        if reason.is_error() {
            return self.acknowledge(publisher, received, reason);
        }
        if let Some((client, output)) = self.client_and_output(publisher) {
            client.session.keep(received, message, reason, output);
        }
        self.pass_on_excess(now, publisher);
        reason
    }

    /// What would become of the message if it were released now.
    fn prospect(
        &mut self,
        now: Instant,
        publisher: ClientKey,
        message: &Rc<Message>,
    ) -> ReasonCode {
        let is_retained = message.retain && !message.payload.is_empty();
        if is_retained && self.make_room_for(now, message).is_err() {
            return ReasonCode::QUOTA_EXCEEDED;
        }
        let topic = &*message.topic;
        let (mut matching, mut full) = (0_usize, 0_usize);
        let Self {
            subscriptions,
            clients,
            ..
        } = self;
        subscriptions.for_each_match(topic, |subscriber, subscription| match *subscriber {
            Subscriber::Client(key) => {
                let Some(client) = clients.get_mut(key) else {
                    return;
                };
                let is_own = subscription.no_local && key == publisher;
                if is_own || client.may(Action::Receive { topic }) {
                    matching += 1;
                    let is_kept = subscription.qos != QoS::AtMostOnce && !is_own;
                    full += usize::from(is_kept && !client.session.has_room(now, message));
                }
            }
            Subscriber::Group(_) => matching += 1,
        });
        match matching {
            0 => ReasonCode::NO_MATCHING_SUBSCRIBERS,
            _ if matching == full => {
                self.meet(Limit::Queue);
                ReasonCode::QUOTA_EXCEEDED
            }
            _ => ReasonCode::SUCCESS,
        }
    }

    /// PUBREL came for a message.
    pub(super) fn on_release(&mut self, now: Instant, publisher: ClientKey, message: &Rc<Message>) {
        if message.is_expired(now) {
            return self.counters.dropped.count(DropCause::Expired);
        }
        self.met = None;
        let reason = self.publish(now, publisher, &mut Outgoing::owned(message));
        self.report_refusal(publisher, &message.topic, reason);
    }

    /// Passes on what the publisher has not released, if that is too much to keep.
    fn pass_on_excess(&mut self, now: Instant, publisher: ClientKey) {
        let Some(client) = self.clients.get_mut(publisher) else {
            return;
        };
        let (session, limits) = (&mut client.session, &self.limits);
        if !session.unreleased_within(limits.queue_messages, limits.queue_bytes) {
            for message in session.take_kept() {
                self.on_release(now, publisher, &message);
            }
        }
    }
}
