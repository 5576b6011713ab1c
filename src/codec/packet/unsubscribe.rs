//! UNSUBSCRIBE and UNSUBACK (sections 3.10 and 3.11).

use super::{Filters, ReasonCodes, encodes_itself};
use crate::codec::reader::Reader;
use crate::codec::visit::Visitor;
use crate::codec::write::{Encode, put_properties};
use crate::codec::{PacketId, PacketType, Properties, Sink, Version, Violation, rules};

/// UNSUBSCRIBE (section 3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribe<'a> {
    /// Packet Identifier.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// Topic Filters, one at least; the options are not on the wire.
    pub filters: Filters<'a>,
}

impl<'a> Unsubscribe<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        r.expecting(&rules::PACKET_ID_MISSING);
        let packet_id = r.packet_id(&rules::PACKET_ID_ZERO)?;
        let (properties, _) = r.properties(&"Properties", PacketType::Unsubscribe.into())?;
        r.expecting(&rules::TRUNCATED);
        if r.remaining() == 0 {
            r.broke(&rules::NO_TOPIC_FILTER_TO_REMOVE, r.at(), None)?;
        }
        let filters = Filters::read(r, false)?;
        Ok(Unsubscribe {
            packet_id,
            properties,
            filters,
        })
    }
}

impl Encode for Unsubscribe<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Unsubscribe.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        out.put(&self.packet_id.get().to_be_bytes());
        put_properties(self.properties, version, out);
        self.filters.put(version, false, out);
    }
}

encodes_itself!(Unsubscribe);

/// UNSUBACK (section 3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsuback<'a> {
    /// Packet Identifier of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// One Reason Code for each Topic Filter; empty before 5.0.
    pub reasons: ReasonCodes<'a>,
}

impl<'a> Unsuback<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        let packet_id = r.packet_id(&rules::SUBACK_PACKET_ID_ZERO)?;
        let (properties, _) = r.properties(&"Properties", PacketType::Unsuback.into())?;
        let reasons = match r.is_v5() {
            true => {
                let (empty, unknown) = (&rules::UNSUBACK_EMPTY, &rules::UNSUBACK_REASON);
                ReasonCodes::read(r, PacketType::Unsuback, empty, unknown)?
            }
            false => ReasonCodes(&[]),
        };
        Ok(Unsuback {
            packet_id,
            properties,
            reasons,
        })
    }
}

impl Encode for Unsuback<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Unsuback.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        out.put(&self.packet_id.get().to_be_bytes());
        if version == Version::V5 {
            put_properties(self.properties, version, out);
            out.put(self.reasons.0);
        }
    }
}

encodes_itself!(Unsuback);
