//! What stands for data that is only compared: the data of strangers may be long.

use std::hash::{DefaultHasher, Hash, Hasher};

/// A hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::inspect) struct Digest(u64);

impl Digest {
    pub fn of(data: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        data.hash(&mut hasher);
        Digest(hasher.finish())
    }
}
