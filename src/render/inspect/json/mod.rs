//! A packet as a JSON object.

mod faulty;
mod fields;
mod meaning;

use super::Options;
use super::value::{has_secrets, timestamp, type_name};
use crate::codec::{Trace, Version};
use crate::inspect::{Finding, Observed, Origin, Partial};
use crate::render::clock::{Clock, Offset};
use crate::render::digits::Case;
use crate::render::json::{Object, quoted};

/// Writes packets as JSON, with buffers that are used for all of them.
#[derive(Debug, Default)]
pub(super) struct Json {
    /// The bytes that the packet would have if it were encoded again.
    again: Vec<u8>,
    /// An address as text.
    address: Address,
}

impl Json {
    /// Appends an object and a line feed.
    pub(super) fn packet(
        &mut self,
        out: &mut Vec<u8>,
        packet: &Observed<'_>,
        clock: &mut Clock,
        options: Options,
    ) {
        // A packet with faults is decoded once more, for as much of it as can be read.
        let trace = (options.fields || packet.packet.is_err())
            .then(|| Trace::of(packet.bytes, packet.version));
        Object::write(out, options.style.escape, |object| {
            self.origin(object, &packet.origin, packet.index, clock);
            header(object, packet.bytes, Some(packet.bytes.len() as u64));
            version(object, packet.version, packet.version_inferred);
            match (&packet.packet, &trace) {
                (Ok(meaning), _) => {
                    meaning::write(object, meaning, packet.version, options.show_secrets);
                }
                (Err(_), Some(trace)) => faulty::write(object, trace, options.show_secrets),
                (Err(_), None) => {}
            }
            if let Some(topic) = packet.alias_topic {
                object.string("alias_topic", topic);
            }
            if !self.is_all_said(packet) {
                bytes(object, packet.bytes, packet.version, options);
            }
            if !packet.findings.is_empty() {
                violations(object, packet.findings);
            }
            if let Some(trace) = trace.as_ref().filter(|_| options.fields) {
                object.key("fields");
                fields::write(object.out, trace, options);
            }
        });
        out.push(b'\n');
    }

    /// Appends an object for the beginning of a packet.
    pub(super) fn partial(
        &mut self,
        out: &mut Vec<u8>,
        partial: &Partial<'_>,
        clock: &mut Clock,
        options: Options,
    ) {
        let trace = Trace::of(partial.bytes, partial.version);
        Object::write(out, options.style.escape, |object| {
            self.origin(object, &partial.origin, partial.index, clock);
            header(object, partial.bytes, partial.size);
            object.boolean("partial", true);
            if let Some(missing) = partial.missing() {
                object.number("missing", missing);
            }
            version(object, partial.version, partial.version_inferred);
            faulty::write(object, &trace, options.show_secrets);
            bytes(object, partial.bytes, partial.version, options);
            if !partial.findings.is_empty() {
                violations(object, partial.findings);
            }
            if options.fields {
                object.key("fields");
                fields::write(object.out, &trace, options);
            }
        });
        out.push(b'\n');
    }

    /// Where the packet comes from, unless it is from a plain dump.
    fn origin(&mut self, object: &mut Object<'_>, origin: &Origin, index: u64, clock: &mut Clock) {
        if origin.time.is_none() && origin.src.is_none() {
            return;
        }
        if let Some(time) = origin.time {
            object.key("time");
            object.out.push(b'"');
            clock.with_microseconds(object.out, timestamp(time), Offset::Colon);
            object.out.push(b'"');
        }
        object.number("stream", origin.stream.into());
        if let Some(src) = origin.src {
            object.string("src", self.address.text(0, src));
        }
        if let Some(dst) = origin.dst {
            object.string("dst", self.address.text(1, dst));
        }
        object.number("index", index);
    }

    /// Whether the members alone determine the bytes of the packet.
    fn is_all_said(&mut self, packet: &Observed<'_>) -> bool {
        let Ok(meaning) = &packet.packet else {
            return false;
        };
        self.again.clear();
        meaning.encode(packet.version, &mut self.again);
        self.again == packet.bytes && meaning::keeps_order(meaning)
    }
}

/// The text of the last few addresses, which most packets share.
#[derive(Debug, Default)]
struct Address([Option<(core::net::SocketAddr, String)>; 4]);

impl Address {
    fn text(&mut self, side: usize, address: core::net::SocketAddr) -> &str {
        let slot = (usize::from(address.port()) + side) % self.0.len();
        let entry = &mut self.0[slot];
        if entry.as_ref().is_none_or(|(known, _)| *known != address) {
            *entry = Some((address, address.to_string()));
        }
        entry.as_ref().map_or("", |(_, text)| text)
    }
}

/// Type, flags and lengths, of a packet that has or should have this size.
fn header(object: &mut Object<'_>, bytes: &[u8], size: Option<u64>) {
    let first = bytes.first().copied().unwrap_or_default();
    object.string("type", type_name(bytes));
    object.number("flags", (first & 0x0f).into());
    if let Some(size) = size {
        let after = bytes.iter().skip(1).take(4);
        let lengths = 1 + after.take_while(|byte| **byte >= 0x80).count() as u64;
        object.number("remaining_length", size.saturating_sub(1 + lengths));
    }
    object.number("size", size.unwrap_or(bytes.len() as u64));
}

fn version(object: &mut Object<'_>, version: Version, is_inferred: bool) {
    object.string("version", version.as_str());
    if is_inferred {
        object.boolean("version_inferred", true);
    }
}

/// The packet's bytes, unless there are secrets in them.
fn bytes(object: &mut Object<'_>, bytes: &[u8], version: Version, options: Options) {
    if !options.show_secrets && has_secrets(bytes, version) {
        return;
    }
    object.key("bytes");
    object.out.push(b'"');
    for &byte in bytes {
        object.out.extend_from_slice(&Case::Lower.hex(byte));
    }
    object.out.push(b'"');
}

fn violations(object: &mut Object<'_>, findings: &[Finding]) {
    object.key("violations");
    object.out.push(b'[');
    for (index, finding) in findings.iter().enumerate() {
        if index > 0 {
            object.out.push(b',');
        }
        Object::write(object.out, object.escape, |object| {
            object.string("id", finding.id);
            object.number("offset", finding.offset.into());
            object.key("message");
            quoted(object.out, &finding.message, object.escape);
            object.string("hint", &finding.hint);
        });
    }
    object.out.push(b']');
}
