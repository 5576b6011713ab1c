//! Decodes and validates properties.

use super::table::{Entry, entry};
use super::{Place, Properties, PropertyId, Value, ValueType};
use crate::codec::reader::Reader;
use crate::codec::violation::Name;
use crate::codec::visit::{FieldValue, Visitor};
use crate::codec::{Got, Rule, Violation, rules};

/// Which properties were there.
#[derive(Clone, Copy, Default)]
pub(in crate::codec) struct Seen(u64);

impl Seen {
    #[inline(always)]
    pub fn has(self, id: PropertyId) -> bool {
        self.0 >> id as u8 & 1 == 1
    }

    #[inline(always)]
    fn insert(&mut self, id: PropertyId) {
        self.0 |= 1 << id as u8;
    }
}

impl<'a, V: Visitor<'a>> Reader<'a, '_, V> {
    /// Reads the Property Length and the properties of a place. Before 5.0 there are none.
    #[inline(always)]
    pub fn properties(
        &mut self,
        name: Name,
        place: Place,
    ) -> Result<(Properties<'a>, Seen), Violation> {
        if !self.is_v5() {
            return Ok((Properties::EMPTY, Seen::default()));
        }
        self.v5_properties(name, place)
    }

    #[inline(always)]
    fn v5_properties(
        &mut self,
        name: Name,
        place: Place,
    ) -> Result<(Properties<'a>, Seen), Violation> {
        self.visitor.enter(name, self.at());
        let from = self.at();
        let len = self
            .expecting(&rules::PROPERTY_LENGTH_MISSING)
            .variable(&"Property Length")?;
        self.expecting(&rules::TRUNCATED);
        if len == 0 {
            self.visitor.leave(self.at());
            return Ok((Properties::EMPTY, Seen::default()));
        }
        let Some(outer) = self.narrow(len as usize) else {
            return Err(self.fatal(&rules::PROPERTY_LENGTH, from, Some(Got::Number(len))));
        };
        self.expecting(&rules::PROPERTY_OVERRUN);
        let (start, mut seen) = (self.at(), Seen::default());
        match self.property_list(place, &mut seen) {
            // The fault is told; the packet goes on where the Property Length says.
            Err(violation) if !V::GOES_ON => return Err(violation),
            _ => {}
        }
        if seen.has(PropertyId::AuthenticationData) && !seen.has(PropertyId::AuthenticationMethod) {
            self.broke(&rules::AUTHENTICATION_DATA_ALONE, start, None)?;
        }
        self.widen(outer);
        self.visitor.leave(self.at());
        let bytes = self.since(start);
        Ok((Properties { bytes }, seen))
    }

    #[inline(always)]
    fn property_list(&mut self, place: Place, seen: &mut Seen) -> Result<(), Violation> {
        while self.remaining() > 0 {
            let from = self.at();
            let number = self.raw_u8(&"Property Identifier")?;
            let Some(entry) = entry(number) else {
                let got = Some(Got::Code(number));
                return Err(self.fatal(&rules::PROPERTY_UNKNOWN, from, got));
            };
            let got = Some(Got::Property(entry.id));
            if !entry.may_stand_in(place) {
                self.broke(&rules::PROPERTY_MISPLACED, from, got)?;
            } else if seen.has(entry.id) && !entry.may_repeat_in(place) {
                self.broke(&rules::PROPERTY_REPEATED, from, got)?;
            }
            seen.insert(entry.id);
            self.property_value(entry, from)?;
        }
        Ok(())
    }

