//! What belongs to one Network Connection and ends with it.

use std::collections::VecDeque;

use super::Role;
use super::alias::{InboundAliases, OutboundAliases};
use super::keep_alive::KeepAlive;
use super::message::Dropped;
use crate::codec::{PacketId, Properties, PropertyId as Id, QoS, Value, Version};

/// How far a Network Connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is none.
    Closed,
    /// CONNECT has been sent.
    Connecting,
    /// CONNACK has been sent or received.
    Open,
    /// We sent DISCONNECT, or were refused: nothing more is sent (MQTT-3.14.4-1).
    Ended,
    /// The peer sent DISCONNECT: nothing more may come.
    PeerEnded,
}

/// What one end told the other about itself in CONNECT or CONNACK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Receive Maximum: QoS 1 and 2 messages it takes at the same time.
    pub receive_maximum: u16,
    /// Topic Alias Maximum; 0: it takes none.
    pub topic_alias_maximum: u16,
    /// Maximum Packet Size in bytes; `u32::MAX` without a limit.
    pub maximum_packet_size: u32,
    /// Maximum QoS of a PUBLISH.
    pub maximum_qos: QoS,
    /// Retain Available.
    pub retain_available: bool,
    /// Wildcard Subscription Available.
    pub wildcard_subscription_available: bool,
    /// Subscription Identifier Available.
    pub subscription_identifier_available: bool,
    /// Shared Subscription Available.
    pub shared_subscription_available: bool,
}

impl Default for Limits {
    /// What holds when nothing is said, and before MQTT 5.0.
    fn default() -> Limits {
        Limits {
            receive_maximum: u16::MAX,
            topic_alias_maximum: 0,
            maximum_packet_size: u32::MAX,
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            wildcard_subscription_available: true,
            subscription_identifier_available: true,
            shared_subscription_available: true,
        }
    }
}

impl Limits {
    /// Reads the limits out of the properties of CONNECT or CONNACK.
    pub(crate) fn announced(properties: &Properties<'_>) -> Limits {
        let mut limits = Limits::default();
        for property in properties.iter() {
            match property {
                (Id::ReceiveMaximum, Value::TwoByte(value)) => limits.receive_maximum = value,
                (Id::TopicAliasMaximum, Value::TwoByte(value)) => {
                    limits.topic_alias_maximum = value;
                }
                (Id::MaximumPacketSize, Value::FourByte(value)) => {
                    limits.maximum_packet_size = value;
                }
                (Id::MaximumQoS, Value::Byte(value)) => {
                    limits.maximum_qos = QoS::from_bits(value).unwrap_or(limits.maximum_qos);
                }
                (Id::RetainAvailable, Value::Byte(value)) => limits.retain_available = value != 0,
                (Id::WildcardSubscriptionAvailable, Value::Byte(value)) => {
                    limits.wildcard_subscription_available = value != 0;
                }
                (Id::SubscriptionIdentifierAvailable, Value::Byte(value)) => {
                    limits.subscription_identifier_available = value != 0;
                }
                (Id::SharedSubscriptionAvailable, Value::Byte(value)) => {
                    limits.shared_subscription_available = value != 0;
                }
                _ => {}
            }
        }
        limits
    }
}

/// A SUBSCRIBE or UNSUBSCRIBE that has not been answered. It shares the Packet Identifiers of
/// PUBLISH, and ends with the Network Connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Request {
    pub packet_id: PacketId,
    pub kind: RequestKind,
    /// Topic Filters in it.
    pub filters: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RequestKind {
    Subscribe,
    Unsubscribe,
}

/// The state of one Network Connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub phase: Phase,
    pub version: Version,
    /// Counts Network Connections, so that an acknowledgement that comes too late is recognised.
    pub epoch: u32,
    pub clean_start: bool,
    /// What the CONNECT asked for; what the server granted is in the Session State.
    pub session_expiry: u32,
    /// The peer wants Reason Strings and User Properties (MQTT-3.1.2-29).
    pub problem_information: bool,
    /// What we announced.
    pub own: Limits,
    /// What the peer announced.
    pub peer: Limits,
    pub keep_alive: KeepAlive,
    pub aliases_in: InboundAliases,
    pub aliases_out: OutboundAliases,
    /// Messages in flight that were sent on this connection: the used part of the send quota.
    pub outstanding: u32,
    /// QoS 1 and 2 messages received whose handshake the peer has not seen the end of.
    pub unfinished: u32,
    /// Some messages in flight may still have to be sent again, when the quota allows.
    pub resending: bool,
    /// Set by `Session::hold`.
    pub held: bool,
    pub requests: VecDeque<Request>,
    /// Authentication Method of the CONNECT.
    pub authentication_method: Option<Box<str>>,
}

impl Connection {
    pub fn new(role: Role) -> Connection {
        Connection {
            phase: Phase::Closed,
            version: Version::V3_1_1,
            epoch: 0,
            clean_start: true,
            session_expiry: 0,
            problem_information: true,
            own: Limits::default(),
            peer: Limits::default(),
            keep_alive: KeepAlive::new(role),
            aliases_in: InboundAliases::default(),
            aliases_out: OutboundAliases::default(),
            outstanding: 0,
            unfinished: 0,
            resending: false,
            held: false,
            requests: VecDeque::new(),
            authentication_method: None,
        }
    }

    /// The connection after this one.
    pub fn next(&self, role: Role, version: Version) -> Connection {
        Connection {
            version,
            epoch: self.epoch.wrapping_add(1),
            ..Connection::new(role)
        }
    }

    /// Whether messages may be sent.
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// Whether the server supports this QoS and RETAIN (MQTT-3.2.2-11, MQTT-3.2.2-14).
    pub fn admit(&self, qos: QoS, retain: bool) -> Result<(), Dropped> {
        if qos > self.peer.maximum_qos {
            Err(Dropped::QosNotSupported)
        } else if retain && !self.peer.retain_available {
            Err(Dropped::RetainNotSupported)
        } else {
            Ok(())
        }
    }
}
