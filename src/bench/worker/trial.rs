//! What resting does to a run: a worker, its sockets and a broker, in time that is counted and not
//! waited for.

use std::collections::VecDeque;

use super::rest::Rest;
use crate::bench::moderation::{Moderation, RoundTrips};

/// How long a look at all sockets takes, in nanoseconds as everything here.
const LOOK: u64 = 5_000;
/// How long it takes the worker to write or to read a message.
const HANDLE: u64 = 50;
/// How long a message takes the broker.
const SERVE: u64 = 150;
/// How long a run goes on.
const SPAN: u64 = 300_000_000;

/// A closed loop with a broker that is slower than the worker.
#[derive(Clone, Copy, Debug)]
struct Trial {
    /// The broker acknowledges messages, and so many may be unanswered; otherwise it passes them
    /// on, and its sockets have room for so many.
    is_acknowledged: bool,
    window: usize,
    /// So many answers are read before other things have their turn.
    readable: usize,
}

/// What came of a trial.
struct Figures {
    answers: usize,
    looks: usize,
}

impl Trial {
    fn run(self, is_resting: bool) -> Figures {
        let (mut moderation, rest) = (Moderation::new(false), Rest::default());
        // When those messages were sent that the broker has not served, and that it has.
        let (mut waiting, mut served) = (VecDeque::new(), VecDeque::new());
        let (mut now, mut idle_from) = (0, 0);
        let mut figures = Figures {
            answers: 0,
            looks: 0,
        };
        while now < SPAN {
            figures.looks += 1;
            now += LOOK;
            while let Some(&sent) = waiting.front()
                && idle_from.max(sent) + SERVE <= now
            {
                idle_from = idle_from.max(sent) + SERVE;
                served.extend(waiting.pop_front());
            }
            let read: Vec<u64> = served.drain(..served.len().min(self.readable)).collect();
            let shortest = read.iter().map(|sent| now - sent).min();
            let round_trips = match self.is_acknowledged {
                true => RoundTrips {
                    acknowledged: shortest,
                    arrived: None,
                },
                false => RoundTrips {
                    acknowledged: None,
                    arrived: shortest,
                },
            };
            figures.answers += read.len();
            moderation.read(now, read.len() as u64, round_trips);
            rest.want(moderation.pause());
            if !served.is_empty() {
                rest.has_more();
            }
            let unanswered = match self.is_acknowledged {
                true => waiting.len() + served.len(),
                false => waiting.len(),
            };
            let sent = self.window - unanswered;
            waiting.extend(std::iter::repeat_n(now, sent));
            now += (read.len() + sent) as u64 * HANDLE;
            let pause = rest.take(now).as_nanos() as u64;
            if is_resting {
                now += pause;
            }
        }
        figures
    }
}

/// Loops of one connection and of many; with room in the sockets for little and for much; read
/// faster than the broker answers in a rest, and slower.
fn trials() -> impl Iterator<Item = Trial> {
    let windows = [(true, 100), (true, 1_000), (true, 100_000)];
    let rooms = [(false, 1_000), (false, 80_000)];
    windows
        .into_iter()
        .chain(rooms)
        .flat_map(|(is_acknowledged, window)| {
            [500, 2_000, 100_000].map(|readable| Trial {
                is_acknowledged,
                window,
                readable,
            })
        })
}

#[test]
fn a_rest_costs_a_closed_loop_nothing() {
    for trial in trials() {
        let (resting, restless) = (trial.run(true).answers, trial.run(false).answers);
        assert!(
            resting * 20 >= restless * 19,
            "{trial:?}: {resting} of {restless}"
        );
    }
}

#[test]
fn a_rest_saves_looks_where_much_is_unanswered() {
    let trial = Trial {
        is_acknowledged: true,
        window: 100_000,
        readable: 2_000,
    };
    let (resting, restless) = (trial.run(true).looks, trial.run(false).looks);
    assert!(resting * 10 <= restless, "{resting} beside {restless}");
}
