//! When each message is due: the open loop.

use std::time::Duration;

const NANOS: f64 = 1e9;

/// An even schedule over all publishers of a run, on all its workers: message `n` is due `n / rate`
/// seconds after the start, and it is the turn of publisher `n % publishers`.
///
/// Nothing ever shifts it: a message that could not be sent in time is late, and the latency of
/// all that follow counts from when *they* were due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Schedule {
    rate: f64,
    publishers: u64,
    messages: u64,
}

impl Schedule {
    /// `rate` messages a second, spread over the publishers. It ends after so many `messages`, or
    /// when the time is over, whichever comes first.
    pub fn new(
        rate: f64,
        publishers: u64,
        messages: Option<u64>,
        time: Option<Duration>,
    ) -> Schedule {
        let in_time = time.map_or(u64::MAX, |time| (time.as_secs_f64() * rate).ceil() as u64);
        Schedule {
            rate,
            publishers: publishers.max(1),
            messages: messages.unwrap_or(u64::MAX).min(in_time),
        }
    }

    /// Messages a second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// A turn for each of so many, all of them at the start.
    pub fn at_once(publishers: u64) -> Schedule {
        Schedule {
            rate: f64::INFINITY,
            publishers: publishers.max(1),
            messages: publishers,
        }
    }

    /// Messages in all.
    pub fn messages(&self) -> u64 {
        self.messages
    }

    /// From one message to the next.
    pub fn step(&self) -> Duration {
        Duration::from_nanos(self.due(1))
    }

    /// When message `n` is due, in nanoseconds after the start.
    pub fn due(&self, n: u64) -> u64 {
        (n as f64 / self.rate * NANOS) as u64
    }

    /// How many messages are due at `elapsed` nanoseconds after the start.
    pub fn due_by(&self, elapsed: u64) -> u64 {
        if self.rate.is_infinite() {
            return self.messages;
        }
        let guess = (elapsed as f64 / NANOS * self.rate) as u64;
        // Both conversions round: the answer is next to the guess.
        let first = guess.saturating_sub(1);
        let count = (first..first + 3)
            .find(|&n| self.due(n) > elapsed)
            .unwrap_or(first + 3);
        count.min(self.messages)
    }

    /// The number of the `turn`th message of a publisher; `None` after its last.
    pub fn message(&self, publisher: u64, turn: u64) -> Option<u64> {
        let n = turn.checked_mul(self.publishers)?.checked_add(publisher)?;
        (n < self.messages).then_some(n)
    }
}

/// The share of one worker in a [`Schedule`]: the publishers whose number leaves the worker's
/// number when divided by the number of workers. Gives its messages in the order they are due.
#[derive(Clone, Debug)]
pub(super) struct Share {
    schedule: Schedule,
    worker: u64,
    workers: u64,
    own_publishers: u64,
    next: u64,
}

impl Share {
    /// The share of `worker`, one of `workers`.
    pub fn new(schedule: Schedule, worker: u64, workers: u64) -> Share {
        let own_publishers = (schedule.publishers + workers - 1 - worker) / workers;
        Share {
            schedule,
            worker,
            workers,
            own_publishers,
            next: 0,
        }
    }

    /// The publisher of the next message, as the worker counts its own, and when it is due; `None`
    /// after the last.
    pub fn peek(&self) -> Option<(u64, u64)> {
        if self.own_publishers == 0 {
            return None;
        }
        let own = self.next % self.own_publishers;
        let publisher = own * self.workers + self.worker;
        let n = self
            .schedule
            .message(publisher, self.next / self.own_publishers)?;
        Some((own, self.schedule.due(n)))
    }

    /// Goes on to the message after.
    pub fn advance(&mut self) {
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_spread_evenly_and_end_where_they_should() {
        let schedule = Schedule::new(1000.0, 3, None, Some(Duration::from_secs(2)));
        assert_eq!(schedule.messages(), 2000);
        assert_eq!(schedule.step(), Duration::from_millis(1));
        assert_eq!(schedule.due(0), 0);
        assert_eq!(schedule.due(1500), 1_500_000_000);
        assert_eq!(schedule.message(2, 0), Some(2));
        assert_eq!(schedule.message(2, 1), Some(5));
        assert_eq!(schedule.message(1, 666), Some(1999));
        assert_eq!(schedule.message(2, 666), None);
        let counted = Schedule::new(1000.0, 3, Some(7), Some(Duration::from_secs(2)));
        assert_eq!(counted.messages(), 7);
    }

    #[test]
    fn what_is_due_at_once_is_due_at_the_start() {
        let schedule = Schedule::at_once(5);
        assert_eq!(
            [0, 1, 1_000_000].map(|elapsed| schedule.due_by(elapsed)),
            [5; 3]
        );
        assert_eq!((schedule.due(0), schedule.due(4)), (0, 0));
        assert_eq!(
            (schedule.message(4, 0), schedule.message(0, 1)),
            (Some(4), None)
        );
    }

    #[test]
    fn what_is_due_agrees_with_when_it_is_due() {
        for rate in [0.3, 7.0, 1000.0, 33_333.3, 200_000.0] {
            let schedule = Schedule::new(rate, 1, None, Some(Duration::from_secs(100)));
            for elapsed in (0..3_000_000_000).step_by(7_654_321) {
                let count = schedule.due_by(elapsed);
                assert!(
                    count == 0 || schedule.due(count - 1) <= elapsed,
                    "{rate} {elapsed}"
                );
                assert!(
                    schedule.due(count) > elapsed || count == schedule.messages(),
                    "{rate} {elapsed} {count}"
                );
            }
        }
    }

    #[test]
    fn the_shares_of_all_workers_are_the_schedule() {
        for (publishers, workers) in [(1, 1), (1, 3), (7, 2), (10, 4), (64, 8)] {
            let schedule = Schedule::new(50.0, publishers, Some(100), None);
            let mut all = Vec::new();
            for worker in 0..workers {
                let mut share = Share::new(schedule, worker, workers);
                let mut last = 0;
                while let Some((own, due)) = share.peek() {
                    assert!(own * workers + worker < publishers);
                    assert!(due >= last, "a share is in the order of time");
                    last = due;
                    all.push(due);
                    share.advance();
                }
            }
            all.sort_unstable();
            let whole: Vec<_> = (0..100).map(|n| schedule.due(n)).collect();
            assert_eq!(all, whole, "{publishers} publishers, {workers} workers");
        }
    }
}
