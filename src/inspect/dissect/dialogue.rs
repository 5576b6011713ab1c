//! One conversation: its directions, its version, and what was said so far.

use super::Common;
use super::flow::{Cut, Flow};
use super::inference::Inference;
use super::telling::Piece;
use crate::codec::Version;
use crate::inspect::conversation::{Conversation, Digest, Unacknowledged};
use crate::inspect::{Chunk, Data, Direction, Origin, Sink, Skipped};
use crate::session::Role;

/// A conversation.
#[derive(Debug)]
pub(super) struct Dialogue {
    /// When it was heard last.
    pub last: u64,
    pub(super) flows: Vec<Flow>,
    ended: usize,
    pub(super) inference: Inference,
    pub(super) conversation: Conversation,
}

impl Dialogue {
    pub fn new(version: Option<Version>) -> Self {
        let mut inference = Inference::default();
        if let Some(version) = version {
            inference.set(version);
        }
        Dialogue {
            last: 0,
            flows: Vec::with_capacity(2),
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
    pub fn opened(&mut self) -> Option<Digest> {
        self.conversation.opened()
    }

    /// The Client Identifier, if there was a CONNECT with one.
    pub fn client_id(&self) -> Option<Digest> {
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
        // Where it is not known that a packet begins, only what is found to be one says anything.
        let is_synced = flow.is_synced();
        if is_synced && self.inference.is_guess() {
            self.inference.look(rest);
        }
        while let Some(cut) = self.cut(at, &mut rest) {
            if let Cut::Packet(packet) = cut
                && !is_synced
                && self.inference.is_guess()
            {
                self.inference.look(packet);
            }
            self.found(at, origin, cut, common, sink);
        }
        let left = rest.len();
        if left > common.room_for_bytes {
            let size = Flow::size(rest);
            self.found(at, origin, Cut::Partial(rest, false), common, sink);
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
        let versions = self.inference.versions();
        self.flows.get_mut(at)?.cut(rest, versions)
    }

    /// What is kept will not become a packet. `ends`: because nothing more came.
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
            && let Some(cut) = flow.cut_last(&mut rest, ends, self.inference.versions())
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
        let piece = |bytes| Piece {
            flow: at,
            origin,
            bytes,
        };
        match cut {
            Cut::Packet(bytes) => self.tell_packet(piece(bytes), common, sink),
            Cut::Skipped(bytes) => self.tell_skipped(piece(bytes), common, sink),
            Cut::Partial(bytes, ends) => self.tell_partial(piece(bytes), ends, common, sink),
        }
    }
}

/// Who sends in this direction.
pub(super) fn sender(direction: Direction) -> Option<Role> {
    match direction {
        Direction::ToServer => Some(Role::Client),
        Direction::ToClient => Some(Role::Server),
        Direction::Unknown => None,
    }
}
