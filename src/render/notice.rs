//! Notices on stderr: one clear line each.

use std::fmt::Display;
use std::io::{self, Write};

use colored::Colorize;

use super::Style;
use super::escape::{Keep, visible};

/// What a line on stderr is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Why the command failed.
    Error,
    /// What went wrong without ending the command.
    Warning,
    /// What happens, for those who asked to be told.
    Note,
}

impl Notice {
    /// Writes one notice: `error: ` and the text. It is escaped, since part of it may come from a broker.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(self, out: &mut impl Write, style: Style, text: &dyn Display) -> io::Result<()> {
        let mut line = self.label(style).into_bytes();
        visible(
            &mut line,
            text.to_string().trim_end().as_bytes(),
            Keep::Layout,
        );
        line.push(b'\n');
        out.write_all(&line)
    }

    /// The label before the text: `error: `.
    pub(super) fn label(self, style: Style) -> String {
        let label = match self {
            Self::Error => style.paint("error:", |label| label.red().bold()),
            Self::Warning => style.paint("warning:", |label| label.yellow().bold()),
            Self::Note => return String::new(),
        };
        label + " "
    }

    fn to_stderr(self, text: &dyn Display) {
        let stderr = io::stderr();
        // Where stderr is closed, there is nobody to tell.
        let _ = self.write(&mut stderr.lock(), Style::of(&stderr), text);
    }
}

/// Says on stderr why the command failed.
pub fn error(text: &dyn Display) {
    Notice::Error.to_stderr(text);
}

/// Says on stderr what went wrong, though the command goes on.
pub fn warning(text: &dyn Display) {
    Notice::Warning.to_stderr(text);
}

/// Says on stderr what happens.
pub fn note(text: &dyn Display) {
    Notice::Note.to_stderr(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(notice: Notice, color: bool, text: &str) -> String {
        let mut out = Vec::new();
        let style = Style {
            color,
            escape: color,
        };
        notice.write(&mut out, style, &text).expect("a buffer");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn a_notice_is_one_line_with_a_label_if_something_is_wrong() {
        assert_eq!(
            written(Notice::Error, false, "no route"),
            "error: no route\n"
        );
        assert_eq!(
            written(Notice::Note, false, "all is well\n"),
            "all is well\n"
        );
    }

    #[test]
    fn only_the_label_is_coloured() {
        let warning = written(Notice::Warning, true, "late");
        assert!(
            warning.starts_with("\x1b[1;33mwarning:\x1b[0m late"),
            "{warning:?}"
        );
    }

    #[test]
    fn what_a_broker_says_is_escaped() {
        assert_eq!(
            written(Notice::Error, false, "\x1b[2J"),
            "error: \\x1b[2J\n"
        );
    }
}
