//! The rules for Topic Names.

use super::{MAX_LEN, TopicError};
use crate::codec::{Version, check_topic_name};

/// Checks a Topic Name: 1 to 65,535 bytes, no U+0000, no wildcard.
///
/// ```
/// use mqtk::codec::Version;
/// use mqtk::topic::check_name;
///
/// assert!(check_name("sensors/1/temperature", Version::V5).is_ok());
/// let error = check_name("sensors/+", Version::V5).unwrap_err();
/// assert_eq!((error.id(), error.at), ("MQTT-3.3.2-2", 8));
/// ```
///
/// # Errors
///
/// The first rule that is broken (sections 4.7.1 and 4.7.3).
pub fn check_name(name: &str, version: Version) -> Result<(), TopicError> {
    check_length(name, version)?;
    check_topic_name(name).map_err(|fault| TopicError::new(fault, version))
}

/// The rule on the length, which names and filters share.
pub(super) fn check_length(topic: &str, version: Version) -> Result<(), TopicError> {
    match topic.len() {
        0..=MAX_LEN => Ok(()),
        _ => Err(TopicError::too_long(version)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(name: &str, version: Version) -> Option<(usize, &'static str)> {
        let error = check_name(name, version).err()?;
        Some((error.at, error.id()))
    }

    #[test]
    fn wildcards_are_not_for_names() {
        let faults = [
            (Version::V3_1, "MQTT31-3.3"),
            (Version::V3_1_1, "MQTT-3.3.2-2"),
            (Version::V5, "MQTT-3.3.2-2"),
        ];
        for (version, id) in faults {
            for (name, at) in [("#", 0), ("a/+/b", 2), ("ab+", 2), ("é#", 2)] {
                let expected = Some((at, id));
                assert_eq!(fault(name, version), expected, "{name}");
            }
        }
    }

    #[test]
    fn mqtt_4_7_3_1_a_name_has_a_character() {
        assert_eq!(fault("", Version::V5), Some((0, "MQTT-4.7.3-1")));
        assert_eq!(fault("", Version::V3_1_1), Some((0, "MQTT-4.7.3-1")));
        assert_eq!(fault("/", Version::V5), None);
        assert_eq!(fault(" ", Version::V5), None);
    }

    #[test]
    fn mqtt_4_7_3_2_no_null_in_a_name() {
        assert_eq!(fault("a\0+", Version::V5), Some((1, "MQTT-4.7.3-2")));
        assert_eq!(fault("a\0", Version::V3_1), Some((1, "MQTT31-A")));
    }

    #[test]
    fn mqtt_4_7_3_3_at_most_65535_bytes() {
        let longest = "/".repeat(MAX_LEN);
        assert_eq!(fault(&longest, Version::V5), None);
        let longer = longest + "/";
        assert_eq!(
            fault(&longer, Version::V3_1_1),
            Some((MAX_LEN, "MQTT-4.7.3-3"))
        );
    }
}
