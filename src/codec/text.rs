//! Text on the wire: UTF-8 Encoded Strings, Topic Names and Topic Filters.

use super::{Rule, Version, rules};

/// Why bytes are not a UTF-8 Encoded String, and the index of the first byte at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TextFault {
    IllFormed(usize),
    Null(usize),
}

/// A UTF-8 Encoded String's content (MQTT 5.0 section 1.5.4).
#[inline]
pub(super) fn check_string(bytes: &[u8]) -> Result<&str, TextFault> {
    match str::from_utf8(bytes) {
        Ok(text) if !has_any(bytes, [0, 0, 0]) => Ok(text),
        Ok(_) => Err(TextFault::Null(position(bytes, 0))),
        Err(error) => Err(TextFault::IllFormed(error.valid_up_to())),
    }
}

#[cold]
fn position(bytes: &[u8], wanted: u8) -> usize {
    bytes.iter().position(|&b| b == wanted).unwrap_or(0)
}

/// Whether any of three bytes occurs, eight bytes at a time.
#[inline]
pub(super) fn has_any(bytes: &[u8], wanted: [u8; 3]) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let hit = |word: u64| {
        wanted.iter().fold(0, |hits, &byte| {
            let word = word ^ (ONES * u64::from(byte));
            hits | (word.wrapping_sub(ONES) & !word)
        }) & (ONES << 7)
            != 0
    };
    let (words, rest) = bytes.as_chunks::<8>();
    let found = words.iter().any(|word| hit(u64::from_le_bytes(*word)));
    match bytes.last_chunk::<8>() {
        // The last word overlaps the one before: cheaper than a loop over single bytes.
        Some(last) if !rest.is_empty() => found || hit(u64::from_le_bytes(*last)),
        _ => found || rest.iter().any(|byte| wanted.contains(byte)),
    }
}

