//! Control Packets for people and programs: a tree, a line, annotated bytes, JSON.

mod annotate;
pub mod bytes;
mod json;
mod oneline;
mod summary;
mod tree;
mod value;

use super::counted::counted;
pub use summary::summary;
use value::type_name;

use std::io::Write;

use super::{Clock, Style};
use crate::codec::PacketType;
use crate::inspect::{Observed, PacketForm, Partial, Skipped};

/// What to show and what not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Where it goes.
    pub style: Style,
    /// Show passwords and authentication data.
    pub show_secrets: bool,
    /// In JSON: list every field with its place.
    pub fields: bool,
}

/// Shows packets, one after the other, on a buffer.
pub struct Printer {
    form: PacketForm,
    options: Options,
    clock: Clock,
    json: json::Json,
}

impl Printer {
    /// A printer of this form.
    #[must_use]
    pub fn new(form: PacketForm, options: Options, clock: Clock) -> Self {
        Printer {
            form,
            options,
            clock,
            json: json::Json::default(),
        }
    }

    /// Appends a packet.
    pub fn packet(&mut self, out: &mut Vec<u8>, packet: &Observed<'_>) {
        let (clock, options) = (&mut self.clock, self.options);
        match self.form {
            PacketForm::Tree => tree::packet(out, packet, clock, options),
            PacketForm::OneLine => oneline::packet(out, packet, clock, options),
            PacketForm::Annotate => annotate::packet(out, packet, options),
            PacketForm::Json => self.json.packet(out, packet, clock, options),
        }
    }

    /// Appends bytes that belong to no packet. JSON has objects only for packets, complete or not.
    pub fn skipped(&mut self, out: &mut Vec<u8>, skipped: &Skipped<'_>) {
        if self.form == PacketForm::Json {
            return;
        }
        oneline::origin(out, &skipped.origin, &mut self.clock);
        // A buffer takes everything.
        let _ = writeln!(out, "{}", Skip(skipped, self.options));
        if self.form != PacketForm::OneLine {
            out.push(b'\n');
        }
    }

    /// Appends the beginning of a packet.
    pub fn partial(&mut self, out: &mut Vec<u8>, partial: &Partial<'_>) {
        let (bytes, version, findings) = (partial.bytes, partial.version, partial.findings);
        let (clock, options) = (&mut self.clock, self.options);
        if self.form == PacketForm::Json {
            return self.json.partial(out, partial, clock, options);
        }
        oneline::origin(out, &partial.origin, clock);
        // A buffer takes everything.
        let _ = write!(out, "{}", Begun(partial));
        if self.form == PacketForm::OneLine {
            oneline::findings(out, findings, options);
            return out.push(b'\n');
        }
        out.push(b'\n');
        match self.form {
            PacketForm::Annotate => annotate::fields(out, bytes, version, findings, options),
            _ => tree::fields(out, bytes, version, findings, options),
        }
        out.push(b'\n');
    }
}

/// Bytes in no packet, in words.
pub struct Skip<'a>(pub &'a Skipped<'a>, pub Options);

impl std::fmt::Display for Skip<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const MOST: usize = 16;
        let (len, offset) = (self.0.len, self.0.offset);
        if self.0.bytes.is_empty() {
            return write!(
                f,
                "LOST {} at byte {offset} of the stream",
                counted(len, "byte")
            );
        }
        let bytes = counted(len, "byte");
        write!(f, "SKIPPED {bytes} at byte {offset}, in no packet:")?;
        let shown = self.0.bytes.get(..MOST).unwrap_or(self.0.bytes);
        // They may be those of a packet that could not be read, or the rest of one.
        let is_connect = PacketType::of(shown) == Some(PacketType::Connect);
        let may_be_secret = self.0.is_secret || is_connect;
        match may_be_secret && !self.1.show_secrets {
            false => shown.iter().try_for_each(|byte| write!(f, " {byte:02x}"))?,
            true => f.write_str(" (perhaps a password: --show-secrets shows them)")?,
        }
        match len > shown.len() as u64 {
            true => f.write_str(" …"),
            false => Ok(()),
        }
    }
}

/// The beginning of a packet, in words.
struct Begun<'a>(&'a Partial<'a>);

impl std::fmt::Display for Begun<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let partial = self.0;
        let kind = type_name(partial.bytes);
        let (len, offset) = (partial.bytes.len(), partial.offset);
        let bytes = counted(len as u64, "byte");
        write!(f, "PARTIAL {kind} at byte {offset}: {bytes}")?;
        match (partial.size, partial.missing()) {
            (Some(size), Some(1)) => write!(f, " of {size}, 1 is missing"),
            (Some(size), Some(missing)) => write!(f, " of {size}, {missing} are missing"),
            _ => f.write_str(", the length is not whole"),
        }
    }
}

#[cfg(test)]
mod tests;
