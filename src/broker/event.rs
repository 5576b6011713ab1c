//! What happens in a broker that a person would want to know.

use std::fmt;
use std::io;
use std::time::Duration;

use super::Abuse;
use super::StoreError;
use super::quoted::Quoted;
use super::{Direction, FaultRule};
use crate::codec::{PacketType, ReasonCode, Version, Violation};
use crate::transport::{AcceptError, ListenUrl, Peer};

/// What happened, as plain data; its `Display` is one log line.
///
/// ```
/// use mqtk::broker::{Cause, Event};
///
/// let peer = "127.0.0.1:50222".parse::<std::net::SocketAddr>()?.into();
/// let event = Event::Disconnected { client_id: "c1", peer, cause: Cause::KeepAlive };
/// assert_eq!(
///     event.to_string(),
///     r#"client "c1" (127.0.0.1:50222) disconnected: nothing received for 1.5 × Keep Alive"#
/// );
/// # Ok::<(), std::net::AddrParseError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The broker takes connections.
    Listening {
        /// Where, with the port that was picked.
        url: &'a ListenUrl,
    },
    /// The broker was changed by its [`Control`](super::Control), as upon SIGHUP.
    Changed {
        /// What is different now, in words.
        what: &'a str,
    },
    /// A connection got no further than the handshake of TLS or WebSocket.
    HandshakeFailed {
        /// The listener that accepted it.
        url: &'a ListenUrl,
        /// Where it came from.
        peer: Peer,
        /// Why.
        error: &'a AcceptError,
    },
    /// A client was accepted.
    Connected {
        /// Its Client Identifier, also if the broker assigned it.
        client_id: &'a str,
        /// Its User Name, if it has one.
        username: Option<&'a str>,
        /// Where it connects from.
        peer: Peer,
        /// The protocol version it speaks.
        version: Version,
        /// Keep Alive in seconds; 0: off.
        keep_alive: u16,
        /// Clean Start, or Clean Session before MQTT 5.0.
        clean_start: bool,
        /// Whether it found its Session.
        session_present: bool,
    },
    /// A CONNECT was refused.
    Refused {
        /// The Client Identifier asked for.
        client_id: &'a str,
        /// The User Name given.
        username: Option<&'a str>,
        /// Where it connects from.
        peer: Peer,
        /// The protocol version it speaks.
        version: Version,
        /// What the CONNACK says; `None`: MQTT 3.1.1 has no word for it, and there was none.
        reason: Option<ReasonCode>,
        /// Why, in words.
        why: &'a str,
    },
    /// A client broke a rule of the specification; its connection is closed.
    Violation {
        /// `None` before a CONNECT was accepted.
        client_id: Option<&'a str>,
        /// Where it connects from.
        peer: Peer,
        /// Which rule, and where in the packet.
        violation: &'a Violation,
    },
    /// The connection of an accepted client ended.
    Disconnected {
        /// Its Client Identifier.
        client_id: &'a str,
        /// Where it was connected from.
        peer: Peer,
        /// Why.
        cause: Cause<'a>,
    },
    /// A connection ended before a CONNECT was accepted.
    Abandoned {
        /// Where it came from.
        peer: Peer,
        /// Why.
        cause: Cause<'a>,
    },
    /// A Topic Filter of a SUBSCRIBE was answered.
    Subscribed {
        /// The client that asked.
        client_id: &'a str,
        /// The Topic Filter.
        filter: &'a str,
        /// The granted QoS, or why not.
        reason: ReasonCode,
        /// The limit that was met, in words.
        why: Option<&'a str>,
    },
    /// A Topic Filter of an UNSUBSCRIBE was answered.
    Unsubscribed {
        /// The client that asked.
        client_id: &'a str,
        /// The Topic Filter.
        filter: &'a str,
        /// Success, or that there was no such subscription.
        reason: ReasonCode,
    },
    /// A PUBLISH was refused and went nowhere.
    PublishRefused {
        /// The client that sent it.
        client_id: &'a str,
        /// Its Topic Name.
        topic: &'a str,
        /// Why.
        reason: ReasonCode,
        /// The limit that was met, in words.
        why: Option<&'a str>,
    },
    /// A client published faster than allowed, for the first time on its connection: from now
    /// on it is slowed down.
    SlowedDown {
        /// The client.
        client_id: &'a str,
        /// Messages a second that it may publish.
        message_rate: u32,
    },
    /// An address or a client does something too often: from now on it is slowed down, or blocked
    /// for a while.
    Misconduct {
        /// The client whose Client Identifier that is about; `None`: it is about the address.
        client_id: Option<&'a str>,
        /// Where it connects from.
        peer: Peer,
        /// What it does.
        abuse: Abuse,
        /// For how long it is blocked; `None`: it is slowed down.
        blocked_for: Option<Duration>,
    },
    /// The first message to a client was dropped since it last received everything.
    Dropping {
        /// The client that does not get it.
        client_id: &'a str,
        /// Why.
        why: &'a str,
    },
    /// What is kept for all clients together has met one of its [`Limits`](super::Limits). Said
    /// again after a while, if it goes on.
    LimitInAll {
        /// Which.
        what: &'a str,
    },
    /// The broker misbehaves, as it was asked to.
    Misbehaving {
        /// Rules.
        rules: usize,
        /// Repeats this run's chance.
        seed: u64,
    },
    /// A fault was made on request.
    Fault {
        /// The client; without identifier, `""`.
        client_id: &'a str,
        /// Why.
        rule: &'a FaultRule,
        /// What packet it happened to.
        packet_type: PacketType,
        /// Where that was going.
        direction: Direction,
    },
    /// A slow subscriber made no progress for [`Limits::stall_grace`](super::Limits::stall_grace);
    /// its publishers wait for it no more.
    Stalled {
        /// The client.
        client_id: &'a str,
        /// Where it is connected from.
        peer: Peer,
    },
    /// A connection was closed at once: there are too many.
    TooManyConnections {
        /// Where it came from.
        peer: Peer,
    },
    /// A Session ended and is forgotten.
    SessionEnded {
        /// Its Client Identifier.
        client_id: &'a str,
        /// QoS 1 and 2 messages that it had not received.
        unreceived: usize,
    },
    /// No connection could be accepted; the broker tries again.
    AcceptFailed {
        /// What the operating system says.
        error: &'a io::Error,
    },
    /// Something could not be made durable: the broker ends, and what it has not acknowledged
    /// is to be sent again.
    StoreFailed {
        /// What went wrong.
        error: &'a StoreError,
    },
    /// The broker ends.
    ShuttingDown,
}

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
    /// It reached [`Limits::max_connection_age`](super::Limits::max_connection_age).
    MaximumAge,
    /// The client is blocked for a while, since it did something too often.
    Blocked,
    /// No whole CONNECT arrived in time.
    ConnectTimeout,
    /// Not even the CONNACK fits into the client's Maximum Packet Size.
    ConnackTooLarge,
    /// Since it connected, who may has changed.
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
    pub(super) fn is_from_client(&self) -> bool {
        matches!(self, Self::Disconnect(_) | Self::Closed | Self::Io(_))
    }

    /// Whether the client is to blame for an end without DISCONNECT.
    pub(super) fn is_abnormal(&self) -> bool {
        matches!(
            self,
            Self::Closed | Self::Io(_) | Self::Violation | Self::KeepAlive
        )
    }
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Text from clients is quoted: one line, whatever it holds.
        match *self {
            Event::Listening { url } => write!(f, "listening on {url}"),
            Event::Changed { what } => write!(f, "changed: {what}"),
            Event::HandshakeFailed { url, peer, error } => {
                write!(f, "connection from {peer} to {url} refused: {error}")
            }
            Event::Connected {
                client_id,
                username,
                peer,
                version,
                keep_alive,
                clean_start,
                session_present,
            } => {
                let session = match (clean_start, session_present) {
                    (true, _) => "clean start",
                    (false, true) => "session resumed",
                    (false, false) => "new session",
                };
                write!(
                    f,
                    "client {client_id} ({peer}) connected",
                    client_id = Quoted(client_id)
                )?;
                if let Some(username) = username {
                    write!(f, " as user {}", Quoted(username))?;
                }
                write!(f, ": MQTT {version}, {session}, Keep Alive {keep_alive} s")
            }
            Event::Refused {
                client_id,
                username,
                peer,
                version,
                reason,
                why,
            } => {
                write!(
                    f,
                    "client {client_id} ({peer}) refused",
                    client_id = Quoted(client_id)
                )?;
                if let Some(username) = username {
                    write!(f, " as user {}", Quoted(username))?;
                }
                if let Some(reason) = reason {
                    let name = reason.name(PacketType::Connack, version);
                    write!(f, " with {reason} ({name})")?;
                }
                write!(f, ": {why}")
            }
            Event::Violation {
                client_id: Some(client_id),
                peer,
                violation,
            } => write!(
                f,
                "client {client_id} ({peer}) {violation}",
                client_id = Quoted(client_id)
            ),
            Event::Violation {
                client_id: None,
                peer,
                violation,
            } => write!(f, "connection from {peer} {violation}"),
            Event::Disconnected {
                client_id,
                peer,
                cause,
            } => write!(
                f,
                "client {client_id} ({peer}) disconnected: {cause}",
                client_id = Quoted(client_id)
            ),
            Event::Abandoned { peer, cause } => {
                write!(
                    f,
                    "connection from {peer} ended before it was accepted: {cause}"
                )
            }
            Event::Subscribed {
                client_id,
                filter,
                reason,
                why,
            } if reason.is_error() => {
                let name = reason.name(PacketType::Suback, Version::V5);
                write!(
                    f,
                    "client {client_id} may not subscribe to {filter}: {reason} ({name})",
                    client_id = Quoted(client_id),
                    filter = Quoted(filter)
                )?;
                why.map_or(Ok(()), |why| write!(f, ": {why}"))
            }
            Event::Subscribed {
                client_id,
                filter,
                reason,
                ..
            } => write!(
                f,
                "client {client_id} subscribed to {filter} at QoS {}",
                reason.0,
                client_id = Quoted(client_id),
                filter = Quoted(filter)
            ),
            Event::Unsubscribed {
                client_id,
                filter,
                reason,
            } => {
                let had = if reason == ReasonCode::SUCCESS {
                    ""
                } else {
                    ", which it had not"
                };
                write!(
                    f,
                    "client {client_id} unsubscribed from {filter}{had}",
                    client_id = Quoted(client_id),
                    filter = Quoted(filter)
                )
            }
            Event::PublishRefused {
                client_id,
                topic,
                reason,
                why,
            } => {
                let name = reason.name(PacketType::Puback, Version::V5);
                write!(
                    f,
                    "client {client_id} may not publish to {topic}: {reason} ({name})",
                    client_id = Quoted(client_id),
                    topic = Quoted(topic)
                )?;
                why.map_or(Ok(()), |why| write!(f, ": {why}"))
            }
            Event::SlowedDown {
                client_id,
                message_rate,
            } => write!(
                f,
                "client {client_id} is slowed down to {message_rate} messages a second",
                client_id = Quoted(client_id)
            ),
            Event::Misconduct {
                client_id,
                peer,
                abuse,
                blocked_for,
            } => {
                match (client_id, peer) {
                    (Some(client_id), _) => write!(f, "client {} ({peer})", Quoted(client_id))?,
                    (None, Peer::Tcp(from)) => write!(f, "address {}", from.ip())?,
                    (None, peer) => write!(f, "{peer}")?,
                }
                match blocked_for {
                    Some(span) => {
                        let seconds = span.as_secs_f64();
                        write!(f, " is blocked for {seconds} s: too many {abuse}")
                    }
                    None => write!(f, " is slowed down: many {abuse}"),
                }
            }
            Event::Dropping { client_id, why } => {
                write!(
                    f,
                    "dropping messages to client {client_id}: {why}",
                    client_id = Quoted(client_id)
                )
            }
            Event::LimitInAll { what } => f.write_str(what),
            Event::Misbehaving { rules, seed } => {
                write!(f, "misbehaving by {rules} rules, --fault-seed {seed}")
            }
            Event::Fault {
                client_id,
                rule,
                packet_type,
                direction,
            } => {
                let way = match direction {
                    Direction::In => "from",
                    Direction::Out => "to",
                };
                let packet = packet_type.name();
                write!(
                    f,
                    "fault: {packet} {way} client {client_id}: {rule}",
                    client_id = Quoted(client_id)
                )
            }
            Event::Stalled { client_id, peer } => write!(
                f,
                "client {client_id} ({peer}) does not read what it is sent: its publishers wait no longer",
                client_id = Quoted(client_id)
            ),
            Event::TooManyConnections { peer } => {
                write!(f, "connection from {peer} closed: there are too many")
            }
            Event::SessionEnded {
                client_id,
                unreceived: 0,
            } => write!(
                f,
                "session of {client_id} ended",
                client_id = Quoted(client_id)
            ),
            Event::SessionEnded {
                client_id,
                unreceived,
            } => write!(
                f,
                "session of {client_id} ended with {unreceived} messages not received",
                client_id = Quoted(client_id)
            ),
            Event::AcceptFailed { error } => write!(f, "cannot accept connections now: {error}"),
            Event::StoreFailed { error } => {
                write!(
                    f,
                    "cannot store what has to survive: {error}; nothing that is not stored was \
                     acknowledged"
                )
            }
            Event::ShuttingDown => write!(f, "shutting down"),
        }
    }
}

impl Cause<'_> {
    /// A word for it, as it is counted.
    pub(super) fn name(&self) -> &'static str {
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
            Cause::Io(error) => write!(f, "{error}"),
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
