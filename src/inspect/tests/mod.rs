//! Tests of dissection and conversation together.

mod strictness;
mod survive;

use proptest::prelude::*;

/// Pieces of a script of [`survive::conversation`]: anything, and packets at their places.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let packet = |packet: &'static [u8]| {
        (0..3_u8).prop_map(move |direction| {
            let control = (packet.len() as u8) << 3 | direction;
            [&[control], packet].concat()
        })
    };
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..30),
        packet(b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01a"),
        packet(b"\x10\x0e\0\x04MQTT\x05\x02\0\x3c\0\0\x01a"),
        packet(b"\x20\x02\0\0"),
        packet(b"\x20\x06\0\0\x03\x22\0\x02"),
        packet(b"\x34\x06\0\x01a\0\x01\0"),
        packet(b"\x30\x07\0\x01a\x03\x23\0\x01"),
        packet(b"\x50\x02\0\x01"),
        packet(b"\x62\x02\0\x01"),
        packet(b"\x70\x02\0\x01"),
        packet(b"\x82\x07\0\x01\0\0\x01a\x01"),
        packet(b"\x90\x04\0\x01\0\x02"),
        packet(b"\xe0\0"),
    ]
}

proptest! {
    #[test]
    fn any_conversation_is_survived(pieces in prop::collection::vec(piece(), 0..40)) {
        survive::conversation(&pieces.concat());
    }
}
