//! Retained messages for new subscriptions: what a subscriber has missed.
//!
//! There may be a million, and the subscriber may be slow. So they are searched bit by bit, in the
//! order of publication, and only as far as the output has room for them: what is kept is the place
//! to go on from, not the messages. What is replaced or removed before its turn comes is not sent;
//! what took its place went to all subscribers anyway. A search outlives the Network Connection, as
//! the Session does; where Sessions outlive the process, so does the place in the store.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Range;
use std::rc::Rc;
use std::time::Instant;

use rapidhash::fast::RandomState;

use super::retained::Numbered;
use super::subscription::Subscriber;
use super::turn::cost;
use super::{ClientKey, ConnectionKey, Router, Subscription, sys};
use crate::broker::Action;
use crate::session::{Delivery, Outcome};

/// Messages that are looked at together.
const STEP: usize = 256;

/// The subscriptions of a client whose retained messages are on their way.
#[derive(Default)]
pub(super) struct CatchUps {
    current: Option<CatchUp>,
    /// The others, by their Topic Filters.
    waiting: HashMap<Rc<str>, Waiting, RandomState>,
    /// Their Topic Filters in the order of their turns.
    order: BTreeMap<u64, Rc<str>>,
    /// The turn of the next one.
    next_turn: u64,
}

/// A subscription whose retained messages are not searched yet.
struct Waiting {
    turn: u64,
    /// The numbers of the messages to be searched: later ones were sent anyway.
    range: Range<u64>,
}

/// A subscription whose retained messages are being searched and sent.
struct CatchUp {
    /// Topic Filter.
    filter: Rc<str>,
    /// Found and not sent.
    found: VecDeque<Numbered>,
    /// The numbers of those that are still to be searched.
    rest: Option<Range<u64>>,
    /// Where they end.
    end: u64,
}

impl CatchUp {
    /// The numbers of the messages that are not sent; `None`: it is done.
    fn left(&self) -> Option<Range<u64>> {
        let found = self.found.front().map(|(number, _)| *number);
        let next = found.or_else(|| self.rest.as_ref().map(|rest| rest.start))?;
        Some(next..self.end)
    }
}

impl CatchUps {
    /// Has the messages of this range searched when its turn comes; says whether nothing was under
    /// way for the Topic Filter. Asked for twice before they are sent, they are sent once.
    pub(super) fn add(&mut self, filter: &str, range: Range<u64>) -> bool {
        if let Some(waiting) = self.waiting.get_mut(filter) {
            waiting.range = range;
            return false;
        }
        let (filter, turn) = (Rc::<str>::from(filter), self.next_turn);
        self.next_turn += 1;
        self.order.insert(turn, Rc::clone(&filter));
        let is_new = !self.is_current(&filter);
        self.waiting.insert(filter, Waiting { turn, range });
        is_new
    }

    /// There is no such subscription any more; says whether something was under way for it.
    pub(super) fn remove(&mut self, filter: &str) -> bool {
        let waiting = self.waiting.remove(filter);
        if let Some(waiting) = &waiting {
            self.order.remove(&waiting.turn);
        }
        let is_current = self.is_current(filter);
        self.current.take_if(|_| is_current).is_some() || waiting.is_some()
    }

    fn is_current(&self, filter: &str) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|current| &*current.filter == filter)
    }

    fn pop(&mut self) -> Option<(Rc<str>, Range<u64>)> {
        let (_, filter) = self.order.pop_first()?;
        let waiting = self.waiting.remove(&filter)?;
        Some((filter, waiting.range))
    }
}

impl Router {
    /// The client wants the retained messages that this Topic Filter matches, which it subscribed
    /// to.
    pub(super) fn want_retained(&mut self, key: ClientKey, filter: &str) {
        if self.retained.len() == 0 && !sys::is_meant_by(filter) {
            return;
        }
        let range = 0..self.retained.next_number();
        if let Some(client) = self.clients.get_mut(key) {
            let catch_ups = client.catch_ups.get_or_insert_default();
            let is_new = catch_ups.add(filter, range.clone());
            self.record_catch_up(key, filter, Some(range), is_new);
        }
    }

    /// The client does not want them any more.
    pub(super) fn forget_retained(&mut self, key: ClientKey, filter: &str) {
        if let Some(client) = self.clients.get_mut(key)
            && let Some(catch_ups) = &mut client.catch_ups
            && catch_ups.remove(filter)
        {
            self.record_catch_up(key, filter, None, false);
        }
    }

    /// Sends retained messages, as far as the output has room for them and others need not wait.
    pub(super) fn catch_up(&mut self, now: Instant, key: ConnectionKey) {
        while let Some(client_key) = self.may_catch_up(key) {
            self.shorten_turn();
            if self.is_turn_over() {
                return self.put_off(now, key);
            }
            self.spend(cost::SEARCH);
            let Some(mut catch_up) = self.next_catch_up(now, client_key) else {
                return;
            };
            // It may have been replaced, even by a Shared Subscription.
            let subscriber = Subscriber::Client(client_key);
            let subscription = self.subscriptions.get(&catch_up.filter, &subscriber);
            let Some(&subscription) = subscription else {
                self.record_catch_up(client_key, &catch_up.filter, None, false);
                continue;
            };
            self.search(&mut catch_up);
            self.send_found(now, key, client_key, &mut catch_up, subscription);
            self.keep_place(client_key, catch_up);
        }
    }

    /// Remembers where to go on, if it has to be gone on with.
    fn keep_place(&mut self, key: ClientKey, catch_up: CatchUp) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        let (left, filter) = (catch_up.left(), Rc::clone(&catch_up.filter));
        let catch_ups = client.catch_ups.get_or_insert_default();
        if left.is_some() {
            catch_ups.current = Some(catch_up);
        }
        // Else all of them are wanted once more, and that is recorded.
        if !catch_ups.waiting.contains_key(&filter) {
            self.record_catch_up(key, &filter, left, false);
        }
    }

    /// What to go on or to begin with.
    fn next_catch_up(&mut self, now: Instant, key: ClientKey) -> Option<CatchUp> {
        let client = self.clients.get_mut(key)?;
        let catch_ups = client.catch_ups.as_mut()?;
        if let Some(current) = catch_ups.current.take() {
            return Some(current);
        }
        let Some((filter, range)) = catch_ups.pop() else {
            client.catch_ups = None;
            return None;
        };
        let end = range.end;
        if sys::is_meant_by(&filter) {
            self.revive_sys(now);
            // They have no numbers: who was interrupted gets them all again, as they are then.
            let sys = self.sys.iter().flat_map(|sys| sys.matching(&filter));
            return Some(CatchUp {
                found: sys.map(|message| (0, Rc::clone(message))).collect(),
                filter,
                rest: None,
                end,
            });
        }
        let few = self.retained.few_matching(&filter, &range);
        self.spend(few.as_ref().map_or(cost::LONG_SEARCH, Vec::len));
        Some(CatchUp {
            filter,
            rest: few.is_none().then_some(range),
            found: few.unwrap_or_default().into(),
            end,
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
        while let Some((_, message)) = catch_up.found.pop_front() {
            let is_wanted = match &self.sys {
                Some(sys) if sys::is_meant_by(&message.topic) => sys.is_current(&message),
                _ => self
                    .retained
                    .is_to_be_sent(now, &message, |publisher, topic| {
                        self.may_still_publish(publisher, topic)
                    }),
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
                Outcome::Dropped(dropped) => self.not_taken(now, client_key, dropped),
            }
            self.spend(cost::delivery(message.payload.len()));
            self.mark(key);
            if has_enough {
                return;
            }
        }
    }
}
