//! The broker's protocol and state, without sockets and without a clock.
//!
//! A [`Router`] knows every client's Session, the subscriptions, the retained messages and the
//! Will Messages. Whoever owns the sockets calls it:
//!
//! * [`Router::open`] when a Network Connection is there, [`Router::receive`] with every Frame,
//!   [`Router::end_connection`] when the socket ends, [`Router::remove`] when it is gone;
//! * after each call, [`Router::take_dirty`] names the connections that want to be looked at:
//!   they have output to send ([`Router::take_output`], then [`Router::sent`]), may be read
//!   again ([`Router::wants_input`]) or are over ([`Router::is_closing`]);
//! * [`Router::handle_timeout`] when [`Router::poll_timeout`] has come.
//!
//! Where there is a store, what has to survive the process goes there in batches
//! ([`Router::take_batch`], then [`Router::committed`]), and the output that promises it waits.
//!
//! What a client makes the router keep is bounded by [`Limits`].

mod age;
mod announce;
mod authenticate;
mod authorize;
mod catch_up;
mod client;
mod congestion;
mod connect;
mod connection;
mod dropped;
mod exchange;
mod filters;
mod gauges;
mod groups;
mod held;
mod in_all;
mod leaving;
mod lifecycle;
mod load;
mod misconduct;
mod outgoing;
mod pace;
mod persist;
mod publish;
mod receive;
mod release;
mod request;
mod restore;
mod retained;
mod revoke;
mod shared;
mod subscribe;
mod subscription;
mod succession;
mod sys;
mod targets;
#[cfg(test)]
mod tests;
mod timers;
mod turn;
mod will;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use rapidhash::fast::RandomState;

pub(super) use self::authenticate::{Judgement, Question};

use self::age::Ages;
use self::authenticate::Waiting;
use self::authorize::Permitted;
use self::client::Client;
use self::connection::{Connection, State};
use self::groups::Groups;
use self::in_all::InAll;
use self::leaving::Leaving;
use self::persist::Persistence;
use self::retained::Retained;
use self::subscription::Subscriber;
pub(super) use self::subscription::Subscription;
pub(super) use self::succession::Successor;
use self::sys::Sys;
use self::targets::Targets;
use self::turn::Turn;
use super::abuse::Table;
use super::access::Entrance;
use super::counters::{Counters, Limit};
use super::deadlines::Deadlines;
use super::origin::Origin;
use super::slab::{Slab, key};
use super::{Authorizer, Capabilities, Cause, Event, Limits, Log, Watch};
use crate::codec::Output;
use crate::topic::SubscriptionTrie;

/// What one socket read may bring.
const READ_SIZE: usize = 128 * 1024;
/// The same where clients are to be stopped soon after they exceed their rate.
const PACED_READ_SIZE: usize = 1024;

key! {
    /// A client's number: it stands for its Session, connected or not.
    ClientKey
}
key! {
    /// A Network Connection's number.
    ConnectionKey
}

/// The broker's protocol and state; see the [module](self) for how it is used.
pub(super) struct Router {
    capabilities: Capabilities,
    limits: Limits,
    log: Option<Log>,
    /// The listeners, by their numbers.
    entrances: Vec<Rc<Entrance>>,
    authorizer: Option<Arc<dyn Authorizer>>,
    /// There may be clients that may not receive everything.
    withholds: bool,
    ages: Ages,
    abuse: Table,
    counters: Counters,
    /// The limit that the packet in hand has met.
    met: Option<Limit>,
    /// The `$SYS` topics, if there are any.
    sys: Option<Sys>,
    watch: Option<Watch>,
    connections: Slab<ConnectionKey, Connection>,
    /// What is kept for all of them together.
    in_all: InAll,
    clients: Slab<ClientKey, Client>,
    by_id: HashMap<Rc<str>, ClientKey, RandomState>,
    /// Sessions that have ended and are not quite forgotten.
    leaving: Leaving,
    /// Clients that are connected.
    connected: usize,
    /// Makes Client Identifiers for those who have none.
    next_assigned: u64,
    assigned_prefix: String,
    subscriptions: SubscriptionTrie<Subscriber, Subscription>,
    groups: Groups,
    retained: Retained,
    /// What the publisher of the retained message that was looked at last may do.
    last_publisher: RefCell<Option<Permitted>>,
    client_deadlines: Deadlines<ClientKey>,
    connection_deadlines: Deadlines<ConnectionKey>,
    /// Connections that want to be looked at.
    dirty: Vec<ConnectionKey>,
    targets: Targets,
    /// What this turn allows, and what is put off to others.
    turn: Turn,
    /// What has to survive the process, if there is a store.
    persistence: Option<Persistence>,
    /// CONNECTs that wait to be judged.
    waiting: Waiting,
    /// Where the Session of an absent client writes: it stays empty.
    nowhere: Output,
}

