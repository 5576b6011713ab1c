//! What a peer did wrong, and which statement of the specification says so.

use super::{PropertyId, ReasonCode, Version};
use std::fmt;

/// Whether bytes could not be parsed, or were parsed and make no sense (MQTT 5.0 section 4.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The bytes cannot be parsed according to the specification.
    MalformedPacket,
    /// The packet parses but is not allowed here.
    ProtocolError,
}

/// One rule of the specification that a peer can break. Those of the codec are in
/// [`rules`](super::rules). A rule is recognised by its address: see [`Violation::is`].
#[derive(Debug)]
pub struct Rule {
    /// The rule's identifier in MQTT 3.1 (`MQTT31-` and a section), 3.1.1 and 5.0; `None` where
    /// that version does not forbid it.
    pub ids: [Option<&'static str>; 3],
    /// What the rule demands, in our words.
    pub demand: &'static str,
    /// What to do about it.
    pub hint: &'static str,
    /// Malformed Packet or Protocol Error.
    pub kind: Kind,
    /// The Reason Code that answers an MQTT 5.0 peer.
    pub reason: ReasonCode,
}

/// Rules are compared by address: two with the same text are still two rules.
impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Rule {}

impl Rule {
    /// The rule's identifier in this version; `None` where the version does not forbid it.
    #[must_use]
    pub const fn id(&self, version: Version) -> Option<&'static str> {
        match version {
            Version::V3_1 => self.ids[0],
            Version::V3_1_1 => self.ids[1],
            Version::V5 => self.ids[2],
        }
    }
}

/// A table of rules, one a line: constant, [`Kind`], Reason Code, the identifiers in MQTT 3.1, 3.1.1
/// and 5.0 with a dash where a version does not forbid it, what is demanded and what to do about it.
/// All of them stand in `ALL`.
macro_rules! rule_table {
    (@id -) => {
        None
    };
    (@id $id:literal) => {
        Some($id)
    };
    ($($name:ident $kind:ident $reason:ident [$v31:tt $v311:tt $v5:tt] $demand:literal $hint:literal;)*) => {
        $(
            #[doc = concat!($demand, ".")]
            pub static $name: $crate::codec::Rule = $crate::codec::Rule {
                ids: [
                    $crate::codec::rule_table!(@id $v31),
                    $crate::codec::rule_table!(@id $v311),
                    $crate::codec::rule_table!(@id $v5),
                ],
                demand: $demand,
                hint: $hint,
                kind: $crate::codec::Kind::$kind,
                reason: $crate::codec::ReasonCode::$reason,
            };
        )*

        /// Every rule of this table.
        pub static ALL: &[&$crate::codec::Rule] = &[$(&$name),*];
    };
}
pub(crate) use rule_table;

/// A field's name in the specification's words. Behind a thin pointer, to keep [`Violation`]
/// small.
pub type Name = &'static &'static str;

/// What stood where the rule was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Got {
    /// A number.
    Number(u32),
    /// A code, better read in hexadecimal.
    Code(u8),
    /// The four flags of a Fixed Header.
    Flags(u8),
    /// A property.
    Property(PropertyId),
    /// So many bytes are missing.
    Missing(u32),
    /// The field in which it happened.
    Field(Name),
}

impl From<u32> for Got {
    fn from(number: u32) -> Self {
        Got::Number(number)
    }
}

impl fmt::Display for Got {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Got::Number(number) => write!(f, "got {number}"),
            Got::Code(code) => write!(f, "got {code:#04x}"),
            Got::Flags(flags) => write!(f, "got {flags:04b}"),
            Got::Property(id) => write!(f, "got {}", id.name()),
            Got::Missing(1) => f.write_str("1 byte is missing"),
            Got::Missing(bytes) => write!(f, "{bytes} bytes are missing"),
            Got::Field(name) => write!(f, "in {name}"),
        }
    }
}

