//! The Control Packets' meaning, borrowed from a Frame.

use super::{PacketId, Properties, QoS, ReasonCode, Sink, Version};

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

impl Packet<'_> {
    /// Writes the packet. (Each packet struct has the same method, where it needs no type.)
    pub fn encode(&self, version: Version, out: &mut impl Sink) {
        let _ = (version, out);
    }
}

/// CONNECT (section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connect<'a> {
    /// Protocol Version.
    pub version: Version,
    /// Clean Start (3.1.1: Clean Session).
    pub clean_start: bool,
    /// Keep Alive in seconds; 0 turns it off.
    pub keep_alive: u16,
    /// CONNECT properties; empty before 5.0.
    pub properties: Properties<'a>,
    /// Client Identifier.
    pub client_id: &'a str,
    /// Will Message.
    pub will: Option<Will<'a>>,
    /// User Name.
    pub username: Option<&'a str>,
    /// Password.
    pub password: Option<&'a [u8]>,
}

/// The Will Message of a CONNECT.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Will<'a> {
    /// Will QoS.
    pub qos: QoS,
    /// Will Retain.
    pub retain: bool,
    /// Will Properties.
    pub properties: Properties<'a>,
    /// Will Topic.
    pub topic: &'a str,
    /// Will Payload.
    pub payload: &'a [u8],
}

/// CONNACK (section 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Connack<'a> {
    /// Session Present.
    pub session_present: bool,
    /// Connect Reason Code, or return code in 3.1 and 3.1.1.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

/// PUBLISH (section 3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Publish<'a> {
    /// DUP flag.
    pub dup: bool,
    /// QoS level.
    pub qos: QoS,
    /// RETAIN flag.
    pub retain: bool,
    /// Topic Name; empty in 5.0 when a Topic Alias stands for it.
    pub topic: &'a str,
    /// Packet Identifier; present at QoS 1 and 2.
    pub packet_id: Option<PacketId>,
    /// Properties.
    pub properties: Properties<'a>,
    /// Application Message.
    pub payload: &'a [u8],
}

/// PUBACK, PUBREC, PUBREL or PUBCOMP (sections 3.4 to 3.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack<'a> {
    /// Packet Identifier of the PUBLISH.
    pub packet_id: PacketId,
    /// Reason Code; 0x00 before 5.0.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

/// SUBSCRIBE (section 3.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subscribe<'a> {
    /// Packet Identifier.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// Topic Filters with their options, one at least.
    pub filters: Filters<'a>,
}

/// The payload of a SUBSCRIBE: raw as decoded, or a list to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filters<'a> {
    /// A validated slice of a Frame.
    Raw(&'a [u8]),
    /// Filters to write.
    List(&'a [(&'a str, SubscriptionOptions)]),
}

/// Subscription Options (section 3.8.3.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SubscriptionOptions {
    /// Maximum QoS.
    pub qos: QoS,
    /// No Local.
    pub no_local: bool,
    /// Retain As Published.
    pub retain_as_published: bool,
    /// Retain Handling.
    pub retain_handling: RetainHandling,
}

/// When retained messages are sent on subscribing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum RetainHandling {
    /// On every SUBSCRIBE.
    #[default]
    Send = 0,
    /// Only when the Subscription is new.
    SendIfNew = 1,
    /// Never.
    DoNotSend = 2,
}

/// The Reason Codes of a SUBACK or UNSUBACK, as they stand on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReasonCodes<'a>(pub &'a [u8]);

/// SUBACK (section 3.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suback<'a> {
    /// Packet Identifier of the SUBSCRIBE.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// One Reason Code for each Topic Filter.
    pub reasons: ReasonCodes<'a>,
}

/// UNSUBSCRIBE (section 3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsubscribe<'a> {
    /// Packet Identifier.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// Topic Filters, one at least; the options are not on the wire.
    pub filters: Filters<'a>,
}

/// UNSUBACK (section 3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsuback<'a> {
    /// Packet Identifier of the UNSUBSCRIBE.
    pub packet_id: PacketId,
    /// Properties.
    pub properties: Properties<'a>,
    /// One Reason Code for each Topic Filter; empty before 5.0.
    pub reasons: ReasonCodes<'a>,
}

/// DISCONNECT (section 3.14).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disconnect<'a> {
    /// Reason Code; 0x00 before 5.0.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}

/// AUTH (section 3.15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Auth<'a> {
    /// Reason Code.
    pub reason: ReasonCode,
    /// Properties.
    pub properties: Properties<'a>,
}
