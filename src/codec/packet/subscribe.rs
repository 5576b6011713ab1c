//! SUBSCRIBE and SUBACK (sections 3.8 and 3.9).

use super::{Filters, encodes_itself};
use crate::codec::reader::Reader;
use crate::codec::visit::Visitor;
use crate::codec::write::{Encode, put_properties};
use crate::codec::{
    PacketId, PacketType, Properties, ReasonCode, Rule, Sink, Version, Violation, rules,
};
use std::fmt;

/// SUBSCRIBE (section 3.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscribe<'a> {
    /// Packet Identifier.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// Topic Filters with their options, one at least.
    pub filters: Filters<'a>,
}

impl<'a> Subscribe<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        r.expecting(&rules::PACKET_ID_MISSING);
        let packet_id = r.packet_id(&rules::PACKET_ID_ZERO)?;
        let (properties, _) = r.properties(&"Properties", PacketType::Subscribe.into())?;
        r.expecting(&rules::TRUNCATED);
        if r.remaining() == 0 {
            r.broke(&rules::NO_TOPIC_FILTER, r.at(), None)?;
        }
        let filters = Filters::read(r, true)?;
        Ok(Subscribe {
            packet_id,
            properties,
            filters,
        })
    }
}

impl Encode for Subscribe<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Subscribe.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        out.put(&self.packet_id.get().to_be_bytes());
        put_properties(self.properties, version, out);
        self.filters.put(version, true, out);
    }
}

encodes_itself!(Subscribe);

/// The Reason Codes of a SUBACK or UNSUBACK, as they stand on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ReasonCodes<'a>(pub &'a [u8]);

impl<'a> ReasonCodes<'a> {
    /// Each Reason Code, in the order of the Topic Filters.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ReasonCode> + use<'a> {
        self.0.iter().map(|&code| ReasonCode(code))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads codes to the end of the packet.
    pub(super) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        packet_type: PacketType,
        empty: &'static Rule,
        unknown: &'static Rule,
    ) -> Result<Self, Violation> {
        let start = r.at();
        if r.remaining() == 0 {
            r.broke(empty, start, None)?;
        }
        let name = match r.is_v5() {
            true => &"Reason Code",
            false => &"Return Code",
        };
        while r.remaining() > 0 {
            r.reason(name, packet_type, unknown)?;
        }
        Ok(ReasonCodes(r.since(start)))
    }
}

impl fmt::Debug for ReasonCodes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// SUBACK (section 3.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suback<'a> {
    /// Packet Identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// One Reason Code for each Topic Filter.
    pub reasons: ReasonCodes<'a>,
}

impl<'a> Suback<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        let packet_id = r.packet_id(&rules::SUBACK_PACKET_ID_ZERO)?;
        let (properties, _) = r.properties(&"Properties", PacketType::Suback.into())?;
        let (empty, unknown) = (&rules::SUBACK_EMPTY, &rules::SUBACK_REASON);
        let reasons = ReasonCodes::read(r, PacketType::Suback, empty, unknown)?;
        Ok(Suback {
            packet_id,
            properties,
            reasons,
        })
    }
}

impl Encode for Suback<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Suback.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        out.put(&self.packet_id.get().to_be_bytes());
        put_properties(self.properties, version, out);
        out.put(self.reasons.0);
    }
}

encodes_itself!(Suback);
