//! What is wrong with a packet at its place in the conversation.
//!
//! A [`Conversation`] looks on. It knows what both ends sent as far as that was seen, and holds
//! each packet against it and against the rules of the session. It takes part in nothing: what is
//! wrong is told, and the conversation goes on.
//!
//! Unknown is not wrong: a conversation that was joined late, one of which only one end is seen,
//! and one that lost bytes break no rule by what is missing. See [`End::whole`].

mod acknowledging;
mod digest;
mod end;
mod ending;
mod opening;
mod publishing;
mod resumption;
mod room;
mod seen;
mod subscribing;

#[cfg(test)]
mod tests;

pub(super) use digest::Digest;
pub(super) use resumption::Unacknowledged;
pub(super) use room::Room;
pub(super) use seen::Seen;

use crate::codec::{Packet, PacketType, Version, Violation};
use crate::session::{Role, rules};
use end::End;
use opening::Opening;
use seen::Notes;
use subscribing::Requests;

/// What was seen of one Network Connection.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    phase: Phase,
    opening: Opening,
    client: End,
    server: End,
    requests: Requests,
    /// PINGREQs without a PINGRESP.
    pings: u32,
    /// Whether neither end has state from before this connection.
    fresh: bool,
    /// What waited for acknowledgement on the session's connection before.
    earlier: Unacknowledged,
    /// Whether its CONNECT was seen just now.
    is_new: bool,
    /// Whether there were messages of which nobody knows who sent them.
    blind: bool,
}

/// How far a connection has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// Nothing was seen, or its beginning was not.
    #[default]
    Unknown,
    /// CONNECT was sent.
    Connecting,
    /// CONNACK was sent.
    Open,
    /// CONNACK refused.
    Refused,
}

impl Conversation {
    /// Looks at the next packet; what is wrong with it at this place goes to `violations`.
    pub fn observe(
        &mut self,
        seen: &Seen<'_, '_>,
        violations: &mut Vec<Violation>,
        room: &mut Room,
    ) {
        let faulty = !violations.is_empty();
        let mut notes = Notes {
            violations,
            version: seen.version,
            room,
        };
        let Some(packet_type) = seen.packet_type else {
            return;
        };
        let sender = self.sender(seen, packet_type);
        self.check_direction(seen, packet_type, sender, &mut notes);
        self.check_first(seen, packet_type, &mut notes);
        if let Some(sender) = sender {
            self.check_place(seen, packet_type, sender, &mut notes);
            self.check_size(seen, sender, &mut notes);
            if sender == Role::Client {
                self.check_keep_alive(seen, packet_type, &mut notes);
            }
            self.end_mut(sender).seen = true;
        }
        match (seen.packet, sender) {
            (Some(packet), sender) if !faulty => self.follow(seen, packet, sender, &mut notes),
            // What a faulty packet does to the other end nobody knows.
            (_, sender) => self.faulty(packet_type, sender, notes.room),
        }
    }

    /// Bytes of this end, or of either, were lost: nothing is known for sure any more.
    pub fn lost(&mut self, sender: Option<Role>, room: &mut Room) {
        for role in [Role::Client, Role::Server] {
            let end = self.end_mut(role);
            if sender.is_none_or(|sender| sender == role) {
                (end.whole, end.lost) = (false, true);
                end.forget_aliases(room);
            }
            end.forget_messages(room);
        }
        self.requests.forget(room);
        self.earlier.forget(room);
    }

    /// Forgets what it kept of messages, and gives the room back.
    pub fn forget(&mut self, room: &mut Room) {
        for end in [&mut self.client, &mut self.server] {
            end.forget_messages(room);
            end.forget_aliases(room);
        }
        self.requests.forget(room);
        self.earlier.forget(room);
    }

    fn end(&self, role: Role) -> &End {
        match role {
            Role::Client => &self.client,
            Role::Server => &self.server,
        }
    }

    fn end_mut(&mut self, role: Role) -> &mut End {
        match role {
            Role::Client => &mut self.client,
            Role::Server => &mut self.server,
        }
    }

