//! What was seen of one end of a connection.

use std::collections::HashMap;

use super::{Digest, Room};
use crate::codec::PacketId;
use crate::inspect::Time;
use crate::session::Limits;

/// One end: the client or the server.
#[derive(Debug, Default)]
pub(super) struct End {
    /// Whether all that it sent on this connection was seen, and understood.
    pub whole: bool,
    /// Whether any packet of it was seen.
    pub seen: bool,
    /// Whether bytes of it were lost.
    pub lost: bool,
    /// Whether it sent DISCONNECT.
    pub ended: bool,
    /// What it announced, if that was seen.
    pub limits: Option<Limits>,
    /// When it sent something last.
    pub last: Option<Time>,
    /// Its messages that wait for acknowledgement.
    pub messages: HashMap<PacketId, Message>,
    /// The Topic Aliases that it set, and the topics they stand for.
    pub aliases: HashMap<u16, Box<str>>,
    /// How many messages at QoS 1 and 2 it has sent.
    pub sent: u32,
    /// The latest of its messages that were acknowledged with PUBACK and PUBREC.
    pub acknowledged: [u32; 2],
    /// Whether it sent a message again, so that more than one acknowledgement may come.
    pub resent: bool,
}

/// A message that waits for acknowledgement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub step: Step,
    /// Its place among the messages of its sender.
    pub number: u32,
    /// What stands for its topic and payload, where that is asked for.
    pub content: Option<Digest>,
}

impl Message {
    /// Whether its PUBREL, and no more the PUBLISH, is to be sent again.
    pub fn is_released(&self) -> bool {
        matches!(self.step, Step::Pubrel | Step::Pubcomp)
    }
}

/// What a message waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
}

impl End {
    /// Remembers a message. `false`: there is no room.
    pub fn insert(
        &mut self,
        packet_id: PacketId,
        step: Step,
        content: Option<Digest>,
        room: &mut Room,
    ) -> bool {
        if !room.take() {
            return false;
        }
        self.sent = self.sent.wrapping_add(1);
        let number = self.sent;
        let message = Message {
            step,
            number,
            content,
        };
        if self.messages.insert(packet_id, message).is_some() {
            room.give_back(1);
        }
        true
    }

    /// The message is done.
    pub fn remove(&mut self, packet_id: PacketId, room: &mut Room) {
        if self.messages.remove(&packet_id).is_some() {
            room.give_back(1);
        }
    }

    /// Remembers what a Topic Alias stands for. `false`: there is no room.
    pub fn set_alias(&mut self, alias: u16, topic: &str, room: &mut Room) -> bool {
        match self.aliases.get(&alias) {
            Some(known) if **known == *topic => return true,
            Some(known) => room.give_back(places(known)),
            None => {}
        }
        if !room.take_many(places(topic)) {
            self.aliases.remove(&alias);
            return false;
        }
        self.aliases.insert(alias, topic.into());
        true
    }

    /// Forgets messages.
    pub fn forget_messages(&mut self, room: &mut Room) {
        room.give_back(self.messages.len());
        self.messages = HashMap::new();
    }

    /// Forgets aliases.
    pub fn forget_aliases(&mut self, room: &mut Room) {
        room.give_back(self.aliases.values().map(|topic| places(topic)).sum());
        self.aliases = HashMap::new();
    }
}

/// The room that a topic takes.
fn places(topic: &str) -> usize {
    1 + topic.len() / 64
}
