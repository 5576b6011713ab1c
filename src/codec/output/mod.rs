//! Bytes on their way to a socket.

mod mark;

pub use mark::Mark;

use super::Sink;
use super::frame::peek_header;
use bytes::{Buf, Bytes};
use std::collections::VecDeque;
use std::io::IoSlice;

/// Payloads up to this size are copied, which is cheaper than sharing them.
const COPY_UP_TO: usize = 4 * 1024;
/// The capacity that a drained buffer keeps; what a burst needed beyond it is freed.
const KEEP: usize = 256 * 1024;

/// Bytes waiting for a socket: one growing buffer, and large payloads that are shared, not copied.
///
/// Packets go in through [`Sink`], slices for a vectored write come out of
/// [`fill_slices`](Self::fill_slices), and [`advance`](Self::advance) takes away what was written.
///
/// ```
/// use mqtk::codec::{Output, Packet, Version};
/// use std::io::{IoSlice, Write};
///
/// let mut output = Output::default();
/// Packet::Pingreq.encode(Version::V5, &mut output);
/// let mut slices = [IoSlice::new(&[]); 16];
/// let count = output.fill_slices(&mut slices);
/// let mut socket = Vec::new();
/// let written = socket.write_vectored(&slices[..count])?;
/// output.advance(written);
/// assert!(output.is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Default)]
pub struct Output {
    bytes: Vec<u8>,
    /// How many of `bytes` have been written already.
    head: usize,
    /// Large payloads, in order.
    shared: VecDeque<Shared>,
    /// Sum of the shared payloads' lengths.
    shared_len: usize,
    /// How many bytes have left since the beginning, written or moved elsewhere: the base of marks.
    written: u64,
}

/// A payload that goes out before `bytes[at]`.
#[derive(Debug)]
struct Shared {
    at: usize,
    payload: Bytes,
}

