//! What a peer did wrong, and which statement of the specification says so.

use super::{ReasonCode, Version};

/// Whether bytes could not be parsed, or were parsed and make no sense (MQTT 5.0 section 4.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The bytes cannot be parsed according to the specification.
    MalformedPacket,
    /// The packet parses but is not allowed here.
    ProtocolError,
}

/// One rule of the specification, as the peer can break it.
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
    /// What an MQTT 5.0 peer is answered.
    pub reason: ReasonCode,
}

/// A broken rule: which, where, and what was there instead.
#[derive(Clone, Copy, Debug)]
pub struct Violation {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// The version the connection speaks; decides which identifier is cited.
    pub version: Version,
    /// Byte offset in the Control Packet, counted from its Fixed Header.
    pub offset: u32,
    /// The offending value, where there is one.
    pub got: Option<u32>,
}
