//! Segments that stand too early in a capture: they acknowledge what was not seen yet.
//!
//! Capture programs mix up the order of segments a little, most of all between the two directions:
//! an answer may stand before what it answers. Within a direction the numbers of TCP tell the order;
//! between the directions the acknowledgements do.

use std::collections::VecDeque;

use super::super::Time;
use super::ip::Segment;
use super::reassembly::{Budget, LATE_SEGMENTS, LATE_TIME};

/// Segments of a connection that wait for what they acknowledge.
#[derive(Debug, Default)]
pub(super) struct Early {
    waiting: VecDeque<Waiting>,
}

/// A segment that waits.
#[derive(Debug)]
pub(super) struct Waiting {
    /// All but its payload.
    header: Segment<'static>,
    payload: Box<[u8]>,
    /// When it was captured.
    pub time: Option<Time>,
}

impl Waiting {
    /// The segment as it came.
    pub fn segment(&self) -> Segment<'_> {
        Segment {
            payload: &self.payload,
            ..self.header
        }
    }

    /// What it counts for in the budget.
    fn cost(&self) -> usize {
        self.payload.len() + size_of::<Waiting>()
    }
}

impl Early {
    /// Whether none waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Keeps a segment.
    #[cold]
    pub fn keep(&mut self, segment: &Segment<'_>, time: Option<Time>, budget: &mut Budget) {
        let waiting = Waiting {
            header: Segment {
                payload: &[],
                ..*segment
            },
            payload: segment.payload.into(),
            time,
        };
        budget.held += waiting.cost();
        self.waiting.push_back(waiting);
    }

    /// The first, if it has waited for too long: what it acknowledges is lost rather than late.
    #[cold]
    pub fn overdue(&self, now: u64, budget: &Budget) -> Option<Segment<'_>> {
        let first = self.waiting.front()?;
        let age = first.time.map_or(0, |time| now.saturating_sub(time.0));
        let is_overdue =
            self.waiting.len() > LATE_SEGMENTS || age >= LATE_TIME || budget.held > budget.limit;
        is_overdue.then(|| first.segment())
    }

    /// Takes out the first of those that are due.
    #[cold]
    pub fn take(
        &mut self,
        budget: &mut Budget,
        is_due: impl Fn(&Segment<'_>) -> bool,
    ) -> Option<Waiting> {
        let at = self
            .waiting
            .iter()
            .position(|waiting| is_due(&waiting.header))?;
        let waiting = self.waiting.remove(at)?;
        budget.held -= waiting.cost();
        Some(waiting)
    }
}
