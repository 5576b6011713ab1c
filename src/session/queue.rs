//! Messages that wait for the send quota or for an absent peer.

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Instant;

use super::message::{Delivery, Message};

/// A queue of messages at QoS 1 and 2, bounded in messages and bytes.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<(Rc<Message>, Delivery)>,
    bytes: usize,
}

impl Queue {
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Topic Names, properties and payloads.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether the message was taken. A message beyond the limits goes, those that wait stay: the
    /// order of what is delivered has no holes but at its end.
    pub fn push(
        &mut self,
        now: Instant,
        message: &Rc<Message>,
        delivery: Delivery,
        max_messages: usize,
        max_bytes: usize,
    ) -> bool {
        self.drop_expired(now);
        let bytes = self.bytes.saturating_add(message.weight());
        if self.waiting.len() >= max_messages || bytes > max_bytes {
            return false;
        }
        self.bytes = bytes;
        self.waiting.push_back((Rc::clone(message), delivery));
        true
    }

    /// The next message that has not expired (MQTT-3.3.2-5).
    pub fn pop(&mut self, now: Instant) -> Option<(Rc<Message>, Delivery)> {
        self.drop_expired(now);
        self.pop_front()
    }

    /// Takes those out that are wanted, in order.
    pub fn extract(
        &mut self,
        mut wanted: impl FnMut(&Message, &Delivery) -> bool,
    ) -> Vec<(Rc<Message>, Delivery)> {
        let mut wanted = |(message, delivery): &(Rc<Message>, Delivery)| wanted(message, delivery);
        if !self.waiting.iter().any(&mut wanted) {
            return Vec::new();
        }
        let waiting = std::mem::take(&mut self.waiting);
        let (taken, kept) = waiting.into_iter().partition::<Vec<_>, _>(wanted);
        self.waiting = kept.into();
        self.bytes -= taken
            .iter()
            .map(|(message, _)| message.weight())
            .sum::<usize>();
        taken
    }

    pub fn clear(&mut self) {
        *self = Queue::default();
    }

    /// Gives memory back that a busy connection needed.
    pub fn shrink(&mut self) {
        self.waiting.shrink_to_fit();
    }

    fn drop_expired(&mut self, now: Instant) {
        while let Some((message, _)) = self.waiting.front()
            && message.is_expired(now)
        {
            self.pop_front();
        }
    }

    fn pop_front(&mut self) -> Option<(Rc<Message>, Delivery)> {
        let next = self.waiting.pop_front()?;
        self.bytes -= next.0.weight();
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::QoS;
    use crate::session::tests::pair::{message, seconds, start};

    #[test]
    fn room_is_given_back() {
        let mut queue = Queue::default();
        let now = start();
        let message = message("t", "1234", QoS::AtLeastOnce);
        for _ in 0..10 {
            assert!(queue.push(now, &message, Delivery::default(), 2, 9));
            assert!(
                !queue.push(now, &message, Delivery::default(), 2, 9),
                "ten bytes"
            );
            assert!(queue.pop(now).is_some());
        }
        assert_eq!((queue.len(), queue.bytes), (0, 0));
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
            assert!(queue.push(now, &Rc::new(next), Delivery::default(), 1, 100));
        }
        assert_eq!(queue.len(), 1);
    }
}
