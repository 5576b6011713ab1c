//! How well bytes fit MQTT.

use super::{Block, link_layer};
use crate::codec::{Trace, Version};

/// How many blocks, and how many packets of each, are looked at.
const ENOUGH: usize = 64;

/// How well blocks fit: 0 is no MQTT at all, 1 nothing but valid packets.
pub(super) fn fit(blocks: &[Block]) -> f64 {
    let blocks = blocks.get(..ENOUGH).unwrap_or(blocks);
    let total: usize = blocks.iter().map(|block| block.bytes.len()).sum();
    if total == 0 {
        return 0.0;
    }
    let fits: f64 = blocks
        .iter()
        .map(|block| match link_layer(&block.bytes) {
            Some(_) => block.bytes.len() as f64,
            // It may begin in the middle of a packet.
            None if block.gap > 0 => 0.6 * block.bytes.len() as f64,
            None => fitting(&block.bytes, Version::V3_1_1).max(fitting(&block.bytes, Version::V5)),
        })
        .sum();
    fits / total as f64
}

/// How many bytes are packets; those of a packet with faults count for less.
fn fitting(mut bytes: &[u8], mut version: Version) -> f64 {
    let mut fits = 0.0;
    let total = bytes.len();
    for _ in 0..ENOUGH {
        let trace = Trace::of(bytes, version);
        let valid = trace.violations.is_empty();
        version = trace.version;
        let weight = match (trace.is_complete(), valid) {
            (true, true) => 1.0,
            (false, true) => 0.6,
            // Its length at least is right.
            (true, false) if trace.packet.is_some() => 0.6,
            (true, false) if trace.bytes.len() == bytes.len() => 0.4,
            _ => 0.1,
        };
        fits += trace.bytes.len() as f64 * weight;
        bytes = bytes.get(trace.bytes.len()..).unwrap_or_default();
        if bytes.is_empty() || weight <= 0.1 {
            return fits;
        }
    }
    // The rest is assumed to be as good as what was looked at.
    fits * total as f64 / (total - bytes.len()) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> f64 {
        fit(&[Block {
            bytes: bytes.to_vec(),
            ..Block::default()
        }])
    }

    #[test]
    fn what_is_more_like_mqtt_fits_better() {
        let whole = of(b"\x30\x05\0\x01ahi\xc0\0");
        let begun = of(b"\x30\x05\0\x01ah");
        let faulty = of(b"\x32\x05\0\x01a\0\0");
        let none = of(b"\x01\x02\x03\x04\x05\x06");
        assert!(whole == 1.0 && whole > begun && begun >= faulty && faulty > none);
        assert_eq!(of(b""), 0.0);
    }

    #[test]
    fn many_blocks_fit_as_well_as_a_few() {
        let ping = Block {
            bytes: vec![0xc0, 0],
            ..Block::default()
        };
        assert_eq!(fit(&vec![ping; 3 * ENOUGH]), 1.0);
    }
}
