//! Base64, of either alphabet, with or without its padding.

use ::base64::Engine as _;
use ::base64::alphabet::{STANDARD, URL_SAFE};
use ::base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Reads base64: one text over several lines, or one on each line.
pub(super) fn read(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let text = match text.split_once(";base64,") {
        Some((head, data)) if head.starts_with("data:") => data,
        _ => text,
    };
    let text = text.trim_matches(|c: char| c == '"' || c == '\'' || c == ',' || c == ';');
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let (last, before) = lines.split_last()?;
    let widths = before.iter().map(|line| line.len());
    let is_wrapped = match widths.clone().max() {
        Some(width) => widths.min() == Some(width) && last.len() <= width,
        None => !last.is_empty(),
    };
    let joined = is_wrapped.then(|| decode(&lines.concat())).flatten();
    joined.or_else(|| {
        let lines = lines.iter().filter(|line| !line.is_empty());
        let lines: Vec<_> = lines.map(|line| decode(line)).collect::<Option<_>>()?;
        (!lines.is_empty()).then(|| lines.concat())
    })
}

/// Reads the longest word of a text that may be base64.
pub(super) fn longest_word(text: &str) -> Option<Vec<u8>> {
    /// Less is no packet that says anything.
    const SHORTEST: usize = 4;
    let is_digit = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
    let words = text.split(|c| !is_digit(c));
    // `data=EBMA…` has a key before it.
    let words = words.map(|word| match word.trim_end_matches('=').rsplit_once('=') {
        Some((key, _)) => &word[key.len() + 1..],
        None => word,
    });
    let word = words.max_by_key(|word| word.len())?;
    decode(word).filter(|_| word.len() >= SHORTEST)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = match text.contains(['-', '_']) {
        true => &URL_SAFE,
        false => &STANDARD,
    };
    GeneralPurpose::new(alphabet, CONFIG).decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_alphabet_is_read() {
        for text in ["+/8=", "-_8=", "-_8", " \"+/8=\" ", "data:;base64,+/8="] {
            assert_eq!(read(text), Some(vec![0xfb, 0xff]), "{text}");
        }
    }

    #[test]
    fn lines_are_one_text_or_each_their_own() {
        assert_eq!(read("wADA\nAA=="), Some(vec![0xc0, 0, 0xc0, 0]));
        assert_eq!(read("wAA=\nwAA=\n"), Some(vec![0xc0, 0, 0xc0, 0]));
    }

    #[test]
    fn the_longest_word_is_read() {
        for text in [
            "data: wADAAA==",
            "{\"data\": \"wADAAA\"}",
            "a=wADAAA==",
            "x wADAAA= y",
        ] {
            assert_eq!(longest_word(text), Some(vec![0xc0, 0, 0xc0, 0]), "{text}");
        }
        assert_eq!(longest_word("a wAA"), None);
    }

    #[test]
    fn what_is_none_is_not_read() {
        for text in ["", "a", "10:13", "{}", "=", "é", "no words"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
