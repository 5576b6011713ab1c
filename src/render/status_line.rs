//! A line on stderr that is updated in place, and leaves nothing behind.

use std::cell::Cell;
use std::io::{self, Write};

use super::style::can_redraw;

/// What turns in front of the text, to show that something happens.
const SPINNER: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/// Columns that are left free, so that what the terminal echoes (`^C`) is on the same line, and is removed
/// with it.
const FREE: usize = 4;

/// The line, which is removed when this is dropped.
#[derive(Debug)]
pub(super) struct StatusLine {
    turns: usize,
    is_shown: Cell<bool>,
}

impl StatusLine {
    /// A line that shows nothing yet; `None` if stderr is no terminal that can be drawn over.
    pub(super) fn on_terminal() -> Option<StatusLine> {
        can_redraw(&io::stderr()).then_some(StatusLine {
            turns: 0,
            is_shown: Cell::new(false),
        })
    }

    /// Shows a text without line ends in place of the one before.
    pub(super) fn show(&mut self, text: &str) {
        let stderr = io::stderr();
        let columns = rustix::termios::tcgetwinsize(&stderr).map_or(80, |size| size.ws_col);
        let line = drawn(self.turns, text, columns.into());
        self.turns += 1;
        self.is_shown.set(true);
        // If the terminal is gone, there is nobody to show it to.
        let _ = stderr.lock().write_all(line.as_bytes());
    }

    /// Takes the line away, until it is shown again.
    pub(super) fn clear(&self) {
        if self.is_shown.take() {
            let _ = io::stderr().lock().write_all(b"\r\x1b[K");
        }
    }
}

impl Drop for StatusLine {
    fn drop(&mut self) {
        self.clear();
    }
}

/// What draws the line over the one before, cut to the width of the terminal.
fn drawn(turns: usize, text: &str, columns: usize) -> String {
    let spinner = SPINNER[turns % SPINNER.len()];
    let line = format!("{spinner} {text}");
    let cut: String = line.chars().take(columns.saturating_sub(FREE)).collect();
    format!("\r{cut}\x1b[K")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_leaves_room_for_what_the_terminal_echoes() {
        assert_eq!(drawn(0, "5 sent", 80), "\r⠋ 5 sent\x1b[K");
        assert_eq!(drawn(11, "5 sent", 10), "\r⠙ 5 se\x1b[K");
        assert_eq!(drawn(0, "5 sent", 0), "\r\x1b[K");
    }
}
