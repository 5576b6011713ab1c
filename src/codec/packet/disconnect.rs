//! DISCONNECT (section 3.14).

use super::encodes_itself;
use crate::codec::reader::Reader;
use crate::codec::visit::Visitor;
use crate::codec::write::{Encode, put_reason_and_properties};
use crate::codec::{PacketType, Properties, ReasonCode, Sink, Version, Violation, rules};

/// DISCONNECT (section 3.14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disconnect<'a> {
    /// Reason Code; 0x00 before 5.0.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

impl<'a> Disconnect<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        let mut disconnect = Disconnect::default();
        // Reason Code and properties may both be left out, or the properties alone.
        if r.is_v5() && r.remaining() > 0 {
            let (packet_type, rule) = (PacketType::Disconnect, &rules::DISCONNECT_REASON);
            disconnect.reason = r.reason(&"Reason Code", packet_type, rule)?;
            if r.remaining() > 0 {
                (disconnect.properties, _) = r.properties(&"Properties", packet_type.into())?;
            }
        }
        Ok(disconnect)
    }
}

impl Encode for Disconnect<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Disconnect.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        put_reason_and_properties(self.reason, self.properties, version, out);
    }
}

encodes_itself!(Disconnect);
