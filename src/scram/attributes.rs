//! The form of SCRAM's messages: `r=nonce,s=salt,i=4096`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Error;

/// The attributes of a message, in their order.
pub(super) struct Attributes<'a>(std::str::Split<'a, char>);

impl<'a> Attributes<'a> {
    pub(super) fn of(message: &'a str) -> Self {
        Self(message.split(','))
    }

    /// The value of the next attribute, which has to have this name.
    pub(super) fn next(&mut self, name: char) -> Result<&'a str, Error> {
        let attribute = self.0.next().ok_or(Error::Malformed("it is cut off"))?;
        match attribute.strip_prefix(name) {
            Some(value) if value.starts_with('=') => Ok(&value[1..]),
            _ if attribute.starts_with("m=") => Err(Error::Unsupported("an extension")),
            _ => Err(Error::Malformed("an attribute is not where it should be")),
        }
    }
}

pub(super) fn text(message: &[u8]) -> Result<&str, Error> {
    std::str::from_utf8(message).map_err(|_| Error::Malformed("it is not UTF-8"))
}

pub(super) fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let decoded = STANDARD.decode(text);
    decoded.map_err(|_| Error::Malformed("its base64 is wrong"))
}

/// A user name as a message has it: commas and equals signs are separators there.
pub(super) fn escape(username: &str) -> String {
    username.replace('=', "=3D").replace(',', "=2C")
}

pub(super) fn unescape(name: &str) -> Result<String, Error> {
    let mut parts = name.split('=');
    let mut username = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (separator, rest) = match (part.strip_prefix("2C"), part.strip_prefix("3D")) {
            (Some(rest), _) => (',', rest),
            (_, Some(rest)) => ('=', rest),
            _ => return Err(Error::Malformed("the user name is not escaped")),
        };
        username.push(separator);
        username.push_str(rest);
    }
    Ok(username)
}