impl Output {
    /// How many bytes are waiting.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len() - self.head + self.shared_len
    }

    /// Whether nothing is waiting.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How much memory the buffer takes, without the shared payloads.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.bytes.capacity()
    }

    /// Fills slices for a vectored write, in order, and returns how many were needed. What does not
    /// fit into them is left for the next write.
    pub fn fill_slices<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        self.fill_slices_up_to(usize::MAX, slices)
    }

    /// Like [`fill_slices`](Self::fill_slices), but with no more than `limit` bytes in all, such as
    /// [`len_until`](Self::len_until) a mark.
    pub fn fill_slices_up_to<'a>(&'a self, limit: usize, slices: &mut [IoSlice<'a>]) -> usize {
        let (mut count, mut from, mut left) = (0, self.head, limit);
        let mut fill = |slice: &'a [u8]| {
            let slice = slice.get(..left).unwrap_or(slice);
            if !slice.is_empty()
                && let Some(next) = slices.get_mut(count)
            {
                *next = IoSlice::new(slice);
                count += 1;
                left -= slice.len();
            }
        };
        for shared in &self.shared {
            fill(self.bytes.get(from..shared.at).unwrap_or_default());
            fill(&shared.payload);
            from = shared.at;
        }
        fill(self.bytes.get(from..).unwrap_or_default());
        count
    }

    /// The first of the waiting bytes, as one slice; empty only if nothing is waiting.
    #[must_use]
    pub fn chunk(&self) -> &[u8] {
        match self.shared.front() {
            Some(shared) if shared.at == self.head => &shared.payload,
            Some(shared) => self.bytes.get(self.head..shared.at).unwrap_or_default(),
            None => self.bytes.get(self.head..).unwrap_or_default(),
        }
    }

    /// The first byte and the length of each waiting packet, for counting them. The output must
    /// begin at a packet: no packet may have been written in part.
    pub fn packets(&self) -> impl Iterator<Item = (u8, usize)> {
        let (mut at, mut shared) = (self.head, self.shared.iter().peekable());
        std::iter::from_fn(move || {
            let bytes = self.bytes.get(at..)?;
            let (header_len, remaining) = peek_header(bytes)?;
            let length = header_len + remaining;
            let mut end = at + length;
            while let Some(next) = shared.next_if(|next| next.at < end) {
                end = end.saturating_sub(next.payload.len()).max(next.at);
            }
            at = end;
            Some((*bytes.first()?, length))
        })
    }

    /// Takes away the first `count` bytes, which have been written; all of them if there are fewer.
    pub fn advance(&mut self, count: usize) {
        let mut left = count.min(self.len());
        self.written += left as u64;
        while let Some(shared) = self.shared.front_mut() {
            let copied = left.min(shared.at - self.head);
            self.head += copied;
            left -= copied;
            if self.head < shared.at {
                return;
            }
            let of_payload = left.min(shared.payload.len());
            shared.payload.advance(of_payload);
            self.shared_len -= of_payload;
            left -= of_payload;
            if !shared.payload.is_empty() {
                return;
            }
            self.shared.pop_front();
        }
        self.head += left;
        if self.head == self.bytes.len() {
            self.rewind();
        }
    }

    /// Moves everything waiting in `other` to the end of this output. Marks of `other` stay behind:
    /// to it, those bytes have been written.
    pub fn append(&mut self, other: &mut Output) {
        if self.is_empty() {
            other.written += other.len() as u64;
            std::mem::swap(self, other);
            std::mem::swap(&mut self.written, &mut other.written);
            return;
        }
        let mut from = other.head;
        for shared in &mut other.shared {
            self.bytes.extend_from_slice(&other.bytes[from..shared.at]);
            from = shared.at;
            let payload = std::mem::take(&mut shared.payload);
            self.shared_len += payload.len();
            let at = self.bytes.len();
            self.shared.push_back(Shared { at, payload });
        }
        self.bytes.extend_from_slice(&other.bytes[from..]);
        *other = Output {
            written: other.written + other.len() as u64,
            ..Output::default()
        };
    }

    /// Throws away everything that is waiting.
    pub fn clear(&mut self) {
        self.written += self.len() as u64;
        self.shared.clear();
        self.shared_len = 0;
        self.rewind();
    }

    /// Frees the memory if nothing is waiting, as an idle connection should.
    pub fn release(&mut self) {
        if self.is_empty() {
            self.bytes = Vec::new();
            self.shared = VecDeque::new();
            self.head = 0;
        }
    }

    /// Swaps its buffer for `spare`, so that one thread that writes to many connections in turn
    /// needs one buffer for all of them. Returns `false`, and does nothing, if something is waiting.
    #[must_use]
    pub fn lend(&mut self, spare: &mut Vec<u8>) -> bool {
        let is_lent = self.is_empty();
        if is_lent {
            self.rewind();
            spare.clear();
            std::mem::swap(&mut self.bytes, spare);
        }
        is_lent
    }

    /// Returns the buffer that was [lent](Self::lend). What is still waiting moves to its own.
    pub fn give_back(&mut self, spare: &mut Vec<u8>) {
        std::mem::swap(&mut self.bytes, spare);
        self.bytes
            .extend_from_slice(spare.get(self.head..).unwrap_or_default());
        for shared in &mut self.shared {
            shared.at -= self.head;
        }
        self.head = 0;
        spare.clear();
    }

    /// Starts again at the beginning of the buffer, and frees what a burst needed.
    fn rewind(&mut self) {
        self.head = 0;
        self.bytes.clear();
        if self.bytes.capacity() > KEEP {
            self.bytes.shrink_to(KEEP);
        }
    }

    /// Makes room without growing: moves what is waiting to the beginning of the buffer, if that
    /// frees at least as much as it moves.
    fn compact(&mut self) {
        let waiting = self.bytes.len() - self.head;
        if self.head < waiting {
            return;
        }
        self.bytes.drain(..self.head);
        for shared in &mut self.shared {
            shared.at -= self.head;
        }
        self.head = 0;
    }
}

impl Sink for Output {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    #[inline]
    fn put_shared(&mut self, payload: &Bytes) {
        if payload.len() <= COPY_UP_TO {
            return self.put(payload);
        }
        self.shared_len += payload.len();
        self.shared.push_back(Shared {
            at: self.bytes.len(),
            payload: payload.clone(),
        });
    }

