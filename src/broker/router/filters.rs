//! The Topic Filters that a client has subscribed to.

use std::collections::BTreeMap;

use super::subscription::Subscriber;

/// What a subscription costs besides its Topic Filter, roughly.
const OVERHEAD: usize = 128;

/// The Topic Filters of one client as it wrote them, and who stands in the index for each.
#[derive(Default)]
pub(super) struct OwnFilters {
    subscribers: BTreeMap<Box<str>, Subscriber>,
    bytes: usize,
}

impl OwnFilters {
    /// What a subscription counts among those of all clients.
    pub(super) fn weight(filter: &str) -> usize {
        OVERHEAD + filter.len()
    }

    pub(super) fn len(&self) -> usize {
        self.subscribers.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.subscribers.is_empty()
    }

    /// Bytes of all Topic Filters.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn contains(&self, filter: &str) -> bool {
        self.subscribers.contains_key(filter)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Subscriber)> {
        let all = self.subscribers.iter();
        all.map(|(filter, subscriber)| (&**filter, subscriber))
    }

    /// Adds a Topic Filter, or gives who stood in the index for it until now.
    pub(super) fn insert(&mut self, filter: &str, subscriber: Subscriber) -> Option<Subscriber> {
        if let Some(old) = self.subscribers.get_mut(filter) {
            return Some(std::mem::replace(old, subscriber));
        }
        self.bytes += filter.len();
        self.subscribers.insert(filter.into(), subscriber)
    }

    pub(super) fn remove(&mut self, filter: &str) -> Option<Subscriber> {
        let removed = self.subscribers.remove(filter)?;
        self.bytes -= filter.len();
        Some(removed)
    }

    pub(super) fn pop(&mut self) -> Option<(Box<str>, Subscriber)> {
        let (filter, subscriber) = self.subscribers.pop_first()?;
        self.bytes -= filter.len();
        Some((filter, subscriber))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::broker::router::ClientKey;
    use crate::broker::slab::Key;

    #[test]
    fn their_bytes_are_counted_once_each() {
        let subscriber = Subscriber::Client(ClientKey::new(1));
        let mut filters = OwnFilters::default();
        for filter in ["a/b", "c", "a/b"] {
            filters.insert(filter, subscriber);
        }
        assert_eq!((filters.len(), filters.bytes()), (2, 4));
        assert_eq!(filters.remove("x"), None);
        assert_eq!(filters.remove("c"), Some(subscriber));
        assert_eq!(filters.bytes(), 3);
        assert!(filters.pop().is_some() && filters.pop().is_none());
        assert_eq!((filters.len(), filters.bytes()), (0, 0));
    }
}
