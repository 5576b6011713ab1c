//! The one decoder, for every version and every visitor.

use super::frame::fixed_header;
use super::reader::{Flags, Reader};
use super::visit::{FieldValue, Visitor};
use super::{
    Ack, Auth, Connack, Connect, Disconnect, Got, Packet, PacketType, Publish, Rule, Suback,
    Subscribe, Unsuback, Unsubscribe, Violation, rules,
};

/// Decodes a packet from its Fixed Header to its end.
#[inline(always)]
pub(super) fn decode<'a, V: Visitor<'a>>(
    r: &mut Reader<'a, '_, V>,
) -> Result<Packet<'a>, Violation> {
    let (packet_type, first) = fixed_header(r)?;
    decode_body(r, packet_type, first)
}

/// Decodes what follows the Fixed Header.
#[inline]
pub(super) fn decode_body<'a, V: Visitor<'a>>(
    r: &mut Reader<'a, '_, V>,
    packet_type: PacketType,
    first: Flags,
) -> Result<Packet<'a>, Violation> {
    let packet = match packet_type {
        PacketType::Publish => return Publish::read(r, first).map(Packet::Publish),
        PacketType::Connect => return Connect::read(r).map(Packet::Connect),
        PacketType::Connack => Packet::Connack(Connack::read(r)?),
        PacketType::Puback => Packet::Puback(Ack::read(r, packet_type)?),
        PacketType::Pubrec => Packet::Pubrec(Ack::read(r, packet_type)?),
        PacketType::Pubrel => Packet::Pubrel(Ack::read(r, packet_type)?),
        PacketType::Pubcomp => Packet::Pubcomp(Ack::read(r, packet_type)?),
        PacketType::Subscribe => Packet::Subscribe(Subscribe::read(r)?),
        PacketType::Suback => Packet::Suback(Suback::read(r)?),
        PacketType::Unsubscribe => Packet::Unsubscribe(Unsubscribe::read(r)?),
        PacketType::Unsuback => Packet::Unsuback(Unsuback::read(r)?),
        PacketType::Pingreq => Packet::Pingreq,
        PacketType::Pingresp => Packet::Pingresp,
        PacketType::Disconnect => Packet::Disconnect(Disconnect::read(r)?),
        PacketType::Auth => Packet::Auth(Auth::read(r)?),
    };
    finish(r, &rules::TRAILING_BYTES, FieldValue::Binary)?;
    Ok(packet)
}

/// Checks that no byte is left. `rule` forbids what is left, and `told` says how to show it.
#[inline]
pub(super) fn finish<'a, V: Visitor<'a>>(
    r: &mut Reader<'a, '_, V>,
    rule: &'static Rule,
    told: fn(&'a [u8]) -> FieldValue<'a>,
) -> Result<(), Violation> {
    let (from, left) = (r.at(), r.rest());
    if left.is_empty() {
        return Ok(());
    }
    r.tell(&"Trailing bytes", from, told(left));
    r.broke(rule, from, Some(Got::Number(left.len() as u32)))
}
