//! The few functions of RFC 5802 section 2.2.

use std::num::NonZeroU32;

use ring::{digest, hmac, pbkdf2};

/// The length of SHA-256.
pub(super) const LENGTH: usize = 32;

/// What SHA-256 gives.
pub(super) type Hash = [u8; LENGTH];

/// `Hi()`: the salted password.
pub(super) fn salted_password(password: &[u8], salt: &[u8], iterations: NonZeroU32) -> Hash {
    let mut hash = Hash::default();
    let algorithm = pbkdf2::PBKDF2_HMAC_SHA256;
    pbkdf2::derive(algorithm, iterations, salt, password, &mut hash);
    hash
}

/// `HMAC()`
pub(super) fn hmac(key: &[u8], message: &[u8]) -> Hash {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    fixed(hmac::sign(&key, message).as_ref())
}

/// `H()`
pub(super) fn hash(message: &[u8]) -> Hash {
    fixed(digest::digest(&digest::SHA256, message).as_ref())
}

/// `XOR`
pub(super) fn xor(left: &Hash, right: &Hash) -> Hash {
    std::array::from_fn(|at| left[at] ^ right[at])
}

fn fixed(bytes: &[u8]) -> Hash {
    let mut hash = Hash::default();
    hash.copy_from_slice(bytes);
    hash
}
