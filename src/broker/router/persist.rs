//! What of the router's state is durable: what it records, and what waits for a commit.

use std::ops::Range;
use std::rc::Rc;

use super::client::Client;
use super::restore::Restoring;
use super::subscription::{Subscriber, Subscription};
use super::{ClientKey, ConnectionKey, Router};
use crate::broker::persist::{
    Absence, Batch, Clock, Journal, Key, SessionJournal, SessionRecord, Value,
};
use crate::codec::{Connect, Version};

/// Bytes of messages in a batch above which nobody is read until it is on its way to the disk.
const BATCH_LIMIT: usize = 16 << 20;

/// The router's side of a store.
#[derive(Default)]
pub(super) struct Persistence {
    pub(super) journal: Rc<Journal>,
    /// The number of the last Session.
    pub(super) last_number: u64,
    /// Connections with output that waits for the batch that gathers.
    holding: Vec<ConnectionKey>,
    /// The same for the batch that is being committed, if one is.
    committing: Option<Vec<ConnectionKey>>,
    /// While what an earlier broker has recorded is read.
    pub(super) restoring: Restoring,
}

impl Persistence {
    fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }
}

impl Router {
    /// Records from now on what has to survive the process.
    pub(in crate::broker) fn persist(&mut self) {
        let persistence = Persistence::default();
        self.retained.record(Rc::clone(&persistence.journal));
        self.persistence = Some(persistence);
    }

    /// How much has been recorded, for [`Router::hold_if_recorded`].
    pub(super) fn recorded(&self) -> u64 {
        let persistence = self.persistence.as_ref();
        persistence.map_or(0, |persistence| persistence.journal.changes())
    }

    /// Holds the connection's output back if something has been recorded `since`.
    pub(super) fn hold_if_recorded(&mut self, key: ConnectionKey, since: u64) {
        if self.recorded() != since {
            self.hold(key);
        }
    }

    fn hold(&mut self, key: ConnectionKey) {
        if let (Some(persistence), Some(connection)) =
            (&mut self.persistence, self.connections.get_mut(key))
            && connection.hold()
        {
            persistence.holding.push(key);
        }
    }

    /// Holds back what receivers of QoS 2 messages were sent. To be called before output is handed
    /// over, and before a client loses its connection.
    pub(super) fn hold_waiting(&mut self) {
        while let Some(client) = self.journal().and_then(|journal| journal.pop_waiting()) {
            let connection = self
                .clients
                .get(client)
                .and_then(|client| client.connection);
            if let Some(connection) = connection {
                self.hold(connection);
            }
        }
    }

    pub(super) fn journal(&self) -> Option<&Rc<Journal>> {
        let persistence = self.persistence.as_ref();
        persistence.map(|persistence| &persistence.journal)
    }

    /// Whether [`Router::take_batch`] is to be called.
    pub(in crate::broker) fn has_batch(&self) -> bool {
        self.persistence.as_ref().is_some_and(|persistence| {
            persistence.committing.is_none()
                && !(persistence.holding.is_empty() && persistence.journal.is_empty())
        })
    }

