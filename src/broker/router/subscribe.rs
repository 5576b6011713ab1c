//! SUBSCRIBE and UNSUBSCRIBE.

use std::rc::Rc;
use std::time::Instant;

use super::subscription::{Subscriber, Subscription};
use super::{ClientKey, Router, sys};
use crate::broker::counters::{Limit, count_reason};
use crate::broker::{Abuse, Action, Event};
use crate::codec::{
    Properties, ReasonCode, RetainHandling, Subscribe, SubscriptionOptions, Unsubscribe, Version,
};
use crate::session::Delivery;
use crate::topic::{self, Filter};

/// A Topic Filter whose retained messages are wanted, and how.
struct WantsRetained<'a> {
    filter: &'a str,
    subscription: Subscription,
}

impl Router {
    /// Every Topic Filter is a subscription of its own; they share the SUBACK (MQTT-3.8.4-5).
    /// Retained messages follow it.
    pub(super) fn on_subscribe(&mut self, now: Instant, key: ClientKey, subscribe: &Subscribe<'_>) {
        let Some(client) = self.clients.get(key) else {
            return;
        };
        let (client_id, version) = (Rc::clone(&client.id), client.session.version());
        let subscription_id = subscribe.properties.subscription_identifiers().next();
        let mut reasons = Vec::new();
        let mut wanted = Vec::new();
        for (filter, mut options) in subscribe.filters.iter() {
            // What is asked for may be more than what is granted (MQTT-3.2.2-10).
            options.qos = options.qos.min(self.capabilities.maximum_qos);
            let subscription = Subscription::new(options, subscription_id);
            self.met = None;
            let reason = match self.subscribe(key, version, filter, options, subscription) {
                Ok(wants_retained) => {
                    wanted.extend(wants_retained);
                    ReasonCode(options.qos as u8)
                }
                // Before MQTT 5.0 the Session makes 0x80 of it; the log has the reason.
                Err(reason) => reason,
            };
            reasons.push(reason);
            if reason.is_error() {
                count_reason(&mut self.counters.refused_subscriptions, reason);
            }
            if self.is_news(key, reason, |reported| &mut reported.subscribe_quota) {
                self.log(&Event::Subscribed {
                    client_id: &client_id,
                    filter,
                    reason,
                    why: self.met.map(Limit::in_words),
                });
            }
        }
        let Some((client, output)) = self.client_and_output(key) else {
            return;
        };
        let packet_id = subscribe.packet_id;
        client
            .session
            .suback(packet_id, &reasons, Properties::EMPTY, output);
        for wanted in wanted {
            self.send_retained(now, key, &wanted);
        }
        let is_refused = |reason: &&ReasonCode| **reason == ReasonCode::NOT_AUTHORIZED;
        for _ in reasons.iter().filter(is_refused) {
            self.blame_client(now, key, Abuse::Refusal);
        }
    }

