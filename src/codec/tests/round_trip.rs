//! What is encoded decodes to itself; what is not encoded here never panics.

use super::model::{Owned, packet};
use super::survive;
use crate::codec::*;
use proptest::collection::vec;
use proptest::prelude::*;

fn versions() -> impl Strategy<Value = Version> {
    prop::sample::select(Version::ALL.to_vec())
}

fn versioned_packet() -> impl Strategy<Value = (Version, Owned)> {
    versions().prop_flat_map(|version| (Just(version), packet(version)))
}

fn encoded(version: Version, owned: &Owned) -> Vec<u8> {
    let mut bytes = Vec::new();
    owned.lend(version, |packet| packet.encode(version, &mut bytes));
    bytes
}

proptest! {
    #[test]
    fn every_packet_decodes_to_itself((version, owned) in versioned_packet()) {
        let bytes = encoded(version, &owned);
        owned.lend(version, |packet| {
            prop_assert_eq!(packet.encoded_len(version), bytes.len());
            let frame = Frame::parse(&bytes, bytes.len()).unwrap().unwrap();
            prop_assert_eq!(frame.packet_type(), packet.packet_type());
            prop_assert_eq!(frame.remaining_length(), frame.body().len());
            prop_assert_eq!(frame.decode(version), Ok(packet));
            Ok(())
        })?;
    }

    #[test]
    fn a_decoded_packet_encodes_to_the_same_bytes((version, owned) in versioned_packet()) {
        let bytes = encoded(version, &owned);
        let frame = Frame::parse(&bytes, usize::MAX).unwrap().unwrap();
        let mut again = Vec::new();
        frame.decode(version).unwrap().encode(version, &mut again);
        prop_assert_eq!(again, bytes);
    }

    #[test]
    fn a_prefix_is_never_a_frame((version, owned) in versioned_packet(), cut in any::<prop::sample::Index>()) {
        let bytes = encoded(version, &owned);
        let prefix = &bytes[..cut.index(bytes.len())];
        prop_assert_eq!(Frame::parse(prefix, usize::MAX), Ok(None));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..80), version in versions()) {
        survive::stream(&bytes, version);
    }

    #[test]
    fn mutated_packets_never_panic(
        (version, owned) in versioned_packet(),
        changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
        other in versions(),
    ) {
        let mut bytes = encoded(version, &owned);
        for (index, byte) in changes {
            let index = index.index(bytes.len());
            bytes[index] = byte;
        }
        survive::stream(&bytes, version);
        survive::stream(&bytes, other);
        // Cut, with a Remaining Length that says so: every field ends early once.
        bytes.truncate(cut.index(bytes.len()) + 1);
        let body = bytes.len().saturating_sub(2).min(127);
        if let [_, length, ..] = &mut bytes[..] {
            *length = body as u8;
        }
        survive::stream(&bytes, version);
    }
}
