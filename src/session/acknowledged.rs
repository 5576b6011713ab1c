//! The sender's half of the QoS 1 and 2 handshakes: what the peer's acknowledgements do.

use std::time::Instant;

use super::inflight::Step;
use super::{Event, Role, Session, rules};
use crate::codec::{Ack, Output, Packet, PacketId, QoS, ReasonCode, Rule, Version, Violation};

impl Session {
    pub(super) fn on_puback<'a>(
        &mut self,
        now: Instant,
        ack: &Ack<'_>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        let Some(at) = self.state.in_flight.position(ack.packet_id) else {
            return Ok(Event::Handled);
        };
        self.expect_qos(at, QoS::AtLeastOnce, &rules::PUBREC_EXPECTED)?;
        Ok(self.complete(now, at, ack.reason, out))
    }

    pub(super) fn on_pubrec<'a>(
        &mut self,
        now: Instant,
        ack: &Ack<'_>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        let Some(at) = self.state.in_flight.position(ack.packet_id) else {
            let reason = self.not_found();
            self.reply(Packet::Pubrel, ack.packet_id, reason, out);
            return Ok(Event::Handled);
        };
        self.expect_qos(at, QoS::ExactlyOnce, &rules::PUBACK_EXPECTED)?;
        if ack.reason.is_error() {
            // MQTT-4.4.0-2: then the PUBLISH counts as acknowledged.
            return Ok(self.complete(now, at, ack.reason, out));
        }
        if let Some(entry) = self.state.in_flight.get_mut(at) {
            if !entry.sent {
                entry.sent = true;
                self.connection.outstanding += 1;
            }
            entry.step = Step::Release;
            entry.reason = ack.reason;
        }
        self.reply(Packet::Pubrel, ack.packet_id, ReasonCode::SUCCESS, out);
        if self.role == Role::Server {
            self.state.in_flight.forget_message(at);
            if let Some(entry) = self.state.in_flight.get_mut(at) {
                self.state.record.in_flight(entry, false);
            }
            self.send_waiting(now, out);
        }
        Ok(Event::Handled)
    }

    pub(super) fn on_pubcomp<'a>(
        &mut self,
        now: Instant,
        ack: &Ack<'_>,
        out: &mut Output,
    ) -> Result<Event<'a>, Violation> {
        let Some(at) = self.state.in_flight.position(ack.packet_id) else {
            return Ok(Event::Handled);
        };
        self.expect_qos(at, QoS::ExactlyOnce, &rules::PUBACK_EXPECTED)?;
        let reason = match self.state.in_flight.get_mut(at) {
            Some(entry) if entry.step == Step::Release => entry.reason,
            _ => return Err(self.violation(&rules::PUBCOMP_BEFORE_PUBREC)),
        };
        // The peer took the message with its PUBREC. That it does not know the identifier any
        // more means that an earlier PUBCOMP got lost.
        Ok(self.complete(now, at, reason, out))
    }

    /// The message at this position is done.
    fn complete<'a>(
        &mut self,
        now: Instant,
        at: usize,
        reason: ReasonCode,
        out: &mut Output,
    ) -> Event<'a> {
        let Some(entry) = self.state.in_flight.remove(at) else {
            return Event::Handled;
        };
        self.state.record.removed(entry.sequence);
        self.connection.outstanding -= u32::from(entry.sent);
        self.send_waiting(now, out);
        Event::Published {
            packet_id: entry.packet_id,
            reason,
        }
    }

    fn expect_qos(&mut self, at: usize, qos: QoS, rule: &'static Rule) -> Result<(), Violation> {
        match self.state.in_flight.get_mut(at) {
            Some(entry) if entry.delivery.qos != qos => Err(self.violation(rule)),
            _ => Ok(()),
        }
    }

    /// The Reason Code for an identifier that is not known; 3.1.1 has none.
    pub(super) fn not_found(&self) -> ReasonCode {
        match self.connection.version {
            Version::V5 => ReasonCode::PACKET_IDENTIFIER_NOT_FOUND,
            _ => ReasonCode::SUCCESS,
        }
    }

    /// Writes an acknowledgement, unless this end has ended the connection.
    pub(super) fn reply(
        &mut self,
        kind: fn(Ack<'static>) -> Packet<'static>,
        packet_id: PacketId,
        reason: ReasonCode,
        out: &mut Output,
    ) {
        if self.connection.is_open() {
            self.connection.send_ack(kind, packet_id, reason, out);
        }
    }
}
