//! The variable header and the payload of a packet, from the members of its object.

use serde_json::Value;

use super::fields::{Fields, data_keys, number};
use super::property;
use crate::codec::{MAX_REMAINING_LENGTH, PacketType, Version};

/// Appends a Variable Byte Integer of at least this many bytes.
pub(super) fn variable(mut number: u32, least: usize, out: &mut Vec<u8>) {
    let mut written = 1;
    while number >= 0x80 || written < least {
        out.push(number as u8 & 0x7f | 0x80);
        number >>= 7;
        written += 1;
    }
    out.push(number as u8);
}

/// Appends text or data, with its length before it.
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

/// Appends what follows the Fixed Header; returns the flags that belong into that.
pub(super) fn write_body(
    out: &mut Vec<u8>,
    fields: &Fields<'_>,
    kind: PacketType,
    version: Version,
) -> Result<u8, String> {
    let mut writer = Writer {
        fields,
        version,
        out,
    };
    writer.packet(kind)
}

struct Writer<'a> {
    fields: &'a Fields<'a>,
    version: Version,
    out: &'a mut Vec<u8>,
}

impl Writer<'_> {
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
