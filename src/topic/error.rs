//! What can be wrong with a Topic Name or Topic Filter.

use std::fmt;

use crate::codec::Version;

/// A rule on Topic Names and Topic Filters that was broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// No character at all.
    Empty,
    /// More than 65,535 bytes.
    TooLong,
    /// U+0000.
    Null,
    /// `+` or `#` in a Topic Name.
    WildcardInName,
    /// `#` shares its level with other characters.
    MultiLevelNotAlone,
    /// Something follows `#`.
    MultiLevelNotLast,
    /// `+` shares its level with other characters.
    SingleLevelNotAlone,
    /// `$share//…`: no ShareName.
    ShareNameMissing,
    /// `+` or `#` in the ShareName.
    WildcardInShareName,
    /// `$share/NAME` or `$share/NAME/`: no Topic Filter.
    ShareFilterMissing,
}

/// A Topic Name or Topic Filter that breaks a rule: which one, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicError {
    /// The broken rule.
    pub fault: Fault,
    /// Where, in bytes from the start of the text, counted from 0.
    pub at: usize,
    /// The version whose rules were applied.
    pub version: Version,
}

impl TopicError {
    #[cold]
    pub(super) fn new(fault: Fault, at: usize, version: Version) -> Self {
        Self { fault, at, version }
    }

    /// The same error in a text that has `by` more bytes before it.
    pub(super) fn shifted(self, by: usize) -> Self {
        Self {
            at: self.at + by,
            ..self
        }
    }

    /// The normative statement that is broken; MQTT 3.1 has none, so its section is named.
    pub fn id(&self) -> &'static str {
        use Fault::*;
        match (self.fault, self.version) {
            (WildcardInName, Version::V3_1) => "MQTT31-3.3",
            (TooLong, Version::V3_1) => "MQTT31-2.5",
            (_, Version::V3_1) => "MQTT31-A",

            (Empty, _) => "MQTT-4.7.3-1",
            (Null, _) => "MQTT-4.7.3-2",
            (TooLong, _) => "MQTT-4.7.3-3",

            (WildcardInName, Version::V3_1_1) => "MQTT-4.7.1-1",
            (MultiLevelNotAlone | MultiLevelNotLast, Version::V3_1_1) => "MQTT-4.7.1-2",
            (SingleLevelNotAlone, Version::V3_1_1) => "MQTT-4.7.1-3",

            (WildcardInName, _) => "MQTT-4.7.0-1",
            (MultiLevelNotAlone | MultiLevelNotLast, _) => "MQTT-4.7.1-1",
            (SingleLevelNotAlone, _) => "MQTT-4.7.1-2",

            (ShareNameMissing, _) => "MQTT-4.8.2-1",
            (WildcardInShareName | ShareFilterMissing, _) => "MQTT-4.8.2-2",
        }
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.fault {
            Fault::Empty => write!(f, "it is empty"),
            Fault::TooLong => write!(f, "it is longer than {} bytes", super::MAX_LEN),
            Fault::Null => write!(f, "U+0000 at byte {at} is not allowed"),
            Fault::WildcardInName => {
                write!(
                    f,
                    "wildcard at byte {at}: '+' and '#' are for subscribing only"
                )
            }
            Fault::MultiLevelNotAlone => {
                write!(f, "'#' at byte {at} must fill a whole level, as in 'a/#'")
            }
            Fault::MultiLevelNotLast => write!(f, "'#' at byte {at} must be the last character"),
            Fault::SingleLevelNotAlone => {
                write!(f, "'+' at byte {at} must fill a whole level, as in 'a/+/b'")
            }
            Fault::ShareNameMissing => {
                write!(f, "no ShareName at byte {at}: write $share/NAME/FILTER")
            }
            Fault::WildcardInShareName => {
                write!(
                    f,
                    "wildcard at byte {at}: a ShareName has no '+' and no '#'"
                )
            }
            Fault::ShareFilterMissing => {
                write!(f, "no Topic Filter at byte {at}: write $share/NAME/FILTER")
            }
        }?;
        write!(f, " ({})", self.id())
    }
}

impl std::error::Error for TopicError {}
