//! What the decoder reports while it reads: fields, groups of fields, violations.

use super::{PacketType, ReasonCode, Violation};
use std::fmt;
use std::ops::ControlFlow;

/// One field, as the decoder comes across it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The field's name in the specification.
    pub name: &'static str,
    /// Its first byte, counted from the Fixed Header.
    pub offset: u32,
    /// Its length in bytes, with its length prefix if it has one.
    pub len: u32,
    /// For a part of a byte: its highest and its lowest bit.
    pub bits: Option<(u8, u8)>,
    /// What stands there.
    pub value: FieldValue<'a>,
}

/// A field's value, by what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldValue<'a> {
    /// Fields that belong together; they follow one level deeper.
    Group,
    /// A number: a length, an identifier, a time.
    Number(u32),
    /// A byte whose bits are fields of their own, which follow one level deeper.
    Bits(u8),
    /// A flag.
    Flag(bool),
    /// The packet's type, as its four bits.
    PacketType(u8),
    /// A Reason Code or return code, and the packet that names it.
    Reason(ReasonCode, PacketType),
    /// Text.
    Text(&'a str),
    /// A name and its value (User Property).
    Pair(&'a str, &'a str),
    /// Bytes that should have been text and are not.
    IllFormed(&'a [u8]),
    /// Binary data.
    Binary(&'a [u8]),
    /// Binary data that must not be shown: Password, Authentication Data.
    Secret(Hidden<'a>),
}

/// Bytes that `Debug` does not show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Hidden<'a>(pub &'a [u8]);

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

impl<'a> FieldValue<'a> {
    /// A secret.
    pub(super) fn secret(bytes: &'a [u8]) -> Self {
        FieldValue::Secret(Hidden(bytes))
    }
}

/// Follows the decoder through a packet.
pub trait Visitor<'a> {
    /// Whether decoding goes on after a violation that leaves the next field's place known.
    const GOES_ON: bool;

    /// A group of fields begins at this byte.
    fn enter(&mut self, name: &'static str, offset: usize);
    /// The group that began last ends before this byte.
    fn leave(&mut self, end: usize);
    /// A field was read.
    fn field(&mut self, field: Field<'a>);
    /// A rule was broken. `Break` ends the decoding.
    fn violation(&mut self, violation: Violation) -> ControlFlow<Violation>;
}

/// Wants no fields and ends at the first violation: it compiles to nothing.
pub(super) struct Strict;

impl Visitor<'_> for Strict {
    const GOES_ON: bool = false;

    #[inline(always)]
    fn enter(&mut self, _: &'static str, _: usize) {}
    #[inline(always)]
    fn leave(&mut self, _: usize) {}
    #[inline(always)]
    fn field(&mut self, _: Field<'_>) {}
    #[inline(always)]
    fn violation(&mut self, violation: Violation) -> ControlFlow<Violation> {
        ControlFlow::Break(violation)
    }
}
