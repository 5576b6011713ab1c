//! One subscription: made, replaced, removed.

use std::time::Instant;

use super::client::Client;
use super::subscription::{Subscriber, Subscription};
use super::{ClientKey, Router};
use crate::broker::counters::{Limit, count_reason};
use crate::broker::{Action, Event};
use crate::codec::{QoS, ReasonCode, RetainHandling, SubscriptionOptions};
use crate::topic::{self, Filter};

/// A subscription was made.
pub(super) struct Granted {
    pub(super) qos: QoS,
    /// Its retained messages are to be sent.
    pub(super) wants_retained: bool,
}

impl Router {
    /// Adds or replaces one subscription (MQTT-3.8.4-3), or gives the Reason Code that says why not.
    pub(super) fn subscribe(
        &mut self,
        now: Instant,
        key: ClientKey,
        filter: &str,
        mut options: SubscriptionOptions,
        subscription_id: Option<u32>,
    ) -> Result<Granted, ReasonCode> {
        // What is asked for may be more than what is granted (MQTT-3.2.2-10).
        options.qos = options.qos.min(self.capabilities.maximum_qos);
        self.met = None;
        let result = self.try_subscribe(now, key, filter, options, subscription_id);
        // Before MQTT 5.0 the Session makes 0x80 of an error; the log has the reason.
        let reason = match &result {
            Ok(granted) => ReasonCode(granted.qos as u8),
            Err(reason) => {
                count_reason(&mut self.counters.refused_subscriptions, *reason);
                *reason
            }
        };
        if self.is_news(key, reason, |reported| &mut reported.subscribe_quota)
            && let Some(client) = self.clients.get(key)
        {
            self.log(&Event::Subscribed {
                client_id: &client.id,
                filter,
                reason,
                why: self.met.map(Limit::in_words),
            });
        }
        result
    }

    fn try_subscribe(
        &mut self,
        now: Instant,
        key: ClientKey,
        filter: &str,
        options: SubscriptionOptions,
        subscription_id: Option<u32>,
    ) -> Result<Granted, ReasonCode> {
        let Some(client) = self.clients.get(key) else {
            return Err(ReasonCode::UNSPECIFIED_ERROR);
        };
        let parsed = Filter::parse(filter, client.session.version())
            .map_err(|_| ReasonCode::TOPIC_FILTER_INVALID)?;
        // MQTT 5.0 clients know, and were disconnected for it.
        if parsed.has_wildcard() && !self.capabilities.wildcard_subscription_available {
            return Err(ReasonCode::WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED);
        }
        let wanted = Action::Subscribe {
            filter: parsed.filter,
        };
        if !client.may(wanted) {
            return Err(ReasonCode::NOT_AUTHORIZED);
        }
        let is_new = !client.filters.contains(filter);
        if let Some(limit) = self.limit_met(client, filter, is_new) {
            match limit {
                Limit::SubscriptionBytesInAll => {
                    self.met = Some(limit);
                    self.meet_in_all(now, limit);
                }
                _ => self.meet(limit),
            }
            return Err(ReasonCode::QUOTA_EXCEEDED);
        }
        self.make_room_in_index();
        let subscription = Subscription::new(options, subscription_id);
        let subscriber = match parsed.share_name {
            None => Subscriber::Client(key),
            Some(_) => Subscriber::Group(self.groups.join(filter, key, subscription)),
        };
        self.subscriptions
            .subscribe(parsed.filter, subscriber, subscription);
        let client = self.clients.get_mut(key);
        let replaced = client.and_then(|client| client.filters.insert(filter, subscriber));
        if is_new {
            self.in_all.count_filter(filter);
        }
        if let Some(other) = replaced.filter(|&other| other != subscriber) {
            // Shared for MQTT 5.0, now taken literally by an older version, or the reverse.
            self.remove_subscription(key, filter, other);
        }
        self.record_subscription(key, filter, subscriber, subscription);
        let is_wanted = match options.retain_handling {
            RetainHandling::Send => true,
            RetainHandling::SendIfNew => is_new,
            RetainHandling::DoNotSend => false,
        };
        Ok(Granted {
            qos: options.qos,
            // A Shared Subscription gets no retained messages (section 4.8.2).
            wants_retained: is_wanted && parsed.share_name.is_none(),
        })
    }

    /// The limit that this subscription of the client would exceed.
    fn limit_met(&self, client: &Client, filter: &str, is_new: bool) -> Option<Limit> {
        let (limits, own) = (&self.limits, &client.filters);
        if topic::level_count(filter) > limits.max_topic_levels {
            Some(Limit::TopicLevels)
        } else if !is_new {
            None
        } else if own.len() >= limits.max_subscriptions {
            Some(Limit::Subscriptions)
        } else if own.bytes() + filter.len() > limits.subscription_bytes {
            Some(Limit::SubscriptionBytes)
        } else if !self.in_all.has_room_for(filter, limits) {
            Some(Limit::SubscriptionBytesInAll)
        } else {
            None
        }
    }

    /// Removes one subscription; gives the Reason Code for UNSUBACK.
    pub(super) fn unsubscribe(&mut self, now: Instant, key: ClientKey, filter: &str) -> ReasonCode {
        let client = self.clients.get_mut(key);
        let reason = match client.and_then(|client| client.filters.remove(filter)) {
            Some(subscriber) => {
                self.in_all.forget_filter(filter);
                self.remove_subscription(key, filter, subscriber);
                self.record_unsubscription(key, filter);
                self.forget_retained(key, filter);
                self.hand_over(now, key, filter);
                ReasonCode::SUCCESS
            }
            None => ReasonCode::NO_SUBSCRIPTION_EXISTED,
        };
        if let Some(client) = self.clients.get(key) {
            self.log(&Event::Unsubscribed {
                client_id: &client.id,
                filter,
                reason,
            });
        }
        reason
    }
}
