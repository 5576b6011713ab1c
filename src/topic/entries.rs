//! The subscriptions that end at one node.

use std::collections::HashMap;
use std::hash::Hash;

use super::tree::Slot;
use rapidhash::fast::RandomState;

/// Up to this many, looking at each is faster than a table.
const SCANNED: usize = 16;

/// Keyed values in the order of their arrival, as long as none is removed.
///
/// Most filters have one subscriber, some have a hundred thousand: one costs no allocation, and
/// many are found through a table.
#[derive(Default)]
pub(super) enum Entries<K, V> {
    #[default]
    Empty,
    One(K, V),
    Many(Box<Many<K, V>>),
}

pub(super) struct Many<K, V> {
    list: Vec<(K, V)>,
    /// Where in the list each key is; kept only while the list is long.
    places: HashMap<K, u32, RandomState>,
}

impl<K: Clone + Eq + Hash, V> Entries<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<&V> {
        match self {
            Self::Empty => None,
            Self::One(only, value) => (only == key).then_some(value),
            Self::Many(many) => many.list.get(many.place(key)?).map(|(_, value)| value),
        }
    }

    /// Adds or replaces; gives back what was replaced.
    pub(super) fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self {
            Self::Empty => {
                *self = Self::One(key, value);
                None
            }
            Self::One(only, old) if *only == key => Some(std::mem::replace(old, value)),
            Self::One(..) => {
                let mut list = Vec::with_capacity(4);
                if let Self::One(first, old) = std::mem::take(self) {
                    list.push((first, old));
                }
                list.push((key, value));
                *self = Self::Many(Box::new(Many {
                    list,
                    places: HashMap::default(),
                }));
                None
            }
            Self::Many(many) => many.insert(key, value),
        }
    }

    pub(super) fn remove(&mut self, key: &K) -> Option<V> {
        match self {
            Self::Empty => None,
            Self::One(only, _) if only != key => None,
            Self::One(..) => match std::mem::take(self) {
                Self::One(_, value) => Some(value),
                _ => None,
            },
            Self::Many(many) => {
                let value = many.remove(key)?;
                if many.list.len() == 1
                    && let Some((key, value)) = many.list.pop()
                {
                    *self = Self::One(key, value);
                }
                Some(value)
            }
        }
    }

    pub(super) fn for_each(&self, visit: &mut impl FnMut(&K, &V)) {
        match self {
            Self::Empty => {}
            Self::One(key, value) => visit(key, value),
            Self::Many(many) => many.list.iter().for_each(|(key, value)| visit(key, value)),
        }
    }
}

impl<K: Clone + Eq + Hash, V> Many<K, V> {
    fn place(&self, key: &K) -> Option<usize> {
        if self.places.is_empty() {
            return self.list.iter().position(|(other, _)| other == key);
        }
        self.places.get(key).map(|&place| place as usize)
    }

    fn insert(&mut self, key: K, value: V) -> Option<V> {
        if let Some(place) = self.place(&key) {
            return Some(std::mem::replace(&mut self.list[place].1, value));
        }
        self.list.push((key.clone(), value));
        if !self.places.is_empty() {
            self.places.insert(key, self.list.len() as u32 - 1);
        } else if self.list.len() > SCANNED {
            let keys = self.list.iter().map(|(key, _)| key.clone());
            self.places = keys.zip(0..).collect();
        }
        None
    }

    fn remove(&mut self, key: &K) -> Option<V> {
        let place = self.place(key)?;
        let (_, value) = self.list.swap_remove(place);
        if self.list.len() <= SCANNED / 2 {
            self.places = HashMap::default();
        } else if !self.places.is_empty() {
            self.places.remove(key);
            if let Some((moved, _)) = self.list.get(place) {
                self.places.insert(moved.clone(), place as u32);
            }
        }
        if self.list.capacity() > 4 * self.list.len() {
            self.list.shrink_to(2 * self.list.len());
            self.places.shrink_to(2 * self.list.len());
        }
        Some(value)
    }
}

impl<K, V> Slot for Entries<K, V> {
    fn is_vacant(&self) -> bool {
        matches!(self, Self::Empty)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_entry_needs_no_allocation() {
        assert!(size_of::<Entries<u32, u8>>() <= 16);
        let mut entries = Entries::default();
        assert_eq!(entries.insert(1, 'a'), None);
        assert_eq!(entries.insert(1, 'b'), Some('a'));
        assert!(matches!(entries, Entries::One(1, 'b')));
        assert_eq!(entries.insert(2, 'c'), None);
        assert_eq!(entries.remove(&1), Some('b'));
        assert!(matches!(entries, Entries::One(2, 'c')));
        assert_eq!(entries.remove(&2), Some('c'));
        assert!(entries.is_vacant());
    }

    proptest! {
        #[test]
        fn behaves_as_a_map(steps in prop::collection::vec((0..60u32, any::<bool>()), 0..400)) {
            let (mut entries, mut map) = (Entries::default(), HashMap::new());
            for (step, (key, insert)) in steps.into_iter().enumerate() {
                // Inserting more than removing, so that the list gets long.
                if insert || step % 3 == 0 {
                    prop_assert_eq!(entries.insert(key, step), map.insert(key, step));
                } else {
                    prop_assert_eq!(entries.remove(&key), map.remove(&key));
                }
                prop_assert_eq!(entries.get(&key), map.get(&key));
                let mut seen = HashMap::new();
                entries.for_each(&mut |&key, &value| {
                    seen.insert(key, value);
                });
                prop_assert_eq!(&seen, &map);
            }
        }
    }
}
