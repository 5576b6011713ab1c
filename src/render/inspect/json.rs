//! A packet as a JSON object.

use super::value::{json_fields, timestamp};
use super::{Options, faulty};
use crate::codec::{
    Ack, Connack, Connect, Filters, Packet, PacketId, PacketType, Properties, PropertyId, Publish,
    ReasonCode, Trace, Version, Will,
};
use crate::inspect::{Finding, Observed};
use crate::render::clock::{Clock, Offset};
use crate::render::digits::{Case, decimal};
use crate::render::json::{Naming, Object, quoted, write_properties};

/// Writes packets as JSON; the buffers are used again for each.
#[derive(Debug, Default)]
pub(super) struct Json {
    /// The packet as its meaning alone would be written.
    again: Vec<u8>,
    /// An address as text.
    address: Address,
}

impl Json {
    /// Appends an object and a line feed.
    pub(super) fn packet(
        &mut self,
        out: &mut Vec<u8>,
        packet: &Observed<'_>,
        clock: &mut Clock,
        options: Options,
    ) {
        // What was decoded with faults is looked at again, for what can be said of it.
        let trace = (options.fields || packet.packet.is_err())
            .then(|| Trace::of(packet.bytes, packet.version));
        Object::write(out, options.style.escape, |object| {
            self.origin(object, packet, clock);
            header(object, packet);
            match (&packet.packet, &trace) {
                (Ok(meaning), _) => {
                    write_packet(object, meaning, packet.version, options.show_secrets);
                }
                (Err(_), Some(trace)) => faulty::write(object, trace, options.show_secrets),
                (Err(_), None) => {}
            }
            self.bytes(object, packet, options.show_secrets);
            if !packet.findings.is_empty() {
                violations(object, packet.findings);
            }
            if let Some(trace) = trace.as_ref().filter(|_| options.fields) {
                object.key("fields");
                json_fields(object.out, trace, options);
            }
        });
        out.push(b'\n');
    }

    /// Where the packet comes from, unless it is from a plain dump.
    fn origin(&mut self, object: &mut Object<'_>, packet: &Observed<'_>, clock: &mut Clock) {
        let origin = &packet.origin;
        if origin.time.is_none() && origin.src.is_none() {
            return;
        }
        if let Some(time) = origin.time {
            object.key("time");
            object.out.push(b'"');
            clock.with_microseconds(object.out, timestamp(time), Offset::Colon);
            object.out.push(b'"');
        }
        object.number("stream", origin.stream.into());
        if let Some(src) = origin.src {
            object.string("src", self.address.text(0, src));
        }
        if let Some(dst) = origin.dst {
            object.string("dst", self.address.text(1, dst));
        }
        object.number("index", packet.index);
    }

    /// The bytes, where the other members alone do not stand for them.
    fn bytes(&mut self, object: &mut Object<'_>, packet: &Observed<'_>, show_secrets: bool) {
        if let Ok(meaning) = &packet.packet {
            self.again.clear();
            meaning.encode(packet.version, &mut self.again);
            if self.again == packet.bytes && keeps_order(meaning) {
                return;
            }
        }
        if !show_secrets && super::value::has_secrets(packet.bytes, packet.version) {
            return;
        }
        object.key("bytes");
        object.out.push(b'"');
        for &byte in packet.bytes {
            object.out.extend_from_slice(&Case::Lower.hex(byte));
        }
        object.out.push(b'"');
    }
}

/// The text of the last addresses: most packets share theirs with others.
#[derive(Debug, Default)]
struct Address([Option<(core::net::SocketAddr, String)>; 4]);

impl Address {
    fn text(&mut self, side: usize, address: core::net::SocketAddr) -> &str {
        let slot = (usize::from(address.port()) + side) % self.0.len();
        let entry = &mut self.0[slot];
        if entry.as_ref().is_none_or(|(known, _)| *known != address) {
            *entry = Some((address, address.to_string()));
        }
        entry.as_ref().map_or("", |(_, text)| text)
    }
}

