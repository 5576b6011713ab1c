//! Topic Filters and Subscription Options (section 3.8.3).

use crate::codec::reader::Reader;
use crate::codec::text::{check_topic_filter, is_shared};
use crate::codec::visit::{FieldValue, Visitor};
use crate::codec::write::put_binary;
use crate::codec::{Got, QoS, Sink, Version, Violation, rules};
use std::fmt;

/// The payload of a SUBSCRIBE or UNSUBSCRIBE: raw as decoded, or a list to be written.
#[derive(Clone, Copy)]
pub enum Filters<'a> {
    /// A validated slice of a SUBSCRIBE: each Topic Filter with its options.
    Raw(&'a [u8]),
    /// A validated slice of an UNSUBSCRIBE: Topic Filters alone.
    RawNames(&'a [u8]),
    /// Filters to write.
    List(&'a [(&'a str, SubscriptionOptions)]),
}

/// Subscription Options (section 3.8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionOptions {
    /// Maximum QoS.
    pub qos: QoS,
    /// No Local.
    pub no_local: bool,
    /// Retain As Published.
    pub retain_as_published: bool,
    /// Retain Handling.
    pub retain_handling: RetainHandling,
}

/// When retained messages are sent on subscribing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum RetainHandling {
    /// On every SUBSCRIBE.
    #[default]
    Send = 0,
    /// Only when the Subscription is new.
    SendIfNew = 1,
    /// Never.
    DoNotSend = 2,
}

impl RetainHandling {
    /// The handling with this number; `None` for 3 and above.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<RetainHandling> {
        match bits {
            0 => Some(RetainHandling::Send),
            1 => Some(RetainHandling::SendIfNew),
            2 => Some(RetainHandling::DoNotSend),
            _ => None,
        }
    }
}

impl SubscriptionOptions {
    /// The options as they stand on the wire; before 5.0 the QoS alone.
    #[must_use]
    pub const fn to_byte(self, version: Version) -> u8 {
        match version {
            Version::V3_1 | Version::V3_1_1 => self.qos.bits(),
            Version::V5 => {
                self.qos.bits()
                    | (self.no_local as u8) << 2
                    | (self.retain_as_published as u8) << 3
                    | (self.retain_handling as u8) << 4
            }
        }
    }

    /// The options in a byte that has been validated.
    fn from_byte(byte: u8) -> Self {
        SubscriptionOptions {
            qos: QoS::from_bits(byte & 3).unwrap_or_default(),
            no_local: byte & 1 << 2 != 0,
            retain_as_published: byte & 1 << 3 != 0,
            retain_handling: RetainHandling::from_bits(byte >> 4 & 3).unwrap_or_default(),
        }
    }

    fn read<'a, V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        shared: bool,
    ) -> Result<Self, Violation> {
        if !r.is_v5() {
            let flags = r.flags(&"Requested QoS")?;
            let reserved = r.bits(flags, &"Reserved", 7, 2);
            let qos = r.qos(flags, &"QoS", 0, &rules::SUBSCRIPTION_QOS_3)?;
            if reserved != 0 {
                let got = Some(Got::Code(flags.byte));
                r.broke(&rules::SUBSCRIPTION_RESERVED_BITS, flags.at, got)?;
            }
            return Ok(SubscriptionOptions {
                qos,
                ..SubscriptionOptions::default()
            });
        }
        let flags = r.flags(&"Subscription Options")?;
        let reserved = r.bits(flags, &"Reserved", 7, 6);
        let handling = r.bits(flags, &"Retain Handling", 5, 4);
        r.flag(flags, &"Retain As Published", 3);
        let no_local = r.flag(flags, &"No Local", 2);
        r.qos(flags, &"QoS", 0, &rules::SUBSCRIPTION_QOS_3)?;
        let got = Some(Got::Code(flags.byte));
        if reserved != 0 {
            r.broke(&rules::SUBSCRIPTION_RESERVED_BITS, flags.at, got)?;
        }
        if handling == 3 {
            r.broke(&rules::RETAIN_HANDLING_3, flags.at, got)?;
        }
        if no_local && shared {
            r.broke(&rules::NO_LOCAL_SHARED, flags.at, None)?;
        }
        Ok(SubscriptionOptions::from_byte(flags.byte))
    }
}

impl<'a> Filters<'a> {
    /// Each Topic Filter with its options; those of an UNSUBSCRIBE are the default ones.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, SubscriptionOptions)> + use<'a> {
        let (mut raw, has_options, list): (&'a [u8], _, &'a [_]) = match *self {
            Filters::Raw(raw) => (raw, true, &[]),
            Filters::RawNames(raw) => (raw, false, &[]),
            Filters::List(list) => (&[], false, list),
        };
        let raw = std::iter::from_fn(move || {
            let (len, rest) = raw.split_first_chunk()?;
            raw = rest;
            let filter = raw.split_off(..usize::from(u16::from_be_bytes(*len)))?;
            let options = match has_options {
                true => SubscriptionOptions::from_byte(*raw.split_off_first()?),
                false => SubscriptionOptions::default(),
            };
            Some((str::from_utf8(filter).ok()?, options))
        });
        raw.chain(list.iter().copied())
    }

    /// The encoded Topic Filters, from which [`Filters::Raw`] or [`Filters::RawNames`] can be made
    /// again; empty for a [`Filters::List`].
    #[must_use]
    pub fn as_bytes(&self) -> &'a [u8] {
        match *self {
            Filters::Raw(raw) | Filters::RawNames(raw) => raw,
            Filters::List(_) => &[],
        }
    }

    /// How many Topic Filters there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.iter().count()
    }

    /// Reads Topic Filters to the end of the packet, with their options or without.
    pub(super) fn read<V: Visitor<'a>>(
        r: &mut Reader<'a, '_, V>,
        with_options: bool,
    ) -> Result<Self, Violation> {
        let start = r.at();
        while r.remaining() > 0 {
            let from = r.at();
            r.visitor.enter("Subscription", from);
            r.expecting(&rules::TRUNCATED);
            let (filter, told) = r.raw_string(&"Topic Filter")?;
            r.tell(&"Topic Filter", from, told);
            if matches!(told, FieldValue::Text(_))
                && let Err((rule, index)) = check_topic_filter(filter, r.version)
            {
                r.broke(rule, from + 2 + index, Some(Got::Field(&"Topic Filter")))?;
            }
            if with_options {
                r.expecting(&rules::SUBSCRIPTION_OPTIONS_MISSING);
                SubscriptionOptions::read(r, is_shared(filter))?;
            }
            r.visitor.leave(r.at());
        }
        let raw = r.since(start);
        Ok(match with_options {
            true => Filters::Raw(raw),
            false => Filters::RawNames(raw),
        })
    }

    /// Writes each Topic Filter, with its options or without.
    pub(super) fn put(&self, version: Version, with_options: bool, out: &mut impl Sink) {
        for (filter, options) in self.iter() {
            put_binary(filter.as_bytes(), out);
            if with_options {
                out.put(&[options.to_byte(version)]);
            }
        }
    }
}

impl PartialEq for Filters<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Filters<'_> {}

impl fmt::Debug for Filters<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
