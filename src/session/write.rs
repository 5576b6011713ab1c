//! Writing packets within the limits of the peer.

use super::connection::Connection;
use crate::codec::{
    Ack, Output, Packet, PacketId, Properties, PropertyBuf, PropertyId, ReasonCode, Version,
};

/// The longest PUBACK, PUBREC, PUBREL or PUBCOMP without properties.
const MAX_PLAIN_ACK: u32 = 6;

impl Connection {
    /// Writes a packet other than PUBLISH. `false`: it exceeds the peer's Maximum Packet Size and
    /// was not written (MQTT-3.1.2-24, MQTT-3.2.2-15).
    pub fn send(&mut self, packet: &Packet<'_>, out: &mut Output) -> bool {
        if self.peer.maximum_packet_size < u32::MAX && !self.fits(packet) {
            return false;
        }
        packet.encode(self.version, out);
        self.keep_alive.answered();
        true
    }

    /// Writes a packet, without its Reason String and User Properties if they would exceed the peer's
    /// Maximum Packet Size (MQTT-3.2.2-19, -20, and so for every packet), or if the client has asked
    /// for none (MQTT-3.1.2-29). `false`: it is too large even so, and was not written.
    pub fn send_informing(&mut self, mut packet: Packet<'_>, out: &mut Output) -> bool {
        const LADDER: [&[PropertyId]; 2] = [
            &[PropertyId::UserProperty],
            &[PropertyId::UserProperty, PropertyId::ReasonString],
        ];
        let wanted = self.problem_information
            || matches!(packet, Packet::Connack(_) | Packet::Disconnect(_));
        let full = match properties_mut(&mut packet) {
            Some(properties) if self.version == Version::V5 => *properties,
            _ => return self.send(&packet, out),
        };
        if wanted && self.fits(&packet) {
            return self.send(&packet, out);
        }
        let ladder = if wanted { &LADDER[..] } else { &LADDER[1..] };
        for dropped in ladder {
            let kept = without(full, dropped);
            let mut shorter = packet;
            if let Some(properties) = properties_mut(&mut shorter) {
                *properties = kept.as_properties();
            }
            if self.fits(&shorter) {
                return self.send(&shorter, out);
            }
        }
        false
    }

    /// Writes a PUBACK, PUBREC, PUBREL or PUBCOMP.
    pub fn send_ack(
        &mut self,
        kind: fn(Ack<'static>) -> Packet<'static>,
        packet_id: PacketId,
        reason: ReasonCode,
        out: &mut Output,
    ) {
        let packet = kind(Ack {
            packet_id,
            reason,
            properties: Properties::EMPTY,
        });
        if self.peer.maximum_packet_size >= MAX_PLAIN_ACK || self.fits(&packet) {
            packet.encode(self.version, out);
            self.keep_alive.answered();
        }
    }

    fn fits(&self, packet: &Packet<'_>) -> bool {
        packet.encoded_len(self.version) <= self.peer.maximum_packet_size as usize
    }
}

/// The properties of the packets that may carry a Reason String.
fn properties_mut<'p, 'a>(packet: &'p mut Packet<'a>) -> Option<&'p mut Properties<'a>> {
    match packet {
        Packet::Connack(connack) => Some(&mut connack.properties),
        Packet::Suback(suback) => Some(&mut suback.properties),
        Packet::Unsuback(unsuback) => Some(&mut unsuback.properties),
        Packet::Disconnect(disconnect) => Some(&mut disconnect.properties),
        Packet::Auth(auth) => Some(&mut auth.properties),
        _ => None,
    }
}

/// The properties without some of them.
pub(super) fn without(properties: Properties<'_>, dropped: &[PropertyId]) -> PropertyBuf {
    let mut kept = PropertyBuf::default();
    for (id, value) in properties.iter() {
        if !dropped.contains(&id) {
            kept.push(id, value);
        }
    }
    kept
}
