//! Packets from JSON. What is given is written, even if it breaks a rule; what is left out is filled in
//! so that the packet is valid.

use serde_json::{Map, Value};

use super::fields::{Fields, data_keys, number};
use super::property;
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
    let mut writer = Writer {
        fields: &fields,
        version,
        out: &mut body,
    };
    let flags = writer.packet(kind)?;
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

/// A Variable Byte Integer, in at least `least` bytes.
pub(super) fn variable(mut number: u32, least: usize, out: &mut Vec<u8>) {
    let mut written = 1;
    while number >= 0x80 || written < least {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
        written += 1;
    }
    out.push(number as u8);
}

/// Text or data with its length before it.
pub(super) fn put_text(text: &[u8], out: &mut Vec<u8>) -> Result<(), String> {
    let Ok(length) = u16::try_from(text.len()) else {
        return Err(format!(
            "{} bytes do not fit a text, which has 65,535",
            text.len()
        ));
    };
    out.extend(length.to_be_bytes());
    out.extend(text);
    Ok(())
}

/// Writes what follows the Fixed Header.
struct Writer<'a> {
    fields: &'a Fields<'a>,
    version: Version,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
    /// Writes a packet; returns the flags of its first byte.
    fn packet(&mut self, kind: PacketType) -> Result<u8, String> {
        let v5 = self.version == Version::V5;
        let mut flags = kind.first_byte() & 0x0f;
        match kind {
            PacketType::Connect => self.connect()?,
            PacketType::Connack => {
                let flags = self.fields.flag("session_present")?;
                let raw = self.fields.number("acknowledge_flags", 0xff)?;
                self.out.push(raw.map_or(flags.into(), |raw| raw as u8));
                self.byte("reason_code")?;
                self.properties(false)?;
            }
            PacketType::Publish => flags = self.publish()?,
            PacketType::Puback | PacketType::Pubrec | PacketType::Pubrel | PacketType::Pubcomp => {
                self.packet_id(true)?;
                self.short_end()?;
            }
            PacketType::Subscribe | PacketType::Unsubscribe => {
                self.packet_id(true)?;
                self.properties(false)?;
                self.filters(kind == PacketType::Subscribe)?;
            }
            PacketType::Suback | PacketType::Unsuback => {
                self.packet_id(true)?;
                self.properties(false)?;
                self.reason_codes()?;
            }
            PacketType::Pingreq | PacketType::Pingresp => {}
            PacketType::Disconnect if v5 => self.short_end()?,
            PacketType::Disconnect => {}
            PacketType::Auth => self.short_end()?,
        }
        Ok(flags)
    }

    fn connect(&mut self) -> Result<(), String> {
        let name = self.fields.data(data_keys!("protocol_name"))?;
        let name = name.unwrap_or_else(|| self.version.protocol_name().into());
        put_text(&name, self.out)?;
        let level = self.fields.number("protocol_level", 0xff)?;
        self.out
            .push(level.map_or(self.version.level(), |level| level as u8));
        let username = self.fields.data(data_keys!("username"))?;
        let password = self.fields.data(data_keys!("password"))?;
        let will = match self.fields.get("will") {
            Some(Value::Object(will)) => Some(Fields::new(will)),
            Some(_) => return Err("will: give an object, or will.topic=a will.payload=b".into()),
            None => None,
        };
        let mut flags = u8::from(username.is_some()) << 7 | u8::from(password.is_some()) << 6;
        flags |= match self.fields.has("clean_start") {
            true => u8::from(self.fields.flag("clean_start")?) << 1,
            false => 1 << 1,
        };
        if let Some(will) = &will {
            let qos = will.number("qos", 3)?.unwrap_or_default() as u8;
            flags |= 1 << 2 | qos << 3 | u8::from(will.flag("retain")?) << 5;
        }
        let raw = self.fields.number("connect_flags", 0xff)?;
        self.out.push(raw.map_or(flags, |raw| raw as u8));
        let keep_alive = self.fields.number("keep_alive", 0xffff)?;
        self.out
            .extend((keep_alive.unwrap_or(60) as u16).to_be_bytes());
        self.properties(false)?;
        let client_id = self.fields.data(data_keys!("client_id"))?;
        put_text(&client_id.unwrap_or_default(), self.out)?;
        if let Some(will) = will {
            self.will(&will)?;
        }
        if let Some(username) = username {
            put_text(&username, self.out)?;
        }
        match password {
            Some(password) => put_text(&password, self.out),
            None => Ok(()),
        }
    }

    fn will(&mut self, will: &Fields<'_>) -> Result<(), String> {
        Writer {
            fields: will,
            version: self.version,
            out: self.out,
        }
        .properties(false)?;
        put_text(
            &will.data(data_keys!("topic"))?.unwrap_or_default(),
            self.out,
        )?;
        put_text(
            &will.data(data_keys!("payload"))?.unwrap_or_default(),
            self.out,
        )?;
        will.get("payload_len");
        match will.left_over() {
            Some(key) => Err(format!("'{key}' is nothing that a Will is made of")),
            None => Ok(()),
        }
    }

    fn publish(&mut self) -> Result<u8, String> {
        let qos = self.fields.number("qos", 3)?.unwrap_or_default() as u8;
        let dup = self.fields.flag("dup")?;
        let retain = self.fields.flag("retain")?;
        let topic = self.fields.data(data_keys!("topic"))?;
        put_text(&topic.unwrap_or_default(), self.out)?;
        self.packet_id(qos > 0)?;
        self.properties(false)?;
        let payload = self.fields.data(data_keys!("payload"))?;
        self.out.extend(payload.unwrap_or_default());
        Ok(u8::from(dup) << 3 | qos << 1 | u8::from(retain))
    }

    /// The Packet Identifier that is given, or 1 where one is needed; `null` or `none` leaves it out.
    fn packet_id(&mut self, is_wanted: bool) -> Result<(), String> {
        let given = self.fields.get("packet_id");
        let number = match given {
            Some(Value::String(none)) if none == "none" => return Ok(()),
            Some(value) => number("packet_id", value, 0xffff)? as u16,
            None if is_wanted && !self.fields.has("packet_id") => 1,
            None => return Ok(()),
        };
        self.out.extend(number.to_be_bytes());
        Ok(())
    }

    fn byte(&mut self, key: &'static str) -> Result<(), String> {
        let byte = self.fields.number(key, 0xff)?;
        self.out.push(byte.unwrap_or_default() as u8);
        Ok(())
    }

    /// Reason Code and properties, which 5.0 leaves out where they say nothing.
    fn short_end(&mut self) -> Result<(), String> {
        let reason = self.fields.number("reason_code", 0xff)?.unwrap_or_default();
        if self.version != Version::V5 {
            return Ok(());
        }
        let has_properties = self.fields.get("properties").is_some();
        if has_properties || reason != 0 {
            self.out.push(reason as u8);
        }
        self.properties(true)
    }

    /// Properties with their length; none before 5.0, and no length of none at the end of a
    /// packet.
    fn properties(&mut self, may_be_left_out: bool) -> Result<(), String> {
        let properties = self.fields.get("properties");
        let said = self
            .fields
            .number("property_length", MAX_REMAINING_LENGTH as u64)?;
        if self.version != Version::V5 {
            return match properties {
                Some(_) => Err("properties came with MQTT 5.0: add version 5.0".into()),
                None => Ok(()),
            };
        }
        let mut bytes = Vec::new();
        match properties {
            Some(Value::Object(properties)) => property::put(properties, &mut bytes)?,
            Some(_) => return Err("properties: give an object".into()),
            None if may_be_left_out && said.is_none() => return Ok(()),
            None => {}
        }
        variable(said.unwrap_or(bytes.len() as u64) as u32, 0, self.out);
        self.out.extend(bytes);
        Ok(())
    }

    fn filters(&mut self, with_options: bool) -> Result<(), String> {
        let qos_of_all = match with_options {
            true => self.fields.number("qos", 3)?.unwrap_or_default(),
            false => 0,
        };
        let filters = self.fields.get("filters").and_then(Value::as_array);
        for filter in filters.map(Vec::as_slice).unwrap_or_default() {
            let Value::Object(filter) = filter else {
                return Err(format!("filters: {filter} is no object with a filter"));
            };
            let filter = Fields::new(filter);
            put_text(
                &filter.data(data_keys!("filter"))?.unwrap_or_default(),
                self.out,
            )?;
            if with_options {
                let qos = filter.number("qos", 3)?.unwrap_or(qos_of_all) as u8;
                let handling = filter.number("retain_handling", 3)?.unwrap_or_default() as u8;
                let options = qos
                    | u8::from(filter.flag("no_local")?) << 2
                    | u8::from(filter.flag("retain_as_published")?) << 3
                    | handling << 4;
                let raw = filter.number("options", 0xff)?;
                self.out.push(raw.map_or(options, |raw| raw as u8));
            }
            if let Some(key) = filter.left_over() {
                return Err(format!("'{key}' is nothing that a Topic Filter comes with"));
            }
        }
        Ok(())
    }

    fn reason_codes(&mut self) -> Result<(), String> {
        let codes = self.fields.get("reason_codes").and_then(Value::as_array);
        for code in codes.map(Vec::as_slice).unwrap_or_default() {
            self.out.push(number("reason_codes", code, 0xff)? as u8);
        }
        Ok(())
    }
}