/// Where and how a Topic Name or Topic Filter breaks a rule: the rule and the index in the text.
pub type TopicFault = (&'static Rule, usize);

/// Whether a Topic Name is one: not empty, no wildcards, no U+0000 (section 4.7).
///
/// # Errors
/// The rule that it breaks and the index of the byte at fault.
pub fn check_topic_name(name: &str) -> Result<(), TopicFault> {
    if name.is_empty() {
        return Err((&rules::TOPIC_NAME_EMPTY, 0));
    }
    if !has_any(name.as_bytes(), [0, b'+', b'#']) {
        return Ok(());
    }
    let at = name.find(['\0', '+', '#']).unwrap_or(0);
    match name.as_bytes().get(at) {
        Some(0) => Err((&rules::NULL_IN_TOPIC, at)),
        _ => Err((&rules::TOPIC_NAME_WILDCARD, at)),
    }
}

/// Whether a Topic Filter is one (section 4.7); in 5.0 the form of a Shared Subscription is
/// checked as well (section 4.8.2).
///
/// ```
/// use mqtk::codec::{Version, check_topic_filter};
///
/// assert!(check_topic_filter("sport/+/player1/#", Version::V5).is_ok());
/// let (rule, at) = check_topic_filter("sport/tennis#", Version::V5).unwrap_err();
/// assert_eq!((rule.id(Version::V5), at), (Some("MQTT-4.7.1-1"), 12));
/// ```
///
/// # Errors
/// The rule that it breaks and the index of the byte at fault.
pub fn check_topic_filter(filter: &str, version: Version) -> Result<(), TopicFault> {
    if version == Version::V5
        && let Some(shared) = filter.strip_prefix(SHARE_PREFIX)
    {
        return check_shared(shared);
    }
    check_plain_filter(filter, 0)
}

/// Whether a Topic Filter is that of a Shared Subscription, by its beginning (section 4.8.2).
#[must_use]
pub fn is_shared(filter: &str) -> bool {
    filter.starts_with(SHARE_PREFIX)
}

const SHARE_PREFIX: &str = "$share/";

fn check_shared(shared: &str) -> Result<(), TopicFault> {
    let (name, filter) = match shared.split_once('/') {
        Some((name, filter)) => (name, Some(filter)),
        None => (shared, None),
    };
    if name.is_empty() {
        return Err((&rules::SHARE_NAME_EMPTY, SHARE_PREFIX.len()));
    }
    if let Some(at) = name.find(['+', '#']) {
        return Err((&rules::SHARE_SYNTAX, SHARE_PREFIX.len() + at));
    }
    let filter_at = SHARE_PREFIX.len() + name.len() + 1;
    match filter {
        None | Some("") => Err((&rules::SHARE_SYNTAX, filter_at.saturating_sub(1))),
        Some(filter) => check_plain_filter(filter, filter_at),
    }
}

fn check_plain_filter(filter: &str, base: usize) -> Result<(), TopicFault> {
    let bytes = filter.as_bytes();
    if bytes.is_empty() {
        return Err((&rules::TOPIC_FILTER_EMPTY, base));
    }
    if !has_any(bytes, [0, b'+', b'#']) {
        return Ok(());
    }
    let alone = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        before.is_none_or(|&b| b == b'/')
    };
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1);
        match byte {
            0 => return Err((&rules::NULL_IN_TOPIC, base + at)),
            b'#' if !alone(at) || next.is_some() => {
                return Err((&rules::MULTI_LEVEL_WILDCARD, base + at));
            }
            b'+' if !alone(at) || next.is_some_and(|&b| b != b'/') => {
                return Err((&rules::SINGLE_LEVEL_WILDCARD, base + at));
            }
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_any_agrees_with_a_plain_search() {
        for len in 0..40 {
            for at in 0..len {
                for byte in [0, b'+', b'#', 1, b'"', b'$', b'*', b',', 0x80, 0xFF] {
                    let mut bytes = vec![b'a'; len];
                    bytes[at] = byte;
                    let wanted = [0, b'+', b'#'];
                    assert_eq!(
                        has_any(&bytes, wanted),
                        wanted.contains(&byte),
                        "{byte} at {at} of {len}"
                    );
                }
            }
        }
    }

    #[test]
    fn strings_are_utf8_without_null() {
        assert_eq!(check_string("a\u{FEFF}é".as_bytes()), Ok("a\u{FEFF}é"));
        assert_eq!(check_string(b"ab\0c"), Err(TextFault::Null(2)));
        assert_eq!(
            check_string(b"ab\xED\xA0\x80"),
            Err(TextFault::IllFormed(2))
        );
        assert_eq!(check_string(b"\xC0\x80"), Err(TextFault::IllFormed(0)));
    }

    #[test]
    fn filters() {
        let v5 = |filter| {
            check_topic_filter(filter, Version::V5).map_err(|(rule, at)| (rule.id(Version::V5), at))
        };
        for good in [
            "#",
            "+",
            "/",
            "a/#",
            "+/+/#",
            "/+",
            "$SYS/#",
            "$share",
            "$share/g/#",
            "$share/g//",
            "a b",
        ] {
            assert_eq!(v5(good), Ok(()), "{good}");
        }
        let bad = [
            ("", "MQTT-4.7.3-1", 0),
            ("a#", "MQTT-4.7.1-1", 1),
            ("#/a", "MQTT-4.7.1-1", 0),
            ("##", "MQTT-4.7.1-1", 0),
            ("a+", "MQTT-4.7.1-2", 1),
            ("+a/b", "MQTT-4.7.1-2", 0),
            ("a/\0", "MQTT-4.7.3-2", 2),
            ("$share/", "MQTT-4.8.2-1", 7),
            ("$share//a", "MQTT-4.8.2-1", 7),
            ("$share/g", "MQTT-4.8.2-2", 8),
            ("$share/g/", "MQTT-4.8.2-2", 8),
            ("$share/g+/a", "MQTT-4.8.2-2", 8),
            ("$share/g/a#", "MQTT-4.7.1-1", 10),
        ];
        for (filter, id, at) in bad {
            assert_eq!(v5(filter), Err((Some(id), at)), "{filter}");
        }
        assert_eq!(check_topic_filter("$share/", Version::V3_1_1), Ok(()));
    }
}
