//! A Control Packet on one line: its type and what matters in it, as words such as `qos=1`.

use std::fmt;

use super::digits::{Case, decimal};
use super::escape::quoted;
use crate::codec::{
    Ack, Connack, Connect, Filters, Frame, Packet, PacketId, PacketType, Properties, Publish, QoS,
    ReasonCode, RetainHandling, Value, Version,
};

/// How much of a payload is shown, in bytes.
const PREVIEW: usize = 40;

/// A Frame as one line: its type, what matters in it, and its size. Neither passwords nor payloads
/// are shown.
#[derive(Clone, Copy)]
pub struct PacketLine<'a> {
    /// The packet.
    pub frame: Frame<'a>,
    /// The version of the connection.
    pub version: Version,
}

impl fmt::Display for PacketLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.frame.bytes().len();
        f.write_str(self.frame.packet_type().name())?;
        match self.frame.decode(self.version) {
            Ok(packet) => {
                let mut words = Vec::new();
                write_words(&mut words, &packet, self.version, Shown::default());
                write!(f, "{} ({size} bytes)", String::from_utf8_lossy(&words))
            }
            Err(violation) => write!(f, " ({size} bytes): {violation}"),
        }
    }
}

/// What is shown of a packet besides its fields.
#[derive(Clone, Copy, Default)]
pub(super) struct Shown<'a> {
    /// Passwords and authentication data.
    pub secrets: bool,
    /// The beginning of a payload.
    pub payload: bool,
    /// The topic that a Topic Alias stands for.
    pub alias_topic: Option<&'a str>,
}

/// Appends the words of a packet, each after a space.
pub(super) fn write_words(
    out: &mut Vec<u8>,
    packet: &Packet<'_>,
    version: Version,
    shown: Shown<'_>,
) {
    let packet_type = packet.packet_type();
    let mut words = Words {
        out,
        version,
        packet_type,
        shown,
    };
    words.packet(packet);
}

struct Words<'o> {
    out: &'o mut Vec<u8>,
    version: Version,
    packet_type: PacketType,
    shown: Shown<'o>,
}

