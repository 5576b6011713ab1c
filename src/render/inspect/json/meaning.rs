//! The content of a good packet, as members of its object.

use crate::codec::{
    Ack, Connack, Connect, Filters, Packet, PacketId, Properties, PropertyId, Publish, ReasonCode,
    Version, Will,
};
use crate::render::digits::decimal;
use crate::render::json::{Naming, Object, write_properties};

/// Writes the members.
pub(super) fn write(object: &mut Object<'_>, packet: &Packet<'_>, version: Version, secrets: bool) {
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

/// Whether JSON keeps the order of the properties: it does if those that repeat follow each other.
pub(super) fn keeps_order(packet: &Packet<'_>) -> bool {
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
