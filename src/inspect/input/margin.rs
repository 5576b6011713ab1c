//! What programs write beside the bytes of a line: times, line numbers, arrows, and the bytes again
//! as text.

use std::borrow::Cow;

/// How many bytes a line with text beside them may have. With fewer, other text may match them by
/// chance; no program writes more.
const BESIDE_TEXT: std::ops::RangeInclusive<usize> = 3..=256;

/// The text without what stands beside the bytes of its lines.
pub(super) fn without(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_numbered = is_numbered(&text);
    let inner = |line| {
        let line = match is_numbered {
            true => after_number(line).map_or(line, |(_, rest)| rest),
            false => line,
        };
        match without_head(line) {
            line if is_socat_header(line) => "",
            line => without_text(line),
        }
    };
    if text.lines().all(|line| inner(line).len() == line.len()) {
        return text;
    }
    let lines: Vec<&str> = text.lines().map(inner).collect();
    Cow::Owned(lines.join("\n"))
}

/// Whether the lines are numbered one by one.
fn is_numbered(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let Some((first, _)) = lines.next().and_then(after_number) else {
        return false;
    };
    let mut next = first;
    let rest_is = lines.all(|line| {
        next += 1;
        after_number(line).is_some_and(|(number, _)| number == next)
    });
    // Two lines may begin with such numbers by chance, unless they are the first two.
    rest_is && (next > first + 1 || next == first + 1 && first <= 1)
}

/// The number at the beginning of a line, and what stands behind it.
fn after_number(line: &str) -> Option<(u32, &str)> {
    let line = line.trim_start();
    let len = line.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = line.split_at(len);
    let rest = rest.strip_prefix([':', '.', ')']).unwrap_or(rest);
    let inner = rest.trim_start();
    let inner = inner.strip_prefix(['|', '│']).unwrap_or(inner);
    // At most six digits: the offsets of most dumps have more.
    let is_apart = rest.starts_with([' ', '\t']) && !inner.trim().is_empty();
    let number = number.parse().ok().filter(|_| len <= 6 && is_apart)?;
    Some((number, inner))
}

/// A line without the times and arrows that it begins with.
fn without_head(line: &str) -> &str {
    let mut rest = line;
    while let Some(after) = after_arrow(rest)
        .or_else(|| after_time(rest))
        .or_else(|| after_esp_idf(rest))
        .filter(|after| !after.trim().is_empty())
    {
        rest = after;
    }
    rest
}

/// `> ` and `<- `: who speaks, or that somebody is quoted.
fn after_arrow(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let arrows = ["->", "<-", ">>", "<<", "=>", "<=", ">", "<", "→", "←"];
    let rest = arrows
        .into_iter()
        .find_map(|arrow| line.strip_prefix(arrow))?;
    rest.starts_with([' ', '\t']).then_some(rest)
}

/// `2026-11-22 13:37:00.123`, `[13:37:00]`, `[   12.345678]`: when it was logged.
fn after_time(line: &str) -> Option<&str> {
    let line = line.trim_start();
    if let Some(inner) = line.strip_prefix('[')
        && let Some((seconds, rest)) = inner.split_once(']')
        && let Some((whole, fraction)) = seconds.trim().split_once('.')
        && [whole, fraction].iter().all(|part| is_number(part))
        && fraction.len() >= 3
    {
        return Some(rest);
    }
    let (bracket, line) = match line.strip_prefix(['[', '(']) {
        Some(inner) => (true, inner),
        None => (false, line),
    };
    let rest = after_clock(after_date(line).unwrap_or(line))?;
    match bracket {
        true => rest.strip_prefix([']', ')']),
        false => rest.starts_with([' ', '\t', ':']).then_some(rest),
    }
}

/// `2026-11-22 `, `2026/11/22T`, `Nov 22 `.
fn after_date(text: &str) -> Option<&str> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    if let Some(rest) = MONTHS.iter().find_map(|month| text.strip_prefix(month)) {
        let rest = rest.trim_start();
        let (day, rest) = rest.split_once(' ')?;
        return (is_number(day) && day.len() <= 2).then_some(rest.trim_start());
    }
    let (year, rest) = after_digits(text, 4..=4)?;
    let separator = rest.chars().next().filter(|c| "-/.".contains(*c))?;
    let (_, rest) = after_digits(rest.strip_prefix(separator)?, 1..=2)?;
    let (_, rest) = after_digits(rest.strip_prefix(separator)?, 1..=2)?;
    let is_year = year.starts_with("19") || year.starts_with("20");
    rest.strip_prefix([' ', 'T']).filter(|_| is_year)
}

/// `13:37:00`, with a fraction or without; not the beginning of bytes with colons between them.
fn after_clock(text: &str) -> Option<&str> {
    let (_, rest) = after_digits(text, 1..=2)?;
    let (_, rest) = after_digits(rest.strip_prefix(':')?, 2..=2)?;
    let (_, rest) = after_digits(rest.strip_prefix(':')?, 2..=2)?;
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => after_digits(fraction, 1..=9)?.1,
        None => rest,
    };
    let rest = rest.strip_prefix('Z').unwrap_or(rest);
    let is_byte = |rest: &str| rest.starts_with(|c: char| c.is_ascii_hexdigit());
    match rest.strip_prefix(':') {
        Some(rest) if is_byte(rest) => None,
        _ => Some(rest),
    }
}

