//! Password files: a user and what its password hashes to on each line.

mod credential;
mod file;
mod scram;

pub use credential::{BadCredential, Credential, HashKind};
pub use file::{PasswordFile, PasswordFileError};