/// A broken rule: which, where, and what was there instead.
///
/// ```
/// use mqtk::codec::{Frame, rules};
///
/// let violation = Frame::parse(&[0x80, 0x00], usize::MAX).unwrap_err();
/// assert!(violation.is(&rules::SUBSCRIBE_FLAGS));
/// assert_eq!(
///     violation.to_string(),
///     "broke MQTT-3.8.1-1 at byte 0: SUBSCRIBE flags must be 0010, got 0000",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// The version the connection speaks; decides which identifier is cited.
    pub version: Version,
    /// Byte offset in the Control Packet, counted from its Fixed Header.
    pub offset: u32,
    /// The offending value, where there is one.
    pub got: Option<Got>,
}

impl Violation {
    /// A violation of `rule` at a byte of the packet.
    #[cold]
    #[must_use]
    pub fn new(rule: &'static Rule, version: Version, offset: usize, got: Option<Got>) -> Self {
        let offset = u32::try_from(offset).unwrap_or(u32::MAX);
        Violation {
            rule,
            version,
            offset,
            got,
        }
    }

    /// The same violation, cited for another version. [`Frame::parse`](super::Frame::parse) does
    /// not know the connection's version and cites 5.0.
    #[must_use]
    pub fn in_version(self, version: Version) -> Self {
        Violation { version, ..self }
    }

    /// The identifier of the broken statement in the connection's version. `MQTT-3.8.1-1` is a
    /// numbered statement; where the text has none, `MQTT5-`, `MQTT311-` or `MQTT31-` stands
    /// before the number of the section.
    #[must_use]
    pub fn id(&self) -> &'static str {
        let others = self.rule.ids.iter().rev().flatten().copied();
        self.rule
            .id(self.version)
            .into_iter()
            .chain(others)
            .next()
            .unwrap_or("local limit")
    }

    /// Whether this rule was broken.
    #[must_use]
    pub fn is(&self, rule: &'static Rule) -> bool {
        self.rule == rule
    }

    /// Malformed Packet or Protocol Error.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.rule.kind
    }

    /// The Reason Code that answers an MQTT 5.0 peer.
    #[must_use]
    pub fn reason(&self) -> ReasonCode {
        self.rule.reason
    }
}

impl Violation {
    /// The violation in words, with as much detail as fits into `limit` bytes: where it is goes
    /// first, then what came instead, then the rule's own words.
    #[must_use]
    pub fn within(&self, limit: usize) -> String {
        let (id, demand) = (self.id(), self.rule.demand);
        let details = [
            self.to_string(),
            format!("{id}: {demand}{}", Instead(self.got)),
            format!("{id}: {demand}"),
        ];
        let fitting = details.into_iter().find(|text| text.len() <= limit);
        fitting.unwrap_or_else(|| id.into())
    }
}

/// What came instead, as the end of a sentence.
struct Instead(Option<Got>);

impl fmt::Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(Got::Field(name)) => write!(f, " ({name})"),
            Some(got) => write!(f, ", {got}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, offset, demand) = (self.id(), self.offset, self.rule.demand);
        let instead = Instead(self.got);
        write!(f, "broke {id} at byte {offset}: {demand}{instead}")
    }
}

impl std::error::Error for Violation {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::rules;

    #[test]
    fn what_does_not_fit_is_left_out() {
        let got = Some(Got::Number(9));
        let violation = Violation::new(&rules::PACKET_TOO_LARGE, Version::V5, 0, got);
        let whole = violation.to_string();
        assert_eq!(violation.within(whole.len()), whole);
        let nowhere = violation.within(whole.len() - 1);
        let prefix = format!("{}: ", violation.id());
        let words = nowhere.strip_prefix(&prefix).expect("the identifier");
        assert!(whole.ends_with(words));
        let bare = violation.within(nowhere.len() - 1);
        assert!(nowhere.starts_with(&bare));
        assert_eq!(violation.within(bare.len() - 1), violation.id());
    }
}
