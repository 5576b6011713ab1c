//! PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7): the same fields in all four.

use crate::codec::reader::Reader;
use crate::codec::sink::Counter;
use crate::codec::visit::Visitor;
use crate::codec::write::{put_header, put_reason_and_properties};
use crate::codec::{PacketId, PacketType, Properties, ReasonCode, Sink, Version, Violation, rules};

/// PUBACK, PUBREC, PUBREL or PUBCOMP (sections 3.4 to 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack<'a> {
    /// Packet Identifier of the PUBLISH.
    pub packet_id: PacketId,
    /// Reason Code; 0x00 before 5.0.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

impl<'a> Ack<'a> {
    /// An acknowledgement that says only that all is well.
    #[must_use]
    pub const fn success(packet_id: PacketId) -> Ack<'static> {
        Ack {
            packet_id,
            reason: ReasonCode::SUCCESS,
            properties: Properties::EMPTY,
        }
    }

    #[inline]
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        packet_type: PacketType,
    ) -> Result<Self, Violation> {
        let packet_id = r.packet_id(&rules::ACK_PACKET_ID_ZERO)?;
        let mut ack = Ack::success(packet_id);
        // Reason Code and properties may both be left out, or the properties alone.
        if r.is_v5() && r.remaining() > 0 {
            let rule = match packet_type {
                PacketType::Puback => &rules::PUBACK_REASON,
                PacketType::Pubrec => &rules::PUBREC_REASON,
                PacketType::Pubrel => &rules::PUBREL_REASON,
                _ => &rules::PUBCOMP_REASON,
            };
            ack.reason = r.reason(&"Reason Code", packet_type, rule)?;
            if r.remaining() > 0 {
                (ack.properties, _) = r.properties(&"Properties", packet_type.into())?;
            }
        }
        Ok(ack)
    }

    /// Writes the packet as one of this type: PUBACK, PUBREC, PUBREL or PUBCOMP.
    #[inline]
    pub fn encode(&self, packet_type: PacketType, version: Version, out: &mut impl Sink) {
        debug_assert!(matches!(
            packet_type,
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp
        ));
        let mut counter = Counter::default();
        self.put_body(version, &mut counter);
        put_header(packet_type.first_byte(), counter.0, out);
        self.put_body(version, out);
    }

    #[inline]
    fn put_body(&self, version: Version, out: &mut impl Sink) {
        out.put(&self.packet_id.get().to_be_bytes());
        put_reason_and_properties(self.reason, self.properties, version, out);
    }
}
