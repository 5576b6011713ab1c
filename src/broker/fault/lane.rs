//! Packets under way in one direction.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long a packet waits for another one to go first.
const REORDER_WITHIN: Duration = Duration::from_secs(1);

/// Packets under way in one direction, in the order in which they arrive.
#[derive(Debug, Default)]
pub(super) struct Lane {
    waiting: VecDeque<Waiting>,
    /// Lets the next packet go first; it goes itself when its time is over.
    held: Option<Waiting>,
    bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    due: Instant,
    packet: Vec<u8>,
}

impl Lane {
    /// Sends a packet on its way, to arrive at `due` but not before those sent earlier.
    pub(super) fn push(&mut self, due: Instant, packet: Vec<u8>) {
        self.bytes += packet.len();
        self.append(due, packet);
        if let Some(held) = self.held.take() {
            self.append(due, held.packet);
        }
    }

    /// The same, but behind the next one.
    pub(super) fn push_behind_next(&mut self, due: Instant, packet: Vec<u8>) {
        if self.held.is_some() {
            // Two that let each other go first: the earlier one has waited long enough.
            return self.push(due, packet);
        }
        self.bytes += packet.len();
        let due = due.checked_add(REORDER_WITHIN).unwrap_or(due);
        self.held = Some(Waiting { due, packet });
    }

    fn append(&mut self, due: Instant, packet: Vec<u8>) {
        let last = self.waiting.back().map(|last| last.due);
        let due = last.map_or(due, |last| last.max(due));
        self.waiting.push_back(Waiting { due, packet });
    }

    /// The next packet that has arrived.
    pub(super) fn pop(&mut self, now: Instant) -> Option<Vec<u8>> {
        let next = match self.waiting.front() {
            Some(next) => (next.due <= now).then(|| self.waiting.pop_front())?,
            None => self.held.take_if(|held| held.due <= now),
        };
        let packet = next?.packet;
        self.bytes -= packet.len();
        Some(packet)
    }

    /// When the next packet arrives.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let next = self.waiting.front().or(self.held.as_ref());
        next.map(|next| next.due)
    }

    /// Bytes under way.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(lane: &mut Lane, now: Instant) -> Vec<u8> {
        std::iter::from_fn(|| lane.pop(now)).flatten().collect()
    }

    #[test]
    fn delayed_packets_keep_their_order() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut lane = Lane::default();
        for (seconds, packet) in [(5, 1), (2, 2), (7, 3), (0, 4)] {
            lane.push(at(seconds), vec![packet]);
        }
        assert_eq!((lane.bytes(), lane.next_due()), (4, Some(at(5))));
        assert!(all(&mut lane, at(4)).is_empty());
        assert_eq!(all(&mut lane, at(5)), [1, 2]);
        assert_eq!(all(&mut lane, at(7)), [3, 4]);
        assert_eq!((lane.bytes(), lane.next_due()), (0, None));
    }

    #[test]
    fn a_packet_lets_the_next_one_go_first_or_goes_alone() {
        let start = Instant::now();
        let mut lane = Lane::default();
        lane.push(start, vec![1]);
        lane.push_behind_next(start, vec![2]);
        assert_eq!(all(&mut lane, start), [1]);
        lane.push(start, vec![3]);
        assert_eq!(all(&mut lane, start), [3, 2]);
        lane.push_behind_next(start, vec![4]);
        lane.push_behind_next(start, vec![5]);
        assert_eq!(all(&mut lane, start), [5, 4]);
        lane.push_behind_next(start, vec![6]);
        assert_eq!(lane.bytes(), 1);
        assert_eq!(all(&mut lane, start + REORDER_WITHIN), [6]);
    }
}
