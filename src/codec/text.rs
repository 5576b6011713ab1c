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
        Ok(text) if !any_byte(bytes, |byte| byte == 0) => Ok(text),
        _ => Err(string_fault(bytes)),
    }
}

/// A Topic Name's content, if it breaks no rule at all: one pass for what several would find.
#[inline]
pub(super) fn good_topic_name(bytes: &[u8]) -> Option<&str> {
    match str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !any_byte(bytes, is_special) => Some(text),
        _ => None,
    }
}

#[cold]
fn string_fault(bytes: &[u8]) -> TextFault {
    match str::from_utf8(bytes) {
        Ok(text) => TextFault::Null(text.find('\0').unwrap_or(0)),
        Err(error) => TextFault::IllFormed(error.valid_up_to()),
    }
}

/// U+0000 or a wildcard: `#` and `+` differ in one bit.
#[inline(always)]
fn is_special(byte: u8) -> bool {
    byte == 0 || byte & !0x08 == b'#'
}

/// Whether any byte is wanted; in blocks of a fixed size, which the compiler makes vectors of.
#[inline(always)]
fn any_byte(bytes: &[u8], wanted: impl Fn(u8) -> bool) -> bool {
    let any = |block: &[u8]| {
        block
            .iter()
            .fold(0, |hits, &byte| hits | u8::from(wanted(byte)))
            != 0
    };
    // The last block overlaps the one before: cheaper than its bytes one by one.
    match (bytes.last_chunk::<16>(), bytes.last_chunk::<8>()) {
        (Some(last), _) => any(last) || bytes.as_chunks::<16>().0.iter().any(|block| any(block)),
        (None, Some(last)) => any(last) || bytes.first_chunk::<8>().is_some_and(|block| any(block)),
        (None, None) => bytes.iter().any(|&byte| wanted(byte)),
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
    if !any_byte(name.as_bytes(), is_special) {
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
pub(super) fn is_shared(filter: &str) -> bool {
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
    if let Some(at) = name.find(['\0', '+', '#']) {
        let rule = match name.as_bytes().get(at) {
            Some(0) => &rules::NULL_IN_TOPIC,
            _ => &rules::SHARE_SYNTAX,
        };
        return Err((rule, SHARE_PREFIX.len() + at));
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
    if !any_byte(bytes, is_special) {
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
    fn special_bytes_are_found_wherever_they_stand() {
        for len in 0..70 {
            for at in 0..len {
                for byte in 0..=255 {
                    let mut bytes = vec![b'a'; len];
                    bytes[at] = byte;
                    let special = matches!(byte, 0 | b'+' | b'#');
                    assert_eq!(
                        any_byte(&bytes, is_special),
                        special,
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
            ("$share/\0/a", "MQTT-4.7.3-2", 7),
            ("$share/g/a#", "MQTT-4.7.1-1", 10),
        ];
        for (filter, id, at) in bad {
            assert_eq!(v5(filter), Err((Some(id), at)), "{filter}");
        }
        assert_eq!(check_topic_filter("$share/", Version::V3_1_1), Ok(()));
    }
}
