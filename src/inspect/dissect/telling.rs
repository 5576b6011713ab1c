//! What is told of what was cut off a stream: packets, their beginnings, and what is none.

use super::Common;
use super::citation::cite;
use super::dialogue::{Dialogue, sender};
use super::reading::Reading;
use crate::codec::{Frame, Got, PacketType, Trace, Violation};
use crate::inspect::{Finding, Observed, Origin, Partial, Sink, Skipped};
use crate::session::rules;

/// Bytes that were cut off a stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'b> {
    /// Which of the conversation's flows they were cut off.
    pub flow: usize,
    pub origin: Origin,
    pub bytes: &'b [u8],
}

impl Dialogue {
    /// Tells of a packet.
    pub(super) fn tell_packet(
        &mut self,
        piece: Piece<'_>,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let (origin, bytes) = (piece.origin, piece.bytes);
        if self.is_rest(piece) {
            return self.tell_skipped(piece, common, sink);
        }
        let Some(flow) = self.flows.get_mut(piece.flow) else {
            return;
        };
        let (offset, index) = (flow.pass_over(bytes), flow.count());
        let Common {
            room,
            violations,
            findings,
            ..
        } = common;
        violations.clear();
        findings.clear();
        let reading = Reading::of(bytes, &mut self.inference, violations);
        flow.is_secret = reading.is_cut && may_hold_secrets(bytes);
        let seen = reading.seen(bytes, sender(origin.direction), origin.time);
        self.conversation.observe(&seen, violations, room);
        match reading.is_guess && !violations.is_empty() {
            true => cite(violations, bytes, reading.version, findings),
            false => findings.extend(violations.iter().copied().map(Finding::from)),
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

    /// Tells of bytes in no packet.
    pub(super) fn tell_skipped(
        &mut self,
        piece: Piece<'_>,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(piece.flow) else {
            return;
        };
        let (origin, bytes) = (piece.origin, piece.bytes);
        let (offset, is_secret) = (flow.pass_over(bytes), flow.is_secret);
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

    /// Tells of the beginning of a packet whose end will not come. `ends`: because nothing more
    /// came. In a dump that is a fault; a capture, or a connection, may stop anywhere.
    pub(super) fn tell_partial(
        &mut self,
        piece: Piece<'_>,
        ends: bool,
        common: &mut Common,
        sink: &mut impl Sink,
    ) {
        let Some(flow) = self.flows.get_mut(piece.flow) else {
            return;
        };
        let (origin, bytes) = (piece.origin, piece.bytes);
        let (offset, index) = (flow.pass_over(bytes), flow.count());
        self.conversation
            .lost(sender(origin.direction), &mut common.room);
        let trace = Trace::of(bytes, self.inference.version());
        let version = trace.version;
        if trace.has_connect_version() {
            self.inference.set(version);
        }
        let mut findings: Vec<Finding> = trace
            .violations
            .iter()
            .copied()
            .map(Finding::from)
            .collect();
        if ends && origin.src.is_none() {
            let missing = trace.size.map(|size| size.saturating_sub(bytes.len()));
            let got = missing.map(|missing| Got::Missing(missing as u32));
            let rule = &rules::UNFINISHED;
            findings.push(Violation::new(rule, version, bytes.len(), got).into());
        }
        sink.partial(&Partial {
            origin,
            index,
            offset,
            version,
            version_inferred: self.inference.is_guess(),
            bytes,
            size: trace.size.map(|size| size as u64),
            findings: &findings,
        });
    }

    /// Whether these bytes are the rest of a packet with secrets that could not be read, rather
    /// than a packet: as one they have faults.
    fn is_rest(&self, piece: Piece<'_>) -> bool {
        let is_good = || {
            let frame = Frame::parse(piece.bytes, usize::MAX).ok().flatten();
            frame.is_some_and(|frame| frame.decode(self.inference.version()).is_ok())
        };
        let flow = self.flows.get(piece.flow);
        flow.is_some_and(|flow| flow.is_secret) && !is_good()
    }
}

/// Whether it is a packet of a type that may hold a password or authentication data.
fn may_hold_secrets(bytes: &[u8]) -> bool {
    PacketType::of(bytes).is_some_and(PacketType::may_hold_secrets)
}
