//! Captures: from the bytes of a pcap or pcapng file to the [`Chunk`]s of the MQTT in it.
//!
//! ```text
//! pcap, pcapng ─ record ─▶ link ─▶ ip ─ fragments ─▶ connections ─▶ connection ─ early
//!                                                                      │ reassembly, each way
//!                                                                      ▼
//!                           Chunk ◀─ interpreter ─ undecided ─ recognise, websocket
//! ```
//!
//! A conversation is what travels over a TCP connection. Those with MQTT are found by their content,
//! on any port, from their beginning or from the middle. The table of connections is bounded, and so
//! is everything that is held for later, however long the capture is.

mod connection;
mod connections;
mod early;
mod fragments;
mod interpreter;
mod ip;
mod link;
mod pcap;
mod pcapng;
mod reassembly;
mod recognise;
mod record;
mod tunnel;
mod undecided;
mod websocket;

pub use record::CaptureError;

use super::Chunk;
use connections::Connections;
use fragments::Fragments;
use record::{Format, MAX_RECORD, Record, Step};

/// A buffer of this size holds any record; most are far smaller.
pub const MAX_BUFFER: usize = 2 * MAX_RECORD;

/// How to look at a capture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaptureOptions {
    /// TCP ports on which all that is said is MQTT, whatever it looks like.
    pub ports: Vec<u16>,
    /// The number of the first conversation. In one capture from 0 on, they are Wireshark's.
    pub first_stream: u32,
}

/// What was in a capture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Frames of the network.
    pub frames: u64,
    /// Frames of a kind of network that is not known, and its number.
    pub unknown_link: Option<(u64, u16)>,
    /// TCP segments.
    pub segments: u64,
    /// IP packets of which fragments were lost.
    pub lost_fragments: u64,
    /// TCP connections.
    pub conversations: u64,
    /// Those with MQTT.
    pub mqtt_conversations: u64,
    /// Compressed messages in WebSockets that could not be read: what they repeat was not seen.
    pub unreadable_messages: u64,
}

/// Reads a capture.
///
/// The bytes of the file come in pieces of any size, as they arrive.
///
/// ```
/// use mqtk::inspect::{Capture, CaptureError, CaptureOptions};
///
/// let mut capture = Capture::new(CaptureOptions::default());
/// let header = b"\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0";
/// assert_eq!(capture.read(&header[..20], &mut |_| {}), Ok(0));
/// assert_eq!(capture.read(header, &mut |_| {}), Ok(24));
/// // Half a record.
/// assert_eq!(capture.finish(&[7; 8], &mut |_| {}), Err(CaptureError::CutShort { offset: 24 }));
/// ```
#[derive(Debug)]
pub struct Capture {
    format: Option<Format>,
    /// How many bytes were read.
    offset: u64,
    /// How many more are to be passed over.
    skip: u64,
    fragments: Fragments,
    connections: Connections,
    counts: Counts,
}

impl Capture {
    /// A capture of which nothing was read.
    #[must_use]
    pub fn new(options: CaptureOptions) -> Capture {
        Capture {
            format: None,
            offset: 0,
            skip: 0,
            fragments: Fragments::default(),
            connections: Connections::new(options.ports, options.first_stream),
            counts: Counts::default(),
        }
    }

    /// Whether bytes begin like a capture, compressed or not.
    #[must_use]
    pub fn recognises(bytes: &[u8]) -> bool {
        !matches!(Format::of(bytes), Ok(None) | Err(CaptureError::NotACapture))
    }

    /// Reads what is whole in `bytes` and tells `out` what becomes readable by it. Returns how many
    /// bytes were read: the others must stand before those that come next. If none were,
    /// more must come; [`MAX_BUFFER`] is always enough.
    ///
    /// # Errors
    /// The bytes are no capture, or damaged: nothing can be read any more. [`finish`](Self::finish)
    /// all the same.
    pub fn read(
        &mut self,
        bytes: &[u8],
        out: &mut impl FnMut(Chunk<'_>),
    ) -> Result<usize, CaptureError> {
        let mut at = 0;
        loop {
            let rest = bytes.get(at..).unwrap_or_default();
            if self.skip > 0 {
                let skipped = usize::try_from(self.skip).map_or(rest.len(), |s| s.min(rest.len()));
                self.skip -= skipped as u64;
                at += skipped;
                if self.skip > 0 {
                    break;
                }
                continue;
            }
            let Some(format) = &mut self.format else {
                self.format = Format::of(rest)?;
                if self.format.is_none() {
                    break;
                }
                continue;
            };
            match format.step(rest) {
                Ok(Step::Record(record, used)) => {
                    self.record(&record, out);
                    at += used;
                }
                Ok(Step::Skip(length)) => self.skip = length,
                Ok(Step::More) => break,
                Err(what) => {
                    self.offset += at as u64;
                    let offset = self.offset;
                    return Err(CaptureError::Damaged { offset, what });
                }
            }
        }
        self.offset += at as u64;
        Ok(at)
    }

    #[inline]
    fn record(&mut self, record: &Record<'_>, out: &mut impl FnMut(Chunk<'_>)) {
        self.counts.frames += 1;
        let packet = match link::ip_packet(record.link, record.bytes) {
            Ok(Some(packet)) => packet,
            Ok(None) => return,
            Err(unknown) => {
                let before = self.counts.unknown_link.map_or(0, |(count, _)| count);
                self.counts.unknown_link = Some((before + 1, unknown));
                return;
            }
        };
        if let Some(segment) = ip::segment(packet, record.time, &mut self.fragments) {
            self.counts.segments += 1;
            self.connections.segment(&segment, record.time, out);
        }
    }

    /// Nothing more comes behind `rest`, which was not read: tells `out` what was held so far.
    ///
    /// # Errors
    /// The capture ends in the middle of something.
    pub fn finish(
        &mut self,
        rest: &[u8],
        out: &mut impl FnMut(Chunk<'_>),
    ) -> Result<(), CaptureError> {
        self.connections.finish(out);
        match (rest, self.skip) {
            ([], 0) => Ok(()),
            _ => Err(CaptureError::CutShort {
                offset: self.offset,
            }),
        }
    }

    /// What was in it so far.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let (conversations, mqtt_conversations) = self.connections.count();
        Counts {
            lost_fragments: self.fragments.given_up(),
            conversations,
            mqtt_conversations,
            unreadable_messages: self.connections.unreadable(),
            ..self.counts
        }
    }
}

#[cfg(test)]
mod tests;
