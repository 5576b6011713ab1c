//! Messages as JSON, one object per line, whatever bytes they carry.
//!
//! Keys stand in one order, so that the lines can be compared. A payload that is not UTF-8 goes
//! under `payload_base64`; nothing is cut, replaced or lost.

mod layout;
mod properties;
mod string;

pub(super) use properties::{Naming, write as write_properties};
pub(super) use string::{escape_hazards, quoted};

use super::clock::{Clock, Offset};
use super::digits::decimal;
use super::message::MessageView;

/// How `%j` and `%J` show the payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Payload {
    /// As a string (`%j`).
    Text,
    /// As the JSON that it is (`%J`).
    Embedded,
}

/// How to write an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Over several lines, indented.
    pub(super) pretty: bool,
    /// `\u` escapes for what a terminal would obey; the value is the same.
    pub(super) escape: bool,
}

/// The object of `--json`.
pub(super) fn message(out: &mut Vec<u8>, message: &MessageView<'_>, clock: &mut Clock, look: Look) {
    object(out, look, |object| {
        object.key("time");
        object.time(clock, message, Offset::Colon);
        if let Some(client_id) = message.client_id {
            object.string("client_id", client_id);
        }
        object.string("topic", message.topic);
        object.number("qos", message.qos as u64);
        object.boolean("retain", message.retain);
        object.boolean("dup", message.dup);
        if let Some(packet_id) = message.packet_id {
            object.number("packet_id", packet_id.get().into());
        }
        object.bytes("payload", "payload_base64", message.payload);
        object.number("payload_len", message.payload.len() as u64);
        properties::write(object, message.properties, Naming::Specification);
    });
}

/// The object of `%j` and `%J`, with the keys that mosquitto_sub gives it.
pub(super) fn mosquitto(
    out: &mut Vec<u8>,
    message: &MessageView<'_>,
    payload: Payload,
    clock: &mut Clock,
    look: Look,
) {
    object(out, look, |object| {
        object.key("tst");
        object.time(clock, message, Offset::Plain);
        object.string("topic", message.topic);
        object.number("qos", message.qos as u64);
        object.number("retain", message.retain.into());
        object.number("payloadlen", message.payload.len() as u64);
        if let Some(packet_id) = message.packet_id {
            object.number("mid", packet_id.get().into());
        }
        properties::write(object, message.properties, Naming::Mosquitto);
        if message.payload.is_empty() {
            object.key("payload");
            object.out.extend_from_slice(b"null");
        } else if payload == Payload::Embedded && layout::is_json(message.payload) {
            object.key("payload");
            object.json(message.payload);
        } else {
            object.bytes("payload", "payload_base64", message.payload);
        }
    });
}

/// Writes an object, and lays it out over several lines if that is wanted.
fn object(out: &mut Vec<u8>, look: Look, write: impl FnOnce(&mut Object<'_>)) {
    let start = out.len();
    Object::write(out, look.escape, write);
    if look.pretty {
        let compact = out.split_off(start);
        layout::indent(out, &compact);
    }
}

/// A JSON object that is being written.
pub(super) struct Object<'a> {
    pub(super) out: &'a mut Vec<u8>,
    pub(super) escape: bool,
    is_empty: bool,
}

