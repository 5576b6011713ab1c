//! Messages that are waiting for the send quota or for an absent peer.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use super::journal::Record;
use super::message::{Delivery, Dropped, Message};
use super::pool::{Pool, Share};

/// A message in the queue.
#[derive(Debug)]
pub(super) struct Waiting {
    /// Its number in the journal.
    pub sequence: u64,
    pub message: Rc<Message>,
    pub delivery: Delivery,
}

/// A queue of messages at QoS 1 and 2, bounded in messages and bytes.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    share: Share,
}

impl Queue {
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Topic Names, properties and payloads.
    pub fn bytes(&self) -> usize {
        self.share.bytes()
    }

    /// Counts the messages in this pool too, and observes its bounds.
    pub fn draw_on(&mut self, pool: &Rc<Pool>) {
        self.share.draw_on(pool, self.waiting.len());
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Which limit leaves no room for the message, if one does. Then it is this message that is
    /// dropped, and not an older one: what is delivered has no gap before its end.
    pub fn check_room(
        &self,
        message: &Message,
        max_messages: usize,
        max_bytes: usize,
    ) -> Result<(), Dropped> {
        let weight = message.weight();
        let bytes = self.bytes().saturating_add(weight);
        if self.waiting.len() >= max_messages || bytes > max_bytes {
            return Err(Dropped::QueueFull);
        }
        match self.share.has_room(weight) {
            true => Ok(()),
            false => Err(Dropped::QueuesFull),
        }
    }

    pub fn push(&mut self, waiting: Waiting) {
        self.share.add(1, waiting.message.weight());
        self.waiting.push_back(waiting);
    }

    /// The next message that has not expired (MQTT-3.3.2-5).
    pub fn pop(&mut self, now: Instant, record: &Record) -> Option<Waiting> {
        self.drop_expired(now, record);
        self.pop_front()
    }

    /// Takes out the messages that are `wanted`, in order.
    pub fn extract(&mut self, mut wanted: impl FnMut(&Message, &Delivery) -> bool) -> Vec<Waiting> {
        let mut is_wanted = |waiting: &Waiting| wanted(&waiting.message, &waiting.delivery);
        if !self.waiting.iter().any(&mut is_wanted) {
            return Vec::new();
        }
        let waiting = std::mem::take(&mut self.waiting).into_iter();
        let (taken, kept) = waiting.partition::<Vec<_>, _>(is_wanted);
        self.waiting = kept.into();
        let weights = taken.iter().map(|taken| taken.message.weight());
        self.share.remove(taken.len(), weights.sum());
        taken
    }

    /// Forgets up to `count` messages; returns how many.
    pub fn forget(&mut self, count: usize) -> usize {
        let count = count.min(self.len());
        for _ in 0..count {
            self.pop_front();
        }
        count
    }

    pub fn clear(&mut self) {
        self.share.clear(self.waiting.len());
        self.waiting = VecDeque::new();
    }

    /// Frees memory that is no longer needed.
    pub fn shrink(&mut self) {
        self.waiting.shrink_to_fit();
    }

    /// Drops the expired messages at the front.
    pub fn drop_expired(&mut self, now: Instant, record: &Record) {
        while let Some(first) = self.waiting.front()
            && first.message.is_expired(now)
        {
            record.removed(first.sequence);
            self.share.count_expired();
            self.pop_front();
        }
    }

    fn pop_front(&mut self) -> Option<Waiting> {
        let next = self.waiting.pop_front()?;
        self.share.remove(1, next.message.weight());
        Some(next)
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.share.clear(self.waiting.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::QoS;
    use crate::session::tests::pair::{message, seconds, start};

    /// Pushes the message if there is room for it.
    fn push(queue: &mut Queue, now: Instant, message: &Rc<Message>, limits: [usize; 2]) -> bool {
        queue.drop_expired(now, &Record::default());
        let has_room = queue.check_room(message, limits[0], limits[1]).is_ok();
        if has_room {
            queue.push(Waiting {
                sequence: 0,
                message: Rc::clone(message),
                delivery: Delivery::default(),
            });
        }
        has_room
    }

    #[test]
    fn room_is_given_back() {
        let mut queue = Queue::default();
        let now = start();
        let message = message("t", "1234", QoS::AtLeastOnce);
        for _ in 0..10 {
            assert!(push(&mut queue, now, &message, [2, 9]));
            assert!(!push(&mut queue, now, &message, [2, 9]), "ten bytes");
            assert!(queue.pop(now, &Record::default()).is_some());
        }
        assert_eq!((queue.len(), queue.bytes()), (0, 0));
    }

    #[test]
    fn expired_messages_make_room() {
        let mut queue = Queue::default();
        let now = start();
        let forever = message("t", "1234", QoS::AtLeastOnce);
        for later in 0..10 {
            let now = now + seconds(later * 2);
            let mut next = (*forever).clone();
            next.expires = Some(now + seconds(1));
            assert!(push(&mut queue, now, &Rc::new(next), [1, 100]));
        }
        assert_eq!(queue.len(), 1);
    }
}
