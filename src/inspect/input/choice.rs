//! Which of the ways to read a text is the right one.

use super::fit::fit;
use super::{Block, Form, Reading, base64, dump, escaped, list};

/// What the likeliest way must reach: below it, words have been taken for digits.
const ENOUGH: f64 = 0.5;

/// One way to read a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Dump(dump::Way),
    List(list::Way),
    Escaped(escaped::Digits),
    Base64,
    /// Base64 among other words.
    Base64Word,
}

/// Chooses the way whose syntax is sure and whose bytes are MQTT: of the given form, or of any.
pub(super) fn choose(text: &str, form: Option<Form>) -> Option<Way> {
    let mut best: Option<(f64, Way)> = None;
    for way in ways(text) {
        if form.is_some_and(|form| way.form() != form) {
            continue;
        }
        let Some((blocks, sure)) = way.try_read(text) else {
            continue;
        };
        let score = sure + 1.5 * fit(&blocks);
        // Of equals the first, which is the more usual.
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, way));
        }
    }
    best.filter(|(score, _)| form.is_some() || *score >= ENOUGH)
        .map(|(_, way)| way)
}

fn ways(text: &str) -> impl Iterator<Item = Way> {
    let dumps = dump::ways(text).into_iter().map(Way::Dump);
    let lists = list::Way::all().map(Way::List);
    let escaped = [escaped::Digits::Octal, escaped::Digits::Decimal].map(Way::Escaped);
    let base64 = [Way::Base64, Way::Base64Word];
    dumps.chain(lists).chain(escaped).chain(base64)
}

impl Way {
    fn form(self) -> Form {
        match self {
            Way::Dump(_) => Form::Dump,
            Way::List(list) => list.form(),
            Way::Escaped(_) => Form::Escaped,
            Way::Base64 | Way::Base64Word => Form::Base64,
        }
    }

    /// What it makes of a text, and how sure the syntax is of it, from 0 to 2.
    fn try_read(self, text: &str) -> Option<(Vec<Block>, f64)> {
        match self {
            Way::Dump(way) => way.try_read(text),
            Way::List(way) => way.try_read(text),
            Way::Escaped(digits) => {
                let is_plain = escaped::has_literals(text) || escaped::is_bare(text);
                let sure = if is_plain { 1.9 } else { 0.7 };
                Some((block(escaped::read(text, digits)?), sure))
            }
            Way::Base64 => {
                let is_marked = text.contains(['=', '+', '/', '-', '_']);
                let sure = if is_marked { 0.8 } else { 0.4 };
                Some((block(base64::read(text)?), sure))
            }
            // Many words could be base64: only what is MQTT is.
            Way::Base64Word => Some((block(base64::longest_word(text)?), -0.7)),
        }
    }

    /// Reads a whole text.
    pub(super) fn read(self, text: &str) -> Result<Reading, String> {
        let reading = |form: Form, how: &str, bytes: Option<Vec<u8>>| Reading {
            form,
            how: how.into(),
            blocks: bytes.map(block).unwrap_or_default(),
            doubts: Vec::new(),
        };
        Ok(match self {
            Way::Dump(way) => way.read(text)?,
            Way::List(way) => way.read(text),
            Way::Escaped(digits) => {
                let bytes = escaped::read(text, digits);
                reading(Form::Escaped, "text with escapes", bytes)
            }
            Way::Base64 => reading(Form::Base64, "base64", base64::read(text)),
            Way::Base64Word => {
                let bytes = base64::longest_word(text);
                reading(Form::Base64, "the base64 in a text", bytes)
            }
        })
    }
}

fn block(bytes: Vec<u8>) -> Vec<Block> {
    vec![Block {
        bytes,
        ..Block::default()
    }]
}
