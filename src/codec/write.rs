//! The pieces that packets write themselves with.

use super::sink::{Counter, Sink};
use super::{MAX_REMAINING_LENGTH, Properties, Version};

/// A packet that writes itself: once to a counting sink for its length, once to its destination.
pub(super) trait Encode {
    /// The first byte: type and flags.
    fn first_byte(&self) -> u8;

    /// Variable header and payload.
    fn put_body(&self, version: Version, out: &mut impl Sink);

    #[inline]
    fn body_len(&self, version: Version) -> usize {
        let mut counter = Counter::default();
        self.put_body(version, &mut counter);
        counter.0
    }

    #[inline]
    fn put_packet(&self, version: Version, out: &mut impl Sink) {
        put_header(self.first_byte(), self.body_len(version), out);
        self.put_body(version, out);
    }

    #[inline]
    fn packet_len(&self, version: Version) -> usize {
        let body = self.body_len(version);
        1 + variable_len(body as u32) + body
    }
}

/// A Fixed Header.
#[inline]
pub(crate) fn put_header(first_byte: u8, remaining: usize, out: &mut impl Sink) {
    debug_assert!(remaining <= MAX_REMAINING_LENGTH, "checked by the caller");
    out.reserve(remaining + 5);
    if remaining < 0x80 {
        return out.put(&[first_byte, remaining as u8]);
    }
    out.put(&[first_byte]);
    put_variable(remaining as u32, out);
}

/// A Variable Byte Integer (section 1.5.5); the value fits in 28 bits.
#[inline]
pub(crate) fn put_variable(value: u32, out: &mut impl Sink) {
    let group = |shift: u32| (value >> shift) as u8;
    match value {
        0..0x80 => out.put(&[group(0)]),
        0x80..0x4000 => out.put(&[group(0) | 0x80, group(7)]),
        0x4000..0x20_0000 => out.put(&[group(0) | 0x80, group(7) | 0x80, group(14)]),
        _ => out.put(&[
            group(0) | 0x80,
            group(7) | 0x80,
            group(14) | 0x80,
            group(21) & 0x7F,
        ]),
    }
}

/// How many bytes a Variable Byte Integer takes.
#[inline]
pub(crate) const fn variable_len(value: u32) -> usize {
    match value {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        0x4000..0x20_0000 => 3,
        _ => 4,
    }
}

/// Binary Data or a UTF-8 Encoded String. What does not fit a length of two bytes is cut, so
/// that the bytes after it keep their meaning.
#[inline]
pub(crate) fn put_binary(bytes: &[u8], out: &mut impl Sink) {
    let len = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    debug_assert_eq!(usize::from(len), bytes.len(), "checked by the caller");
    out.put(&len.to_be_bytes());
    out.put(bytes.get(..len.into()).unwrap_or_default());
}

/// Property Length and properties; nothing before 5.0.
#[inline]
pub(super) fn put_properties(properties: Properties<'_>, version: Version, out: &mut impl Sink) {
    if version == Version::V5 {
        put_variable(properties.as_bytes().len() as u32, out);
        out.put(properties.as_bytes());
    }
}

/// A Reason Code and properties as 5.0 ends its answers: both left out when they say nothing.
#[inline]
pub(super) fn put_reason_and_properties(
    reason: super::ReasonCode,
    properties: Properties<'_>,
    version: Version,
    out: &mut impl Sink,
) {
    if version != Version::V5 {
        return;
    }
    match (reason.0, properties.is_empty()) {
        (0, true) => {}
        (reason, true) => out.put(&[reason]),
        (reason, false) => {
            out.put(&[reason]);
            put_properties(properties, version, out);
        }
    }
}
