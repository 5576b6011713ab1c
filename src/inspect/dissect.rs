//! From the bytes of conversations to the packets in them.

use std::collections::HashMap;

use super::{Chunk, Data, Direction, Finding, Observed, Origin, Partial, Sink, Skipped};
use crate::codec::{Frame, MAX_PACKET_SIZE, Packet, Trace, Version};

/// How to look at the bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DissectorOptions {
    /// The version, where no CONNECT says it; else it is inferred.
    pub version: Option<Version>,
}

/// Finds Control Packets in the byte streams of many conversations.
///
/// ```
/// use mqtk::inspect::{Chunk, Data, Dissector, Observed, Origin, Partial, Sink, Skipped};
///
/// struct Types(Vec<String>);
/// impl Sink for Types {
///     fn packet(&mut self, packet: &Observed<'_>) {
///         self.0.push(packet.packet.map_or("?".into(), |p| p.packet_type().to_string()));
///     }
///     fn skipped(&mut self, _: &Skipped<'_>) {}
///     fn partial(&mut self, _: &Partial<'_>) {}
/// }
///
/// let mut types = Types(Vec::new());
/// let mut dissector = Dissector::default();
/// for data in [Data::Bytes(&[0xc0, 0, 0xd0]), Data::Bytes(&[0]), Data::End] {
///     dissector.push(Chunk { origin: Origin::default(), data }, &mut types);
/// }
/// assert_eq!(types.0, ["PINGREQ", "PINGRESP"]);
/// ```
#[derive(Debug, Default)]
pub struct Dissector {
    options: DissectorOptions,
    flows: HashMap<(u32, Direction), Flow>,
}

/// One direction of a conversation.
#[derive(Debug, Default)]
struct Flow {
    version: Option<Version>,
    index: u64,
    /// How many bytes were taken off the stream.
    offset: u64,
    /// The beginning of a packet.
    kept: Vec<u8>,
}

impl Dissector {
    /// A dissector that has seen nothing yet.
    #[must_use]
    pub fn new(options: DissectorOptions) -> Self {
        Dissector {
            options,
            flows: HashMap::new(),
        }
    }

    /// Takes a chunk and tells `sink` of the packets that end in it.
    pub fn push(&mut self, chunk: Chunk<'_>, sink: &mut impl Sink) {
        let Origin {
            stream, direction, ..
        } = chunk.origin;
        let flow = self.flows.entry((stream, direction)).or_default();
        flow.version = flow.version.or(self.options.version);
        match chunk.data {
            Data::Bytes(bytes) if flow.kept.is_empty() => {
                let taken = flow.take(chunk.origin, bytes, sink);
                flow.kept.extend_from_slice(&bytes[taken..]);
            }
            Data::Bytes(bytes) => {
                let mut kept = std::mem::take(&mut flow.kept);
                kept.extend_from_slice(bytes);
                let taken = flow.take(chunk.origin, &kept, sink);
                kept.drain(..taken);
                flow.kept = kept;
            }
            Data::Gap(len) => {
                flow.end(chunk.origin, sink);
                sink.skipped(&Skipped {
                    origin: chunk.origin,
                    offset: flow.offset,
                    len,
                    bytes: &[],
                });
                flow.offset += len;
            }
            Data::End => flow.end(chunk.origin, sink),
        }
    }
}

impl Flow {
    /// Takes packets off the stream, and what is none; returns how many bytes that were.
    fn take(&mut self, origin: Origin, bytes: &[u8], sink: &mut impl Sink) -> usize {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let len = match Frame::parse(rest, MAX_PACKET_SIZE) {
                Ok(None) => break,
                Ok(Some(frame)) => {
                    self.packet(origin, frame.bytes(), sink);
                    frame.bytes().len()
                }
                Err(_) => {
                    let whole = |at: &usize| {
                        matches!(Frame::parse(&rest[*at..], MAX_PACKET_SIZE), Ok(Some(frame))
                            if frame.decode(self.version()).is_ok())
                    };
                    let len = (1..rest.len()).find(whole).unwrap_or(rest.len());
                    sink.skipped(&Skipped {
                        origin,
                        offset: self.offset,
                        len: len as u64,
                        bytes: &rest[..len],
                    });
                    len
                }
            };
            self.offset += len as u64;
            at += len;
        }
        at
    }

    fn version(&self) -> Version {
        self.version.unwrap_or(Version::V3_1_1)
    }

    fn packet(&mut self, origin: Origin, bytes: &[u8], sink: &mut impl Sink) {
        let trace = Trace::of(bytes, self.version());
        let packet = match (trace.packet, trace.violations.first()) {
            (Some(packet), None) => Ok(packet),
            (None, None) => return,
            (_, Some(violation)) => Err(*violation),
        };
        if let Ok(Packet::Connect(connect)) = packet {
            self.version = Some(connect.version);
        }
        let findings: Vec<Finding> = trace.violations.iter().copied().map(Into::into).collect();
        sink.packet(&Observed {
            origin,
            index: self.index,
            offset: self.offset,
            version: trace.version,
            version_inferred: self.version.is_none(),
            bytes,
            packet,
            findings: &findings,
        });
        self.index += 1;
    }

    fn end(&mut self, origin: Origin, sink: &mut impl Sink) {
        let kept = std::mem::take(&mut self.kept);
        if !kept.is_empty() {
            sink.partial(&Partial {
                origin,
                index: self.index,
                offset: self.offset,
                version: self.version(),
                bytes: &kept,
                size: Trace::of(&kept, self.version())
                    .size
                    .map(|size| size as u64),
            });
            self.offset += kept.len() as u64;
        }
    }
}
