//! What can be wrong with a `-F` template, and what of a message can fail to fit it.

use std::fmt;

/// A `-F` template that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    pub(super) kind: Kind,
    /// Where, in characters from the start, counted from 1.
    pub(super) at: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    UnknownField(char),
    UnknownTime(char),
    UnknownEscape(char),
    Unfinished(char),
    Width,
    Separator(char),
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::UnknownField(c) => write!(f, "no such field '%{c}'"),
            Kind::UnknownTime(c) => write!(f, "no such time '@{c}'"),
            Kind::UnknownEscape(c) => write!(f, "no such escape '\\{c}'"),
            Kind::Unfinished(c) => write!(f, "nothing follows the '{c}'"),
            Kind::Width => write!(f, "a width is at most {}", super::compile::MAX_WIDTH),
            Kind::Separator(c) => write!(f, "'{c}' can separate the digits of %x and %X only"),
        }?;
        write!(f, " at character {} of the format", self.at)
    }
}

impl std::error::Error for FormatError {}

/// A field that could not show a message's payload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mismatch {
    pub(super) field: char,
    pub(super) wanted: usize,
    pub(super) len: usize,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, wanted, len } = self;
        write!(
            f,
            "%{field} shows a payload of {wanted} bytes, this one has {len}"
        )
    }
}