/// `I (12345) tag: `, as ESP-IDF logs.
fn after_esp_idf(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix(['E', 'W', 'I', 'D', 'V'])?;
    let (time, rest) = rest.strip_prefix(" (")?.split_once(')')?;
    let (tag, rest) = rest.split_once(": ")?;
    (is_number(time) && !tag.trim().contains(' ')).then_some(rest)
}

/// `length=21 from=0 to=20`, behind the time: what socat writes before the bytes.
fn is_socat_header(line: &str) -> bool {
    let mut words = line.split_whitespace();
    ["length=", "from=", "to="].into_iter().all(|key| {
        let value = words.next().and_then(|word| word.strip_prefix(key));
        value.is_some_and(is_number)
    })
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// As many digits as there are at the beginning, if they are of such a number.
fn after_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> Option<(&str, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    count.contains(&len).then(|| text.split_at(len))
}

/// A line of pairs of hexadecimal digits without the same bytes as text behind them. Where an
/// offset stands before the pairs it is for the dump to find where they end.
fn without_text(line: &str) -> &str {
    let mut bytes = Vec::new();
    let mut rest = line.trim_start();
    while let Some((byte, after)) = pair(rest) {
        bytes.push(byte);
        let inner = after.trim_start();
        let gap = after.len() - inner.len();
        if bytes.len() > *BESIDE_TEXT.end() {
            break;
        }
        if gap >= 2 && BESIDE_TEXT.contains(&bytes.len()) && is_text_of(&bytes, inner) {
            return &line[..line.len() - after.len()];
        }
        rest = inner;
    }
    line
}

/// Two hexadecimal digits that stand alone.
fn pair(text: &str) -> Option<(u8, &str)> {
    let (digits, rest) = text.split_at_checked(2)?;
    let is_apart = rest.is_empty() || rest.starts_with([' ', '\t']);
    let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    let byte = u8::from_str_radix(digits, 16).ok()?;
    (is_apart && is_hex).then_some((byte, rest))
}

/// Whether a text shows just these bytes, a dot for each that cannot be printed.
fn is_text_of(bytes: &[u8], text: &str) -> bool {
    let inner = text
        .trim_end()
        .trim_start_matches('|')
        .trim_end_matches('|');
    let is_shown = |text: &str| {
        let is_of = |(&byte, c): (&u8, char)| match byte {
            b' '..=b'~' => c == char::from(byte),
            _ => !c.is_ascii_alphanumeric(),
        };
        text.chars().count() == bytes.len() && bytes.iter().zip(text.chars()).all(is_of)
    };
    is_shown(inner) || is_shown(text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn leaves(text: &str, inner: &str) {
        assert_eq!(without(text.into()), inner, "{text}");
    }

    #[test]
    fn times_are_left_out() {
        for head in [
            "13:37:00.123 -> ",
            "2026-11-22 13:37:00,123 ",
            "2026-11-22T13:37:00.123456Z ",
            "Nov 22 13:37:00 ",
            "[13:37:00] ",
            "[2026/11/22 13:37:00] ",
            "[    1.234567] ",
            "I (1234) mqtt: ",
            "> ",
            "13:37:00 <- ",
            "> 2026/11/22 13:37:00.123456  length=2 from=0 to=1\n",
        ] {
            let text = format!("{head}c0 00");
            assert_eq!(without(text.into()).trim_start(), "c0 00", "{head}");
        }
    }

    #[test]
    fn bytes_are_no_times() {
        for text in [
            "10:13:00:04:4d",
            "10:13:00:04 4d",
            "<Buffer c0 00>",
            "20 02 00 00",
            "2026",
            "13:37:00",
            "[c0 00]",
            "",
        ] {
            leaves(text, text);
        }
    }

    #[test]
    fn line_numbers_are_left_out() {
        leaves("  1  c0 00\n  2  d0 00", "c0 00\nd0 00");
        leaves("9 | c0\n10 | 00\n11 | d0", " c0\n 00\n d0");
        // Two bytes that follow each other are two bytes.
        leaves("48 3\n49 2", "48 3\n49 2");
        leaves("1\n2\n3", "1\n2\n3");
    }

    #[test]
    fn bytes_as_text_are_left_out() {
        leaves(
            " 30 03 00 01 61  0...a\n 61 62  ab",
            " 30 03 00 01 61\n 61 62  ab",
        );
        leaves("30 03 00 01 61   |0...a|", "30 03 00 01 61");
        leaves("30 03 00 01 61  0...b", "30 03 00 01 61  0...b");
        leaves("0000  30 03 00 01", "0000  30 03 00 01");
    }
}
