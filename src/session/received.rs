//! Packet Identifiers of QoS 2 messages between their PUBLISH and their PUBREL.

use std::collections::VecDeque;

use crate::codec::PacketId;

/// What is known of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Nothing: the message is new.
    No,
    /// The application has the message and has not acknowledged it.
    Pending,
    /// PUBREC has been sent: the message is ours, and PUBREL is awaited.
    Recorded,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    packet_id: PacketId,
    recorded: bool,
}

/// The identifiers, sorted: a peer gives them out in sequence, so that nearly all changes are at
/// the two ends, where they cost nothing.
#[derive(Debug, Default)]
pub(super) struct ReceivedIds {
    slots: VecDeque<Slot>,
}

impl ReceivedIds {
    pub fn get(&self, packet_id: PacketId) -> Known {
        match self.find(packet_id).map(|at| self.slots.get(at)) {
            Ok(Some(slot)) if slot.recorded => Known::Recorded,
            Ok(_) => Known::Pending,
            Err(_) => Known::No,
        }
    }

    /// A new message goes to the application.
    pub fn insert_pending(&mut self, packet_id: PacketId) {
        if let Err(at) = self.find(packet_id) {
            let recorded = false;
            self.slots.insert(
                at,
                Slot {
                    packet_id,
                    recorded,
                },
            );
        }
    }

    /// The application has taken the message.
    pub fn record(&mut self, packet_id: PacketId) {
        if let Ok(at) = self.find(packet_id)
            && let Some(slot) = self.slots.get_mut(at)
        {
            slot.recorded = true;
        }
    }

    pub fn remove(&mut self, packet_id: PacketId) {
        if let Ok(at) = self.find(packet_id) {
            self.slots.remove(at);
        }
    }

    /// Begins a Network Connection: what nobody took ownership of will be sent again, as new.
    pub fn forget_pending(&mut self) {
        self.slots.retain(|slot| slot.recorded);
    }

    pub fn clear(&mut self) {
        self.slots = VecDeque::new();
    }

    /// Gives memory back that a busy connection needed.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_in_any_order() {
        let id = |packet_id| PacketId::new(packet_id).unwrap();
        let mut ids = ReceivedIds::default();
        let order = [7, 3, 65_535, 1, 5, 9, 2];
        for packet_id in order {
            assert_eq!(ids.get(id(packet_id)), Known::No);
            ids.insert_pending(id(packet_id));
            assert_eq!(ids.get(id(packet_id)), Known::Pending);
            ids.record(id(packet_id));
        }
        for packet_id in order {
            assert_eq!(ids.get(id(packet_id)), Known::Recorded);
            ids.remove(id(packet_id));
            assert_eq!(ids.get(id(packet_id)), Known::No);
        }
        assert!(ids.slots.is_empty());
    }

    #[test]
    fn pending_ones_are_forgotten_and_recorded_ones_are_not() {
        let id = |packet_id| PacketId::new(packet_id).unwrap();
        let mut ids = ReceivedIds::default();
        ids.insert_pending(id(1));
        ids.insert_pending(id(2));
        ids.record(id(2));
        ids.forget_pending();
        assert_eq!([1, 2].map(|n| ids.get(id(n))), [Known::No, Known::Recorded]);
    }
}
