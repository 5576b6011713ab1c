//! Who gets a message: one copy for each client, however many of its filters match.

use std::rc::Rc;

use super::ClientKey;
use super::subscription::{GroupKey, Subscription};
use crate::broker::slab::Key;
use crate::codec::QoS;

/// One copy of a message to be delivered.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) client: ClientKey,
    /// Highest QoS of the matching subscriptions (MQTT-3.3.4-2).
    pub(super) qos: QoS,
    pub(super) retain_as_published: bool,
    /// The first Subscription Identifier; 0: none.
    id: u32,
    /// Further Subscription Identifiers.
    more_ids: Vec<u32>,
    /// The Shared Subscription that chose the client.
    pub(super) shared_filter: Option<Rc<str>>,
}

impl Target {
    pub(super) fn new(client: ClientKey, subscription: &Subscription) -> Self {
        Self {
            client,
            qos: subscription.qos,
            retain_as_published: subscription.retain_as_published,
            id: subscription.id,
            more_ids: Vec::new(),
            shared_filter: None,
        }
    }

    pub(super) fn shared(
        client: ClientKey,
        subscription: &Subscription,
        shared_filter: Rc<str>,
    ) -> Self {
        Self {
            shared_filter: Some(shared_filter),
            ..Self::new(client, subscription)
        }
    }

    fn merge(&mut self, subscription: &Subscription) {
        self.qos = self.qos.max(subscription.qos);
        self.retain_as_published |= subscription.retain_as_published;
        match (self.id, subscription.id) {
            (_, 0) => {}
            (0, id) => self.id = id,
            (_, id) => self.more_ids.push(id),
        }
    }

    /// The Subscription Identifiers of all matching subscriptions (MQTT-3.3.4-4).
    pub(super) fn subscription_ids(&self) -> impl Iterator<Item = u32> {
        let first = (self.id != 0).then_some(self.id);
        first.into_iter().chain(self.more_ids.iter().copied())
    }
}

/// The targets of one message. Kept between messages, for its memory.
#[derive(Default)]
pub(super) struct Targets {
    pub(super) list: Vec<Target>,
    pub(super) groups: Vec<GroupKey>,
    /// For each client: the round in which it was last added, and its place in the list.
    seen: Vec<(u64, u32)>,
    round: u64,
}

impl Targets {
    /// Begins a new message.
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.groups.clear();
        self.round += 1;
    }

    /// Adds a client, or merges another of its subscriptions into its copy.
    pub(super) fn add(&mut self, client: ClientKey, subscription: &Subscription) {
        let index = client.index();
        if index >= self.seen.len() {
            self.seen.resize(index + 1, (0, 0));
        }
        let place = self.list.len() as u32;
        match &mut self.seen[index] {
            (round, at) if *round == self.round => self.list[*at as usize].merge(subscription),
            unseen => {
                *unseen = (self.round, place);
                self.list.push(Target::new(client, subscription));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mqtt_3_3_4_overlapping_filters_give_one_copy_at_the_highest_qos_with_every_identifier() {
        let subscription = |qos, id| Subscription {
            qos,
            id,
            ..Subscription::default()
        };
        let mut targets = Targets::default();
        for round in 0..2 {
            targets.clear();
            let (a, b) = (ClientKey::new(7), ClientKey::new(round));
            targets.add(a, &subscription(QoS::AtMostOnce, 0));
            targets.add(b, &subscription(QoS::AtMostOnce, 1));
            targets.add(a, &subscription(QoS::ExactlyOnce, 5));
            targets.add(a, &subscription(QoS::AtLeastOnce, 9));
            targets
                .list
                .push(Target::new(a, &subscription(QoS::AtLeastOnce, 0)));
            let seen: Vec<_> = targets
                .list
                .iter()
                .map(|target| {
                    (
                        target.client,
                        target.qos,
                        target.subscription_ids().collect(),
                    )
                })
                .collect::<Vec<(_, _, Vec<u32>)>>();
            assert_eq!(
                seen,
                [
                    (a, QoS::ExactlyOnce, vec![5, 9]),
                    (b, QoS::AtMostOnce, vec![1]),
                    (a, QoS::AtLeastOnce, vec![]),
                ]
            );
        }
    }
}
