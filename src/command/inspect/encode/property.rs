//! Properties from JSON.

use serde_json::{Map, Value};

use super::body::{put_text, variable};
use super::fields::{flag, from_base64, from_hex, number, text};
use crate::codec::{PropertyId, ValueType};

/// The property of this name, by any spelling.
pub(super) fn property_id(name: &str) -> Option<PropertyId> {
    PropertyId::ALL
        .into_iter()
        .find(|id| id.snake_name() == name || id.kebab_name() == name)
}

/// Appends properties in their order, without their length.
pub(super) fn put(properties: &Map<String, Value>, out: &mut Vec<u8>) -> Result<(), String> {
    for (key, value) in properties {
        let (name, coding) = match (key.strip_suffix("_base64"), key.strip_suffix("_hex")) {
            (Some(name), _) => (name, Coding::Base64),
            (_, Some(name)) => (name, Coding::Hex),
            _ => (&key[..], Coding::Plain),
        };
        // Such as no version knows.
        if name == "raw" {
            out.extend(coding.data(key, value)?);
            continue;
        }
        let id = property_id(name).ok_or_else(|| format!("{key} is no property"))?;
        match (id.value_type(), value) {
            (ValueType::Pair, Value::Array(pairs)) => {
                for pair in pairs {
                    let [name, value] = pair.as_array().map(Vec::as_slice).unwrap_or_default()
                    else {
                        return Err(format!("{key}: {pair} is no pair [NAME, VALUE]"));
                    };
                    out.push(id as u8);
                    put_text(&text(name), out)?;
                    put_text(&text(value), out)?;
                }
            }
            (ValueType::Pair, _) => return Err(format!("{key}: give a list of pairs")),
            (_, Value::Array(values)) => {
                for value in values {
                    single(key, id, value, coding, out)?;
                }
            }
            _ => single(key, id, value, coding, out)?,
        }
    }
    Ok(())
}

fn single(
    key: &str,
    id: PropertyId,
    value: &Value,
    coding: Coding,
    out: &mut Vec<u8>,
) -> Result<(), String> {
    out.push(id as u8);
    match id.value_type() {
        ValueType::Byte if value.is_boolean() => out.push(flag(key, value)?.into()),
        ValueType::Byte => out.push(number(key, value, 0xff)? as u8),
        ValueType::TwoByte => {
            let number = number(key, value, 0xffff)? as u16;
            out.extend(number.to_be_bytes());
        }
        ValueType::FourByte => {
            let number = number(key, value, 0xffff_ffff)? as u32;
            out.extend(number.to_be_bytes());
        }
        ValueType::Variable => variable(number(key, value, 0x0fff_ffff)? as u32, 0, out),
        ValueType::String | ValueType::Binary | ValueType::Pair => {
            put_text(&coding.data(key, value)?, out)?;
        }
    }
    Ok(())
}

/// How data is written in JSON.
#[derive(Clone, Copy)]
enum Coding {
    Plain,
    Hex,
    Base64,
}

impl Coding {
    fn data(self, key: &str, value: &Value) -> Result<Vec<u8>, String> {
        match self {
            Coding::Plain => Ok(text(value)),
            Coding::Hex => from_hex(key, value),
            Coding::Base64 => from_base64(key, value),
        }
    }
}
