//! What can be wrong with a Topic Name or Topic Filter.

use std::fmt;

use crate::codec::{Kind, ReasonCode, Rule, TopicFault, Version};

/// The one rule that no packet can break, since lengths in packets have two bytes.
static TOO_LONG: Rule = Rule {
    ids: [
        Some("MQTT31-2.5"),
        Some("MQTT-4.7.3-3"),
        Some("MQTT-4.7.3-3"),
    ],
    demand: "a Topic Name or Topic Filter must not have more than 65,535 bytes",
    hint: "shorten it",
    kind: Kind::MalformedPacket,
    reason: ReasonCode::MALFORMED_PACKET,
};

/// A Topic Name or Topic Filter that breaks a rule: which one, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicError {
    /// The broken rule, one of [`codec::rules`](crate::codec::rules) or that on the length.
    pub rule: &'static Rule,
    /// Where, in bytes from the start of the text, counted from 0.
    pub at: usize,
    /// The version whose rules were applied.
    pub version: Version,
}

impl TopicError {
    #[cold]
    pub(super) fn new((rule, at): TopicFault, version: Version) -> Self {
        Self { rule, at, version }
    }

    #[cold]
    pub(super) fn too_long(version: Version) -> Self {
        Self::new((&TOO_LONG, super::MAX_LEN), version)
    }

    /// The normative statement that is broken; MQTT 3.1 has none, so its section is named.
    pub fn id(&self) -> &'static str {
        self.rule.id(self.version).unwrap_or_default()
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { demand, hint, .. } = self.rule;
        write!(f, "{demand} ({} at byte {}): {hint}", self.id(), self.at)
    }
}

impl std::error::Error for TopicError {}
