//! Tests of the whole codec. Those that begin with `mqtt_` are named for the statement they
//! prove.

mod model;
mod round_trip;

use super::{Frame, Packet, Version, Violation};

/// Decodes one whole packet strictly.
fn decode(bytes: &[u8], version: Version) -> Result<Packet<'_>, Violation> {
    let frame = Frame::parse(bytes, usize::MAX).map_err(|v| v.in_version(version))?;
    let frame = frame.expect("a whole packet");
    assert_eq!(frame.bytes().len(), bytes.len(), "one packet");
    frame.decode(version)
}

#[test]
fn packets_and_violations_are_small() {
    assert!(size_of::<Violation>() <= 32);
    assert!(
        size_of::<Packet<'_>>() <= 152,
        "{}",
        size_of::<Packet<'_>>()
    );
    assert!(size_of::<Option<Frame<'_>>>() <= 24);
}

#[test]
fn a_connect_says_its_own_version() {
    let bytes = b"\x10\x0f\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x02id";
    let packet = decode(bytes, Version::V3_1_1);
    assert!(matches!(packet, Ok(Packet::Connect(connect)) if connect.version == Version::V5));
}
