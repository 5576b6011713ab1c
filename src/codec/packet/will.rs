//! The Will Message of a CONNECT (sections 3.1.2.5 and 3.1.3.2).

use super::publish::{check_format, check_payload_format};
use crate::codec::reader::{Flags, Reader};
use crate::codec::visit::Visitor;
use crate::codec::write::{put_binary, put_properties};
use crate::codec::{Got, Place, Properties, QoS, Sink, Version, Violation, rules};

/// The Will Message of a CONNECT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Will<'a> {
    /// Will QoS.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Properties.
    pub properties: Properties<'a>,
    /// Will Topic.
    pub topic: &'a str,
    /// Will Payload.
    pub payload: &'a [u8],
}

impl<'a> Will<'a> {
    /// Checks that a payload which its Payload Format Indicator declares to be UTF-8 is. A Server
    /// need not do so (section 3.1.3.2.3).
    ///
    /// # Errors
    /// [`rules::PAYLOAD_NOT_UTF8`]; its offset is 0.
    pub fn check_payload_format(&self) -> Result<(), Violation> {
        check_payload_format(self.properties, self.payload)
    }

    /// Reads the fields of a Will whose flags have been read.
    pub(super) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        qos: QoS,
        retain: bool,
    ) -> Result<Self, Violation> {
        if r.remaining() == 0 {
            let got = Some(Got::Field(&"Will Topic"));
            return Err(r.fatal(&rules::WILL_MISSING, r.at(), got));
        }
        let (properties, _) = r.properties(&"Will Properties", Place::WILL)?;
        let from = r.at();
        r.expecting(&rules::WILL_MISSING);
        let (topic, told) = r.raw_topic_name(&"Will Topic", &rules::WILL_TOPIC_WILDCARD)?;
        r.tell(&"Will Topic", from, told);
        r.not_empty(&"Will Topic", from)?;
        let payload = r.binary(match r.version {
            Version::V5 => &"Will Payload",
            Version::V3_1 | Version::V3_1_1 => &"Will Message",
        })?;
        if V::GOES_ON {
            check_format(r, properties, r.at() - payload.len(), payload)?;
        }
        Ok(Will {
            qos,
            retain,
            properties,
            topic,
            payload,
        })
    }

    /// Reads Will QoS and Will Retain, if there is a Will.
    pub(super) fn read_flags<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        flags: Flags,
    ) -> Result<Option<(QoS, bool)>, Violation> {
        let has_will = flags.byte & 0b100 != 0;
        let retain = r.flag(flags, &"Will Retain", 5);
        if has_will {
            let qos = r.qos(flags, &"Will QoS", 3, &rules::WILL_QOS_3)?;
            r.flag(flags, &"Will Flag", 2);
            return Ok(Some((qos, retain)));
        }
        let qos = r.bits(flags, &"Will QoS", 4, 3);
        r.flag(flags, &"Will Flag", 2);
        if qos != 0 {
            let got = Some(Got::Number(qos.into()));
            r.broke(&rules::WILL_QOS_WITHOUT_WILL, flags.at, got)?;
        }
        if retain {
            r.broke(&rules::WILL_RETAIN_WITHOUT_WILL, flags.at, None)?;
        }
        Ok(None)
    }

    /// The Connect Flags of a Will.
    pub(super) fn flags(&self) -> u8 {
        u8::from(self.retain) << 5 | self.qos.bits() << 3 | 1 << 2
    }

    /// Writes the fields of the payload.
    pub(super) fn put(&self, version: Version, out: &mut impl Sink) {
        put_properties(self.properties, version, out);
        put_binary(self.topic.as_bytes(), out);
        put_binary(self.payload, out);
    }
}
