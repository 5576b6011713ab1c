//! From the lines of a dump to the bytes that they stand for, put together by their offsets.

use super::super::{Block, Direction, MAX_BYTES};
use super::line::{Data, Line};
use super::unit::Unit;
use super::{Way, chars};

/// A dump as one way has it.
pub(super) struct Dump {
    pub blocks: Vec<Block>,
    /// Lines as long as the next offset says, and lines that are not.
    pub kept: usize,
    pub broken: usize,
    /// Lines that are longer: the offsets are read wrongly.
    pub over: usize,
    /// Whether an offset is marked as one, or is zero.
    pub has_offset: bool,
    /// Whether offsets look as those of `od` and `hexdump`, which print numbers.
    pub is_plain: bool,
    pub missing: u64,
}

impl Dump {
    /// Reads a dump in one way.
    ///
    /// # Errors
    /// It stands for too many bytes.
    pub fn read(text: &str, way: Way) -> Result<Dump, String> {
        Reader::new(way).read(text)
    }

    /// Whether the groups of the first line are of four digits or more.
    pub fn has_words(&self, text: &str) -> bool {
        let data = text.lines().find_map(|line| match Line::of(line) {
            Line::Data(data) => data.groups().next(),
            _ => None,
        });
        data.is_some_and(|group| group.text.len() >= 4)
    }
}

/// Puts the lines of a dump together.
struct Reader {
    way: Way,
    dump: Dump,
    /// The line that waits for the next offset.
    bytes: Vec<u8>,
    /// Where the next line begins, if nothing is missing.
    next: Option<u64>,
    repeat: bool,
    /// The column at which text begins beside the bytes, once it is known.
    text_column: usize,
    /// The indent of each side of a conversation.
    indents: [Option<usize>; 2],
    total: usize,
}

impl Reader {
    fn new(way: Way) -> Self {
        Reader {
            way,
            dump: Dump {
                blocks: Vec::new(),
                kept: 0,
                broken: 0,
                over: 0,
                has_offset: false,
                is_plain: false,
                missing: 0,
            },
            bytes: Vec::new(),
            next: None,
            repeat: false,
            text_column: usize::MAX,
            indents: [None; 2],
            total: 0,
        }
    }

    fn read(mut self, text: &str) -> Result<Dump, String> {
        self.text_column = self.find_text_column(text);
        let mut lines = text.lines().map(Line::of).peekable();
        while let Some(line) = lines.next() {
            match line {
                Line::Data(data) => self.line(data, lines.peek())?,
                Line::Repeat => self.repeat = true,
                // What stands between two dumps.
                Line::Other => self.next = None,
            }
        }
        self.dump
            .blocks
            .retain(|block| !block.bytes.is_empty() || block.gap > 0);
        Ok(self.dump)
    }

    fn offset(&self, data: &Data<'_>) -> Option<u64> {
        let digits: String = data.offset.chars().filter(|c| *c != '`').collect();
        u64::from_str_radix(&digits, self.way.radix).ok()
    }

    /// The leftmost column, over all lines whose length the next offset tells, at which something
    /// stands after the bytes.
    fn find_text_column(&self, text: &str) -> usize {
        let mut column = usize::MAX;
        let mut lines = text.lines().map(Line::of).peekable();
        while let Some(line) = lines.next() {
            if let (Line::Data(data), Some(Line::Data(next))) = (line, lines.peek())
                && let Some((_, Some(after))) = self.length(&data, next).and_then(|length| {
                    let mut out = Vec::new();
                    let after = self.decode(&data, Some(length), &mut out);
                    (out.len() == length).then_some((length, after))
                })
            {
                column = column.min(after);
            }
        }
        column
    }

    /// How many bytes the line has, as the next one tells.
    fn length(&self, data: &Data<'_>, next: &Data<'_>) -> Option<usize> {
        let length = self.offset(next)?.checked_sub(self.offset(data)?)?;
        (data.indent == next.indent && (1..=256).contains(&length)).then_some(length as usize)
    }

