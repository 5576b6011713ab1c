//! PUBACK, PUBREC, PUBREL and PUBCOMP: the handshakes of QoS 1 and 2.

use super::end::{Message, Step};
use super::{Conversation, Notes, Seen};
use crate::codec::{Ack, PacketType, ReasonCode, Rule};
use crate::session::{Role, rules};

/// The receiver of what this end sends.
fn other(role: Role) -> Role {
    match role {
        Role::Client => Role::Server,
        Role::Server => Role::Client,
    }
}

impl Conversation {
    pub(super) fn on_ack(
        &mut self,
        seen: &Seen<'_, '_>,
        (packet_type, ack): (PacketType, &Ack<'_>),
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        check_reason(seen, ack, sender, notes);
        let publisher = match packet_type {
            PacketType::Pubrel => sender,
            _ => other(sender),
        };
        let Some(message) = self.message(seen, ack, publisher, notes) else {
            return;
        };
        match (packet_type, message.step) {
            (PacketType::Puback, Step::Puback) => {
                self.check_order(0, &rules::PUBACK_ORDER, message, sender, notes);
                self.end_mut(publisher).remove(ack.packet_id, notes.room);
            }
            (PacketType::Puback, _) => notes.add(&rules::PUBREC_EXPECTED, 0, None),
            (PacketType::Pubrec | PacketType::Pubcomp, Step::Puback) => {
                notes.add(&rules::PUBACK_EXPECTED, 0, None);
            }
            (PacketType::Pubrec, Step::Pubrec) => {
                self.check_order(1, &rules::PUBREC_ORDER, message, sender, notes);
                match ack.reason.is_error() {
                    true => self.end_mut(publisher).remove(ack.packet_id, notes.room),
                    false => self.step(ack, publisher, Step::Pubrel),
                }
            }
            (PacketType::Pubrel, Step::Puback | Step::Pubrec) => {
                notes.add(&rules::PUBREL_BEFORE_PUBREC, 0, None);
            }
            (PacketType::Pubrel, _) => self.step(ack, publisher, Step::Pubcomp),
            (PacketType::Pubcomp, Step::Pubcomp) => {
                self.end_mut(publisher).remove(ack.packet_id, notes.room);
            }
            (PacketType::Pubcomp, _) => notes.add(&rules::PUBCOMP_BEFORE_PUBREC, 0, None),
            // One PUBREC for each time that the message was sent.
            _ => {}
        }
    }

    /// The message of `publisher` that is acknowledged. `None`: it is not known, which is wrong
    /// where it must be.
    fn message(
        &self,
        seen: &Seen<'_, '_>,
        ack: &Ack<'_>,
        publisher: Role,
        notes: &mut Notes<'_>,
    ) -> Option<Message> {
        if !self.is_whole() {
            return None;
        }
        let end = self.end(publisher);
        let message = end.messages.get(&ack.packet_id).copied();
        let excused = end.resent || ack.reason == ReasonCode::PACKET_IDENTIFIER_NOT_FOUND;
        if message.is_none() && self.fresh && !excused {
            let got = u32::from(ack.packet_id.get());
            notes.add(&rules::ACKNOWLEDGED_UNKNOWN, seen.body(), got);
        }
        message
    }

    fn step(&mut self, ack: &Ack<'_>, publisher: Role, step: Step) {
        let end = self.end_mut(publisher);
        if let Some(message) = end.messages.get_mut(&ack.packet_id) {
            message.step = step;
        }
    }

    /// A client acknowledges in the order of receipt.
    fn check_order(
        &mut self,
        kind: usize,
        rule: &'static Rule,
        message: Message,
        sender: Role,
        notes: &mut Notes<'_>,
    ) {
        let end = self.end_mut(other(sender));
        let Some(latest) = end.acknowledged.get_mut(kind) else {
            return;
        };
        if sender == Role::Client && message.number < *latest {
            notes.add(rule, 0, None);
        }
        *latest = message.number.max(*latest);
    }
}

/// A client knows nothing of subscribers.
fn check_reason(seen: &Seen<'_, '_>, ack: &Ack<'_>, sender: Role, notes: &mut Notes<'_>) {
    if sender == Role::Client && ack.reason == ReasonCode::NO_MATCHING_SUBSCRIBERS {
        notes.add(&rules::ACK_REASON_FROM_CLIENT, seen.body() + 2, None);
    }
}
