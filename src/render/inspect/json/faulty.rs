//! The content of a faulty packet, as far as it can be read: each field as it is on the wire, under the
//! keys that a good packet has.

use crate::codec::{Field, FieldValue, PacketType, PropertyId, Row, Trace};
use crate::render::digits::decimal;
use crate::render::json::{Object, quoted};

/// A member and the fields that it may come from.
type Member = (&'static str, &'static [&'static str]);

const OF_CONNECT: [Member; 5] = [
    ("client_id", &["Client Identifier"]),
    ("username", &["User Name"]),
    ("password", &["Password"]),
    ("keep_alive", &["Keep Alive"]),
    ("clean_start", &["Clean Start", "Clean Session"]),
];
const OF_PUBLISH: [Member; 4] = [
    ("dup", &["DUP"]),
    ("qos", &["QoS"]),
    ("retain", &["RETAIN"]),
    ("topic", &["Topic Name"]),
];
const OF_WILL: [Member; 3] = [
    ("topic", &["Will Topic"]),
    ("qos", &["Will QoS"]),
    ("retain", &["Will Retain"]),
];

/// Writes the members of a packet that breaks rules, or ends too early, from its fields.
pub(super) fn write(object: &mut Object<'_>, trace: &Trace<'_>, secrets: bool) {
    members(object, trace, &OF_CONNECT, secrets);
    write_will(object, trace, secrets);
    if trace.packet_type == Some(PacketType::Publish) {
        members(object, trace, &OF_PUBLISH, secrets);
    }
    members(
        object,
        trace,
        &[("packet_id", &["Packet Identifier"])],
        secrets,
    );
    members(
        object,
        trace,
        &[("session_present", &["Session Present"])],
        secrets,
    );
    if has_reason_codes(trace.packet_type) {
        write_reason_codes(object, trace);
    } else {
        let names = &["Reason Code", "Return Code"];
        members(object, trace, &[("reason_code", names)], secrets);
    }
    write_filters(object, trace);
    if let Some(field) = field(trace, &["Payload"]) {
        payload(object, field);
    }
    properties(object, trace, "Properties", secrets);
}

/// The first field with one of these names.
fn field<'t, 'a>(trace: &'t Trace<'a>, names: &[&str]) -> Option<&'t Field<'a>> {
    let mut fields = trace.rows.iter().map(|row| &row.field);
    fields.find(|field| names.contains(&field.name))
}

fn members(object: &mut Object<'_>, trace: &Trace<'_>, members: &[Member], secrets: bool) {
    for (key, names) in members {
        if let Some(field) = field(trace, names) {
            member(object, key, field, secrets);
        }
    }
}

fn has_reason_codes(packet_type: Option<PacketType>) -> bool {
    matches!(packet_type, Some(PacketType::Suback | PacketType::Unsuback))
}

fn member(object: &mut Object<'_>, key: &str, field: &Field<'_>, secrets: bool) {
    let bytes = |object: &mut Object<'_>, bytes| {
        object.bytes(key, &format!("{key}_base64"), bytes);
    };
    match field.value {
        FieldValue::Number(number) => object.number(key, number.into()),
        FieldValue::Bits(byte) | FieldValue::PacketType(byte) => object.number(key, byte.into()),
        FieldValue::Flag(set) => object.boolean(key, set),
        FieldValue::Reason(code, _) => object.number(key, code.value().into()),
        FieldValue::Text(text) => object.string(key, text),
        FieldValue::IllFormed(data) | FieldValue::Binary(data) => bytes(object, data),
        FieldValue::Secret(hidden) if secrets => bytes(object, hidden.0),
        FieldValue::Secret(_) => object.string(key, "***"),
        FieldValue::Group | FieldValue::Pair(..) => {}
    }
}

fn payload(object: &mut Object<'_>, field: &Field<'_>) {
    if let FieldValue::Binary(payload) = field.value {
        object.bytes("payload", "payload_base64", payload);
        object.number("payload_len", payload.len() as u64);
    }
}

/// Topic Filters, each with the options that follow it.
fn write_filters(object: &mut Object<'_>, trace: &Trace<'_>) {
    let is_filter = |row: &Row<'_>| row.field.name == "Topic Filter";
    let Some(first) = trace.rows.iter().position(is_filter) else {
        return;
    };
    let mut rest = trace.rows.get(first..).unwrap_or_default();
    list(object, "filters", |object| {
        let (filter, after) = rest.split_first()?;
        let end = after.iter().position(is_filter).unwrap_or(after.len());
        let (options, next) = after.split_at_checked(end)?;
        rest = next;
        Object::write(object.out, object.escape, |object| {
            member(object, "filter", &filter.field, true);
            for Row { field, .. } in options {
                let key = match field.name {
                    "QoS" => "qos",
                    "No Local" => "no_local",
                    "Retain As Published" => "retain_as_published",
                    "Retain Handling" => "retain_handling",
                    _ => continue,
                };
                member(object, key, field, true);
            }
        });
        Some(())
    });
}

fn write_reason_codes(object: &mut Object<'_>, trace: &Trace<'_>) {
    let mut codes = trace.rows.iter().filter_map(|row| match row.field.value {
        FieldValue::Reason(code, _) => Some(code.value()),
        _ => None,
    });
    list(object, "reason_codes", |object| {
        decimal(object.out, codes.next()?.into());
        Some(())
    });
}

/// A list; `write` appends an element unless there is none any more.
fn list(object: &mut Object<'_>, key: &str, mut write: impl FnMut(&mut Object<'_>) -> Option<()>) {
    object.key(key);
    object.out.push(b'[');
    while write(object).is_some() {
        object.out.push(b',');
    }
    if object.out.last() == Some(&b',') {
        object.out.pop();
    }
    object.out.push(b']');
}

