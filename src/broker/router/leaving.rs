//! Sessions that have ended with more than can be forgotten at once.
//!
//! To take a million subscriptions out of the index takes seconds, and the broker has one thread.
//! So the Session is gone at once, and what is left of it goes bit by bit, between everything
//! else: its subscriptions find nobody, and its number is not given out again before the last of
//! them is removed.

use std::collections::VecDeque;
use std::time::Instant;

use super::client::Client;
use super::filters::OwnFilters;
use super::{ClientKey, Router};
use crate::session::Session;

/// Subscriptions, or messages that waited, that are forgotten in one turn: a few milliseconds.
const TURN: usize = 500;
/// The same for every new subscription: what is left becomes less in any case.
const FOR_A_NEW_ONE: usize = 2;

/// What is left of a Session that has ended.
struct Remains {
    client: ClientKey,
    filters: OwnFilters,
    session: Session,
    since: Instant,
}

/// The Sessions that have ended and are not quite forgotten, the oldest first.
#[derive(Default)]
pub(super) struct Leaving(VecDeque<Remains>);

impl Leaving {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// When there is something to forget: at once.
    pub(super) fn due(&self) -> Option<Instant> {
        self.0.front().map(|remains| remains.since)
    }
}

impl Router {
    /// The client, whose number is reserved, has no Session any more.
    pub(super) fn begin_to_forget(&mut self, now: Instant, key: ClientKey, client: Box<Client>) {
        if client.filters.is_empty() && client.session.queued() == 0 {
            return self.clients.release(key);
        }
        let others_come_first = !self.leaving.is_empty();
        self.leaving.0.push_back(Remains {
            client: key,
            filters: client.filters,
            session: client.session,
            since: now,
        });
        if !others_come_first {
            self.go_on_forgetting();
        }
    }

    /// Forgets as much as one turn allows.
    pub(super) fn go_on_forgetting(&mut self) {
        self.forget(TURN);
    }

    /// Somebody subscribes: the index must not grow while it has much to forget.
    pub(super) fn make_room_in_index(&mut self) {
        if !self.leaving.is_empty() {
            self.forget(FOR_A_NEW_ONE);
        }
    }

    fn forget(&mut self, mut count: usize) {
        while let Some(mut remains) = self.leaving.0.pop_front() {
            while count > 0
                && let Some((filter, subscriber)) = remains.filters.pop()
            {
                self.in_all.forget_filter(&filter);
                self.remove_subscription(remains.client, &filter, subscriber);
                count -= 1;
            }
            count -= remains.session.forget_queued(count);
            if count == 0 {
                return self.leaving.0.push_front(remains);
            }
            self.clients.release(remains.client);
        }
    }
}
