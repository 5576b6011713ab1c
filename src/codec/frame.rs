//! Frames: Control Packets as raw bytes.

use super::decode::{decode, decode_body};
use super::reader::{Flags, Reader};
use super::visit::{FieldValue, Strict, Visitor};
use super::{Got, Packet, PacketType, Rule, Version, Violation, rules};
use std::fmt;

/// The largest Remaining Length that four bytes can say (section 1.5.5).
pub const MAX_REMAINING_LENGTH: usize = 268_435_455;

/// The most bytes a Control Packet can have, Fixed Header included.
pub const MAX_PACKET_SIZE: usize = MAX_REMAINING_LENGTH + 5;

/// One whole Control Packet as raw bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    bytes: &'a [u8],
    packet_type: PacketType,
    /// Length of the Fixed Header: 2 to 5.
    header_len: u8,
}

impl<'a> Frame<'a> {
    /// Finds the Frame at the start of `input`; `None` if more bytes are needed. A packet of more
    /// than `max_size` bytes is refused (0x95) as soon as its Remaining Length is known, so that
    /// nobody has to keep its beginning.
    ///
    /// # Errors
    /// A Packet Type of 0, Fixed Header flags that no version allows, or a Remaining Length that is
    /// too large or longer than four bytes: each as soon as the byte at fault has arrived. The
    /// version cited is that of a CONNECT, or else MQTT 5.0: see [`Violation::in_version`].
    #[inline]
    pub fn parse(input: &'a [u8], max_size: usize) -> Result<Option<Frame<'a>>, Violation> {
        let [first, lengths @ ..] = input else {
            return Ok(None);
        };
        let Some(packet_type) = PacketType::from_number(first >> 4) else {
            let rule = &rules::RESERVED_PACKET_TYPE;
            return Err(Self::fault(input, rule, 0, Some(Got::Number(0))));
        };
        let flags = first & 0x0F;
        // 3.1 forgives most: what it does not, no version does.
        if let Some(rule) = packet_type.flags_fault(flags, Version::V3_1) {
            return Err(Self::fault(input, rule, 0, Some(Got::Flags(flags))));
        }
        let Some((header_len, remaining)) = peek_header(input) else {
            return match lengths.len() {
                0..4 => Ok(None),
                _ => Err(Self::fault(input, &rules::LENGTH_OVER_FOUR_BYTES, 1, None)),
            };
        };
        let size = header_len + remaining;
        if size > max_size {
            let got = Got::Number(size as u32);
            return Err(Self::fault(input, &rules::PACKET_TOO_LARGE, 1, Some(got)));
        }
        Ok(input.get(..size).map(|bytes| Frame {
            bytes,
            packet_type,
            header_len: header_len as u8,
        }))
    }

    #[cold]
    fn fault(input: &[u8], rule: &'static Rule, offset: usize, got: Option<Got>) -> Violation {
        let version = peek_connect_version(input).unwrap_or(Version::V5);
        Violation::new(rule, version, offset, got)
    }

    /// The whole packet.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The packet's type.
    #[must_use]
    pub fn packet_type(&self) -> PacketType {
        self.packet_type
    }

    /// The low half of the first byte.
    #[must_use]
    pub fn flags(&self) -> u8 {
        self.first().byte & 0x0F
    }

    /// What follows the Fixed Header: variable header and payload.
    #[must_use]
    pub fn body(&self) -> &'a [u8] {
        self.bytes.get(self.header_len.into()..).unwrap_or_default()
    }

    /// The length of the body.
    #[must_use]
    pub fn remaining_length(&self) -> usize {
        self.body().len()
    }

    #[inline(always)]
    fn first(&self) -> Flags {
        let byte = self.bytes.first().copied().unwrap_or_default();
        Flags { byte, at: 0 }
    }

    /// Whether [`Frame::parse`] has already checked all of the Fixed Header, for every version.
    #[inline(always)]
    fn has_plain_header(&self) -> bool {
        let fixed = self.flags() == self.packet_type.fixed_flags();
        let plain = match self.packet_type {
            PacketType::Publish => true,
            PacketType::Auth => false,
            _ => fixed,
        };
        plain && self.header_len == 2
    }

