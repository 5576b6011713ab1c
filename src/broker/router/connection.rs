//! What the router knows of a Network Connection.

use std::time::{Duration, Instant};

use super::authenticate::Pending;
use super::exchange::Conversation;
use super::held::Held;
use super::pace::Pace;
use super::turn::PutOff;
use super::{ClientKey, ConnectionKey};
use crate::broker::Limits;
use crate::broker::deadlines::Deadlines;
use crate::broker::origin::Origin;
use crate::codec::Output;
use crate::transport::Peer;

/// How long the last bytes may take.
const CLOSING: Duration = Duration::from_secs(2);
/// How long the peer may take to close its side then. Closing at once, with bytes of the peer
/// still unread, would make its system throw away the last bytes it was sent.
const LINGERING: Duration = Duration::from_millis(250);

/// Where a Network Connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// No CONNECT yet.
    Opening,
    /// Its CONNECT waits to be judged.
    Authenticating,
    /// Enhanced authentication: an AUTH of the client is awaited.
    Exchanging,
    /// Its CONNECT was accepted.
    Open(ClientKey),
    /// The protocol is over; what is in the output still goes out.
    Closing,
    /// The last byte is sent; the peer may close its side.
    Lingering,
    /// It took too long to close.
    Aborted,
}

/// A Network Connection.
pub(super) struct Connection {
    pub(super) peer: Peer,
    pub(super) origin: Origin,
    pub(super) state: State,
    /// The peer has sent DISCONNECT or closed its side.
    pub(super) peer_left: bool,
    /// Bytes for the peer that the connection's task has not taken yet.
    pub(super) output: Output,
    /// What must not be sent before something is durable.
    pub(super) held: Option<Box<Held>>,
    /// Bytes that it has taken and the socket has not.
    unsent: usize,
    /// What of all this the router has counted.
    pub(super) counted: usize,
    /// The last change of `state`, or the last time the peer took bytes while somebody waited.
    pub(super) since: Instant,
    /// When it has lasted long enough.
    pub(super) ends: Option<Instant>,
    armed: Option<Instant>,
    /// It stands in the router's list of connections to wake.
    pub(super) dirty: bool,
    /// Its packets that are handled in a turn of their own; it is not read meanwhile.
    pub(super) packets_put_off: Option<Box<PutOff>>,
    /// It stands in the router's list of connections with something put off.
    pub(super) is_put_off: bool,
    /// Connections that are not read until this one has drained.
    pub(super) waiting: Vec<ConnectionKey>,
    /// Connections that this one waits for.
    pub(super) waits_for: Vec<ConnectionKey>,
    /// It made no progress for too long: nobody waits for it.
    pub(super) stalled: bool,
    /// The CONNECT, while it waits to be judged.
    pub(super) pending: Option<Box<Pending>>,
    /// A fault keeps it from being read.
    pub(super) neglected: bool,
    /// Enhanced authentication that is under way, before CONNACK or after.
    pub(super) conversation: Option<Box<Conversation>>,
    pub(super) pace: Pace,
    /// Limits it has met are reported once.
    pub(super) reported: Reported,
}

/// The limits that a connection has met.
#[derive(Default)]
pub(super) struct Reported {
    pub(super) publish_quota: bool,
    pub(super) subscribe_quota: bool,
    pub(super) message_rate: bool,
}

impl Connection {
    pub(super) fn new(now: Instant, origin: Origin) -> Self {
        Self {
            peer: origin.peer,
            origin,
            state: State::Opening,
            peer_left: false,
            output: Output::default(),
            held: None,
            unsent: 0,
            counted: 0,
            since: now,
            ends: None,
            armed: None,
            dirty: false,
            packets_put_off: None,
            is_put_off: false,
            waiting: Vec::new(),
            waits_for: Vec::new(),
            stalled: false,
            neglected: false,
            pending: None,
            conversation: None,
            pace: Pace::default(),
            reported: Reported::default(),
        }
    }

    pub(super) fn client(&self) -> Option<ClientKey> {
        match self.state {
            State::Open(client) => Some(client),
            _ => None,
        }
    }

    /// Bytes on their way to the peer.
    pub(super) fn pending(&self) -> usize {
        let held = self.held.as_ref().map_or(0, |held| held.len());
        self.output.len() + held + self.unsent
    }

    /// Records that the task has taken so many bytes.
    pub(super) fn hand_over(&mut self, count: usize) {
        self.unsent += count;
    }

    /// Records that the peer took bytes, and the task has `unsent` left.
    pub(super) fn sent(&mut self, now: Instant, unsent: usize) {
        self.unsent = unsent;
        if !self.waiting.is_empty() {
            self.since = now;
        }
    }

    /// When it has made no progress for too long, if somebody waits for it.
    fn stall_due(&self, limits: &Limits) -> Option<Instant> {
        (!self.waiting.is_empty())
            .then(|| self.since.checked_add(limits.stall_grace))
            .flatten()
    }

    pub(super) fn is_stall_due(&self, now: Instant, limits: &Limits) -> bool {
        self.stall_due(limits).is_some_and(|due| due <= now)
    }

    /// When the connection next needs the broker's attention.
    fn due(&self, limits: &Limits) -> Option<Instant> {
        let patience = match self.state {
            State::Opening => {
                let timeout = self.since.checked_add(limits.connect_timeout);
                return [timeout, self.pace.resumes()].into_iter().flatten().min();
            }
            State::Authenticating | State::Exchanging => limits.connect_timeout,
            State::Closing => CLOSING,
            State::Lingering => LINGERING,
            State::Open(_) => {
                let due = [self.stall_due(limits), self.pace.resumes(), self.ends];
                return due.into_iter().flatten().min();
            }
            State::Aborted => return None,
        };
        self.since.checked_add(patience)
    }

    pub(super) fn is_due(&self, now: Instant, limits: &Limits) -> bool {
        self.due(limits).is_some_and(|due| due <= now)
    }

    pub(super) fn arm(
        &mut self,
        deadlines: &mut Deadlines<ConnectionKey>,
        key: ConnectionKey,
        limits: &Limits,
    ) {
        let due = self.due(limits);
        deadlines.arm(&mut self.armed, key, due);
    }

    /// The armed deadline has fired.
    pub(super) fn fired(&mut self) {
        self.armed = None;
    }

    pub(super) fn disarm(&mut self, deadlines: &mut Deadlines<ConnectionKey>, key: ConnectionKey) {
        deadlines.disarm(&mut self.armed, key);
    }
}
