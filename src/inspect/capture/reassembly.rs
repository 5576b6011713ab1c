//! One direction of a TCP connection: from segments to the stream of bytes.
//!
//! What comes twice is dropped, what comes early waits. A hole is given up, as a gap, when
//! nothing will fill it any more: the receiver has acknowledged it and some time has passed, too
//! much is waiting, or the direction ends.

use super::ip::Segment;

/// The most bytes and segments that wait behind a hole.
const MAX_WAITING_BYTES: usize = 512 * 1024;
const MAX_WAITING: usize = 1024;

/// After this many more segments or nanoseconds, a hole that the receiver does not have is given up:
/// no capture program delays a segment by more.
pub(super) const LATE_SEGMENTS: usize = 64;
pub(super) const LATE_TIME: u64 = 1_000_000_000;

/// How long a sender may take to send again what the receiver lacks, in nanoseconds.
const RESEND_TIME: u64 = 60_000_000_000;

/// What comes out of the reassembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Bytes(&'a [u8]),
    /// This many bytes were lost; 0: an unknown number.
    Gap(u64),
    /// Something is missing that may still come, and what the other direction says next may be
    /// about it; told once.
    Late,
    End,
}

/// Bytes held for all conversations together, and how many may be.
#[derive(Debug, Default)]
pub(super) struct Budget {
    pub held: usize,
    pub limit: usize,
}

impl Budget {
    pub fn new(limit: usize) -> Budget {
        Budget { held: 0, limit }
    }
}

/// One direction of a connection.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// The number of the SYN, if it was seen.
    initial: Option<u32>,
    /// The number of the next byte to come out; `None`: nothing was seen yet.
    next: Option<u32>,
    /// The receiver has all before this number.
    acknowledged: Option<u32>,
    /// The number of the FIN.
    fin: Option<u32>,
    ended: bool,
    /// Whether it was told that something is missing.
    late: bool,
    waiting: Vec<Waiting>,
    waiting_bytes: usize,
    /// Since when there is a hole.
    hole_since: u64,
    /// Whether the receiver has acknowledged anything since.
    is_asked_for: bool,
}

/// A segment behind a hole.
#[derive(Debug)]
struct Waiting {
    sequence: u32,
    payload: Box<[u8]>,
    missing: usize,
}

impl Waiting {
    /// What it counts for in the budget.
    fn cost(&self) -> usize {
        self.payload.len() + size_of::<Waiting>()
    }
}

/// How far `to` is after `from`, around the wrap of the numbers.
fn distance(from: u32, to: u32) -> i64 {
    i64::from(to.wrapping_sub(from) as i32)
}

impl Stream {
    /// The number of the SYN, if it was seen.
    pub fn initial(&self) -> Option<u32> {
        self.initial
    }

    /// Whether it has come to its end.
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// How far a number is from what is expected; 0 if nothing is.
    pub fn ahead(&self, sequence: u32) -> i64 {
        self.next.map_or(0, |next| distance(next, sequence))
    }

    /// Whether anything of this direction was seen.
    pub fn has_begun(&self) -> bool {
        self.next.is_some()
    }

    /// A SYN: where the numbers begin.
    pub fn open(&mut self, initial: u32) {
        self.initial = Some(initial);
        self.next = Some(initial.wrapping_add(1));
    }

