//! Where encoded bytes go.

use bytes::Bytes;

/// Takes the bytes of a packet as it writes itself; a counting sink gives its length.
pub trait Sink {
    /// Appends bytes.
    fn put(&mut self, bytes: &[u8]);
    /// Appends a payload that the sink may share instead of copying it.
    fn put_shared(&mut self, payload: &Bytes) {
        self.put(payload);
    }
}

/// Bytes waiting for a socket: one growing buffer, with large payloads shared, not copied.
#[derive(Debug, Default)]
pub struct Output {
    bytes: Vec<u8>,
    /// Large payloads, each standing before `bytes[position]`.
    shared: Vec<(usize, Bytes)>,
}
