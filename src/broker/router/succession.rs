//! A client that connects while it is connected already.
//!
//! What it sent before, a DISCONNECT perhaps, may lie unread in the socket it had until now: that is
//! read first, or its Will would be published although it has said goodbye.

use std::time::Instant;

use super::connection::State;
use super::{ConnectionKey, Router};
use crate::codec::{Connect, Frame};

/// A CONNECT that waits until the connection it takes over from was read once more. Then comes
/// [`Router::succeed`].
pub(in crate::broker) struct Successor {
    pub(in crate::broker) key: ConnectionKey,
    pub(super) ticket: u64,
}

impl Router {
    /// Has the CONNECT wait if its client is connected; says whether it waits now, or was refused.
    pub(super) fn put_off_succession(
        &mut self,
        now: Instant,
        key: ConnectionKey,
        connect: &Connect<'_>,
        frame: Frame<'_>,
    ) -> bool {
        if !self.is_connected(connect.client_id) {
            return false;
        }
        // Without a ticket it was refused.
        if let Some(ticket) = self.wait(now, key, connect, frame) {
            if let Some(connection) = self.connections.get_mut(key) {
                connection.state = State::Authenticating;
            }
            self.waiting.successors.push(Successor { key, ticket });
        }
        true
    }

    /// The CONNECTs that have begun to wait.
    pub(in crate::broker) fn take_successors(&mut self) -> Vec<Successor> {
        std::mem::take(&mut self.waiting.successors)
    }

    /// All sockets have been looked at: the CONNECT waits no longer.
    pub(in crate::broker) fn succeed(&mut self, now: Instant, successor: &Successor) {
        let key = successor.key;
        let Some(pending) = self.take_pending_with(key, successor.ticket) else {
            return;
        };
        let (Some(frame), Some(connect)) = (pending.frame(), pending.connect()) else {
            return;
        };
        match self.refusal(&connect) {
            None => self.judge(now, key, &connect, frame),
            Some(refusal) => self.refuse(now, key, &connect, refusal),
        }
        self.receive_following(now, key, &pending);
    }

    pub(super) fn is_connected(&self, client_id: &str) -> bool {
        let client = self
            .by_id
            .get(client_id)
            .and_then(|&key| self.clients.get(key));
        client.is_some_and(|client| client.connection.is_some())
    }
}
