//! Reason Codes (MQTT 5.0 section 2.4) and the CONNACK return codes of 3.1 and 3.1.1.

use super::{PacketType, Version};
use std::fmt;

/// A Reason Code or CONNACK return code as it stands on the wire; unknown values survive.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonCode(pub u8);

/// One line for each Reason Code: its constant, its value and its name in the specification.
macro_rules! reason_codes {
    ($($constant:ident = $value:literal $name:literal;)*) => {
        impl ReasonCode {
            $(
                #[doc = concat!("`", stringify!($value), "` ", $name, ".")]
                pub const $constant: ReasonCode = ReasonCode($value);
            )*

            /// The name of MQTT 5.0's table 2-6, for values that mean one thing only.
            const fn v5_name(self) -> Option<&'static str> {
                match self {
                    $(ReasonCode::$constant => Some($name),)*
                    _ => None,
                }
            }
        }
    };
}

reason_codes! {
    SUCCESS = 0x00 "Success";
    GRANTED_QOS_1 = 0x01 "Granted QoS 1";
    GRANTED_QOS_2 = 0x02 "Granted QoS 2";
    DISCONNECT_WITH_WILL_MESSAGE = 0x04 "Disconnect with Will Message";
    NO_MATCHING_SUBSCRIBERS = 0x10 "No matching subscribers";
    NO_SUBSCRIPTION_EXISTED = 0x11 "No subscription existed";
    CONTINUE_AUTHENTICATION = 0x18 "Continue authentication";
    RE_AUTHENTICATE = 0x19 "Re-authenticate";
    UNSPECIFIED_ERROR = 0x80 "Unspecified error";
    MALFORMED_PACKET = 0x81 "Malformed Packet";
    PROTOCOL_ERROR = 0x82 "Protocol Error";
    IMPLEMENTATION_SPECIFIC_ERROR = 0x83 "Implementation specific error";
    UNSUPPORTED_PROTOCOL_VERSION = 0x84 "Unsupported Protocol Version";
    CLIENT_IDENTIFIER_NOT_VALID = 0x85 "Client Identifier not valid";
    BAD_USER_NAME_OR_PASSWORD = 0x86 "Bad User Name or Password";
    NOT_AUTHORIZED = 0x87 "Not authorized";
    SERVER_UNAVAILABLE = 0x88 "Server unavailable";
    SERVER_BUSY = 0x89 "Server busy";
    BANNED = 0x8A "Banned";
    SERVER_SHUTTING_DOWN = 0x8B "Server shutting down";
    BAD_AUTHENTICATION_METHOD = 0x8C "Bad authentication method";
    KEEP_ALIVE_TIMEOUT = 0x8D "Keep Alive timeout";
    SESSION_TAKEN_OVER = 0x8E "Session taken over";
    TOPIC_FILTER_INVALID = 0x8F "Topic Filter invalid";
    TOPIC_NAME_INVALID = 0x90 "Topic Name invalid";
    PACKET_IDENTIFIER_IN_USE = 0x91 "Packet Identifier in use";
    PACKET_IDENTIFIER_NOT_FOUND = 0x92 "Packet Identifier not found";
    RECEIVE_MAXIMUM_EXCEEDED = 0x93 "Receive Maximum exceeded";
    TOPIC_ALIAS_INVALID = 0x94 "Topic Alias invalid";
    PACKET_TOO_LARGE = 0x95 "Packet too large";
    MESSAGE_RATE_TOO_HIGH = 0x96 "Message rate too high";
    QUOTA_EXCEEDED = 0x97 "Quota exceeded";
    ADMINISTRATIVE_ACTION = 0x98 "Administrative action";
    PAYLOAD_FORMAT_INVALID = 0x99 "Payload format invalid";
    RETAIN_NOT_SUPPORTED = 0x9A "Retain not supported";
    QOS_NOT_SUPPORTED = 0x9B "QoS not supported";
    USE_ANOTHER_SERVER = 0x9C "Use another server";
    SERVER_MOVED = 0x9D "Server moved";
    SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9E "Shared Subscriptions not supported";
    CONNECTION_RATE_EXCEEDED = 0x9F "Connection rate exceeded";
    MAXIMUM_CONNECT_TIME = 0xA0 "Maximum connect time";
    SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xA1 "Subscription Identifiers not supported";
    WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xA2 "Wildcard Subscriptions not supported";
}

impl ReasonCode {
    /// `0x00` in DISCONNECT: Normal disconnection.
    pub const NORMAL_DISCONNECTION: ReasonCode = ReasonCode(0x00);
    /// `0x00` in SUBACK: Granted QoS 0.
    pub const GRANTED_QOS_0: ReasonCode = ReasonCode(0x00);

