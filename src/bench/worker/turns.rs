//! The turns of one client.

use std::time::Instant;

use super::context::{Context, Part};

/// The turns that a client has had, and when its next one is.
pub(super) struct Turns {
    /// Its number among all clients of its kind.
    number: u64,
    part: Part,
    /// Warm-up included.
    taken: u64,
    measured: u64,
    finished: bool,
    /// Everybody knows that it has finished.
    retired: bool,
}

impl Turns {
    pub(super) fn new(number: u64, part: Part) -> Turns {
        Turns {
            number,
            part,
            taken: 0,
            measured: 0,
            finished: false,
            retired: false,
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.number
    }

    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether there will be no other.
    pub(super) fn is_finished(&self) -> bool {
        self.finished
    }

    /// There will be no other.
    pub(super) fn finish(&mut self, context: &Context) {
        self.finished = true;
        self.sent_all(context);
    }

    /// The socket has taken all that there was: if there will be no other turn, it is over now.
    pub(super) fn sent_all(&mut self, context: &Context) {
        if self.finished && !std::mem::replace(&mut self.retired, true) {
            context.retire(self.part, Instant::now());
        }
    }

    /// When the next one is due, and whether it is measured; `None`: none is due by `now`.
    pub(super) fn due(&mut self, context: &Context, now: u64) -> Option<(u64, bool)> {
        let start = context.begins(self.part).filter(|_| !self.finished)?;
        let due = match context.schedule_of(self.part) {
            Some(schedule) => {
                let n = schedule.message(self.number, self.taken);
                n.map(|n| start + schedule.due(n))
            }
            None => context
                .has_closed_turn(self.part, self.number, self.measured, now)
                .then_some(now),
        };
        let Some(due) = due else {
            self.finished = true;
            return None;
        };
        (due <= now).then(|| (due, due >= context.measured_from(self.part)))
    }

    /// It had the one that was due.
    pub(super) fn take(&mut self) {
        self.taken += 1;
    }

    /// What it did counts as measured.
    pub(super) fn measure(&mut self) {
        self.measured += 1;
    }
}
