//! Shared Subscriptions: which member gets a message, and who gets those that a member who leaves
//! has not received (section 4.8.2).
//!
//! What waits for a member that unsubscribes, or whose Session ends, goes to another member; so
//! does what waits for one that disconnects, as soon as there is another member connected. What
//! has been sent to it stays its own while its Session lasts; when that ends, messages at QoS 1
//! that it has not acknowledged go to another member, and those at QoS 2 to nobody
//! (MQTT-4.8.2-5).

use std::collections::HashSet;
use std::rc::Rc;
use std::time::Instant;

use super::groups::Standing;
use super::outgoing::Outgoing;
use super::subscription::{GroupKey, Subscriber};
use super::targets::Target;
use super::turn::cost;
use super::{ClientKey, Router};
use crate::broker::Action;
use crate::session::{Delivery, Message, Outcome};

impl Router {
    /// The member that gets the next message: one that keeps up, else one that is slow, else one
    /// that is away; none that may not have it.
    pub(super) fn choose_member(&mut self, group: GroupKey, topic: &str) -> Option<Target> {
        self.groups.choose(group, |member| {
            let Some(client) = self.clients.get(member) else {
                return Standing::ForbiddenAway;
            };
            let may = client.may(Action::Receive { topic });
            let connection = client.connection.and_then(|key| self.connections.get(key));
            match connection {
                None if may => Standing::Away,
                None => Standing::ForbiddenAway,
                Some(_) if !may => Standing::Forbidden,
                Some(connection) if connection.waiting.is_empty() && !connection.stalled => {
                    Standing::Ready
                }
                Some(_) => Standing::Slow,
            }
        })
    }

    /// The client has left a share group: what waits for it goes to those who stay, if any do.
    pub(super) fn hand_over(&mut self, now: Instant, key: ClientKey, shared_filter: &str) {
        if self.groups.find(shared_filter).is_some()
            && let Some(client) = self.clients.get_mut(key)
        {
            let looked_at = client.session.queued();
            let messages = client.session.take_shared(|shared| shared == shared_filter);
            self.spend(looked_at / 16);
            self.deliver_shared(now, messages);
        }
    }

    /// The client has no connection any more: what waits for it goes to members that have one.
    pub(super) fn hand_over_all(&mut self, now: Instant, key: ClientKey) {
        let Self {
            clients, groups, ..
        } = self;
        let Some(client) = clients.get(key) else {
            return;
        };
        if client.session.queued() == 0 {
            return;
        }
        let is_away = |member| {
            let member = clients.get(member);
            member.is_none_or(|member| member.connection.is_none())
        };
        let shared_filters = client.filters.iter().filter_map(|(filter, subscriber)| {
            let is_shared = matches!(subscriber, Subscriber::Group(_));
            (is_shared && groups.has_present(filter, is_away)).then(|| filter.to_owned())
        });
        let shared_filters: HashSet<_> = shared_filters.collect();
        if !shared_filters.is_empty()
            && let Some(client) = self.clients.get_mut(key)
        {
            let messages = client
                .session
                .take_shared(|shared| shared_filters.contains(shared));
            self.deliver_shared(now, messages);
        }
    }

    /// Gives messages that came by Shared Subscriptions to members of theirs, in order; says how
    /// many were taken.
    pub(super) fn deliver_shared(
        &mut self,
        now: Instant,
        messages: Vec<(Rc<Message>, Delivery)>,
    ) -> usize {
        let mut taken = 0;
        for (message, delivery) in messages {
            let shared_filter = delivery.shared.as_deref();
            let group = shared_filter.and_then(|filter| self.groups.find(filter));
            let Some(target) = group.and_then(|group| self.choose_member(group, &message.topic))
            else {
                continue;
            };
            self.spend(cost::delivery(message.payload.len()));
            let mut outgoing = Outgoing::owned(&message);
            match self.deliver(now, None, &mut outgoing, &target) {
                Outcome::Sent(_) | Outcome::Queued => taken += 1,
                Outcome::Dropped(dropped) => self.not_taken(now, target.client, dropped),
            }
        }
        taken
    }
}
