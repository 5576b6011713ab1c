//! Changing lines of a password file, and leaving all others as they are.

use crate::broker::{BadCredential, Credential};
use crate::exit::ExitStatus;

use super::super::failure::Failure;

/// The user of a line, and the rest of the line.
fn entry(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (user, hash) = line.split_once(':')?;
    (!line.starts_with('#')).then_some((user, hash))
}

fn is_of(line: &str, user: &str) -> bool {
    entry(line).is_some_and(|(other, _)| other == user)
}

/// The text with this hash for the user.
pub(super) fn set(text: &str, user: &str, hash: &str) -> String {
    let mut changed = String::new();
    let mut is_new = true;
    for line in text.lines() {
        if !is_of(line, user) {
            changed += &format!("{line}\n");
        } else if is_new {
            changed += &format!("{user}:{hash}\n");
            is_new = false;
        }
    }
    if is_new {
        changed += &format!("{user}:{hash}\n");
    }
    changed
}

/// The text without the user, if it has the user.
pub(super) fn delete(text: &str, user: &str) -> Option<String> {
    if !text.lines().any(|line| is_of(line, user)) {
        return None;
    }
    let others = text.lines().filter(|line| !is_of(line, user));
    Some(others.map(|line| format!("{line}\n")).collect())
}

/// The text with every password hashed that is not.
pub(super) fn upgrade(
    text: &str,
    hash: impl Fn(&[u8]) -> Result<String, Failure>,
) -> Result<String, Failure> {
    let mut changed = String::new();
    for (index, line) in text.lines().enumerate() {
        let wrong = |why: &str| {
            let message = format!("line {}: {why}", index + 1);
            Failure::new(ExitStatus::Failure, message)
        };
        let is_comment = line.trim().is_empty() || line.trim().starts_with('#');
        match entry(line) {
            None if is_comment => changed += line,
            None => return Err(wrong("there is no colon between a user and a password")),
            Some((_, password)) => match password.parse::<Credential>() {
                Err(BadCredential::NotHashed) => {
                    // Spaces may belong to a password.
                    let (user, password) = line.split_once(':').unwrap_or_default();
                    if password.is_empty() {
                        return Err(wrong("the password is empty"));
                    }
                    changed += &format!("{}:{}", user.trim(), hash(password.as_bytes())?);
                }
                Err(error) => return Err(wrong(&error.to_string())),
                Ok(_) => changed += line,
            },
        }
        changed.push('\n');
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# users\nann:1\n\nbob:2\n";

    #[test]
    fn a_user_is_added_at_the_end_and_updated_in_place() {
        let text = set(TEXT, "carl", "3");
        assert_eq!(text, "# users\nann:1\n\nbob:2\ncarl:3\n");
        assert_eq!(set(TEXT, "ann", "3"), "# users\nann:3\n\nbob:2\n");
        assert_eq!(set("ann:1\nann:2", "ann", "3"), "ann:3\n");
        assert_eq!(set("#ann:1", "#ann", "3"), "#ann:1\n#ann:3\n");
    }

    #[test]
    fn a_user_is_deleted() {
        assert_eq!(delete(TEXT, "ann").as_deref(), Some("# users\n\nbob:2\n"));
        assert_eq!(delete(TEXT, "an"), None);
        assert_eq!(delete(TEXT, "# users\nann"), None);
    }

    #[test]
    fn only_plain_passwords_are_hashed() {
        let hash = |password: &[u8]| Ok(format!("<{}>", String::from_utf8_lossy(password)));
        let kept = "$7$1$AAAA$".to_owned() + &"A".repeat(86) + "==";
        let text = format!("# users\nann:secret\nbob:{kept}\n\ncarl:a:b \n");
        let text = upgrade(&text, hash).expect("a file of passwords");
        let expected = format!("# users\nann:<secret>\nbob:{kept}\n\ncarl:<a:b >\n");
        assert_eq!(text, expected);
        for (text, error) in [
            (
                "ann",
                "line 1: there is no colon between a user and a password",
            ),
            ("\nann:$6$x", "line 2: the password hash is garbled"),
            ("ann:", "line 1: the password is empty"),
        ] {
            assert_eq!(upgrade(text, hash).expect_err(text).message(), error);
        }
    }
}
