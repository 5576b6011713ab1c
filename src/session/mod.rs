//! One sans-IO machine for both ends of an MQTT conversation.
//!
//! A [`Session`] is a client's or a server's side of a Session: Packet Identifiers, the QoS 1 and
//! 2 handshakes both ways, Receive Maximum, Topic Aliases, Maximum Packet Size, Keep Alive,
//! redelivery. It reads no clock and no socket. Time comes in as `now`, Frames come in one at a
//! time and give one [`Event`] each, bytes go out to an [`Output`] that the caller writes.
//!
//! # Calling contract
//!
//! * A client calls [`Session::connect`], a server reads the CONNECT with [`read_connect`] and
//!   calls [`Session::accept`]. Then every Frame goes through [`Session::receive`].
//! * An `Err` is the peer's [`Violation`]: write [`Session::disconnect_for`], and close.
//! * Every [`Event::Message`] is answered by [`Session::acknowledge`], in the order of receipt.
//! * After each batch the caller writes the output, and calls [`Session::handle_timeout`] when
//!   [`Session::poll_timeout`] has come.
//! * When the Network Connection is gone for whatever reason: [`Session::connection_lost`].
//!
//! ```
//! # use mqtk::codec::*;
//! # use mqtk::session::*;
//! # fn main() -> Result<(), Violation> {
//! # let connect = Connect {
//! #     version: Version::V5, clean_start: true, keep_alive: 60, properties: Properties::EMPTY,
//! #     client_id: "sensor", will: None, username: None, password: None,
//! # };
//! let (mut session, mut out) = (Session::new(Role::Client, Config::default()), Output::default());
//! let now = std::time::Instant::now();
//! session.connect(now, &connect, &mut out);
//!
//! let arrived = [0x20, 0x03, 0x00, 0x00, 0x00]; // CONNACK
//! if let Some(frame) = Frame::parse(&arrived, session.own().maximum_packet_size as usize)? {
//!     match session.receive(now, frame, &mut out)? {
//!         Event::Connected(connack) => assert!(!connack.session_present),
//!         Event::Message(received) => session.acknowledge(&received, ReasonCode::SUCCESS, &mut out),
//!         _ => {}
//!     }
//! }
//! assert_eq!(session.poll_timeout(), Some(now + std::time::Duration::from_secs(30)));
//! // Write `out`, read more.
//! # Ok(())
//! # }
//! ```
//!
//! # States
//!
//! ```text
//!            connect (client)              CONNACK
//!   Closed ────────────────▶ Connecting ─────────────▶ Open ──────┬──────────────┐
//!     ▲ ╰────────────── accept (server) ────────────────▲         │ disconnect   │ DISCONNECT
//!     │                          │ refused                        ▼              ▼ received
//!     │                          ╰────────────────────────────▶ Ended        PeerEnded
//!     ╰───────────────── connection_lost ───────────────────────┴──────────────┘
//! ```
//!
//! A message of ours at QoS 1 and 2 (those of the peer are its mirror image):
//!
//! ```text
//!   publish ─┬─▶ queued ──▶ PUBLISH sent ── PUBACK, PUBREC ≥ 0x80 ───────────▶ published
//!            │  (quota)    │          ╰─── PUBREC ──▶ PUBREL sent ── PUBCOMP ──▶ published
//!            ╰─────────────╯
//!   reconnected, session present: PUBLISH with DUP, or PUBREL, again; in the original order
//!   reconnected, session gone:    returned by take_lost
//! ```
//!
//! # Unexpected acknowledgements
//!
//! A PUBREC for an unknown Packet Identifier is answered with PUBREL, and such a PUBREL with PUBCOMP,
//! in 5.0 with Reason Code 0x92 (Packet Identifier not found): after a reconnect these are not errors.
//! PUBACK and PUBCOMP need no answer and are ignored. An acknowledgement of the wrong kind, or a SUBACK
//! or UNSUBACK for a request that was not made, is a violation.
//!
//! # Where to read on
//!
//! `open`, `receive` and `close` are the life of a Network Connection; `publish`, `quota` and
//! `acknowledged` are our messages out, `inbound` those of the peer. `state` is what outlives the
//! connection, `connection` what does not.

mod acknowledged;
mod alias;
mod authentication;
mod close;
mod connection;
mod event;
mod inbound;
mod inflight;
mod journal;
mod keep_alive;
mod message;
mod open;
mod outgoing;
mod pool;
mod publish;
mod queue;
mod quota;
mod receive;
mod received;
pub mod rules;
mod shared;
mod state;
mod subscriptions;
mod timers;
mod write;

#[cfg(test)]
mod tests;

pub use connection::Limits;
pub use event::{Event, Received};
pub use journal::{Change, Journal, Kept};
pub use keep_alive::TimedOut;
pub use message::{Delivery, Dropped, Message, Outcome, SubscriptionIds};
pub use open::read_connect;
pub use pool::{Pool, Pools};

