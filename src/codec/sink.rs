//! Where packets write themselves.

use bytes::Bytes;

/// Takes the bytes of a packet as it writes itself; a counting sink gives its length.
pub trait Sink {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);

    /// Appends a payload that the sink may share instead of copying it.
    fn put_shared(&mut self, payload: &Bytes) {
        self.put(payload);
    }

    /// Makes room for this many more bytes.
    fn reserve(&mut self, additional: usize) {
        let _ = additional;
    }
}

impl Sink for Vec<u8> {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    #[inline(always)]
    fn reserve(&mut self, additional: usize) {
        Vec::reserve(self, additional);
    }
}

/// Counts the bytes that a packet would write.
#[derive(Default)]
pub(super) struct Counter(pub usize);

impl Sink for Counter {
    #[inline(always)]
    fn put(&mut self, bytes: &[u8]) {
        self.0 += bytes.len();
    }
}
