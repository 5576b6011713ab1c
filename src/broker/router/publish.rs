//! How a message goes from its publisher to those who subscribed.

use std::rc::Rc;
use std::time::Instant;

use super::outgoing::Outgoing;
use super::retained::Full;
use super::subscription::Subscriber;
use super::targets::Target;
use super::turn::cost;
use super::{ClientKey, ConnectionKey, Router};
use crate::broker::counters::{DropCause, Limit, count_reason};
use crate::broker::{Abuse, Action, Event};
use crate::codec::{PropertyBuf, Publish, QoS, ReasonCode};
use crate::session::{Dropped, Message, Outcome, Received};
use crate::topic;

/// What became of a message.
#[derive(Debug, Default)]
pub(super) struct Routed {
    /// Clients whose subscriptions match and who may have it, the publisher that wants no message
    /// of its own among them.
    matching: usize,
    /// Of those, the ones whose queue was full.
    full: usize,
}

impl Router {
    pub(super) fn on_publish(
        &mut self,
        now: Instant,
        publisher: ClientKey,
        received: &Received<'_>,
    ) {
        self.count_message(now, publisher);
        self.counters.received.payload_bytes += received.publish.payload.len() as u64;
        self.met = None;
        let topic = received.topic();
        let publish = Publish {
            topic,
            dup: false,
            packet_id: None,
            ..received.publish
        };
        let reason = if !self.may_publish(publisher, topic) {
            self.acknowledge(publisher, received, ReasonCode::NOT_AUTHORIZED)
        } else if publish.qos == QoS::ExactlyOnce {
            self.keep_until_released(now, publisher, received, &publish)
        } else {
            let reason = self.publish(now, publisher, &mut Outgoing::borrowed(publish));
            self.acknowledge(publisher, received, reason)
        };
        self.report_refusal(publisher, topic, reason);
        match reason {
            ReasonCode::NOT_AUTHORIZED => self.blame_client(now, publisher, Abuse::Refusal),
            ReasonCode::NO_MATCHING_SUBSCRIBERS if !received.publish.retain => {
                self.blame_client(now, publisher, Abuse::UnwantedMessage);
            }
            _ => {}
        }
    }

    pub(super) fn may_publish(&self, publisher: ClientKey, topic: &str) -> bool {
        let client = self.clients.get(publisher);
        !topic.starts_with("$SYS/")
            && client.is_none_or(|client| client.may(Action::Publish { topic }))
    }

    /// Sends PUBACK or PUBREC, if one is due.
    pub(super) fn acknowledge(
        &mut self,
        publisher: ClientKey,
        received: &Received<'_>,
        reason: ReasonCode,
    ) -> ReasonCode {
        if let Some((client, output)) = self.client_and_output(publisher) {
            client.session.acknowledge(received, reason, output);
        }
        reason
    }

    /// Counts and reports it if a message was not taken.
    pub(super) fn report_refusal(&mut self, publisher: ClientKey, topic: &str, reason: ReasonCode) {
        let Some(client) = self.clients.get(publisher) else {
            return;
        };
        if !reason.is_error() {
            return;
        }
        let client_id = Rc::clone(&client.id);
        count_reason(&mut self.counters.refused_publishes, reason);
        if self.is_news(publisher, reason, |reported| &mut reported.publish_quota) {
            self.log(&Event::PublishRefused {
                client_id: &client_id,
                topic,
                reason,
                why: self.met.map(Limit::in_words),
            });
        }
    }

    /// Retains and routes; gives the Reason Code for PUBACK.
    pub(super) fn publish(
        &mut self,
        now: Instant,
        publisher: ClientKey,
        outgoing: &mut Outgoing<'_>,
    ) -> ReasonCode {
        if outgoing.publish.retain && self.retain(now, publisher, outgoing).is_err() {
            return ReasonCode::QUOTA_EXCEEDED;
        }
        let connection = self
            .clients
            .get(publisher)
            .and_then(|client| client.connection);
        let routed = self.route(now, Some(publisher), connection, outgoing);
        match routed {
            Routed { matching: 0, .. } => ReasonCode::NO_MATCHING_SUBSCRIBERS,
            Routed { matching, full } if matching == full => ReasonCode::QUOTA_EXCEEDED,
            Routed { .. } => ReasonCode::SUCCESS,
        }
    }

    /// Replaces the topic's retained message, or removes it if the payload is empty.
    pub(super) fn retain(
        &mut self,
        now: Instant,
        publisher: ClientKey,
        outgoing: &mut Outgoing<'_>,
    ) -> Result<(), Full> {
        self.spend(cost::RETAIN);
        let publish = &outgoing.publish;
        if publish.payload.is_empty() {
            self.retained.remove(publish.topic);
            return Ok(());
        }
        let message = outgoing.message(now);
        self.make_room_for(now, message)?;
        let publisher = self.publisher(publisher);
        self.retained.set(message, publisher);
        Ok(())
    }

