//! Messages sent at QoS 1 and 2 and not yet acknowledged, in the order they were sent.

use std::collections::VecDeque;
use std::rc::Rc;

use super::message::{Delivery, Message};
use super::pool::{Pool, Share};
use crate::codec::{PacketId, ReasonCode};

/// Where a message stands in its handshake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// PUBLISH has to be acknowledged, by PUBACK or PUBREC.
    Publish,
    /// PUBREC came; PUBREL has to be acknowledged, by PUBCOMP.
    Release,
}

/// A message in flight.
#[derive(Debug)]
pub(super) struct Entry {
    pub packet_id: PacketId,
    /// Its number in the journal.
    pub sequence: u64,
    pub step: Step,
    /// The Reason Code of its PUBREC.
    pub reason: ReasonCode,
    /// What [`Entry::step`] asks for has been sent on this Network Connection.
    pub sent: bool,
    /// A server drops it at PUBREC. A client keeps it until PUBCOMP, to publish it again if the server
    /// loses the session. `None` from the beginning for [`Session::publish_unkept`].
    ///
    /// [`Session::publish_unkept`]: super::Session::publish_unkept
    pub message: Option<Rc<Message>>,
    pub delivery: Delivery,
}

/// The messages in flight. Packet Identifiers are given out in sequence, so that the order of
/// sending (MQTT-4.6.0-1) is the order of identifiers, and a message is found by the distance of
/// its identifier from the first one: at once when nothing between them has been acknowledged,
/// otherwise by bisection.
#[derive(Debug, Default)]
pub(super) struct InFlight {
    entries: VecDeque<Entry>,
    /// The sequence of identifiers has come full circle, past one that is still in use.
    unsorted: bool,
    /// The messages' weights.
    share: Share,
}

impl Entry {
    /// A message whose PUBLISH has been sent.
    pub fn new(
        packet_id: PacketId,
        sequence: u64,
        message: Option<Rc<Message>>,
        delivery: Delivery,
    ) -> Entry {
        Entry {
            packet_id,
            sequence,
            step: Step::Publish,
            reason: ReasonCode::SUCCESS,
            sent: true,
            message,
            delivery,
        }
    }

    fn weight(&self) -> usize {
        self.message.as_ref().map_or(0, |message| message.weight())
    }
}

impl InFlight {
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The bytes that count towards a limit.
    pub fn bytes(&self) -> usize {
        self.share.bytes()
    }

    /// Counts the messages in this pool too, and observes its bounds.
    pub fn draw_on(&mut self, pool: &Rc<Pool>) {
        self.share.draw_on(pool, self.entries.len());
    }

    /// Whether the pool has room for another message.
    pub fn has_room(&self) -> bool {
        // The weight of the message does not matter: one byte of room is enough.
        self.share.has_room(1)
    }

    /// Drops a message whose identifier stays in use.
    pub fn forget_message(&mut self, position: usize) {
        if let Some(entry) = self.entries.get_mut(position) {
            self.share.remove(0, entry.weight());
            entry.message = None;
        }
    }

    pub fn get_mut(&mut self, position: usize) -> Option<&mut Entry> {
        self.entries.get_mut(position)
    }

