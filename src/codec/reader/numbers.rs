//! Numbers, and the fields that are numbers.

use super::Reader;
use crate::codec::violation::Name;
use crate::codec::visit::{FieldValue, Visitor};
use crate::codec::{Got, PacketId, PacketType, ReasonCode, Rule, Violation, rules};

impl<'a, V: Visitor<'a>> Reader<'a, '_, V> {
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
    pub fn raw_u16(&mut self, name: Name) -> Result<u16, Violation> {
        Ok(u16::from_be_bytes(self.take(name)?))
    }

    #[inline(always)]
    pub fn u16(&mut self, name: Name) -> Result<u16, Violation> {
        let from = self.at;
        let number = u16::from_be_bytes(self.take(name)?);
        self.tell(name, from, FieldValue::Number(number.into()));
        Ok(number)
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
}
