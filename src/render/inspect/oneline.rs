//! A packet on one line.

use std::io::Write;

use crate::codec::Frame;
use crate::inspect::Observed;
use crate::render::PacketLine;

/// Appends a packet.
pub(super) fn packet(out: &mut Vec<u8>, packet: &Observed<'_>) {
    // A buffer takes everything.
    if let Ok(Some(frame)) = Frame::parse(packet.bytes, usize::MAX) {
        let version = packet.version;
        let _ = writeln!(out, "{}", PacketLine { frame, version });
    }
}