use crate::codec::Version;
#[cfg(doc)]
use crate::codec::{Output, Violation};
use connection::Connection;
use state::State;

/// Which end of the Network Connection a [`Session`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// It opened the Network Connection.
    Client,
    /// It accepted the Network Connection.
    Server,
}

/// The limits that a [`Session`] sets itself, whatever the peer announces. The default is for a
/// client.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Config {
    /// Most QoS 1 and 2 messages in flight, if the peer's Receive Maximum allows as many (before 5.0
    /// a peer announces none). With 1, messages of all QoS levels keep their order (see
    /// [`Session::can_publish`]). 0 counts as 1.
    pub max_inflight: u16,
    /// Bytes in flight (Topic Names, properties and payloads) above which no further message is
    /// sent before one is acknowledged.
    pub max_inflight_bytes: usize,
    /// Most messages at QoS 1 and 2 that wait for the send quota or for an absent peer. A client that
    /// asks [`Session::can_publish`] first needs no queue.
    pub queue_messages: usize,
    /// Most bytes of queued messages: Topic Names, properties and payloads.
    pub queue_bytes: usize,
    /// Send Topic Aliases when the peer allows them.
    pub use_topic_aliases: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            max_inflight: 100,
            max_inflight_bytes: usize::MAX,
            queue_messages: 0,
            queue_bytes: 0,
            use_topic_aliases: false,
        }
    }
}

/// One side of an MQTT Session; see the [module](self) for how it is used.
#[derive(Debug)]
pub struct Session {
    role: Role,
    config: Config,
    state: State,
    connection: Connection,
}

impl Session {
    /// A session without state or Network Connection.
    pub fn new(role: Role, config: Config) -> Session {
        Session {
            role,
            config,
            state: State::default(),
            connection: Connection::new(role),
        }
    }

    /// Which end this is.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The version of the Network Connection, or of the last one.
    pub fn version(&self) -> Version {
        self.connection.version
    }

    /// Whether messages can go both ways: CONNACK has been sent or received, and no DISCONNECT since.
    pub fn is_connected(&self) -> bool {
        self.connection.is_open()
    }

    /// The Keep Alive in force, in seconds; 0: off. The server's value overrides the client's.
    pub fn keep_alive(&self) -> u16 {
        self.connection.keep_alive.seconds()
    }

    /// How long the Session State outlives the Network Connection, in seconds; `u32::MAX`:
    /// for ever. Before 5.0 that is what Clean Session 0 means; 1 means 0.
    pub fn session_expiry(&self) -> u32 {
        self.state.expiry
    }

    /// What the peer announced on this Network Connection.
    pub fn peer(&self) -> &Limits {
        &self.connection.peer
    }

    /// What we announced on this Network Connection. A driver gives its Maximum Packet Size to
    /// [`Frame::parse`](crate::codec::Frame::parse).
    pub fn own(&self) -> &Limits {
        &self.connection.own
    }

    /// Messages at QoS 1 and 2 that have been sent and not acknowledged.
    pub fn in_flight(&self) -> usize {
        self.state.in_flight.len()
    }

    /// Messages that wait for the send quota or for the peer.
    pub fn queued(&self) -> usize {
        self.state.queue.len()
    }

    /// Whether the messages that were given to [`Session::keep`] and not yet released are within these
    /// bounds, and all that the [`Pools`] hold within theirs.
    pub fn unreleased_within(&self, max_messages: usize, max_bytes: usize) -> bool {
        self.state.received.is_within(max_messages, max_bytes)
    }

    /// Whether nothing is waiting to be sent or answered: no message, SUBSCRIBE or UNSUBSCRIBE.
    pub fn is_idle(&self) -> bool {
        self.state.in_flight.is_empty()
            && self.state.queue.is_empty()
            && self.connection.requests.is_empty()
    }

    /// Checks what has to hold between any two calls.
    #[cfg(test)]
    fn assert_consistent(&mut self) {
        let may_send = self.connection.is_open() && self.may_send_new();
        let Session {
            state, connection, ..
        } = self;
        assert!(!may_send || !connection.resending && state.queue.is_empty());
        let sent = state
            .in_flight
            .iter_mut()
            .filter(|entry| entry.sent)
            .count();
        if connection.is_open() {
            assert_eq!(sent, connection.outstanding as usize);
            assert!(sent == state.in_flight.len() || connection.resending);
        }
        let ids = state
            .in_flight
            .iter_mut()
            .map(|entry| entry.packet_id)
            .collect::<Vec<_>>();
        for (at, packet_id) in ids.iter().enumerate() {
            assert_eq!(state.in_flight.position(*packet_id), Some(at));
        }
    }
}
