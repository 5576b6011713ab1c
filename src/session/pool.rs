//! Bounds on what all Sessions of a Server keep together.

use std::cell::Cell;
use std::rc::Rc;

use super::Session;

/// Messages that many Sessions keep, and their bytes, with a bound on both.
///
/// The pool only counts: those who draw on it ask [`Pool::has_room`] first.
#[derive(Debug)]
pub struct Pool {
    messages: Cell<usize>,
    bytes: Cell<usize>,
    /// Messages that expired here.
    expired: Cell<u64>,
    max_messages: usize,
    max_bytes: usize,
}

impl Pool {
    /// An empty pool.
    pub fn new(max_messages: usize, max_bytes: usize) -> Pool {
        Pool {
            messages: Cell::new(0),
            bytes: Cell::new(0),
            expired: Cell::new(0),
            max_messages,
            max_bytes,
        }
    }

    /// Messages that are kept now. One that several Sessions keep counts once for each.
    pub fn messages(&self) -> usize {
        self.messages.get()
    }

    /// Their Topic Names, properties and payloads.
    pub fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// How many messages expired before they could be sent, since the last call.
    pub fn take_expired(&self) -> u64 {
        self.expired.take()
    }

    /// Whether one more message of this many bytes may be kept.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.messages.get() < self.max_messages
            && self.bytes.get().saturating_add(bytes) <= self.max_bytes
    }
}

/// The pools of a Server; see [`Session::draw_on`].
#[derive(Clone, Debug)]
pub struct Pools {
    /// Messages at QoS 1 and 2 that have been sent and not acknowledged. When this pool is used up,
    /// each Session may still have one in flight, so that none gets stuck; the others wait.
    pub in_flight: Rc<Pool>,
    /// Messages that are waiting, for their receiver or for their publisher's PUBREL. When this pool
    /// is used up, no more can wait.
    pub queued: Rc<Pool>,
}

/// What one holder has taken from a pool. The holder itself counts its messages, and returns them
/// with [`Share::clear`] when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Share {
    bytes: usize,
    pool: Option<Rc<Pool>>,
}

impl Share {
    /// Takes from this pool from now on, and moves there what is held already.
    pub fn draw_on(&mut self, pool: &Rc<Pool>, messages: usize) {
        let bytes = self.bytes;
        self.clear(messages);
        self.pool = Some(Rc::clone(pool));
        self.add(messages, bytes);
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn has_room(&self, bytes: usize) -> bool {
        self.pool.as_ref().is_none_or(|pool| pool.has_room(bytes))
    }

    pub fn add(&mut self, messages: usize, bytes: usize) {
        self.bytes += bytes;
        if let Some(pool) = &self.pool {
            pool.messages.update(|all| all + messages);
            pool.bytes.update(|all| all + bytes);
        }
    }

    pub fn remove(&mut self, messages: usize, bytes: usize) {
        self.bytes -= bytes;
        if let Some(pool) = &self.pool {
            pool.messages.update(|all| all - messages);
            pool.bytes.update(|all| all - bytes);
        }
    }

    /// A message has expired; it is to be removed too.
    pub fn count_expired(&self) {
        if let Some(pool) = &self.pool {
            pool.expired.update(|all| all + 1);
        }
    }

    /// Gives everything back.
    pub fn clear(&mut self, messages: usize) {
        self.remove(messages, self.bytes);
    }
}

impl Session {
    /// Counts what this Session keeps in these pools from now on, and observes their bounds.
    pub fn draw_on(&mut self, pools: &Pools) {
        self.state.in_flight.draw_on(&pools.in_flight);
        self.state.queue.draw_on(&pools.queued);
        self.state.received.draw_on(&pools.queued);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_goes_back() {
        let pool = Rc::new(Pool::new(3, 100));
        let (mut one, mut other) = (Share::default(), Share::default());
        one.add(1, 40);
        one.draw_on(&pool, 1);
        other.draw_on(&pool, 0);
        other.add(1, 50);
        assert_eq!((pool.messages(), pool.bytes()), (2, 90));
        assert!(other.has_room(10) && !other.has_room(11));
        other.add(1, 0);
        assert!(!one.has_room(0));
        one.remove(0, 40);
        other.clear(2);
        assert_eq!((pool.messages(), pool.bytes()), (1, 0));
        one.clear(1);
        assert_eq!((pool.messages(), pool.bytes()), (0, 0));
    }
}