    /// Whether the message can be retained, after those that have expired made room for it.
    pub(super) fn make_room_for(&mut self, now: Instant, message: &Message) -> Result<(), Full> {
        if topic::level_count(&message.topic) > self.limits.max_topic_levels {
            self.meet(Limit::TopicLevels);
            return Err(Full);
        }
        let room = self.retained.make_room(now, message, &self.limits);
        if room.is_err() {
            self.meet(Limit::Retained);
        }
        room
    }

    /// Gives the message to everybody whose subscriptions match. `publisher` is who No Local is
    /// about, `source` the connection that waits if a receiver is slow.
    pub(super) fn route(
        &mut self,
        now: Instant,
        publisher: Option<ClientKey>,
        source: Option<ConnectionKey>,
        outgoing: &mut Outgoing<'_>,
    ) -> Routed {
        if let Some(watch) = &self.watch
            && let Some(client) = publisher.and_then(|key| self.clients.get(key))
        {
            let mut properties = PropertyBuf::default();
            watch.show(&client.id, &outgoing.shown(now, &mut properties));
        }
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        let topic = outgoing.publish.topic;
        let mut is_own = false;
        self.subscriptions
            .for_each_match(topic, |subscriber, subscription| match *subscriber {
                Subscriber::Client(client) => {
                    if subscription.no_local && publisher == Some(client) {
                        is_own = true;
                    } else {
                        targets.add(client, subscription);
                    }
                }
                Subscriber::Group(group) => targets.groups.push(group),
            });
        for &group in &targets.groups {
            targets.list.extend(self.choose_member(group, topic));
        }
        let mut routed = Routed {
            matching: targets.list.len() + usize::from(is_own),
            full: 0,
        };
        let payload_len = outgoing.publish.payload.len();
        self.spend(targets.list.len() * cost::delivery(payload_len));
        for target in &targets.list {
            let has_left = !self.leaving.is_empty() && self.clients.get(target.client).is_none();
            if has_left || self.withholds(target.client, topic) {
                routed.matching -= 1;
                continue;
            }
            match self.deliver(now, source, outgoing, target) {
                Outcome::Sent(_) | Outcome::Queued => {
                    self.counters.sent.payload_bytes += payload_len as u64;
                }
                Outcome::Dropped(dropped) => {
                    let is_full = matches!(dropped, Dropped::QueueFull | Dropped::QueuesFull);
                    routed.full += usize::from(is_full);
                    self.not_taken(now, target.client, dropped);
                }
            }
        }
        self.targets = targets;
        routed
    }

    /// Gives one copy to one client.
    pub(super) fn deliver(
        &mut self,
        now: Instant,
        source: Option<ConnectionKey>,
        outgoing: &mut Outgoing<'_>,
        target: &Target,
    ) -> Outcome {
        let Some(client) = self.clients.get_mut(target.client) else {
            return Outcome::Dropped(Dropped::Offline);
        };
        let qos = outgoing.publish.qos.min(target.qos);
        let retain = outgoing.publish.retain && target.retain_as_published;
        let connection_key = client.connection;
        let connection = connection_key.and_then(|key| self.connections.get_mut(key));
        let Some(connection) = connection else {
            // QoS 0 is not kept for clients that are away.
            if qos == QoS::AtMostOnce {
                self.counters.dropped.count(DropCause::Offline);
                return Outcome::Dropped(Dropped::Offline);
            }
            let delivery = target.delivery(qos, retain);
            let message = outgoing.message(now);
            return client
                .session
                .publish(now, message, delivery, &mut self.nowhere);
        };
        if connection.pending() > self.in_all.output_limit(&self.limits, connection.stalled) {
            if qos == QoS::AtMostOnce {
                self.drop_message(target.client, DropCause::NotRead);
                return Outcome::Dropped(Dropped::Offline);
            }
            client.session.hold();
        }
        let output = &mut connection.output;
        let outcome = if qos == QoS::AtMostOnce && outgoing.is_best_copied() {
            let mut properties = PropertyBuf::default();
            let publish = target.at_most_once(&outgoing.publish, retain, &mut properties);
            client.session.publish_at_most_once(now, &publish, output)
        } else {
            let delivery = target.delivery(qos, retain);
            client
                .session
                .publish(now, outgoing.message(now), delivery, output)
        };
        if let Some(key) = connection_key {
            let pending = self.in_all.count_output(connection);
            let congested = pending > self.in_all.high_water(&self.limits);
            self.mark(key);
            if let (true, Some(source)) = (congested, source) {
                self.slow_down(now, source, key);
            }
        }
        if outcome == Outcome::Queued && !self.in_all.pools.in_flight.has_room(1) {
            self.meet_in_all(now, Limit::InflightInAll);
        }
        outcome
    }

    /// The connection's output has drained: what waited for that goes on.
    pub(super) fn resume_delivery(&mut self, now: Instant, key: ConnectionKey) {
        if let Some((client, connection)) = self.client_of(key) {
            client.dropping = false;
            client.session.let_go(now, &mut connection.output);
            self.catch_up(now, key);
            self.mark_if_output(key);
        }
    }
}
