//! The changes of one commit, encoded.

use std::ops::Range;

/// The changes of one commit: entries to put and to remove, and Sessions to forget.
#[derive(Debug, Default)]
pub(in crate::broker) struct Batch {
    bytes: Vec<u8>,
    changes: Vec<Change>,
    /// All keys that begin with one of these go, after the changes.
    ended: Vec<Vec<u8>>,
}

#[derive(Debug)]
struct Change {
    key: Range<usize>,
    /// `None`: the entry is removed.
    value: Option<Range<usize>>,
}

impl Batch {
    /// Adds a change; `key` and `value` append their bytes, no value removes the entry.
    pub(super) fn push(
        &mut self,
        key: impl FnOnce(&mut Vec<u8>),
        value: Option<impl FnOnce(&mut Vec<u8>)>,
    ) {
        let start = self.bytes.len();
        key(&mut self.bytes);
        let key = start..self.bytes.len();
        let value = value.map(|value| {
            value(&mut self.bytes);
            key.end..self.bytes.len()
        });
        self.changes.push(Change { key, value });
    }

    /// Removes all entries whose keys begin with `prefix`, whatever else the batch says of them.
    pub(super) fn remove_all(&mut self, prefix: Vec<u8>) {
        self.ended.push(prefix);
    }

    /// Puts the changes in the order of their keys, which stores like best.
    pub(super) fn sort(&mut self) {
        let bytes = &self.bytes;
        self.changes
            .sort_unstable_by(|a, b| bytes[a.key.clone()].cmp(&bytes[b.key.clone()]));
    }

    pub(in crate::broker) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.ended.is_empty()
    }

    /// Keys and values; no value removes the entry.
    pub(in crate::broker) fn changes(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.changes.iter().map(|Change { key, value }| {
            let value = value.clone().map(|value| &self.bytes[value]);
            (&self.bytes[key.clone()], value)
        })
    }

    /// Prefixes of keys that go after the changes.
    pub(in crate::broker) fn ended(&self) -> impl Iterator<Item = &[u8]> {
        self.ended.iter().map(Vec::as_slice)
    }
}