    #[inline]
    fn reserve(&mut self, additional: usize) {
        if self.bytes.capacity() - self.bytes.len() < additional.min(COPY_UP_TO) && self.head > 0 {
            self.compact();
        }
        // A payload larger than this is shared, and takes no room here.
        self.bytes.reserve(additional.min(COPY_UP_TO));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    pub(super) fn big(byte: u8) -> Bytes {
        Bytes::from(vec![byte; COPY_UP_TO + 1])
    }

    #[test]
    fn a_lent_buffer_is_given_back_and_keeps_nothing() {
        let mut spare = Vec::with_capacity(1000);
        let mut output = Output::default();
        assert!(output.lend(&mut spare));
        assert_eq!((output.capacity(), spare.capacity()), (1000, 0));
        output.put(b"written");
        output.put(b"waits");
        output.put_shared(&big(7));
        output.put(b"too");
        output.advance(7);
        let (mark, waiting) = (output.mark(), contents(&output));
        output.give_back(&mut spare);
        assert_eq!((spare.len(), spare.capacity()), (0, 1000));
        assert!(output.capacity() < 100);
        assert_eq!(contents(&output), waiting);
        assert_eq!(output.len_until(mark), waiting.len());
        assert!(!output.lend(&mut spare), "something waits");
        output.advance(waiting.len());
        assert!(output.lend(&mut spare));
        output.put(b"again");
        output.advance(5);
        output.give_back(&mut spare);
        assert!(output.is_empty() && spare.capacity() == 1000);
    }

    /// Everything that is waiting, in order.
    pub(super) fn contents(output: &Output) -> Vec<u8> {
        let mut slices = [IoSlice::new(&[]); 64];
        let count = output.fill_slices(&mut slices);
        slices[..count]
            .iter()
            .flat_map(|slice| slice.to_vec())
            .collect()
    }

    #[test]
    fn what_is_appended_follows_and_leaves_the_marks_where_they_were() {
        for waiting in [&b""[..], b"first"] {
            let (mut output, mut other) = (Output::default(), Output::default());
            output.put(b"sent");
            output.advance(4);
            output.put(waiting);
            other.put(b"moved");
            other.put_shared(&big(7));
            let (mark, stale) = (output.mark(), other.mark());
            output.append(&mut other);
            assert_eq!(contents(&output), [waiting, b"moved", &big(7)[..]].concat());
            assert_eq!(output.len_until(mark), waiting.len());
            output.truncate(mark);
            assert_eq!(contents(&output), waiting);
            assert!(other.is_empty());
            other.put(b"next");
            assert_eq!(other.len_until(stale), 0);
        }
    }

    #[test]
    fn packets_are_counted_with_the_payloads_they_share() {
        let mut output = Output::default();
        let shared = Bytes::from(vec![0x30; COPY_UP_TO + 1]);
        let length = shared.len() as u16 + 3;
        let header = [0x32, (length & 0x7f) as u8 | 0x80, (length >> 7) as u8];
        for _ in 0..2 {
            output.put(&[0xd0, 0]);
            output.put(&header);
            output.put(b"\0\x01t");
            output.put_shared(&shared);
        }
        output.put(&[0x40, 2, 0, 1]);
        let large = (0x32, usize::from(length) + 3);
        let packets: Vec<_> = output.packets().collect();
        assert_eq!(packets, [(0xd0, 2), large, (0xd0, 2), large, (0x40, 4)]);
        assert_eq!(
            packets.iter().map(|(_, length)| length).sum::<usize>(),
            output.len()
        );
    }

    #[test]
    fn large_payloads_are_shared_and_small_ones_copied() {
        let mut output = Output::default();
        let (small, large) = (Bytes::from(vec![1; COPY_UP_TO]), big(2));
        output.put_shared(&small);
        output.put_shared(&large);
        let mut slices = [IoSlice::new(&[]); 4];
        assert_eq!(output.fill_slices(&mut slices), 2);
        assert_ne!(slices[0].as_ptr(), small.as_ptr());
        assert_eq!(slices[1].as_ptr(), large.as_ptr());
        assert_eq!(output.len(), small.len() + large.len());
    }

    #[test]
    fn fewer_slices_than_segments_are_a_beginning() {
        let mut output = Output::default();
        for byte in 0..5 {
            output.put(&[byte]);
            output.put_shared(&big(byte));
        }
        let mut slices = [IoSlice::new(&[]); 3];
        assert_eq!(output.fill_slices(&mut slices), 3);
        let len: usize = slices.iter().map(|slice| slice.len()).sum();
        assert_eq!(len, 1 + big(0).len() + 1);
    }

    #[test]
    fn a_drained_buffer_starts_again_and_gives_back_a_burst() {
        let mut output = Output::default();
        output.put(&vec![0; 4 * KEEP]);
        output.advance(4 * KEEP - 1);
        assert!(output.capacity() >= 4 * KEEP);
        output.advance(1);
        assert!(output.is_empty() && output.capacity() <= 2 * KEEP);
        assert!(output.capacity() > 0, "kept for the next batch");
        output.release();
        assert_eq!(output.capacity(), 0);
    }

    #[test]
    fn a_slow_reader_does_not_make_the_buffer_grow_for_ever() {
        let mut output = Output::default();
        for round in 0..10_000u32 {
            output.reserve(100);
            output.put(&[round as u8; 100]);
            // One round behind, never empty.
            if round > 0 {
                assert_eq!(output.chunk().first(), Some(&((round - 1) as u8)));
                output.advance(100);
            }
        }
        assert!(output.capacity() < 4096, "{}", output.capacity());
    }

    #[derive(Clone, Debug)]
    enum Step {
        Put(Vec<u8>),
        Share(u8, usize),
        Advance(usize),
        Mark,
        Truncate,
        Insert(Vec<u8>),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => vec(any::<u8>(), 0..50).prop_map(Step::Put),
            2 => (any::<u8>(), 0..2 * COPY_UP_TO).prop_map(|(byte, len)| Step::Share(byte, len)),
            4 => (0..3 * COPY_UP_TO).prop_map(Step::Advance),
            1 => Just(Step::Mark),
            1 => Just(Step::Truncate),
            1 => vec(any::<u8>(), 0..5).prop_map(Step::Insert),
        ]
    }