    /// Decodes a line up to `length` bytes; returns the column of what stands after them.
    fn decode(&self, data: &Data<'_>, length: Option<usize>, out: &mut Vec<u8>) -> Option<usize> {
        if self.way.unit == Unit::Chars {
            chars::decode(data.rest, out);
            // Spaces at the end of a line are soon lost.
            let missing = length.unwrap_or_default().saturating_sub(out.len());
            out.resize(out.len() + missing.min(3), b' ');
            return None;
        }
        for (index, group) in data.groups().enumerate() {
            let is_full = length.is_some_and(|length| out.len() >= length);
            if is_full || group.column >= self.text_column {
                if is_full && group.gap == 1 && self.way.unit.decode(group.text, out).is_some() {
                    // More bytes than the offsets say: they are read wrongly.
                    out.push(0);
                }
                return Some(group.column);
            }
            if index == 0 && group.text.starts_with('<') {
                // gdb names the place: `<buffer+16>:`.
                continue;
            }
            // Only beside bytes is text set off by two spaces; hexdump -C and Wireshark leave
            // two after the eighth byte too.
            let is_far = match (length, out.len(), group.gap) {
                (Some(_), _, _) | (_, _, 0..2) | (_, 0, _) | (_, 8, 2) => false,
                _ => self.way.unit == Unit::Hex,
            };
            let digits = group.text.trim_start_matches("0x").trim_end_matches(',');
            if is_far || self.way.unit.decode(digits, out).is_none() {
                return Some(group.column);
            }
        }
        None
    }

    fn line(&mut self, data: Data<'_>, next: Option<&Line<'_>>) -> Result<(), String> {
        let Some(offset) = self.offset(&data) else {
            self.dump.broken += 1;
            return Ok(());
        };
        let length = match next {
            Some(Line::Data(next)) => self.length(&data, next),
            _ => None,
        };
        let mut bytes = Vec::new();
        self.decode(&data, length, &mut bytes);
        self.dump.has_offset |= data.is_marked || offset == 0;
        self.dump.is_plain |= !data.is_marked && data.offset.len() >= 6;
        self.join(offset, data.indent)?;
        // The last number may be padded with zeros.
        if let Some(length) = length
            && bytes.len() > length
            && bytes.len() < length + self.way.unit.size()
        {
            bytes.truncate(length);
        }
        self.next = offset.checked_add(bytes.len() as u64);
        self.grow(bytes.len())?;
        self.bytes.clone_from(&bytes);
        if let Some(block) = self.dump.blocks.last_mut() {
            block.bytes.append(&mut bytes);
        }
        if let Some(length) = length {
            match self.bytes.len() == length {
                true => self.dump.kept += 1,
                // Nothing on the line: an end.
                false if self.bytes.is_empty() => {}
                false if self.bytes.len() > length => self.dump.over += 1,
                false => self.dump.broken += 1,
            }
        }
        Ok(())
    }

    /// Begins a block, unless the line goes on where the last one ended.
    fn join(&mut self, offset: u64, indent: usize) -> Result<(), String> {
        let direction = self.direction(indent);
        let same_side = self
            .dump
            .blocks
            .last()
            .is_some_and(|block| block.direction == direction);
        let missing = self.next.and_then(|next| offset.checked_sub(next));
        match missing {
            Some(0) if same_side => {}
            Some(missing) if same_side && self.repeat && !self.bytes.is_empty() => {
                self.repeated(missing)?;
            }
            // Lines that are not there: not more than a few, or the offsets are none.
            Some(missing) if same_side && missing <= 64 * 1024 => {
                self.dump.missing += missing;
                self.block(direction, missing);
            }
            _ => self.block(direction, 0),
        }
        self.repeat = false;
        Ok(())
    }

    fn block(&mut self, direction: Direction, gap: u64) {
        self.dump.blocks.push(Block {
            direction,
            gap,
            bytes: Vec::new(),
        });
    }

    /// Repeats the last line.
    fn repeated(&mut self, len: u64) -> Result<(), String> {
        self.grow(usize::try_from(len).unwrap_or(usize::MAX))?;
        if let Some(block) = self.dump.blocks.last_mut() {
            let line = self.bytes.iter().copied().cycle();
            block.bytes.extend(line.take(len as usize));
        }
        Ok(())
    }

    /// Counts bytes before they are kept.
    fn grow(&mut self, bytes: usize) -> Result<(), String> {
        self.total = self.total.saturating_add(bytes);
        match self.total > MAX_BYTES {
            true => Err(format!("the dump has more than {} MiB", MAX_BYTES >> 20)),
            false => Ok(()),
        }
    }

    /// Wireshark's "Follow Stream" indents what the Server says.
    fn direction(&mut self, indent: usize) -> Direction {
        match self.indents {
            [None, _] => {
                self.indents[0] = Some(indent);
                Direction::Unknown
            }
            [Some(first), _] if first == indent => match self.indents[1] {
                Some(_) => Direction::ToServer,
                None => Direction::Unknown,
            },
            [Some(first), _] => {
                if self.indents[1].is_none() && first < indent {
                    self.indents[1] = Some(indent);
                    for block in &mut self.dump.blocks {
                        block.direction = Direction::ToServer;
                    }
                }
                match self.indents[1] == Some(indent) {
                    true => Direction::ToClient,
                    false => Direction::Unknown,
                }
            }
        }
    }
}
