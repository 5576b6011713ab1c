//! The lines of a dump: an offset and groups of digits.

/// A line of a text that may be a dump.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line<'a> {
    /// An offset and what follows it.
    Data(Data<'a>),
    /// `*`: the line before is repeated up to the next offset.
    Repeat,
    /// Something else.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Data<'a> {
    /// Columns before the offset.
    pub indent: usize,
    /// The offset's digits.
    pub offset: &'a str,
    /// Whether something marks it as an offset: a colon, a bar, brackets, `0x`.
    pub is_marked: bool,
    /// What stands after it, white space included.
    pub rest: &'a str,
}

/// A group of digits, or what stands where one could.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group<'a> {
    /// Its column in [`Data::rest`].
    pub column: usize,
    /// How many spaces stand before it.
    pub gap: usize,
    pub text: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn of(line: &'a str) -> Self {
        let line = line.trim_end();
        let text = line.trim_start();
        if text == "*" {
            return Line::Repeat;
        }
        let prefix = ["0x", "0X", "["];
        let (prefixed, digits) = match prefix.iter().find_map(|p| text.strip_prefix(p)) {
            Some(digits) => (true, digits),
            None => (false, text),
        };
        let len = digits
            .find(|c: char| !c.is_ascii_hexdigit() && c != '`')
            .unwrap_or(digits.len());
        let (offset, rest) = digits.split_at(len);
        let after = rest.trim_start_matches([':', '|', '>', ']']);
        let dash = after
            .strip_prefix(" -")
            .filter(|after| after.starts_with(' '));
        let after = dash.unwrap_or(after);
        let is_marked = prefixed || after.len() < rest.len();
        // With fewer digits it is a byte.
        let is_offset = (3..=17).contains(&offset.len());
        let is_apart = after.is_empty() || after.starts_with([' ', '\t', '<']);
        match is_offset && is_apart {
            true => Line::Data(Data {
                indent: indent(&line[..line.len() - text.len()]),
                offset,
                is_marked,
                rest: after,
            }),
            false => Line::Other,
        }
    }
}

/// The width of white space.
fn indent(space: &str) -> usize {
    space.chars().map(|c| if c == '\t' { 8 } else { 1 }).sum()
}

impl<'a> Data<'a> {
    /// What stands after the offset, between white space.
    pub(super) fn groups(self) -> impl Iterator<Item = Group<'a>> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let rest = self.rest.get(at..)?;
            let gap = rest.find(|c: char| !c.is_whitespace())?;
            let text = rest[gap..].split(char::is_whitespace).next()?;
            let column = at + gap;
            at = column + text.len();
            Some(Group { column, gap, text })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_found_and_bytes_are_none() {
        for line in [
            "0000  10",
            "00000010: 1013",
            "\t0x0000:  45",
            "0000015",
            "0x7ffe1:\t0x10",
            "0000 |10",
            "0000 - 10",
            "[0000] 10",
        ] {
            assert!(matches!(Line::of(line), Line::Data(_)), "{line}");
        }
        for line in [
            "10 13",
            "",
            "Frame 1",
            "101300044d515454050",
            "1013,",
            "12:34:56 IP a > b",
        ] {
            assert!(matches!(Line::of(line), Line::Other), "{line}");
        }
        assert!(matches!(Line::of(" * "), Line::Repeat));
    }

    #[test]
    fn groups_have_columns_and_gaps() {
        let Line::Data(data) = Line::of("0000  10 13   ab") else {
            panic!();
        };
        let groups: Vec<_> = data
            .groups()
            .map(|group| (group.column, group.gap, group.text))
            .collect();
        assert_eq!(groups, [(2, 2, "10"), (5, 1, "13"), (10, 3, "ab")]);
    }
}
