//! Why connections end.

use std::fmt;
use std::io;

use crate::codec::{PacketType, ReasonCode, Version};
use crate::transport::plain_io;

/// Why a connection ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Cause<'a> {
    /// The client sent DISCONNECT.
    Disconnect(ReasonCode),
    /// The client closed the connection without DISCONNECT.
    Closed,
    /// The connection failed.
    Io(&'a io::Error),
    /// The client broke the protocol.
    Violation,
    /// Nothing was received for one and a half times the Keep Alive.
    KeepAlive,
    /// Another connection used the same Client Identifier.
    TakenOver,
    /// It reached [`Limits::max_connection_age`](crate::broker::Limits::max_connection_age).
    MaximumAge,
    /// The client is blocked for a while, since it did something too often.
    Blocked,
    /// No whole CONNECT arrived in time.
    ConnectTimeout,
    /// Not even the CONNACK fits into the client's Maximum Packet Size.
    ConnackTooLarge,
    /// Who may connect has changed since it did, and it may not any more.
    Revoked,
    /// It authenticated again, and failed.
    NotAuthenticated,
    /// A fault was made on request.
    Fault,
    /// The broker shuts down.
    Shutdown,
}

impl Cause<'_> {
    /// Whether the client has sent its last byte.
    pub(in crate::broker) fn is_from_client(&self) -> bool {
        matches!(self, Self::Disconnect(_) | Self::Closed | Self::Io(_))
    }

    /// Whether the client is to blame for an end without DISCONNECT.
    pub(in crate::broker) fn is_abnormal(&self) -> bool {
        matches!(
            self,
            Self::Closed | Self::Io(_) | Self::Violation | Self::KeepAlive
        )
    }

    /// The name it is counted under.
    pub(in crate::broker) fn name(&self) -> &'static str {
        match self {
            Cause::Disconnect(_) => "disconnect",
            Cause::Closed => "closed",
            Cause::Io(_) => "io",
            Cause::Violation => "violation",
            Cause::KeepAlive => "keep_alive",
            Cause::TakenOver => "taken_over",
            Cause::ConnectTimeout => "connect_timeout",
            Cause::ConnackTooLarge => "connack_too_large",
            Cause::Revoked => "revoked",
            Cause::NotAuthenticated => "not_authenticated",
            Cause::MaximumAge => "maximum_age",
            Cause::Fault => "fault",
            Cause::Blocked => "blocked",
            Cause::Shutdown => "shutdown",
        }
    }
}

impl fmt::Display for Cause<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Disconnect(ReasonCode::NORMAL_DISCONNECTION) => write!(f, "by DISCONNECT"),
            Cause::Disconnect(reason) => {
                let name = reason.name(PacketType::Disconnect, Version::V5);
                write!(f, "by DISCONNECT with {reason} ({name})")
            }
            Cause::Closed => write!(f, "closed without DISCONNECT"),
            Cause::Io(error) => f.write_str(&plain_io(error)),
            Cause::Violation => write!(f, "it broke the protocol"),
            Cause::KeepAlive => write!(f, "nothing received for 1.5 × Keep Alive"),
            Cause::TakenOver => write!(f, "another connection took the session over"),
            Cause::MaximumAge => write!(f, "connections may last no longer"),
            Cause::Blocked => write!(f, "it is blocked for a while"),
            Cause::ConnectTimeout => write!(f, "no CONNECT in time"),
            Cause::ConnackTooLarge => {
                write!(f, "its Maximum Packet Size is too small for the CONNACK")
            }
            Cause::NotAuthenticated => write!(f, "its re-authentication failed"),
            Cause::Revoked => write!(f, "it may not connect any more"),
            Cause::Fault => write!(f, "a fault rule ended it"),
            Cause::Shutdown => write!(f, "the broker shuts down"),
        }
    }
}