    #[inline(always)]
    fn property_value(&mut self, entry: &'static Entry, from: usize) -> Result<(), Violation> {
        let (id, name) = (entry.id, entry.id_name());
        let at = self.at();
        let (value, told) = match entry.value_type {
            ValueType::Byte => {
                let byte = self.raw_u8(name)?;
                (Value::Byte(byte), FieldValue::Number(byte.into()))
            }
            ValueType::TwoByte => {
                let number = self.raw_u16(name)?;
                (Value::TwoByte(number), FieldValue::Number(number.into()))
            }
            ValueType::FourByte => {
                let number = self.raw_u32(name)?;
                (Value::FourByte(number), FieldValue::Number(number))
            }
            ValueType::Variable => {
                let number = self.raw_variable(name)?;
                (Value::Variable(number), FieldValue::Number(number))
            }
            ValueType::Binary => {
                let bytes = self.raw_binary(name)?;
                let told = match id.is_secret() {
                    true => FieldValue::secret(bytes),
                    false => FieldValue::Binary(bytes),
                };
                (Value::Binary(bytes), told)
            }
            ValueType::String if id == PropertyId::ResponseTopic => {
                let wildcard = &rules::RESPONSE_TOPIC_WILDCARD;
                let (topic, told) = self.raw_topic_name(name, wildcard)?;
                self.not_empty(name, at)?;
                (Value::String(topic), told)
            }
            ValueType::String => {
                let (text, told) = self.raw_string(name)?;
                (Value::String(text), told)
            }
            ValueType::Pair => {
                let (key, told) = self.raw_string(name)?;
                let (value, told_value) = self.raw_string(name)?;
                let told = match (told, told_value) {
                    (FieldValue::Text(key), FieldValue::Text(value)) => {
                        FieldValue::Pair(key, value)
                    }
                    (FieldValue::Text(_), ill_formed) | (ill_formed, _) => ill_formed,
                };
                (Value::Pair(key, value), told)
            }
        };
        self.tell(name, from, told);
        if let Some(rule) = id.range_rule(value) {
            let got = match value {
                Value::Byte(byte) => Some(Got::Number(byte.into())),
                _ => None,
            };
            self.broke(rule, at, got)?;
        }
        Ok(())
    }
}

impl PropertyId {
    /// The rule that a number breaks as the value of this property.
    #[inline]
    pub(super) fn range_rule(self, value: Value<'_>) -> Option<&'static Rule> {
        match (self, value) {
            (_, Value::Byte(0 | 1)) => None,
            (_, Value::Byte(_)) => Some(self.flag_rule()),
            (PropertyId::ReceiveMaximum, Value::TwoByte(0)) => Some(&rules::RECEIVE_MAXIMUM_ZERO),
            (PropertyId::TopicAlias, Value::TwoByte(0)) => Some(&rules::TOPIC_ALIAS_ZERO),
            (PropertyId::MaximumPacketSize, Value::FourByte(0)) => {
                Some(&rules::MAXIMUM_PACKET_SIZE_ZERO)
            }
            (PropertyId::SubscriptionIdentifier, Value::Variable(0)) => {
                Some(&rules::SUBSCRIPTION_IDENTIFIER_ZERO)
            }
            _ => None,
        }
    }

    /// The rule that the bytes 2 to 255 break: every property of one byte is 0 or 1.
    fn flag_rule(self) -> &'static Rule {
        match self {
            PropertyId::RequestProblemInformation => &rules::REQUEST_PROBLEM_INFORMATION,
            PropertyId::RequestResponseInformation => &rules::REQUEST_RESPONSE_INFORMATION,
            PropertyId::MaximumQoS => &rules::MAXIMUM_QOS,
            PropertyId::RetainAvailable => &rules::RETAIN_AVAILABLE,
            PropertyId::WildcardSubscriptionAvailable => &rules::WILDCARD_SUBSCRIPTION_AVAILABLE,
            PropertyId::SubscriptionIdentifierAvailable => {
                &rules::SUBSCRIPTION_IDENTIFIER_AVAILABLE
            }
            PropertyId::SharedSubscriptionAvailable => &rules::SHARED_SUBSCRIPTION_AVAILABLE,
            _ => &rules::PAYLOAD_FORMAT_INDICATOR,
        }
    }
}
