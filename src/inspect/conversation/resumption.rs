//! Messages that a session takes along from one connection to the next.

use std::collections::HashMap;

use super::{Conversation, Digest, Phase, Room};
use crate::codec::{PacketId, Publish, Version};
use crate::session::Role;

/// How much of a payload is compared with that of a message that may be the same, sent again.
const LOOK: usize = 256;

/// The messages of both ends that waited for acknowledgement when their connection was seen last:
/// their Packet Identifiers, and what stands for their content.
#[derive(Debug, Default)]
pub(in crate::inspect) struct Unacknowledged([HashMap<PacketId, Digest>; 2]);

impl Unacknowledged {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(HashMap::len).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets all of them, and gives their room back.
    pub fn forget(&mut self, room: &mut Room) {
        room.give_back(self.len());
        *self = Unacknowledged::default();
    }

    /// Whether this end sent this very message before. It is forgotten by the question.
    pub(super) fn take(
        &mut self,
        sender: Role,
        packet_id: PacketId,
        content: Option<Digest>,
        room: &mut Room,
    ) -> bool {
        let [client, server] = &mut self.0;
        let messages = match sender {
            Role::Client => client,
            Role::Server => server,
        };
        let Some(sent) = messages.remove(&packet_id) else {
            return false;
        };
        room.give_back(1);
        Some(sent) == content
    }
}

impl Conversation {
    /// The Client Identifier of a CONNECT that was seen just now: told once.
    pub fn opened(&mut self) -> Option<Digest> {
        match std::mem::take(&mut self.is_new) {
            true => self.client_id(),
            false => None,
        }
    }

    /// The Client Identifier, if there was a CONNECT with one.
    pub fn client_id(&self) -> Option<Digest> {
        self.opening.client_id
    }

    /// What waits for acknowledgement, and is to be sent again on the session's next connection.
    pub fn unacknowledged(&self) -> Unacknowledged {
        if !self.keeps_messages() {
            return Unacknowledged::default();
        }
        Unacknowledged([&self.client, &self.server].map(|end| {
            let waiting = end.messages.iter();
            let waiting = waiting.filter(|(_, message)| !message.is_released());
            waiting
                .filter_map(|(id, message)| Some((*id, message.content?)))
                .collect()
        }))
    }

    /// Takes over what waited on the connection before, as this one may resume its session.
    pub fn resume(&mut self, left: Unacknowledged, room: &mut Room) {
        self.earlier.forget(room);
        if room.take_many(left.len()) {
            self.earlier = left;
        }
    }

    /// Whether the session outlives the connection, and all of it was seen.
    pub(super) fn keeps_messages(&self) -> bool {
        self.phase == Phase::Open && self.opening.outlives && self.is_whole()
    }
}

/// What stands for the content of a message.
pub(super) fn content(publish: &Publish<'_>) -> Digest {
    let payload = publish.payload.get(..LOOK).unwrap_or(publish.payload);
    Digest::of((publish.topic, publish.payload.len(), payload))
}

/// Whether a session that was asked for in this way goes on after its connection.
pub(super) fn outlives(version: Version, clean_start: bool, expiry: u32) -> bool {
    match version {
        Version::V5 => expiry > 0,
        Version::V3_1 | Version::V3_1_1 => !clean_start,
    }
}
