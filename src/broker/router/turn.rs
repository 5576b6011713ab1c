//! What would keep others waiting is done bit by bit.
//!
//! The router has one thread, and one read may ask for much: a SUBSCRIBE with 100,000 Topic
//! Filters, messages for 20,000 subscribers each. What is done is counted, in units of roughly a
//! quarter of a microsecond. When a turn has lasted long enough, the packets that are left of the
//! read are put off, and so is the rest of the packet in hand if it can be: the connection is not
//! read, everybody else is served, and the router goes on with it in its next turn.

use std::collections::VecDeque;
use std::time::Instant;

use super::connection::State;
use super::request::Request;
use super::{Cause, ConnectionKey, Router};
use crate::codec::{Frame, Violation};

/// How long a turn may last that a read has begun, in units.
const READ: usize = 64 << 10;
/// The same for one that goes on with what was put off: others are as important.
const BIT: usize = 8 << 10;

/// What things cost, in units.
pub(super) mod cost {
    /// A Topic Filter of a SUBSCRIBE or UNSUBSCRIBE.
    pub(in super::super) const FILTER: usize = 8;
    /// A message is retained, or the retained message of a topic removed.
    pub(in super::super) const RETAIN: usize = 8;
    /// A search for retained messages begins or goes on.
    pub(in super::super) const SEARCH: usize = 4;
    /// A search for a few retained messages found too many.
    pub(in super::super) const LONG_SEARCH: usize = 4 << 10;

    /// A message for one subscriber.
    pub(in super::super) fn delivery(payload_len: usize) -> usize {
        1 + payload_len.min(4096) / 256
    }
}

/// What the router does in this turn, and what it has put off.
pub(super) struct Turn {
    /// How long it may still last.
    left: usize,
    /// Connections with something put off, and since when.
    put_off: VecDeque<(Instant, ConnectionKey)>,
}

impl Default for Turn {
    fn default() -> Self {
        Self {
            left: READ,
            put_off: VecDeque::new(),
        }
    }
}

impl Turn {
    /// When there is something to go on with: at once.
    pub(super) fn due(&self) -> Option<Instant> {
        self.put_off.front().map(|(since, _)| *since)
    }

    /// Others have been served, or are going to be.
    pub(super) fn begin(&mut self) {
        self.left = READ;
    }
}

/// Packets of a connection that are put off.
#[derive(Default)]
pub(super) struct PutOff {
    /// One that is partly handled.
    request: Option<Request<'static>>,
    /// Those that came after it.
    packets: Vec<u8>,
    /// How many of their bytes are handled.
    handled: usize,
    /// What ends the connection when all of them are.
    end: Option<BadEnd>,
}

/// How a connection ends in spite of the packets before.
#[derive(Clone, Copy)]
pub(super) enum BadEnd {
    /// What came after them is no Control Packet.
    Unreadable(Violation),
    Cause(Cause<'static>),
}

impl Router {
    /// Something is done that takes so long, in units.
    pub(super) fn spend(&mut self, cost: usize) {
        self.turn.left = self.turn.left.saturating_sub(cost);
    }

    /// What is done from now on could as well be put off: it takes a bit of this turn.
    pub(super) fn shorten_turn(&mut self) {
        self.turn.left = self.turn.left.min(BIT);
    }

    /// Whether what can be put off is to be put off.
    pub(super) fn is_turn_over(&self) -> bool {
        self.turn.left == 0
    }

    /// The router is to go on with this connection in a turn of its own.
    pub(super) fn put_off(&mut self, now: Instant, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key)
            && !std::mem::replace(&mut connection.is_put_off, true)
        {
            self.turn.put_off.push_back((now, key));
        }
    }

    /// Puts a packet off that came after the turn was over.
    pub(super) fn put_off_packet(&mut self, now: Instant, key: ConnectionKey, frame: Frame<'_>) {
        if let Some(connection) = self.connections.get_mut(key) {
            let put_off = connection.packets_put_off.get_or_insert_default();
            if put_off.end.is_none() {
                put_off.packets.extend_from_slice(frame.bytes());
                self.put_off(now, key);
            }
        }
    }

    /// Puts the end of the connection off if packets are put off that came before it; says whether.
    pub(super) fn put_off_end(&mut self, key: ConnectionKey, end: BadEnd) -> bool {
        let connection = self.connections.get_mut(key);
        let Some(put_off) = connection.and_then(|it| it.packets_put_off.as_mut()) else {
            return false;
        };
        put_off.end.get_or_insert(end);
        true
    }

    /// Puts the rest of a SUBSCRIBE or UNSUBSCRIBE off.
    pub(super) fn put_off_request(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        request: Request<'static>,
    ) {
        if let Some(connection) = self.connections.get_mut(key) {
            let put_off = connection.packets_put_off.get_or_insert_default();
            put_off.request = Some(request);
            self.put_off(now, key);
        }
    }

    /// Goes on with what was put off, one connection after the other.
    pub(super) fn go_on(&mut self, now: Instant) {
        self.shorten_turn();
        let mut count = self.turn.put_off.len();
        while count > 0
            && !self.is_turn_over()
            && let Some((_, key)) = self.turn.put_off.pop_front()
        {
            count -= 1;
            let Some(connection) = self.connections.get_mut(key) else {
                continue;
            };
            connection.is_put_off = false;
            self.go_on_with_packets(now, key);
            self.catch_up(now, key);
            self.mark_if_output(key);
        }
    }

    fn go_on_with_packets(&mut self, now: Instant, key: ConnectionKey) {
        let connection = self.connections.get_mut(key);
        let Some(mut put_off) = connection.and_then(|it| it.packets_put_off.take()) else {
            return;
        };
        if let Some(request) = put_off.request.take() {
            self.go_on_with_request(now, key, request);
        }
        // They were parsed when they came.
        while !self.is_putting_off(key)
            && !self.waits(key)
            && let rest = put_off.packets.get(put_off.handled..).unwrap_or_default()
            && let Ok(Some(frame)) = Frame::parse(rest, usize::MAX)
        {
            put_off.handled += frame.bytes().len();
            self.handle(now, key, frame);
        }
        let Some(connection) = self.connections.get_mut(key) else {
            return;
        };
        if !matches!(connection.state, State::Open(_)) {
            return;
        }
        if put_off.handled < put_off.packets.len() || connection.packets_put_off.is_some() {
            let rest = connection.packets_put_off.get_or_insert_default();
            rest.packets = put_off.packets;
            rest.handled = put_off.handled;
            rest.end = put_off.end;
            // Else those it waits for have it gone on with.
            if !self.waits(key) {
                self.put_off(now, key);
            }
            return;
        }
        match put_off.end {
            Some(BadEnd::Unreadable(violation)) => self.on_violation(now, key, &violation),
            Some(BadEnd::Cause(cause)) => self.end_connection(now, key, cause),
            None => {
                // It is read again.
                if let Some((client, _)) = self.client_of(key) {
                    client.excuse(now);
                }
                self.mark(key);
            }
        }
    }

    /// Whether the connection waits for a slow subscriber.
    fn waits(&self, key: ConnectionKey) -> bool {
        let connection = self.connections.get(key);
        connection.is_some_and(|connection| !connection.waits_for.is_empty())
    }

    /// Whether packets of this connection are to be put off.
    pub(super) fn is_putting_off(&self, key: ConnectionKey) -> bool {
        let connection = self.connections.get(key);
        self.is_turn_over() || connection.is_some_and(|it| it.packets_put_off.is_some())
    }
}
