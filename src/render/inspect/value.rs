//! Fields of a packet in words.

use jiff::Timestamp;

use super::Options;
use crate::codec::{Field, FieldValue, PacketType, Trace, Version};
use crate::inspect::{Observed, Time, remark};
use crate::render::counted::counted;
use crate::render::digits::Case;
use crate::render::escape::{self, is_hazard};

/// The name of a packet's type.
pub(super) fn type_name(packet: &[u8]) -> &'static str {
    PacketType::of(packet).map_or("RESERVED", PacketType::name)
}

/// A time of a capture.
pub(super) fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The remark after the version of a packet, if the version was not stated but guessed.
pub(super) fn guessed(packet: &Observed<'_>) -> String {
    remark::other_version(packet).map_or_else(String::new, |other| format!(" ({other})"))
}

/// Whether a packet holds what must not be shown.
pub(super) fn has_secrets(bytes: &[u8], version: Version) -> bool {
    PacketType::of(bytes).is_some_and(|kind| kind.may_hold_secrets() || kind == PacketType::Connack)
        && Trace::of(bytes, version)
            .rows
            .iter()
            .any(|row| secret_len(&row.field) > 0)
}

/// How many bytes at the end of a field must not be shown.
pub(super) fn secret_len(field: &Field<'_>) -> usize {
    match field.value {
        FieldValue::Secret(hidden) => hidden.0.len(),
        _ => 0,
    }
}

/// The value of a field as people read it; nothing for a group.
pub(super) fn text(field: &Field<'_>, version: Version, options: Options) -> String {
    match field.value {
        FieldValue::Group => String::new(),
        FieldValue::Number(number) => number.to_string(),
        FieldValue::Bits(byte) => format!("{byte:#04x}"),
        FieldValue::Flag(set) => u8::from(set).to_string(),
        FieldValue::PacketType(number) => match PacketType::from_number(number) {
            Some(packet_type) => format!("{packet_type} ({number})"),
            None => format!("reserved ({number})"),
        },
        FieldValue::Reason(code, packet_type) => {
            format!("{code} {}", code.name(packet_type, version))
        }
        FieldValue::Text(text) => quoted(text),
        FieldValue::Pair(name, value) => format!("{} = {}", quoted(name), quoted(value)),
        FieldValue::IllFormed(bytes) => format!("no UTF-8: {}", hex(bytes)),
        FieldValue::Binary(bytes) => binary(bytes),
        FieldValue::Secret(hidden) if options.show_secrets => binary(hidden.0),
        FieldValue::Secret(hidden) => {
            let bytes = counted(hidden.0.len() as u64, "byte");
            format!("*** ({bytes}, shown by --show-secrets)")
        }
    }
}

/// Binary data: in quotes if it is readable text, otherwise in hexadecimal.
fn binary(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(|c| is_hazard(c) && !"\n\r\t".contains(c)) => quoted(text),
        _ => hex(bytes),
    }
}

/// Text in quotes, on one line; of a long one, the beginning.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 400;
    let end = text.char_indices().nth(MOST).map(|(at, _)| at);
    let mut out = Vec::new();
    escape::quoted(
        &mut out,
        text.get(..end.unwrap_or(text.len()))
            .unwrap_or_default()
            .as_bytes(),
    );
    let mut out = String::from_utf8(out).unwrap_or_default();
    if end.is_some() {
        out.push('…');
    }
    out
}

fn hex(bytes: &[u8]) -> String {
    const MOST: usize = 64;
    let shown = bytes.get(..MOST).unwrap_or(bytes);
    let mut out: Vec<String> = shown.iter().map(|byte| format!("{byte:02x}")).collect();
    if shown.len() < bytes.len() {
        out.push("…".into());
    }
    out.join(" ")
}

/// The bytes of a field in hexadecimal digits, those that are secret as stars; of many, the first.
pub(super) fn raw(bytes: &[u8], field: &Field<'_>, most: usize, options: Options) -> String {
    let (from, len) = (field.offset as usize, field.len as usize);
    let bytes = bytes.get(from..from + len).unwrap_or_default();
    let hidden = match options.show_secrets {
        true => 0,
        false => secret_len(field),
    };
    let open = bytes.len().saturating_sub(hidden);
    let mut out = String::new();
    for (index, &byte) in bytes.iter().enumerate().take(most) {
        if index > 0 {
            out.push(' ');
        }
        match index < open {
            true => out.extend(Case::Lower.hex(byte).map(char::from)),
            false => out.push_str("**"),
        }
    }
    if bytes.len() > most {
        out.push('…');
    }
    out
}