impl Words<'_> {
    fn packet(&mut self, packet: &Packet<'_>) {
        match packet {
            Packet::Connect(connect) => self.connect(connect),
            Packet::Connack(connack) => self.connack(connack),
            Packet::Publish(publish) => self.publish(publish),
            Packet::Puback(ack)
            | Packet::Pubrec(ack)
            | Packet::Pubrel(ack)
            | Packet::Pubcomp(ack) => self.ack(ack),
            Packet::Subscribe(subscribe) => {
                self.packet_id(subscribe.packet_id);
                self.filters(subscribe.filters);
                self.properties(subscribe.properties);
            }
            Packet::Suback(suback) => {
                self.packet_id(suback.packet_id);
                suback.reasons.iter().for_each(|code| self.reason(code));
                self.properties(suback.properties);
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.packet_id(unsubscribe.packet_id);
                self.filters(unsubscribe.filters);
                self.properties(unsubscribe.properties);
            }
            Packet::Unsuback(unsuback) => {
                self.packet_id(unsuback.packet_id);
                unsuback.reasons.iter().for_each(|code| self.reason(code));
                self.properties(unsuback.properties);
            }
            Packet::Pingreq | Packet::Pingresp => {}
            Packet::Disconnect(disconnect) => {
                if self.version == Version::V5 {
                    self.reason(disconnect.reason);
                }
                self.properties(disconnect.properties);
            }
            Packet::Auth(auth) => {
                self.reason(auth.reason);
                self.properties(auth.properties);
            }
        }
    }

    fn connect(&mut self, connect: &Connect<'_>) {
        self.word("version", connect.version.as_str());
        self.text("client_id", connect.client_id);
        self.number("clean_start", connect.clean_start.into());
        self.number("keep_alive", connect.keep_alive.into());
        if let Some(username) = connect.username {
            self.text("username", username);
        }
        if let Some(password) = connect.password {
            match self.shown.secrets {
                true => self.data("password", password),
                false => self.word("password", "***"),
            }
        }
        if let Some(will) = &connect.will {
            self.text("will", will.topic);
            self.number("will_qos", will.qos.bits().into());
            self.number("will_retain", will.retain.into());
        }
        self.properties(connect.properties);
    }

    fn connack(&mut self, connack: &Connack<'_>) {
        self.number("session_present", connack.session_present.into());
        self.reason(connack.reason);
        self.properties(connack.properties);
    }

    fn ack(&mut self, ack: &Ack<'_>) {
        self.packet_id(ack.packet_id);
        if self.version == Version::V5 {
            self.reason(ack.reason);
        }
        self.properties(ack.properties);
    }

    fn publish(&mut self, publish: &Publish<'_>) {
        self.text("topic", publish.topic);
        if let Some(topic) = self.shown.alias_topic {
            self.text("alias_topic", topic);
        }
        self.number("qos", publish.qos.bits().into());
        if let Some(packet_id) = publish.packet_id {
            self.packet_id(packet_id);
        }
        if publish.retain {
            self.put(" retain");
        }
        if publish.dup {
            self.put(" dup");
        }
        self.number("payload_len", publish.payload.len() as u64);
        if self.shown.payload && !publish.payload.is_empty() {
            self.put(" ");
            self.preview(publish.payload);
        }
        self.properties(publish.properties);
    }

    fn packet_id(&mut self, packet_id: PacketId) {
        self.number("packet_id", packet_id.get().into());
    }

    /// Topic Filters with those options that are not the default; UNSUBSCRIBE has no others.
    fn filters(&mut self, filters: Filters<'_>) {
        for (filter, options) in filters.iter() {
            self.put(" ");
            quoted(self.out, filter.as_bytes());
            if options.qos != QoS::AtMostOnce {
                self.number("qos", options.qos.bits().into());
            }
            if options.no_local {
                self.put(" no_local");
            }
            if options.retain_as_published {
                self.put(" retain_as_published");
            }
            if options.retain_handling != RetainHandling::default() {
                self.number("retain_handling", options.retain_handling as u64);
            }
        }
    }

    fn reason(&mut self, reason: ReasonCode) {
        self.put(" 0x");
        self.out.extend_from_slice(&Case::Lower.hex(reason.value()));
        self.put(" ");
        let name = reason.name(self.packet_type, self.version);
        quoted(self.out, name.as_bytes());
    }

    fn properties(&mut self, properties: Properties<'_>) {
        for (id, value) in properties.iter() {
            let key = id.snake_name();
            match value {
                _ if id.is_secret() && !self.shown.secrets => self.word(key, "***"),
                Value::Byte(number) => self.number(key, number.into()),
                Value::TwoByte(number) => self.number(key, number.into()),
                Value::FourByte(number) | Value::Variable(number) => {
                    self.number(key, number.into());
                }
                Value::String(text) => self.text(key, text),
                Value::Binary(bytes) => self.data(key, bytes),
                Value::Pair(name, value) => {
                    self.text(key, name);
                    self.put("=");
                    quoted(self.out, value.as_bytes());
                }
            }
        }
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn key(&mut self, key: &str) {
        self.put(" ");
        self.put(key);
        self.put("=");
    }

    fn word(&mut self, key: &str, value: &str) {
        self.key(key);
        self.put(value);
    }

    fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        decimal(self.out, value);
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        quoted(self.out, value.as_bytes());
    }

    fn data(&mut self, key: &str, value: &[u8]) {
        self.key(key);
        self.preview(value);
    }

    /// The beginning of some data: as text if it is, or else in hexadecimal.
    fn preview(&mut self, data: &[u8]) {
        let shown = data.get(..PREVIEW).unwrap_or(data);
        match str::from_utf8(shown) {
            Ok(_) => quoted(self.out, shown),
            // The end may be in the middle of a character.
            Err(error) if error.error_len().is_none() && shown.len() < data.len() => {
                quoted(
                    self.out,
                    shown.get(..error.valid_up_to()).unwrap_or_default(),
                );
            }
            Err(_) => {
                for &byte in shown {
                    self.out.extend_from_slice(&Case::Lower.hex(byte));
                }
            }
        }
        if shown.len() < data.len() {
            self.put("…");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: &[u8], version: Version) -> String {
        let frame = Frame::parse(bytes, usize::MAX)
            .expect("valid")
            .expect("whole");
        PacketLine { frame, version }.to_string()
    }

    #[test]
    fn a_payload_is_counted_and_properties_are_shown() {
        let publish = b"\x32\x14\x00\x01a\x00\x07\x0c\x03\x00\x01t\x26\x00\x01k\x00\x02v\"21";
        assert_eq!(
            line(publish, Version::V5),
            r#"PUBLISH topic="a" qos=1 packet_id=7 payload_len=2 content_type="t" user_property="k"="v\"" (22 bytes)"#
        );
    }

    #[test]
    fn options_other_than_the_default_are_shown() {
        let subscribe = b"\x82\x0b\x00\x01\x00\x00\x01a\x00\x00\x01b\x2e";
        assert_eq!(
            line(subscribe, Version::V5),
            r#"SUBSCRIBE packet_id=1 "a" "b" qos=2 no_local retain_as_published retain_handling=2 (13 bytes)"#
        );
    }

    #[test]
    fn a_password_is_not_shown() {
        let connect = b"\x10\x13\x00\x04MQTT\x04\xc2\x00\x3c\x00\x00\x00\x01u\x00\x02pw";
        assert_eq!(
            line(connect, Version::V3_1_1),
            r#"CONNECT version=3.1.1 client_id="" clean_start=1 keep_alive=60 username="u" password=*** (21 bytes)"#
        );
    }

    #[test]
    fn a_packet_that_cannot_be_read_says_why() {
        assert!(line(&[0x40, 2, 0, 0], Version::V3_1_1).contains("at byte 2"));
    }
}
