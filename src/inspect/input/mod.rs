//! Bytes as people write them down: dumps, lists, literals, and how to tell them apart.
//!
//! [`read`] looks at a text, tries every [`Form`] that it could have, and takes the one that its
//! syntax vouches for, or where syntax leaves a choice the one that makes the best MQTT.
//!
//! ```
//! use mqtk::inspect::input::{self, Form};
//!
//! let reading = input::read(b"unsigned char pkt[] = { 0xc0, 0x00 }; // PINGREQ", None)?;
//! assert_eq!(reading.form, Form::Hex);
//! assert_eq!(reading.blocks[0].bytes, [0xc0, 0x00]);
//! let reading = input::read(b"wAA=", None)?;
//! assert_eq!((reading.form, &reading.blocks[0].bytes[..]), (Form::Base64, &[0xc0, 0x00][..]));
//! # Ok::<(), mqtk::inspect::input::Unreadable>(())
//! ```

mod base64;
mod choice;
mod dump;
mod escaped;
mod fit;
mod list;
mod margin;
mod packets;
mod text;

use std::fmt;

pub use packets::{LinkLayer, link_layer};
pub use text::is_binary;

use super::Direction;

/// The most bytes that a text may stand for: what is written down is not longer.
pub const MAX_BYTES: usize = 64 << 20;

/// How bytes are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Hexadecimal digits, with or without separators, prefixes, brackets and comments.
    Hex,
    /// Decimal numbers; negative ones as in Java.
    Decimal,
    /// Octal numbers.
    Octal,
    /// Binary numbers of eight digits.
    Binary,
    /// Lines that begin with an offset: xxd, hexdump, od, tcpdump, Wireshark.
    Dump,
    /// Text with escapes: a string literal of C, Python, Java or JSON.
    Escaped,
    /// Base64, of either alphabet.
    Base64,
    /// The bytes themselves.
    Raw,
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 8] = [
        Form::Hex,
        Form::Decimal,
        Form::Octal,
        Form::Binary,
        Form::Dump,
        Form::Escaped,
        Form::Base64,
        Form::Raw,
    ];

    /// The form's name, as `--input-format` takes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Form::Hex => "hex",
            Form::Decimal => "decimal",
            Form::Octal => "octal",
            Form::Binary => "binary",
            Form::Dump => "dump",
            Form::Escaped => "escaped",
            Form::Base64 => "base64",
            Form::Raw => "raw",
        }
    }
}

/// What was read, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The form it was taken for.
    pub form: Form,
    /// The form in words.
    pub how: String,
    /// The bytes, in runs that belong together.
    pub blocks: Vec<Block>,
    /// What makes the reading doubtful, in words; empty if nothing does.
    pub doubts: Vec<String>,
}

/// Bytes that stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// Who sent them, where the form tells.
    pub direction: Direction,
    /// How many bytes are missing before them.
    pub gap: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Reading {
    /// How many bytes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.bytes.len()).sum()
    }

    /// Whether some of them at least can be MQTT, or network packets that carry it.
    #[must_use]
    pub fn is_mqtt(&self) -> bool {
        fit::fit(&self.blocks) > 0.2
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.iter().all(|block| block.bytes.is_empty())
    }
}

/// Why no bytes were found, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

/// Reads bytes in any form, or in the one that is given.
///
/// # Errors
/// No bytes are in it, or not in this form.
pub fn read(input: &[u8], form: Option<Form>) -> Result<Reading, Unreadable> {
    match form {
        Some(Form::Raw) => return Ok(raw(input)),
        None if is_binary(input) => return Ok(raw(input)),
        _ => {}
    }
    let text = margin::without(text::decode(input));
    let way = choice::choose(text::head(&text), form).ok_or_else(|| unreadable(&text, form))?;
    let reading = way.read(&text).map_err(Unreadable)?;
    match reading.is_empty() {
        true => Err(unreadable(&text, form)),
        false => Ok(reading),
    }
}

fn raw(input: &[u8]) -> Reading {
    Reading {
        form: Form::Raw,
        how: "raw bytes".into(),
        blocks: vec![Block {
            bytes: input.to_vec(),
            ..Block::default()
        }],
        doubts: Vec::new(),
    }
}

/// Says what cannot be read, with the first of it.
#[cold]
fn unreadable(text: &str, form: Option<Form>) -> Unreadable {
    let Some(first) = text.lines().map(str::trim).find(|line| !line.is_empty()) else {
        return Unreadable("there are no bytes in it: it is empty".into());
    };
    let shown: String = first.chars().take(40).collect();
    let dots = if shown.len() < first.len() { "…" } else { "" };
    Unreadable(match form {
        Some(form) => format!(
            "this cannot be read as {}: '{shown}{dots}'; leave --input-format out to have the \
             form recognised",
            form.name()
        ),
        None => format!(
            "no bytes found in '{shown}{dots}': give hexadecimal digits, a dump of xxd, hexdump, \
             od, tcpdump or Wireshark, a list of numbers, an escaped string, base64, or raw bytes \
             (--input-format says which)"
        ),
    })
}

#[cfg(test)]
mod tests;