    /// What is to be committed now, unless a batch is on its way already. Then comes
    /// [`Router::committed`].
    pub(in crate::broker) fn take_batch(&mut self, clock: Clock) -> Option<Batch> {
        if !self.has_batch() {
            return None;
        }
        let was_behind = self.is_disk_behind();
        let persistence = self.persistence.as_mut()?;
        let batch = persistence.journal.take_batch(clock);
        let holding = std::mem::take(&mut persistence.holding);
        for &key in &holding {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.set_apart();
            }
        }
        persistence.committing = Some(holding);
        if was_behind {
            let connections: Vec<_> = self.connections.keys().collect();
            connections.into_iter().for_each(|key| self.mark(key));
        }
        if batch.is_empty() {
            // All that was recorded has become void.
            self.committed();
            return None;
        }
        Some(batch)
    }

    /// The batch is durable: what was promised in its name may be sent.
    pub(in crate::broker) fn committed(&mut self) {
        let Some(persistence) = &mut self.persistence else {
            return;
        };
        let held = persistence.committing.take().unwrap_or_default();
        for key in held {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.release_held();
                self.mark(key);
            }
        }
    }

    /// Whether everything that was recorded is durable.
    pub(in crate::broker) fn is_durable(&self) -> bool {
        let persistence = self.persistence.as_ref();
        persistence.is_none_or(|persistence| {
            persistence.committing.is_none() && persistence.journal.is_empty()
        })
    }

    /// Nothing can be made durable any more: what waits for it is never sent.
    pub(in crate::broker) fn store_failed(&mut self) {
        self.hold_waiting();
        self.persistence = None;
        let connections: Vec<_> = self.connections.keys().collect();
        for key in connections {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.discard_held();
            }
        }
    }

    /// Whether more is recorded than the disk can take, so that nobody is read.
    pub(super) fn is_disk_behind(&self) -> bool {
        let journal = self.journal();
        journal.is_some_and(|journal| journal.bytes() > BATCH_LIMIT)
    }

    /// The Session is new: it gets a number if something of it is to survive, which its messages
    /// do if it outlives its connection.
    pub(super) fn record_session(&mut self, key: ClientKey, connect: &Connect<'_>) {
        let expiry = match connect.version {
            Version::V5 => connect.properties.session_expiry_interval().unwrap_or(0),
            _ => u32::from(!connect.clean_start),
        };
        let outlives = expiry.min(self.limits.max_session_expiry) > 0;
        let (Some(persistence), Some(client)) = (&mut self.persistence, self.clients.get_mut(key))
        else {
            return;
        };
        if !outlives && connect.will.is_none() {
            return;
        }
        let number = persistence.next_number();
        client.number = Some(number);
        if outlives {
            client.session.record(Rc::new(SessionJournal {
                journal: Rc::clone(&persistence.journal),
                number,
                client: key,
            }));
        }
    }

    /// Records what a client is, but for its messages and subscriptions.
    pub(super) fn record_client(&self, key: ClientKey) {
        let Some((journal, number, client)) = self.recorded_client(key) else {
            return;
        };
        let absence = client.connection.is_none().then_some(Absence {
            expires: client.expires,
            will_due: client.will_due,
        });
        let session = SessionRecord {
            client_id: Rc::clone(&client.id),
            username: client.username.clone(),
            peer: client.peer,
            version: client.session.version(),
            expiry: client.session.session_expiry(),
            absence,
        };
        journal.put(Key::Session(number), Value::Session(session), false);
    }

    /// Whether the client has a Will Message that waits for its delay although the broker ends.
    pub(super) fn has_lasting_will(&self, key: ClientKey) -> bool {
        let Some((_, _, client)) = self.recorded_client(key) else {
            return false;
        };
        let has_delay = client.will.as_ref().is_some_and(|will| will.delay > 0);
        let max_expiry = self.limits.max_session_expiry;
        has_delay && client.session.session_expiry().min(max_expiry) > 0
    }

    /// Records a Will Message, or that there is none any more.
    pub(super) fn record_will(&self, key: ClientKey) {
        let Some((journal, number, client)) = self.recorded_client(key) else {
            return;
        };
        match &client.will {
            Some(will) => journal.put(Key::Will(number), will.record(), false),
            None => journal.remove(Key::Will(number)),
        }
    }

    pub(super) fn record_subscription(
        &self,
        key: ClientKey,
        filter: &str,
        subscriber: Subscriber,
        subscription: Subscription,
    ) {
        if let Some((journal, number, _)) = self.recorded_client(key) {
            let value = Value::Subscription {
                subscription,
                is_shared: matches!(subscriber, Subscriber::Group(_)),
            };
            journal.put(Key::Subscription(number, filter.into()), value, false);
        }
    }

    pub(super) fn record_unsubscription(&self, key: ClientKey, filter: &str) {
        if let Some((journal, number, _)) = self.recorded_client(key) {
            journal.remove(Key::Subscription(number, filter.into()));
        }
    }

    /// Records which retained messages the Session is still to be sent for a subscription; `None`:
    /// no more. `is_new`: there is no such record.
    pub(super) fn record_catch_up(
        &self,
        key: ClientKey,
        filter: &str,
        left: Option<Range<u64>>,
        is_new: bool,
    ) {
        if let Some((journal, number, _)) = self.recorded_client(key) {
            let key = Key::CatchUp(number, filter.into());
            match left {
                Some(range) => journal.put(key, Value::CatchUp(range), is_new),
                None => journal.remove(key),
            }
        }
    }

    /// Records that a Session has ended.
    pub(super) fn record_end(&self, client: &Client) {
        if let (Some(journal), Some(number)) = (self.journal(), client.number) {
            journal.end_session(number);
        }
    }

    fn recorded_client(&self, key: ClientKey) -> Option<(&Journal, u64, &Client)> {
        let client = self.clients.get(key)?;
        Some((self.journal()?, client.number?, client))
    }
}
