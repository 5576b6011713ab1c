//! The hash of the trees' tables: a few multiplications, keyed so that strangers who choose
//! topics cannot choose collisions.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Builds [`KeyedHasher`]s that share one random key.
#[derive(Clone)]
pub(super) struct KeyedState {
    key: u64,
}

impl Default for KeyedState {
    fn default() -> Self {
        let key = RandomState::new().hash_one(0);
        Self { key }
    }
}

impl BuildHasher for KeyedState {
    type Hasher = KeyedHasher;

    fn build_hasher(&self) -> KeyedHasher {
        KeyedHasher {
            key: self.key | 1,
            state: self.key.rotate_left(32),
        }
    }
}

/// Folds eight bytes at a time into the state with a widening multiplication.
pub(super) struct KeyedHasher {
    key: u64,
    state: u64,
}

impl KeyedHasher {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(self.key);
        self.state = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for KeyedHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        // At most seven bytes are left: how many goes into the eighth.
        let last = rest
            .iter()
            .fold(rest.len() as u64, |word, &byte| word << 8 | u64::from(byte));
        self.fold(last);
    }

    fn write_u8(&mut self, byte: u8) {
        // `str` ends with one; `write` has told texts apart already.
        self.state ^= u64::from(byte);
    }

    fn write_u32(&mut self, word: u32) {
        self.fold(word.into());
    }

    fn write_u64(&mut self, word: u64) {
        self.fold(word);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn small_differences_spread_over_high_and_low_bits() {
        let state = KeyedState::default();
        let hashes: Vec<u64> = (0..4096u32)
            .map(|n| state.hash_one(n.to_string()))
            .collect();
        let low: HashSet<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
        let high: HashSet<u64> = hashes.iter().map(|hash| hash >> 48).collect();
        // 4096 balls in 65536 bins leave about 3971 bins taken.
        assert!(low.len() > 3800, "{}", low.len());
        assert!(high.len() > 3800, "{}", high.len());
    }

    #[test]
    fn two_states_have_two_keys() {
        let (one, other) = (KeyedState::default(), KeyedState::default());
        assert_eq!(one.hash_one("a/b"), one.clone().hash_one("a/b"));
        assert_ne!(one.hash_one("a/b"), other.hash_one("a/b"));
    }
}
