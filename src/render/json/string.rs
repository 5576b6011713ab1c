//! JSON strings.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::render::digits::Case;
use crate::render::escape::is_hazard;

/// Appends a string in quotes; with `escape`, nothing in it is left for a terminal to obey.
pub(in crate::render) fn quoted(out: &mut Vec<u8>, text: &str, escape: bool) {
    out.push(b'"');
    let mut rest = text;
    loop {
        let plain = match escape {
            false => plain_prefix(rest.as_bytes()),
            true => rest
                .find(|c| is_hazard(c) || c == '"' || c == '\\')
                .unwrap_or(rest.len()),
        };
        out.extend_from_slice(&rest.as_bytes()[..plain]);
        let mut chars = rest[plain..].chars();
        match chars.next() {
            Some(c) => write_escaped(out, c),
            None => break,
        }
        rest = chars.as_str();
    }
    out.push(b'"');
}

/// Appends JSON text with its hazards escaped; they can only stand in strings.
pub(in crate::render) fn escape_hazards(out: &mut Vec<u8>, json: &[u8]) {
    for c in String::from_utf8_lossy(json).chars() {
        if is_hazard(c) {
            write_escaped(out, c);
        } else {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

/// Appends bytes in base64, in quotes.
pub(super) fn base64(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'"');
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, 0);
    // It has just the length that is needed.
    let written = STANDARD.encode_slice(bytes, &mut out[start..]).unwrap_or(0);
    out.truncate(start + written);
    out.push(b'"');
}

/// How many bytes at the start need no escape.
fn plain_prefix(text: &[u8]) -> usize {
    // Sixteen at a time without a branch, which the compiler turns into vector instructions.
    let (chunks, _) = text.as_chunks::<16>();
    let plain = chunks
        .iter()
        .take_while(|chunk| {
            !chunk
                .iter()
                .fold(false, |any, &byte| any | is_special(byte))
        })
        .count()
        * 16;
    let rest = &text[plain..];
    plain + rest.iter().take_while(|&&byte| !is_special(byte)).count()
}

fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

fn write_escaped(out: &mut Vec<u8>, c: char) {
    let short = match c {
        '"' => b'"',
        '\\' => b'\\',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        _ => {
            for &mut unit in c.encode_utf16(&mut [0; 2]) {
                let [high, low] = unit.to_be_bytes();
                out.extend_from_slice(b"\\u");
                out.extend_from_slice(&Case::Lower.hex(high));
                out.extend_from_slice(&Case::Lower.hex(low));
            }
            return;
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str, escape: bool) -> String {
        let mut out = Vec::new();
        quoted(&mut out, text, escape);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn bytes_of_every_length_have_their_base64() {
        for (bytes, expected) in [
            (&b""[..], r#""""#),
            (b"f", r#""Zg==""#),
            (b"fo", r#""Zm8=""#),
            (b"foo", r#""Zm9v""#),
        ] {
            let mut out = Vec::new();
            base64(&mut out, bytes);
            assert_eq!(out, expected.as_bytes());
        }
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped_on_request() {
        assert_eq!(written("a\u{7f}\u{202e}", true), r#""a\u007f\u202e""#);
        assert_eq!(written("a\u{7f}\u{202e}", false), "\"a\u{7f}\u{202e}\"");
    }

    proptest! {
        #[test]
        fn is_what_serde_json_writes(text in any::<String>()) {
            prop_assert_eq!(written(&text, false), serde_json::to_string(&text).expect("JSON"));
        }

        #[test]
        fn long_text_is_too(text in "[a-z]{0,40}[\\x00-\\x7f]{0,8}[a-zé]{0,40}") {
            prop_assert_eq!(written(&text, false), serde_json::to_string(&text).expect("JSON"));
        }

        #[test]
        fn escapes_do_not_change_the_value(text in any::<String>()) {
            let line = written(&text, true);
            prop_assert!(!line.chars().any(is_hazard));
            prop_assert_eq!(serde_json::from_str::<String>(&line).expect("JSON"), text);
        }
    }
}
