//! A packet field by field.

use std::io::Write;

use crate::codec::Trace;
use crate::inspect::Observed;
use crate::render::Style;

/// Appends a packet.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Observed<'_>, _: Style) {
    let trace = Trace::of(packet.bytes, packet.version);
    for row in &trace.rows {
        let (indent, field) = (2 * usize::from(row.depth), row.field);
        // A buffer takes everything.
        let _ = writeln!(out, "{:indent$}{}: {:?}", "", field.name, field.value);
    }
    for finding in packet.findings {
        let _ = writeln!(
            out,
            "{} at {}: {}",
            finding.id, finding.offset, finding.message
        );
    }
}
