//! A packet on one line: time, stream, arrow, type, what matters.

use super::Options;
use super::value::{timestamp, type_name};
use crate::codec::{
    Connack, Connect, Filters, Packet, PacketId, PacketType, Properties, Publish, QoS, ReasonCode,
    Trace, Value, Version,
};
use crate::inspect::{Direction, Finding, Observed, Origin};
use crate::render::clock::Clock;
use crate::render::digits::{Case, decimal};
use crate::render::escape::{Keep, is_hazard, visible};

/// Of a payload, so much is shown.
const PREVIEW: usize = 40;

/// Appends a packet.
pub(super) fn packet(
    out: &mut Vec<u8>,
    packet: &Observed<'_>,
    clock: &mut Clock,
    options: Options,
) {
    origin(out, &packet.origin, clock);
    let start = out.len();
    let name = type_name(packet.bytes);
    put(out, name);
    let mut line = Line {
        out,
        version: packet.version,
        kind: PacketType::of(packet.bytes).unwrap_or(PacketType::Connect),
        show_secrets: options.show_secrets,
        alias_topic: packet.alias_topic,
    };
    match &packet.packet {
        Ok(packet) => line.packet(packet),
        Err(_) => {
            if let Some(packet) = Trace::of(packet.bytes, packet.version).packet {
                line.packet(&packet);
            }
        }
    }
    put(out, " (");
    decimal(out, packet.bytes.len() as u64);
    put(out, " bytes)");
    findings(out, packet.findings, options);
    if options.style.color {
        colour(out, start, name);
    }
    out.push(b'\n');
}

/// What is wrong.
pub(super) fn findings(out: &mut Vec<u8>, findings: &[Finding], options: Options) {
    let has_colour = options.style.color && !findings.is_empty();
    if has_colour {
        put(out, "\x1b[31m");
    }
    for finding in findings {
        put(out, " !");
        put(out, finding.id);
        put(out, "@");
        decimal(out, finding.offset.into());
        put(out, " ");
        put(out, &finding.message);
    }
    if has_colour {
        put(out, "\x1b[0m");
    }
}

/// Time, stream and arrow, as far as they are known.
pub(super) fn origin(out: &mut Vec<u8>, origin: &Origin, clock: &mut Clock) {
    if let Some(time) = origin.time {
        clock.time_of_day(out, timestamp(time));
        out.push(b' ');
    }
    if origin.time.is_some() || origin.src.is_some() || origin.direction != Direction::Unknown {
        out.push(b'#');
        decimal(out, origin.stream.into());
        put(
            out,
            match origin.direction {
                Direction::ToServer => " -> ",
                Direction::ToClient => " <- ",
                Direction::Unknown => " -- ",
            },
        );
    }
}

/// Gives the name of the type its colour.
fn colour(out: &mut Vec<u8>, start: usize, name: &str) {
    let end = start + name.len();
    out.splice(end..end, *b"\x1b[0m");
    out.splice(start..start, *b"\x1b[36m");
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

struct Line<'o> {
    out: &'o mut Vec<u8>,
    version: Version,
    kind: PacketType,
    show_secrets: bool,
    alias_topic: Option<&'o str>,
}

