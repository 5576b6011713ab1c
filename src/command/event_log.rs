//! The events of a broker as lines: as text or as JSON.

use std::hash::{Hash, Hasher};
use std::mem;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::broker::Event;
use crate::cli::LogFormat;
use crate::codec::{PacketType, ReasonCode, Version};
use crate::render::{Notice, Style};
use crate::transport::Peer;

/// A line of the log.
#[derive(Debug)]
pub(super) enum Line {
    Text(Notice, String),
    /// Everything but the time.
    Json(Map<String, Value>),
}

impl Line {
    /// What the log says of an event.
    pub(super) fn of(format: LogFormat, event: &Event<'_>) -> Self {
        match format {
            LogFormat::Json => Self::Json(object(event)),
            LogFormat::Text => Self::Text(notice(event), event.to_string()),
        }
    }

    /// The same, for so many more events like it.
    pub(super) fn repeated(self, count: u64, seconds: u64) -> Self {
        match self {
            Self::Text(notice, text) => {
                Self::Text(notice, format!("{count} more in {seconds} s like: {text}"))
            }
            Self::Json(mut object) => {
                object.insert("repeated".into(), count.into());
                Self::Json(object)
            }
        }
    }

    /// Appends the line as it is printed.
    pub(super) fn print(self, time: Timestamp, style: Style, out: &mut Vec<u8>) {
        match self {
            Self::Text(notice, text) => {
                // A buffer takes everything.
                let _ = notice.write(out, style, &text);
            }
            Self::Json(details) => {
                let mut object = Map::new();
                object.insert("time".into(), format!("{time:.6}").into());
                object.extend(details);
                out.extend_from_slice(Value::Object(object).to_string().as_bytes());
                out.push(b'\n');
            }
        }
    }
}

/// What an event has in common with those that repeat it: what happened, and to whom.
pub(super) struct Kind<'a>(pub(super) &'a Event<'a>);

impl Hash for Kind<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        mem::discriminant(self.0).hash(state);
        if let Event::Misconduct { blocked_for, .. } = self.0 {
            blocked_for.is_some().hash(state);
        }
        match *self.0 {
            Event::Connected { client_id, .. }
            | Event::Disconnected { client_id, .. }
            | Event::Dropping { client_id, .. }
            | Event::Misconduct {
                client_id: Some(client_id),
                ..
            }
            | Event::PublishRefused { client_id, .. }
            | Event::SlowedDown { client_id, .. }
            | Event::Stalled { client_id, .. }
            | Event::Subscribed { client_id, .. }
            | Event::Violation {
                client_id: Some(client_id),
                ..
            } => client_id.hash(state),
            Event::Abandoned { peer, .. }
            | Event::HandshakeFailed { peer, .. }
            | Event::Refused { peer, .. }
            | Event::Misconduct {
                client_id: None,
                peer,
                ..
            }
            | Event::TooManyConnections { peer }
            | Event::Violation { peer, .. } => {
                if let Peer::Tcp(address) = peer {
                    address.ip().hash(state);
                }
            }
            Event::LimitInAll { what } => what.hash(state),
            _ => {}
        }
    }
}

/// Whether the event is for those who ask for details.
pub(super) fn is_detail(event: &Event<'_>) -> bool {
    match event {
        Event::Subscribed { reason, .. } => !reason.is_error(),
        Event::Fault { .. } | Event::Unsubscribed { .. } | Event::SessionEnded { .. } => true,
        _ => false,
    }
}

fn notice(event: &Event<'_>) -> Notice {
    match event {
        Event::AcceptFailed { .. }
        | Event::HandshakeFailed { .. }
        | Event::Misconduct { .. }
        | Event::LimitInAll { .. }
        | Event::SlowedDown { .. }
        | Event::Stalled { .. }
        | Event::TooManyConnections { .. }
        | Event::Violation { .. }
        | Event::Dropping { .. } => Notice::Warning,
        Event::Subscribed { reason, .. } if reason.is_error() => Notice::Warning,
        Event::StoreFailed { .. } => Notice::Error,
        _ => Notice::Note,
    }
}

/// The event's name, and what is known of it.
fn object(event: &Event<'_>) -> Map<String, Value> {
    let (name, details) = describe(event);
    let mut object = Map::new();
    object.insert("event".into(), name.into());
    if let Value::Object(details) = details {
        object.extend(details.into_iter().filter(|(_, value)| !value.is_null()));
    }
    object
}

