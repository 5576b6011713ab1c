//! What was found, counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Observed, Partial, Skipped};
use crate::codec::{Packet, PacketType};

/// How many Client Identifiers are remembered, and how many bytes of them in all.
const MAX_CLIENTS: usize = 10_000;
const MAX_CLIENT_BYTES: usize = 1 << 20;

/// What was found, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Packets.
    pub packets: u64,
    /// Bytes in packets.
    pub bytes: u64,
    /// Packets by the number of their type; 0 is reserved.
    pub types: [u64; 16],
    /// PUBLISH packets by QoS; those with the invalid QoS 3 are not counted here.
    pub qos: [u64; 3],
    /// Bytes of payloads.
    pub payload: u64,
    /// Client Identifiers of the CONNECT packets, in order; of very many, the first that came.
    pub clients: BTreeSet<String>,
    client_bytes: usize,
    /// Packets with faults.
    pub faulty: u64,
    /// Faults by the id of the broken rule.
    pub violations: BTreeMap<&'static str, u64>,
    /// Bytes in no packet.
    pub skipped: u64,
    /// Bytes that were not captured.
    pub lost: u64,
    /// Packets whose end is missing.
    pub partial: u64,
}

impl Summary {
    /// Counts a packet.
    pub fn packet(&mut self, packet: &Observed<'_>) {
        self.packets += 1;
        self.bytes += packet.bytes.len() as u64;
        let first = packet.bytes.first().copied().unwrap_or_default();
        if let Some(count) = self.types.get_mut(usize::from(first >> 4)) {
            *count += 1;
        }
        if first >> 4 == PacketType::Publish as u8
            && let Some(count) = self.qos.get_mut(usize::from(first >> 1 & 3))
        {
            *count += 1;
        }
        match &packet.packet {
            Ok(Packet::Publish(publish)) => {
                self.payload += publish.payload.len() as u64;
            }
            Ok(Packet::Connect(connect)) => self.client(connect.client_id),
            _ => {}
        }
        self.findings(packet.findings);
    }

    fn client(&mut self, id: &str) {
        let bytes = self.client_bytes + id.len();
        let has_room = self.clients.len() < MAX_CLIENTS && bytes <= MAX_CLIENT_BYTES;
        if !id.is_empty() && has_room && !self.clients.contains(id) {
            self.clients.insert(id.to_owned());
            self.client_bytes = bytes;
        }
    }

    fn findings(&mut self, findings: &[super::Finding]) {
        self.faulty += u64::from(!findings.is_empty());
        for finding in findings {
            *self.violations.entry(finding.id).or_default() += 1;
        }
    }

    /// Counts bytes in no packet.
    pub fn skipped(&mut self, skipped: &Skipped<'_>) {
        match skipped.bytes.is_empty() {
            true => self.lost += skipped.len,
            false => self.skipped += skipped.len,
        }
    }

    /// Counts the beginning of a packet.
    pub fn partial(&mut self, partial: &Partial<'_>) {
        self.partial += 1;
        self.findings(partial.findings);
    }

    /// How many packets there were of a type.
    #[must_use]
    pub fn of_type(&self, packet_type: PacketType) -> u64 {
        self.types[packet_type as usize]
    }

    /// Whether nothing broke a rule and no byte was in no packet.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faulty == 0 && self.skipped == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inspect::{Chunk, Data, Dissector, DissectorOptions, Origin, Sink};

    impl Sink for Summary {
        fn packet(&mut self, packet: &Observed<'_>) {
            Summary::packet(self, packet);
        }
        fn skipped(&mut self, skipped: &Skipped<'_>) {
            Summary::skipped(self, skipped);
        }
        fn partial(&mut self, partial: &Partial<'_>) {
            Summary::partial(self, partial);
        }
    }

    #[test]
    fn everything_is_counted_once() {
        let mut summary = Summary::default();
        let mut dissector = Dissector::new(DissectorOptions {
            version: Some(crate::codec::Version::V3_1_1),
        });
        let bytes = b"\x10\x0d\0\x04MQTT\x04\x02\0\x3c\0\x01a\
            \x30\x05\0\x01ahi\x32\x05\0\x01a\0\0\xc0\0\x30\x09\0";
        for data in [Data::Bytes(bytes), Data::Gap(7), Data::End] {
            let origin = Origin::default();
            dissector.push(Chunk { origin, data }, &mut summary);
        }
        assert_eq!((summary.packets, summary.bytes), (4, 31));
        assert_eq!(summary.of_type(PacketType::Publish), 2);
        assert_eq!((summary.qos, summary.payload), ([1, 1, 0], 2));
        assert_eq!(summary.clients, BTreeSet::from(["a".to_owned()]));
        assert_eq!((summary.partial, summary.lost, summary.skipped), (1, 7, 0));
        assert_eq!((summary.faulty, summary.violations["MQTT-2.3.1-1"]), (1, 1));
        assert!(!summary.is_clean());
    }
}
