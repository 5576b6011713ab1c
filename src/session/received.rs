//! QoS 2 messages between their PUBLISH and their PUBREL.

use std::collections::VecDeque;
use std::rc::Rc;

use super::message::Message;
use super::pool::{Pool, Share};
use crate::codec::PacketId;

/// What is known of a Packet Identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing: the message is new.
    No,
    /// The application has been given the message and has not acknowledged it.
    Pending,
    /// PUBREC has been sent: the message is ours, and PUBREL is awaited.
    Recorded,
}

#[derive(Debug)]
struct Slot {
    packet_id: PacketId,
    /// The order of arrival; wraps around.
    arrival: u32,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// The application has not taken the message yet.
    Pending,
    /// It has.
    Taken,
    /// It wants the message back when PUBREL comes.
    Kept(Rc<Message>),
}

/// The messages, sorted by their Packet Identifiers. Peers assign these in sequence, so nearly all
/// changes are at the two ends, where they cost nothing.
#[derive(Debug, Default)]
pub(super) struct ReceivedMessages {
    slots: VecDeque<Slot>,
    arrivals: u32,
    /// How many of them are kept.
    kept: u32,
    /// Their weights.
    share: Share,
}

impl ReceivedMessages {
    pub fn get(&self, packet_id: PacketId) -> Known {
        let slot = self.find(packet_id).ok().and_then(|at| self.slots.get(at));
        match slot.map(|slot| &slot.stage) {
            None => Known::No,
            Some(Stage::Pending) => Known::Pending,
            Some(Stage::Taken | Stage::Kept(_)) => Known::Recorded,
        }
    }

    /// Counts what is kept in this pool too.
    pub fn draw_on(&mut self, pool: &Rc<Pool>) {
        self.share.draw_on(pool, self.kept as usize);
    }

    /// Whether the kept messages are within these bounds, and the pool within its own.
    pub fn is_within(&self, max_messages: usize, max_bytes: usize) -> bool {
        self.kept as usize <= max_messages
            && self.share.bytes() <= max_bytes
            && self.share.has_room(0)
    }

    /// A new message goes to the application.
    pub fn insert_pending(&mut self, packet_id: PacketId) {
        if let Err(at) = self.find(packet_id) {
            let slot = Slot {
                packet_id,
                arrival: self.arrivals,
                stage: Stage::Pending,
            };
            self.slots.insert(at, slot);
            self.arrivals = self.arrivals.wrapping_add(1);
        }
    }

    /// The application has taken the message, and may want it back.
    pub fn record(&mut self, packet_id: PacketId, kept: Option<Rc<Message>>) {
        if let Ok(at) = self.find(packet_id)
            && let Some(slot) = self.slots.get_mut(at)
        {
            slot.stage = match kept {
                None => Stage::Taken,
                Some(message) => {
                    self.kept += 1;
                    self.share.add(1, message.weight());
                    Stage::Kept(message)
                }
            };
        }
    }

    /// Forgets the identifier; returns the message if it was kept.
    pub fn remove(&mut self, packet_id: PacketId) -> Option<Rc<Message>> {
        let at = self.find(packet_id).ok()?;
        match self.slots.remove(at)?.stage {
            Stage::Kept(message) => {
                self.kept -= 1;
                self.share.remove(1, message.weight());
                Some(message)
            }
            Stage::Pending | Stage::Taken => None,
        }
    }

    /// Takes all kept messages, in the order of arrival. Their identifiers stay known.
    pub fn take_kept(&mut self) -> Vec<(PacketId, Rc<Message>)> {
        let mut kept = Vec::new();
        for slot in &mut self.slots {
            if let Stage::Kept(message) = &slot.stage {
                kept.push((slot.arrival, slot.packet_id, Rc::clone(message)));
                slot.stage = Stage::Taken;
            }
        }
        self.keep_none();
        kept.sort_unstable_by_key(|(arrival, ..)| arrival.wrapping_sub(self.arrivals));
        let messages = kept.into_iter();
        messages
            .map(|(_, packet_id, message)| (packet_id, message))
            .collect()
    }

    /// Begins a Network Connection: what nobody has taken ownership of will come again as new.
    pub fn forget_pending(&mut self) {
        self.slots
            .retain(|slot| !matches!(slot.stage, Stage::Pending));
    }

    pub fn clear(&mut self) {
        self.keep_none();
        self.slots = VecDeque::new();
    }

