//! What has changed since the last commit.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, hash_map};
use std::rc::Rc;

use rapidhash::fast::RandomState;

use super::batch::Batch;
use super::clock::Clock;
use super::record::{Key, Value};
use super::shared::{Found, SharedMessages};
use crate::broker::router::ClientKey;
use crate::codec::QoS;
use crate::session::{self, Change, Kept, Message};

/// Capacity that the journal keeps between batches, in entries.
const KEEP: usize = 4096;

/// What has changed since the last commit, each entry once: what came and went leaves no trace.
#[derive(Debug, Default)]
pub(in crate::broker) struct Journal {
    open: RefCell<Open>,
    /// Counts the changes.
    changes: Cell<u64>,
    /// Bytes of the messages in it, and of those that came and went.
    bytes: Cell<usize>,
    shared: RefCell<SharedMessages>,
    /// Clients that were sent a QoS 2 message which must not go out before the commit.
    waiting: RefCell<Vec<ClientKey>>,
}

#[derive(Debug, Default)]
struct Open {
    entries: HashMap<Key, Entry, RandomState>,
    /// Sessions that have ended.
    ended: HashSet<u64, RandomState>,
}

#[derive(Debug)]
struct Entry {
    /// `None`: it is removed.
    value: Option<Value>,
    /// The store has nothing under this key.
    is_new: bool,
}

impl Journal {
    /// Sets an entry. `is_new`: the store cannot have anything under this key.
    pub(in crate::broker) fn put(&self, key: Key, value: Value, is_new: bool) {
        let message = match &value {
            Value::Kept {
                kept,
                elsewhere: None,
            } => kept.message.as_ref(),
            Value::Message(message)
            | Value::Retained { message, .. }
            | Value::Will { message, .. } => Some(message),
            Value::Received(message) => message.as_ref(),
            Value::Kept { .. }
            | Value::Session(_)
            | Value::Subscription { .. }
            | Value::CatchUp(_) => None,
        };
        let bytes = message.map_or(0, |message| message.weight());
        self.bytes.set(self.bytes.get() + bytes);
        self.changes.set(self.changes.get() + 1);
        match self.open.borrow_mut().entries.entry(key) {
            hash_map::Entry::Occupied(mut entry) => entry.get_mut().value = Some(value),
            hash_map::Entry::Vacant(entry) => {
                let value = Some(value);
                entry.insert(Entry { value, is_new });
            }
        }
    }

    /// Removes an entry.
    pub(in crate::broker) fn remove(&self, key: Key) {
        self.changes.set(self.changes.get() + 1);
        match self.open.borrow_mut().entries.entry(key) {
            hash_map::Entry::Occupied(entry) if entry.get().is_new => {
                entry.remove();
            }
            hash_map::Entry::Occupied(mut entry) => entry.get_mut().value = None,
            hash_map::Entry::Vacant(entry) => {
                let is_new = false;
                entry.insert(Entry {
                    value: None,
                    is_new,
                });
            }
        }
    }

    /// Sets what a Session keeps under a sequence number.
    fn keep(&self, session: u64, sequence: u64, kept: Kept, is_new: bool) {
        let place = (session, sequence);
        let found = match &kept.message {
            Some(message) => self.shared.borrow_mut().keep(place, message),
            None => {
                self.release(place);
                Found::InPlace
            }
        };
        let elsewhere = match found {
            Found::InPlace => None,
            Found::Known(number) => Some(number),
            Found::New(number) => {
                if let Some(message) = &kept.message {
                    let message = Value::Message(Rc::clone(message));
                    self.put(Key::Message(number), message, true);
                }
                Some(number)
            }
        };
        let value = Value::Kept { kept, elsewhere };
        self.put(Key::Kept(session, sequence), value, is_new);
    }

    /// A message is no longer kept there.
    fn release(&self, place: (u64, u64)) {
        let unused = self.shared.borrow_mut().release(place);
        unused
            .into_iter()
            .for_each(|number| self.remove(Key::Message(number)));
    }

