//! Options files: one option and its value on a line, as on the command line but unquoted.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

/// One line that holds an option.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1.
    pub number: usize,
    /// The option, and its value if there is one.
    pub args: Vec<OsString>,
}

/// Reads the file; `None` if there is none.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<Line>>> {
    match fs::read_to_string(path) {
        Ok(text) => parse(&text).map(Some).map_err(io::Error::other),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The lines with an option; empty ones and those that begin with `#` say nothing.
fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let number = index + 1;
        if !line.starts_with('-') || line.starts_with("-- ") || line == "--" || line == "-" {
            return Err(format!(
                "line {number} does not begin with an option such as --host or -h"
            ));
        }
        let args = match line.split_once([' ', '\t']) {
            // --option=some words
            Some((option, _)) if option.starts_with("--") && option.contains('=') => {
                vec![line.into()]
            }
            Some((option, value)) if !value.trim().is_empty() => {
                vec![option.into(), value.trim_start().into()]
            }
            _ => vec![line.trim_end().into()],
        };
        lines.push(Line { number, args });
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Vec<Vec<OsString>> {
        let lines = parse(text).expect("a good file");
        lines.into_iter().map(|line| line.args).collect()
    }

    #[test]
    fn a_line_is_an_option_and_the_rest_its_value() {
        assert_eq!(
            args("# mine\n\n-h broker.example\r\n  --message a 'b'  c \n--retain \n--url=a b"),
            [
                vec!["-h", "broker.example"],
                vec!["--message", "a 'b'  c "],
                vec!["--retain"],
                vec!["--url=a b"],
            ]
        );
    }

    #[test]
    fn the_number_of_a_line_counts_comments() {
        assert_eq!(parse("#\n\n-q 1").expect("a good file")[0].number, 3);
    }

    #[test]
    fn a_line_without_an_option_is_refused() {
        for text in ["host x", "--", "-", "-- x"] {
            let error = parse(&format!("-q 1\n{text}")).expect_err(text);
            assert!(error.starts_with("line 2 "), "{error}");
        }
    }
}
