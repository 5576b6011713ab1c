//! `mqtk completions` and `mqtk man`: files made from the flags.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::cli::{self, Shell};

use super::failure::Failure;

/// Writes the completions of a shell to stdout.
pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let (_, text) = cli::completions(shell);
    match io::stdout().write_all(&text) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::io("cannot write to stdout", &error))
        }
        _ => Ok(()),
    }
}

/// Writes the man pages into a directory.
pub(super) fn man_pages(directory: &Path) -> Result<(), Failure> {
    let cannot = |error: &io::Error| {
        Failure::io(
            format_args!("cannot write man pages to {}", directory.display()),
            error,
        )
    };
    fs::create_dir_all(directory).map_err(|error| cannot(&error))?;
    for (name, page) in cli::man_pages().map_err(|error| cannot(&error))? {
        fs::write(directory.join(name), page).map_err(|error| cannot(&error))?;
    }
    Ok(())
}