impl Object<'_> {
    pub(super) fn write(out: &mut Vec<u8>, escape: bool, write: impl FnOnce(&mut Object<'_>)) {
        out.push(b'{');
        let mut object = Object {
            out,
            escape,
            is_empty: true,
        };
        write(&mut object);
        out.push(b'}');
    }

    /// Writes a key, one of ours that needs no escape; its value must follow.
    pub(super) fn key(&mut self, key: &str) {
        let before: &[u8] = if self.is_empty { b"\"" } else { b",\"" };
        self.is_empty = false;
        self.out.extend_from_slice(before);
        self.out.extend_from_slice(key.as_bytes());
        self.out.extend_from_slice(b"\":");
    }

    pub(super) fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        quoted(self.out, value, self.escape);
    }

    pub(super) fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        decimal(self.out, value);
    }

    pub(super) fn boolean(&mut self, key: &str, value: bool) {
        self.key(key);
        self.out
            .extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// A string if it is UTF-8, else base64 under the other key.
    pub(super) fn bytes(&mut self, key: &str, base64_key: &str, value: &[u8]) {
        match str::from_utf8(value) {
            Ok(text) => self.string(key, text),
            Err(_) => {
                self.key(base64_key);
                string::base64(self.out, value);
            }
        }
    }

    /// JSON as it is, but on one line.
    fn json(&mut self, json: &[u8]) {
        if self.escape {
            let mut compact = Vec::with_capacity(json.len());
            layout::compact(&mut compact, json);
            string::escape_hazards(self.out, &compact);
        } else {
            layout::compact(self.out, json);
        }
    }

    fn time(&mut self, clock: &mut Clock, message: &MessageView<'_>, offset: Offset) {
        self.out.push(b'"');
        clock.with_microseconds(self.out, message.time, offset);
        self.out.push(b'"');
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::codec::{PacketId, QoS};
    use crate::render::message::samples;

    const PLAIN: Look = Look {
        pretty: false,
        escape: false,
    };

    fn json(view: &MessageView<'_>, look: Look) -> String {
        let mut out = Vec::new();
        message(&mut out, view, &mut Clock::new(TimeZone::UTC), look);
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    fn mosquitto_json(view: &MessageView<'_>, payload: Payload, look: Look) -> String {
        let mut out = Vec::new();
        mosquitto(
            &mut out,
            view,
            payload,
            &mut Clock::new(TimeZone::UTC),
            look,
        );
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn keys_stand_in_one_order() {
        let mut view = samples::message("a/b", b"21.5");
        assert_eq!(
            json(&view, PLAIN),
            concat!(
                r#"{"time":"2026-11-22T20:42:22.515566+00:00","topic":"a/b","qos":0,"#,
                r#""retain":false,"dup":false,"payload":"21.5","payload_len":4}"#
            )
        );
        view.qos = QoS::AtLeastOnce;
        view.packet_id = PacketId::new(7);
        view.dup = true;
        view.retain = true;
        assert_eq!(
            json(&view, PLAIN),
            concat!(
                r#"{"time":"2026-11-22T20:42:22.515566+00:00","topic":"a/b","qos":1,"#,
                r#""retain":true,"dup":true,"packet_id":7,"payload":"21.5","payload_len":4}"#
            )
        );
    }

    #[test]
    fn payloads_that_are_not_text_are_base64() {
        let line = json(&samples::message("a", b"\xff\x00\x01"), PLAIN);
        assert!(
            line.contains(r#""payload_base64":"/wAB","payload_len":3"#),
            "{line}"
        );
        assert!(!line.contains("\"payload\""), "{line}");
    }

    #[test]
    fn a_terminal_is_not_given_what_it_would_obey() {
        let view = samples::message("a", "\u{9b}2J \u{202e}".as_bytes());
        let escaped = json(
            &view,
            Look {
                escape: true,
                ..PLAIN
            },
        );
        assert!(
            escaped.contains(r#""payload":"\u009b2J \u202e""#),
            "{escaped}"
        );
        let read = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
        assert_eq!(read(&escaped), read(&json(&view, PLAIN)));
    }

    #[test]
    fn pretty_is_the_same_object_over_several_lines() {
        let view = samples::message("a", b"x");
        let pretty = json(
            &view,
            Look {
                pretty: true,
                ..PLAIN
            },
        );
        assert!(pretty.starts_with("{\n  \"time\": \"2026-"), "{pretty}");
        assert!(pretty.ends_with("  \"payload_len\": 1\n}"), "{pretty}");
        let read = |line: &str| serde_json::from_str::<Value>(line).expect("JSON");
        assert_eq!(read(&pretty), read(&json(&view, PLAIN)));
    }

    #[test]
    fn mosquittos_keys_are_kept() {
        let mut view = samples::message("a/b", b"say \"hi\"");
        view.qos = QoS::ExactlyOnce;
        view.packet_id = PacketId::new(3);
        assert_eq!(
            mosquitto_json(&view, Payload::Text, PLAIN),
            concat!(
                r#"{"tst":"2026-11-22T20:42:22.515566+0000","topic":"a/b","qos":2,"retain":0,"#,
                r#""payloadlen":8,"mid":3,"payload":"say \"hi\""}"#
            )
        );
        let empty = mosquitto_json(&samples::message("a", b""), Payload::Text, PLAIN);
        assert!(empty.ends_with(r#""payload":null}"#), "{empty}");
    }

    #[test]
    fn a_payload_is_never_cut_at_a_null() {
        let line = mosquitto_json(&samples::message("a", b"x\0y"), Payload::Text, PLAIN);
        assert!(line.ends_with(r#""payload":"x\u0000y"}"#), "{line}");
    }

    #[test]
    fn an_embedded_payload_keeps_digits_and_order() {
        let payload = b" {\"z\": 12345678901234567890,\n \"a\": 1.50 , \"s\": \" , \"} ";
        let line = mosquitto_json(&samples::message("a", payload), Payload::Embedded, PLAIN);
        let embedded = r#""payload":{"z":12345678901234567890,"a":1.50,"s":" , "}}"#;
        assert!(line.ends_with(embedded), "{line}");
    }

    #[test]
    fn an_embedded_payload_that_is_not_json_is_a_string() {
        let not_json: [(&[u8], &str); 4] = [
            (b"{\"a\":", r#""payload":"{\"a\":"}"#),
            (b"on", r#""payload":"on"}"#),
            (b"1 2", r#""payload":"1 2"}"#),
            (b"\"\xff\"", r#""payload_base64":"Iv8i"}"#),
        ];
        for (payload, end) in not_json {
            let line = mosquitto_json(&samples::message("a", payload), Payload::Embedded, PLAIN);
            assert!(line.ends_with(end), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_message_is_read_back(
            topic in any::<String>(),
            payload in prop::collection::vec(any::<u8>(), 0..64),
            pretty in any::<bool>(),
            escape in any::<bool>(),
        ) {
            let line = json(&samples::message(&topic, &payload), Look { pretty, escape });
            prop_assert!(pretty || !line.contains('\n'));
            let read: Value = serde_json::from_str(&line).expect("JSON");
            prop_assert_eq!(read["topic"].as_str(), Some(topic.as_str()));
            let found = match (&read["payload"], &read["payload_base64"]) {
                (Value::String(text), Value::Null) => text.clone().into_bytes(),
                (Value::Null, Value::String(text)) => STANDARD.decode(text).expect("base64"),
                other => panic!("one payload, not {other:?}"),
            };
            prop_assert_eq!(found, payload);
        }
    }
}
