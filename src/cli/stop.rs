//! Why no command came of the arguments: a request for help, or an error in one clear line.

use std::error::Error;
use std::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::ExitStatus;

/// Why the arguments do not lead to a command.
#[derive(Debug)]
pub enum Stop {
    /// Help or the version was asked for; [`clap::Error::print`] writes it to stdout.
    Shown(clap::Error),
    /// The usage is wrong, in one line for stderr.
    Usage(String),
}

impl Stop {
    /// The status to exit with.
    pub fn status(&self) -> ExitStatus {
        match self {
            Self::Shown(_) => ExitStatus::Done,
            Self::Usage(_) => ExitStatus::Usage,
        }
    }

    /// A usage error of a subcommand (or of none, if that is empty), with the hint where to read more.
    pub(super) fn usage(subcommand: &str, message: impl AsRef<str>) -> Self {
        let message = message.as_ref();
        let command = match subcommand {
            "" => "mqtk".to_owned(),
            name => format!("mqtk {name}"),
        };
        Self::Usage(format!("{message} (see {command} --help)"))
    }

    /// What clap has to say about the command line.
    pub(super) fn clap(subcommand: &str, error: clap::Error) -> Self {
        match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Self::Shown(error),
            _ => Self::usage(subcommand, one_line(&error)),
        }
    }

    /// What clap has to say about a line of a file or a variable.
    pub(super) fn clap_in(subcommand: &str, place: &str, error: clap::Error) -> Self {
        let message = match error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                "this option has no place here".to_owned()
            }
            _ => one_line(&error),
        };
        Self::usage(subcommand, format!("{place}: {message}"))
    }
}

/// clap's message and tips without its usage, on one line.
pub(super) fn one_line(error: &clap::Error) -> String {
    if let Some(message) = without_value(error) {
        return message;
    }
    let mut text = error.to_string();
    let source = error.source();
    if let Some(number) = source.and_then(|source| source.downcast_ref::<ParseIntError>()) {
        text = text.replace(&number.to_string(), not_a_number(number));
    }
    let mut line = String::new();
    for part in text.lines().map(str::trim) {
        if part.starts_with("Usage:") || part.starts_with("For more information") {
            break;
        }
        let part = part.strip_prefix("error: ").unwrap_or(part);
        let (joint, part) = match part.strip_prefix("tip: ") {
            Some(tip) => ("; ", tip),
            None => (" ", part),
        };
        if !part.is_empty() {
            if !line.is_empty() {
                line.push_str(joint);
            }
            line.push_str(part);
        }
    }
    line
}

/// What the library says of a number, for those who do not program.
fn not_a_number(error: &ParseIntError) -> &'static str {
    match error.kind() {
        IntErrorKind::PosOverflow => "the number is too large",
        IntErrorKind::NegOverflow => "the number is too small",
        IntErrorKind::Zero => "a number from 1 up is wanted",
        _ => "a whole number is wanted",
    }
}

/// What is wrong with a value that clap must not repeat: a URL may hold a password, and a
/// property has been folded.
fn without_value(error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let option = option.split(' ').next()?;
    match option {
        "--url" | "--proxy" | "--property" => Some(format!("{option}: {}", error.source()?)),
        _ => None,
    }
}
