//! The Control Packets' meaning, borrowed from a Frame.

mod ack;
mod auth;
mod connack;
mod connect;
mod disconnect;
mod filters;
mod publish;
mod subscribe;
mod unsubscribe;
mod will;

pub use ack::Ack;
pub use auth::Auth;
pub use connack::Connack;
pub use connect::Connect;
pub use disconnect::Disconnect;
pub use filters::{Filters, RetainHandling, SubscriptionOptions};
pub use publish::Publish;
pub use subscribe::{ReasonCodes, Suback, Subscribe};
pub use unsubscribe::{Unsuback, Unsubscribe};
pub use will::Will;

use super::write::{Encode, put_header};
use super::{PacketType, Sink, Version};

/// A Control Packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Packet<'a> {
    Connect(Connect<'a>),
    Connack(Connack<'a>),
    Publish(Publish<'a>),
    Puback(Ack<'a>),
    Pubrec(Ack<'a>),
    Pubrel(Ack<'a>),
    Pubcomp(Ack<'a>),
    Subscribe(Subscribe<'a>),
    Suback(Suback<'a>),
    Unsubscribe(Unsubscribe<'a>),
    Unsuback(Unsuback<'a>),
    Pingreq,
    Pingresp,
    Disconnect(Disconnect<'a>),
    Auth(Auth<'a>),
}

/// Gives a packet struct its public `encode` and `encoded_len`.
macro_rules! encodes_itself {
    ($packet:ident) => {
        impl $packet<'_> {
            /// Writes the packet.
            #[inline]
            pub fn encode(
                &self,
                version: $crate::codec::Version,
                out: &mut impl $crate::codec::Sink,
            ) {
                $crate::codec::write::Encode::put_packet(self, version, out);
            }

            /// How many bytes [`Self::encode`] writes.
            #[must_use]
            pub fn encoded_len(&self, version: $crate::codec::Version) -> usize {
                $crate::codec::write::Encode::packet_len(self, version)
            }
        }
    };
}
use encodes_itself;

impl Packet<'_> {
    /// The packet's type.
    #[must_use]
    pub fn packet_type(&self) -> PacketType {
        match self {
            Packet::Connect(_) => PacketType::Connect,
            Packet::Connack(_) => PacketType::Connack,
            Packet::Publish(_) => PacketType::Publish,
            Packet::Puback(_) => PacketType::Puback,
            Packet::Pubrec(_) => PacketType::Pubrec,
            Packet::Pubrel(_) => PacketType::Pubrel,
            Packet::Pubcomp(_) => PacketType::Pubcomp,
            Packet::Subscribe(_) => PacketType::Subscribe,
            Packet::Suback(_) => PacketType::Suback,
            Packet::Unsubscribe(_) => PacketType::Unsubscribe,
            Packet::Unsuback(_) => PacketType::Unsuback,
            Packet::Pingreq => PacketType::Pingreq,
            Packet::Pingresp => PacketType::Pingresp,
            Packet::Disconnect(_) => PacketType::Disconnect,
            Packet::Auth(_) => PacketType::Auth,
        }
    }

    /// Writes the packet. (Each packet struct has the same method, where it needs no type.)
    ///
    /// Fields that the version does not have are left out. Strings and data longer than 65,535
    /// bytes are cut; callers check what comes from outside.
    ///
    /// ```
    /// use mqtk::codec::{Packet, Version};
    ///
    /// let mut bytes = Vec::new();
    /// Packet::Pingreq.encode(Version::V5, &mut bytes);
    /// assert_eq!(bytes, [0xC0, 0x00]);
    /// ```
    pub fn encode(&self, version: Version, out: &mut impl Sink) {
        match self {
            Packet::Connect(packet) => packet.put_packet(version, out),
            Packet::Connack(packet) => packet.put_packet(version, out),
            Packet::Publish(packet) => packet.put_packet(version, out),
            Packet::Puback(ack) => ack.encode(PacketType::Puback, version, out),
            Packet::Pubrec(ack) => ack.encode(PacketType::Pubrec, version, out),
            Packet::Pubrel(ack) => ack.encode(PacketType::Pubrel, version, out),
            Packet::Pubcomp(ack) => ack.encode(PacketType::Pubcomp, version, out),
            Packet::Subscribe(packet) => packet.put_packet(version, out),
            Packet::Suback(packet) => packet.put_packet(version, out),
            Packet::Unsubscribe(packet) => packet.put_packet(version, out),
            Packet::Unsuback(packet) => packet.put_packet(version, out),
            Packet::Pingreq => put_header(PacketType::Pingreq.first_byte(), 0, out),
            Packet::Pingresp => put_header(PacketType::Pingresp.first_byte(), 0, out),
            Packet::Disconnect(packet) => packet.put_packet(version, out),
            Packet::Auth(packet) => packet.put_packet(version, out),
        }
    }

    /// How many bytes [`Self::encode`] writes.
    #[must_use]
    pub fn encoded_len(&self, version: Version) -> usize {
        let mut counter = super::sink::Counter::default();
        self.encode(version, &mut counter);
        counter.0
    }
}
