//! `mqtk passwd`: users and their passwords in a file.

mod lines;
mod private_file;

use std::io;
use std::path::Path;

use crate::broker::{Credential, HashKind};
use crate::cli::{PasswdAction, PasswdOptions, PasswordFrom, Verbosity};
use crate::client::Secret;
use crate::exit::ExitStatus;
use crate::transport::plain_io;

use super::failure::Failure;
use super::talk::Talk;

/// Does what is asked for.
///
/// # Errors
///
/// The file cannot be read or written, there is no such user, or no password.
pub(super) fn run(options: PasswdOptions) -> Result<(), Failure> {
    let file = &options.file;
    match options.action {
        PasswdAction::Set {
            user,
            create,
            password,
            kind,
        } => {
            // Before anybody has typed a password.
            let text = match create {
                true => String::new(),
                false => read(file, "; -c makes a new one")?,
            };
            if matches!(password, PasswordFrom::Argument(_)) {
                Talk::new(Verbosity::Normal).warn(
                    "while this runs, every user of this machine can read the password in the \
                     process list; --password-stdin keeps it out of there",
                );
            }
            let password = self::password(password, &user)?;
            let hash = hash(&password.0, kind)?;
            write(file, &lines::set(&text, &user, &hash))?;
        }
        PasswdAction::Delete { user } => {
            let text = read(file, "")?;
            let Some(text) = lines::delete(&text, &user) else {
                let message = format!("there is no user {user:?} in {}", file.display());
                return Err(Failure::new(ExitStatus::Failure, message));
            };
            write(file, &text)?;
        }
        PasswdAction::Upgrade { kind } => {
            let text = read(file, "")?;
            let hash = |password: &[u8]| hash(password, kind);
            let text = lines::upgrade(&text, hash).map_err(|failure| {
                let message = format!("{}, {}", file.display(), failure.message());
                Failure::new(failure.status, message)
            })?;
            write(file, &text)?;
        }
    }
    Ok(())
}

fn read(file: &Path, hint: &str) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| {
        let hint = match error.kind() {
            io::ErrorKind::NotFound => hint,
            _ => "",
        };
        let message = format!("cannot read {}: {}{hint}", file.display(), plain_io(&error));
        Failure::new(ExitStatus::Failure, message)
    })
}

fn write(file: &Path, text: &str) -> Result<(), Failure> {
    private_file::replace(file, text.as_bytes())
        .map_err(|error| Failure::io(format_args!("cannot write {}", file.display()), &error))
}

fn hash(password: &[u8], kind: HashKind) -> Result<String, Failure> {
    match Credential::new(password, kind) {
        Ok(credential) => Ok(credential.to_string()),
        Err(error) => Err(Failure::new(ExitStatus::Failure, error.to_string())),
    }
}

/// Finds the password; on a terminal it is asked for twice.
fn password(from: PasswordFrom, user: &str) -> Result<Secret, Failure> {
    let usage = |message: &str| Failure::new(ExitStatus::Usage, message);
    let password = match from {
        PasswordFrom::Argument(password) => password,
        PasswordFrom::Stdin => Secret::read_line(io::stdin().lock())
            .map_err(|error| Failure::io("cannot read the password from stdin", &error))?,
        PasswordFrom::Terminal => {
            let password = ask(&format!("Password of {user}: "))?;
            if ask("The same again: ")? != password {
                return Err(usage("the passwords are not the same"));
            }
            password
        }
    };
    match password.0.len() {
        0 => Err(usage("the password is empty")),
        1..=Secret::MAX_LEN => Ok(password),
        _ => Err(usage(
            "the password is longer than the 65535 bytes that MQTT allows",
        )),
    }
}

fn ask(prompt: &str) -> Result<Secret, Failure> {
    match rpassword::prompt_password(prompt) {
        Ok(password) => Ok(Secret(password.into_bytes())),
        Err(error) => Err(Failure::new(
            ExitStatus::Failure,
            format!(
                "cannot ask on the terminal: {}; --password-stdin reads the password",
                plain_io(&error)
            ),
        )),
    }
}
