//! The password, from wherever it may come: flag, file, terminal or URL.

use std::fs;
use std::io::{self, BufRead, Read};
use std::path::Path;

use super::connection::CredentialFlags;
use super::url::BrokerUrl;
use crate::client::{Options, Secret};

/// The longest password that a CONNECT carries, in bytes.
const LONGEST: u64 = 65_535;

/// Finds the password; asks on the terminal if that was wished.
pub(super) fn password(
    flags: &CredentialFlags,
    url: Option<&BrokerUrl>,
    options: &Options,
) -> Result<Option<Secret>, String> {
    let password = if let Some(password) = &flags.password {
        Some(password.clone())
    } else if let Some(path) = &flags.password_file {
        Some(from_file(path)?)
    } else if flags.ask_password {
        let user = options.username.as_deref().unwrap_or("the client");
        let prompt = format!("Password of {user} at {}: ", options.target.address);
        let password = rpassword::prompt_password(prompt)
            .map_err(|error| format!("--ask-password: cannot read from the terminal: {error}"))?;
        Some(Secret(password.into_bytes()))
    } else {
        url.and_then(BrokerUrl::password)
            .map(|password| Secret(password.as_bytes().to_vec()))
    };
    match &password {
        Some(Secret(bytes)) if bytes.len() as u64 > LONGEST => {
            Err("the password is longer than the 65535 bytes that MQTT allows".into())
        }
        _ => Ok(password),
    }
}

/// The first line of the file, without its end; `-` is stdin.
fn from_file(path: &Path) -> Result<Secret, String> {
    let read = || -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        if path.as_os_str() == "-" {
            io::stdin().lock().read_until(b'\n', &mut line)?;
        } else {
            let file = fs::File::open(path)?.take(LONGEST + 2);
            io::BufReader::new(file).read_until(b'\n', &mut line)?;
        }
        Ok(line)
    };
    let mut line = read()
        .map_err(|error| format!("cannot read --password-file {}: {error}", path.display()))?;
    if line.ends_with(b"\n") {
        line.pop();
        if line.ends_with(b"\r") {
            line.pop();
        }
    }
    Ok(Secret(line))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_password_file_gives_its_first_line() {
        for (content, expected) in [
            (&b"s3cret\n"[..], &b"s3cret"[..]),
            (b"s3cret\r\nmore\n", b"s3cret"),
            (b" with spaces ", b" with spaces "),
            (b"", b""),
        ] {
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(content).expect("written");
            let password = from_file(file.path()).expect("a password");
            assert!(password.0 == expected);
        }
    }

    #[test]
    fn a_missing_password_file_is_named() {
        let error = from_file(Path::new("/nowhere/password")).expect_err("no such file");
        assert!(error.contains("/nowhere/password"), "{error}");
    }
}