impl Router {
    /// A router without clients. `seed` makes the Client Identifiers that it assigns differ from
    /// those of other brokers.
    pub(super) fn new(
        capabilities: Capabilities,
        limits: Limits,
        log: Option<Log>,
        seed: u32,
    ) -> Self {
        Self {
            capabilities,
            abuse: Table::new(limits.abuse.clone()),
            in_all: InAll::new(&limits),
            limits,
            log,
            entrances: vec![Rc::default()],
            authorizer: None,
            withholds: false,
            ages: Ages::default(),
            counters: Counters::default(),
            met: None,
            sys: None,
            watch: None,
            connections: Slab::default(),
            clients: Slab::default(),
            by_id: HashMap::default(),
            leaving: Leaving::default(),
            connected: 0,
            next_assigned: 0,
            assigned_prefix: format!("mqtk-{seed:08x}"),
            subscriptions: SubscriptionTrie::new(),
            groups: Groups::default(),
            retained: Retained::default(),
            last_publisher: RefCell::default(),
            client_deadlines: Deadlines::default(),
            connection_deadlines: Deadlines::default(),
            dirty: Vec::new(),
            targets: Targets::default(),
            turn: Turn::default(),
            persistence: None,
            waiting: Waiting::default(),
            nowhere: Output::default(),
        }
    }

    /// Says who may connect where.
    pub(super) fn guard(&mut self, entrances: Vec<Entrance>) {
        self.entrances = entrances.into_iter().map(Rc::new).collect();
    }

    /// Has what clients publish shown to whoever watches.
    pub(super) fn watch(&mut self, watch: Option<Watch>) {
        self.watch = watch;
    }

    pub(super) fn log(&self, event: &Event<'_>) {
        if let Some(log) = &self.log {
            log(event);
        }
    }

    /// A Network Connection is there. If its CONNECT has to be awaited, so does its deadline:
    /// [`Router::arm_connection`].
    pub(super) fn open(&mut self, now: Instant, origin: Origin) -> ConnectionKey {
        self.counters.connections += 1;
        let peer = origin.peer;
        let key = self.connections.insert(Connection::new(now, origin));
        self.delay(now, key, peer);
        key
    }

    /// The connection's client, for as long as the protocol lasts.
    fn client_of(&mut self, key: ConnectionKey) -> Option<(&mut Client, &mut Connection)> {
        let connection = self.connections.get_mut(key)?;
        let client = self.clients.get_mut(connection.client()?)?;
        Some((client, connection))
    }

    /// The client, and where its Session writes.
    fn client_and_output(&mut self, key: ClientKey) -> Option<(&mut Client, &mut Output)> {
        let client = self.clients.get_mut(key)?;
        let connection = client
            .connection
            .and_then(|key| self.connections.get_mut(key));
        let output = connection.map_or(&mut self.nowhere, |connection| &mut connection.output);
        Some((client, output))
    }

    /// The connections that want to be looked at, each once.
    pub(super) fn take_dirty(&mut self, into: &mut Vec<ConnectionKey>) {
        self.hold_waiting();
        self.turn.begin();
        into.append(&mut self.dirty);
        for &key in into.iter() {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.dirty = false;
                self.in_all.count_output(connection);
            }
        }
    }

    fn mark(&mut self, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key)
            && !connection.dirty
        {
            connection.dirty = true;
            self.dirty.push(key);
        }
    }

    fn mark_if_output(&mut self, key: ConnectionKey) {
        let connection = self.connections.get(key);
        if connection.is_some_and(|connection| !connection.output.is_empty()) {
            self.mark(key);
        }
    }

    /// Hands the connection's output over, if there is any and `output` is empty.
    pub(super) fn take_output(&mut self, key: ConnectionKey, output: &mut Output) {
        if let Some(connection) = self.connections.get_mut(key)
            && output.is_empty()
        {
            connection.take_output(output);
            connection.hand_over(output.len());
            for (first_byte, length) in output.packets() {
                self.counters.sent.count(first_byte, length);
            }
        }
    }

    /// Whether the connection should be read.
    pub(super) fn wants_input(&self, key: ConnectionKey) -> bool {
        self.connections.get(key).is_some_and(|connection| {
            matches!(
                connection.state,
                State::Opening | State::Exchanging | State::Open(_)
            ) && connection.waits_for.is_empty()
                && connection.packets_put_off.is_none()
                && connection.pace.resumes().is_none()
                && connection.pending() <= self.limits.output_limit
                && !self.is_disk_behind()
        })
    }

    /// Whether the protocol is over: send what there is, then close.
    pub(super) fn is_closing(&self, key: ConnectionKey) -> bool {
        let connection = self.connections.get(key);
        connection.is_none_or(|c| {
            !matches!(
                c.state,
                State::Opening | State::Authenticating | State::Exchanging | State::Open(_)
            )
        })
    }

    /// Whether the peer has nothing more to say.
    pub(super) fn has_peer_left(&self, key: ConnectionKey) -> bool {
        let connection = self.connections.get(key);
        connection.is_none_or(|connection| connection.peer_left)
    }

    /// Whether closing has taken too long.
    pub(super) fn is_aborted(&self, key: ConnectionKey) -> bool {
        let connection = self.connections.get(key);
        connection.is_none_or(|connection| connection.state == State::Aborted)
    }

    /// How much should be read at once: little, if messages are counted as they come.
    pub(super) fn read_size(&self) -> usize {
        match self.limits.message_rate {
            0 => READ_SIZE,
            _ => PACED_READ_SIZE,
        }
    }

    /// Every connection there is.
    pub(super) fn connection_count(&self) -> usize {
        self.connections.len()
    }
}
