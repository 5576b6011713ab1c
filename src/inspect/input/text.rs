//! Text as it comes from editors, terminals and shells.

use std::borrow::Cow;

/// How much of a text is looked at to recognise its form.
const HEAD: usize = 64 * 1024;

/// Whether these are bytes and not text: control characters, or no Unicode.
#[must_use]
pub fn is_binary(input: &[u8]) -> bool {
    if utf16(input).is_some() {
        return false;
    }
    let head = input.get(..HEAD).unwrap_or(input);
    let is_text = match str::from_utf8(head) {
        Ok(_) => true,
        // The cut may have hit a character.
        Err(error) => error.error_len().is_none() && head.len() < input.len(),
    };
    // Terminals colour their output with escapes.
    let is_control = |&b: &u8| b < 0x20 && !b"\t\n\x0b\x0c\r\x1b".contains(&b) || b == 0x7f;
    !is_text || head.iter().any(is_control)
}

/// The text, without byte order mark and without the colours of a terminal.
pub(super) fn decode(input: &[u8]) -> Cow<'_, str> {
    let text = match utf16(input) {
        Some(text) => Cow::Owned(text),
        None => String::from_utf8_lossy(input.strip_prefix(b"\xef\xbb\xbf").unwrap_or(input)),
    };
    match text.contains('\x1b') {
        true => Cow::Owned(without_colours(&text)),
        false => text,
    }
}

/// The beginning of a text, up to a line end, where there is one.
pub(super) fn head(text: &str) -> &str {
    let mut end = text.len().min(HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let head = &text[..end];
    match head.rfind('\n') {
        Some(end) if head.len() < text.len() => &head[..end],
        _ => head,
    }
}

/// UTF-16, as PowerShell writes files.
fn utf16(input: &[u8]) -> Option<String> {
    let (mark, rest) = input.split_first_chunk::<2>()?;
    let unit: fn([u8; 2]) -> u16 = match mark {
        b"\xff\xfe" => u16::from_le_bytes,
        b"\xfe\xff" => u16::from_be_bytes,
        _ => return None,
    };
    let units = rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair));
    char::decode_utf16(units).collect::<Result<_, _>>().ok()
}

/// Leaves out escape sequences such as `ESC [ 1 ; 31 m`.
fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('\x1b');
    out.extend(pieces.next());
    for piece in pieces {
        let rest = piece.strip_prefix('[').map(|sequence| {
            let end = sequence.find(|c: char| ('@'..='~').contains(&c));
            end.map_or("", |end| &sequence[end + 1..])
        });
        out.push_str(rest.unwrap_or(piece));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_are_binary_and_dumps_are_text() {
        for packet in [&b"\xc0\0"[..], b"\x30\x03\0\x01a", b"\x10\x0c\0\x04MQTT"] {
            assert!(is_binary(packet));
        }
        for text in ["", "10 13\r\n\t00", "\x1b[1mc000\x1b[0m", "“10 13”"] {
            assert!(!is_binary(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn files_of_powershell_are_text() {
        let utf16: Vec<u8> = "\u{feff}10 13"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(!is_binary(&utf16));
        assert_eq!(decode(&utf16), "10 13");
        assert_eq!(decode(b"\xef\xbb\xbf10"), "10");
    }

    #[test]
    fn colours_are_left_out() {
        let coloured = b"00000000: \x1b[1;31m10\x1b[0m\x1b[1;32m13\x1b[0m";
        assert_eq!(decode(coloured), "00000000: 1013");
    }

    #[test]
    fn the_head_of_a_long_text_ends_with_a_line() {
        let text = "10 13 é\n".repeat(HEAD);
        assert!(head(&text).ends_with('é'));
        assert!(head(&text).len() <= HEAD);
        assert_eq!(head("10\n13"), "10\n13");
    }
}
