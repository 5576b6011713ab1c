//! The types of Control Packets (section 2.2.1; 5.0: 2.1.2).

use super::{Rule, Version, rules};
use std::fmt;

/// A Control Packet's type (the high half of its first byte).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum PacketType {
    Connect = 1,
    Connack,
    Publish,
    Puback,
    Pubrec,
    Pubrel,
    Pubcomp,
    Subscribe,
    Suback,
    Unsubscribe,
    Unsuback,
    Pingreq,
    Pingresp,
    Disconnect,
    Auth,
}

impl PacketType {
    /// Every type, in the order of its number.
    pub const ALL: [PacketType; 15] = [
        PacketType::Connect,
        PacketType::Connack,
        PacketType::Publish,
        PacketType::Puback,
        PacketType::Pubrec,
        PacketType::Pubrel,
        PacketType::Pubcomp,
        PacketType::Subscribe,
        PacketType::Suback,
        PacketType::Unsubscribe,
        PacketType::Unsuback,
        PacketType::Pingreq,
        PacketType::Pingresp,
        PacketType::Disconnect,
        PacketType::Auth,
    ];

    /// The type of the packet that begins with these bytes; `None` for type 0, and for no bytes.
    ///
    /// ```
    /// use mqtk::codec::PacketType;
    ///
    /// assert_eq!(PacketType::of(&[0x32, 0x05]), Some(PacketType::Publish));
    /// ```
    #[inline]
    #[must_use]
    pub fn of(packet: &[u8]) -> Option<PacketType> {
        PacketType::from_number(packet.first()? >> 4)
    }

    /// The type with this number; `None` for 0 and above 15.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<PacketType> {
        match number {
            1..=15 => Some(PacketType::ALL[number as usize - 1]),
            _ => None,
        }
    }

    /// The type with this name; case does not matter.
    ///
    /// ```
    /// use mqtk::codec::PacketType;
    ///
    /// assert_eq!(PacketType::from_name("publish"), Some(PacketType::Publish));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<PacketType> {
        let mut types = PacketType::ALL.into_iter();
        types.find(|packet_type| packet_type.name().eq_ignore_ascii_case(name))
    }

    /// The name in capitals, as the specification writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            PacketType::Connect => "CONNECT",
            PacketType::Connack => "CONNACK",
            PacketType::Publish => "PUBLISH",
            PacketType::Puback => "PUBACK",
            PacketType::Pubrec => "PUBREC",
            PacketType::Pubrel => "PUBREL",
            PacketType::Pubcomp => "PUBCOMP",
            PacketType::Subscribe => "SUBSCRIBE",
            PacketType::Suback => "SUBACK",
            PacketType::Unsubscribe => "UNSUBSCRIBE",
            PacketType::Unsuback => "UNSUBACK",
            PacketType::Pingreq => "PINGREQ",
            PacketType::Pingresp => "PINGRESP",
            PacketType::Disconnect => "DISCONNECT",
            PacketType::Auth => "AUTH",
        }
    }

    /// The first byte of the packet, with the flags that are fixed for its type. PUBLISH adds
    /// its own.
    #[must_use]
    pub const fn first_byte(self) -> u8 {
        (self as u8) << 4 | self.fixed_flags()
    }

    /// Whether such a packet may hold a client's password or authentication data, so that bytes of
    /// it that cannot be decoded must not be shown either.
    #[must_use]
    pub const fn may_hold_secrets(self) -> bool {
        matches!(self, PacketType::Connect | PacketType::Auth)
    }

    pub(super) const fn fixed_flags(self) -> u8 {
        match self {
            PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe => 0b0010,
            _ => 0,
        }
    }

    /// The rule that the flags of the Fixed Header break. PUBLISH is left out: its flags are fields
    /// of their own.
    #[inline]
    pub(super) fn flags_fault(self, flags: u8, version: Version) -> Option<&'static Rule> {
        if self == PacketType::Publish || flags == self.fixed_flags() {
            return None;
        }
        self.bad_flags(flags, version)
    }

    #[cold]
    fn bad_flags(self, flags: u8, version: Version) -> Option<&'static Rule> {
        Some(match self {
            // MQTT 3.1 sets DUP when it sends one of these again (section 2.1).
            PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe
                if version == Version::V3_1 && flags == 0b1010 =>
            {
                return None;
            }
            PacketType::Pubrel => &rules::PUBREL_FLAGS,
            PacketType::Subscribe => &rules::SUBSCRIBE_FLAGS,
            PacketType::Unsubscribe => &rules::UNSUBSCRIBE_FLAGS,
            PacketType::Disconnect => &rules::DISCONNECT_FLAGS,
            PacketType::Auth => &rules::AUTH_FLAGS,
            _ => &rules::RESERVED_FLAGS,
        })
    }
}

impl fmt::Display for PacketType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