fn header(object: &mut Object<'_>, packet: &Observed<'_>) {
    let first = packet.bytes.first().copied().unwrap_or_default();
    match PacketType::from_number(first >> 4) {
        Some(packet_type) => object.string("type", packet_type.name()),
        None => object.string("type", "RESERVED"),
    }
    object.number("flags", (first & 0x0f).into());
    let after = packet.bytes.iter().skip(1).take(4);
    let lengths = 1 + after.take_while(|byte| **byte >= 0x80).count();
    let remaining = packet.bytes.len().saturating_sub(1 + lengths);
    object.number("remaining_length", remaining as u64);
    object.number("size", packet.bytes.len() as u64);
    object.string("version", packet.version.as_str());
    if packet.version_inferred {
        object.boolean("version_inferred", true);
    }
}

fn write_packet(object: &mut Object<'_>, packet: &Packet<'_>, version: Version, secrets: bool) {
    let v5 = version == Version::V5;
    match packet {
        Packet::Connect(connect) => write_connect(object, connect, secrets),
        Packet::Connack(connack) => write_connack(object, connack, secrets),
        Packet::Publish(publish) => write_publish(object, publish),
        Packet::Puback(ack) | Packet::Pubrec(ack) | Packet::Pubrel(ack) | Packet::Pubcomp(ack) => {
            write_ack(object, ack, v5);
        }
        Packet::Subscribe(subscribe) => {
            packet_id(object, subscribe.packet_id);
            write_filters(object, subscribe.filters, Some(version));
            properties(object, subscribe.properties, secrets);
        }
        Packet::Suback(suback) => {
            packet_id(object, suback.packet_id);
            reason_codes(object, suback.reasons.iter());
            properties(object, suback.properties, secrets);
        }
        Packet::Unsubscribe(unsubscribe) => {
            packet_id(object, unsubscribe.packet_id);
            write_filters(object, unsubscribe.filters, None);
            properties(object, unsubscribe.properties, secrets);
        }
        Packet::Unsuback(unsuback) => {
            packet_id(object, unsuback.packet_id);
            if v5 {
                reason_codes(object, unsuback.reasons.iter());
            }
            properties(object, unsuback.properties, secrets);
        }
        Packet::Pingreq | Packet::Pingresp => {}
        Packet::Disconnect(disconnect) => {
            if v5 {
                object.number("reason_code", disconnect.reason.value().into());
            }
            properties(object, disconnect.properties, secrets);
        }
        Packet::Auth(auth) => {
            object.number("reason_code", auth.reason.value().into());
            properties(object, auth.properties, secrets);
        }
    }
}

fn write_connect(object: &mut Object<'_>, connect: &Connect<'_>, secrets: bool) {
    object.string("client_id", connect.client_id);
    if let Some(username) = connect.username {
        object.string("username", username);
    }
    match connect.password {
        Some(password) if secrets => object.bytes("password", "password_base64", password),
        Some(_) => object.string("password", "***"),
        None => {}
    }
    object.number("keep_alive", connect.keep_alive.into());
    object.boolean("clean_start", connect.clean_start);
    if let Some(will) = &connect.will {
        write_will(object, will, secrets);
    }
    properties(object, connect.properties, secrets);
}

fn write_will(object: &mut Object<'_>, will: &Will<'_>, secrets: bool) {
    object.key("will");
    Object::write(object.out, object.escape, |object| {
        object.string("topic", will.topic);
        object.number("qos", will.qos.bits().into());
        object.boolean("retain", will.retain);
        payload(object, will.payload);
        properties(object, will.properties, secrets);
    });
}

fn write_connack(object: &mut Object<'_>, connack: &Connack<'_>, secrets: bool) {
    object.boolean("session_present", connack.session_present);
    object.number("reason_code", connack.reason.value().into());
    properties(object, connack.properties, secrets);
}

fn write_publish(object: &mut Object<'_>, publish: &Publish<'_>) {
    object.boolean("dup", publish.dup);
    object.number("qos", publish.qos.bits().into());
    object.boolean("retain", publish.retain);
    object.string("topic", publish.topic);
    if let Some(id) = publish.packet_id {
        packet_id(object, id);
    }
    payload(object, publish.payload);
    properties(object, publish.properties, true);
}

