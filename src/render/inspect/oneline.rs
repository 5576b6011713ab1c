//! A packet on one line: time, stream, arrow, type, what matters.

use super::Options;
use super::value::{timestamp, type_name};
use crate::codec::Trace;
use crate::inspect::{Direction, Finding, Observed, Origin};
use crate::render::clock::Clock;
use crate::render::digits::decimal;
use crate::render::packet::{Shown, write_words};

/// Appends a packet.
pub(super) fn packet(
    out: &mut Vec<u8>,
    packet: &Observed<'_>,
    clock: &mut Clock,
    options: Options,
) {
    origin(out, &packet.origin, clock);
    let start = out.len();
    let name = type_name(packet.bytes);
    put(out, name);
    let shown = Shown {
        secrets: options.show_secrets,
        payload: true,
        alias_topic: packet.alias_topic,
    };
    let (trace, version) = (|| Trace::of(packet.bytes, packet.version), packet.version);
    // What breaks a rule may still be readable to its end.
    if let Some(packet) = packet.packet.ok().or_else(|| trace().packet) {
        write_words(out, &packet, version, shown);
    }
    put(out, " (");
    decimal(out, packet.bytes.len() as u64);
    put(out, " bytes)");
    findings(out, packet.findings, options);
    if options.style.color {
        colour(out, start, name);
    }
    out.push(b'\n');
}

/// What is wrong.
pub(super) fn findings(out: &mut Vec<u8>, findings: &[Finding], options: Options) {
    let has_colour = options.style.color && !findings.is_empty();
    if has_colour {
        put(out, "\x1b[31m");
    }
    for finding in findings {
        put(out, " !");
        put(out, finding.id);
        put(out, "@");
        decimal(out, finding.offset.into());
        put(out, " ");
        put(out, &finding.message);
    }
    if has_colour {
        put(out, "\x1b[0m");
    }
}

/// Time, stream and arrow, as far as they are known.
pub(super) fn origin(out: &mut Vec<u8>, origin: &Origin, clock: &mut Clock) {
    if let Some(time) = origin.time {
        clock.time_of_day(out, timestamp(time));
        out.push(b' ');
    }
    if origin.time.is_some() || origin.src.is_some() || origin.direction != Direction::Unknown {
        out.push(b'#');
        decimal(out, origin.stream.into());
        put(
            out,
            match origin.direction {
                Direction::ToServer => " -> ",
                Direction::ToClient => " <- ",
                Direction::Unknown => " -- ",
            },
        );
    }
}

/// Gives the name of the type its colour.
fn colour(out: &mut Vec<u8>, start: usize, name: &str) {
    let end = start + name.len();
    out.splice(end..end, *b"\x1b[0m");
    out.splice(start..start, *b"\x1b[36m");
}

fn put(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}