    /// Forgets everything in a Session, whose number is never used again.
    pub(in crate::broker) fn end_session(&self, session: u64) {
        self.changes.set(self.changes.get() + 1);
        let unused = self.shared.borrow_mut().release_all(session);
        unused
            .into_iter()
            .for_each(|number| self.remove(Key::Message(number)));
        self.open.borrow_mut().ended.insert(session);
    }

    /// The store has this message, for those that refer to its number.
    pub(in crate::broker) fn restore_message(&self, number: u64, message: Rc<Message>) {
        self.shared.borrow_mut().restore(number, message);
    }

    /// The message of this number, which a Session keeps under a sequence number.
    pub(in crate::broker) fn restore_reference(
        &self,
        session: u64,
        sequence: u64,
        number: u64,
    ) -> Option<Rc<Message>> {
        let place = (session, sequence);
        self.shared.borrow_mut().restore_reference(place, number)
    }

    /// All references are restored: forgets the messages that have none.
    pub(in crate::broker) fn sweep(&self) {
        let unused = self.shared.borrow_mut().sweep();
        unused
            .into_iter()
            .for_each(|number| self.remove(Key::Message(number)));
    }

    /// How many changes there have been.
    pub(in crate::broker) fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// Bytes of the messages that have gone through it since the last batch was taken.
    pub(in crate::broker) fn bytes(&self) -> usize {
        self.bytes.get()
    }

    pub(in crate::broker) fn is_empty(&self) -> bool {
        let open = self.open.borrow();
        open.entries.is_empty() && open.ended.is_empty()
    }

    /// A client whose output must wait for the commit.
    pub(in crate::broker) fn pop_waiting(&self) -> Option<ClientKey> {
        self.waiting.borrow_mut().pop()
    }

    /// Begins the next batch, and gives what has changed until now.
    pub(in crate::broker) fn take_batch(&self, clock: Clock) -> Batch {
        self.bytes.set(0);
        let mut open = self.open.borrow_mut();
        let Open { entries, ended } = &mut *open;
        let mut batch = Batch::default();
        for (key, entry) in entries.drain() {
            if key
                .session()
                .is_none_or(|session| !ended.contains(&session))
            {
                let value = entry.value.as_ref();
                let value = value.map(|value| |into: &mut Vec<u8>| value.put(clock, into));
                batch.push(|into| key.put(into), value);
            }
        }
        for session in ended.drain() {
            batch.remove_all(Key::prefix(session).to_vec());
        }
        if entries.capacity() > KEEP {
            *open = Open::default();
        }
        batch
    }
}

/// The journal of one Session.
#[derive(Debug)]
pub(in crate::broker) struct SessionJournal {
    pub(in crate::broker) journal: Rc<Journal>,
    /// The number of the Session in the store.
    pub(in crate::broker) number: u64,
    pub(in crate::broker) client: ClientKey,
}

impl session::Journal for SessionJournal {
    fn record(&self, change: Change) {
        let (journal, number) = (&self.journal, self.number);
        match change {
            Change::Kept {
                sequence,
                is_new,
                kept,
            } => {
                if is_sent_exactly_once(&kept) {
                    let mut waiting = journal.waiting.borrow_mut();
                    if waiting.last() != Some(&self.client) {
                        waiting.push(self.client);
                    }
                }
                journal.keep(number, sequence, kept, is_new);
            }
            Change::Removed { sequence } => {
                journal.release((number, sequence));
                journal.remove(Key::Kept(number, sequence));
            }
            Change::Received {
                packet_id,
                is_new,
                message,
            } => {
                let key = Key::Received(number, packet_id);
                journal.put(key, Value::Received(message), is_new);
            }
            Change::Released { packet_id } => journal.remove(Key::Received(number, packet_id)),
        }
    }
}

/// Its receiver will take another message under this Packet Identifier for the same one, and this
/// one under another for a new one: both must be known after a restart, or neither.
fn is_sent_exactly_once(kept: &Kept) -> bool {
    kept.packet_id.is_some() && kept.message.is_some() && kept.delivery.qos == QoS::ExactlyOnce
}
