//! What all Sessions of a Server keep together, and how much that may be.

use std::cell::Cell;
use std::rc::Rc;

use super::Session;

/// Messages that many Sessions keep, and their bytes, with a bound on both.
///
/// The bound is a promise of those who draw on the pool: they ask [`Pool::has_room`] first.
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

    /// Messages that are kept now. One that several Sessions keep counts as often.
    pub fn messages(&self) -> usize {
        self.messages.get()
    }

    /// Their Topic Names, properties and payloads.
    pub fn bytes(&self) -> usize {
        self.bytes.get()
    }

    /// Messages whose Message Expiry Interval was over before they were sent, since this was last
    /// asked.
    pub fn take_expired(&self) -> u64 {
        self.expired.take()
    }

    /// Whether one more message of so many bytes may be kept.
    pub fn has_room(&self, bytes: usize) -> bool {
        self.messages.get() < self.max_messages
            && self.bytes.get().saturating_add(bytes) <= self.max_bytes
    }
}

/// The pools of a Server; see [`Session::draw_on`].
#[derive(Clone, Debug)]
pub struct Pools {
    /// Messages at QoS 1 and 2 that are sent and not acknowledged. When it is used up, every
    /// Session may have one in flight all the same, so that none is stuck; the others wait.
    pub in_flight: Rc<Pool>,
    /// Messages that wait, for their receiver or for their publisher's PUBREL. When it is used up,
    /// no further ones do.
    pub queued: Rc<Pool>,
}

/// What one holder has taken from a pool. The holder knows how many messages that are, and gives
/// them back with [`Share::clear`] when it goes.
#[derive(Debug, Default)]
pub(super) struct Share {
    bytes: usize,
    pool: Option<Rc<Pool>>,
}

impl Share {
    /// Takes from this pool, also what is held already.
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
    /// Counts what this Session keeps in these pools from now on, and keeps to their bounds.
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
