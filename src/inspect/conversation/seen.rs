//! A packet as it is seen, and what is noted of it.

use super::Room;
use crate::codec::{Got, Packet, PacketType, Properties, PropertyId, Rule, Version, Violation};
use crate::inspect::Time;
use crate::session::Role;

/// A packet at its place in the conversation.
#[derive(Clone, Copy, Debug)]
pub(in crate::inspect) struct Seen<'r, 'a> {
    /// The whole packet.
    pub bytes: &'a [u8],
    /// What it says, if it breaks no rule of the codec.
    pub packet: Option<&'r Packet<'a>>,
    /// Its type, if there is such a type.
    pub packet_type: Option<PacketType>,
    /// The version it was read as.
    pub version: Version,
    /// Who sent it, if that is known.
    pub sender: Option<Role>,
    /// When.
    pub time: Option<Time>,
}

impl Seen<'_, '_> {
    /// The byte behind the Fixed Header: the Packet Identifier of many packets.
    pub fn body(&self) -> usize {
        let more = self.bytes.iter().skip(1).take(3);
        2 + more.take_while(|byte| **byte >= 0x80).count()
    }

    /// Where a part of the packet stands in it.
    pub fn offset_of(&self, part: &[u8]) -> usize {
        let offset = part
            .as_ptr()
            .addr()
            .wrapping_sub(self.bytes.as_ptr().addr());
        match offset <= self.bytes.len() {
            true => offset,
            false => 0,
        }
    }

    /// Where a property stands.
    pub fn property(&self, properties: &Properties<'_>, id: PropertyId) -> usize {
        let [before, _] = properties.around(id);
        self.offset_of(properties.as_bytes()) + before.len()
    }
}

/// What is noted while a packet is looked at.
pub(super) struct Notes<'n> {
    pub violations: &'n mut Vec<Violation>,
    pub version: Version,
    pub room: &'n mut Room,
}

impl Notes<'_> {
    /// Notes a broken rule, if the version has it.
    #[cold]
    pub fn add(&mut self, rule: &'static Rule, offset: usize, got: impl Into<Option<u32>>) {
        if rule.id(self.version).is_some() {
            let got = got.into().map(Got::Number);
            self.violations
                .push(Violation::new(rule, self.version, offset, got));
        }
    }
}