impl Line<'_> {
    fn packet(&mut self, packet: &Packet<'_>) {
        match packet {
            Packet::Connect(connect) => self.connect(connect),
            Packet::Connack(connack) => self.connack(connack),
            Packet::Publish(publish) => self.publish(publish),
            Packet::Puback(ack)
            | Packet::Pubrec(ack)
            | Packet::Pubrel(ack)
            | Packet::Pubcomp(ack) => {
                self.packet_id(ack.packet_id);
                if self.version == Version::V5 {
                    self.reason(ack.reason);
                }
                self.properties(ack.properties);
            }
            Packet::Subscribe(subscribe) => {
                self.packet_id(subscribe.packet_id);
                self.filters(subscribe.filters, true);
                self.properties(subscribe.properties);
            }
            Packet::Suback(suback) => {
                self.packet_id(suback.packet_id);
                suback.reasons.iter().for_each(|code| self.reason(code));
                self.properties(suback.properties);
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.packet_id(unsubscribe.packet_id);
                self.filters(unsubscribe.filters, false);
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
            match self.show_secrets {
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

    fn publish(&mut self, publish: &Publish<'_>) {
        self.text("topic", publish.topic);
        if let Some(topic) = self.alias_topic {
            self.text("alias_topic", topic);
        }
        self.number("qos", publish.qos.bits().into());
        if let Some(packet_id) = publish.packet_id {
            self.packet_id(packet_id);
        }
        if publish.retain {
            put(self.out, " retain");
        }
        if publish.dup {
            put(self.out, " dup");
        }
        self.number("payload_len", publish.payload.len() as u64);
        if !publish.payload.is_empty() {
            put(self.out, " ");
            self.preview(publish.payload);
        }
        self.properties(publish.properties);
    }

    fn packet_id(&mut self, packet_id: PacketId) {
        self.number("packet_id", packet_id.get().into());
    }

    fn filters(&mut self, filters: Filters<'_>, with_qos: bool) {
        for (filter, options) in filters.iter() {
            put(self.out, " ");
            self.quoted(filter.as_bytes());
            if with_qos && options.qos != QoS::AtMostOnce {
                self.number("qos", options.qos.bits().into());
            }
        }
    }

    fn reason(&mut self, reason: ReasonCode) {
        put(self.out, " 0x");
        self.out.extend_from_slice(&Case::Lower.hex(reason.value()));
        put(self.out, " ");
        self.quoted(reason.name(self.kind, self.version).as_bytes());
    }

    fn properties(&mut self, properties: Properties<'_>) {
        if properties.is_empty() {
            return;
        }
        for (id, value) in properties.iter() {
            let key = id.snake_name();
            match value {
                _ if id.is_secret() && !self.show_secrets => self.word(key, "***"),
                Value::Byte(number) => self.number(key, number.into()),
                Value::TwoByte(number) => self.number(key, number.into()),
                Value::FourByte(number) | Value::Variable(number) => {
                    self.number(key, number.into());
                }
                Value::String(text) => self.text(key, text),
                Value::Binary(bytes) => self.data(key, bytes),
                Value::Pair(name, value) => {
                    self.text(key, name);
                    put(self.out, ":");
                    self.quoted(value.as_bytes());
                }
            }
        }
    }

    fn key(&mut self, key: &str) {
        put(self.out, " ");
        put(self.out, key);
        put(self.out, "=");
    }

    fn word(&mut self, key: &str, value: &str) {
        self.key(key);
        put(self.out, value);
    }

    fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        decimal(self.out, value);
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value.as_bytes());
    }

    fn data(&mut self, key: &str, value: &[u8]) {
        self.key(key);
        self.preview(value);
    }

    /// The beginning of some data.
    fn preview(&mut self, data: &[u8]) {
        let shown = data.get(..PREVIEW).unwrap_or(data);
        match str::from_utf8(shown) {
            Ok(_) => self.quoted(shown),
            // The cut may have hit a character.
            Err(error) if error.error_len().is_none() && shown.len() < data.len() => {
                self.quoted(shown.get(..error.valid_up_to()).unwrap_or_default());
            }
            Err(_) => {
                for &byte in shown {
                    self.out.extend_from_slice(&Case::Lower.hex(byte));
                }
            }
        }
        if shown.len() < data.len() {
            put(self.out, "…");
        }
    }

    /// Text in quotes, which stays on its line.
    fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        let is_plain = |&b: &u8| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\';
        if text.iter().all(is_plain) {
            self.out.extend_from_slice(text);
        } else {
            for c in String::from_utf8_lossy(text).chars() {
                let mut utf8 = [0; 4];
                match c {
                    '"' | '\\' => self.out.extend_from_slice(&[b'\\', c as u8]),
                    c if is_hazard(c) => {
                        visible(self.out, c.encode_utf8(&mut utf8).as_bytes(), Keep::Nothing);
                    }
                    c => self
                        .out
                        .extend_from_slice(c.encode_utf8(&mut utf8).as_bytes()),
                }
            }
        }
        self.out.push(b'"');
    }
}
