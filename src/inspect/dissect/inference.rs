//! Which version a conversation speaks, where no CONNECT says it.

use crate::codec::{Frame, MAX_PACKET_SIZE, Packet, PacketType, Trace, Version};

/// So many packets are held against every version; after them the guess stands.
const ENOUGH: u16 = 64;

/// What is known of the version, or guessed from packets that only some versions allow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inference {
    known: Option<Version>,
    looked: u16,
    /// Rules broken by what was looked at, read as 3.1.1 and as 5.0.
    faults: [u32; 2],
    /// Packets that both allow and that make more sense in one of them.
    hints: [u16; 2],
    /// A packet that is sent again as only 3.1 does it.
    is_3_1: bool,
}

impl Inference {
    /// The version is known.
    pub fn set(&mut self, version: Version) {
        self.known = Some(version);
    }

    /// Whether the version is a guess.
    pub fn is_guess(&self) -> bool {
        self.known.is_none()
    }

    /// The version, as far as it can be told.
    pub fn version(&self) -> Version {
        if let Some(version) = self.known {
            return version;
        }
        let [old, new] = self.faults;
        match self.hints {
            _ if self.is_3_1 && old <= new => Version::V3_1,
            _ if old != new => [Version::V3_1_1, Version::V5][usize::from(new < old)],
            [old, new] if new > old => Version::V5,
            _ => Version::V3_1_1,
        }
    }

    /// Looks at the packets at the beginning of `bytes` before they are read.
    pub fn look(&mut self, mut bytes: &[u8]) {
        while self.known.is_none()
            && self.looked < ENOUGH
            && let Ok(Some(frame)) = Frame::parse(bytes, MAX_PACKET_SIZE)
        {
            if frame.packet_type() == PacketType::Connect {
                return;
            }
            self.consider(&frame);
            bytes = bytes.get(frame.bytes().len()..).unwrap_or_default();
        }
    }

    fn consider(&mut self, frame: &Frame<'_>) {
        const BOTH: [Version; 2] = [Version::V3_1_1, Version::V5];
        self.looked += 1;
        let again = matches!(
            (frame.packet_type(), frame.flags()),
            (
                PacketType::Pubrel | PacketType::Subscribe | PacketType::Unsubscribe,
                0b1010
            )
        );
        if again && frame.decode(Version::V3_1).is_ok() {
            self.is_3_1 = true;
            return;
        }
        let packets = BOTH.map(|version| frame.decode(version).ok());
        match packets {
            [Some(old), Some(new)] => {
                if let Some(version) = more_likely(&old, &new) {
                    self.hints[usize::from(version == Version::V5)] += 1;
                }
            }
            _ => {
                let broken = BOTH.map(|version| {
                    let violations = Trace::of(frame.bytes(), version).violations;
                    violations.len() as u32
                });
                for (sum, broken) in self.faults.iter_mut().zip(broken) {
                    *sum += broken;
                }
            }
        }
    }
}

/// Which of two readings, as 3.1.1 and as 5.0, makes more sense.
fn more_likely(old: &Packet<'_>, new: &Packet<'_>) -> Option<Version> {
    let printable = |payload: &[u8]| {
        payload.first().is_none_or(|&byte| byte >= b' ') && str::from_utf8(payload).is_ok()
    };
    match (old, new) {
        (Packet::Publish(old), Packet::Publish(new)) => {
            match (printable(old.payload), printable(new.payload)) {
                (true, _) => Some(Version::V3_1_1),
                (false, true) => Some(Version::V5),
                (false, false) => None,
            }
        }
        // The first code of several, or the length of no properties.
        (Packet::Suback(_), Packet::Suback(_)) => Some(Version::V5),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(bytes: &[u8]) -> Version {
        let mut inference = Inference::default();
        inference.look(bytes);
        assert!(inference.is_guess());
        inference.version()
    }

    #[test]
    fn versions_are_told_by_what_they_allow() {
        let cases: [(&[u8], Version); 12] = [
            (b"", Version::V3_1_1),
            (b"\xe0\x00", Version::V3_1_1),
            (b"\x30\x05\x00\x01ahi", Version::V3_1_1),
            (b"\x30\x06\x00\x01a\x00hi", Version::V5),
            (b"\x20\x02\x00\x00", Version::V3_1_1),
            (b"\x20\x03\x00\x00\x00", Version::V5),
            (b"\x82\x06\x00\x01\x00\x01a\x01", Version::V3_1_1),
            (b"\x82\x07\x00\x01\x00\x00\x01a\x01", Version::V5),
            (b"\x90\x04\x00\x01\x00\x01", Version::V5),
            (b"\x90\x03\x00\x01\x01", Version::V3_1_1),
            (b"\xb0\x04\x00\x01\x00\x00", Version::V5),
            (b"\x6a\x02\x00\x01", Version::V3_1),
        ];
        for (bytes, expected) in cases {
            assert_eq!(version(bytes), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn a_faulty_packet_is_read_as_what_it_nearly_is() {
        // QoS 3 in the options.
        assert_eq!(version(b"\x82\x07\x00\x01\x00\x00\x01a\x03"), Version::V5);
        assert_eq!(version(b"\x82\x06\x00\x01\x00\x01a\x03"), Version::V3_1_1);
    }

    #[test]
    fn later_packets_tell_what_the_first_do_not() {
        assert_eq!(
            version(b"\x40\x02\x00\x01\x40\x04\x00\x01\x10\x00"),
            Version::V5
        );
    }
}
