//! Retained messages for new subscriptions: what a subscriber has missed.
//!
//! There may be a million, and the subscriber may be slow. So they are searched bit by bit, in the
//! order of publication, and only as far as the output has room for them: what waits is the place
//! where to go on, not the messages. What is replaced or removed before its turn comes is not sent;
//! what took its place went to all subscribers anyway. A search outlives the Network Connection, as
//! the Session does.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;
use std::time::Instant;

use rapidhash::fast::RandomState;

use super::subscription::Subscriber;
use super::turn::cost;
use super::{ClientKey, ConnectionKey, Router, Subscription, sys};
use crate::broker::Action;
use crate::broker::counters::DropCause;
use crate::session::{Delivery, Dropped, Message, Outcome};

/// So many messages are looked at together.
const STEP: usize = 256;

/// The subscriptions of a client whose retained messages are on their way.
#[derive(Default)]
pub(super) struct CatchUps {
    current: Option<CatchUp>,
    /// The Topic Filters of the others.
    next: VecDeque<Rc<str>>,
    /// For each of these, where its retained messages end: later ones were sent anyway.
    ends: HashMap<Rc<str>, u64, RandomState>,
}

/// A subscription whose retained messages are being searched and sent.
struct CatchUp {
    /// Topic Filter.
    filter: Rc<str>,
    /// Found and not sent.
    found: VecDeque<Rc<Message>>,
    /// The numbers of those that are still to be searched.
    rest: Option<Range<u64>>,
}

impl Router {
    /// The client wants the retained messages that this Topic Filter matches, which it subscribed
    /// to. Asked for twice before they are sent, they are sent once.
    pub(super) fn want_retained(&mut self, now: Instant, key: ClientKey, filter: &str) {
        if sys::is_meant_by(filter) {
            self.revive_sys(now);
        }
        let end = self.retained.next_number();
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        let catch_ups = client.catch_ups.get_or_insert_default();
        if let Some(old) = catch_ups.ends.get_mut(filter) {
            *old = end;
        } else if catch_ups.next.len() < self.limits.max_subscriptions {
            let filter = Rc::<str>::from(filter);
            catch_ups.ends.insert(Rc::clone(&filter), end);
            catch_ups.next.push_back(filter);
        } else {
            self.note_drop(
                key,
                "retained messages of too many subscriptions wait for it",
            );
        }
    }

    /// Sends retained messages, as far as the output has room for them and others need not wait.
    pub(super) fn catch_up(&mut self, now: Instant, key: ConnectionKey) {
        while let Some(client_key) = self.may_catch_up(key) {
            if self.is_turn_over() {
                return self.put_off(now, key);
            }
            self.spend(cost::SEARCH);
            let Some(mut catch_up) = self.next_catch_up(client_key) else {
                return;
            };
            // It may have been replaced, or be gone.
            let subscriber = Subscriber::Client(client_key);
            let subscription = self.subscriptions.get(&catch_up.filter, &subscriber);
            let Some(&subscription) = subscription else {
                continue;
            };
            self.search(&mut catch_up);
            self.send_found(now, key, client_key, &mut catch_up, subscription);
            let is_over = catch_up.found.is_empty() && catch_up.rest.is_none();
            if let Some(client) = self.clients.get_mut(client_key)
                && let Some(catch_ups) = &mut client.catch_ups
                && !is_over
            {
                catch_ups.current = Some(catch_up);
            }
        }
    }

    /// What to go on or to begin with.
    fn next_catch_up(&mut self, key: ClientKey) -> Option<CatchUp> {
        let client = self.clients.get_mut(key)?;
        let catch_ups = client.catch_ups.as_mut()?;
        if let Some(current) = catch_ups.current.take() {
            return Some(current);
        }
        let next = catch_ups.next.pop_front();
        let Some(filter) = next else {
            client.catch_ups = None;
            return None;
        };
        let end = catch_ups.ends.remove(&filter).unwrap_or_default();
        if sys::is_meant_by(&filter) {
            let sys = self.sys.iter().flat_map(|sys| sys.matching(&filter));
            return Some(CatchUp {
                found: sys.cloned().collect(),
                filter,
                rest: None,
            });
        }
        let few = self.retained.few_matching(&filter, end);
        self.spend(few.as_ref().map_or(cost::LONG_SEARCH, Vec::len));
        Some(CatchUp {
            filter,
            rest: few.is_none().then_some(0..end),
            found: few.unwrap_or_default().into(),
        })
    }

    /// The connection's client, if it wants retained messages and there is room for them.
    fn may_catch_up(&mut self, key: ConnectionKey) -> Option<ClientKey> {
        let high_water = self.limits.output_high_water;
        let (client, connection) = self.client_of(key)?;
        let may = client.catch_ups.is_some()
            && client.session.queued() == 0
            && connection.pending() <= high_water
            // They follow the SUBACK.
            && connection.packets_put_off.is_none();
        may.then(|| connection.client())?
    }

    /// Goes on with the search, if nothing is found already.
    fn search(&mut self, catch_up: &mut CatchUp) {
        if catch_up.found.is_empty()
            && let Some(range) = catch_up.rest.take()
        {
            let (found, rest) = self.retained.matching_among(&catch_up.filter, range, STEP);
            self.spend(STEP);
            catch_up.found = found.into();
            catch_up.rest = rest;
        }
    }

    /// Sends what is found, until the connection has enough.
    fn send_found(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        client_key: ClientKey,
        catch_up: &mut CatchUp,
        subscription: Subscription,
    ) {
        let Subscription { qos, id, .. } = subscription;
        let high_water = self.limits.output_high_water;
        while let Some(message) = catch_up.found.pop_front() {
            let is_wanted = match &self.sys {
                Some(sys) if sys::is_meant_by(&message.topic) => sys.is_current(&message),
                _ => self.retained.is_to_be_sent(now, &message),
            };
            if !is_wanted {
                continue;
            }
            let Some((client, connection)) = self.client_of(key) else {
                return;
            };
            if !client.may(Action::Receive {
                topic: &message.topic,
            }) {
                continue;
            }
            let delivery = Delivery {
                subscription_ids: (id != 0).then_some(id).into_iter().collect(),
                ..Delivery::new(message.qos.min(qos), true)
            };
            let output = &mut connection.output;
            let outcome = client.session.publish(now, &message, delivery, output);
            let has_enough = connection.pending() > high_water || client.session.queued() > 0;
            match outcome {
                Outcome::Sent(_) | Outcome::Queued => {
                    self.counters.sent.payload_bytes += message.payload.len() as u64;
                }
                Outcome::Dropped(Dropped::PacketTooLarge) => {
                    self.drop_message(client_key, DropCause::TooLarge);
                }
                Outcome::Dropped(_) => {}
            }
            self.spend(cost::delivery(message.payload.len()));
            self.mark(key);
            if has_enough {
                return;
            }
        }
    }
}
