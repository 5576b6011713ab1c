//! When the broker stood still.

use std::time::Duration;

/// A shorter silence is none.
const SHORTEST: Duration = Duration::from_millis(250);

/// A time in which messages waited and nothing came from the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stall {
    /// When it began, after the start of the run.
    pub from: Duration,
    /// How long it lasted.
    pub length: Duration,
    /// Messages that waited when it ended.
    pub waiting: u64,
}

/// Watches the progress of a run for stalls.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The last moment at which something came, or nothing was waited for.
    alive: Duration,
    progress: u64,
    /// When something came last.
    came: Duration,
    is_stalled: bool,
    stalls: Vec<Stall>,
}

impl Watch {
    /// At `now` so much had come in all, and so many messages were waited for.
    pub(super) fn sample(&mut self, now: Duration, progress: u64, waiting: u64) {
        if progress != self.progress {
            self.came = now;
        }
        if progress != self.progress || waiting == 0 {
            self.progress = progress;
            self.alive = now;
            self.is_stalled = false;
            return;
        }
        let length = now.saturating_sub(self.alive);
        if length < SHORTEST {
            return;
        }
        if !std::mem::replace(&mut self.is_stalled, true) {
            self.stalls.push(Stall {
                from: self.alive,
                length,
                waiting,
            });
        } else if let Some(stall) = self.stalls.last_mut() {
            stall.length = length;
            stall.waiting = waiting;
        }
    }

    /// How long nothing has come although something is waited for.
    pub(super) fn silence(&self, now: Duration) -> Duration {
        now.saturating_sub(self.alive)
    }

    /// How long nothing has come, whether it was waited for or not.
    pub(super) fn quiet(&self, now: Duration) -> Duration {
        now.saturating_sub(self.came)
    }

    /// All stalls, the longest first, and when the one began that goes on at the end. A silence
    /// that began when the run `is_over`, with nothing more to be sent, is none.
    pub(super) fn into_stalls(
        mut self,
        is_over: Option<Duration>,
    ) -> (Vec<Stall>, Option<Duration>) {
        let began_late = |stall: &Stall| is_over.is_some_and(|end| stall.from + SHORTEST >= end);
        if self.is_stalled && self.stalls.pop_if(|stall| began_late(stall)).is_some() {
            self.is_stalled = false;
        }
        let last = self.stalls.last().filter(|_| self.is_stalled);
        let silent_from = last.map(|stall| stall.from);
        self.stalls
            .sort_by_key(|stall| std::cmp::Reverse(stall.length));
        (self.stalls, silent_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_silence_while_something_is_waited_for_is_a_stall() {
        let mut watch = Watch::default();
        for now in 0..10 {
            watch.sample(ms(100 * now), now, 1);
        }
        for now in 10..30 {
            watch.sample(ms(100 * now), 9, 1 + now);
        }
        watch.sample(ms(3000), 50, 1);
        watch.sample(ms(3100), 50, 1);
        let expected = Stall {
            from: ms(900),
            length: ms(2000),
            waiting: 30,
        };
        assert_eq!(watch.into_stalls(None), (vec![expected], None));
    }

    #[test]
    fn where_nothing_is_waited_for_nothing_stalls() {
        let mut watch = Watch::default();
        for now in 0..100 {
            watch.sample(ms(100 * now), 7, 0);
        }
        assert_eq!(watch.silence(ms(10_000)), ms(100));
        assert_eq!(watch.into_stalls(None), (vec![], None));
    }

    #[test]
    fn a_silence_after_the_end_is_none() {
        let mut watch = Watch::default();
        watch.sample(ms(1000), 1, 1);
        watch.sample(ms(3000), 1, 1);
        assert_eq!(watch.into_stalls(Some(ms(1100))), (vec![], None));
        let mut watch = Watch::default();
        watch.sample(ms(1000), 1, 1);
        watch.sample(ms(3000), 1, 1);
        let (stalls, silent_from) = watch.into_stalls(Some(ms(2000)));
        assert_eq!((stalls.len(), silent_from), (1, Some(ms(1000))));
    }
}