    /// CONNACK return code `0x01` of 3.1 and 3.1.1: unacceptable protocol version.
    pub const V3_UNACCEPTABLE_PROTOCOL_VERSION: ReasonCode = ReasonCode(0x01);
    /// CONNACK return code `0x02` of 3.1 and 3.1.1: identifier rejected.
    pub const V3_IDENTIFIER_REJECTED: ReasonCode = ReasonCode(0x02);
    /// CONNACK return code `0x03` of 3.1 and 3.1.1: Server unavailable.
    pub const V3_SERVER_UNAVAILABLE: ReasonCode = ReasonCode(0x03);
    /// CONNACK return code `0x04` of 3.1 and 3.1.1: bad user name or password.
    pub const V3_BAD_USER_NAME_OR_PASSWORD: ReasonCode = ReasonCode(0x04);
    /// CONNACK return code `0x05` of 3.1 and 3.1.1: not authorized.
    pub const V3_NOT_AUTHORIZED: ReasonCode = ReasonCode(0x05);

    /// The value as it stands on the wire.
    #[must_use]
    pub const fn value(self) -> u8 {
        self.0
    }

    /// Whether an MQTT 5.0 Reason Code, or a SUBACK return code of any version, is a failure:
    /// 0x80 and above. For the CONNACK of 3.1 and 3.1.1 compare with [`Self::SUCCESS`].
    #[must_use]
    pub const fn is_error(self) -> bool {
        self.0 >= 0x80
    }

    /// The specification's name for the code in this packet and version; `Reserved` for a value
    /// that has none.
    ///
    /// ```
    /// use mqtk::codec::{PacketType, ReasonCode, Version};
    ///
    /// let code = ReasonCode(5);
    /// let name = code.name(PacketType::Connack, Version::V3_1_1);
    /// assert_eq!(name, "Connection Refused: not authorized");
    /// assert_eq!(ReasonCode(0x87).name(PacketType::Connack, Version::V5), "Not authorized");
    /// ```
    #[must_use]
    pub fn name(self, packet_type: PacketType, version: Version) -> &'static str {
        match (packet_type, version, self.0) {
            (PacketType::Connack, Version::V3_1 | Version::V3_1_1, code) => match code {
                0 => "Connection Accepted",
                1 => "Connection Refused: unacceptable protocol version",
                2 => "Connection Refused: identifier rejected",
                3 => "Connection Refused: Server unavailable",
                4 => "Connection Refused: bad user name or password",
                5 => "Connection Refused: not authorized",
                _ => "Reserved",
            },
            (PacketType::Suback, Version::V3_1 | Version::V3_1_1, 0x80) => "Failure",
            (PacketType::Suback, _, 0) => "Granted QoS 0",
            (PacketType::Disconnect, _, 0) => "Normal disconnection",
            _ => self.v5_name().unwrap_or("Reserved"),
        }
    }

    /// Whether the packet may carry the code in this version.
    #[must_use]
    pub const fn allowed_in(self, packet_type: PacketType, version: Version) -> bool {
        let v5 = matches!(version, Version::V5);
        match packet_type {
            PacketType::Connack if v5 => matches!(
                self.0,
                0x00 | 0x80..=0x8A | 0x8C | 0x90 | 0x95 | 0x97 | 0x99..=0x9D | 0x9F
            ),
            PacketType::Connack => self.0 <= 5,
            PacketType::Puback | PacketType::Pubrec => matches!(
                self.0,
                0x00 | 0x10 | 0x80 | 0x83 | 0x87 | 0x90 | 0x91 | 0x97 | 0x99
            ),
            PacketType::Pubrel | PacketType::Pubcomp => matches!(self.0, 0x00 | 0x92),
            PacketType::Suback if v5 => matches!(
                self.0,
                0x00..=0x02 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91 | 0x97 | 0x9E | 0xA1 | 0xA2
            ),
            PacketType::Suback => matches!(self.0, 0x00..=0x02 | 0x80),
            PacketType::Unsuback => {
                matches!(self.0, 0x00 | 0x11 | 0x80 | 0x83 | 0x87 | 0x8F | 0x91)
            }
            PacketType::Disconnect => matches!(
                self.0,
                0x00 | 0x04
                    | 0x80..=0x83
                    | 0x87
                    | 0x89
                    | 0x8B..=0x90
                    | 0x93..=0xA2
            ),
            PacketType::Auth => matches!(self.0, 0x00 | 0x18 | 0x19),
            _ => false,
        }
    }
}

impl fmt::Debug for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ReasonCode({:#04x})", self.0)
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#04x}", self.0)
    }
}

impl From<u8> for ReasonCode {
    fn from(value: u8) -> Self {
        ReasonCode(value)
    }
}
