//! Reads fields by name, telling a [`Visitor`] of each.

use super::text::{TextFault, check_string, check_topic_name, good_topic_name};
use super::violation::Name;
use super::visit::{Field, FieldValue, Visitor};
use super::{Got, PacketId, PacketType, QoS, ReasonCode, Rule, Version, Violation, rules};
use std::ops::ControlFlow;

/// A byte of flags and its offset.
#[derive(Clone, Copy)]
pub(super) struct Flags {
    pub byte: u8,
    pub at: usize,
}

/// A cursor over one packet.
pub(super) struct Reader<'a, 'v, V> {
    /// The packet, up to where reading may go.
    bytes: &'a [u8],
    at: usize,
    pub version: Version,
    /// What is broken when the bytes run out here.
    at_end: &'static Rule,
    pub visitor: &'v mut V,
}

impl<'a, 'v, V: Visitor<'a>> Reader<'a, 'v, V> {
    #[inline(always)]
    pub fn new(bytes: &'a [u8], version: Version, visitor: &'v mut V) -> Self {
        Reader {
            bytes,
            at: 0,
            version,
            at_end: &rules::TRUNCATED,
            visitor,
        }
    }

    #[inline(always)]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Passes over bytes that are known already.
    #[inline(always)]
    pub fn skip(&mut self, len: usize) {
        self.at += len;
    }

    #[inline(always)]
    pub fn remaining(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    #[inline(always)]
    pub fn is_v5(&self) -> bool {
        self.version == Version::V5
    }

    /// Names the rule that is broken if the packet ends before what is read next.
    #[inline(always)]
    pub fn expecting(&mut self, rule: &'static Rule) -> &mut Self {
        self.at_end = rule;
        self
    }

    /// Reports a broken rule, unless the version has no such rule.
    #[cold]
    #[inline(never)]
    pub fn broke(
        &mut self,
        rule: &'static Rule,
        at: usize,
        got: Option<Got>,
    ) -> Result<(), Violation> {
        if rule.id(self.version).is_none() {
            return Ok(());
        }
        match self
            .visitor
            .violation(Violation::new(rule, self.version, at, got))
        {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(violation) => Err(violation),
        }
    }

    /// Reports a broken rule after which nothing more can be read.
    #[cold]
    #[inline(never)]
    pub fn fatal(&mut self, rule: &'static Rule, at: usize, got: Option<Got>) -> Violation {
        let violation = Violation::new(rule, self.version, at, got);
        // A visitor that would go on cannot here.
        let _ = self.visitor.violation(violation);
        violation
    }

    #[cold]
    #[inline(never)]
    fn ended(&mut self, name: Name) -> Violation {
        let rule = match self.at_end.id(self.version) {
            Some(_) => self.at_end,
            None => &rules::TRUNCATED,
        };
        self.fatal(rule, self.at, Some(Got::Field(name)))
    }

    #[inline(always)]
    fn tell(&mut self, name: Name, from: usize, value: FieldValue<'a>) {
        self.visitor.field(Field {
            name,
            offset: from as u32,
            len: (self.at - from) as u32,
            bits: None,
            value,
        });
    }

    #[inline(always)]
    fn take<const N: usize>(&mut self, name: Name) -> Result<[u8; N], Violation> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        match rest.first_chunk::<N>() {
            Some(chunk) => {
                self.at += N;
                Ok(*chunk)
            }
            None => Err(self.ended(name)),
        }
    }

    #[inline(always)]
    fn take_slice(&mut self, len: usize, name: Name) -> Result<&'a [u8], Violation> {
        match self.bytes.get(self.at..self.at + len) {
            Some(slice) => {
                self.at += len;
                Ok(slice)
            }
            None => Err(self.ended(name)),
        }
    }

    /// A byte, told by the caller in its own way.
    #[inline(always)]
    pub fn raw_u8(&mut self, name: Name) -> Result<u8, Violation> {
        let [byte] = self.take(name)?;
        Ok(byte)
    }

    #[inline(always)]
    pub fn u8(&mut self, name: Name) -> Result<u8, Violation> {
        let from = self.at;
        let byte = self.raw_u8(name)?;
        self.tell(name, from, FieldValue::Number(byte.into()));
        Ok(byte)
    }

    #[inline(always)]
    pub fn u16(&mut self, name: Name) -> Result<u16, Violation> {
        let from = self.at;
        let number = u16::from_be_bytes(self.take(name)?);
        self.tell(name, from, FieldValue::Number(number.into()));
        Ok(number)
    }

    #[inline(always)]
    pub fn raw_u16(&mut self, name: Name) -> Result<u16, Violation> {
        Ok(u16::from_be_bytes(self.take(name)?))
    }

    #[inline(always)]
    pub fn raw_u32(&mut self, name: Name) -> Result<u32, Violation> {
        Ok(u32::from_be_bytes(self.take(name)?))
    }

    /// A Variable Byte Integer (section 1.5.5), also used for the Remaining Length.
    #[inline(always)]
    pub fn raw_variable(&mut self, name: Name) -> Result<u32, Violation> {
        let first = self.raw_u8(name)?;
        if first < 0x80 {
            return Ok(first.into());
        }
        self.long_variable(first, name)
    }

    fn long_variable(&mut self, first: u8, name: Name) -> Result<u32, Violation> {
        let from = self.at - 1;
        let mut value = u32::from(first & 0x7F);
        for shift in [7, 14, 21] {
            let byte = self.raw_u8(name)?;
            value |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                if byte == 0 {
                    let got = Some(Got::Field(name));
                    self.broke(&rules::LENGTH_NOT_MINIMAL, from, got)?;
                }
                return Ok(value);
            }
        }
        Err(self.fatal(&rules::LENGTH_OVER_FOUR_BYTES, from, Some(Got::Field(name))))
    }

    #[inline(always)]
    pub fn variable(&mut self, name: Name) -> Result<u32, Violation> {
        let from = self.at;
        let value = self.raw_variable(name)?;
        self.tell(name, from, FieldValue::Number(value));
        Ok(value)
    }

    /// Binary Data: its length and its bytes.
    #[inline(always)]
    pub fn raw_binary(&mut self, name: Name) -> Result<&'a [u8], Violation> {
        let len = self.raw_u16(name)?;
        self.take_slice(len.into(), name)
    }

    #[inline(always)]
    pub fn binary(&mut self, name: Name) -> Result<&'a [u8], Violation> {
        let from = self.at;
        let bytes = self.raw_binary(name)?;
        self.tell(name, from, FieldValue::Binary(bytes));
        Ok(bytes)
    }

    pub fn secret(&mut self, name: Name) -> Result<&'a [u8], Violation> {
        let from = self.at;
        let bytes = self.raw_binary(name)?;
        self.tell(name, from, FieldValue::Secret(bytes));
        Ok(bytes)
    }

    /// A UTF-8 Encoded String. A visitor that goes on after a fault gets an empty one.
    #[inline(always)]
    pub fn raw_string(&mut self, name: Name) -> Result<(&'a str, FieldValue<'a>), Violation> {
        let bytes = self.raw_binary(name)?;
        match check_string(bytes) {
            Ok(text) => Ok((text, FieldValue::Text(text))),
            Err(fault) => self.bad_string(fault, bytes, name),
        }
    }

    /// A Topic Name; `wildcard` is the rule that forbids wildcards in this one. An empty one is
    /// for the caller to judge: [`Self::not_empty`].
    #[inline(always)]
    pub fn raw_topic_name(
        &mut self,
        name: Name,
        wildcard: &'static Rule,
    ) -> Result<(&'a str, FieldValue<'a>), Violation> {
        let bytes = self.raw_binary(name)?;
        match good_topic_name(bytes) {
            Some(topic) => Ok((topic, FieldValue::Text(topic))),
            None => self.odd_topic_name(bytes, name, wildcard),
        }
    }

    #[cold]
    #[inline(never)]
    fn odd_topic_name(
        &mut self,
        bytes: &'a [u8],
        name: Name,
        wildcard: &'static Rule,
    ) -> Result<(&'a str, FieldValue<'a>), Violation> {
        let from = self.at - bytes.len();
        let (topic, told) = match check_string(bytes) {
            Ok(topic) => (topic, FieldValue::Text(topic)),
            Err(fault) => self.bad_string(fault, bytes, name)?,
        };
        match check_topic_name(topic) {
            Err((rule, at)) if !topic.is_empty() => {
                let rule = match *rule == rules::TOPIC_NAME_WILDCARD {
                    true => wildcard,
                    false => rule,
                };
                self.broke(rule, from + at, Some(Got::Field(name)))?;
            }
            _ => {}
        }
        Ok((topic, told))
    }

    /// The Topic Name that was read from `from` to here has at least one character.
    pub fn not_empty(&mut self, name: Name, from: usize) -> Result<(), Violation> {
        match self.at - from {
            2 => self.broke(&rules::TOPIC_NAME_EMPTY, from, Some(Got::Field(name))),
            _ => Ok(()),
        }
    }

    #[cold]
    #[inline(never)]
    fn bad_string(
        &mut self,
        fault: TextFault,
        bytes: &'a [u8],
        name: Name,
    ) -> Result<(&'a str, FieldValue<'a>), Violation> {
        let from = self.at - bytes.len();
        let (rule, index, told) = match fault {
            TextFault::IllFormed(index) => {
                (&rules::ILL_FORMED_UTF8, index, FieldValue::IllFormed(bytes))
            }
            TextFault::Null(index) => {
                let text = str::from_utf8(bytes).unwrap_or_default();
                (&rules::NULL_CHARACTER, index, FieldValue::Text(text))
            }
        };
        let got = Some(Got::Field(name));
        self.broke(rule, from + index, got)?;
        if rule.id(self.version).is_some()
            && let Some(rule) = self.string_rule(name)
        {
            self.broke(rule, from + index, got)?;
        }
        match told {
            FieldValue::Text(text) => Ok((text, told)),
            _ => Ok(("", told)),
        }
    }

    /// The statement that demands of this very field to be a UTF-8 Encoded String.
    fn string_rule(&self, name: Name) -> Option<&'static Rule> {
        const SUBSCRIBE: u8 = PacketType::Subscribe as u8;
        Some(match (*name, self.bytes.first()? >> 4) {
            ("Client Identifier", _) => &rules::CLIENT_ID_UTF8,
            ("Will Topic", _) => &rules::WILL_TOPIC_UTF8,
            ("User Name", _) => &rules::USER_NAME_UTF8,
            ("Topic Name", _) => &rules::TOPIC_NAME_UTF8,
            ("Response Topic", _) => &rules::RESPONSE_TOPIC_UTF8,
            ("Content Type", _) => &rules::CONTENT_TYPE_UTF8,
            ("User Property", _) => &rules::USER_PROPERTY_UTF8,
            ("Topic Filter", SUBSCRIBE) => &rules::SUBSCRIBE_UTF8,
            ("Topic Filter", _) => &rules::UNSUBSCRIBE_UTF8,
            _ => return None,
        })
    }

    #[inline(always)]
    pub fn string(&mut self, name: Name) -> Result<&'a str, Violation> {
        let from = self.at;
        let (text, value) = self.raw_string(name)?;
        self.tell(name, from, value);
        Ok(text)
    }

    /// A Packet Identifier; `zero` is the rule that forbids 0 here.
    #[inline(always)]
    pub fn packet_id(&mut self, zero: &'static Rule) -> Result<PacketId, Violation> {
        match PacketId::new(self.u16(&"Packet Identifier")?) {
            Some(id) => Ok(id),
            None => {
                self.broke(zero, self.at - 2, None)?;
                Ok(PacketId::MIN)
            }
        }
    }

    /// A Reason Code of this packet; `rule` names the codes it may have.
    #[inline(always)]
    pub fn reason(
        &mut self,
        name: Name,
        packet: PacketType,
        rule: &'static Rule,
    ) -> Result<ReasonCode, Violation> {
        let from = self.at;
        let code = ReasonCode(self.raw_u8(name)?);
        self.tell(name, from, FieldValue::Reason(code, packet));
        if !code.allowed_in(packet, self.version) {
            self.broke(rule, from, Some(Got::Code(code.0)))?;
        }
        Ok(code)
    }

    /// A byte whose bits are fields.
    #[inline(always)]
    pub fn flags(&mut self, name: Name) -> Result<Flags, Violation> {
        let at = self.at;
        let byte = self.raw_u8(name)?;
        self.tell(name, at, FieldValue::Bits(byte));
        Ok(Flags { byte, at })
    }

    #[inline(always)]
    pub fn bits(&mut self, flags: Flags, name: Name, high: u8, low: u8) -> u8 {
        let value = (flags.byte >> low) & (0xFF >> (7 - (high - low)));
        self.tell_bits(flags, name, high, low, FieldValue::Number(value.into()));
        value
    }

    #[inline(always)]
    pub fn flag(&mut self, flags: Flags, name: Name, bit: u8) -> bool {
        let set = flags.byte >> bit & 1 == 1;
        self.tell_bits(flags, name, bit, bit, FieldValue::Flag(set));
        set
    }

    /// A QoS of two bits; `rule` forbids 3. A visitor that goes on takes it for 2.
    #[inline(always)]
    pub fn qos(
        &mut self,
        flags: Flags,
        name: Name,
        low: u8,
        rule: &'static Rule,
    ) -> Result<QoS, Violation> {
        let bits = self.bits(flags, name, low + 1, low);
        match QoS::from_bits(bits) {
            Some(qos) => Ok(qos),
            None => {
                self.broke(rule, flags.at, None)?;
                Ok(QoS::ExactlyOnce)
            }
        }
    }

    #[inline(always)]
    pub fn tell_bits(
        &mut self,
        flags: Flags,
        name: Name,
        high: u8,
        low: u8,
        value: FieldValue<'a>,
    ) {
        self.visitor.field(Field {
            name,
            offset: flags.at as u32,
            len: 1,
            bits: Some((high, low)),
            value,
        });
    }

    /// A field of several reads, told as one: from `from` to here.
    #[inline(always)]
    pub fn tell_from(&mut self, name: Name, from: usize, value: FieldValue<'a>) {
        self.tell(name, from, value);
    }

    /// All that is left.
    #[inline(always)]
    pub fn rest(&mut self) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at = self.bytes.len();
        rest
    }

    /// What was read since `from`.
    #[inline(always)]
    pub fn since(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..self.at).unwrap_or_default()
    }

    /// Narrows reading to the next `len` bytes, which must be there. The result goes to
    /// [`Self::widen`].
    #[inline(always)]
    pub fn narrow(&mut self, len: usize) -> Option<Narrowed<'a>> {
        let inner = self.bytes.get(..self.at + len)?;
        let outer = Narrowed(std::mem::replace(&mut self.bytes, inner), self.at_end);
        Some(outer)
    }

    /// Ends a narrowing, wherever reading has come to in it.
    #[inline(always)]
    pub fn widen(&mut self, outer: Narrowed<'a>) {
        self.at = self.bytes.len();
        (self.bytes, self.at_end) = (outer.0, outer.1);
    }
}

/// The bounds to return to after [`Reader::narrow`].
pub(super) struct Narrowed<'a>(&'a [u8], &'static Rule);
