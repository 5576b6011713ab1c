//! Why there is no store, in words.

use std::io;
use std::path::{Path, PathBuf};

use super::store::FORMAT;
use crate::transport::plain_io;

/// Why there is no store, or none any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has opened it.
    #[error("{} is in use by another broker", .0.display())]
    InUse(PathBuf),
    /// The file is not one that a broker has written, or has been damaged since.
    #[error("{} is damaged ({why}): restore it from a copy, or remove it to begin anew", file.display())]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// A newer broker has written it.
    #[error("{} has format {format}, and this broker reads formats up to {FORMAT}: use the broker that wrote it", file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// The version of its format.
        format: u64,
    },
    /// There is no thread to write it.
    #[error("cannot start a thread for the store: {}", plain_io(error))]
    Thread {
        /// What the operating system says.
        error: io::Error,
    },
    /// The thread that writes it has died.
    #[error("the store's thread has died")]
    Gone,
    /// It cannot be read or written.
    #[error("{}: {}", file.display(), plain_io(error))]
    Io {
        /// The file or directory.
        file: PathBuf,
        /// What the operating system says.
        error: io::Error,
    },
}

/// What went wrong, for people.
pub(super) fn explain(file: &Path, error: impl Into<redb::Error>) -> StoreError {
    let file = file.to_owned();
    match error.into() {
        redb::Error::DatabaseAlreadyOpen => StoreError::InUse(file),
        redb::Error::Io(error) => match error.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => StoreError::Damaged {
                file,
                why: error.to_string(),
            },
            _ => StoreError::Io { file, error },
        },
        redb::Error::Corrupted(why) => StoreError::Damaged { file, why },
        other => StoreError::Damaged {
            file,
            why: other.to_string(),
        },
    }
}
