//! The password, from wherever it may come: flag, file, terminal or URL.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::Path;

use super::connection::CredentialFlags;
use super::url::BrokerUrl;
use crate::client::{Options, Secret};
use crate::transport::plain_io;

impl CredentialFlags {
    /// Whether the password is what stands first on stdin.
    pub fn is_password_from_stdin(&self) -> bool {
        let path = self.password_file.as_deref();
        path.is_some_and(|path| path.as_os_str() == "-")
    }
}

/// Finds the password; asks on the terminal if that was wished.
pub(super) fn password(
    flags: &CredentialFlags,
    url: Option<&BrokerUrl>,
    options: &Options,
) -> Result<Option<Secret>, String> {
    let password = if let Some(password) = &flags.password {
        Some(password.clone())
    } else if flags.is_password_from_stdin() {
        let read = Secret::read_line(io::stdin().lock());
        Some(read.map_err(|error| unreadable("stdin", &error))?)
    } else if let Some(path) = &flags.password_file {
        Some(from_file(path)?)
    } else if flags.ask_password {
        let user = options.username.as_deref().unwrap_or("the client");
        let prompt = format!("Password of {user} at {}: ", options.target.address);
        let password = rpassword::prompt_password(prompt).map_err(|error| {
            let why = plain_io(&error);
            format!("cannot ask for the password on the terminal: {why}")
        })?;
        Some(Secret(password.into_bytes()))
    } else {
        url.and_then(BrokerUrl::password)
            .map(|password| Secret(password.as_bytes().to_vec()))
    };
    match &password {
        Some(Secret(bytes)) if bytes.len() > Secret::MAX_LEN => {
            Err("the password is longer than the 65535 bytes that MQTT allows".into())
        }
        _ => Ok(password),
    }
}

/// The first line of the file.
fn from_file(path: &Path) -> Result<Secret, String> {
    let name = path.display();
    let file = fs::File::open(path)
        .map_err(|error| format!("cannot open --password-file {name}: {}", plain_io(&error)))?;
    Secret::read_line(io::BufReader::new(file)).map_err(|error| unreadable(name, &error))
}

fn unreadable(name: impl Display, error: &io::Error) -> String {
    format!("cannot read the password from {name}: {}", plain_io(error))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_password_file_gives_its_first_line() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(b"s3cret\nmore\n").expect("written");
        let password = from_file(file.path()).expect("a password");
        assert!(password.0 == b"s3cret");
    }

    #[test]
    fn a_missing_password_file_is_named() {
        let error = from_file(Path::new("/nowhere/password")).expect_err("no such file");
        assert!(error.contains("/nowhere/password"), "{error}");
    }
}
