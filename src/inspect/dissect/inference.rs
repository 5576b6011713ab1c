//! Which version a conversation speaks, where no CONNECT says it.

use crate::codec::{
    Frame, MAX_PACKET_SIZE, Packet, PacketType, Rule, Trace, Version, Violation, rules,
};

/// How many packets are held against every version; after them the guess stands.
const ENOUGH: u16 = 64;

/// The versions that packets are held against.
const BOTH: [Version; 2] = [Version::V3_1_1, Version::V5];

/// What is known of the version, or guessed from packets that only some versions allow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Inference {
    known: Option<Version>,
    looked: u16,
    /// What is wrong with what was looked at, read as 3.1.1 and as 5.0: see [`weight`].
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

    /// The versions that a packet may be in: both as long as nothing speaks for one of them.
    pub fn versions(&self) -> &'static [Version] {
        let is_open = self.is_guess() && self.faults[0] == self.faults[1];
        match self.version() {
            _ if is_open => &BOTH,
            Version::V3_1 => &[Version::V3_1],
            Version::V3_1_1 => &[Version::V3_1_1],
            Version::V5 => &[Version::V5],
        }
    }

    /// Looks at the packets at the beginning of `bytes` before they are read.
    pub fn look(&mut self, mut bytes: &[u8]) {
        let mut was_wrong = false;
        while self.known.is_none() && self.looked < ENOUGH {
            let size = match Frame::parse(bytes, MAX_PACKET_SIZE) {
                Ok(Some(frame)) if frame.packet_type() == PacketType::Connect => return,
                Ok(Some(frame)) => {
                    was_wrong = false;
                    self.consider(&frame);
                    frame.bytes().len()
                }
                Ok(None) => return,
                // Two wrong headers in a row: these are no packets.
                Err(_) if std::mem::replace(&mut was_wrong, true) => return,
                // Its length may be right all the same.
                Err(_) => match Trace::of(bytes, Version::V5) {
                    trace if trace.size.is_some() && trace.is_complete() => {
                        self.weigh(trace.bytes);
                        trace.bytes.len()
                    }
                    _ => return,
                },
            };
            self.looked += 1;
            bytes = bytes.get(size..).unwrap_or_default();
        }
    }

    fn consider(&mut self, frame: &Frame<'_>) {
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
        match BOTH.map(|version| frame.decode(version)) {
            [Ok(old), Ok(new)] => self.prefer(more_likely(&old, &new)),
            _ => self.weigh(frame.bytes()),
        }
    }

    /// Weighs the faults that a packet has in both versions.
    #[cold]
    fn weigh(&mut self, packet: &[u8]) {
        let traces = BOTH.map(|version| Trace::of(packet, version));
        for (sum, trace) in self.faults.iter_mut().zip(&traces) {
            *sum += weight(trace);
        }
        if let [Some(old), Some(new)] = traces.map(|trace| trace.packet) {
            self.prefer(more_likely(&old, &new));
        }
    }

    fn prefer(&mut self, version: Option<Version>) {
        if let Some(version) = version {
            self.hints[usize::from(version == Version::V5)] += 1;
        }
    }
}

/// How much the faults of a packet speak against a version. A wrong value may be its author's mistake,
/// but bytes written for the other version hardly ever have the right shape.
fn weight(trace: &Trace<'_>) -> u32 {
    let of = |violation: &Violation| {
        let is_one_of = |rules: &[&'static Rule]| rules.iter().any(|rule| violation.is(rule));
        match () {
            () if is_one_of(&OTHER_SHAPE) => 8,
            () if is_one_of(&NO_PROPERTIES) => 4,
            () => 1,
        }
    };
    // What cannot be read to its end has the wrong shape, too.
    let unread = if trace.packet.is_none() { 8 } else { 0 };
    trace.violations.iter().map(of).sum::<u32>() + unread
}

/// Broken where the packet is longer or shorter than its version has it.
static OTHER_SHAPE: [&Rule; 1] = [&rules::TRAILING_BYTES];

/// Broken where other bytes are taken for properties.
static NO_PROPERTIES: [&Rule; 4] = [
    &rules::PROPERTY_LENGTH_MISSING,
    &rules::PROPERTY_LENGTH,
    &rules::PROPERTY_OVERRUN,
    &rules::PROPERTY_UNKNOWN,
];

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
        let cases: [(&[u8], Version); 7] = [
            // A Reason Code that only another packet has.
            (b"\xe0\x01\x01", Version::V5),
            (b"\x40\x03\x00\x01\x01", Version::V5),
            // AUTH with flags.
            (b"\xf1\x00", Version::V5),
            // A User Property that is no UTF-8.
            (
                b"\x62\x0a\x00\x01\x00\x06\x26\x00\x01\xff\x00\x00",
                Version::V5,
            ),
            // A topic that is no UTF-8, before a payload, with properties before it or without.
            (b"\x30\x06\x00\x01\xff\x00hi", Version::V5),
            (b"\x30\x05\x00\x01\xffhi", Version::V3_1_1),
            // As wrong in both.
            (b"\x40\x02\x00\x00", Version::V3_1_1),
        ];
        for (bytes, expected) in cases {
            assert_eq!(version(bytes), expected, "{bytes:x?}");
        }
    }

    #[test]
    fn garbage_tells_nothing() {
        let mut inference = Inference::default();
        inference.look(&b"x\0".repeat(1000));
        inference.look(b"\x40\x04\x00\x01\x10\x00");
        assert_eq!(inference.version(), Version::V5);
    }

    #[test]
    fn later_packets_tell_what_the_first_do_not() {
        assert_eq!(
            version(b"\x40\x02\x00\x01\x40\x04\x00\x01\x10\x00"),
            Version::V5
        );
    }
}
