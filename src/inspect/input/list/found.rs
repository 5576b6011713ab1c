//! The bytes that one way finds in a list, and what speaks for it.

use super::super::escaped::{self, Digits};
use super::super::{Block, Direction};
use super::token::{Token, tokens};
use super::{Base, Part, Way};

/// What one way finds.
#[derive(Default)]
pub(super) struct Found<'a> {
    pub blocks: Vec<Block>,
    pub signs: Signs,
    /// Words that are no bytes.
    pub passed: Vec<&'a str>,
    /// What Node leaves out of a long Buffer.
    pub left_out: Option<&'a str>,
    /// Whether Node says that it is a Buffer, whose digits are hexadecimal.
    pub is_buffer: bool,
}

/// What speaks for one base or another.
#[derive(Clone, Copy, Default)]
pub(super) struct Signs {
    /// Bytes without a base of their own.
    pub plain: usize,
    /// Those of one or three digits.
    pub single: usize,
    /// Those with a zero in front.
    pub padded: usize,
    /// Those with a digit above 9.
    pub letters: usize,
    pub negative: usize,
    /// Those of three digits.
    pub triple: usize,
    /// Letters and words taken as text.
    pub text: usize,
}

/// The text without the declaration before the braces of a C array, whose size is no byte.
fn initializer(text: &str) -> &str {
    match text.split_once('{') {
        Some((declaration, values)) if declaration.trim_end().ends_with('=') => values,
        _ => text,
    }
}

/// How many tokens stand behind the last colon and space of a line, if all of them are bytes.
fn labelled(line: &str, base: Base) -> Option<usize> {
    let (_, behind) = line.rsplit_once(": ")?;
    let tokens: Vec<_> = tokens(behind).collect();
    let is_value = |token: &Token<'_>| value_len(token, base).is_some();
    (!tokens.is_empty() && tokens.iter().all(is_value)).then_some(tokens.len())
}

impl<'a> Found<'a> {
    /// Looks for bytes in one way.
    pub fn of(text: &'a str, way: Way) -> Self {
        let mut found = Found::default();
        match way.part {
            Part::Brackets => found.brackets(text, way.base),
            Part::All => {
                let tokens: Vec<_> = tokens(initializer(text)).collect();
                found.take(&tokens, way.base, false, Direction::Unknown);
            }
            Part::Runs => found.runs(initializer(text), way.base),
        }
        found
    }

    /// Takes what stands in the innermost brackets.
    fn brackets(&mut self, text: &'a str, base: Base) {
        let mut parts: Vec<Bracketed<'a>> = Vec::new();
        let mut open: Vec<Bracketed<'a>> = Vec::new();
        let mut direction = Direction::Unknown;
        for token in tokens(text) {
            match token {
                Token::Word(name) if open.is_empty() && name.starts_with("peer") => {
                    direction = side(name).unwrap_or(direction);
                }
                Token::Open(bracket @ ('{' | '[' | '<'), after_name) => open.push(Bracketed {
                    bracket,
                    after_name,
                    direction,
                    tokens: Vec::new(),
                }),
                Token::Close('}' | ']' | '>') => parts.extend(open.pop()),
                token => {
                    if let Some(inner) = open.last_mut() {
                        inner.tokens.push(token);
                    }
                }
            }
        }
        parts.append(&mut open);
        parts.retain(|part| part.has_values() && !part.is_length());
        // Types and process numbers are in brackets too.
        if parts.iter().any(|part| !part.has_words()) {
            parts.retain(|part| !part.has_words());
        }
        for part in &parts {
            self.is_buffer |= part.tokens.first() == Some(&Token::Word("Buffer"));
            self.take(&part.tokens, base, true, part.direction);
        }
    }

