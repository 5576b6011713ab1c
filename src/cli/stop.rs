//! Why the arguments did not become a command: a request for help, or an error in one clear line.

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
        let message = abridged(message.as_ref());
        // Of a file that cannot be read, the help says no more.
        if message.starts_with("cannot ") {
            return Self::Usage(message);
        }
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

/// The message with the beginning of what is quoted in it, where that is long.
fn abridged(message: &str) -> String {
    const LONGEST: usize = 100;
    let mut parts = message
        .split('\'')
        .map(|part| match part.char_indices().nth(LONGEST) {
            Some((end, _)) if !part.contains(' ') => format!("{}…", &part[..end]),
            _ => part.to_owned(),
        });
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |text, part| text + "'" + &part)
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
    } else if let Some(said) = source.map(ToString::to_string)
        && let Some((_, range)) = said.split_once(" is not in ")
        && let Some((lowest, highest)) = range.split_once("..=")
    {
        let wanted = format!("a number from {lowest} to {highest} is wanted");
        text = text.replace(&said, &wanted);
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
