//! The members of an object, taken one by one, so that one that nobody takes is noticed.

use std::cell::RefCell;
use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

/// The members of an object.
pub(super) struct Fields<'a> {
    map: &'a Map<String, Value>,
    taken: RefCell<HashSet<&'static str>>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(map: &'a Map<String, Value>) -> Self {
        Fields {
            map,
            taken: RefCell::default(),
        }
    }

    /// A member, if it is there and not null.
    pub(super) fn get(&self, key: &'static str) -> Option<&'a Value> {
        self.taken.borrow_mut().insert(key);
        self.map.get(key).filter(|value| !value.is_null())
    }

    /// Whether a member is there, if only as null.
    pub(super) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    /// A number, also as text: `135`, `"0x87"`.
    pub(super) fn number(&self, key: &'static str, most: u64) -> Result<Option<u64>, String> {
        self.get(key)
            .map(|value| number(key, value, most))
            .transpose()
    }

    /// A flag: `true`, `1`, `"true"`, `"1"`.
    pub(super) fn flag(&self, key: &'static str) -> Result<bool, String> {
        self.get(key).map_or(Ok(false), |value| flag(key, value))
    }

    /// Data: text under the key, or under the key with `_hex` or `_base64` behind it.
    pub(super) fn data(&self, keys: [&'static str; 3]) -> Result<Option<Vec<u8>>, String> {
        let [plain, hex, base64] = keys;
        if let Some(value) = self.get(hex) {
            return from_hex(hex, value).map(Some);
        }
        if let Some(value) = self.get(base64) {
            return from_base64(base64, value).map(Some);
        }
        Ok(self.get(plain).map(text))
    }

    /// The first member that nobody has asked for.
    pub(super) fn left_over(&self) -> Option<&'a str> {
        let taken = self.taken.borrow();
        let mut keys = self.map.keys().map(String::as_str);
        keys.find(|key| !taken.contains(key))
    }
}

/// The keys of a piece of data.
macro_rules! data_keys {
    ($key:literal) => {
        [$key, concat!($key, "_hex"), concat!($key, "_base64")]
    };
}
pub(super) use data_keys;

pub(super) fn number(key: &str, value: &Value, most: u64) -> Result<u64, String> {
    let parsed = match value {
        Value::Bool(set) => Some(u64::from(*set)),
        Value::String(text) => match text.strip_prefix("0x") {
            Some(digits) => u64::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        },
        value => value.as_u64(),
    };
    parsed
        .filter(|number| *number <= most)
        .ok_or_else(|| format!("{key}: {value} is no number from 0 to {most}"))
}

pub(super) fn flag(key: &str, value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(set) => Ok(*set),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        value => number(key, value, 1).map(|number| number == 1),
    }
}

/// The bytes of a text; of any other value those of its JSON.
pub(super) fn text(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        other => other.to_string().into_bytes(),
    }
}

pub(super) fn from_hex(key: &str, value: &Value) -> Result<Vec<u8>, String> {
    let digits: String = value.as_str().unwrap_or("?").split_whitespace().collect();
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
    let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
    bytes
        .filter(|_| rest.is_empty())
        .ok_or_else(|| format!("{key}: {value} is not hexadecimal digits in pairs"))
}

pub(super) fn from_base64(key: &str, value: &Value) -> Result<Vec<u8>, String> {
    STANDARD
        .decode(value.as_str().unwrap_or("?"))
        .map_err(|_| format!("{key}: {value} is not base64"))
}
