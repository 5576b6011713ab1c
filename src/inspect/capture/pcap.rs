//! The older form of capture files: pcap.
//!
//! A header of 24 bytes, then records, each with its time and lengths in front. Five magic numbers
//! tell the order of bytes, the unit of time, and a form of Linux 2.2 with longer record headers.

use super::super::Time;
use super::record::{MAX_RECORD, Order, Record, Step};

const HEADER: usize = 24;

/// Reads pcap.
#[derive(Debug)]
pub(super) struct Pcap {
    order: Order,
    /// Nanoseconds in a unit of the records' times.
    unit: u32,
    /// Length of the header of a record.
    record_header: usize,
    /// The kind of network, once the file's header is read.
    link: Option<u16>,
}

impl Pcap {
    /// Recognised by the first bytes.
    pub fn of(magic: [u8; 4]) -> Option<Pcap> {
        let (order, number) = match u32::from_le_bytes(magic) {
            number @ (0xa1b2_c3d4 | 0xa1b2_3c4d | 0xa1b2_cd34) => (Order::Little, number),
            number => (Order::Big, number.swap_bytes()),
        };
        let (unit, record_header) = match number {
            0xa1b2_c3d4 => (1000, 16),
            0xa1b2_3c4d => (1, 16),
            0xa1b2_cd34 => (1000, 24),
            _ => return None,
        };
        Some(Pcap {
            order,
            unit,
            record_header,
            link: None,
        })
    }

    /// Looks at what begins `bytes`.
    #[inline]
    pub fn step<'a>(&mut self, bytes: &'a [u8]) -> Result<Step<'a>, &'static str> {
        let Some(link) = self.link else {
            // The high half holds the length of frame check sequences.
            self.link = self.order.u32(bytes, 20).map(|link| link as u16);
            return Ok(self.link.map_or(Step::More, |_| Step::Skip(HEADER as u64)));
        };
        let number = |at| self.order.u32(bytes, at);
        let (Some(seconds), Some(fraction), Some(captured)) = (number(0), number(4), number(8))
        else {
            return Ok(Step::More);
        };
        let captured = captured as usize;
        if captured > MAX_RECORD {
            return Err("no packet is that long");
        }
        let end = self.record_header + captured;
        let Some(frame) = bytes.get(self.record_header..end) else {
            return Ok(Step::More);
        };
        let time = u64::from(seconds) * 1_000_000_000 + u64::from(fraction) * u64::from(self.unit);
        let record = Record {
            time: Some(Time(time)),
            link,
            bytes: frame,
        };
        Ok(Step::Record(record, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of one record, by the numbers as written in this order.
    fn file(magic: u32, number: fn(u32) -> [u8; 4], record_header: usize) -> Vec<u8> {
        let mut bytes = number(magic).to_vec();
        bytes.extend([0; 16]);
        bytes.extend(number(0x1000_0071));
        for field in [1_700_000_000, 999_999, 3, 60] {
            bytes.extend(number(field));
        }
        bytes.resize(HEADER + record_header, 0);
        bytes.extend(b"abc");
        bytes
    }

    #[test]
    fn both_orders_and_all_units() {
        for (magic, record_header, fraction) in [
            (0xa1b2_c3d4, 16, 999_999_000),
            (0xa1b2_3c4d, 16, 999_999),
            (0xa1b2_cd34, 24, 999_999_000),
        ] {
            for number in [u32::to_le_bytes, u32::to_be_bytes] {
                let bytes = file(magic, number, record_header);
                let mut pcap = Pcap::of(*bytes.first_chunk().unwrap()).unwrap();
                assert_eq!(pcap.step(&bytes[..23]), Ok(Step::More));
                assert_eq!(pcap.step(&bytes), Ok(Step::Skip(24)));
                let rest = &bytes[24..];
                let record = Record {
                    time: Some(Time(1_700_000_000_000_000_000 + fraction)),
                    link: 0x71,
                    bytes: b"abc",
                };
                assert_eq!(pcap.step(rest), Ok(Step::Record(record, rest.len())));
                for short in 0..rest.len() {
                    assert_eq!(pcap.step(&rest[..short]), Ok(Step::More));
                }
            }
        }
    }

    #[test]
    fn a_length_that_cannot_be_is_damage() {
        let mut bytes = file(0xa1b2_c3d4, u32::to_le_bytes, 16);
        let mut pcap = Pcap::of(*bytes.first_chunk().unwrap()).unwrap();
        assert_eq!(pcap.step(&bytes), Ok(Step::Skip(24)));
        bytes[24 + 11] = 0x70;
        assert!(pcap.step(&bytes[24..]).is_err());
    }
}
