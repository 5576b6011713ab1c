//! Strings, Topic Names and binary data.

use super::Reader;
use crate::codec::text::{TextFault, check_string, check_topic_name, good_topic_name};
use crate::codec::violation::Name;
use crate::codec::visit::{FieldValue, Visitor};
use crate::codec::{Got, PacketType, Rule, Violation, rules};

impl<'a, V: Visitor<'a>> Reader<'a, '_, V> {
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
        self.tell(name, from, FieldValue::secret(bytes));
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

    #[inline(always)]
    pub fn string(&mut self, name: Name) -> Result<&'a str, Violation> {
        let from = self.at;
        let (text, value) = self.raw_string(name)?;
        self.tell(name, from, value);
        Ok(text)
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
}
