//! Every field of a packet with its place and value: `--fields`.

use crate::codec::{Field, FieldValue, Trace};
use crate::render::digits::decimal;
use crate::render::inspect::Options;
use crate::render::json::{Object, quoted};

/// Appends the list of a packet's fields, each with those that are in it.
pub(super) fn write(out: &mut Vec<u8>, trace: &Trace<'_>, options: Options) {
    let mut at = 0;
    list(out, trace, &mut at, 0, options);
}

/// Appends the fields from `at` on that are at this depth or deeper.
fn list(out: &mut Vec<u8>, trace: &Trace<'_>, at: &mut usize, depth: u8, options: Options) {
    out.push(b'[');
    let mut is_first = true;
    while let Some(row) = trace.rows.get(*at).filter(|row| row.depth >= depth) {
        if !is_first {
            out.push(b',');
        }
        is_first = false;
        *at += 1;
        Object::write(out, options.style.escape, |object| {
            object.string("name", row.field.name);
            object.number("offset", row.field.offset.into());
            object.number("len", row.field.len.into());
            if let Some((high, low)) = row.field.bits {
                object.key("bits");
                object.out.push(b'[');
                decimal(object.out, high.into());
                object.out.push(b',');
                decimal(object.out, low.into());
                object.out.push(b']');
            }
            value(object, &row.field, options);
            let has_inner = trace
                .rows
                .get(*at)
                .is_some_and(|next| next.depth > row.depth);
            if has_inner {
                object.key("fields");
                list(object.out, trace, at, row.depth + 1, options);
            }
        });
    }
    out.push(b']');
}

fn value(object: &mut Object<'_>, field: &Field<'_>, options: Options) {
    match field.value {
        FieldValue::Group => {}
        FieldValue::Number(number) => object.number("value", number.into()),
        FieldValue::Bits(byte) => object.number("value", byte.into()),
        FieldValue::Flag(set) => object.boolean("value", set),
        FieldValue::PacketType(number) => object.number("value", number.into()),
        FieldValue::Reason(code, _) => object.number("value", code.value().into()),
        FieldValue::Text(text) => object.string("value", text),
        FieldValue::Pair(name, value) => {
            object.key("value");
            object.out.push(b'[');
            quoted(object.out, name, object.escape);
            object.out.push(b',');
            quoted(object.out, value, object.escape);
            object.out.push(b']');
        }
        FieldValue::IllFormed(bytes) | FieldValue::Binary(bytes) => {
            object.bytes("value", "value_base64", bytes);
        }
        FieldValue::Secret(hidden) if options.show_secrets => {
            object.bytes("value", "value_base64", hidden.0);
        }
        FieldValue::Secret(_) => object.string("value", "***"),
    }
}
