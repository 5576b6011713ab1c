//! A hash table that never grows all at once.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

use rapidhash::fast::RandomState;

/// Entries for each part, on average, before there is another part.
const FULL: usize = 2048;

/// A hash table in parts: when it becomes too full, one of them is divided in two.
///
/// To grow a table of a million entries as a whole takes a tenth of a second, in which a Server
/// serves nobody. (The parts are divided in turn, as in Litwin's *linear hashing*.)
pub(super) struct Table<K, V> {
    parts: Vec<HashMap<K, V, RandomState>>,
    len: usize,
    /// Chooses the part.
    hasher: RandomState,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self {
            parts: Vec::new(),
            len: 0,
            hasher: RandomState::default(),
        }
    }
}

impl<K: Eq + Hash, V> Table<K, V> {
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.parts.get(self.place(key))?.get(key)
    }

    pub(super) fn insert(&mut self, key: K, value: V) {
        if self.len >= self.parts.len() * FULL {
            self.add_part();
        }
        let place = self.place(&key);
        if let Some(part) = self.parts.get_mut(place) {
            self.len += usize::from(part.insert(key, value).is_none());
        }
    }

    pub(super) fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        let place = self.place(key);
        if let Some(part) = self.parts.get_mut(place) {
            self.len -= usize::from(part.remove(key).is_some());
        }
    }

    /// Frees memory that is no longer needed.
    pub(super) fn shrink(&mut self) {
        for part in &mut self.parts {
            part.shrink_to_fit();
        }
    }

    /// The part that has a key, if any has.
    fn place<Q: Hash + ?Sized>(&self, key: &Q) -> usize {
        let count = self.parts.len();
        if count <= 1 {
            return 0;
        }
        // Within a part, the other half of the hash decides.
        let hash = (self.hasher.hash_one(key) >> 32) as usize;
        let mask = count.next_power_of_two() - 1;
        match hash & mask {
            place if place < count => place,
            // The part is not there yet: its entries are in the one that will be divided.
            place => place & mask >> 1,
        }
    }

    /// Adds a part, with the entries of an older one that belong there.
    fn add_part(&mut self) {
        let added = self.parts.len();
        self.parts.push(HashMap::default());
        let Some(power) = added.checked_ilog2() else {
            return;
        };
        let divided = added - (1 << power);
        let Some(part) = self.parts.get_mut(divided).map(std::mem::take) else {
            return;
        };
        // Neither grows while it is filled: that would leave holes in the memory.
        let staying = part.keys().filter(|key| self.place(*key) == divided);
        let staying = staying.count();
        let [mut stay, mut go] = [staying, part.len() - staying]
            .map(|len| HashMap::with_capacity_and_hasher(len, RandomState::default()));
        for (key, value) in part {
            match self.place(&key) == divided {
                true => stay.insert(key, value),
                false => go.insert(key, value),
            };
        }
        self.parts[divided] = stay;
        self.parts[added] = go;
    }
}

impl<K: Eq + Hash, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut table = Self::default();
        for (key, value) in entries {
            table.insert(key, value);
        }
        table
    }
}

#[cfg(test)]
impl<K: Eq + Hash, V> Table<K, V> {
    pub(super) fn capacity(&self) -> usize {
        self.parts.iter().map(HashMap::capacity).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_found_however_many_parts_there_are() {
        let mut table = Table::default();
        assert_eq!((table.get(&0), table.capacity()), (None, 0));
        let count = 10 * FULL;
        for key in 0..count {
            table.insert(key, key + 1);
            assert_eq!(table.get(&key), Some(&(key + 1)));
            assert_eq!(table.parts.len(), key / FULL + 1);
        }
        assert!((0..count).all(|key| table.get(&key) == Some(&(key + 1))));
        let largest = table.parts.iter().map(HashMap::len).max();
        assert!(largest.is_some_and(|len| len < 3 * FULL), "{largest:?}");
        table.insert(0, 7);
        assert_eq!((table.get(&0), table.len), (Some(&7), count));
        for key in 1..count {
            table.remove(&key);
            table.remove(&key);
            assert_eq!(table.get(&key), None);
        }
        table.shrink();
        assert_eq!((table.get(&0), table.len), (Some(&7), 1));
        assert!(table.capacity() < 100);
    }
}
