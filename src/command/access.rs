//! Who may connect to `mqtk broker`: reads the files that the flags name.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::broker::{Access, Authenticator, PasswordFile};
use crate::cli::BrokerAccess;
use crate::exit::ExitStatus;

use super::auth_command::AuthCommand;
use super::failure::Failure;
use super::log::Log;

/// The permission of everybody to read.
const WORLD_READABLE: u32 = 0o004;

/// Who may connect to each listener.
///
/// # Errors
///
/// A file cannot be read, or is not what it should be.
pub(super) fn build(options: &[BrokerAccess], log: &Log) -> Result<Vec<Access>, Failure> {
    let mut passwords = Vec::<(&PathBuf, Arc<PasswordFile>)>::new();
    let mut all = Vec::new();
    for options in options {
        let mut authenticators: Vec<Arc<dyn Authenticator>> = Vec::new();
        if let Some(path) = &options.password_file {
            let known = passwords.iter().find(|(known, _)| *known == path);
            let file = match known {
                Some((_, file)) => Arc::clone(file),
                None => Arc::new(read(path, log)?),
            };
            passwords.push((path, Arc::clone(&file)));
            authenticators.push(file);
        }
        if let Some((command, timeout)) = &options.command {
            authenticators.push(Arc::new(AuthCommand::new(command.clone(), *timeout)));
        }
        all.push(Access {
            authenticators,
            certificate_identity: options.certificate_identity,
            anonymous: options.anonymous,
        });
    }
    Ok(all)
}

fn read(path: &Path, log: &Log) -> Result<PasswordFile, Failure> {
    let file = PasswordFile::read(path).map_err(|error| {
        let message = format!("--password-file {}: {error}", path.display());
        Failure::new(ExitStatus::Usage, message)
    })?;
    let mode = fs::metadata(path).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & WORLD_READABLE != 0) {
        let path = path.display();
        let text =
            format_args!("{path} can be read by every user of this machine: chmod o-r {path}");
        log.warn("password_file_readable", None, text);
    }
    Ok(file)
}