    /// Adds or replaces one subscription (MQTT-3.8.4-3).
    fn subscribe<'a>(
        &mut self,
        key: ClientKey,
        version: Version,
        filter: &'a str,
        options: SubscriptionOptions,
        subscription: Subscription,
    ) -> Result<Option<WantsRetained<'a>>, ReasonCode> {
        let parsed =
            Filter::parse(filter, version).map_err(|_| ReasonCode::TOPIC_FILTER_INVALID)?;
        // MQTT 5.0 clients know, and were disconnected for it.
        if parsed.has_wildcard() && !self.capabilities.wildcard_subscription_available {
            return Err(ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
        }
        let Some(client) = self.clients.get_mut(key) else {
            return Err(ReasonCode::UNSPECIFIED_ERROR);
        };
        let wanted = Action::Subscribe {
            filter: parsed.filter,
        };
        if !client.may(wanted) {
            return Err(ReasonCode::NOT_AUTHORIZED);
        }
        let is_new = !client.filters.contains_key(filter);
        let met = if is_new && client.filters.len() >= self.limits.max_subscriptions {
            Some(Limit::Subscriptions)
        } else if topic::level_count(filter) > self.limits.max_topic_levels {
            Some(Limit::TopicLevels)
        } else {
            None
        };
        if let Some(limit) = met {
            self.meet(limit);
            return Err(ReasonCode::QUOTA_EXCEEDED);
        }
        self.make_room_in_index();
        let subscriber = match parsed.share_name {
            None => Subscriber::Client(key),
            Some(_) => Subscriber::Group(self.groups.join(filter, key, subscription)),
        };
        self.subscriptions
            .subscribe(parsed.filter, subscriber, subscription);
        let client = self.clients.get_mut(key);
        let replaced = client.and_then(|client| client.filters.insert(filter.into(), subscriber));
        if let Some(other) = replaced.filter(|&other| other != subscriber) {
            // Shared for MQTT 5.0, now taken literally by an older version, or the reverse.
            self.remove_subscription(key, filter, other);
        }
        self.record_subscription(key, filter, subscriber, subscription);
        let wants_retained = match options.retain_handling {
            RetainHandling::Send => true,
            RetainHandling::SendIfNew => is_new,
            RetainHandling::DoNotSend => false,
        };
        // A Shared Subscription gets no retained messages (section 4.8.2).
        Ok(
            (wants_retained && parsed.share_name.is_none()).then_some(WantsRetained {
                filter,
                subscription,
            }),
        )
    }

    /// Queues the retained messages that a new subscription matches.
    fn send_retained(&mut self, now: Instant, key: ClientKey, wanted: &WantsRetained<'_>) {
        if sys::is_meant_by(wanted.filter) {
            self.revive_sys(now);
        }
        let Some(client) = self.clients.get(key) else {
            return;
        };
        let Some(connection_key) = client.connection else {
            return;
        };
        let Some(connection) = self.connections.get_mut(connection_key) else {
            return;
        };
        if connection.backlog.len() >= self.limits.queue_messages {
            return self.note_drop(key, "too many retained messages wait for it already");
        }
        let Subscription { qos, id, .. } = wanted.subscription;
        let mut has_room = true;
        let sys = self.sys.as_ref();
        let sys = sys.filter(|_| self.capabilities.retain_available);
        let of_sys = sys.into_iter().flat_map(|sys| sys.matching(wanted.filter));
        for message in self.retained.matching(now, wanted.filter).chain(of_sys) {
            has_room = self.in_all.backlog < self.limits.queue_messages_in_all;
            if !has_room {
                break;
            }
            let topic = &message.topic;
            if !client.may(Action::Receive { topic }) {
                continue;
            }
            let delivery = Delivery {
                subscription_ids: (id != 0).then_some(id).into_iter().collect(),
                ..Delivery::new(message.qos.min(qos), true)
            };
            connection.backlog.push_back((Rc::clone(message), delivery));
            self.in_all.backlog += 1;
        }
        if !has_room {
            self.meet_in_all(now, Limit::QueueInAll);
            self.note_drop(
                key,
                "too many retained messages wait for all clients together",
            );
        }
        self.send_backlog(now, connection_key);
    }

    /// Topic Filters are compared character by character (MQTT-3.10.4-1).
    pub(super) fn on_unsubscribe(
        &mut self,
        now: Instant,
        key: ClientKey,
        unsubscribe: &Unsubscribe<'_>,
    ) {
        let Some(client) = self.clients.get(key) else {
            return;
        };
        let client_id = Rc::clone(&client.id);
        let mut reasons = Vec::new();
        for (filter, _) in unsubscribe.filters.iter() {
            let client = self.clients.get_mut(key);
            let reason = match client.and_then(|client| client.filters.remove(filter)) {
                Some(subscriber) => {
                    self.remove_subscription(key, filter, subscriber);
                    self.record_unsubscription(key, filter);
                    self.hand_over(now, key, filter);
                    ReasonCode::SUCCESS
                }
                None => ReasonCode::NO_SUBSCRIPTION_EXISTED,
            };
            reasons.push(reason);
            self.log(&Event::Unsubscribed {
                client_id: &client_id,
                filter,
                reason,
            });
        }
        let Some((client, output)) = self.client_and_output(key) else {
            return;
        };
        let packet_id = unsubscribe.packet_id;
        client
            .session
            .unsuback(packet_id, &reasons, Properties::EMPTY, output);
    }
}
