//! Text from strangers, as a log line shows it.

use std::fmt;

/// Characters that are shown. Enough to recognise a client or a topic; 65,535 bytes, as a client
/// may send, would fill a log, and a pipe that nobody reads.
const SHOWN: usize = 200;

/// Text in quotation marks, escaped so that it stays on its line and shortened if it is long.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(SHOWN) {
            None => write!(f, "{:?}", self.0),
            Some((end, _)) => {
                let (shown, rest) = self.0.split_at(end);
                write!(f, "{shown:?}… (and {} bytes)", rest.len())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped_and_shortened() {
        assert_eq!(Quoted("a\n\u{1b}").to_string(), r#""a\n\u{1b}""#);
        let longest = "ä".repeat(SHOWN);
        assert_eq!(Quoted(&longest).to_string(), format!("\"{longest}\""));
        let longer = format!("{longest}ü€");
        let shown = format!("\"{longest}\"… (and 5 bytes)");
        assert_eq!(Quoted(&longer).to_string(), shown);
    }
}
