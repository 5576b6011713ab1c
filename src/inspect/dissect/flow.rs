//! One direction of a conversation: a stream of bytes, and the packets that are cut out of it.

use core::net::SocketAddr;

use super::framing::{self, Next};
use crate::codec::Version;
use crate::inspect::Direction;

/// All flows together keep no more bytes of packets that are not whole.
pub(super) const MAX_KEPT: usize = 16 << 20;

/// A buffer larger than this is not kept for much less than it can hold.
const MAX_IDLE: usize = 4096;

/// A direction of a conversation.
#[derive(Debug)]
pub(super) struct Flow {
    pub direction: Direction,
    /// Who sends it; tells flows apart where the direction does not.
    pub src: Option<SocketAddr>,
    /// How many packets were found.
    pub index: u64,
    /// How many bytes were taken off the stream.
    pub offset: u64,
    /// The beginning of a packet.
    pub kept: Vec<u8>,
    /// Whether what follows may be the rest of a packet with secrets.
    pub is_secret: bool,
    /// Bytes to come of a packet that was too large to keep.
    passing: u64,
    /// Whether the next byte begins a packet, as far as can be told.
    synced: bool,
}

/// What was cut off a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut<'a> {
    Packet(&'a [u8]),
    Skipped(&'a [u8]),
    /// The beginning of a packet whose end will not come: because nothing more came, or
    /// because it was lost or is too long to keep.
    Partial(&'a [u8], bool),
}

impl Flow {
    pub fn new(direction: Direction, src: Option<SocketAddr>) -> Self {
        Flow {
            direction,
            src,
            index: 0,
            offset: 0,
            kept: Vec::new(),
            is_secret: false,
            passing: 0,
            synced: true,
        }
    }

    /// Whether the next byte begins a packet, as far as can be told.
    pub fn is_synced(&self) -> bool {
        self.synced && self.passing == 0
    }

    /// Cuts the next thing off `bytes`. `None`: more bytes are needed, or there are none.
    pub fn cut<'a>(&mut self, bytes: &mut &'a [u8], versions: &[Version]) -> Option<Cut<'a>> {
        self.pass(bytes);
        if bytes.is_empty() {
            return None;
        }
        let next = match self.synced {
            true => framing::in_sync(bytes, false, versions),
            false => framing::out_of_sync(bytes, false, versions),
        };
        let cut: fn(&'a [u8]) -> Cut<'a> = match next {
            Next::More(_) => return None,
            Next::Packet(_) | Next::Lost(_) => Cut::Packet,
            Next::Skip(_) => Cut::Skipped,
        };
        Some(cut(self.take(bytes, next, versions)))
    }

    /// The same where the stream ends, or goes on after bytes that were lost.
    pub fn cut_last<'a>(
        &mut self,
        bytes: &mut &'a [u8],
        ends: bool,
        versions: &[Version],
    ) -> Option<Cut<'a>> {
        if bytes.is_empty() {
            return None;
        }
        let next = match self.synced {
            true => framing::in_sync(bytes, true, versions),
            false => framing::out_of_sync(bytes, true, versions),
        };
        match next {
            Next::More(_) => Some(Cut::Partial(std::mem::take(bytes), ends)),
            Next::Packet(_) | Next::Lost(_) => Some(Cut::Packet(self.take(bytes, next, versions))),
            Next::Skip(_) => Some(Cut::Skipped(self.take(bytes, next, versions))),
        }
    }

    /// Takes off what was found, and notes whether a packet begins behind it.
    fn take<'a>(&mut self, bytes: &mut &'a [u8], next: Next, versions: &[Version]) -> &'a [u8] {
        let (len, synced) = match next {
            Next::Packet(len) => (len, framing::is_followed(bytes, len, versions)),
            Next::Lost(len) | Next::Skip(len) => (len, false),
            Next::More(_) => (0, self.synced),
        };
        self.synced = synced;
        let (taken, rest) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
        *bytes = rest;
        taken
    }

    /// Goes on behind these bytes. Returns the offset of the first of them.
    pub fn pass_over(&mut self, bytes: &[u8]) -> u64 {
        let offset = self.offset;
        self.offset += bytes.len() as u64;
        offset
    }

    /// Counts a packet. Returns how many came before it.
    pub fn count(&mut self) -> u64 {
        let index = self.index;
        self.index += 1;
        index
    }

    /// Passes over what belongs to a packet that was too large.
    fn pass(&mut self, bytes: &mut &[u8]) {
        let len = usize::try_from(self.passing)
            .unwrap_or(usize::MAX)
            .min(bytes.len());
        *bytes = bytes.get(len..).unwrap_or_default();
        self.passing -= len as u64;
        self.offset += len as u64;
    }

    /// The size that the packet whose beginning these bytes are should have.
    pub fn size(bytes: &[u8]) -> Option<u64> {
        match framing::in_sync(bytes, false, &[Version::V5]) {
            Next::More(size) => size.map(|size| size as u64),
            _ => None,
        }
    }

    /// Gives up a packet that is too large to keep: the rest of it will be passed over.
    pub fn give_up(&mut self, size: u64, seen: u64) {
        self.passing = size.saturating_sub(seen);
    }

    /// This many bytes were lost; 0: an unknown number.
    pub fn lost(&mut self, len: u64) {
        self.offset += len;
        // Within a packet that is passed over, a loss does no harm.
        let inside = len > 0 && len <= self.passing;
        self.passing = match inside {
            true => self.passing - len,
            false => 0,
        };
        self.synced = inside;
    }

    /// Gives the buffer back for the next chunk, with what was not taken of it.
    pub fn keep(&mut self, mut buffer: Vec<u8>, left: usize) {
        let taken = buffer.len() - left.min(buffer.len());
        buffer.drain(..taken);
        if buffer.capacity() > MAX_IDLE.max(2 * left) {
            buffer.shrink_to(left);
        }
        self.kept = buffer;
    }
}
