//! Packets from JSON. What is given is written, even if it breaks a rule; what is left out is filled in
//! so that the packet is valid.

use serde_json::{Map, Value};

use super::body::{variable, write_body};
use super::fields::Fields;
use crate::codec::{MAX_REMAINING_LENGTH, PacketType, Version};

/// Members that describe a packet, but that it is not made from.
const DESCRIPTIVE: [&str; 14] = [
    "time",
    "stream",
    "src",
    "dst",
    "index",
    "flags",
    "remaining_length",
    "size",
    "payload_len",
    "version_inferred",
    "alias_topic",
    "violations",
    "fields",
    "properties",
];

/// Encodes a packet.
///
/// # Errors
/// A member is missing, unknown or cannot be encoded.
pub(super) fn encode(
    map: &Map<String, Value>,
    version: Option<Version>,
) -> Result<Vec<u8>, String> {
    let fields = Fields::new(map);
    for key in DESCRIPTIVE {
        fields.get(key);
    }
    let bytes = fields.get("bytes");
    if let Some(bytes) = bytes {
        return super::fields::from_hex("bytes", bytes);
    }
    let name = fields
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let kind = PacketType::from_name(name).ok_or_else(|| match name {
        "" => "no type: say \"type\":\"PUBLISH\", or PUBLISH topic=a".to_owned(),
        name => format!("'{name}' is no type of packet: CONNECT, PUBLISH, SUBSCRIBE …"),
    })?;
    let said = match fields.get("version").map(super::fields::text) {
        None => None,
        Some(name) => {
            let name = String::from_utf8_lossy(&name).into_owned();
            Some(
                super::version(&name)
                    .ok_or_else(|| format!("version: '{name}' is none of 3.1, 3.1.1 and 5.0"))?,
            )
        }
    };
    let has_v5 = fields.has("properties") || fields.has("reason_code") && is_ack(kind);
    let version = said.or(version).unwrap_or(match has_v5 {
        true => Version::V5,
        false => Version::V3_1_1,
    });
    let mut body = Vec::new();
    let flags = write_body(&mut body, &fields, kind, version)?;
    if let Some(append) = fields.get("append_hex").or(fields.get("append")) {
        body.extend(super::fields::from_hex("append", append)?);
    }
    finish(&fields, kind, flags, body)
}

/// Puts the Fixed Header before the body.
fn finish(
    fields: &Fields<'_>,
    kind: PacketType,
    flags: u8,
    body: Vec<u8>,
) -> Result<Vec<u8>, String> {
    let first = match fields.number("raw_flags", 0x0f)? {
        Some(flags) => (kind as u8) << 4 | flags as u8,
        None => (kind as u8) << 4 | flags,
    };
    let first = fields
        .number("first_byte", 0xff)?
        .map_or(first, |byte| byte as u8);
    let said = fields.number("raw_remaining_length", MAX_REMAINING_LENGTH as u64)?;
    let padded = fields.number("length_bytes", 8)?.unwrap_or_default();
    let cut = fields
        .number("cut", u64::from(u32::MAX))?
        .unwrap_or_default();
    if let Some(key) = fields.left_over() {
        return Err(format!("'{key}' is nothing that a {kind} is made of"));
    }
    if body.len() > MAX_REMAINING_LENGTH {
        return Err(format!(
            "{} bytes are more than a packet can have",
            body.len()
        ));
    }
    let mut out = vec![first];
    let length = said.unwrap_or(body.len() as u64) as u32;
    variable(length, padded as usize, &mut out);
    out.extend(body);
    out.truncate(out.len().saturating_sub(cut as usize));
    Ok(out)
}

/// Whether 5.0 gave these packets a Reason Code.
fn is_ack(kind: PacketType) -> bool {
    use PacketType as T;
    matches!(
        kind,
        T::Puback | T::Pubrec | T::Pubrel | T::Pubcomp | T::Disconnect | T::Auth
    )
}
