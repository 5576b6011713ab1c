//! Where the input comes from: arguments, files, stdin.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::command::failure::Failure;

/// A thing to read.
pub(super) enum Source<'a> {
    /// The arguments themselves.
    Text(String),
    /// A file.
    File(&'a Path),
    /// Standard input.
    Stdin,
}

/// What the arguments name: files if they exist, stdin, or else they are the text.
pub(super) fn sources(input: &[OsString]) -> Vec<Source<'_>> {
    let is_file = |arg: &OsString| arg == "-" || Path::new(arg).exists();
    if input.is_empty() {
        return vec![Source::Stdin];
    }
    if input.iter().any(is_file) {
        return input.iter().map(|arg| Source::file(arg)).collect();
    }
    let words: Vec<_> = input.iter().map(|arg| arg.to_string_lossy()).collect();
    vec![Source::Text(words.join(" "))]
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

    /// Everything that it holds.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub(super) fn read(self) -> Result<Vec<u8>, Failure> {
        let name = self.name();
        let mut bytes = Vec::new();
        let read = match self {
            Source::Text(text) => return Ok(text.into_bytes()),
            Source::File(path) => File::open(path).and_then(|mut f| f.read_to_end(&mut bytes)),
            Source::Stdin => io::stdin().lock().read_to_end(&mut bytes),
        };
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => Err(Failure::io(format_args!("cannot read {name}"), &error)),
        }
    }
}
