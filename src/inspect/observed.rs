//! What the [`Dissector`](super::Dissector) finds.

use std::borrow::Cow;

use super::Origin;
use crate::codec::{Packet, Version, Violation};

/// Takes what is found, in the order of the chunks.
pub trait Sink {
    /// A whole packet, with or without faults.
    fn packet(&mut self, packet: &Observed<'_>);
    /// Bytes that are in no packet.
    fn skipped(&mut self, skipped: &Skipped<'_>);
    /// The beginning of a packet whose end never came.
    fn partial(&mut self, partial: &Partial<'_>);
}

/// A Control Packet, where it stood and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub struct Observed<'a> {
    /// Where its last byte comes from.
    pub origin: Origin,
    /// How many packets came before it in this direction.
    pub index: u64,
    /// Its first byte, counted from the direction's beginning.
    pub offset: u64,
    /// The version it was read as.
    pub version: Version,
    /// Whether that is a guess, as no CONNECT said it.
    pub version_inferred: bool,
    /// The whole packet.
    pub bytes: &'a [u8],
    /// What it says, or the first rule of the codec that it breaks.
    pub packet: Result<Packet<'a>, Violation>,
    /// The topic that its Topic Alias stands for, where it has no Topic Name.
    pub alias_topic: Option<&'a str>,
    /// All that is wrong with it.
    pub findings: &'a [Finding],
}

/// A broken rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The identifier of the normative statement, in the packet's own version.
    pub id: &'static str,
    /// The byte at fault, counted from the Fixed Header.
    pub offset: u32,
    /// What the rule demands and what stood there, in our words.
    pub message: Cow<'static, str>,
    /// What to do about it.
    pub hint: Cow<'static, str>,
}

impl From<Violation> for Finding {
    fn from(violation: Violation) -> Self {
        let demand = violation.rule.demand;
        Finding {
            id: violation.id(),
            offset: violation.offset,
            message: match violation.got {
                Some(got) => Cow::Owned(format!("{demand} ({got})")),
                None => Cow::Borrowed(demand),
            },
            hint: Cow::Borrowed(violation.rule.hint),
        }
    }
}

/// Bytes that belong to no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skipped<'a> {
    /// Where the last of them comes from.
    pub origin: Origin,
    /// The first of them, counted from the direction's beginning.
    pub offset: u64,
    /// How many there are.
    pub len: u64,
    /// The first of them; empty if they were lost.
    pub bytes: &'a [u8],
    /// Whether they may be secret: what is left of a packet with a password that broke rules.
    pub is_secret: bool,
}

/// The beginning of a packet whose end never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partial<'a> {
    /// Where its last byte comes from.
    pub origin: Origin,
    /// How many packets came before it in this direction.
    pub index: u64,
    /// Its first byte, counted from the direction's beginning.
    pub offset: u64,
    /// The version it was read as.
    pub version: Version,
    /// Whether that is a guess, as no CONNECT said it.
    pub version_inferred: bool,
    /// What there is of it.
    pub bytes: &'a [u8],
    /// How many bytes it should have, if that can be told.
    pub size: Option<u64>,
    /// What is wrong with what there is of it.
    pub findings: &'a [Finding],
}

impl Partial<'_> {
    /// How many bytes are missing, if that can be told.
    #[must_use]
    pub fn missing(&self) -> Option<u64> {
        Some(self.size?.saturating_sub(self.bytes.len() as u64))
    }
}