    /// A segment of this direction.
    #[inline]
    pub fn segment(
        &mut self,
        segment: &Segment<'_>,
        now: u64,
        budget: &mut Budget,
        out: &mut impl FnMut(Piece<'_>),
    ) {
        if self.ended {
            return;
        }
        let sequence = segment.sequence.wrapping_add(u32::from(segment.syn));
        let length = segment.payload.len() + segment.missing;
        if segment.fin {
            self.fin = Some(sequence.wrapping_add(length as u32));
        }
        if length > 0 {
            let next = match self.next {
                Some(next) => next,
                None => {
                    // Caught in the middle.
                    self.next = Some(sequence);
                    out(Piece::Gap(0));
                    sequence
                }
            };
            if sequence == next && self.waiting.is_empty() {
                self.deliver(0, segment.payload, segment.missing, out);
            } else if distance(next, sequence) <= 0 {
                self.overlap(sequence, segment.payload, segment.missing, out);
                self.fill(budget, out);
            } else {
                self.wait(sequence, segment, now, budget);
            }
        } else if !segment.fin {
            return;
        }
        self.give_up(now, budget, out);
        self.end_at_fin(out);
    }

    /// The receiver has all before this number.
    #[inline]
    pub fn acknowledge(
        &mut self,
        number: u32,
        now: u64,
        budget: &mut Budget,
        out: &mut impl FnMut(Piece<'_>),
    ) {
        if self
            .acknowledged
            .is_none_or(|old| distance(old, number) > 0)
        {
            self.acknowledged = Some(number);
        }
        if !self.waiting.is_empty() {
            self.is_asked_for = true;
            self.give_up(now, budget, out);
            self.end_at_fin(out);
        }
    }

    /// A segment of this direction, of which nobody wants the bytes.
    pub fn follow(&mut self, segment: &Segment<'_>, budget: &mut Budget) {
        budget.held -= std::mem::take(&mut self.waiting_bytes);
        self.waiting = Vec::new();
        let length = segment.payload.len() + segment.missing;
        let end = segment.sequence.wrapping_add(length as u32);
        if self.next.is_none() || self.ahead(end) > 0 {
            self.next = Some(end);
        }
        self.ended |= segment.fin || segment.rst;
    }

    /// Nothing more comes: every hole is a gap.
    pub fn finish(&mut self, budget: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        if self.ended || self.next.is_none() {
            return;
        }
        while !self.waiting.is_empty() {
            self.skip_hole(budget, out);
        }
        let Some(next) = self.next else { return };
        // Bytes that were sent, as the end or an acknowledgement shows. Both stand after them; an
        // acknowledgement may count the FIN.
        let fin = self.fin.map_or(0, |fin| distance(next, fin));
        let acknowledged = self.acknowledged.map_or(0, |number| distance(next, number));
        let lost = match self.fin {
            Some(_) => fin,
            None => acknowledged,
        };
        if lost > 1 {
            out(Piece::Gap(lost as u64));
        }
        self.ended = true;
        out(Piece::End);
    }

    /// Passes on what is new of a segment, from `skip` on, and counts it.
    #[inline]
    fn deliver(
        &mut self,
        skip: usize,
        payload: &[u8],
        missing: usize,
        out: &mut impl FnMut(Piece<'_>),
    ) {
        let bytes = payload.get(skip..).unwrap_or_default();
        let missing = missing - skip.saturating_sub(payload.len()).min(missing);
        let length = bytes.len() + missing;
        self.next = self.next.map(|next| next.wrapping_add(length as u32));
        if !bytes.is_empty() {
            out(Piece::Bytes(bytes));
        }
        if missing > 0 {
            out(Piece::Gap(missing as u64));
        }
    }

    /// A segment that begins at or before the next byte.
    fn overlap(
        &mut self,
        sequence: u32,
        payload: &[u8],
        missing: usize,
        out: &mut impl FnMut(Piece<'_>),
    ) {
        let skip = -self.ahead(sequence);
        if let Ok(skip) = usize::try_from(skip)
            && skip < payload.len() + missing
        {
            self.deliver(skip, payload, missing, out);
        }
    }

    /// Whether bytes before this number were not seen yet, and nobody was told so.
    #[inline]
    pub fn lacks(&self, number: u32) -> bool {
        // One more than was seen may be the FIN.
        self.next.is_some_and(|next| distance(next, number) > 1) && !self.late && !self.ended
    }

    /// What is missing is waited for no more.
    #[cold]
    pub fn tell_late(&mut self, out: &mut impl FnMut(Piece<'_>)) {
        if !std::mem::replace(&mut self.late, true) {
            out(Piece::Late);
        }
    }

    /// Keeps a segment that stands behind a hole.
    #[cold]
    fn wait(&mut self, sequence: u32, segment: &Segment<'_>, now: u64, budget: &mut Budget) {
        if self.waiting.is_empty() {
            self.hole_since = now;
            self.is_asked_for = false;
        }
        let place = self
            .waiting
            .partition_point(|other| distance(other.sequence, sequence) > 0);
        let same = self.waiting.get(place).is_some_and(|other| {
            other.sequence == sequence && other.payload.len() >= segment.payload.len()
        });
        if same {
            return;
        }
        let waiting = Waiting {
            sequence,
            payload: segment.payload.into(),
            missing: segment.missing,
        };
        self.waiting_bytes += waiting.cost();
        budget.held += waiting.cost();
        self.waiting.insert(place, waiting);
    }

    /// Passes on what waits behind no hole any more.
    fn fill(&mut self, budget: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        let free = self
            .waiting
            .iter()
            .position(|waiting| self.ahead(waiting.sequence) > 0);
        // What is passed on may close the hole before the next.
        let mut count = free.unwrap_or(self.waiting.len());
        while count > 0 {
            let ready: Vec<Waiting> = self.waiting.drain(..count).collect();
            for waiting in ready {
                self.waiting_bytes -= waiting.cost();
                budget.held -= waiting.cost();
                self.overlap(waiting.sequence, &waiting.payload, waiting.missing, out);
            }
            count = self
                .waiting
                .iter()
                .take_while(|waiting| self.ahead(waiting.sequence) <= 0)
                .count();
        }
    }

    /// Gives up holes that nothing will fill.
    #[inline]
    fn give_up(&mut self, now: u64, budget: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        while !self.waiting.is_empty() && self.hole_stays(now, budget) {
            self.skip_hole(budget, out);
            self.hole_since = now;
            self.is_asked_for = false;
        }
    }

    fn hole_stays(&self, now: u64, budget: &Budget) -> bool {
        let Some(first) = self.waiting.first() else {
            return false;
        };
        if self.waiting_bytes > MAX_WAITING_BYTES
            || self.waiting.len() > MAX_WAITING
            || budget.held > budget.limit
        {
            return true;
        }
        let age = now.saturating_sub(self.hole_since);
        let lacks = |number| distance(first.sequence, number) < 0;
        match self.is_asked_for && self.acknowledged.is_some_and(lacks) {
            true => age >= RESEND_TIME,
            false => age >= LATE_TIME || self.waiting.len() >= LATE_SEGMENTS,
        }
    }

    /// Makes the first hole a gap.
    fn skip_hole(&mut self, budget: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        if let (Some(first), Some(next)) = (self.waiting.first(), self.next) {
            let hole = distance(next, first.sequence);
            self.next = Some(first.sequence);
            if let Ok(hole) = u64::try_from(hole) {
                out(Piece::Gap(hole));
            }
        }
        self.fill(budget, out);
    }

    #[inline]
    fn end_at_fin(&mut self, out: &mut impl FnMut(Piece<'_>)) {
        if self.fin.is_some() && self.fin == self.next {
            self.ended = true;
            out(Piece::End);
        } else if self.fin.is_some() && self.next.is_none() {
            self.next = self.fin;
            self.ended = true;
            out(Piece::End);
        }
    }
}