fn write_ack(object: &mut Object<'_>, ack: &Ack<'_>, v5: bool) {
    packet_id(object, ack.packet_id);
    if v5 {
        object.number("reason_code", ack.reason.value().into());
    }
    properties(object, ack.properties, true);
}

fn packet_id(object: &mut Object<'_>, packet_id: PacketId) {
    object.number("packet_id", packet_id.get().into());
}

fn payload(object: &mut Object<'_>, payload: &[u8]) {
    object.bytes("payload", "payload_base64", payload);
    object.number("payload_len", payload.len() as u64);
}

/// Topic Filters: those of a SUBSCRIBE with the options that its version has.
fn write_filters(object: &mut Object<'_>, filters: Filters<'_>, options: Option<Version>) {
    object.key("filters");
    object.out.push(b'[');
    for (index, (filter, given)) in filters.iter().enumerate() {
        if index > 0 {
            object.out.push(b',');
        }
        Object::write(object.out, object.escape, |object| {
            object.string("filter", filter);
            if options.is_some() {
                object.number("qos", given.qos.bits().into());
            }
            if options == Some(Version::V5) {
                object.boolean("no_local", given.no_local);
                object.boolean("retain_as_published", given.retain_as_published);
                object.number("retain_handling", given.retain_handling as u64);
            }
        });
    }
    object.out.push(b']');
}

fn reason_codes(object: &mut Object<'_>, codes: impl Iterator<Item = ReasonCode>) {
    object.key("reason_codes");
    object.out.push(b'[');
    for (index, code) in codes.enumerate() {
        if index > 0 {
            object.out.push(b',');
        }
        decimal(object.out, code.value().into());
    }
    object.out.push(b']');
}

fn properties(object: &mut Object<'_>, properties: Properties<'_>, secrets: bool) {
    if properties.is_empty() {
        return;
    }
    let is_secret = |(id, _): (PropertyId, _)| id.is_secret();
    if secrets || !properties.iter().any(is_secret) {
        return write_properties(object, properties, Naming::Specification);
    }
    let mut masked = crate::codec::PropertyBuf::default();
    for (id, value) in properties.iter() {
        let value = match id.is_secret() {
            true => crate::codec::Value::Binary(b"***"),
            false => value,
        };
        masked.push(id, value);
    }
    write_properties(object, masked.as_properties(), Naming::Specification);
}

fn violations(object: &mut Object<'_>, findings: &[Finding]) {
    object.key("violations");
    object.out.push(b'[');
    for (index, finding) in findings.iter().enumerate() {
        if index > 0 {
            object.out.push(b',');
        }
        Object::write(object.out, object.escape, |object| {
            object.string("id", finding.id);
            object.number("offset", finding.offset.into());
            object.key("message");
            quoted(object.out, &finding.message, object.escape);
            object.string("hint", &finding.hint);
        });
    }
    object.out.push(b']');
}

/// Whether the order of the properties is that in which JSON lists them: those that repeat stand
/// together.
fn keeps_order(packet: &Packet<'_>) -> bool {
    let together = |properties: Properties<'_>| {
        let mut seen = 0_u64;
        let mut last = None;
        properties.iter().all(|(id, _)| {
            let bit = 1 << id as u64;
            let is_new = seen & bit == 0;
            seen |= bit;
            last.replace(id) == Some(id) || is_new
        })
    };
    match packet {
        Packet::Connect(p) => {
            together(p.properties) && p.will.is_none_or(|will| together(will.properties))
        }
        Packet::Connack(p) => together(p.properties),
        Packet::Publish(p) => together(p.properties),
        Packet::Puback(p) | Packet::Pubrec(p) | Packet::Pubrel(p) | Packet::Pubcomp(p) => {
            together(p.properties)
        }
        Packet::Subscribe(p) => together(p.properties),
        Packet::Suback(p) => together(p.properties),
        Packet::Unsubscribe(p) => together(p.properties),
        Packet::Unsuback(p) => together(p.properties),
        Packet::Disconnect(p) => together(p.properties),
        Packet::Auth(p) => together(p.properties),
        Packet::Pingreq | Packet::Pingresp => true,
    }
}