    fn keep_none(&mut self) {
        self.share.clear(self.kept as usize);
        self.kept = 0;
    }

    /// Frees memory that is no longer needed.
    pub fn shrink(&mut self) {
        self.slots.shrink_to_fit();
    }

    fn find(&self, packet_id: PacketId) -> Result<usize, usize> {
        match (self.slots.front(), self.slots.back()) {
            (Some(first), _) if first.packet_id == packet_id => Ok(0),
            (_, Some(last)) if last.packet_id < packet_id => Err(self.slots.len()),
            _ => self
                .slots
                .binary_search_by_key(&packet_id, |slot| slot.packet_id),
        }
    }
}

impl Drop for ReceivedMessages {
    fn drop(&mut self) {
        self.keep_none();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::QoS;
    use crate::session::tests::pair::message;

    fn id(packet_id: u16) -> PacketId {
        PacketId::new(packet_id).unwrap()
    }

    #[test]
    fn identifiers_in_any_order() {
        let mut received = ReceivedMessages::default();
        let order = [7, 3, 65_535, 1, 5, 9, 2];
        for packet_id in order {
            assert_eq!(received.get(id(packet_id)), Known::No);
            received.insert_pending(id(packet_id));
            assert_eq!(received.get(id(packet_id)), Known::Pending);
            received.record(id(packet_id), None);
            assert_eq!(received.get(id(packet_id)), Known::Recorded);
        }
        for packet_id in order {
            assert!(received.remove(id(packet_id)).is_none());
            assert_eq!(received.get(id(packet_id)), Known::No);
        }
        assert!(received.slots.is_empty());
    }

    #[test]
    fn pending_ones_are_forgotten_and_recorded_ones_are_not() {
        let mut received = ReceivedMessages::default();
        received.insert_pending(id(1));
        received.insert_pending(id(2));
        received.record(id(2), None);
        received.forget_pending();
        let known = [1, 2].map(|n| received.get(id(n)));
        assert_eq!(known, [Known::No, Known::Recorded]);
    }

    #[test]
    fn what_is_kept_comes_back_once() {
        let mut received = ReceivedMessages::default();
        let kept = message("t", "1234", QoS::ExactlyOnce);
        received.insert_pending(id(3));
        received.record(id(3), Some(Rc::clone(&kept)));
        assert!(received.is_within(1, 5));
        assert!(!received.is_within(0, 5) && !received.is_within(1, 4));
        let back = received.remove(id(3)).unwrap();
        assert!(Rc::ptr_eq(&back, &kept));
        assert!(received.is_within(0, 0));
        assert_eq!(received.get(id(3)), Known::No);
    }

    #[test]
    fn what_is_kept_counts_in_the_pool_until_it_goes() {
        let pool = Rc::new(Pool::new(2, 100));
        let mut received = ReceivedMessages::default();
        received.draw_on(&pool);
        for packet_id in 1..=2 {
            assert!(received.is_within(9, 99));
            received.insert_pending(id(packet_id));
            received.record(id(packet_id), Some(message("t", "x", QoS::ExactlyOnce)));
        }
        assert_eq!((pool.messages(), pool.bytes()), (2, 4));
        assert!(!received.is_within(9, 99));
        assert!(received.remove(id(1)).is_some());
        assert_eq!((pool.messages(), pool.bytes()), (1, 2));
        assert!(received.is_within(9, 99));
        drop(received);
        assert_eq!((pool.messages(), pool.bytes()), (0, 0));
    }

    #[test]
    fn all_that_is_kept_comes_back_in_the_order_of_arrival() {
        let mut received = ReceivedMessages::default();
        received.arrivals = u32::MAX - 1;
        // Identifiers begin anew, and so do the arrivals.
        let order = [65_534, 65_535, 1, 2];
        for packet_id in order {
            received.insert_pending(id(packet_id));
            let kept = message("t", &packet_id.to_string(), QoS::ExactlyOnce);
            received.record(id(packet_id), Some(kept));
        }
        let taken = received.take_kept();
        let ids = taken.iter().map(|(packet_id, _)| packet_id.get());
        assert!(ids.eq(order));
        let payloads = taken.iter().map(|(_, message)| &message.payload[..]);
        assert!(payloads.eq(order.map(|id| id.to_string().into_bytes())));
        assert!(received.is_within(0, 0));
        assert!(
            order
                .iter()
                .all(|&n| received.get(id(n)) == Known::Recorded)
        );
        assert!(received.take_kept().is_empty());
    }
}
