//! Dumps with offsets: xxd, hexdump, od, tcpdump, Wireshark, gdb.
//!
//! The offsets tell what the groups are: only under the right reading does each line have as
//! many bytes as lie between its offset and the next.

mod chars;
mod line;
mod reader;
mod unit;

use line::Line;
use reader::Dump;
use unit::{Base, Order, UNITS, Unit};

use super::{Block, Form, Reading};

/// One way to read a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    /// 16, 8 or 10.
    radix: u32,
    unit: Unit,
}

/// Every way that is worth a try, for a text that may be a dump.
pub(super) fn ways(text: &str) -> Vec<Way> {
    let is_data = |line| matches!(Line::of(line), Line::Data(_));
    if !text.lines().any(is_data) {
        return Vec::new();
    }
    let radices = [16, 8, 10].into_iter();
    radices
        .flat_map(|radix| UNITS.map(|unit| Way { radix, unit }))
        .collect()
}

impl Way {
    /// Reads a dump; how sure this way is, from 0 to 2, goes with it.
    pub(super) fn try_read(self, text: &str) -> Option<(Vec<Block>, f64)> {
        let dump = Dump::read(text, self).ok()?;
        let lines = dump.kept + dump.broken;
        let sure = match (dump.kept, lines) {
            _ if dump.over > 0 => return None,
            _ if dump.blocks.iter().all(|block| block.bytes.is_empty()) => return None,
            (_, 0) if dump.has_offset => 0.6,
            (_, 0) => 0.1,
            (kept, lines) if kept == lines => 1.5,
            (kept, lines) if 2 * kept > lines => 0.95,
            _ => return None,
        };
        // xxd and tcpdump mark their offsets and print bytes; hexdump and od print numbers.
        let unlikely = match self.unit {
            Unit::Hex => dump.is_plain && dump.has_words(text),
            Unit::Number {
                order: Order::Big, ..
            } => true,
            Unit::Number {
                base: Base::Hex, ..
            } => !dump.is_plain,
            _ => false,
        };
        let sure = if unlikely { 0.8 * sure } else { sure };
        Some((dump.blocks, sure))
    }

    /// Reads a dump.
    ///
    /// # Errors
    /// It stands for too many bytes.
    pub(super) fn read(self, text: &str) -> Result<Reading, String> {
        let dump = Dump::read(text, self)?;
        let mut doubts = Vec::new();
        if dump.broken > 0 {
            doubts.push(format!(
                "lines without all the bytes that their offsets count: {}; bytes missing: {}",
                dump.broken, dump.missing
            ));
        }
        let offsets = match self.radix {
            16 => "hexadecimal",
            8 => "octal",
            _ => "decimal",
        };
        Ok(Reading {
            form: Form::Dump,
            how: format!("a dump: {offsets} offsets, {}", self.unit.name()),
            blocks: dump.blocks,
            doubts,
        })
    }
}