/// The event's name, and its details; those that are null are not known.
fn describe(event: &Event<'_>) -> (&'static str, Value) {
    let named = |reason: ReasonCode, packet| reason.name(packet, Version::V5);
    match *event {
        Event::Listening { url } => ("listening", json!({ "url": url.to_string() })),
        Event::Changed { what } => ("changed", json!({ "what": what })),
        Event::HandshakeFailed { url, peer, error } => (
            "handshake_failed",
            json!({
                "url": url.to_string(),
                "peer": peer.to_string(),
                "reason": error.to_string(),
            }),
        ),
        Event::Connected {
            client_id,
            username,
            peer,
            version,
            keep_alive,
            clean_start,
            session_present,
        } => (
            "connected",
            json!({
                "client_id": client_id,
                "username": username,
                "peer": peer.to_string(),
                "version": version.to_string(),
                "keep_alive": keep_alive,
                "clean_start": clean_start,
                "session_present": session_present,
            }),
        ),
        Event::Refused {
            client_id,
            username,
            peer,
            version,
            reason,
            why,
        } => (
            "refused",
            json!({
                "client_id": client_id,
                "username": username,
                "peer": peer.to_string(),
                "version": version.to_string(),
                "reason_code": reason.map(ReasonCode::value),
                "reason": why,
            }),
        ),
        Event::Violation {
            client_id,
            peer,
            violation,
        } => (
            "violation",
            json!({
                "client_id": client_id,
                "peer": peer.to_string(),
                "version": violation.version.to_string(),
                "statement": violation.id(),
                "offset": violation.offset,
                "reason_code": violation.reason().value(),
                "reason": violation.to_string(),
            }),
        ),
        Event::Disconnected {
            client_id,
            peer,
            cause,
        } => (
            "disconnected",
            json!({
                "client_id": client_id,
                "peer": peer.to_string(),
                "reason": cause.to_string(),
            }),
        ),
        Event::Abandoned { peer, cause } => (
            "abandoned",
            json!({ "peer": peer.to_string(), "reason": cause.to_string() }),
        ),
        Event::Subscribed {
            client_id,
            filter,
            reason,
            why,
        } if reason.is_error() => (
            "subscribe_refused",
            json!({
                "client_id": client_id,
                "filter": filter,
                "reason_code": reason.value(),
                "reason": named(reason, PacketType::Suback),
                "limit": why,
            }),
        ),
        Event::Subscribed {
            client_id,
            filter,
            reason,
            ..
        } => (
            "subscribed",
            json!({ "client_id": client_id, "filter": filter, "qos": reason.value() }),
        ),
        Event::Unsubscribed {
            client_id,
            filter,
            reason,
        } => (
            "unsubscribed",
            json!({
                "client_id": client_id,
                "filter": filter,
                "existed": reason == ReasonCode::SUCCESS,
            }),
        ),
        Event::PublishRefused {
            client_id,
            topic,
            reason,
            why,
        } => (
            "publish_refused",
            json!({
                "client_id": client_id,
                "topic": topic,
                "reason_code": reason.value(),
                "reason": named(reason, PacketType::Puback),
                "limit": why,
            }),
        ),
        Event::SlowedDown {
            client_id,
            message_rate,
        } => (
            "slowed_down",
            json!({ "client_id": client_id, "message_rate": message_rate }),
        ),
        Event::Misconduct {
            client_id,
            peer,
            abuse,
            blocked_for,
        } => (
            match blocked_for {
                Some(_) => "blocked",
                None => "slowed_down",
            },
            json!({
                "client_id": client_id,
                "peer": peer.to_string(),
                "seconds": blocked_for.map(|span| span.as_secs_f64()),
                "reason": format!("too many {abuse}"),
            }),
        ),
        Event::Dropping { client_id, why } => {
            ("dropping", json!({ "client_id": client_id, "reason": why }))
        }
        Event::LimitInAll { what } => ("limit_in_all", json!({ "reason": what })),
        Event::Misbehaving { rules, seed } => {
            ("misbehaving", json!({ "rules": rules, "seed": seed }))
        }
        Event::Fault {
            client_id,
            rule,
            packet_type,
            direction,
        } => (
            "fault",
            json!({
                "client_id": client_id,
                "rule": rule.to_string(),
                "packet": packet_type.name(),
                "direction": direction.to_string(),
            }),
        ),
        Event::Stalled { client_id, peer } => (
            "stalled",
            json!({ "client_id": client_id, "peer": peer.to_string() }),
        ),
        Event::TooManyConnections { peer } => {
            ("too_many_connections", json!({ "peer": peer.to_string() }))
        }
        Event::SessionEnded {
            client_id,
            unreceived,
        } => (
            "session_ended",
            json!({ "client_id": client_id, "unreceived": unreceived }),
        ),
        Event::AcceptFailed { error } => ("accept_failed", json!({ "reason": error.to_string() })),
        Event::StoreFailed { error } => ("store_failed", json!({ "reason": error.to_string() })),
        Event::ShuttingDown => ("shutting_down", Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::broker::Cause;

    fn printed(line: Line) -> String {
        let time = Timestamp::new(1_795_000_000, 123_456_789).expect("a time");
        let mut out = Vec::new();
        line.print(time, Style::default(), &mut out);
        let text = String::from_utf8(out).expect("text");
        text.trim_end().to_owned()
    }

    fn line(event: &Event<'_>) -> String {
        printed(Line::of(LogFormat::Json, event))
    }

    #[test]
    fn an_event_is_one_object_on_one_line() {
        let peer = SocketAddr::from(([127, 0, 0, 1], 50222)).into();
        let event = Event::Disconnected {
            client_id: "two\n\"lines\"",
            peer,
            cause: Cause::KeepAlive,
        };
        assert_eq!(
            line(&event),
            r#"{"time":"2026-11-18T11:06:40.123456Z","event":"disconnected","client_id":"two\n\"lines\"","peer":"127.0.0.1:50222","reason":"nothing received for 1.5 × Keep Alive"}"#
        );
        assert_eq!(
            line(&Event::ShuttingDown),
            r#"{"time":"2026-11-18T11:06:40.123456Z","event":"shutting_down"}"#
        );
    }

    #[test]
    fn what_repeats_itself_says_so() {
        let event = Event::Dropping {
            client_id: "c",
            why: "its queue is full",
        };
        let repeated = |format| printed(Line::of(format, &event).repeated(7, 10));
        assert_eq!(
            repeated(LogFormat::Text),
            r#"warning: 7 more in 10 s like: dropping messages to client "c": its queue is full"#
        );
        assert!(repeated(LogFormat::Json).ends_with(r#""repeated":7}"#));
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let event = Event::Refused {
            client_id: "c",
            username: None,
            peer: SocketAddr::from(([127, 0, 0, 1], 50222)).into(),
            version: Version::V3_1_1,
            reason: None,
            why: "it asks for too much",
        };
        assert!(!line(&event).contains("reason_code"), "{}", line(&event));
    }
}