    /// Whether all messages and acknowledgements since the beginning were seen.
    fn is_whole(&self) -> bool {
        self.client.whole && self.server.whole && !self.blind
    }

    /// Who sent the packet: as the capture says, else as can be told.
    fn sender(&self, seen: &Seen<'_, '_>, packet_type: PacketType) -> Option<Role> {
        if seen.sender.is_some() {
            return seen.sender;
        }
        match (sends(packet_type, seen.version), self.phase) {
            (Some(role), _) => Some(role),
            // Only an AUTH may come from the server before its CONNACK, if there is to be any.
            (None, Phase::Connecting)
                if packet_type != PacketType::Auth || !self.opening.authenticates =>
            {
                Some(Role::Client)
            }
            _ => None,
        }
    }

    fn check_direction(
        &self,
        seen: &Seen<'_, '_>,
        packet_type: PacketType,
        sender: Option<Role>,
        notes: &mut Notes<'_>,
    ) {
        match (sends(packet_type, seen.version), sender) {
            (Some(Role::Client), Some(Role::Server)) => {
                notes.add(&rules::CLIENT_PACKET_FROM_SERVER, 0, None);
            }
            (Some(Role::Server), Some(Role::Client)) => {
                notes.add(&rules::SERVER_PACKET_FROM_CLIENT, 0, None);
            }
            _ => {}
        }
    }

    /// Whether a client whose first packet this is begins as it must.
    fn check_first(&self, seen: &Seen<'_, '_>, packet_type: PacketType, notes: &mut Notes<'_>) {
        let client = &self.client;
        if seen.sender == Some(Role::Client)
            && self.phase == Phase::Unknown
            && packet_type != PacketType::Connect
            && !(client.seen || client.lost || self.server.seen)
        {
            notes.add(&rules::CONNECT_FIRST, 0, None);
        }
    }

    /// Whether this end may send anything, and this packet, now.
    fn check_place(
        &mut self,
        seen: &Seen<'_, '_>,
        packet_type: PacketType,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        if self.end(sender).ended {
            notes.add(&rules::PACKET_AFTER_DISCONNECT, 0, None);
            return;
        }
        let first = !self.end(sender).seen && !self.end(sender).lost;
        match (sender, packet_type, self.phase) {
            (Role::Client, PacketType::Connect, Phase::Unknown)
                if self.client.seen || seen.sender.is_none() && self.has_begun() =>
            {
                notes.add(&rules::CONNECT_FIRST, 0, None);
            }
            (Role::Client, PacketType::Connect, Phase::Unknown) => {}
            (Role::Client, PacketType::Connect, _) => {
                notes.add(&rules::SECOND_CONNECT, 0, None);
            }
            (Role::Client, PacketType::Auth | PacketType::Disconnect, Phase::Connecting) => {}
            (Role::Client, _, Phase::Connecting) if self.opening.authenticates => {
                notes.add(&rules::PACKET_BEFORE_CONNACK, 0, None);
            }
            (Role::Server, PacketType::Connack, Phase::Open | Phase::Refused) => {
                notes.add(&rules::SECOND_CONNACK, 0, None);
            }
            (Role::Server, PacketType::Connack | PacketType::Auth, Phase::Connecting) => {}
            (Role::Server, PacketType::Disconnect, Phase::Connecting) if first => {
                notes.add(&rules::DISCONNECT_BEFORE_CONNACK, 0, None);
            }
            (Role::Server, _, Phase::Connecting) if first => {
                notes.add(&rules::CONNACK_FIRST, 0, None);
            }
            (Role::Server, _, Phase::Refused) => {
                notes.add(&rules::PACKET_AFTER_REFUSAL, 0, None);
            }
            _ => {}
        }
    }

    /// Whether anybody sent anything. Where it is not known who sends, the order still is.
    fn has_begun(&self) -> bool {
        self.client.seen || self.server.seen || self.blind
    }

