//! One line of the file.

use super::network::Places;
use super::rules::Right;
use crate::codec::Version;
use crate::topic::Filter;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// Nothing.
    Empty,
    /// Whom the following topic rules are about.
    User(&'a str),
    /// From where the clients must come that the following rules are about; `None`: from anywhere.
    Address(Option<Places>),
    Topic(Right, &'a str),
    Pattern(Right, &'a str),
}

impl<'a> Line<'a> {
    pub fn parse(line: &'a str) -> Result<Self, String> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(Self::Empty);
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match word {
            "topic" => rule(word, rest).map(|(right, filter)| Self::Topic(right, filter)),
            "pattern" => rule(word, rest).map(|(right, filter)| Self::Pattern(right, filter)),
            "user" if rest.is_empty() => Err("'user' needs a User Name".to_owned()),
            "user" => Ok(Self::User(rest)),
            "address" => Places::parse(rest).map(Self::Address),
            _ if line.contains('\t') && line.split_whitespace().next() != Some(word) => {
                Err("words are separated by spaces, not by tabs".to_owned())
            }
            _ => Err(format!(
                "a line begins with 'topic', 'pattern', 'user', 'address' or '#', not with {word:?}"
            )),
        }
    }
}

/// `[read|write|readwrite|deny] FILTER`.
fn rule<'a>(word: &str, rest: &'a str) -> Result<(Right, &'a str), String> {
    let (right, filter) = match rest.split_once(' ') {
        None if rest.is_empty() => return Err(format!("'{word}' needs a Topic Filter")),
        None => (Right::ReadWrite, rest),
        Some((right, filter)) => (self::right(right)?, filter.trim_start()),
    };
    // `$share/…` is not taken apart: topics are matched with it as it stands.
    Filter::parse(filter, Version::V3_1_1)
        .map_err(|error| format!("{filter:?} is no Topic Filter: {error}"))?;
    Ok((right, filter))
}

fn right(word: &str) -> Result<Right, String> {
    match word {
        "read" => Ok(Right::Read),
        "write" => Ok(Right::Write),
        "readwrite" => Ok(Right::ReadWrite),
        "deny" => Ok(Right::Deny),
        _ => Err(format!(
            "access is 'read', 'write', 'readwrite' or 'deny', not {word:?}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_mosquitto_reads_them() {
        for (text, line) in [
            ("", Line::Empty),
            ("  \t", Line::Empty),
            ("# topic a", Line::Empty),
            ("topic a", Line::Topic(Right::ReadWrite, "a")),
            ("  topic   read   a b \r", Line::Topic(Right::Read, "a b")),
            ("topic read", Line::Topic(Right::ReadWrite, "read")),
            ("topic deny $SYS/#", Line::Topic(Right::Deny, "$SYS/#")),
            ("pattern write %u/%c", Line::Pattern(Right::Write, "%u/%c")),
            ("user  ann b ", Line::User("ann b")),
            ("address any", Line::Address(None)),
        ] {
            assert_eq!(Line::parse(text), Ok(line), "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, words) in [
            ("topik a", "not with \"topik\""),
            ("topic", "'topic' needs"),
            ("pattern ", "'pattern' needs"),
            ("topic red a", "not \"red\""),
            ("topic a # comment", "not \"a\""),
            ("topic read a/#/b", "no Topic Filter"),
            ("pattern %c#", "no Topic Filter"),
            ("user", "'user' needs"),
            ("address", "'address' needs"),
            ("topic\ta", "not by tabs"),
        ] {
            let what = Line::parse(text).expect_err(text);
            assert!(what.contains(words), "{text:?}: {what}");
        }
    }
}
