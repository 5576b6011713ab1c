//! SASLprep (RFC 4013): names and passwords that look alike become the same bytes.

use std::borrow::Cow;

use super::Error;

/// A user name as both sides compare it.
///
/// # Errors
///
/// It has characters that are not allowed, or none at all is left.
pub fn prepare_username(username: &str) -> Result<Cow<'_, str>, Error> {
    match stringprep::saslprep(username) {
        Ok(prepared) if !prepared.is_empty() => Ok(prepared),
        _ => Err(Error::Unprepared("user name")),
    }
}

/// A password as both sides hash it.
pub(super) fn prepare_password(password: &[u8]) -> Result<Cow<'_, [u8]>, Error> {
    let text = std::str::from_utf8(password).ok();
    let prepared = text.and_then(|text| stringprep::saslprep(text).ok());
    match prepared.ok_or(Error::Unprepared("password"))? {
        Cow::Borrowed(text) => Ok(Cow::Borrowed(text.as_bytes())),
        Cow::Owned(text) => Ok(Cow::Owned(text.into_bytes())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The examples of RFC 4013 section 3.
    #[test]
    fn the_examples_of_the_rfc_come_out_as_it_says() {
        for (text, prepared) in [
            ("I\u{AD}X", Some("IX")),
            ("user", Some("user")),
            ("USER", Some("USER")),
            ("\u{AA}", Some("a")),
            ("\u{2168}", Some("IX")),
            ("\u{7}", None),
            ("\u{627}1", None),
        ] {
            let username = prepare_username(text).ok();
            assert_eq!(username.as_deref(), prepared, "{text:?}");
            let password = prepare_password(text.as_bytes()).ok();
            assert_eq!(password.as_deref(), prepared.map(str::as_bytes), "{text:?}");
        }
    }

    #[test]
    fn more_of_its_tables() {
        for (text, prepared) in [
            // A space that is none in ASCII (section 2.1).
            ("a\u{A0}b\u{3000}c", Some("a b c")),
            // Composed, however it was typed (section 2.2).
            ("e\u{301}", Some("\u{E9}")),
            // Right to left throughout (section 2.4).
            ("\u{627}\u{628}", Some("\u{627}\u{628}")),
            // Private use, a tag, a code point without character (sections 2.3 and 2.5).
            ("\u{E000}", None),
            ("\u{E0041}", None),
            ("\u{0221}", None),
        ] {
            let password = prepare_password(text.as_bytes()).ok();
            assert_eq!(password.as_deref(), prepared.map(str::as_bytes), "{text:?}");
        }
    }

    #[test]
    fn a_name_has_to_have_something_left_and_a_password_to_be_text() {
        assert_eq!(
            prepare_username("\u{AD}"),
            Err(Error::Unprepared("user name"))
        );
        assert_eq!(prepare_username(""), Err(Error::Unprepared("user name")));
        assert_eq!(
            prepare_password(b"\xFF"),
            Err(Error::Unprepared("password"))
        );
        assert_eq!(prepare_password(b"").as_deref(), Ok(&b""[..]));
    }
}
