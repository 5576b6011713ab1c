//! What was seen of one end of a connection.

use std::collections::{HashMap, HashSet};

use super::Room;
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
    /// The Topic Aliases that it set.
    pub aliases: HashSet<u16>,
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
    pub fn insert(&mut self, packet_id: PacketId, step: Step, room: &mut Room) -> bool {
        if !room.take() {
            return false;
        }
        self.sent = self.sent.wrapping_add(1);
        let number = self.sent;
        if self
            .messages
            .insert(packet_id, Message { step, number })
            .is_some()
        {
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

    /// Forgets messages and aliases.
    pub fn forget(&mut self, room: &mut Room) {
        room.give_back(self.messages.len() + self.aliases.len());
        self.messages = HashMap::new();
        self.aliases = HashSet::new();
    }
}
