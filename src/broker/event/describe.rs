//! What there is to say of each event: its name, its level, its facts and, in words, all of it.

use std::fmt::{self, Display};

use super::Event;
use super::report::Report;
use super::told::{Named, Prefixed, Told};
use crate::broker::Direction;
use crate::broker::quoted::Quoted;
use crate::codec::{PacketType, ReasonCode, Version};
use crate::transport::{Peer, plain_io};

impl Event<'_> {
    /// Tells what happened.
    pub fn report(&self, to: &mut dyn Report) {
        match *self {
            Event::Listening { url } => Told::info(to, "listening")
                .shown("url", url)
                .words(format_args!("listening on {url}")),
            Event::Changed { what } => Told::info(to, "changed")
                .text("what", what)
                .words(format_args!("changed: {what}")),
            Event::HandshakeFailed { url, peer, error } => Told::warning(to, "handshake_failed")
                .peer(peer)
                .shown("url", url)
                .shown("reason", error)
                .words(format_args!("connection from {peer} to {url} refused: {error}")),
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
                Told::info(to, "connected")
                    .client(client_id)
                    .maybe_text("username", username)
                    .peer(peer)
                    .shown("version", &version)
                    .number("keep_alive", keep_alive)
                    .flag("clean_start", clean_start)
                    .flag("session_present", session_present)
                    .words(format_args!(
                        "client {} ({peer}) connected{}: MQTT {version}, {session}, \
                         Keep Alive {keep_alive} s",
                        Quoted(client_id),
                        Prefixed(" as user ", username.map(Quoted)),
                    ));
            }
            Event::Refused {
                client_id,
                username,
                peer,
                version,
                reason,
                why,
            } => Told::warning(to, "refused")
                .peer(peer)
                .client(client_id)
                .maybe_text("username", username)
                .shown("version", &version)
                .maybe_number("reason_code", reason.map(ReasonCode::value))
                .text("reason", why)
                .words(format_args!(
                    "{} ({peer}) refused{}{}: {why}",
                    Known(client_id),
                    Prefixed(" as user ", username.map(Quoted)),
                    Prefixed(
                        " with ",
                        reason.map(|reason| Named(reason, PacketType::Connack, version))
                    ),
                )),
            Event::Violation {
                client_id,
                peer,
                violation,
                hint,
            } => {
                let told = Told::warning(to, "violation")
                    .maybe_text("client_id", client_id)
                    .peer(peer)
                    .shown("version", &violation.version)
                    .text("statement", violation.id())
                    .number("offset", violation.offset as u64)
                    .number("reason_code", violation.reason().value())
                    .shown("reason", violation)
                    .maybe_text("hint", hint);
                match client_id {
                    Some(client_id) => {
                        let client_id = Quoted(client_id);
                        told.words(format_args!("client {client_id} ({peer}) {violation}"));
                    }
                    None => {
                        let (colon, hint) = hint.map_or(("", ""), |hint| (": ", hint));
                        told.words(format_args!(
                            "connection from {peer} {violation}{colon}{hint}"
                        ))
                    }
                }
            }
            Event::Disconnected {
                client_id,
                peer,
                cause,
            } => Told::info(to, "disconnected")
                .client(client_id)
                .peer(peer)
                .shown("reason", &cause)
                .words(format_args!(
                    "client {} ({peer}) disconnected: {cause}",
                    Quoted(client_id)
                )),
            Event::Abandoned { peer, cause } => Told::info(to, "abandoned")
                .peer(peer)
                .shown("reason", &cause)
                .words(format_args!(
                    "connection from {peer} ended before it was accepted: {cause}"
                )),
            Event::Subscribed {
                client_id,
                filter,
                reason,
                why,
            } if reason.is_error() => Told::warning(to, "subscribe_refused")
                .client(client_id)
                .text("filter", filter)
                .refusal(reason, PacketType::Suback, why)
                .words(format_args!(
                    "client {} may not subscribe to {}: {}{}",
                    Quoted(client_id),
                    Quoted(filter),
                    Named(reason, PacketType::Suback, Version::V5),
                    Prefixed(": ", why),
                )),
            Event::Subscribed {
                client_id,
                filter,
                reason,
                ..
            } => Told::debug(to, "subscribed")
                .client(client_id)
                .text("filter", filter)
                .number("qos", reason.value())
                .words(format_args!(
                    "client {} subscribed to {} at QoS {}",
                    Quoted(client_id),
                    Quoted(filter),
                    reason.value(),
                )),
            Event::Unsubscribed {
                client_id,
                filter,
                reason,
            } => {
                let existed = reason == ReasonCode::SUCCESS;
                Told::debug(to, "unsubscribed")
                    .client(client_id)
                    .text("filter", filter)
                    .flag("existed", existed)
                    .words(format_args!(
                        "client {} unsubscribed from {}{}",
                        Quoted(client_id),
                        Quoted(filter),
                        if existed { "" } else { ", which it had not" },
                    ));
            }
            Event::PublishRefused {
                client_id,
                topic,
                reason,
                why,
            } => Told::warning(to, "publish_refused")
                .client(client_id)
                .text("topic", topic)
                .refusal(reason, PacketType::Puback, why)
                .words(format_args!(
                    "client {} may not publish to {}: {}{}",
                    Quoted(client_id),
                    Quoted(topic),
                    Named(reason, PacketType::Puback, Version::V5),
                    Prefixed(": ", why),
                )),
            Event::SlowedDown {
                client_id,
                message_rate,
            } => Told::warning(to, "slowed_down")
                .client(client_id)
                .number("message_rate", message_rate)
                .words(format_args!(
                    "client {} is slowed down to {message_rate} messages a second",
                    Quoted(client_id)
                )),
            Event::Misconduct {
                client_id,
                peer,
                abuse,
                blocked_for,
            } => {
                let name = match blocked_for {
                    Some(_) => "blocked",
                    None => "slowed_down",
                };
                let told = Told::warning(to, name)
                    .maybe_text("client_id", client_id)
                    .peer(peer);
                let whom = Misbehaver { client_id, peer };
                match blocked_for.map(|span| span.as_secs_f64()) {
                    Some(seconds) => told
                        .seconds("seconds", seconds)
                        .shown("reason", &format_args!("too many {abuse}"))
                        .words(format_args!(
                            "{whom} is blocked for {seconds} s: too many {abuse}"
                        )),
                    None => told
                        .shown("reason", &format_args!("many {abuse}"))
                        .words(format_args!("{whom} is slowed down: many {abuse}")),
                }
            }
            Event::Dropping { client_id, why } => Told::warning(to, "dropping")
                .client(client_id)
                .text("reason", why)
                .words(format_args!(
                    "dropping messages to client {}: {why}",
                    Quoted(client_id)
                )),
            Event::LimitInAll { what } => Told::warning(to, "limit_in_all")
                .text("reason", what)
                .words(format_args!("{what}")),
            Event::Misbehaving { rules, seed } => Told::info(to, "misbehaving")
                .number("rules", rules as u64)
                .number("seed", seed)
                .words(format_args!(
                    "misbehaving by {rules} {}, --fault-seed {seed}",
                    if rules == 1 { "rule" } else { "rules" },
                )),
            Event::Fault {
                client_id,
                rule,
                packet_type,
                direction,
            } => {
                let packet = packet_type.name();
                let way = match direction {
                    Direction::In => "from",
                    Direction::Out => "to",
                };
                Told::debug(to, "fault")
                    .client(client_id)
                    .shown("rule", rule)
                    .text("packet", packet)
                    .shown("direction", &direction)
                    .words(format_args!(
                        "fault: {packet} {way} {}: {rule}",
                        Known(client_id)
                    ));
            }
            Event::Stalled { client_id, peer } => Told::warning(to, "stalled")
                .client(client_id)
                .peer(peer)
                .words(format_args!(
                    "client {} ({peer}) does not read what it is sent: its publishers wait no longer",
                    Quoted(client_id)
                )),
            Event::TooManyConnections { peer } => Told::warning(to, "too_many_connections")
                .peer(peer)
                .words(format_args!("connection from {peer} closed: there are too many")),
            Event::SessionEnded {
                client_id,
                unreceived,
            } => {
                let told = Told::debug(to, "session_ended")
                    .client(client_id)
                    .number("unreceived", unreceived as u64);
                let client_id = Quoted(client_id);
                match unreceived {
                    0 => told.words(format_args!("session of {client_id} ended")),
                    count => told.words(format_args!(
                        "session of {client_id} ended with {count} messages not received"
                    )),
                }
            }
            Event::AcceptFailed { error } => {
                let why = plain_io(error);
                Told::warning(to, "accept_failed")
                    .text("reason", &why)
                    .words(format_args!("cannot accept connections now: {why}"));
            }
            Event::Compacted {
                before,
                after,
                took,
            } => {
                let seconds = took.as_secs_f64();
                Told::info(to, "compacted")
                    .number("before", before)
                    .number("after", after)
                    .seconds("seconds", seconds)
                    .words(format_args!(
                        "the file of the store was made smaller: {after} bytes instead of \
                         {before}, in {seconds:.3} s"
                    ));
            }
            Event::StoreFailed { error } => Told::error(to, "store_failed")
                .shown("reason", error)
                .words(format_args!(
                    "cannot store what has to survive: {error}; nothing that is not stored was \
                     acknowledged"
                )),
            Event::ShuttingDown => {
                Told::info(to, "shutting_down").words(format_args!("shutting down"));
            }
        }
    }
}

/// A client by its Client Identifier, if it has one.
struct Known<'a>(&'a str);

impl Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => f.write_str("client without identifier"),
            client_id => write!(f, "client {}", Quoted(client_id)),
        }
    }
}

/// Who does something too often: a client, or else an address.
struct Misbehaver<'a> {
    client_id: Option<&'a str>,
    peer: Peer,
}

impl Display for Misbehaver<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.client_id, self.peer) {
            (Some(client_id), peer) => write!(f, "client {} ({peer})", Quoted(client_id)),
            (None, Peer::Tcp(from)) => write!(f, "address {}", from.ip()),
            (None, peer) => peer.fmt(f),
        }
    }
}
