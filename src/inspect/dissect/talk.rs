//! One conversation: its directions, its version, and what was said so far.

use super::Common;
use super::citation::cite;
use super::flow::{Cut, Flow};
use super::inference::Inference;
use super::reading::Reading;
use crate::codec::{Frame, Got, PacketType, Trace, Version, Violation};
use crate::inspect::conversation::{Conversation, Unacknowledged};
use crate::inspect::{Chunk, Data, Direction, Finding, Observed, Origin, Partial, Sink, Skipped};
use crate::session::{Role, rules};

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

    /// The Client Identifier of a CONNECT in what was taken just now.
    pub fn opened(&mut self) -> Option<&str> {
        self.conversation.opened()
    }

    /// The Client Identifier, if there was a CONNECT with one.
    pub fn client_id(&self) -> Option<&str> {
        self.conversation.client_id()
    }

    /// What waits for acknowledgement.
    pub fn unacknowledged(&self) -> Unacknowledged {
        self.conversation.unacknowledged()
    }

    /// Takes over what waited for acknowledgement on another connection of the session.
    pub fn resume(&mut self, left: Unacknowledged, common: &mut Common) {
        self.conversation.resume(left, &mut common.room);
    }

    pub fn take(&mut self, chunk: Chunk<'_>, common: &mut Common, sink: &mut impl Sink) {
        let origin = chunk.origin;
        let at = self.flow(&origin);
        match chunk.data {
            Data::Bytes(bytes) => self.bytes(at, origin, bytes, common, sink),
            Data::Gap(len) => {
                self.flush(at, origin, false, common, sink);
                self.lost(at, origin, len, common, sink);
            }
            Data::Late => self
                .conversation
                .lost(sender(origin.direction), &mut common.room),
            Data::End => {
                self.flush(at, origin, true, common, sink);
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
            self.partial(at, origin, rest, false, common, sink);
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

    /// What is kept will not become a packet. `ends`: because nothing more was sent.
    fn flush(
        &mut self,
        at: usize,
        origin: Origin,
        ends: bool,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        let kept = std::mem::take(&mut flow.kept);
        common.room_for_bytes += kept.len();
        let mut rest = &kept[..];
        while let Some(flow) = self.flows.get_mut(at)
            && let Some(cut) = flow.cut_last(&mut rest, self.inference.version())
        {
            match cut {
                Cut::Partial(bytes) => self.partial(at, origin, bytes, ends, common, sink),
                cut => self.found(at, origin, cut, common, sink),
            }
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
                is_secret: false,
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
        match cut {
            Cut::Packet(bytes) if !self.is_rest(at, bytes) => {
                self.packet(at, origin, bytes, common, sink);
            }
            Cut::Packet(bytes) | Cut::Skipped(bytes) => {
                self.skipped(at, origin, bytes, common, sink);
            }
            Cut::Partial(bytes) => self.partial(at, origin, bytes, false, common, sink),
        }
    }

    fn skipped(
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
        let (offset, is_secret) = (flow.offset, flow.is_secret);
        flow.offset += bytes.len() as u64;
        self.conversation
            .lost(sender(origin.direction), &mut common.room);
        sink.skipped(&Skipped {
            origin,
            offset,
            len: bytes.len() as u64,
            bytes,
            is_secret,
        });
    }

    /// Whether these bytes are the rest of a packet with secrets that could not be read, rather
    /// than a packet: as one they have faults.
    fn is_rest(&self, at: usize, bytes: &[u8]) -> bool {
        let is_secret = self.flows.get(at).is_some_and(|flow| flow.is_secret);
        let version = self.inference.version();
        is_secret
            && !matches!(Frame::parse(bytes, usize::MAX), Ok(Some(frame)) if frame.decode(version).is_ok())
    }

    /// The beginning of a packet whose end will not come. `ends`: because nothing more was sent,
    /// which is a fault, and not because it was not seen.
    fn partial(
        &mut self,
        at: usize,
        origin: Origin,
        bytes: &[u8],
        ends: bool,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(at) else {
            return;
        };
        let (offset, index) = (flow.offset, flow.index);
        flow.offset += bytes.len() as u64;
        flow.index += 1;
        self.conversation
            .lost(sender(origin.direction), &mut common.room);
        let trace = Trace::of(bytes, self.inference.version());
        let version = trace.version;
        let size = trace.size.map(|size| size as u64);
        if trace.has_connect_version() {
            self.inference.set(version);
        }
        let mut violations = trace.violations;
        if ends {
            let missing = trace.size.map(|size| size.saturating_sub(bytes.len()));
            let got = missing.map(|missing| Got::Missing(missing as u32));
            let rule = &rules::UNFINISHED;
            violations.push(Violation::new(rule, version, bytes.len(), got));
        }
        let findings: Vec<Finding> = violations.into_iter().map(Finding::from).collect();
        sink.partial(&Partial {
            origin,
            index,
            offset,
            version,
            version_inferred: self.inference.is_guess(),
            bytes,
            size,
            findings: &findings,
        });
    }

    fn packet(
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
        let (offset, index) = (flow.offset, flow.index);
        flow.offset += bytes.len() as u64;
        flow.index += 1;
        let Common {
            room,
            violations,
            findings,
            ..
        } = common;
        violations.clear();
        findings.clear();
        let reading = Reading::of(bytes, &mut self.inference, violations);
        let seen = reading.seen(bytes, sender(origin.direction), origin.time);
        self.conversation.observe(&seen, violations, room);
        match reading.is_guess && !violations.is_empty() {
            true => cite(violations, bytes, reading.version, findings),
            false => findings.extend(violations.iter().copied().map(Finding::from)),
        }
        if let Some(flow) = self.flows.get_mut(at) {
            flow.is_secret = reading.is_cut && may_hold_secrets(bytes);
        }
        sink.packet(&Observed {
            origin,
            index,
            offset,
            version: reading.version,
            version_inferred: reading.is_guess,
            bytes,
            alias_topic: self.conversation.alias_topic(&seen),
            packet: reading.packet,
            findings,
        });
    }
}

/// Whether it is a packet of a type that may hold a password or authentication data.
fn may_hold_secrets(bytes: &[u8]) -> bool {
    let packet_type = bytes
        .first()
        .and_then(|first| PacketType::from_number(first >> 4));
    packet_type.is_some_and(PacketType::may_hold_secrets)
}

/// Who sends in this direction.
fn sender(direction: Direction) -> Option<Role> {
    match direction {
        Direction::ToServer => Some(Role::Client),
        Direction::ToClient => Some(Role::Server),
        Direction::Unknown => None,
    }
}
