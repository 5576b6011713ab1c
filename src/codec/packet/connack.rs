//! CONNACK (section 3.2).

use super::encodes_itself;
use crate::codec::reader::Reader;
use crate::codec::visit::Visitor;
use crate::codec::write::{Encode, put_properties};
use crate::codec::{
    Got, PacketType, Place, Properties, ReasonCode, Sink, Version, Violation, rules,
};

/// CONNACK (section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connack<'a> {
    /// Session Present.
    pub session_present: bool,
    /// Connect Reason Code, or return code in 3.1 and 3.1.1.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

impl<'a> Connack<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        let flags = r.flags(&"Connect Acknowledge Flags")?;
        let reserved = r.bits(flags, &"Reserved", 7, 1);
        // MQTT 3.1 has no Session Present: the byte is not used.
        let session_present = r.version != Version::V3_1 && r.flag(flags, &"Session Present", 0);
        if reserved != 0 {
            let got = Some(Got::Code(flags.byte));
            r.broke(&rules::CONNACK_RESERVED_FLAGS, flags.at, got)?;
        }
        let name = match r.is_v5() {
            true => &"Reason Code",
            false => &"Return Code",
        };
        let reason = r.reason(name, PacketType::Connack, &rules::CONNACK_REASON)?;
        if session_present && reason != ReasonCode::SUCCESS {
            r.broke(&rules::SESSION_PRESENT_REFUSED, flags.at, None)?;
        }
        let (properties, _) = r.properties(&"Properties", Place::packet(PacketType::Connack))?;
        Ok(Connack {
            session_present,
            reason,
            properties,
        })
    }
}

impl Encode for Connack<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Connack.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        let session_present = self.session_present && version != Version::V3_1;
        out.put(&[session_present.into(), self.reason.0]);
        put_properties(self.properties, version, out);
    }
}

encodes_itself!(Connack);
