//! What happens in a broker that a person would want to know.

mod cause;
mod describe;
mod report;
mod told;

pub use self::cause::Cause;
pub use self::report::{Fact, Level, Report};

use std::fmt;
use std::io;
use std::time::Duration;

use super::persist::Compaction;
use super::{Abuse, Direction, FaultRule, StoreError};
use crate::codec::{PacketType, ReasonCode, Version, Violation};
use crate::transport::{AcceptError, ListenUrl, Peer};

/// What happened, as plain data. Its `Display` is one log line; [`Event::report`] tells the same
/// with a name, a level and facts, as for a log in JSON.
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
        /// What the client seems to have mistaken, if it does not speak MQTT at all.
        hint: Option<&'static str>,
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
    /// A message to a client was dropped: the first one since it last had nothing waiting.
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
    /// The file of the store was made smaller, because most of it was free.
    Compacted {
        /// Bytes of the file before.
        before: u64,
        /// Bytes of the file now.
        after: u64,
        /// How long it took; other commits waited meanwhile.
        took: Duration,
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

impl From<Compaction> for Event<'_> {
    fn from(compaction: Compaction) -> Self {
        let Compaction {
            before,
            after,
            took,
        } = compaction;
        Self::Compacted {
            before,
            after,
            took,
        }
    }
}

impl Event<'_> {
    /// How much it matters.
    pub fn level(&self) -> Level {
        let mut level = Level::Debug;
        self.report(&mut level);
        level
    }
}

/// Takes down nothing but the level.
impl Report for Level {
    fn begin(&mut self, _name: &'static str, level: Level) {
        *self = level;
    }
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Words { f, written: Ok(()) };
        self.report(&mut words);
        words.written
    }
}

/// Writes nothing but the words.
struct Words<'a, 'f> {
    f: &'a mut fmt::Formatter<'f>,
    written: fmt::Result,
}

impl Report for Words<'_, '_> {
    fn words(&mut self, words: fmt::Arguments<'_>) {
        self.written = self.f.write_fmt(words);
    }
}
