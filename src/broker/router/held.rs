//! Output that is held back until what it promises is durable.
//!
//! All that a connection is sent after such a promise waits too: the order is kept. When a batch
//! goes to the disk, what waits for it is set apart, so that later promises do not delay it.

use super::connection::Connection;
use super::{ConnectionKey, Router};
use crate::codec::Output;

/// The output of a connection that has been promised something.
#[derive(Default)]
pub(super) struct Held {
    /// The connection's output waits for the batch that gathers.
    waits: bool,
    /// Waits for the batch that is being committed.
    committing: Output,
    /// What has been committed.
    ready: Output,
}

impl Held {
    pub(super) fn len(&self) -> usize {
        self.committing.len() + self.ready.len()
    }
}

impl Connection {
    /// Holds the output back; says whether it was not already.
    pub(super) fn hold(&mut self) -> bool {
        let held = self.held.get_or_insert_default();
        !std::mem::replace(&mut held.waits, true)
    }

    /// What waits from now on waits for another batch.
    pub(super) fn set_apart(&mut self) {
        if let Some(held) = &mut self.held
            && std::mem::take(&mut held.waits)
        {
            held.committing.append(&mut self.output);
        }
    }

    /// What was set apart may go.
    pub(super) fn release_held(&mut self) {
        if let Some(held) = &mut self.held {
            held.ready.append(&mut held.committing);
        }
    }

    /// What waits for a commit will never be sent.
    pub(super) fn discard_held(&mut self) {
        if let Some(held) = self.held.take() {
            if held.waits {
                self.output.clear();
            }
            let mut kept = held.ready;
            kept.append(&mut self.output);
            self.output = kept;
        }
    }

    /// Forgets that anything waits, so that a test can show what that would lead to.
    #[cfg(test)]
    fn forget_to_hold(&mut self) {
        if let Some(held) = self.held.take() {
            let mut all = held.ready;
            all.append(&mut { held.committing });
            all.append(&mut self.output);
            self.output = all;
        }
    }

    /// Whether something may be sent.
    fn has_output(&self) -> bool {
        match &self.held {
            Some(held) if !held.ready.is_empty() => true,
            Some(held) if held.waits || !held.committing.is_empty() => false,
            _ => !self.output.is_empty(),
        }
    }

    /// Whether something must not be sent yet.
    pub(super) fn is_held(&self) -> bool {
        let held = self.held.as_ref();
        held.is_some_and(|held| held.waits || !held.committing.is_empty())
    }

    /// Moves what may be sent to `output`, which is empty.
    pub(super) fn take_output(&mut self, output: &mut Output) {
        if let Some(held) = &mut self.held {
            if !held.ready.is_empty() {
                return std::mem::swap(output, &mut held.ready);
            }
            if held.waits || !held.committing.is_empty() {
                return;
            }
            self.held = None;
        }
        if !self.output.is_empty() {
            std::mem::swap(output, &mut self.output);
        }
    }
}

impl Router {
    /// Whether the protocol is over, and nothing waits to be sent that must not be sent yet.
    pub(in crate::broker) fn is_over(&self, key: ConnectionKey) -> bool {
        let is_held = self.connections.get(key).is_some_and(Connection::is_held);
        self.is_closing(key) && !is_held
    }

    /// Whether there is output that may be sent.
    pub(in crate::broker) fn has_output(&self, key: ConnectionKey) -> bool {
        self.connections
            .get(key)
            .is_some_and(Connection::has_output)
    }

    /// Sends the connection at once what promises something that is not durable yet.
    #[cfg(test)]
    pub(super) fn forget_to_hold(&mut self, key: ConnectionKey) {
        if let Some(connection) = self.connections.get_mut(key) {
            connection.forget_to_hold();
        }
    }
}
