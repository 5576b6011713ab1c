//! Reads fields by name, telling a [`Visitor`] of each.
//!
//! Methods that begin with `raw_` leave the telling to the caller.

mod flags;
mod numbers;
mod text;

pub(super) use flags::Flags;

use super::violation::Name;
use super::visit::{Field, FieldValue, Visitor};
use super::{Got, Rule, Version, Violation, rules};
use std::ops::ControlFlow;

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

    /// Tells of the field that was read from `from` to here.
    #[inline(always)]
    pub fn tell(&mut self, name: Name, from: usize, value: FieldValue<'a>) {
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
