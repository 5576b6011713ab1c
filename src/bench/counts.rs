//! How many messages there were, and what became of them.

/// How many messages there were, and what became of them: all of a run, or those of one QoS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Messages that were handed to sockets.
    pub sent: u64,
    /// Messages that the broker acknowledged (QoS 1 and 2).
    pub acked: u64,
    /// Messages that the broker refused, in a PUBACK or PUBREC.
    pub refused: u64,
    /// Arrivals there should have been of what was sent.
    pub expected: u64,
    /// Arrivals, each time a message did.
    pub received: u64,
    /// Arrivals that are missing.
    pub lost: u64,
    /// Arrivals of what had arrived already.
    pub duplicated: u64,
    /// Arrivals after a message of the same publisher (and QoS, in a run with several) that was
    /// sent later.
    pub reordered: u64,
}

impl Counts {
    /// Takes in what another counted.
    pub fn merge(&mut self, other: &Counts) {
        for (sum, count) in [
            (&mut self.sent, other.sent),
            (&mut self.acked, other.acked),
            (&mut self.refused, other.refused),
            (&mut self.expected, other.expected),
            (&mut self.received, other.received),
            (&mut self.lost, other.lost),
            (&mut self.duplicated, other.duplicated),
            (&mut self.reordered, other.reordered),
        ] {
            *sum += count;
        }
    }

    /// Messages that were neither acknowledged nor refused.
    pub(super) fn unanswered(&self) -> u64 {
        self.sent.saturating_sub(self.acked + self.refused)
    }
}
