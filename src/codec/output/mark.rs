//! Marks: positions in an [`Output`] to come back to.

use super::Output;

/// A position between two packets of an [`Output`]; good until bytes after it are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(u64);

impl Output {
    /// The end of what is waiting now, as a place to come back to.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark(self.written + self.len() as u64)
    }

    /// How many bytes are waiting before the mark.
    #[must_use]
    pub fn len_until(&self, mark: Mark) -> usize {
        let before = mark.0.saturating_sub(self.written);
        usize::try_from(before).map_or(self.len(), |before| before.min(self.len()))
    }

    /// A copy of what is waiting after the mark.
    #[must_use]
    pub fn copy_since(&self, mark: Mark) -> Vec<u8> {
        let mut copy = Vec::new();
        let mut from = self.head;
        for shared in &self.shared {
            copy.extend_from_slice(self.bytes.get(from..shared.at).unwrap_or_default());
            copy.extend_from_slice(&shared.payload);
            from = shared.at;
        }
        copy.extend_from_slice(self.bytes.get(from..).unwrap_or_default());
        copy.split_off(self.len_until(mark))
    }

    /// Throws away what was put after the mark. Does nothing if some of that has been written.
    pub fn truncate(&mut self, mark: Mark) {
        let Some((at, shared)) = self.locate(mark) else {
            return;
        };
        for dropped in self.shared.drain(shared..) {
            self.shared_len -= dropped.payload.len();
        }
        self.bytes.truncate(at);
        if self.is_empty() {
            self.rewind();
        }
    }

    /// Inserts bytes at the mark and returns the mark after them. Marks taken after this one do not
    /// move along with their bytes: take them again. Returns `None`, and inserts nothing, if some
    /// of what was put after the mark has been written.
    pub fn insert_at(&mut self, mark: Mark, bytes: &[u8]) -> Option<Mark> {
        let (at, first_behind) = self.locate(mark)?;
        self.bytes.splice(at..at, bytes.iter().copied());
        for shared in self.shared.range_mut(first_behind..) {
            shared.at += bytes.len();
        }
        Some(Mark(mark.0 + bytes.len() as u64))
    }

    /// The index in `bytes` that a mark stands for, and that of the first shared payload after it.
    fn locate(&self, mark: Mark) -> Option<(usize, usize)> {
        let mut left = usize::try_from(mark.0.checked_sub(self.written)?).ok()?;
        let mut from = self.head;
        for (index, shared) in self.shared.iter().enumerate() {
            let copied = shared.at - from;
            if left <= copied {
                return Some((from + left, index));
            }
            // A mark is never inside a payload, so this does not go below zero.
            left = (left - copied).checked_sub(shared.payload.len())?;
            from = shared.at;
        }
        (left <= self.bytes.len() - from).then_some((from + left, self.shared.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Sink;
    use crate::codec::output::tests::{big, contents};

    #[test]
    fn a_mark_takes_bytes_in_before_what_follows_it() {
        let mut output = Output::default();
        output.put(b"one");
        output.put_shared(&big(b'x'));
        let mark = output.mark();
        output.put(b"two");
        output.put_shared(&big(b'y'));
        output.put(b"three");
        output.advance(2);
        let behind = output.insert_at(mark, b"PING").expect("not written");
        let expected = [b"e", &big(b'x')[..], b"PINGtwo", &big(b'y'), b"three"].concat();
        assert_eq!(contents(&output), expected);
        assert_eq!(
            output.copy_since(behind),
            [b"two", &big(b'y')[..], b"three"].concat()
        );

        output.truncate(mark);
        assert_eq!(contents(&output), [b"e", &big(b'x')[..]].concat());
        output.put(b"!");
        output.advance(output.len());
        assert_eq!(
            output.insert_at(mark, b"late"),
            None,
            "the mark is written already"
        );
        assert!(output.is_empty());
    }

    #[test]
    fn a_mark_before_a_shared_payload() {
        let mut output = Output::default();
        let mark = output.mark();
        output.put_shared(&big(b'x'));
        assert!(output.insert_at(mark, b"a").is_some());
        assert_eq!(contents(&output), [b"a", &big(b'x')[..]].concat());
        output.truncate(mark);
        assert!(output.is_empty());
    }
}
