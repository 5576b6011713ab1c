//! Why a client cannot go on.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::codec::{
    Connack, Disconnect, PacketType, Properties, ReasonCode, Version, Violation, rules,
};
use crate::driver::End;
use crate::transport::{
    ConnectError, Target, Violation as WebSocketViolation, explain_bytes, explain_io,
};

/// Why a client cannot go on, or had to reconnect.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No Network Connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The Network Connection stands, and nothing answers CONNECT.
    #[error(
        "no CONNACK from {target} within {} s: is it an MQTT broker, and does it want TLS?",
        after.as_secs_f64()
    )]
    ConnackTimeout {
        /// Where to.
        target: String,
        /// The limit.
        after: Duration,
    },
    /// The Network Connection ended before CONNACK came.
    #[error("no CONNACK from {target}: {why}")]
    NoConnack {
        /// Where to.
        target: String,
        /// How it ended.
        why: String,
    },
    /// CONNACK with an error.
    #[error("the broker refused the connection: {0}")]
    Refused(Refusal),
    /// The broker sent DISCONNECT (5.0).
    #[error("the broker ended the connection: {0}")]
    Disconnected(Refusal),
    /// The connection ended without a DISCONNECT from the broker.
    #[error("connection to the broker lost: {0}")]
    Lost(String),
    /// The broker broke a rule of the specification.
    #[error("the broker {0}")]
    Violation(Violation),
    /// What answers CONNECT is not MQTT.
    #[error("no MQTT broker at {target}: {why}")]
    NotMqtt {
        /// Where to.
        target: String,
        /// What it is instead, or what its first bytes break.
        why: String,
    },
    /// The server broke a rule of WebSocket, or of MQTT over WebSocket.
    #[error("{0}")]
    WebSocket(WebSocketViolation),
    /// A packet is larger than [`max_packet_size`](super::Options::max_packet_size), which
    /// before 5.0 the broker is not told.
    #[error("the broker sent a packet larger than --max-packet-size; -V 5 lets it know the limit")]
    TooLarge,
    /// Enhanced authentication failed.
    #[error("{0}")]
    Authentication(#[from] crate::scram::Error),
    /// The options contradict each other or the protocol.
    #[error("{0}")]
    Options(String),
}

impl Error {
    /// Whether the same client may succeed a little later, so that trying again makes sense.
    pub(super) fn is_transient(&self) -> bool {
        match self {
            Error::Connect(error) => !error.is_permanent(),
            Error::ConnackTimeout { .. } | Error::NoConnack { .. } | Error::Lost(_) => true,
            Error::Refused(refusal) | Error::Disconnected(refusal) => refusal.is_transient(),
            Error::Violation(_)
            | Error::NotMqtt { .. }
            | Error::WebSocket(_)
            | Error::TooLarge
            | Error::Authentication(_)
            | Error::Options(_) => false,
        }
    }

    /// The error for a Network Connection that ended before CONNACK, after these bytes were
    /// `received`.
    pub(crate) fn before_connack(end: End, target: &Target, received: &[u8]) -> Error {
        let is_silent = match &end {
            End::Closed => true,
            End::Io(error) => error.kind() == io::ErrorKind::ConnectionReset,
            End::Violation(_) => false,
        };
        match Error::from_end(end, "instead of answering CONNECT") {
            Error::Lost(why) => Error::NoConnack {
                target: target.address.to_string(),
                why: match is_silent {
                    true if target.tls.is_some() => format!("{why}: is it an MQTT broker?"),
                    true => format!("{why}: is it an MQTT broker, and does it want TLS?"),
                    false => why,
                },
            },
            Error::Violation(violation) => Error::NotMqtt {
                target: target.address.to_string(),
                why: match explain_bytes(received) {
                    Some(why) => why.to_owned(),
                    None => format!("what it answers {violation}"),
                },
            },
            error => error,
        }
    }

    /// The error for a Network Connection that ended in this `phase`, the end of a sentence.
    pub(crate) fn from_end(end: End, phase: &str) -> Error {
        match end {
            End::Closed => Error::Lost(format!("the broker closed it {phase}")),
            End::Io(error) => {
                let violation = error.get_ref().and_then(|inner| inner.downcast_ref());
                if let Some(
                    violation @ (WebSocketViolation::TextFrame | WebSocketViolation::Frame(_)),
                ) = violation
                {
                    return Error::WebSocket(violation.clone());
                }
                Error::Lost(explain_io(&error).unwrap_or_else(|| format!("{error} ({phase})")))
            }
            // Before 5.0 a client cannot announce its limit.
            End::Violation(violation)
                if violation.is(&rules::PACKET_TOO_LARGE) && violation.version < Version::V5 =>
            {
                Error::TooLarge
            }
            End::Violation(violation) => Error::Violation(violation),
        }
    }
}

/// A broker's refusal: its Reason Code and what the broker said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Reason Code, or return code before 5.0.
    pub reason: ReasonCode,
    /// The packet that carried it.
    pub packet: PacketType,
    /// The version it was sent in.
    pub version: Version,
    /// Reason String.
    pub text: Option<String>,
    /// Server Reference.
    pub server_reference: Option<String>,
}

impl Refusal {
    /// A refusal with what the packet's properties add to it.
    pub fn new(
        packet: PacketType,
        version: Version,
        reason: ReasonCode,
        properties: Properties<'_>,
    ) -> Refusal {
        Refusal {
            reason,
            packet,
            version,
            text: properties.reason_string().map(str::to_owned),
            server_reference: properties.server_reference().map(str::to_owned),
        }
    }

    pub(crate) fn connack(version: Version, connack: &Connack<'_>) -> Refusal {
        Refusal::new(
            PacketType::Connack,
            version,
            connack.reason,
            connack.properties,
        )
    }

    pub(crate) fn disconnect(version: Version, disconnect: &Disconnect<'_>) -> Refusal {
        let Disconnect { reason, properties } = *disconnect;
        Refusal::new(PacketType::Disconnect, version, reason, properties)
    }

    fn is_about_the_version(&self) -> bool {
        self.packet == PacketType::Connack
            && self.reason
                == match self.version {
                    Version::V3_1 | Version::V3_1_1 => ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION,
                    Version::V5 => ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
                }
    }

    /// Whether waiting may help: the server is unavailable, busy, shutting down or over a rate.
    fn is_transient(&self) -> bool {
        match self.version {
            Version::V3_1 | Version::V3_1_1 => self.reason == ReasonCode::V3_SERVER_UNAVAILABLE,
            Version::V5 => matches!(
                self.reason,
                ReasonCode::NORMAL_DISCONNECTION
                    | ReasonCode::SERVER_UNAVAILABLE
                    | ReasonCode::SERVER_BUSY
                    | ReasonCode::SERVER_SHUTTING_DOWN
                    | ReasonCode::KEEP_ALIVE_TIMEOUT
                    | ReasonCode::CONNECTION_RATE_EXCEEDED
                    | ReasonCode::MESSAGE_RATE_TOO_HIGH
                    | ReasonCode::UNSPECIFIED_ERROR
                    | ReasonCode::MAXIMUM_CONNECT_TIME
            ),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} ({})",
            self.reason.name(self.packet, self.version),
            self.reason
        )?;
        if self.is_about_the_version() {
            write!(f, ": try another version of MQTT")?;
        }
        if let Some(text) = &self.text {
            write!(f, ": {}", text.escape_debug())?;
        }
        if let Some(server) = &self.server_reference {
            write!(f, "; it points to {}", server.escape_debug())?;
        }
        Ok(())
    }
}
