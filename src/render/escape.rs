//! Text from strangers, made harmless for a terminal.
//!
//! A published payload can contain escape sequences that rewrite the screen, or make the terminal answer
//! as if the user had typed, and bidirectional controls that change the order of text. On a terminal
//! these are made visible; a pipe gets the bytes unchanged.

use super::digits::Case;

/// Whether a terminal would obey this character rather than show it.
pub(super) fn is_hazard(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Which control characters are passed on to a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// None: the text stays on one line (for topics and property values).
    Nothing,
    /// Line feeds and tabs, with which the author has laid out the text (for payloads).
    Layout,
}

/// Appends text with hazards written as `\n`, `\x1b` or `\u{202e}`, and bytes that are not UTF-8
/// as `\xff`.
pub(super) fn visible(out: &mut Vec<u8>, text: &[u8], keep: Keep) {
    if text.iter().all(is_plain) {
        return out.extend_from_slice(text);
    }
    let obeyed = |c: char| match keep {
        Keep::Nothing => is_hazard(c),
        Keep::Layout => is_hazard(c) && c != '\n' && c != '\t',
    };
    for chunk in text.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| obeyed(*c)) {
            out.extend_from_slice(&rest.as_bytes()[..at]);
            show(out, c);
            rest = &rest[at + c.len_utf8()..];
        }
        out.extend_from_slice(rest.as_bytes());
        for &byte in chunk.invalid() {
            show_byte(out, byte);
        }
    }
}

/// Appends text in quotes, on one line: like [`visible`], and with its quotes and backslashes escaped.
pub(super) fn quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for part in text.split_inclusive(|byte| matches!(byte, b'"' | b'\\')) {
        match part {
            [before @ .., last @ (b'"' | b'\\')] => {
                visible(out, before, Keep::Nothing);
                out.extend_from_slice(&[b'\\', *last]);
            }
            rest => visible(out, rest, Keep::Nothing),
        }
    }
    out.push(b'"');
}

/// Whether a byte is itself on a terminal. Most texts have no other.
fn is_plain(byte: &u8) -> bool {
    (0x20..0x7f).contains(byte)
}

fn show(out: &mut Vec<u8>, c: char) {
    match c {
        '\0' => out.extend_from_slice(b"\\0"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        c if c.is_ascii() => show_byte(out, c as u8),
        c => out.extend(c.escape_unicode().map(|c| c as u8)),
    }
}

fn show_byte(out: &mut Vec<u8>, byte: u8) {
    out.extend_from_slice(b"\\x");
    out.extend_from_slice(&Case::Lower.hex(byte));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &[u8], keep: Keep) -> String {
        let mut out = Vec::new();
        visible(&mut out, text, keep);
        String::from_utf8(out).expect("always UTF-8")
    }

    #[test]
    fn escape_sequences_are_shown() {
        assert_eq!(shown(b"\x1b]0;x\x07", Keep::Layout), r"\x1b]0;x\x07");
        assert_eq!(
            shown("\u{9b}2J\x7f".as_bytes(), Keep::Layout),
            r"\u{9b}2J\x7f"
        );
    }

    #[test]
    fn bidirectional_controls_are_shown() {
        assert_eq!(
            shown("a\u{202e}b\u{2066}".as_bytes(), Keep::Layout),
            r"a\u{202e}b\u{2066}"
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_shown() {
        assert_eq!(shown(b"a\xff\xc3(", Keep::Nothing), r"a\xff\xc3(");
    }

    #[test]
    fn payloads_keep_their_layout_and_topics_stay_on_a_line() {
        assert_eq!(shown(b"a\n\tb\r\n", Keep::Layout), "a\n\tb\\r\n");
        assert_eq!(shown(b"a\n\tb\0", Keep::Nothing), r"a\n\tb\0");
    }

    #[test]
    fn quotes_and_backslashes_are_escaped_in_quotes() {
        let mut out = Vec::new();
        quoted(&mut out, "a\"b\\é\n\u{1b}\\".as_bytes());
        quoted(&mut out, b"plain");
        let expected = r#""a\"b\\é\n\x1b\\""plain""#;
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn ordinary_text_passes() {
        let text = "21.5 °C — Привет, 世界 👩‍🚀";
        assert_eq!(shown(text.as_bytes(), Keep::Nothing), text);
    }

    proptest! {
        #[test]
        fn nothing_hazardous_is_left(text in prop::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(!shown(&text, Keep::Nothing).chars().any(is_hazard));
        }
    }
}
