//! One conversation: its directions, its version, and what was said so far.

use super::Common;
use super::flow::{Cut, Flow};
use super::inference::Inference;
use super::reading::Reading;
use crate::codec::{Trace, Version};
use crate::inspect::conversation::Conversation;
use crate::inspect::{Chunk, Data, Direction, Finding, Observed, Origin, Partial, Sink, Skipped};
use crate::session::Role;

/// A conversation.
#[derive(Debug)]
pub(super) struct Talk {
    /// When it was heard last.
    pub last: u64,
    flows: Vec<Flow>,
    ended: usize,
    inference: Inference,
    conversation: Conversation,
}

impl Talk {
    pub fn new(version: Option<Version>) -> Self {
        let mut inference = Inference::default();
        if let Some(version) = version {
            inference.set(version);
        }
        Talk {
            last: 0,
            flows: Vec::new(),
            ended: 0,
            inference,
            conversation: Conversation::default(),
        }
    }

    /// Whether every direction that was seen has come to its end.
    pub fn is_over(&self) -> bool {
        self.ended >= self.flows.len()
    }

    /// How many bytes it keeps of packets without end.
    pub fn kept(&self) -> usize {
        self.flows.iter().map(|flow| flow.kept.len()).sum()
    }

    /// Gives back what it holds of the room for all.
    pub fn give_back(mut self, common: &mut Common) {
        common.room_for_bytes += self.kept();
        self.conversation.forget(&mut common.room);
    }

    pub fn take(&mut self, chunk: Chunk<'_>, common: &mut Common, sink: &mut impl Sink) {
        let origin = chunk.origin;
        let at = self.flow(&origin);
        match chunk.data {
            Data::Bytes(bytes) => self.bytes(at, origin, bytes, common, sink),
            Data::Gap(len) => {
                self.flush(at, origin, common, sink);
                self.lost(at, origin, len, common, sink);
            }
            Data::Late => self
                .conversation
                .lost(sender(origin.direction), &mut common.room),
            Data::End => {
                self.flush(at, origin, common, sink);
                self.ended += 1;
            }
        }
    }

    /// The flow that the bytes belong to.
    fn flow(&mut self, origin: &Origin) -> usize {
        let src = match origin.direction {
            Direction::Unknown => origin.src,
            Direction::ToServer | Direction::ToClient => None,
        };
        let same = |flow: &Flow| flow.direction == origin.direction && flow.src == src;
        self.flows.iter().position(same).unwrap_or_else(|| {
            self.flows.push(Flow::new(origin.direction, src));
            self.flows.len() - 1
        })
    }

    fn bytes(
        &mut self,
        at: usize,
        origin: Origin,
        bytes: &[u8],
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        let mut buffer = std::mem::take(&mut flow.kept);
        common.room_for_bytes += buffer.len();
        let whole = match buffer.is_empty() {
            true => bytes,
            false => {
                buffer.extend_from_slice(bytes);
                &buffer
            }
        };
        let mut rest = whole;
        if self.inference.is_guess() {
            self.inference.look(rest);
        }
        while let Some(cut) = self.cut(at, &mut rest) {
            self.found(at, origin, cut, common, sink);
        }
        let left = rest.len();
        if left > common.room_for_bytes {
            let size = Flow::size(rest);
            self.found(at, origin, Cut::Partial(rest), common, sink);
            if let Some(flow) = self.flows.get_mut(at) {
                flow.give_up(size.unwrap_or(0), left as u64);
            }
            return;
        }
        common.room_for_bytes -= left;
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        if buffer.is_empty() {
            flow.kept.extend_from_slice(rest);
        } else {
            flow.keep(buffer, left);
        }
    }

    fn cut<'a>(&mut self, at: usize, rest: &mut &'a [u8]) -> Option<Cut<'a>> {
        let version = self.inference.version();
        self.flows.get_mut(at)?.cut(rest, version)
    }

    /// What is kept will not become a packet.
    fn flush(&mut self, at: usize, origin: Origin, common: &mut Common, sink: &mut impl Sink) {
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        let kept = std::mem::take(&mut flow.kept);
        common.room_for_bytes += kept.len();
        let mut rest = &kept[..];
        while let Some(flow) = self.flows.get_mut(at)
            && let Some(cut) = flow.cut_last(&mut rest, self.inference.version())
        {
            self.found(at, origin, cut, common, sink);
        }
    }

    fn lost(
        &mut self,
        at: usize,
        origin: Origin,
        len: u64,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        let offset = flow.offset;
        flow.lost(len);
        self.conversation
            .lost(sender(origin.direction), &mut common.room);
        if len > 0 {
            sink.skipped(&Skipped {
                origin,
                offset,
                len,
                bytes: &[],
            });
        }
    }

    fn found(
        &mut self,
        at: usize,
        origin: Origin,
        cut: Cut<'_>,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        let (offset, index) = (flow.offset, flow.index);
        match cut {
            Cut::Packet(bytes) => {
                flow.offset += bytes.len() as u64;
                flow.index += 1;
                self.packet(origin, offset, index, bytes, common, sink);
            }
            Cut::Skipped(bytes) => {
                flow.offset += bytes.len() as u64;
                self.conversation
                    .lost(sender(origin.direction), &mut common.room);
                sink.skipped(&Skipped {
                    origin,
                    offset,
                    len: bytes.len() as u64,
                    bytes,
                });
            }
            Cut::Partial(bytes) => {
                flow.offset += bytes.len() as u64;
                self.conversation
                    .lost(sender(origin.direction), &mut common.room);
                let trace = Trace::of(bytes, self.inference.version());
                let findings: Vec<Finding> =
                    trace.violations.iter().copied().map(Into::into).collect();
                sink.partial(&Partial {
                    origin,
                    index,
                    offset,
                    version: trace.version,
                    bytes,
                    size: trace.size.map(|size| size as u64),
                    findings: &findings,
                });
            }
        }
    }

    fn packet(
        &mut self,
        origin: Origin,
        offset: u64,
        index: u64,
        bytes: &[u8],
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Common {
            room,
            violations,
            findings,
            ..
        } = common;
        violations.clear();
        findings.clear();
        let reading = Reading::of(bytes, &mut self.inference, violations);
        self.conversation.observe(
            &reading.seen(bytes, sender(origin.direction), origin.time),
            violations,
            room,
        );
        findings.extend(violations.iter().copied().map(Finding::from));
        sink.packet(&Observed {
            origin,
            index,
            offset,
            version: reading.version,
            version_inferred: reading.is_guess,
            bytes,
            packet: reading.packet,
            findings,
        });
    }
}

/// Who sends in this direction.
fn sender(direction: Direction) -> Option<Role> {
    match direction {
        Direction::ToServer => Some(Role::Client),
        Direction::ToClient => Some(Role::Server),
        Direction::Unknown => None,
    }
}
