//! `mqtk completions` and `mqtk man`: files made from the flags.

use std::fs;
use std::io;
use std::path::Path;

use crate::cli::{self, Shell};

use super::failure::Failure;
use super::print::print;

/// Writes the completions of a shell to stdout.
pub(super) fn completions(shell: Shell) -> Result<(), Failure> {
    let (_, text) = cli::completions(shell);
    print(&text)
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
