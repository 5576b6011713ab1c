//! Control Packets for people and programs: a tree, a line, hexadecimal digits, JSON.

mod oneline;
mod tree;

use super::Style;
use crate::inspect::{Observed, Partial, Skipped};

/// How to show a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Every field on its own line.
    Tree,
    /// One line.
    OneLine,
}

/// Shows packets, one after the other, on a buffer.
#[derive(Debug)]
pub struct Printer {
    form: Form,
    style: Style,
}

impl Printer {
    /// A printer of this form.
    #[must_use]
    pub fn new(form: Form, style: Style) -> Self {
        Printer { form, style }
    }

    /// Appends a packet.
    pub fn packet(&mut self, out: &mut Vec<u8>, packet: &Observed<'_>) {
        match self.form {
            Form::Tree => tree::packet(out, packet, self.style),
            Form::OneLine => oneline::packet(out, packet),
        }
    }

    /// Appends what belongs to no packet.
    pub fn skipped(&mut self, out: &mut Vec<u8>, skipped: &Skipped<'_>) {
        let (len, offset) = (skipped.len, skipped.offset);
        out.extend_from_slice(format!("{len} bytes skipped at {offset}\n").as_bytes());
    }

    /// Appends the beginning of a packet.
    pub fn partial(&mut self, out: &mut Vec<u8>, partial: &Partial<'_>) {
        let (len, offset) = (partial.bytes.len(), partial.offset);
        out.extend_from_slice(format!("{len} bytes of a packet at {offset}\n").as_bytes());
    }
}
