//! AUTH (section 3.15), of MQTT 5.0 alone.

use super::encodes_itself;
use crate::codec::reader::Reader;
use crate::codec::visit::Visitor;
use crate::codec::write::{Encode, put_properties};
use crate::codec::{
    PacketType, Properties, PropertyId, ReasonCode, Sink, Version, Violation, rules,
};

/// AUTH (section 3.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auth<'a> {
    /// Reason Code.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

impl<'a> Auth<'a> {
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
    ) -> Result<Self, Violation> {
        // Section 3.15.2.1 lets a bare Success leave out both fields, the Authentication Method
        // with them.
        if r.remaining() == 0 {
            return Ok(Auth {
                reason: ReasonCode::SUCCESS,
                properties: Properties::EMPTY,
            });
        }
        let reason = r.reason(&"Reason Code", PacketType::Auth, &rules::AUTH_REASON)?;
        let from = r.at();
        let (properties, seen) = r.properties(&"Properties", PacketType::Auth.into())?;
        if !seen.has(PropertyId::AuthenticationMethod) {
            r.broke(&rules::AUTH_WITHOUT_METHOD, from, None)?;
        }
        Ok(Auth { reason, properties })
    }
}

impl Encode for Auth<'_> {
    fn first_byte(&self) -> u8 {
        PacketType::Auth.first_byte()
    }

    fn put_body(&self, version: Version, out: &mut impl Sink) {
        if self.reason == ReasonCode::SUCCESS && self.properties.is_empty() {
            return;
        }
        out.put(&[self.reason.0]);
        put_properties(self.properties, version, out);
    }
}

encodes_itself!(Auth);
