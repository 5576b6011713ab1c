//! The words of a list of bytes.

use super::super::escaped::{self, Digits};

/// A piece of a text that may list bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A byte that says its own base: `0x1d`, `1dh`, `'M'`, `0b101`.
    Byte(u8),
    /// Digits, up to `f`, whose base is yet to be found.
    Digits(&'a str),
    /// A number below zero.
    Negative(&'a str),
    /// A letter that is no hexadecimal digit, or a sign between commas: perhaps itself.
    Letter(char),
    /// What stands in quotes, its escapes as they are.
    Quoted(&'a str),
    /// Any other word.
    Word(&'a str),
    /// An opening bracket; whether a name stands right before it, as in `pkt[21]`.
    Open(char, bool),
    /// A closing bracket.
    Close(char),
    /// A colon: what is quoted before it is a key.
    Colon,
    /// A line ends.
    NewLine,
}

/// Splits a text, without its comments.
pub(super) fn tokens(text: &str) -> Tokens<'_> {
    Tokens {
        rest: text,
        after_name: false,
        after_comma: false,
        line_comments: has_line_comments(text),
        depth: 0,
        closing: None,
        unclosed: [usize::MAX; 2],
    }
}

pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// Whether a name ends right here.
    after_name: bool,
    after_comma: bool,
    line_comments: bool,
    /// How many brackets are open; parentheses, which hold the arguments of functions, do not count.
    depth: usize,
    /// The end of quotes whose inside is read as if they were not there.
    closing: Option<char>,
    /// Of `'` and of `"`: how much of the text is left behind the line in which one has no end.
    unclosed: [usize; 2],
}

/// Whether `//` begins a comment: not where it stands in every address.
fn has_line_comments(text: &str) -> bool {
    text.contains("//") && !text.contains("://")
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = self.rest;
            let after_name = std::mem::take(&mut self.after_name);
            let after_comma = std::mem::take(&mut self.after_comma);
            let c = rest.chars().next()?;
            let after = &rest[c.len_utf8()..];
            if let Some(comment) = rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/").map_or("", |(_, after)| after);
                continue;
            }
            if self.line_comments && rest.starts_with("//") || rest.starts_with("# ") {
                self.rest = rest.find('\n').map_or("", |end| &rest[end..]);
                continue;
            }
            self.rest = after;
            let is_alone = after.is_empty() || after.starts_with([',', '\n', '\r']);
            if after_comma && is_alone && "/#+$.*-_".contains(c) {
                return Some(Token::Letter(c));
            }
            self.after_comma = c == ',' || after_comma && c == ' ';
            if self.closing == Some(c) {
                self.closing = None;
                continue;
            }
            if c == '('
                && let Some(rest) = after_cast(after)
            {
                self.rest = rest;
                continue;
            }
            if c == '.'
                && after_name
                && let Some(rest) = after_method(after)
            {
                self.rest = rest;
                continue;
            }
            return Some(match c {
                '\n' => Token::NewLine,
                '{' | '[' | '(' | '<' => {
                    self.depth += usize::from(c != '(');
                    Token::Open(c, after_name)
                }
                '}' | ']' | ')' | '>' => {
                    self.depth = self.depth.saturating_sub(usize::from(c != ')'));
                    Token::Close(c)
                }
                ':' => Token::Colon,
                '\'' | '"' => match self.quoted(c) {
                    Some(token) => token,
                    None => continue,
                },
                // A sign, or a dash between two bytes.
                '-' if !after_name && after.starts_with(|c: char| c.is_ascii_digit()) => {
                    let (digits, rest) = split_word(after);
                    self.rest = rest;
                    match digits.bytes().all(|b| b.is_ascii_digit()) {
                        true => Token::Negative(digits),
                        false => {
                            self.rest = after;
                            continue;
                        }
                    }
                }
                '$' | '%' | '\\' | '#' | '&' => match sigil(after) {
                    Some((byte, rest)) => {
                        self.rest = rest;
                        Token::Byte(byte)
                    }
                    None => continue,
                },
                c if is_word(c) => {
                    let (word, rest) = split_word(rest);
                    self.rest = rest;
                    self.after_name = true;
                    self::word(word)
                }
                _ => continue,
            });
        }
    }
}

impl<'a> Tokens<'a> {
    /// What stands in quotes, up to the end of the line.
    fn quoted(&mut self, quote: char) -> Option<Token<'a>> {
        let unclosed = &mut self.unclosed[usize::from(quote == '"')];
        // What this line has no end for it has none for further on.
        if self.rest.len() >= *unclosed {
            return None;
        }
        let mut escaped = false;
        let end = self.rest.char_indices().find(|&(_, c)| {
            let is_end = c == '\n' || c == quote && !escaped;
            escaped = c == '\\' && !escaped;
            is_end
        });
        let (end, closing) = end.unwrap_or((self.rest.len(), '\n'));
        let inside = &self.rest[..end];
        if closing == '\n' {
            // An apostrophe, or a quote that was not copied.
            *unclosed = self.rest.len() - end;
            return None;
        }
        if is_digits(inside) && (self.depth == 0 || inside.starts_with("0x")) {
            self.closing = Some(quote);
            return None;
        }
        self.rest = self.rest.get(end + 1..)?;
        let mut bytes = Vec::new();
        escaped::unescape(inside, Digits::Octal, &mut bytes);
        Some(match (quote, &bytes[..]) {
            ('\'', &[byte]) => Token::Byte(byte),
            _ => Token::Quoted(inside),
        })
    }
}