    /// Whether the packet exceeds what the other end takes.
    fn check_size(&self, seen: &Seen<'_, '_>, sender: Role, notes: &mut Notes<'_>) {
        let (receiver, rule) = match sender {
            Role::Client => (&self.server, &rules::CLIENT_PACKET_TOO_LARGE),
            Role::Server => (&self.client, &rules::SERVER_PACKET_TOO_LARGE),
        };
        let size = u32::try_from(seen.bytes.len()).unwrap_or(u32::MAX);
        if let Some(limits) = &receiver.limits
            && size > limits.maximum_packet_size
        {
            notes.add(rule, 1, Some(size));
        }
    }

    /// Takes in what the packet says.
    fn follow(
        &mut self,
        seen: &Seen<'_, '_>,
        packet: &Packet<'_>,
        sender: Option<Role>,
        notes: &mut Notes<'_>,
    ) {
        if let Some(sender) = sender {
            self.check_problem_information(seen, packet, sender, notes);
        }
        match (packet, sender) {
            (Packet::Connect(connect), _) => self.on_connect(seen, connect, notes),
            (Packet::Connack(connack), Some(Role::Server)) => {
                self.on_connack(seen, connack, notes);
            }
            (Packet::Publish(publish), Some(sender)) => {
                self.on_publish(seen, publish, sender, notes);
            }
            (
                Packet::Puback(ack)
                | Packet::Pubrec(ack)
                | Packet::Pubrel(ack)
                | Packet::Pubcomp(ack),
                Some(sender),
            ) => self.on_ack(seen, (packet.packet_type(), ack), sender, notes),
            (Packet::Subscribe(subscribe), Some(Role::Client)) => {
                self.on_subscribe(seen, subscribe, notes);
            }
            (Packet::Unsubscribe(unsubscribe), Some(Role::Client)) => {
                self.on_unsubscribe(seen, unsubscribe, notes);
            }
            (Packet::Suback(suback), Some(Role::Server)) => self.on_suback(seen, suback, notes),
            (Packet::Unsuback(unsuback), Some(Role::Server)) => {
                self.on_unsuback(seen, unsuback, notes);
            }
            (Packet::Pingreq, Some(Role::Client)) => self.pings = self.pings.saturating_add(1),
            (Packet::Pingresp, Some(Role::Server)) => self.on_pingresp(notes),
            (Packet::Disconnect(disconnect), sender) => {
                self.on_disconnect(seen, disconnect, sender, notes);
            }
            (Packet::Auth(auth), Some(sender)) => self.on_auth(seen, auth, sender, notes),
            (Packet::Auth(auth), None) => self.on_auth_of_either(seen, auth, notes),
            // Nobody knows whose messages these are: neither end's are known any more.
            (_, None) => {
                self.blind = true;
                self.client.forget_messages(notes.room);
                self.server.forget_messages(notes.room);
            }
            _ => {}
        }
    }

    fn faulty(&mut self, packet_type: PacketType, sender: Option<Role>, room: &mut Room) {
        match packet_type {
            PacketType::Connect => {
                self.forget(room);
                self.phase = Phase::Connecting;
                self.opening = Opening::default();
                self.client = End {
                    seen: true,
                    ..End::default()
                };
                self.lost(sender, room);
            }
            _ => self.lost(sender, room),
        }
    }

    fn on_pingresp(&mut self, notes: &mut Notes<'_>) {
        if self.pings == 0 && self.client.whole {
            notes.add(&rules::PINGRESP_UNASKED, 0, None);
        }
        self.pings = self.pings.saturating_sub(1);
    }
}

/// The only end that sends such packets; `None`: both do.
fn sends(packet_type: PacketType, version: Version) -> Option<Role> {
    match packet_type {
        PacketType::Connect
        | PacketType::Subscribe
        | PacketType::Unsubscribe
        | PacketType::Pingreq => Some(Role::Client),
        PacketType::Connack | PacketType::Suback | PacketType::Unsuback | PacketType::Pingresp => {
            Some(Role::Server)
        }
        PacketType::Disconnect if version != Version::V5 => Some(Role::Client),
        _ => None,
    }
}
