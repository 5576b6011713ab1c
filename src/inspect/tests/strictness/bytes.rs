//! Packets from their parts, good and bad.

use crate::codec::{PacketType, Version};

use Version::V5;

pub(super) fn string(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}

pub(super) fn packet(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let length = match body.len() {
        short @ 0..128 => vec![short as u8],
        long => vec![long as u8 | 0x80, (long >> 7) as u8],
    };
    [&[first], &length[..], &body].concat()
}

/// A Property Length of 0, where the version has one.
pub(super) fn none(version: Version) -> &'static [u8] {
    match version {
        V5 => &[0],
        _ => &[],
    }
}

pub(super) fn connect_with(version: Version, flags: u8, payload: &[&[u8]]) -> Vec<u8> {
    let name = string(version.protocol_name().as_bytes());
    let fixed = [version.level(), flags, 0, 60];
    let parts = [&name, &fixed[..], none(version), &payload.concat()];
    packet(0x10, &parts)
}

pub(super) fn connect(version: Version) -> Vec<u8> {
    connect_with(version, 2, &[&string(b"me")])
}

/// A packet of a client with properties; `None`: a CONNECT, whose Will has them.
pub(super) fn with_properties(packet_type: Option<PacketType>, properties: &[u8]) -> Vec<u8> {
    let len = [properties.len() as u8];
    let properties = &[&len, properties].concat()[..];
    let id: &[u8] = &[0, 1];
    let Some(packet_type) = packet_type else {
        let will = [&string(b"id"), properties, &string(b"w"), &string(b"p")];
        return connect_with(V5, 6, &will);
    };
    let first = packet_type.first_byte();
    match packet_type {
        PacketType::Connect => {
            let name = string(b"MQTT");
            packet(first, &[&name, &[5, 2, 0, 60], properties, &string(b"id")])
        }
        PacketType::Publish => packet(first, &[&string(b"a"), properties]),
        PacketType::Subscribe => packet(first, &[id, properties, &string(b"a"), &[0]]),
        PacketType::Unsubscribe => packet(first, &[id, properties, &string(b"a")]),
        PacketType::Disconnect | PacketType::Auth => packet(first, &[&[0], properties]),
        _ => packet(first, &[id, &[0], properties]),
    }
}