/// Whether a text in quotes is digits in turn.
fn is_digits(text: &str) -> bool {
    let is_digit = |b: u8| b.is_ascii_hexdigit() || b"xX ,:-".contains(&b);
    text.len() >= 2 && text.bytes().all(is_digit)
}

/// What follows the `byte)` of a cast.
fn after_cast(text: &str) -> Option<&str> {
    const LONGEST: usize = 32;
    let end = text.bytes().take(LONGEST).position(|b| b == b')')?;
    let (name, rest) = (&text[..end], &text[end + 1..]);
    let is_name = name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b" _".contains(&b))
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.bytes().all(|b| b.is_ascii_hexdigit() || b == b' ');
    is_name.then_some(rest)
}

/// What follows the name of a method, as in `0x10.toByte()`.
fn after_method(text: &str) -> Option<&str> {
    let (name, rest) = split_word(text);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && !name.bytes().all(|b| b.is_ascii_hexdigit());
    is_name.then_some(rest)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn split_word(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !is_word(c)).unwrap_or(text.len()))
}

/// A byte after one of `$1d`, `%1d`, `\x1d`, `#1d`, `&h1d`.
fn sigil(text: &str) -> Option<(u8, &str)> {
    let digits = text.strip_prefix(['x', 'X', 'h', 'H']).unwrap_or(text);
    let len = digits.chars().take(2).take_while(char::is_ascii_hexdigit);
    let (digits, rest) = digits.split_at(len.count());
    Some((u8::from_str_radix(digits, 16).ok()?, rest))
}

/// What a word is by itself.
fn word(word: &str) -> Token<'_> {
    let hex = |digits: &str| u8::from_str_radix(digits, 16).ok();
    if let Some(digits) = word.strip_prefix("0x").or(word.strip_prefix("0X")) {
        // Rust and C write the type behind: 0x1du8, 0x1dU.
        let digits = digits.trim_end_matches("u8").trim_end_matches(['U', 'u']);
        return match hex(digits) {
            Some(byte) => Token::Byte(byte),
            // All of them after one prefix.
            None => digits_or_word(digits, word),
        };
    }
    let binary = word.strip_prefix("0b").or(word.strip_prefix("0B"));
    if let Some(byte) = binary
        .filter(|digits| digits.len() >= 4)
        .and_then(|digits| u8::from_str_radix(digits, 2).ok())
    {
        return Token::Byte(byte);
    }
    if let Some(digits) = word.strip_suffix(['h', 'H'])
        && let Some(byte) = hex(digits)
    {
        return Token::Byte(byte);
    }
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if c.is_ascii_alphabetic() && !c.is_ascii_hexdigit() => Token::Letter(c),
        _ => digits_or_word(word, word),
    }
}

fn digits_or_word<'a>(digits: &'a str, word: &'a str) -> Token<'a> {
    match !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => Token::Digits(digits),
        false => Token::Word(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Token<'_>> {
        tokens(text).collect()
    }

    #[test]
    fn bytes_that_say_their_base() {
        let text = r"0x1d 0X2, 1Dh $1d %1d \x1d 0b00011101 0x1du8 'M' '\0' '\x1d' 16#1d";
        let bytes: Vec<_> = all(text)
            .into_iter()
            .filter_map(|token| match token {
                Token::Byte(byte) => Some(byte),
                _ => None,
            })
            .collect();
        let expected = [
            0x1d, 2, 0x1d, 0x1d, 0x1d, 0x1d, 0x1d, 0x1d, b'M', 0, 0x1d, 0x1d,
        ];
        assert_eq!(bytes, expected);
    }

    #[test]
    fn signs_and_dashes() {
        assert_eq!(
            all("-112,-5"),
            [Token::Negative("112"), Token::Negative("5")]
        );
        assert_eq!(all("10-13"), [Token::Digits("10"), Token::Digits("13")]);
        assert_eq!(all("-0x10"), [Token::Byte(16)]);
    }

    #[test]
    fn comments_are_left_out_and_addresses_are_not() {
        assert_eq!(
            all("0x10, // type, 1\n/* 99 */ 0x20 # end 3"),
            [Token::Byte(16), Token::NewLine, Token::Byte(32)]
        );
        assert_eq!(all("mqtt://a 10").last(), Some(&Token::Digits("10")));
    }

    #[test]
    fn words_letters_and_brackets() {
        assert_eq!(
            all("pkt[2] = {M, \"MQTT\": don't"),
            [
                Token::Word("pkt"),
                Token::Open('[', true),
                Token::Digits("2"),
                Token::Close(']'),
                Token::Open('{', false),
                Token::Letter('M'),
                Token::Quoted("MQTT"),
                Token::Colon,
                Token::Word("don"),
                Token::Letter('t'),
            ]
        );
        assert_eq!(all("MQTT"), [Token::Word("MQTT")]);
    }

    #[test]
    fn names_of_methods_are_left_out() {
        assert_eq!(
            all("0x10.toByte(), 10.c0"),
            [
                Token::Byte(16),
                Token::Open('(', false),
                Token::Close(')'),
                Token::Digits("10"),
                Token::Digits("c0"),
            ]
        );
    }

    #[test]
    fn a_quote_without_end_is_searched_for_once_a_line() {
        let text = r"'\'".repeat(1 << 19) + "\n'M'";
        assert_eq!(all(&text).last(), Some(&Token::Byte(b'M')));
    }

    #[test]
    fn digits_after_one_prefix() {
        assert_eq!(all("0x101300"), [Token::Digits("101300")]);
    }
}
