//! PUBLISH: identifiers, DUP, Receive Maximum, Topic Aliases, and what the server excluded.

use super::end::Step;
use super::resumption::content;
use super::{Conversation, Notes, Seen};
use crate::codec::{Packet, PacketId, PacketType, PropertyId, Publish, QoS, Version};
use crate::session::{Role, rules};

impl Conversation {
    pub(super) fn on_publish(
        &mut self,
        seen: &Seen<'_, '_>,
        publish: &Publish<'_>,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        if sender == Role::Client {
            self.check_capabilities(seen, publish, notes);
        }
        if !publish.properties.is_empty() {
            self.check_alias(seen, publish, sender, notes);
            self.check_subscription_ids(seen, publish, sender, notes);
        }
        if let Some(packet_id) = publish.packet_id {
            self.check_message(seen, publish, packet_id, sender, notes);
        }
    }

    /// What the CONNACK excluded.
    fn check_capabilities(
        &self,
        seen: &Seen<'_, '_>,
        publish: &Publish<'_>,
        notes: &mut Notes<'_>,
    ) {
        if !publish.properties.is_empty() && publish.properties.subscription_identifier().is_some()
        {
            let at = seen.property(&publish.properties, PropertyId::SubscriptionIdentifier);
            notes.add(&rules::SUBSCRIPTION_IDENTIFIER_FROM_CLIENT, at, None);
        }
        let Some(limits) = &self.server.limits else {
            return;
        };
        if publish.qos > limits.maximum_qos {
            let got = u32::from(publish.qos.bits());
            notes.add(&rules::MAXIMUM_QOS_EXCEEDED, 0, got);
        }
        if publish.retain && !limits.retain_available {
            notes.add(&rules::RETAIN_UNAVAILABLE, 0, None);
        }
    }

    fn check_alias(
        &mut self,
        seen: &Seen<'_, '_>,
        publish: &Publish<'_>,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        let Some(alias) = publish.properties.topic_alias() else {
            return;
        };
        let at = || seen.property(&publish.properties, PropertyId::TopicAlias);
        let (receiver, rule) = match sender {
            Role::Client => (&self.server, &rules::CLIENT_TOPIC_ALIAS),
            Role::Server => (&self.client, &rules::SERVER_TOPIC_ALIAS),
        };
        if let Some(limits) = &receiver.limits
            && alias > limits.topic_alias_maximum
        {
            notes.add(rule, at(), u32::from(alias));
        }
        let end = self.end_mut(sender);
        if !publish.topic.is_empty() {
            end.whole &= end.set_alias(alias, publish.topic, notes.room);
        } else if end.whole && !end.aliases.contains_key(&alias) {
            notes.add(&rules::TOPIC_ALIAS_UNKNOWN, at(), u32::from(alias));
        }
    }

    /// The topic of a PUBLISH that has a Topic Alias for it, if that was seen.
    pub fn alias_topic(&self, seen: &Seen<'_, '_>) -> Option<&str> {
        match seen.packet? {
            Packet::Publish(publish) if publish.topic.is_empty() => {
                let sender = self.sender(seen, PacketType::Publish)?;
                let alias = publish.properties.topic_alias()?;
                self.end(sender).aliases.get(&alias).map(|topic| &**topic)
            }
            _ => None,
        }
    }

    fn check_subscription_ids(
        &self,
        seen: &Seen<'_, '_>,
        publish: &Publish<'_>,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        if sender != Role::Server || !self.fresh || !self.client.whole {
            return;
        }
        for id in publish.properties.subscription_identifiers() {
            if !self.requests.knows_subscription_id(id) {
                let at = seen.property(&publish.properties, PropertyId::SubscriptionIdentifier);
                notes.add(&rules::SUBSCRIPTION_IDENTIFIER_UNKNOWN, at, id);
            }
        }
    }

    /// Whether the Packet Identifier may stand here, and DUP beside it.
    fn check_message(
        &mut self,
        seen: &Seen<'_, '_>,
        publish: &Publish<'_>,
        packet_id: PacketId,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        if !self.is_whole() {
            return;
        }
        let id_at = seen.offset_of(publish.topic.as_bytes()) + publish.topic.len();
        let got = u32::from(packet_id.get());
        let in_use = match sender {
            Role::Client => &rules::CLIENT_PACKET_ID_IN_USE,
            Role::Server => &rules::SERVER_PACKET_ID_IN_USE,
        };
        let keeps = self.keeps_messages() || !self.earlier.is_empty();
        let content = keeps.then(|| content(publish));
        let is_resent = self.earlier.take(sender, packet_id, content, notes.room);
        if is_resent && !publish.dup {
            notes.add(&rules::RESENT_WITHOUT_DUP, 0, None);
        }
        let fresh = self.fresh;
        let requested = sender == Role::Client && self.requests.contains(packet_id);
        let end = self.end_mut(sender);
        let message = end.messages.get(&packet_id).copied();
        match message {
            Some(message) if publish.dup => {
                end.resent = true;
                match message.step {
                    Step::Pubcomp => notes.add(&rules::PUBLISH_AFTER_PUBREL, 0, None),
                    _ => notes.add(&rules::RESENT_ON_CONNECTION, 0, None),
                }
                return;
            }
            Some(_) => notes.add(in_use, id_at, got),
            None if requested => notes.add(in_use, id_at, got),
            None if publish.dup && fresh => {
                let rule = match publish.qos {
                    QoS::ExactlyOnce => &rules::DUP_ON_FIRST_QOS_2,
                    _ => &rules::DUP_ON_FIRST_QOS_1,
                };
                notes.add(rule, 0, None);
            }
            _ => {}
        }
        let step = match publish.qos {
            QoS::ExactlyOnce => Step::Pubrec,
            _ => Step::Puback,
        };
        if !end.insert(packet_id, step, content, notes.room) {
            self.lost(Some(sender), notes.room);
            return;
        }
        self.check_receive_maximum(sender, notes);
    }

    fn check_receive_maximum(&self, sender: Role, notes: &mut Notes<'_>) {
        let (receiver, rule) = match sender {
            Role::Client => (&self.server, &rules::CLIENT_RECEIVE_MAXIMUM),
            Role::Server => (&self.client, &rules::SERVER_RECEIVE_MAXIMUM),
        };
        let waiting = self.end(sender).messages.len();
        if notes.version == Version::V5
            && let Some(limits) = &receiver.limits
            && waiting > usize::from(limits.receive_maximum)
        {
            notes.add(rule, 0, waiting as u32);
        }
    }
}
