//! Bytes whose bits are fields.

use super::Reader;
use crate::codec::violation::Name;
use crate::codec::visit::{Field, FieldValue, Visitor};
use crate::codec::{QoS, Rule, Violation};

/// A byte of flags and its offset.
#[derive(Clone, Copy)]
pub(in crate::codec) struct Flags {
    pub byte: u8,
    pub at: usize,
}

impl<'a, V: Visitor<'a>> Reader<'a, '_, V> {
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
}
