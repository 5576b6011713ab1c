//! PUBLISH (section 3.3).

use super::encodes_itself;
use crate::codec::reader::{Flags, Reader};
use crate::codec::visit::{FieldValue, Visitor};
use crate::codec::write::{Encode, put_binary, put_properties};
use crate::codec::{
    PacketId, PacketType, Place, Properties, PropertyId, QoS, Sink, Version, Violation, rules,
};

/// PUBLISH (section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publish<'a> {
    /// DUP flag.
    pub dup: bool,
    /// QoS level.
    pub qos: QoS,
    /// RETAIN flag.
    pub retain: bool,
    /// Topic Name; empty in 5.0 when a Topic Alias stands for it.
    pub topic: &'a str,
    /// Packet Identifier; present at QoS 1 and 2.
    pub packet_id: Option<PacketId>,
    /// Properties.
    pub properties: Properties<'a>,
    /// Application Message.
    pub payload: &'a [u8],
}

impl<'a> Publish<'a> {
    #[inline(always)]
    pub(in crate::codec) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        first: Flags,
    ) -> Result<Self, Violation> {
        // The visitor was told of these fields with the Fixed Header.
        let (dup, retain) = (first.byte & 0b1000 != 0, first.byte & 1 != 0);
        let qos = match QoS::from_bits(first.byte >> 1 & 3) {
            Some(qos) => qos,
            None => {
                r.broke(&rules::QOS_3, first.at, None)?;
                QoS::ExactlyOnce
            }
        };
        if dup && qos == QoS::AtMostOnce {
            r.broke(&rules::DUP_WITH_QOS_0, first.at, None)?;
        }
        let topic_at = r.at();
        r.expecting(&rules::TOPIC_MISSING);
        let (topic, told) = r.raw_topic_name(&"Topic Name", &rules::TOPIC_NAME_WILDCARD)?;
        r.tell(&"Topic Name", topic_at, told);
        let empty = r.at() == topic_at + 2;
        let packet_id = match qos {
            QoS::AtMostOnce => None,
            QoS::AtLeastOnce | QoS::ExactlyOnce => {
                r.expecting(&rules::PACKET_ID_MISSING);
                Some(r.packet_id(&rules::PACKET_ID_ZERO)?)
            }
        };
        let (properties, seen) = r.properties(&"Properties", Place::packet(PacketType::Publish))?;
        if empty && !seen.has(PropertyId::TopicAlias) {
            r.broke(&rules::TOPIC_NAME_EMPTY, topic_at, None)?;
        }
        let payload_at = r.at();
        let payload = r.rest();
        r.tell(&"Payload", payload_at, FieldValue::Binary(payload));
        // Strictly this fault is the receiver's to find: see `check_payload_format`.
        if V::GOES_ON {
            check_format(r, properties, payload_at, payload)?;
        }
        Ok(Publish {
            dup,
            qos,
            retain,
            topic,
            packet_id,
            properties,
            payload,
        })
    }

    /// Checks that a payload which its Payload Format Indicator declares to be UTF-8 is. A receiver
    /// need not do so, and [`Frame::decode`](crate::codec::Frame::decode) does not
    /// (section 3.3.2.3.2).
    ///
    /// # Errors
    /// [`rules::PAYLOAD_NOT_UTF8`]; its offset is 0.
    pub fn check_payload_format(&self) -> Result<(), Violation> {
        check_payload_format(self.properties, self.payload)
    }
}

/// The first byte at which a payload is not the UTF-8 that its properties declare.
fn format_fault(properties: Properties<'_>, payload: &[u8]) -> Option<usize> {
    if properties.is_empty() || properties.payload_format_indicator() != Some(1) {
        return None;
    }
    str::from_utf8(payload)
        .err()
        .map(|fault| fault.valid_up_to())
}

pub(super) fn check_payload_format(
    properties: Properties<'_>,
    payload: &[u8],
) -> Result<(), Violation> {
    match format_fault(properties, payload) {
        Some(_) => {
            let rule = &rules::PAYLOAD_NOT_UTF8;
            Err(Violation::new(rule, Version::V5, 0, None))
        }
        None => Ok(()),
    }
}

/// Reports a payload, of a PUBLISH or a Will, that is not the UTF-8 that its properties declare.
pub(super) fn check_format<'a, V: Visitor<'a>>(
    r: &mut Reader<'a, '_, V>,
    properties: Properties<'a>,
    payload_at: usize,
    payload: &[u8],
) -> Result<(), Violation> {
    match format_fault(properties, payload) {
        Some(index) => r.broke(&rules::PAYLOAD_NOT_UTF8, payload_at + index, None),
        None => Ok(()),
    }
}

impl Encode for Publish<'_> {
    #[inline]
    fn first_byte(&self) -> u8 {
        PacketType::Publish.first_byte()
            | u8::from(self.dup) << 3
            | self.qos.bits() << 1
            | u8::from(self.retain)
    }

    #[inline]
    fn put_body(&self, version: Version, out: &mut impl Sink) {
        put_binary(self.topic.as_bytes(), out);
        if self.qos != QoS::AtMostOnce {
            // A Packet Identifier that the caller left out goes out as 0, which breaks a rule but
            // keeps the packet's shape.
            debug_assert!(self.packet_id.is_some(), "QoS 1 and 2 have one");
            out.put(&self.packet_id.map_or(0, PacketId::get).to_be_bytes());
        }
        put_properties(self.properties, version, out);
        out.put(self.payload);
    }
}

encodes_itself!(Publish);