    /// Decodes strictly: the first violation is the error. A CONNECT is decoded as the version that
    /// it states, every other packet as `version`.
    ///
    /// Two rules about Client Identifiers are left to the Server, which answers a violation with a
    /// CONNACK: see [`Connect::check_client_id`](super::Connect::check_client_id).
    ///
    /// # Errors
    /// The first rule that the packet breaks. [`rules::PROTOCOL_NAME`] and
    /// [`rules::PROTOCOL_LEVEL`] (whose `got` is the level) are to be answered with a CONNACK, 0x01
    /// or 0x84.
    #[inline]
    pub fn decode(&self, version: Version) -> Result<Packet<'a>, Violation> {
        let version = match self.packet_type {
            PacketType::Connect => peek_connect_version(self.bytes).unwrap_or(version),
            _ => version,
        };
        let mut strict = Strict;
        let mut r = Reader::new(self.bytes, version, &mut strict);
        if self.has_plain_header() {
            r.skip(2);
            return decode_body(&mut r, self.packet_type, self.first());
        }
        decode(&mut r)
    }
}

impl fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the bytes: a CONNECT has secrets.
        f.debug_struct("Frame")
            .field("packet_type", &self.packet_type)
            .field("flags", &self.flags())
            .field("remaining_length", &self.remaining_length())
            .finish()
    }
}

/// Reads the Fixed Header.
#[inline(always)]
pub(super) fn fixed_header<'a, V: Visitor<'a>>(
    r: &mut Reader<'a, '_, V>,
) -> Result<(PacketType, Flags), Violation> {
    r.visitor.enter("Fixed Header", 0);
    let first = r.flags(&"Packet Type and Flags")?;
    let number = first.byte >> 4;
    r.tell_bits(first, &"Packet Type", 7, 4, FieldValue::PacketType(number));
    let packet_type = match PacketType::from_number(number) {
        Some(PacketType::Auth) if !r.is_v5() => None,
        known => known,
    };
    let Some(packet_type) = packet_type else {
        let got = Some(Got::Number(number.into()));
        return Err(r.fatal(&rules::RESERVED_PACKET_TYPE, 0, got));
    };
    if packet_type == PacketType::Publish {
        r.flag(first, &"DUP", 3);
        r.bits(first, &"QoS", 2, 1);
        r.flag(first, &"RETAIN", 0);
    } else {
        let flags = r.bits(first, &"Flags", 3, 0);
        if let Some(rule) = packet_type.flags_fault(flags, r.version) {
            r.broke(rule, 0, Some(Got::Flags(flags)))?;
        }
    }
    // What bounds the reading is the Frame, or the end of the input, and not this number.
    r.variable(&"Remaining Length")?;
    r.visitor.leave(r.at());
    Ok((packet_type, first))
}

/// The lengths of Fixed Header and body, if the Remaining Length is there.
#[inline]
pub(super) fn peek_header(packet: &[u8]) -> Option<(usize, usize)> {
    let mut remaining = 0;
    for (index, byte) in packet.iter().skip(1).take(4).enumerate() {
        remaining |= usize::from(byte & 0x7F) << (7 * index);
        if *byte < 0x80 {
            return Some((index + 2, remaining));
        }
    }
    None
}

/// The version of a CONNECT, found before anything else of it is read: all its faults are cited for
/// that version, even those of its Fixed Header. With the name `MQTT` it is never 3.1, whatever the
/// level.
pub(super) fn peek_connect_version(packet: &[u8]) -> Option<Version> {
    if packet.first()? >> 4 != PacketType::Connect as u8 {
        return None;
    }
    let (header_len, _) = peek_header(packet)?;
    let (name_len, rest) = packet.get(header_len..)?.split_first_chunk()?;
    let (name, rest) = rest.split_at_checked(u16::from_be_bytes(*name_len).into())?;
    match Version::from_level(*rest.first()?)? {
        Version::V3_1 if name == b"MQTT" => Some(Version::V3_1_1),
        version => Some(version),
    }
}
