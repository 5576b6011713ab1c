//! From the text of a template to its pieces.

use super::error::{FormatError, Kind};
use super::field::Field;
use super::{Piece, Spec};
use crate::render::clock::Clock;
use crate::render::json;

/// The largest width and precision: none of them is a way to ask for gigabytes.
pub(super) const MAX_WIDTH: usize = 10_000;

/// Splits a template into pieces.
pub(super) fn pieces(template: &str) -> Result<Vec<Piece>, FormatError> {
    let mut compiler = Compiler {
        template,
        rest: template,
        pieces: Vec::new(),
    };
    while let Some(c) = compiler.next() {
        match c {
            '%' => compiler.percent()?,
            '@' => compiler.time()?,
            '\\' => compiler.escape()?,
            c => compiler.text(c),
        }
    }
    Ok(compiler.pieces)
}

struct Compiler<'a> {
    template: &'a str,
    rest: &'a str,
    pieces: Vec<Piece>,
}

impl Compiler<'_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next()?;
        self.rest = chars.as_str();
        Some(c)
    }

    /// Takes the next character if it is this one.
    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// An error at the character that was read last.
    fn error<T>(&self, kind: Kind) -> Result<T, FormatError> {
        let read = &self.template[..self.template.len() - self.rest.len()];
        Err(FormatError {
            kind,
            at: read.chars().count(),
        })
    }

    fn text(&mut self, c: char) {
        let bytes = c.encode_utf8(&mut [0; 4]).as_bytes().to_owned();
        match self.pieces.last_mut() {
            Some(Piece::Text(text)) => text.extend(bytes),
            _ => self.pieces.push(Piece::Text(bytes)),
        }
    }

    fn percent(&mut self) -> Result<(), FormatError> {
        let mut spec = Spec {
            left: self.take('-'),
            zero: self.take('0'),
            ..Spec::default()
        };
        spec.width = self.number()?;
        if self.take('.') {
            spec.precision = Some(self.number()?);
        }
        let separator = self.rest.chars().next();
        if let Some(c) = separator.filter(|c| " ,.:;-_/|".contains(*c)) {
            self.next();
            if !self.rest.starts_with(['x', 'X']) {
                return self.error(Kind::Separator(c));
            }
            spec.separator = Some(c as u8);
        }
        let Some(letter) = self.next() else {
            return self.error(Kind::Unfinished('%'));
        };
        let piece = match letter {
            '%' => {
                self.text('%');
                return Ok(());
            }
            'j' => Piece::Json(json::Payload::Text),
            'J' => Piece::Json(json::Payload::Embedded),
            'U' => Piece::UnixTime,
            letter => match Field::of(letter) {
                Some(field) => Piece::Field(field, spec),
                None => return self.error(Kind::UnknownField(letter)),
            },
        };
        self.pieces.push(piece);
        Ok(())
    }

    fn number(&mut self) -> Result<usize, FormatError> {
        let mut number = 0;
        while let Some(digit) = self.rest.chars().next().and_then(|c| c.to_digit(10)) {
            self.next();
            number = number * 10 + digit as usize;
            if number > MAX_WIDTH {
                return self.error(Kind::Width);
            }
        }
        Ok(number)
    }

    fn time(&mut self) -> Result<(), FormatError> {
        let Some(letter) = self.next() else {
            return self.error(Kind::Unfinished('@'));
        };
        match letter {
            '@' => self.text('@'),
            'N' => self.pieces.push(Piece::Nanoseconds),
            letter => {
                let conversion = format!("%{letter}");
                if letter == '%' || !Clock::has_conversion(&conversion) {
                    return self.error(Kind::UnknownTime(letter));
                }
                self.pieces.push(Piece::Time(conversion));
            }
        }
        Ok(())
    }

    fn escape(&mut self) -> Result<(), FormatError> {
        let Some(letter) = self.next() else {
            return self.error(Kind::Unfinished('\\'));
        };
        self.text(match letter {
            '\\' => '\\',
            '0' => '\0',
            'a' => '\x07',
            'e' => '\x1b',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            other => return self.error(Kind::UnknownEscape(other)),
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(template: &str) -> String {
        pieces(template).unwrap_err().to_string()
    }

    #[test]
    fn text_is_one_piece() {
        assert_eq!(pieces(r"a\n%%b"), Ok(vec![Piece::Text(b"a\n%b".to_vec())]));
    }

    #[test]
    fn what_is_not_known_is_named_with_its_place() {
        assert_eq!(
            error("%t %y"),
            "no such field '%y' at character 5 of the format"
        );
        assert_eq!(
            error("é %-05.3z"),
            "no such field '%z' at character 9 of the format"
        );
        assert_eq!(
            error("@E"),
            "no such time '@E' at character 2 of the format"
        );
        assert_eq!(
            error(r"a\q"),
            "no such escape '\\q' at character 3 of the format"
        );
        assert_eq!(
            error("%.2:t"),
            "':' can separate the digits of %x and %X only at character 4 of the format"
        );
    }

    #[test]
    fn what_is_not_finished_is_refused() {
        assert_eq!(
            error("abc%"),
            "nothing follows the '%' at character 4 of the format"
        );
        assert_eq!(
            error("%-05."),
            "nothing follows the '%' at character 5 of the format"
        );
        assert_eq!(
            error("@"),
            "nothing follows the '@' at character 1 of the format"
        );
        assert_eq!(
            error("\\"),
            "nothing follows the '\\' at character 1 of the format"
        );
    }

    #[test]
    fn widths_are_bounded() {
        assert!(pieces("%10000t").is_ok());
        assert_eq!(
            error("%10001t"),
            "a width is at most 10000 at character 6 of the format"
        );
        assert!(pieces("%.99999999999999999999x").is_err());
    }
}
