//! The events of a broker on stderr, as text or as JSON.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::broker::Event;
use crate::cli::LogFormat;
use crate::codec::{PacketType, ReasonCode, Version};

use super::talk::Talk;

/// How much an event matters.
enum Level {
    /// For those who ask for more.
    Debug,
    Note,
    Warning,
}

/// Writes an event to stderr, if the user wants to hear of it.
pub(super) fn report(talk: Talk, format: LogFormat, event: &Event<'_>) {
    match (format, level(event)) {
        (LogFormat::Json, Level::Debug) if !talk.is_debug() => {}
        (LogFormat::Json, _) => talk.encoded(json_line(Timestamp::now(), event)),
        // The URL has gone to stdout.
        (LogFormat::Text, _) if matches!(event, Event::Listening { .. }) => {}
        (LogFormat::Text, Level::Debug) => talk.info(event),
        (LogFormat::Text, Level::Note) => talk.note(event),
        (LogFormat::Text, Level::Warning) => talk.warn(event),
    }
}

fn level(event: &Event<'_>) -> Level {
    match event {
        Event::Subscribed { reason, .. } if reason.is_error() => Level::Warning,
        Event::Subscribed { .. } | Event::Unsubscribed { .. } | Event::SessionEnded { .. } => {
            Level::Debug
        }
        Event::AcceptFailed { .. }
        | Event::HandshakeFailed { .. }
        | Event::SlowedDown { .. }
        | Event::Violation { .. }
        | Event::Dropping { .. } => Level::Warning,
        _ => Level::Note,
    }
}

/// One JSON object: the time (RFC 3339), the event's name, and what is known of it.
fn json_line(time: Timestamp, event: &Event<'_>) -> String {
    let (name, details) = describe(event);
    let mut object = Map::new();
    object.insert("time".into(), format!("{time:.6}").into());
    object.insert("event".into(), name.into());
    if let Value::Object(details) = details {
        object.extend(details.into_iter().filter(|(_, value)| !value.is_null()));
    }
    Value::Object(object).to_string()
}

/// The event's name, and its details; those that are null are not known.
fn describe(event: &Event<'_>) -> (&'static str, Value) {
    let named = |reason: ReasonCode, packet| reason.name(packet, Version::V5);
    match *event {
        Event::Listening { url } => ("listening", json!({ "url": url.to_string() })),
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
            peer,
            version,
            reason,
            why,
        } => (
            "refused",
            json!({
                "client_id": client_id,
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
        } if reason.is_error() => (
            "subscribe_refused",
            json!({
                "client_id": client_id,
                "filter": filter,
                "reason_code": reason.value(),
                "reason": named(reason, PacketType::Suback),
            }),
        ),
        Event::Subscribed {
            client_id,
            filter,
            reason,
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
        } => (
            "publish_refused",
            json!({
                "client_id": client_id,
                "topic": topic,
                "reason_code": reason.value(),
                "reason": named(reason, PacketType::Puback),
            }),
        ),
        Event::SlowedDown {
            client_id,
            message_rate,
        } => (
            "slowed_down",
            json!({ "client_id": client_id, "message_rate": message_rate }),
        ),
        Event::Dropping { client_id, why } => {
            ("dropping", json!({ "client_id": client_id, "reason": why }))
        }
        Event::SessionEnded {
            client_id,
            unreceived,
        } => (
            "session_ended",
            json!({ "client_id": client_id, "unreceived": unreceived }),
        ),
        Event::AcceptFailed { error } => ("accept_failed", json!({ "reason": error.to_string() })),
        Event::ShuttingDown => ("shutting_down", Value::Null),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;
    use crate::broker::Cause;

    fn line(event: &Event<'_>) -> String {
        let time = Timestamp::new(1_795_000_000, 123_456_789).expect("a time");
        json_line(time, event)
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
    fn what_is_not_known_is_left_out() {
        let event = Event::Refused {
            client_id: "c",
            peer: SocketAddr::from(([127, 0, 0, 1], 50222)).into(),
            version: Version::V3_1_1,
            reason: None,
            why: "it asks for too much",
        };
        assert!(!line(&event).contains("reason_code"), "{}", line(&event));
    }
}
