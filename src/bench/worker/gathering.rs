//! Connections that are left alone for a while, so that more has come when they are read.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::Worker;

/// How often it is looked for those whose time has come.
const LOOK: Duration = Duration::from_millis(5);

/// Connections that something came for too early, in the order in which they are to be read.
///
/// Where many connections share a broker, the acknowledgements of each come one by one and far
/// apart: a read and a write for every message. So a connection that has just been read is left
/// alone for as long as [`Moderation::gather`](crate::bench::moderation::Moderation::gather) says.
/// Its task is not woken meanwhile: whoever is in here is read from here.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    /// When, on the run's clock, and the connection's slot.
    waiting: VecDeque<(u64, usize)>,
    /// It is not empty any more.
    filled: Rc<Notify>,
}

impl Gathering {
    /// Has a connection read at `due`, or a little later.
    pub(super) fn push(&mut self, due: u64, slot: usize) {
        if self.waiting.is_empty() {
            self.filled.notify_one();
        }
        self.waiting.push_back((due, slot));
    }

    /// The first of those who are due at `now`.
    pub(super) fn next_due(&mut self, now: u64) -> Option<usize> {
        let &(due, slot) = self.waiting.front()?;
        (due <= now).then(|| {
            self.waiting.pop_front();
            slot
        })
    }
}

impl Worker {
    /// Reads the connections that were left alone, for ever.
    pub(super) async fn gather(self: Rc<Self>) {
        let filled = Rc::clone(&self.shared.borrow().gathering.filled);
        loop {
            if !self.read_gathered() {
                filled.notified().await;
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Reads those whose time has come. `false`: nobody is left.
    fn read_gathered(&self) -> bool {
        let mut connections = self.connections.borrow_mut();
        let shared = &mut *self.shared.borrow_mut();
        let now = self.context.nanos(Instant::now());
        // One at least: the broker would seem to stand still, while it is us who do not look.
        let mut next = shared.gathering.next_due(u64::MAX);
        while let Some(slot) = next {
            if let Some(Some(connection)) = connections.get_mut(slot) {
                connection.end_gathering(&self.context, shared);
            }
            next = shared.gathering.next_due(now);
        }
        !shared.gathering.waiting.is_empty()
    }
}
