//! What must hold for any bytes at all. The fuzz target shares this file.

use crate::codec::{Frame, Packet, Trace, Version, Violation, rules};

/// Reads one packet after the other, as a connection would, and holds each reading against the
/// others.
pub fn stream(mut bytes: &[u8], version: Version) {
    while !bytes.is_empty() {
        let trace = Trace::of(bytes, version);
        covers(&trace);
        match Frame::parse(bytes, usize::MAX) {
            Ok(Some(frame)) => {
                assert_eq!(trace.bytes, frame.bytes());
                packet(&frame, version, &trace);
                bytes = &bytes[frame.bytes().len()..];
            }
            Ok(None) => return assert!(!trace.is_complete()),
            Err(violation) => {
                assert!(violation.offset < 5, "{violation}");
                return assert!(!trace.violations.is_empty());
            }
        }
    }
}

/// Strict decoding and the trace agree, and what was decoded encodes to the same meaning.
fn packet(frame: &Frame<'_>, version: Version, trace: &Trace<'_>) {
    // These are the Server's or the receiver's to find: the decoder leaves them.
    let left = [
        &rules::CLIENT_ID_EMPTY,
        &rules::CLIENT_ID_TOO_LONG,
        &rules::PAYLOAD_NOT_UTF8,
    ];
    let mut found = trace
        .violations
        .iter()
        .filter(|violation| !left.contains(&violation.rule));
    match frame.decode(version) {
        Ok(packet) => {
            assert_eq!(found.next(), None);
            assert_eq!(trace.packet, Some(packet));
            round_trip(packet, version);
        }
        Err(violation) => {
            said(&violation, frame.bytes().len());
            assert_eq!(found.next(), Some(&violation));
        }
    }
}

fn round_trip(packet: Packet<'_>, version: Version) {
    let version = match packet {
        Packet::Connect(connect) => connect.version,
        _ => version,
    };
    assert!(!format!("{packet:?}").is_empty());
    let mut again = Vec::new();
    packet.encode(version, &mut again);
    assert_eq!(again.len(), packet.encoded_len(version));
    let frame = Frame::parse(&again, usize::MAX).ok().flatten();
    let decoded = frame.map(|frame| frame.decode(version));
    assert_eq!(decoded, Some(Ok(packet)));
}

/// Every row lies within the packet, every finding says something.
fn covers(trace: &Trace<'_>) {
    let len = trace.bytes.len();
    for row in &trace.rows {
        let end = row.field.offset as usize + row.field.len as usize;
        assert!(end <= len, "{:?} of {len}", row.field.name);
    }
    for violation in &trace.violations {
        said(violation, len);
    }
}

fn said(violation: &Violation, len: usize) {
    assert!(violation.offset as usize <= len, "{violation}");
    assert!(
        violation.rule.id(violation.version).is_some(),
        "{violation}"
    );
}
