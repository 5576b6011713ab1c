//! Characters in four columns each, as `od -c` prints them.

use super::super::escaped;

/// Appends the bytes of a line.
pub(super) fn decode(rest: &str, out: &mut Vec<u8>) {
    let columns: Vec<char> = rest.chars().collect();
    for field in columns.chunks(4) {
        let text: String = field.iter().skip(1).collect();
        match text.trim_start() {
            "" => out.push(b' '),
            "**" => {}
            field => {
                if let Some(byte) = char_field(field) {
                    out.push(byte);
                }
            }
        }
    }
}

fn char_field(field: &str) -> Option<u8> {
    match field.strip_prefix('\\') {
        Some("0") => Some(0),
        Some(rest) => {
            let mut chars = rest.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => escaped::simple(c).or(Some(b'\\')),
                _ => Some(b'\\'),
            }
        }
        None if field.len() == 1 => field.bytes().next(),
        None => u8::from_str_radix(field, 8).ok(),
    }
}