    /// Where the message with this identifier stands.
    pub fn position(&self, packet_id: PacketId) -> Option<usize> {
        let first = self.entries.front()?.packet_id;
        if self.unsorted {
            return self.entries.iter().position(|e| e.packet_id == packet_id);
        }
        let distance = distance(first, packet_id);
        // Identifiers are distinct: an entry cannot stand further than its distance.
        let end = self.entries.len().min(distance + 1);
        let found = |at: usize| {
            self.entries
                .get(at)
                .is_some_and(|e| e.packet_id == packet_id)
        };
        if found(end - 1) {
            return Some(end - 1);
        }
        let (mut low, mut high) = (0, end);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.entries.get(middle) {
                Some(entry) if self::distance(first, entry.packet_id) < distance => {
                    low = middle + 1;
                }
                _ => high = middle,
            }
        }
        found(low).then_some(low)
    }

    /// Whether an identifier is in use. Costs nothing for the next one in sequence.
    pub fn contains(&self, packet_id: PacketId) -> bool {
        match (self.entries.front(), self.entries.back()) {
            (Some(first), Some(last))
                if !self.unsorted
                    && distance(first.packet_id, packet_id)
                        > distance(first.packet_id, last.packet_id) =>
            {
                false
            }
            _ => self.position(packet_id).is_some(),
        }
    }

    pub fn push(&mut self, entry: Entry) {
        match (self.entries.front(), self.entries.back()) {
            (Some(first), Some(last)) => {
                let first = first.packet_id;
                self.unsorted |= distance(first, entry.packet_id) < distance(first, last.packet_id);
            }
            _ => self.unsorted = false,
        }
        self.share.add(1, entry.weight());
        self.entries.push_back(entry);
    }

    pub fn remove(&mut self, position: usize) -> Option<Entry> {
        let removed = if position == 0 {
            self.entries.pop_front()
        } else {
            self.entries.remove(position)
        };
        if let Some(removed) = &removed {
            self.share.remove(1, removed.weight());
        }
        removed
    }

    /// Begins a Network Connection on which nothing has been sent yet.
    pub fn rewind(&mut self) {
        for entry in &mut self.entries {
            entry.sent = false;
        }
    }

    /// In the order of sending.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }

    /// The first message, from this position on, that has not been sent on this Network Connection.
    pub fn next_unsent(&self, from: usize) -> Option<usize> {
        (from..self.entries.len()).find(|&at| self.entries.get(at).is_some_and(|entry| !entry.sent))
    }

    /// Removes and returns everything.
    pub fn take(&mut self) -> VecDeque<Entry> {
        self.share.clear(self.entries.len());
        std::mem::take(&mut self.entries)
    }

    /// Frees memory that is no longer needed.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.share.clear(self.entries.len());
    }
}

/// Steps from one identifier to another in the cyclic sequence 1, 2, …, 65,535, 1, ….
fn distance(from: PacketId, to: PacketId) -> usize {
    let (from, to) = (usize::from(from.get()), usize::from(to.get()));
    if to >= from {
        to - from
    } else {
        to + 65_535 - from
    }
}

/// The identifier after this one.
pub(super) fn successor(packet_id: PacketId) -> PacketId {
    packet_id.checked_add(1).unwrap_or(PacketId::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(packet_id: u16) -> Entry {
        let packet_id = PacketId::new(packet_id).unwrap();
        Entry::new(packet_id, 0, None, Delivery::default())
    }

    fn check(in_flight: &InFlight) {
        for packet_id in (1..=u16::MAX).filter_map(PacketId::new) {
            let at = in_flight
                .entries
                .iter()
                .position(|entry| entry.packet_id == packet_id);
            assert_eq!(in_flight.position(packet_id), at, "{packet_id}");
            assert_eq!(in_flight.contains(packet_id), at.is_some(), "{packet_id}");
        }
    }

    #[test]
    fn entries_are_found_over_gaps_and_over_the_end_of_the_sequence() {
        let mut in_flight = InFlight::default();
        check(&in_flight);
        for packet_id in (65_500..=u16::MAX).chain(1..30) {
            in_flight.push(entry(packet_id));
        }
        check(&in_flight);
        for position in [3, 3, 3, 20, 40, 0, 0] {
            in_flight.remove(position);
        }
        check(&in_flight);
    }

    #[test]
    fn entries_are_found_when_the_sequence_has_passed_one_that_is_stuck() {
        let mut in_flight = InFlight::default();
        for packet_id in [5, u16::MAX, 4, 6, 9] {
            in_flight.push(entry(packet_id));
        }
        check(&in_flight);
        in_flight.remove(1);
        check(&in_flight);
        while !in_flight.is_empty() {
            in_flight.remove(0);
        }
        in_flight.push(entry(7));
        check(&in_flight);
    }
}
