//! The small types that every packet shares.

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
