//! A property's value on the wire.

use crate::codec::sink::Sink;
use crate::codec::write::{put_binary, put_variable};

/// The data type of a property's value (MQTT 5.0 section 1.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueType {
    /// Byte.
    Byte,
    /// Two Byte Integer.
    TwoByte,
    /// Four Byte Integer.
    FourByte,
    /// Variable Byte Integer.
    Variable,
    /// UTF-8 Encoded String.
    String,
    /// Binary Data.
    Binary,
    /// UTF-8 String Pair.
    Pair,
}

/// A property's value, by its data type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// Byte.
    Byte(u8),
    /// Two Byte Integer.
    TwoByte(u16),
    /// Four Byte Integer.
    FourByte(u32),
    /// Variable Byte Integer.
    Variable(u32),
    /// UTF-8 Encoded String.
    String(&'a str),
    /// Binary Data.
    Binary(&'a [u8]),
    /// UTF-8 String Pair.
    Pair(&'a str, &'a str),
}

impl<'a> Value<'a> {
    /// The value's data type.
    #[must_use]
    pub const fn value_type(&self) -> ValueType {
        match self {
            Value::Byte(_) => ValueType::Byte,
            Value::TwoByte(_) => ValueType::TwoByte,
            Value::FourByte(_) => ValueType::FourByte,
            Value::Variable(_) => ValueType::Variable,
            Value::String(_) => ValueType::String,
            Value::Binary(_) => ValueType::Binary,
            Value::Pair(..) => ValueType::Pair,
        }
    }

    pub(super) fn put(&self, out: &mut impl Sink) {
        match *self {
            Value::Byte(byte) => out.put(&[byte]),
            Value::TwoByte(number) => out.put(&number.to_be_bytes()),
            Value::FourByte(number) => out.put(&number.to_be_bytes()),
            Value::Variable(number) => put_variable(number, out),
            Value::String(text) => put_binary(text.as_bytes(), out),
            Value::Binary(bytes) => put_binary(bytes, out),
            Value::Pair(name, value) => {
                put_binary(name.as_bytes(), out);
                put_binary(value.as_bytes(), out);
            }
        }
    }

    /// Takes a value of the given type off a slice that was validated before; `None` at its end.
    #[inline]
    pub(super) fn take(value_type: ValueType, bytes: &mut &'a [u8]) -> Option<Value<'a>> {
        Some(match value_type {
            ValueType::Byte => Value::Byte(*bytes.split_off_first()?),
            ValueType::TwoByte => Value::TwoByte(take_u16(bytes)?),
            ValueType::FourByte => {
                let (number, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Value::FourByte(u32::from_be_bytes(*number))
            }
            ValueType::Variable => Value::Variable(take_variable(bytes)?),
            ValueType::String => Value::String(take_string(bytes)?),
            ValueType::Binary => Value::Binary(take_binary(bytes)?),
            ValueType::Pair => Value::Pair(take_string(bytes)?, take_string(bytes)?),
        })
    }

    /// Skips a value of the given type.
    #[inline]
    pub(super) fn skip(value_type: ValueType, bytes: &mut &'a [u8]) -> Option<()> {
        match value_type {
            ValueType::Byte => bytes.split_off(..1).map(drop),
            ValueType::TwoByte => bytes.split_off(..2).map(drop),
            ValueType::FourByte => bytes.split_off(..4).map(drop),
            ValueType::Variable => take_variable(bytes).map(drop),
            ValueType::String | ValueType::Binary => take_binary(bytes).map(drop),
            ValueType::Pair => {
                take_binary(bytes)?;
                take_binary(bytes).map(drop)
            }
        }
    }
}

fn take_u16(bytes: &mut &[u8]) -> Option<u16> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u16::from_be_bytes(*number))
}

fn take_variable(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0;
    for shift in [0, 7, 14, 21] {
        let byte = *bytes.split_off_first()?;
        value |= u32::from(byte & 0x7F) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(value)
}

fn take_binary<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = take_u16(bytes)?;
    bytes.split_off(..usize::from(len))
}

fn take_string<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    str::from_utf8(take_binary(bytes)?).ok()
}
