//! Telling an event, fact by fact.

use std::fmt::{self, Display};

use super::report::{Fact, Level, Report};
use crate::codec::{PacketType, ReasonCode, Version};
use crate::transport::Peer;

/// An event whose telling has begun.
pub(super) struct Told<'a>(&'a mut dyn Report);

impl<'a> Told<'a> {
    fn begin(to: &'a mut dyn Report, name: &'static str, level: Level) -> Self {
        to.begin(name, level);
        Self(to)
    }

    pub fn error(to: &'a mut dyn Report, name: &'static str) -> Self {
        Self::begin(to, name, Level::Error)
    }

    pub fn warning(to: &'a mut dyn Report, name: &'static str) -> Self {
        Self::begin(to, name, Level::Warning)
    }

    pub fn info(to: &'a mut dyn Report, name: &'static str) -> Self {
        Self::begin(to, name, Level::Info)
    }

    pub fn debug(to: &'a mut dyn Report, name: &'static str) -> Self {
        Self::begin(to, name, Level::Debug)
    }

    fn fact(self, name: &'static str, fact: Fact<'_>) -> Self {
        self.0.fact(name, fact);
        self
    }

    pub fn client(self, client_id: &str) -> Self {
        self.text("client_id", client_id)
    }

    pub fn peer(self, peer: Peer) -> Self {
        self.fact("peer", Fact::Peer(peer))
    }

    pub fn text(self, name: &'static str, text: &str) -> Self {
        self.fact(name, Fact::Text(text))
    }

    pub fn maybe_text(self, name: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    pub fn shown(self, name: &'static str, shown: &dyn Display) -> Self {
        self.fact(name, Fact::Shown(shown))
    }

    pub fn number(self, name: &'static str, number: impl Into<u64>) -> Self {
        self.fact(name, Fact::Number(number.into()))
    }

    pub fn maybe_number(self, name: &'static str, number: Option<u8>) -> Self {
        match number {
            Some(number) => self.number(name, number),
            None => self,
        }
    }

    pub fn seconds(self, name: &'static str, seconds: f64) -> Self {
        self.fact(name, Fact::Seconds(seconds))
    }

    pub fn flag(self, name: &'static str, flag: bool) -> Self {
        self.fact(name, Fact::Flag(flag))
    }

    /// What a packet of this type says of a refusal, and the limit that was met.
    pub fn refusal(self, reason: ReasonCode, by: PacketType, limit: Option<&str>) -> Self {
        self.number("reason_code", reason.value())
            .text("reason", reason.name(by, Version::V5))
            .maybe_text("limit", limit)
    }

    pub fn words(self, words: fmt::Arguments<'_>) {
        self.0.words(words);
    }
}

/// A Reason Code with its name in packets of this type.
pub(super) struct Named(pub ReasonCode, pub PacketType, pub Version);

impl Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(reason, of, version) = *self;
        write!(f, "{reason} ({})", reason.name(of, version))
    }
}

/// Something after what leads to it, if there is something.
pub(super) struct Prefixed<T>(pub &'static str, pub Option<T>);

impl<T: Display> Display for Prefixed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.1 {
            Some(value) => write!(f, "{}{value}", self.0),
            None => Ok(()),
        }
    }
}
