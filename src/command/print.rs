//! Writing to stdout, for commands that may wait for its reader.

use std::io::{self, Write};

use super::failure::Failure;

/// Writes all of it to stdout. A reader that has left, such as `head`, is not an error.
///
/// # Errors
///
/// Stdout cannot be written for another reason, such as a full disk.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    match io::stdout().lock().write_all(bytes) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.map_err(|error| Failure::io("cannot write to stdout", &error)),
    }
}
