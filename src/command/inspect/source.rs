//! Where the input comes from: arguments, files, stdin.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;
use std::path::Path;

use super::gunzip::{Gunzip, is_gzip};
use super::interrupt::Interruptible;
use crate::command::failure::Failure;

/// How many bytes tell a capture, or compressed input, from anything else.
const MAGIC: u64 = 4;

/// A thing to read.
pub(super) enum Source<'a> {
    /// The arguments themselves.
    Text(String),
    /// A file.
    File(&'a Path),
    /// Standard input.
    Stdin,
}

/// A source that is open.
pub(super) struct Opened {
    /// Its name, for people.
    pub name: String,
    /// Whether it is the arguments themselves.
    pub is_argument: bool,
    /// Its length in bytes, if it is a file of one.
    pub size: Option<u64>,
    /// The first bytes that it holds.
    pub begun: Vec<u8>,
    /// The others.
    pub rest: Box<dyn Read>,
}

/// What the arguments name: stdin and files, if any of these exist; otherwise the arguments are the text.
pub(super) fn sources(input: &[OsString]) -> Vec<Source<'_>> {
    let is_file = |arg: &OsString| arg == "-" || Path::new(arg).exists();
    if input.is_empty() {
        return vec![Source::Stdin];
    }
    if input.iter().any(is_file) || matches!(input, [only] if is_path(only)) {
        return input.iter().map(|arg| Source::file(arg)).collect();
    }
    let words: Vec<_> = input.iter().map(|arg| arg.to_string_lossy()).collect();
    vec![Source::Text(words.join(" "))]
}

/// Whether this can only be meant as a file, although there is none: no form of bytes looks so.
fn is_path(argument: &OsStr) -> bool {
    let Some(text) = argument.to_str() else {
        return true;
    };
    let ending = |text: &str| {
        let (_, ending) = text.rsplit_once('.')?;
        let is_word = ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_number = ending.bytes().all(|byte| byte.is_ascii_hexdigit());
        Some(ending.len() <= 6 && is_word && !is_number)
    };
    !text.contains(|c: char| c.is_whitespace() || "\"'\\,;*{[(".contains(c))
        && (text.starts_with("./")
            || text.starts_with("../")
            || text.starts_with('/') && !text.starts_with("//")
            || ending(text) == Some(true))
}

impl<'a> Source<'a> {
    fn file(arg: &'a OsStr) -> Self {
        match arg.as_encoded_bytes() {
            b"-" => Source::Stdin,
            _ => Source::File(Path::new(arg)),
        }
    }

    /// The name of the source, for people.
    pub(super) fn name(&self) -> String {
        match self {
            Source::Text(_) => "the arguments".into(),
            Source::File(path) => path.display().to_string(),
            Source::Stdin => "stdin".into(),
        }
    }

    /// Whether somebody is to type it.
    pub(super) fn is_typed(&self) -> bool {
        matches!(self, Source::Stdin) && io::stdin().is_terminal()
    }

    fn size(&self) -> Option<u64> {
        let Source::File(path) = self else {
            return None;
        };
        let metadata = path.metadata().ok()?;
        metadata.is_file().then_some(metadata.len())
    }

    /// Opens it, and decompresses what gzip has compressed.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub(super) fn open(self) -> Result<Opened, Failure> {
        let (name, mut size) = (self.name(), self.size());
        let mut rest: Box<dyn Read> = match self {
            Source::Text(text) => {
                return Ok(Opened {
                    name,
                    is_argument: true,
                    size,
                    begun: text.into_bytes(),
                    rest: Box::new(io::empty()),
                });
            }
            Source::File(path) => Box::new(File::open(path).map_err(|e| unreadable(&name, &e))?),
            // Not `Stdin`, whose buffer is small.
            Source::Stdin => match io::stdin().as_fd().try_clone_to_owned() {
                // A terminal's Ctrl-C ends the process, as it does where text is typed.
                Ok(stdin) if stdin.is_terminal() => Box::new(File::from(stdin)),
                Ok(stdin) => match Interruptible::new(File::from(stdin)) {
                    Ok(stdin) => Box::new(stdin),
                    Err(error) => return Err(unreadable(&name, &error)),
                },
                Err(error) => return Err(unreadable(&name, &error)),
            },
        };
        let mut begun = begin(&name, &mut rest)?;
        if is_gzip(&begun) {
            rest = Box::new(Gunzip::new(io::Cursor::new(begun).chain(rest)));
            begun = begin(&name, &mut rest)?;
            size = None;
        }
        Ok(Opened {
            name,
            is_argument: false,
            size,
            begun,
            rest,
        })
    }
}

/// The first bytes.
fn begin(name: &str, input: &mut impl Read) -> Result<Vec<u8>, Failure> {
    let mut begun = Vec::new();
    let read = input.take(MAGIC).read_to_end(&mut begun);
    read.map_err(|error| unreadable(name, &error))?;
    Ok(begun)
}

/// Reads what there is, once there is something; 0: the end.
///
/// # Errors
///
/// It cannot be read.
pub(super) fn read_some(
    name: &str,
    input: &mut impl Read,
    buffer: &mut [u8],
) -> Result<usize, Failure> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => return read.map_err(|error| unreadable(name, &error)),
        }
    }
}

pub(super) fn unreadable(name: &str, error: &io::Error) -> Failure {
    Failure::io(format_args!("cannot read {name}"), error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_only_be_a_file_is_no_text() {
        for path in ["talk.pcap.gz", "dump.txt", "/tmp/dump", "./dump", "../a/b"] {
            assert!(is_path(path.as_ref()), "{path}");
        }
        for bytes in [
            "10",
            "10.0f.00",
            "c000",
            "wAA=",
            "//8=",
            "0xc0,0x00",
            r"\xc0\x00.x",
            "// a comment.txt",
            "",
        ] {
            assert!(!is_path(bytes.as_ref()), "{bytes}");
        }
    }
}
