//! Values at small stable numbers.

use std::marker::PhantomData;

/// A number that stands for a value of a [`Slab`]; given out again after the value is removed.
pub(super) trait Key: Copy {
    fn new(index: u32) -> Self;
    fn index(self) -> usize;
}

/// Declares a key type, so that a client's number is never taken for a connection's.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(in crate::broker) struct $name(u32);

        impl $crate::broker::slab::Key for $name {
            fn new(index: u32) -> Self {
                Self(index)
            }
            fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
pub(super) use key;

/// Places that are given back when all of them are free.
const CROWD: usize = 1000;

/// Values at small stable numbers, found without hashing. Each is boxed: what a crowd took is
/// given back when it has gone.
#[derive(Debug)]
pub(super) struct Slab<K, T> {
    entries: Vec<Option<Box<T>>>,
    free: Vec<u32>,
    /// Numbers that are neither free nor in use.
    reserved: usize,
    key: PhantomData<K>,
}

impl<K, T> Default for Slab<K, T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            free: Vec::new(),
            reserved: 0,
            key: PhantomData,
        }
    }
}

impl<K: Key, T> Slab<K, T> {
    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.free.len() - self.reserved
    }

    pub(super) fn insert(&mut self, value: T) -> K {
        let value = Box::new(value);
        if let Some(index) = self.free.pop() {
            self.entries[index as usize] = Some(value);
            return K::new(index);
        }
        self.entries.push(Some(value));
        K::new(self.entries.len() as u32 - 1)
    }

    /// The number that the next value will have.
    pub(super) fn next_key(&self) -> K {
        K::new(
            self.free
                .last()
                .copied()
                .unwrap_or(self.entries.len() as u32),
        )
    }

    pub(super) fn remove(&mut self, key: K) -> Option<Box<T>> {
        let removed = self.take(key)?;
        self.release(key);
        Some(removed)
    }

    /// Removes a value whose number is not given out again before [`Slab::release`].
    pub(super) fn take(&mut self, key: K) -> Option<Box<T>> {
        let taken = self.entries.get_mut(key.index())?.take()?;
        self.reserved += 1;
        Some(taken)
    }

    /// The number of a value that was taken may be given out again.
    pub(super) fn release(&mut self, key: K) {
        self.reserved -= 1;
        self.free.push(key.index() as u32);
        if self.free.len() == self.entries.len() && self.free.len() > CROWD {
            *self = Self::default();
        }
    }

    pub(super) fn get(&self, key: K) -> Option<&T> {
        self.entries.get(key.index())?.as_deref()
    }

    pub(super) fn get_mut(&mut self, key: K) -> Option<&mut T> {
        self.entries.get_mut(key.index())?.as_deref_mut()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = K> {
        let entries = self.entries.iter().zip(0..);
        let occupied = entries.filter(|(entry, _)| entry.is_some());
        occupied.map(|(_, index)| K::new(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    key!(TestKey);

    #[test]
    fn numbers_are_given_out_again() {
        let mut slab = Slab::<TestKey, char>::default();
        let (a, b) = (slab.insert('a'), slab.insert('b'));
        assert_eq!(slab.remove(a).as_deref(), Some(&'a'));
        assert_eq!((slab.remove(a), slab.get(a)), (None, None));
        assert_eq!(slab.insert('c'), a);
        assert_eq!((slab.get(a), slab.get(b)), (Some(&'c'), Some(&'b')));
        assert_eq!(slab.len(), 2);
        assert_eq!(slab.keys().collect::<Vec<_>>(), [a, b]);
    }

    #[test]
    fn the_number_of_what_was_taken_waits_for_its_release() {
        let mut slab = Slab::<TestKey, char>::default();
        let (a, b) = (slab.insert('a'), slab.insert('b'));
        assert_eq!((slab.take(a), slab.take(a)), (Some(Box::new('a')), None));
        assert_eq!((slab.len(), slab.get(a)), (1, None));
        let c = slab.insert('c');
        assert!(c != a && c != b);
        slab.release(a);
        assert_eq!(slab.insert('d'), a);
        assert_eq!(slab.len(), 3);
    }
}