fn write_will(object: &mut Object<'_>, trace: &Trace<'_>, secrets: bool) {
    let is_flagged =
        |row: &Row<'_>| row.field.name == "Will Flag" && row.field.value == FieldValue::Flag(true);
    if !trace.rows.iter().any(is_flagged) {
        return;
    }
    object.key("will");
    Object::write(object.out, object.escape, |object| {
        members(object, trace, &OF_WILL, secrets);
        if let Some(field) = field(trace, &["Will Payload", "Will Message"]) {
            payload(object, field);
        }
        properties(object, trace, "Will Properties", secrets);
    });
}

/// The properties in the group of this name. Of one that is there twice, and must not be, the first
/// counts.
fn properties(object: &mut Object<'_>, trace: &Trace<'_>, group: &str, secrets: bool) {
    let begins = |row: &Row<'_>| row.field.name == group;
    let Some(at) = trace.rows.iter().position(begins) else {
        return;
    };
    let depth = trace.rows.get(at).map_or(0, |row| row.depth);
    let inner = trace.rows.iter().skip(at + 1);
    let found: Vec<(PropertyId, &Field<'_>)> = inner
        .take_while(|row| row.depth > depth)
        .filter_map(|row| Some((PropertyId::from_name(row.field.name)?, &row.field)))
        .collect();
    if found.is_empty() {
        return;
    }
    object.key("properties");
    Object::write(object.out, object.escape, |object| {
        for (index, (id, field)) in found.iter().enumerate() {
            let same = |other: &&(PropertyId, &Field<'_>)| other.0 == *id;
            if found.iter().take(index).any(|other| other.0 == *id) {
                continue;
            }
            match id {
                PropertyId::UserProperty => {
                    let mut pairs = found.iter().filter(same);
                    list(object, id.snake_name(), |object| {
                        pair(object, &pairs.next()?.1.value);
                        Some(())
                    });
                }
                PropertyId::SubscriptionIdentifier if found.iter().filter(same).count() > 1 => {
                    let mut numbers = found.iter().filter(same);
                    list(object, id.snake_name(), |object| {
                        if let FieldValue::Number(number) = numbers.next()?.1.value {
                            decimal(object.out, number.into());
                        }
                        Some(())
                    });
                }
                _ => member(object, id.snake_name(), field, secrets),
            }
        }
    });
}

fn pair(object: &mut Object<'_>, value: &FieldValue<'_>) {
    // This list has no place for text that is not UTF-8.
    let (name, value) = match value {
        FieldValue::Pair(name, value) => (*name, *value),
        _ => ("", ""),
    };
    object.out.push(b'[');
    quoted(object.out, name, object.escape);
    object.out.push(b',');
    quoted(object.out, value, object.escape);
    object.out.push(b']');
}
