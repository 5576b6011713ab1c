//! Bytes one after the other: `10 13 00`, `0x10, 0x13`, `{16, 19, 0}`, `<Buffer 10 13>`, one on
//! each line, with words, letters and comments between them.
//!
//! A text can be read in several [`Way`]s; each says how sure it is of itself.

mod found;
mod token;

use super::{Block, Form, Reading};
use found::Found;

/// One way to read a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) base: Base,
    part: Part,
}

/// The base of digits that do not say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    Hex,
    Decimal,
    Octal,
    Binary,
}

/// Which of the text's words count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Those in brackets.
    Brackets,
    /// Those of each line that stand together, if they are the most.
    Runs,
    /// All that are bytes.
    All,
}

impl Way {
    /// Every way to read a list.
    pub(super) fn all() -> impl Iterator<Item = Way> {
        let parts = [Part::Brackets, Part::All, Part::Runs];
        parts.into_iter().flat_map(|part| {
            [Base::Hex, Base::Decimal, Base::Octal, Base::Binary].map(|base| Way { base, part })
        })
    }

    pub(super) fn form(self) -> Form {
        match self.base {
            Base::Hex => Form::Hex,
            Base::Decimal => Form::Decimal,
            Base::Octal => Form::Octal,
            Base::Binary => Form::Binary,
        }
    }

    /// Reads a list; how sure this way is, from 0 to 2, goes with it.
    pub(super) fn try_read(self, text: &str) -> Option<(Vec<Block>, f64)> {
        let list = Found::of(text, self);
        let bytes: usize = list.blocks.iter().map(|block| block.bytes.len()).sum();
        if bytes == 0 {
            return None;
        }
        let signs = list.signs;
        let by_base = match self.base {
            // Each says its base.
            _ if signs.plain == 0 => 2.0,
            Base::Hex if signs.negative > 0 => return None,
            Base::Hex if list.is_buffer => 2.0,
            Base::Hex if signs.single > 0 && signs.letters == 0 => 0.5,
            Base::Hex => 0.9,
            Base::Decimal if signs.padded == 0 && signs.single > 0 => 0.8,
            Base::Decimal => 0.5,
            // Without their zeros they are not to be guessed.
            Base::Octal if signs.triple < signs.plain => -2.0,
            Base::Octal => 0.3,
            Base::Binary => 1.0,
        };
        // What was passed over makes a way less likely.
        let passed = list.passed.len() as f64;
        let by_part = bytes as f64 / (bytes as f64 + 2.0 * passed);
        Some((list.blocks, by_base * by_part))
    }

    /// Reads a list.
    pub(super) fn read(self, text: &str) -> Reading {
        let list = Found::of(text, self);
        let mut doubts = Vec::new();
        if !list.passed.is_empty() && self.part != Part::Brackets {
            let shown: Vec<_> = list
                .passed
                .iter()
                .take(3)
                .map(|w| format!("'{w}'"))
                .collect();
            let more = list.passed.len() - shown.len();
            let more = match more {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            doubts.push(format!(
                "left out what is no byte: {}{more}",
                shown.join(", ")
            ));
        }
        if let Some(left_out) = list.left_out {
            doubts.push(format!(
                "{left_out} bytes were left out when it was printed"
            ));
        }
        if list.signs.text > 0 {
            doubts.push("letters between the bytes are taken as text".into());
        }
        let base = match self.base {
            _ if list.signs.plain == 0 => "bytes",
            Base::Hex => "hexadecimal bytes",
            Base::Decimal => "decimal bytes",
            Base::Octal => "octal bytes",
            Base::Binary => "binary bytes",
        };
        Reading {
            form: self.form(),
            how: match self.part {
                Part::Brackets => format!("{base} in brackets"),
                Part::All => base.into(),
                Part::Runs => format!("the {base} of each line"),
            },
            blocks: list.blocks,
            doubts,
        }
    }
}