    proptest! {
        /// The same as one flat vector of bytes, from which the front is taken.
        #[test]
        fn behaves_like_one_flat_buffer(steps in vec(step(), 0..60)) {
            let (mut output, mut flat) = (Output::default(), Vec::new());
            // The mark, and the index in `flat` that it stands for.
            let mut marked: Option<(Mark, usize)> = None;
            for step in steps {
                match step {
                    Step::Put(bytes) => {
                        output.put(&bytes);
                        flat.extend(bytes);
                    }
                    Step::Share(byte, len) => {
                        let payload = Bytes::from(vec![byte; len]);
                        output.reserve(len);
                        output.put_shared(&payload);
                        flat.extend(payload);
                    }
                    Step::Advance(count) => {
                        let count = count.min(flat.len());
                        output.advance(count);
                        flat.drain(..count);
                        marked = marked.and_then(|(mark, at)| Some((mark, at.checked_sub(count)?)));
                    }
                    Step::Mark => marked = Some((output.mark(), flat.len())),
                    Step::Truncate => {
                        if let Some((mark, at)) = marked {
                            output.truncate(mark);
                            flat.truncate(at);
                        }
                    }
                    Step::Insert(bytes) => {
                        if let Some((mark, at)) = marked {
                            prop_assert!(output.insert_at(mark, &bytes).is_some());
                            flat.splice(at..at, bytes);
                        }
                    }
                }
                prop_assert_eq!(output.len(), flat.len());
                prop_assert_eq!(output.chunk().is_empty(), flat.is_empty());
                prop_assert_eq!(contents(&output), flat.clone());
            }
        }
    }
}
