//! How a router begins with what an earlier broker has recorded.

use std::rc::Rc;
use std::time::Instant;

use super::client::Client;
use super::subscription::{Subscriber, unshared};
use super::will::Will;
use super::{ClientKey, Router};
use crate::broker::persist::{
    Absence, Clock, Damaged, Key, Record, SessionJournal, SessionRecord, Value,
};
use crate::codec::QoS;
use crate::session::{Change, Session};

/// What is known while entries are read.
#[derive(Default)]
pub(super) struct Restoring {
    /// The Session that the entries belong to.
    session: Option<ClientKey>,
    /// Those who were connected when the earlier broker ended.
    interrupted: Vec<ClientKey>,
}

impl Router {
    /// Takes an entry that an earlier broker has recorded; they come in the order of their keys.
    pub(in crate::broker) fn restore(
        &mut self,
        clock: Clock,
        key: &[u8],
        value: &[u8],
    ) -> Result<(), Damaged> {
        let Record { key, value } = Record::read(clock, key, value)?;
        let session = key.session();
        let last = self.persistence.as_ref().ok_or(Damaged)?.last_number;
        match (key, value) {
            (Key::Session(number), Value::Session(session)) => {
                self.restore_session(number, session)
            }
            (Key::Message(number), Value::Message(message)) => {
                let journal = self.journal().ok_or(Damaged)?;
                journal.restore_message(number, message);
                Ok(())
            }
            (
                Key::Retained(_),
                Value::Retained {
                    number,
                    publisher,
                    message,
                },
            ) => {
                self.retained.restore(message, publisher, number);
                Ok(())
            }
            // What belongs to a Session stands behind it.
            _ if session != Some(last) => Err(Damaged),
            (key, value) => self.restore_part(key, value),
        }
    }

    fn restore_session(&mut self, number: u64, record: SessionRecord) -> Result<(), Damaged> {
        let (key, config) = (self.clients.next_key(), self.session_config());
        let persistence = self.persistence.as_mut().ok_or(Damaged)?;
        persistence.last_number = number;
        persistence.restoring.session = Some(key);
        let journal = SessionJournal {
            journal: Rc::clone(&persistence.journal),
            number,
            client: key,
        };
        let SessionRecord {
            client_id,
            username,
            peer,
            version,
            expiry,
            absence,
        } = record;
        let mut session = Session::restored(config, version, expiry, Rc::new(journal));
        session.draw_on(&self.in_all.pools);
        let mut client = Client::new(Rc::clone(&client_id), session);
        client.number = Some(number);
        client.username = username;
        client.peer = peer;
        match absence {
            None => persistence.restoring.interrupted.push(key),
            Some(Absence { expires, will_due }) => {
                client.expires = expires;
                client.will_due = will_due;
            }
        }
        let inserted = self.clients.insert(client);
        debug_assert_eq!(inserted, key);
        match self.by_id.insert(client_id, key) {
            None => Ok(()),
            Some(_) => Err(Damaged),
        }
    }

    fn restore_part(&mut self, part: Key, value: Value) -> Result<(), Damaged> {
        let persistence = self.persistence.as_ref().ok_or(Damaged)?;
        let key = persistence.restoring.session.ok_or(Damaged)?;
        let journal = Rc::clone(&persistence.journal);
        let client = self.clients.get_mut(key).ok_or(Damaged)?;
        match (part, value) {
            (
                Key::Will(_),
                Value::Will {
                    message,
                    delay,
                    expiry,
                },
            ) => client.will = Some(Box::new(Will::restored(message, delay, expiry))),
            (
                Key::Subscription(_, filter),
                Value::Subscription {
                    subscription,
                    is_shared,
                },
            ) => {
                let (subscriber, plain) = match is_shared {
                    false => (Subscriber::Client(key), &*filter),
                    true => {
                        let group = self.groups.join(&filter, key, subscription);
                        (Subscriber::Group(group), unshared(&filter))
                    }
                };
                self.subscriptions
                    .subscribe(plain, subscriber, subscription);
                client.filters.insert(&filter, subscriber);
                self.in_all.count_filter(&filter);
            }
            (
                Key::Kept(session, sequence),
                Value::Kept {
                    mut kept,
                    elsewhere,
                },
            ) => {
                if kept.delivery.qos == QoS::AtMostOnce {
                    return Err(Damaged);
                }
                if let Some(number) = elsewhere {
                    let message = journal.restore_reference(session, sequence, number);
                    kept.message = Some(message.ok_or(Damaged)?);
                }
                let is_new = false;
                client.session.replay(Change::Kept {
                    sequence,
                    is_new,
                    kept,
                });
            }
            (Key::Received(_, packet_id), Value::Received(message)) => {
                let is_new = false;
                client.session.replay(Change::Received {
                    packet_id,
                    is_new,
                    message,
                });
            }
            (Key::CatchUp(_, filter), Value::CatchUp(range)) => {
                self.retained.begin_at(range.end);
                let catch_ups = client.catch_ups.get_or_insert_default();
                catch_ups.add(&filter, range);
            }
            _ => return Err(Damaged),
        }
        Ok(())
    }

    /// All entries are there. Who was connected when the earlier broker ended is away since now,
    /// and what has become due meanwhile happens.
    pub(in crate::broker) fn finish_restoring(&mut self, now: Instant) {
        let max_expiry = self.limits.max_session_expiry;
        let persistence = self.persistence.as_mut();
        let restoring = persistence.map(|it| std::mem::take(&mut it.restoring));
        for key in restoring.unwrap_or_default().interrupted {
            if let Some(client) = self.clients.get_mut(key) {
                client.begin_absence(now, max_expiry);
            }
            self.record_client(key);
        }
        if let Some(journal) = self.journal() {
            journal.sweep();
        }
        let keys: Vec<_> = self.clients.keys().collect();
        for key in keys {
            let client = self.clients.get(key);
            if client.is_some_and(|client| client.will_due.is_some_and(|due| due <= now)) {
                self.publish_will(now, key);
            }
            self.end_session_if_expired(now, key);
            self.arm_client(key);
        }
    }
}
