//! Where text goes, and how it may therefore look.

use std::ffi::OsString;
use std::io::IsTerminal;

use colored::{ColoredString, control};

/// How to write for one output stream.
///
/// The default is for a pipe or file: bytes as they came, no colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Style {
    /// Show control characters that strangers sent instead of passing them on.
    pub escape: bool,
    /// Use colour.
    pub color: bool,
}

impl Style {
    /// The style for a stream of this process, such as [`std::io::stdout`].
    ///
    /// Colour is for terminals, unless the environment says otherwise: `NO_COLOR` and `TERM=dumb`
    /// turn it off, `CLICOLOR_FORCE` on.
    pub fn of(stream: &impl IsTerminal) -> Self {
        Self::decide(stream.is_terminal(), |name| std::env::var_os(name))
    }

    fn decide(is_terminal: bool, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let zero = |name| variable(name).is_some_and(|value| value == "0");
        let color = if set("CLICOLOR_FORCE") && !zero("CLICOLOR_FORCE") {
            true
        } else {
            is_terminal && !set("NO_COLOR") && !zero("CLICOLOR") && !is_dumb(&variable)
        };
        Self {
            escape: is_terminal,
            color,
        }
    }

    /// Colours a text, if this style has colour.
    pub(super) fn paint(self, text: &str, color: impl Fn(&str) -> ColoredString) -> String {
        if !self.color {
            return text.to_owned();
        }
        // The crate would decide by itself whether stdout is a terminal; here that is decided already.
        control::set_override(true);
        color(text).to_string()
    }
}

/// Whether the terminal knows no escape sequences, as a shell within an editor.
fn is_dumb(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable("TERM").is_some_and(|term| term == "dumb")
}

/// Whether what is on this stream can be drawn over: it is a terminal that can move its cursor.
pub(super) fn can_redraw(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !is_dumb(|name| std::env::var_os(name))
}

#[cfg(test)]
mod tests {
    use colored::Colorize;

    use super::*;

    fn color(is_terminal: bool, environment: &[(&str, &str)]) -> bool {
        let variable = |name: &str| {
            let found = environment.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        };
        Style::decide(is_terminal, variable).color
    }

    #[test]
    fn colour_is_for_terminals() {
        assert!(color(true, &[]));
        assert!(!color(false, &[]));
    }

    #[test]
    fn the_environment_can_say_otherwise() {
        assert!(!color(true, &[("NO_COLOR", "1")]));
        assert!(color(true, &[("NO_COLOR", "")]));
        assert!(!color(true, &[("CLICOLOR", "0")]));
        assert!(!color(true, &[("TERM", "dumb")]));
        assert!(color(true, &[("TERM", "xterm")]));
        assert!(color(false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!color(false, &[("CLICOLOR_FORCE", "0")]));
        assert!(color(false, &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    }

    #[test]
    fn only_a_terminal_needs_escapes() {
        let forced = |_: &str| Some(OsString::from("1"));
        assert!(!Style::decide(false, forced).escape);
        assert!(Style::decide(true, forced).escape);
    }

    #[test]
    fn paint_without_colour_is_the_text() {
        let red = |text: &str| text.red();
        assert_eq!(Style::default().paint("x", red), "x");
        let style = Style {
            color: true,
            ..Style::default()
        };
        assert_eq!(style.paint("x", red), "\x1b[31mx\x1b[0m");
    }
}
