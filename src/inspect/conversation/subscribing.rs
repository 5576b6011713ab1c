//! SUBSCRIBE, UNSUBSCRIBE and their answers.

use std::collections::{HashMap, HashSet};

use super::{Conversation, Notes, Room, Seen};
use crate::codec::{
    PacketId, PropertyId, QoS, ReasonCode, Suback, Subscribe, Unsuback, Unsubscribe, Version,
};
use crate::session::{Role, rules};
use crate::topic::Filter;

/// A request of which the QoS of more Topic Filters is not remembered.
const MAX_FILTERS: usize = 64;

/// What the client asked for.
#[derive(Debug, Default)]
pub(super) struct Requests {
    waiting: HashMap<PacketId, Request>,
    subscription_ids: HashSet<u32>,
}

/// A SUBSCRIBE or UNSUBSCRIBE that waits for its answer.
#[derive(Debug)]
struct Request {
    /// Topic Filters in it.
    filters: usize,
    /// SUBSCRIBE: the QoS of the first of them; `None`: it was UNSUBSCRIBE.
    qos: Option<Box<[QoS]>>,
}

impl Requests {
    /// Whether a request with this identifier waits.
    pub fn contains(&self, packet_id: PacketId) -> bool {
        self.waiting.contains_key(&packet_id)
    }

    /// Whether the client gave this Subscription Identifier.
    pub fn knows_subscription_id(&self, id: u32) -> bool {
        self.subscription_ids.contains(&id)
    }

    /// Forgets everything.
    pub fn forget(&mut self, room: &mut Room) {
        room.give_back(self.waiting.len() + self.subscription_ids.len());
        *self = Requests::default();
    }

    /// Remembers a request. `false`: there is no room.
    fn insert(&mut self, packet_id: PacketId, request: Request, room: &mut Room) -> bool {
        if !room.take() {
            return false;
        }
        if self.waiting.insert(packet_id, request).is_some() {
            room.give_back(1);
        }
        true
    }
}

impl Conversation {
    pub(super) fn on_subscribe(
        &mut self,
        seen: &Seen<'_, '_>,
        subscribe: &Subscribe<'_>,
        notes: &mut Notes<'_>,
    ) {
        self.check_subscribe(seen, subscribe, notes);
        self.check_request_id(seen, subscribe.packet_id, notes);
        if !self.client.whole {
            return;
        }
        let qos = subscribe.filters.iter().map(|(_, options)| options.qos);
        let request = Request {
            filters: subscribe.filters.count(),
            qos: Some(qos.take(MAX_FILTERS).collect()),
        };
        let mut kept = self
            .requests
            .insert(subscribe.packet_id, request, notes.room);
        if let Some(id) = subscribe.properties.subscription_identifier()
            && !self.requests.knows_subscription_id(id)
        {
            kept &= notes.room.take() && self.requests.subscription_ids.insert(id);
        }
        if !kept {
            self.lost(Some(Role::Client), notes.room);
        }
    }

    pub(super) fn on_unsubscribe(
        &mut self,
        seen: &Seen<'_, '_>,
        unsubscribe: &Unsubscribe<'_>,
        notes: &mut Notes<'_>,
    ) {
        self.check_request_id(seen, unsubscribe.packet_id, notes);
        if !self.client.whole {
            return;
        }
        let request = Request {
            filters: unsubscribe.filters.count(),
            qos: None,
        };
        if !self
            .requests
            .insert(unsubscribe.packet_id, request, notes.room)
        {
            self.lost(Some(Role::Client), notes.room);
        }
    }

    /// A request's Packet Identifier is not that of another packet which waits.
    fn check_request_id(&self, seen: &Seen<'_, '_>, packet_id: PacketId, notes: &mut Notes<'_>) {
        let waits = self.is_whole()
            && (self.client.messages.contains_key(&packet_id) || self.requests.contains(packet_id));
        // 3.1 may send a request again, with DUP.
        let again =
            notes.version == Version::V3_1 && seen.bytes.first().is_some_and(|b| b & 8 != 0);
        if waits && !again {
            let got = u32::from(packet_id.get());
            notes.add(&rules::CLIENT_PACKET_ID_IN_USE, seen.body(), got);
        }
    }

    /// What the CONNACK excluded.
    fn check_subscribe(
        &self,
        seen: &Seen<'_, '_>,
        subscribe: &Subscribe<'_>,
        notes: &mut Notes<'_>,
    ) {
        let Some(limits) = &self.server.limits else {
            return;
        };
        if !limits.subscription_identifier_available
            && subscribe.properties.subscription_identifier().is_some()
        {
            let at = seen.property(&subscribe.properties, PropertyId::SubscriptionIdentifier);
            notes.add(&rules::SUBSCRIPTION_IDENTIFIER_UNAVAILABLE, at, None);
        }
        if limits.wildcard_subscription_available && limits.shared_subscription_available {
            return;
        }
        for (text, _) in subscribe.filters.iter() {
            let Ok(filter) = Filter::parse(text, notes.version) else {
                continue;
            };
            let at = seen.offset_of(text.as_bytes());
            if filter.has_wildcard() && !limits.wildcard_subscription_available {
                notes.add(&rules::WILDCARD_UNAVAILABLE, at, None);
            }
            if filter.share_name.is_some() && !limits.shared_subscription_available {
                notes.add(&rules::SHARED_UNAVAILABLE, at, None);
            }
        }
    }

    pub(super) fn on_suback(
        &mut self,
        seen: &Seen<'_, '_>,
        suback: &Suback<'_>,
        notes: &mut Notes<'_>,
    ) {
        let request = self.answered(suback.packet_id, true, notes.room);
        if !self.client.whole {
            return;
        }
        let Some(request) = request else {
            let got = u32::from(suback.packet_id.get());
            notes.add(&rules::SUBACK_UNEXPECTED, seen.body(), got);
            return;
        };
        let codes_at = seen.offset_of(suback.reasons.0);
        if suback.reasons.len() != request.filters {
            let got = suback.reasons.len() as u32;
            notes.add(&rules::SUBACK_COUNT, codes_at, got);
        }
        let asked = request.qos.iter().flatten();
        for (at, (granted, asked)) in suback.reasons.iter().zip(asked).enumerate() {
            if granted <= ReasonCode::GRANTED_QOS_2 && granted.value() > asked.bits() {
                let got = u32::from(granted.value());
                notes.add(&rules::SUBACK_QOS, codes_at + at, got);
            }
        }
    }

    pub(super) fn on_unsuback(
        &mut self,
        seen: &Seen<'_, '_>,
        unsuback: &Unsuback<'_>,
        notes: &mut Notes<'_>,
    ) {
        let request = self.answered(unsuback.packet_id, false, notes.room);
        if !self.client.whole {
            return;
        }
        let Some(request) = request else {
            let got = u32::from(unsuback.packet_id.get());
            notes.add(&rules::UNSUBACK_UNEXPECTED, seen.body(), got);
            return;
        };
        if notes.version == Version::V5 && unsuback.reasons.len() != request.filters {
            let (at, got) = (
                seen.offset_of(unsuback.reasons.0),
                unsuback.reasons.len() as u32,
            );
            notes.add(&rules::UNSUBACK_COUNT, at, got);
        }
    }

    /// The request that is answered, if one of its kind waits.
    fn answered(
        &mut self,
        packet_id: PacketId,
        subscribe: bool,
        room: &mut Room,
    ) -> Option<Request> {
        let request = self.requests.waiting.get(&packet_id)?;
        if request.qos.is_some() != subscribe {
            return None;
        }
        room.give_back(1);
        self.requests.waiting.remove(&packet_id)
    }
}
