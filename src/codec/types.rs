//! The small types that every packet shares.

use std::fmt;
use std::num::NonZeroU16;

/// A Packet Identifier: never zero (MQTT-2.3.1-1 in 3.1.1, MQTT-2.2.1-3 in 5.0).
pub type PacketId = NonZeroU16;

/// The protocol version of a Network Connection, by its Protocol Level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Version {
    /// MQTT 3.1 (Protocol Name `MQIsdp`).
    V3_1 = 3,
    /// MQTT 3.1.1.
    V3_1_1 = 4,
    /// MQTT 5.0.
    V5 = 5,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Version; 3] = [Version::V3_1, Version::V3_1_1, Version::V5];

    /// The version with this Protocol Level.
    #[must_use]
    pub const fn from_level(level: u8) -> Option<Version> {
        match level {
            3 => Some(Version::V3_1),
            4 => Some(Version::V3_1_1),
            5 => Some(Version::V5),
            _ => None,
        }
    }

    /// The Protocol Level (5.0: Protocol Version) that stands in CONNECT.
    #[must_use]
    pub const fn level(self) -> u8 {
        self as u8
    }

    /// The Protocol Name that stands in CONNECT.
    #[must_use]
    pub const fn protocol_name(self) -> &'static str {
        match self {
            Version::V3_1 => "MQIsdp",
            Version::V3_1_1 | Version::V5 => "MQTT",
        }
    }

    /// The version as people write it: `3.1`, `3.1.1` or `5.0`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Version::V3_1 => "3.1",
            Version::V3_1_1 => "3.1.1",
            Version::V5 => "5.0",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Quality of Service: what the two ends promise each other for a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum QoS {
    /// QoS 0: at most once.
    #[default]
    AtMostOnce = 0,
    /// QoS 1: at least once.
    AtLeastOnce = 1,
    /// QoS 2: exactly once.
    ExactlyOnce = 2,
}

impl QoS {
    /// The QoS with this number; `None` for 3 and above.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Option<QoS> {
        match bits {
            0 => Some(QoS::AtMostOnce),
            1 => Some(QoS::AtLeastOnce),
            2 => Some(QoS::ExactlyOnce),
            _ => None,
        }
    }

    /// The QoS as the number on the wire.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for QoS {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bits().fmt(f)
    }
}
