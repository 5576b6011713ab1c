//! Text with escapes: `"\x10\x13\0\x04MQTT"`, `b'\x10…'`, `\u0010`.

/// What digits right behind a backslash are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// Octal, as in C and most languages after it.
    Octal,
    /// Decimal, as in Lua.
    Decimal,
}

/// The bytes of the string literals in a text, or of all of it if there are none.
pub(super) fn read(text: &str, digits: Digits) -> Option<Vec<u8>> {
    if !text.contains('\\') || digits == Digits::Decimal && !has_decimal_escapes(text) {
        return None;
    }
    let mut out = Vec::new();
    for literal in literals(text) {
        unescape(literal, digits, &mut out);
    }
    if out.is_empty() {
        unescape(text.trim(), digits, &mut out);
    }
    (!out.is_empty()).then_some(out)
}

/// Whether an escape is of digits of which one is not octal.
fn has_decimal_escapes(text: &str) -> bool {
    text.split('\\').skip(1).any(|escape| {
        let mut digits = escape.bytes().take(3).take_while(u8::is_ascii_digit);
        digits.any(|digit| digit >= b'8')
    })
}

/// Whether escapes are nearly all that there is: a text that was copied without its quotes.
pub(super) fn is_bare(text: &str) -> bool {
    let text = text.trim();
    // One `\x` before all digits is how PostgreSQL shows bytes.
    let is_all_digits = |rest: &str| {
        rest.len() > 2
            && rest.len().is_multiple_of(2)
            && rest.bytes().all(|b| b.is_ascii_hexdigit())
    };
    text.starts_with('\\')
        && !text.contains([' ', ',', '\n'])
        && !text.strip_prefix("\\x").is_some_and(is_all_digits)
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
pub(super) fn unescape(text: &str, digits: Digits, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((plain, escape)) = rest.split_once('\\') {
        out.extend_from_slice(plain.as_bytes());
        let Some(kind) = escape.chars().next() else {
            out.push(b'\\');
            return;
        };
        let after = &escape[kind.len_utf8()..];
        rest = match kind {
            'x' | 'X' => hexadecimal(after, out),
            'u' => unicode(after, out),
            '0'..='9' if digits == Digits::Decimal => numeric(escape, 10, 3, out),
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

/// A byte in at most this many digits; returns what follows.
fn numeric<'a>(text: &'a str, radix: u32, most: usize, out: &mut Vec<u8>) -> &'a str {
    let len = text
        .chars()
        .take(most)
        .take_while(|c| c.is_digit(radix))
        .count();
    let (digits, rest) = text.split_at(len);
    // Three digits go beyond a byte; its low eight bits count, as in C.
    out.extend(u32::from_str_radix(digits, radix).ok().map(|n| n as u8));
    rest
}

/// `\x1d`, or `\x{1d}` as in Perl.
fn hexadecimal<'a>(text: &'a str, out: &mut Vec<u8>) -> &'a str {
    let byte = in_braces(text).filter(|(digits, _)| (1..=2).contains(&digits.len()));
    match byte.map(|(digits, rest)| (u8::from_str_radix(digits, 16), rest)) {
        Some((Ok(byte), rest)) => {
            out.push(byte);
            rest
        }
        _ => numeric(text, 16, 2, out),
    }
}

/// What stands in the braces at the beginning of a text, and what follows them.
fn in_braces(text: &str) -> Option<(&str, &str)> {
    /// The highest character is U+10FFFF.
    const LONGEST: usize = 6;
    let inner = text.strip_prefix('{')?;
    let end = inner.bytes().take(LONGEST + 1).position(|b| b == b'}')?;
    Some((&inner[..end], &inner[end + 1..]))
}

/// `\u0010` or `\u{10}`: up to U+00FF a byte, else the character's UTF-8.
fn unicode<'a>(text: &'a str, out: &mut Vec<u8>) -> &'a str {
    let (digits, rest) = match in_braces(text) {
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
        assert_eq!(read(text, Digits::Octal).as_deref(), Some(bytes), "{text}");
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
        reads(r#""\x{c0}\x{0}""#, b"\xc0\0");
    }

    #[test]
    fn decimal_escapes_are_read_where_digits_show_them() {
        let read = |text| read(text, Digits::Decimal);
        assert_eq!(
            read(r#""\16\19\0\4MQTT\049""#).as_deref(),
            Some(&b"\x10\x13\0\x04MQTT1"[..])
        );
        assert_eq!(read(r"\16\17\0"), None);
    }

    #[test]
    fn one_escape_before_digits_is_no_text() {
        assert!(is_bare(r"\xc0\x00") && is_bare(r"\xc0a"));
        assert!(!is_bare(r"\xc000d000") && !is_bare("c0 00"));
    }

    #[test]
    fn text_without_escapes_is_none() {
        assert_eq!(read("10 13 00", Digits::Octal), None);
        assert_eq!(read("\"abc\"", Digits::Octal), None);
    }

    #[test]
    fn broken_escapes_are_survived() {
        reads(r"\xc0\x", b"\xc0");
        reads("\\xc0\\", b"\xc0\\");
        reads(r"\u12\u{zz}\xc0", b"\x12\xc0");
        reads(r"\é", "é".as_bytes());
    }
}
