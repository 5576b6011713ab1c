//! Where a packet ends, and where one begins after bytes that are none.

use crate::codec::{Frame, MAX_PACKET_SIZE, Trace, Version};

/// After a loss, no packet longer than this is waited for: what looks like one may be none. A longer
/// one is where it begins a piece of the stream, as most packets do.
const MAX_UNSURE: usize = 64 * 1024;
const MAX_UNSURE_FIRST: usize = 1 << 20;

/// The longest Remaining Length that is believed of a header that is wrong otherwise.
const MAX_MALFORMED: usize = 64 * 1024;

/// How much of a packet that is not whole is looked at to tell whether it is one.
const LOOK: usize = 256;

/// A packet shorter than this may be chance.
const SHORT: usize = 8;

/// What stands at the beginning of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A packet of this many bytes, good or bad.
    Packet(usize),
    /// A packet of this many bytes whose length is a fault: where the next one begins is unknown.
    Lost(usize),
    /// The beginning of a packet of this size, or of an unknown one.
    More(Option<usize>),
    /// This many bytes that are in no packet.
    Skip(usize),
}

/// What stands at the beginning of `bytes`, which are not empty and follow a packet, or begin a
/// stream. `ends`: nothing comes after them.
pub(super) fn in_sync(bytes: &[u8], ends: bool, versions: &[Version]) -> Next {
    if let Ok(frame) = Frame::parse(bytes, MAX_PACKET_SIZE) {
        return match frame {
            Some(frame) => Next::Packet(frame.bytes().len()),
            None => Next::More(size(bytes)),
        };
    }
    // The first byte or the length is wrong: the rest may tell whether it is a packet at all.
    match size(bytes) {
        None if bytes.len() >= 5 => Next::Lost(5),
        Some(size) if size <= bytes.len() && is_faulty_packet(bytes, size, versions) => {
            Next::Packet(size)
        }
        Some(size) if size > bytes.len() && size <= MAX_MALFORMED && !ends => {
            Next::More(Some(size))
        }
        None if !ends => Next::More(None),
        _ => Next::Skip(skip(bytes, ends, versions)),
    }
}

/// The same after bytes that were no packet, or were lost: only what is sure to be one counts.
pub(super) fn out_of_sync(bytes: &[u8], ends: bool, versions: &[Version]) -> Next {
    candidate(bytes, ends, MAX_UNSURE_FIRST, versions)
        .unwrap_or_else(|| Next::Skip(skip(bytes, ends, versions)))
}

/// Whether a packet can be believed to end where the first `size` bytes do: it is a good one, or
/// what follows can begin another.
pub(super) fn is_followed(bytes: &[u8], size: usize, versions: &[Version]) -> bool {
    let is_good = || {
        let frame = Frame::parse(bytes, MAX_PACKET_SIZE).ok().flatten();
        frame.is_some_and(|frame| decodes(&frame, versions))
    };
    continues(bytes, size) || is_good()
}

/// Whether it is a good packet in one of the versions that it may be in.
fn decodes(frame: &Frame<'_>, versions: &[Version]) -> bool {
    let mut versions = versions.iter();
    versions.any(|version| frame.decode(*version).is_ok())
}

/// Whether what follows the first `size` bytes can begin a packet; nothing can.
fn continues(bytes: &[u8], size: usize) -> bool {
    let rest = bytes.get(size..).unwrap_or_default();
    Frame::parse(rest, MAX_PACKET_SIZE).is_ok()
}

/// Whether the first `size` bytes, whose header is at fault, are one packet all the same: what
/// follows can begin another, or at least it has a Packet Type and nothing in it is one.
fn is_faulty_packet(bytes: &[u8], size: usize, versions: &[Version]) -> bool {
    let holds = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        candidate(rest, true, 0, versions).is_some()
    };
    let has_type = || bytes.first().is_some_and(|first| first >> 4 != 0);
    continues(bytes, size) || size <= LOOK && has_type() && !(1..size).any(holds)
}

/// How many bytes to skip up to the next candidate, at least one.
fn skip(bytes: &[u8], ends: bool, versions: &[Version]) -> usize {
    let found = |at: &usize| {
        let rest = bytes.get(*at..).unwrap_or_default();
        candidate(rest, ends, MAX_UNSURE, versions).is_some()
    };
    (1..bytes.len()).find(found).unwrap_or(bytes.len())
}

/// The packet that these bytes are for sure, or unless the stream ends here the beginning of one of at
/// most `longest` bytes.
fn candidate(bytes: &[u8], ends: bool, longest: usize, versions: &[Version]) -> Option<Next> {
    let Some(frame) = Frame::parse(bytes, MAX_PACKET_SIZE).ok()? else {
        return if ends {
            None
        } else {
            unfinished(bytes, longest, versions)
        };
    };
    let len = frame.bytes().len();
    if !decodes(&frame, versions) {
        return None;
    }
    let sure = match bytes.get(len..).unwrap_or_default() {
        [] => true,
        rest if len < SHORT => {
            let next = Frame::parse(rest, MAX_PACKET_SIZE).ok()?;
            next.is_none_or(|next| decodes(&next, versions))
        }
        _ => continues(bytes, len),
    };
    sure.then_some(Next::Packet(len))
}

fn unfinished(bytes: &[u8], longest: usize, versions: &[Version]) -> Option<Next> {
    let size = size(bytes);
    if size.is_some_and(|size| size > longest) {
        return None;
    }
    let seen = bytes.get(..LOOK).unwrap_or(bytes);
    let is_good = |version: &Version| Trace::of(seen, *version).violations.is_empty();
    let is_good = versions.iter().any(is_good);
    is_good.then_some(Next::More(size))
}

/// The size that a Fixed Header says, if it is there and can be.
fn size(bytes: &[u8]) -> Option<usize> {
    Trace::of(bytes.get(..5).unwrap_or(bytes), Version::V5).size
}
