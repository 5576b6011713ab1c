//! The mask over what clients send (RFC 6455, section 5.3).

use std::sync::LazyLock;

use rustls::crypto::{SecureRandom, ring};

/// Applies a mask (its own inverse) and turns it to where the next part of the payload begins.
pub(super) fn apply(bytes: &mut [u8], mask: &mut [u8; 4]) {
    if *mask == [0; 4] {
        return;
    }
    let [a, b, c, d] = *mask;
    let word = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (chunks, rest) = bytes.as_chunks_mut::<8>();
    for chunk in chunks {
        *chunk = (u64::from_ne_bytes(*chunk) ^ word).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
    mask.rotate_left(bytes.len() % 4);
}

/// Unpredictable, as section 5.3 demands.
pub(super) fn random() -> [u8; 4] {
    static SOURCE: LazyLock<&'static dyn SecureRandom> =
        LazyLock::new(|| ring::default_provider().secure_random);
    let mut mask = [0; 4];
    if SOURCE.fill(&mut mask).is_err() {
        // No system that runs us lacks randomness; the mask protects others' caches, not us.
        fastrand::fill(&mut mask);
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_in_parts_is_masked_as_a_whole() {
        let plain: Vec<u8> = (0..50).collect();
        let key = [1, 2, 3, 4];
        let expected: Vec<u8> = plain
            .iter()
            .zip(key.iter().cycle())
            .map(|(byte, key)| byte ^ key)
            .collect();
        for at in 0..plain.len() {
            let (mut bytes, mut mask) = (plain.clone(), key);
            let (first, second) = bytes.split_at_mut(at);
            apply(first, &mut mask);
            apply(second, &mut mask);
            assert_eq!(bytes, expected, "cut at {at}");
        }
    }

    #[test]
    fn masks_differ() {
        let first = random();
        assert!((0..8).any(|_| random() != first));
    }
}
