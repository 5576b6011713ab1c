//! The configuration file of `mqtk broker`: every option as a TOML key.
//!
//! A key is the long name of an option, its value what the command line takes: a string, a number
//! or a boolean, and a list of these where an option may be repeated. Keys may stand in a table
//! named after the heading that the option has in the help, such as `[limits]`. All of this is
//! read off clap's definition: a new option is a new key. Fault rules may be tables of their own.

use std::borrow::Cow;
use std::ffi::OsString;
use std::ops::Range;
use std::path::PathBuf;

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, value_parser};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault_table;
use super::stop::one_line;

/// Options that have no place in a file: they are about the command line itself.
const NOT_HERE: [&str; 4] = ["config", "options-file", "help", "version"];

/// A key of the file, as the arguments that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Counted from 1.
    pub line: usize,
    /// The key, which is the long name of an option.
    pub key: String,
    /// `--key=value`, or `--key`; none for a switch that is off.
    pub args: Vec<OsString>,
}

/// What is wrong with a file, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

/// The entries of a file, in its order.
pub(super) fn parse(text: &str, command: &Command) -> Result<Vec<Entry>, Wrong> {
    let table = DeTable::parse(text).map_err(|error| Wrong {
        line: line_of(text, error.span()),
        message: error.message().replace('\n', ", "),
    })?;
    let mut reader = Reader {
        text,
        command,
        entries: Vec::new(),
    };
    reader.table(None, table.get_ref())?;
    let mut entries = reader.entries;
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}

/// The entry of one key, wherever it stands.
pub(super) fn entry(
    text: &str,
    command: &Command,
    key: &Spanned<Cow<'_, str>>,
    value: &Spanned<DeValue<'_>>,
) -> Result<Entry, Wrong> {
    let line = line_of(text, Some(key.span()));
    let reader = Reader {
        text,
        command,
        entries: Vec::new(),
    };
    let key = key.get_ref().as_ref();
    let args = reader.args(line, None, key, value)?;
    let key = key.to_owned();
    Ok(Entry { line, key, args })
}

struct Reader<'a> {
    text: &'a str,
    command: &'a Command,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    /// The keys of a table, or of the file itself.
    fn table(&mut self, name: Option<&str>, table: &DeTable<'_>) -> Result<(), Wrong> {
        for (key, value) in table {
            let line = line_of(self.text, Some(key.span()));
            let wrong = |message| Wrong { line, message };
            let key = key.get_ref().as_ref();
            match (name, value.get_ref()) {
                (None, DeValue::Table(inner)) if self.has_heading(key) => {
                    self.table(Some(key), inner)?;
                }
                (None, DeValue::Table(_)) if self.option(key).is_none() => {
                    return Err(wrong(format!("unknown table '{key}'")));
                }
                _ => {
                    let args = self.args(line, name, key, value)?;
                    let key = key.to_owned();
                    self.entries.push(Entry { line, key, args });
                }
            }
        }
        Ok(())
    }

    /// What a key and its value stand for.
    fn args(
        &self,
        line: usize,
        table: Option<&str>,
        key: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<OsString>, Wrong> {
        let wrong = |message| Wrong { line, message };
        if NOT_HERE.contains(&key) {
            let message = format!("'{key}' has no place in a configuration file");
            return Err(wrong(message));
        }
        let option = self.option(key).ok_or_else(|| wrong(self.unknown(key)))?;
        if let Some(table) = table
            && table_of(option).as_deref() != Some(table)
        {
            let place = table_of(option).unwrap_or_default();
            let message = format!("'{key}' does not belong to [{table}] but to [{place}]");
            return Err(wrong(message));
        }
        let (span, value) = (value.span(), value.get_ref());
        if matches!(option.get_action(), ArgAction::SetTrue) {
            return match value.as_bool() {
                Some(true) => Ok(vec![format!("--{key}").into()]),
                Some(false) => Ok(Vec::new()),
                None => Err(wrong(format!("{key}: true or false is expected"))),
            };
        }
        let arg = |span, value: &DeValue<'_>| {
            let value = match value {
                DeValue::Table(table) if key == fault_table::OPTION => {
                    let line = line_of(self.text, Some(span));
                    fault_table::rule(self.text, line, table)?
                }
                value => taken(option, value).map_err(|what| wrong(format!("{key}: {what}")))?,
            };
            Ok(OsString::from(format!("--{key}={value}")))
        };
        match (value, option.get_action()) {
            (DeValue::Array(values), ArgAction::Append) => {
                let values = values.iter();
                values
                    .map(|value| arg(value.span(), value.get_ref()))
                    .collect()
            }
            (DeValue::Array(_), _) => {
                Err(wrong(format!("{key}: one value is expected, not a list")))
            }
            (value, _) => arg(span, value).map(|arg| vec![arg]),
        }
    }

    fn option(&self, long: &str) -> Option<&Arg> {
        let mut options = self.command.get_arguments();
        options.find(|option| option.get_long() == Some(long))
    }

    fn has_heading(&self, table: &str) -> bool {
        let mut options = self.command.get_arguments();
        options.any(|option| table_of(option).as_deref() == Some(table))
    }

    /// Says that there is no such key, and which one was meant.
    fn unknown(&self, key: &str) -> String {
        let attempt = ["mqtk".to_owned(), format!("--{key}")];
        let error = self.command.clone().try_get_matches_from(attempt).err();
        let similar = error
            .filter(|error| error.kind() == ErrorKind::UnknownArgument)
            .and_then(|error| {
                let similar = error.get(ContextKind::SuggestedArg)?.to_string();
                Some(similar.trim_start_matches('-').to_owned())
            });
        match similar {
            Some(similar) => format!("unknown key '{key}'; a similar key exists: '{similar}'"),
            None => format!("unknown key '{key}'"),
        }
    }
}

/// The table that an option may stand in: the first word of its heading.
fn table_of(option: &Arg) -> Option<String> {
    let first = option.get_help_heading()?.split_whitespace().next()?;
    Some(first.to_ascii_lowercase())
}

/// A value as the command line has it, if the option takes its type: not every option that takes
/// text means `true` by it, and no file is called so.
fn taken(option: &Arg, value: &DeValue<'_>) -> Result<String, &'static str> {
    let is_path = option.get_value_parser().type_id() == value_parser!(PathBuf).type_id();
    let values = option.get_possible_values();
    match value {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        _ if is_path => Err("a string is expected"),
        DeValue::Boolean(_) if values.iter().all(|value| value.get_name() != "true") => {
            Err("a string or a number is expected, not true or false")
        }
        value => plain(value).ok_or("a string, a number, true or false is expected"),
    }
}

/// A value as the command line has it.
pub(super) fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Integer(number) => {
            let digits = i64::from_str_radix(number.as_str(), number.radix());
            Some(digits.map_or_else(|_| number.to_string(), |number| number.to_string()))
        }
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

/// The line on which a span begins, counted from 1.
pub(super) fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let start = span.map_or(0, |span| span.start).min(text.len());
    text.as_bytes()[..start]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
        + 1
}

/// What clap has to say about the value of a key, in the words of the file.
pub(super) fn about_value(key: &str, error: &clap::Error) -> String {
    let told = one_line(error);
    // "invalid value '…' for '--key <NAME>': why" names the option as the command line does.
    let Some((before, after)) = told.split_once(&format!(" for '--{key}")) else {
        let told = told.strip_prefix(&format!("--{key}: ")).unwrap_or(&told);
        return format!("{key}: {told}");
    };
    let (_, why) = after.split_once('\'').unwrap_or_default();
    format!("{key}: {before}{why}")
}
