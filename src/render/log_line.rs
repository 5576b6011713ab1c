//! Lines of a log, each with its time.

use colored::Colorize;
use jiff::Timestamp;

use super::clock::Clock;
use super::escape::{Keep, visible};
use super::json::escape_hazards;
use super::{Notice, Style};

/// What a line of a log begins with.
pub enum Stamp {
    /// Nothing: whoever reads the log adds the time.
    None,
    /// `2026-11-22T20:42:22.515+01:00`
    Iso(Clock),
    /// `1795380142:`, as Mosquitto has it.
    Unix,
}

impl Stamp {
    /// Appends a line: the time, what kind of line it is, and the text, which stays on its line
    /// whatever strangers have put into it.
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use mqtk::render::{Notice, Stamp, Style};
    ///
    /// let time = Timestamp::new(1_795_380_142, 515_566_298)?;
    /// let mut out = Vec::new();
    /// Stamp::Unix.write(&mut out, Style::default(), time, Notice::Warning, "two\nlines");
    /// assert_eq!(out, b"1795380142: warning: two\\nlines\n");
    /// # Ok::<(), jiff::Error>(())
    /// ```
    pub fn write(
        &mut self,
        out: &mut Vec<u8>,
        style: Style,
        time: Timestamp,
        notice: Notice,
        text: &str,
    ) {
        let stamp = self.text(time);
        if !stamp.is_empty() {
            out.extend_from_slice(style.paint(&stamp, |stamp| stamp.dimmed()).as_bytes());
            out.push(b' ');
        }
        out.extend_from_slice(notice.label(style).as_bytes());
        visible(out, text.trim_end().as_bytes(), Keep::Nothing);
        out.push(b'\n');
    }

    fn text(&mut self, time: Timestamp) -> String {
        match self {
            Self::None => String::new(),
            Self::Unix => format!("{}:", time.as_second()),
            Self::Iso(clock) => {
                let mut text = Vec::with_capacity("2026-11-22T20:42:22.515+01:00".len());
                clock.with_milliseconds(&mut text, time);
                String::from_utf8(text).unwrap_or_default()
            }
        }
    }
}

/// Appends a line of JSON, with escapes for what a terminal would obey.
pub fn json_line(out: &mut Vec<u8>, style: Style, json: &str) {
    match style.escape {
        true => escape_hazards(out, json.as_bytes()),
        false => out.extend_from_slice(json.as_bytes()),
    }
    out.push(b'\n');
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::render::message::samples::TIME;

    fn written(mut stamp: Stamp, notice: Notice, style: Style, text: &str) -> String {
        let time = Timestamp::from_nanosecond(TIME).expect("in range");
        let mut out = Vec::new();
        stamp.write(&mut out, style, time, notice, text);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn the_time_comes_first_in_the_form_that_is_asked_for() {
        let iso = || Stamp::Iso(Clock::new(TimeZone::UTC));
        for (stamp, notice, line) in [
            (Stamp::None, Notice::Note, "x\n"),
            (Stamp::None, Notice::Error, "error: x\n"),
            (Stamp::Unix, Notice::Note, "1795380142: x\n"),
            (iso(), Notice::Note, "2026-11-22T20:42:22.515+00:00 x\n"),
            (
                iso(),
                Notice::Warning,
                "2026-11-22T20:42:22.515+00:00 warning: x\n",
            ),
        ] {
            assert_eq!(written(stamp, notice, Style::default(), "x"), line);
        }
    }

    #[test]
    fn on_a_terminal_the_time_stands_back() {
        let style = Style {
            color: true,
            ..Style::default()
        };
        assert_eq!(
            written(Stamp::Unix, Notice::Note, style, "x"),
            "\x1b[2m1795380142:\x1b[0m x\n"
        );
    }

    #[test]
    fn json_on_a_terminal_has_nothing_to_obey() {
        let style = |escape| Style {
            escape,
            ..Style::default()
        };
        for (escape, line) in [(false, "\"\u{9b}2J\"\n"), (true, "\"\\u009b2J\"\n")] {
            let mut out = Vec::new();
            json_line(&mut out, style(escape), "\"\u{9b}2J\"");
            assert_eq!(String::from_utf8(out).expect("text"), line);
        }
    }

    #[test]
    fn a_line_is_one_line() {
        let text = "a\nerror: b\tc\x1b[2J\u{202e}";
        assert_eq!(
            written(Stamp::None, Notice::Note, Style::default(), text),
            "a\\nerror: b\\tc\\x1b[2J\\u{202e}\n"
        );
    }
}
