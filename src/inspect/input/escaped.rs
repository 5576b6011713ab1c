//! Text with escapes: `"\x10\x13\0\x04MQTT"`, `b'\x10…'`, `\u0010`.

/// The bytes of the string literals in a text, or of all of it if there are none.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    if !text.contains('\\') {
        return None;
    }
    let mut out = Vec::new();
    for literal in literals(text) {
        unescape(literal, &mut out);
    }
    if out.is_empty() {
        unescape(text.trim(), &mut out);
    }
    (!out.is_empty()).then_some(out)
}

/// Whether a text has string literals with escapes in them.
pub(super) fn has_literals(text: &str) -> bool {
    literals(text).next().is_some()
}

/// What stands between quotes, if an escape is in it or a `b` before it.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let open = rest.find(['"', '\''])?;
            let before = rest[..open].chars().next_back();
            let quote = rest[open..].chars().next()?;
            let inside = &rest[open + 1..];
            let end = end_of(inside, quote);
            let literal = &inside[..end];
            rest = inside.get(end + 1..).unwrap_or_default();
            if literal.contains('\\') || matches!(before, Some('b' | 'B')) {
                return Some(literal);
            }
        }
    })
}

/// Where the quote stands that ends a literal.
fn end_of(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    inside.len()
}

/// Appends the bytes that a text with escapes stands for.
pub(super) fn unescape(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.extend_from_slice(plain.as_bytes());
        let Some(kind) = escape.chars().next() else {
            out.push(b'\\');
            return;
        };
        let after = &escape[kind.len_utf8()..];
        rest = match kind {
            'x' | 'X' => numeric(after, 16, 2, out),
            'u' => unicode(after, out),
            '0'..='7' => numeric(escape, 8, 3, out),
            // A line that goes on in the next.
            '\n' => after,
            _ => {
                out.extend(simple(kind));
                if simple(kind).is_none() {
                    out.extend_from_slice(kind.encode_utf8(&mut [0; 4]).as_bytes());
                }
                after
            }
        };
    }
    out.extend_from_slice(rest.as_bytes());
}

/// The byte of an escape of one letter.
pub(super) fn simple(kind: char) -> Option<u8> {
    Some(match kind {
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'a' => 0x07,
        'b' => 0x08,
        'v' => 0x0b,
        'f' => 0x0c,
        'e' => 0x1b,
        _ => return None,
    })
}

/// A byte in so many digits at most; returns what follows.
fn numeric<'a>(text: &'a str, radix: u32, most: usize, out: &mut Vec<u8>) -> &'a str {
    let len = text
        .chars()
        .take(most)
        .take_while(|c| c.is_digit(radix))
        .count();
    let (digits, rest) = text.split_at(len);
    // Octal escapes go up to \777; their low byte counts, as in C.
    out.extend(u32::from_str_radix(digits, radix).ok().map(|n| n as u8));
    rest
}

/// `\u0010` or `\u{10}`: up to U+00FF a byte, else the character's UTF-8.
fn unicode<'a>(text: &'a str, out: &mut Vec<u8>) -> &'a str {
    let (digits, rest) = match text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        Some(split) => split,
        None => {
            let len = text
                .chars()
                .take(4)
                .take_while(char::is_ascii_hexdigit)
                .count();
            text.split_at(len)
        }
    };
    match u32::from_str_radix(digits, 16) {
        Ok(byte @ 0..=0xff) => out.push(byte as u8),
        Ok(other) => {
            let c = char::from_u32(other).unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Err(_) => {}
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, bytes: &[u8]) {
        assert_eq!(read(text).as_deref(), Some(bytes), "{text}");
    }

    #[test]
    fn literals_of_many_languages_are_read() {
        reads(
            r"b'\x10\x13\x00\x04MQTT\x05\x02\x00<'",
            b"\x10\x13\0\x04MQTT\x05\x02\0<",
        );
        reads(r#"data = b"\xc0\x00" # ping"#, b"\xc0\0");
        reads(r#""\u0010\u00ff\n\t\"""#, b"\x10\xff\n\t\"");
        reads(r"'\020\023\0\04'", b"\x10\x13\0\x04");
        reads("\"\\x10\\x13\" \\\n\"\\x00\"", b"\x10\x13\0");
        reads(r"printf '\xc0\x00' | nc localhost 1883", b"\xc0\0");
        reads(r"\xc0\x00", b"\xc0\0");
        reads(r"\u{c0}\0\\", b"\xc0\0\\");
        reads(r"bytearray(b'0\x03\x00\x01a')", b"0\x03\0\x01a");
    }

    #[test]
    fn text_without_escapes_is_none() {
        assert_eq!(read("10 13 00"), None);
        assert_eq!(read("\"abc\""), None);
    }

    #[test]
    fn broken_escapes_are_survived() {
        reads(r"\xc0\x", b"\xc0");
        reads("\\xc0\\", b"\xc0\\");
        reads(r"\u12\u{zz}\xc0", b"\x12\xc0");
        reads(r"\é", "é".as_bytes());
    }
}