    /// Takes, of each line, the bytes that stand together, if they are the most.
    fn runs(&mut self, text: &'a str, base: Base) {
        let mut all = Vec::new();
        for line in text.lines() {
            let tokens: Vec<_> = tokens(line).collect();
            let runs = tokens.split(|token| value_len(token, base).is_none());
            let len = |run: &[Token<'_>]| -> usize {
                run.iter().filter_map(|token| value_len(token, base)).sum()
            };
            let longest = runs.fold(&[][..], |longest: &[Token<'_>], run| {
                if len(run) > len(longest) {
                    run
                } else {
                    longest
                }
            });
            // Dates are digits too: bytes behind a label are what it announces.
            let longest = match labelled(line, base) {
                Some(count) => tokens.get(tokens.len() - count..).unwrap_or(longest),
                None => longest,
            };
            all.extend_from_slice(longest);
            let is_kept = |token: &Token<'_>| {
                let kept = longest.as_ptr_range();
                kept.contains(&std::ptr::from_ref(token))
            };
            let passed = tokens.iter().filter(|token| !is_kept(token));
            self.passed.extend(passed.filter_map(|token| match token {
                Token::Word(word) | Token::Digits(word) | Token::Quoted(word) => Some(*word),
                _ => None,
            }));
        }
        self.take(&all, base, false, Direction::Unknown);
    }

    /// Takes all bytes among the tokens as one block.
    fn take(&mut self, tokens: &[Token<'a>], base: Base, in_brackets: bool, direction: Direction) {
        let has_bytes = tokens.iter().any(|token| matches!(token, Token::Byte(_)));
        // Beside letters, a lone A to F is a letter, unless digits stand alone as well.
        let is_digit = |token: &Token<'_>| matches!(token, Token::Digits(d) if d.len() == 1 && d.as_bytes()[0].is_ascii_digit());
        let has_letters = tokens.iter().any(|token| matches!(token, Token::Letter(_)));
        let lone_is_letter = has_bytes || has_letters && !tokens.iter().any(is_digit);
        let mut bytes = Vec::new();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                Token::Byte(byte) => bytes.push(*byte),
                Token::Letter(letter) if has_bytes || base == Base::Hex => {
                    self.signs.text += 1;
                    bytes.push(*letter as u8);
                }
                Token::Digits(count) if tokens.get(index + 1) == Some(&Token::Word("more")) => {
                    self.left_out = Some(count);
                    break;
                }
                // The properties of a typed array, behind its elements.
                Token::Word("buffer") if tokens.get(index + 1) == Some(&Token::Colon) => break,
                Token::Digits(digit) if lone_is_letter && digit.len() == 1 && !is_digit(token) => {
                    self.signs.text += 1;
                    bytes.extend(digit.bytes());
                }
                Token::Digits(digits) => {
                    if self.digits(digits, base, &mut bytes).is_none() {
                        self.passed.push(digits);
                    }
                }
                Token::Negative(digits) => {
                    let number = digits.parse::<u8>().ok().filter(|n| *n <= 128);
                    bytes.extend(number.map(u8::wrapping_neg));
                    self.signs.negative += 1;
                    self.signs.plain += 1;
                }
                Token::Quoted(text) => {
                    let is_key = tokens.get(index + 1) == Some(&Token::Colon);
                    match in_brackets {
                        true if is_key => {}
                        true => escaped::unescape(text, Digits::Octal, &mut bytes),
                        false => self.passed.push(text),
                    }
                }
                Token::Word(word) => {
                    if is_text(word, &bytes) {
                        self.signs.text += 1;
                        bytes.extend(word.bytes());
                    } else {
                        self.passed.push(word);
                    }
                }
                Token::Letter(_)
                | Token::Open(..)
                | Token::Close(_)
                | Token::Colon
                | Token::NewLine => {}
            }
        }
        if !bytes.is_empty() {
            self.blocks.push(Block {
                direction,
                gap: 0,
                bytes,
            });
        }
    }

    /// Takes digits in a base.
    fn digits(&mut self, digits: &str, base: Base, bytes: &mut Vec<u8>) -> Option<()> {
        let signs = &mut self.signs;
        match base {
            Base::Hex if digits.len() <= 2 => bytes.push(u8::from_str_radix(digits, 16).ok()?),
            Base::Hex => {
                let (pairs, []) = digits.as_bytes().as_chunks::<2>() else {
                    return None;
                };
                for pair in pairs {
                    let pair = str::from_utf8(pair).ok()?;
                    bytes.push(u8::from_str_radix(pair, 16).ok()?);
                }
            }
            Base::Decimal => bytes.push(digits.parse().ok()?),
            Base::Octal => bytes.push(u8::from_str_radix(digits, 8).ok()?),
            Base::Binary if digits.len() != 8 => return None,
            Base::Binary => bytes.push(u8::from_str_radix(digits, 2).ok()?),
        }
        signs.plain += 1;
        signs.single += usize::from(digits.len() % 2 == 1);
        signs.triple += usize::from(digits.len() == 3);
        signs.padded += usize::from(digits.len() > 1 && digits.starts_with('0'));
        signs.letters += usize::from(digits.bytes().any(|b| b.is_ascii_alphabetic()));
        Some(())
    }
}

/// Whether a word is the text whose length stands before it.
fn is_text(word: &str, before: &[u8]) -> bool {
    let length = before.last_chunk::<2>().copied().map(u16::from_be_bytes);
    word.is_ascii() && length == u16::try_from(word.len()).ok()
}

/// How many bytes a token is in this base, if it is any or separates them.
fn value_len(token: &Token<'_>, base: Base) -> Option<usize> {
    match token {
        Token::Byte(_) => Some(1),
        Token::Colon => Some(0),
        Token::Negative(_) => (base == Base::Decimal).then_some(1),
        Token::Digits(digits) => {
            let mut bytes = Vec::new();
            Found::default().digits(digits, base, &mut bytes)?;
            Some(bytes.len())
        }
        _ => None,
    }
}

/// Which side of a conversation an array of Wireshark's "Follow Stream" is from.
fn side(name: &str) -> Option<Direction> {
    match name.strip_prefix("peer")?.split_once('_')?.0 {
        "0" => Some(Direction::ToServer),
        "1" => Some(Direction::ToClient),
        _ => None,
    }
}

/// What stands between two brackets.
struct Bracketed<'a> {
    bracket: char,
    after_name: bool,
    direction: Direction,
    tokens: Vec<Token<'a>>,
}

impl Bracketed<'_> {
    fn has_values(&self) -> bool {
        let is_value = |token: &Token<'_>| {
            matches!(
                token,
                Token::Byte(_) | Token::Digits(_) | Token::Negative(_)
            )
        };
        self.tokens.iter().any(is_value)
    }

    /// Whether it is the `[21]` of `pkt[21]`.
    fn is_length(&self) -> bool {
        self.bracket == '[' && self.after_name && self.tokens.len() == 1
    }

    /// Whether it is like the `[u8; 21]` of Rust.
    fn has_words(&self) -> bool {
        let is_word = |token: &Token<'_>| matches!(token, Token::Word(_));
        self.bracket == '[' && (self.after_name || self.tokens.iter().any(is_word))
    }
}
