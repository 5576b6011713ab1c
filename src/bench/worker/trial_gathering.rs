//! What gathering does to a run: a worker with many connections and a broker that serves them in
//! turn, in time that is counted and not waited for.

use std::collections::VecDeque;

use super::gathering::Gathering;
use crate::bench::moderation::{Moderation, RoundTrips};

/// How long a look at all sockets takes, in nanoseconds as everything here, and what it comes to
/// with the rest before it.
const LOOK: u64 = 20_000_000;
/// How long a message takes the broker.
const SERVE: u64 = 400_000;
const CONNECTIONS: usize = 100;
/// So many messages of a connection may be unanswered: four seconds' work of the broker in all.
const WINDOW: usize = 100;
/// How long a run goes on.
const SPAN: u64 = 30_000_000_000;

/// When messages were sent.
#[derive(Default)]
struct Connection {
    /// Those that the broker has not served.
    waiting: VecDeque<u64>,
    /// Those that it has: when the acknowledgement came too.
    served: VecDeque<(u64, u64)>,
    is_gathering: bool,
}

/// What came of a trial.
#[derive(Default)]
struct Figures {
    answers: u64,
    reads: u64,
    /// How long acknowledgements took, and how long they then lay unread.
    round_trips: u64,
    unread: u64,
}

struct Trial {
    connections: Vec<Connection>,
    /// The connections with something for the broker, in the order in which it serves them.
    turns: VecDeque<usize>,
    moderation: Moderation,
    gathering: Gathering,
    figures: Figures,
    now: u64,
}

impl Trial {
    fn new() -> Trial {
        Trial {
            connections: (0..CONNECTIONS).map(|_| Connection::default()).collect(),
            turns: VecDeque::new(),
            moderation: Moderation::new(false),
            gathering: Gathering::default(),
            figures: Figures::default(),
            now: 0,
        }
    }

    fn run(mut self, gathers: bool) -> Figures {
        let mut served_until = 0;
        for slot in 0..CONNECTIONS {
            self.fill(slot);
        }
        while self.now < SPAN {
            self.now += LOOK;
            while served_until + SERVE <= self.now
                && let Some(slot) = self.turns.pop_front()
            {
                served_until += SERVE;
                self.serve(slot, served_until);
            }
            served_until = match self.turns.is_empty() {
                true => self.now,
                false => served_until,
            };
            for slot in 0..CONNECTIONS {
                let connection = &self.connections[slot];
                if !connection.is_gathering && !connection.served.is_empty() {
                    self.read(slot, gathers);
                }
            }
            let mut next = self.gathering.next_due(u64::MAX);
            while let Some(slot) = next {
                self.connections[slot].is_gathering = false;
                self.read(slot, gathers);
                next = self.gathering.next_due(self.now);
            }
        }
        self.figures
    }

    fn serve(&mut self, slot: usize, at: u64) {
        let connection = &mut self.connections[slot];
        let sent = connection.waiting.pop_front().expect("it has its turn");
        connection.served.push_back((sent, at));
        if !connection.waiting.is_empty() {
            self.turns.push_back(slot);
        }
    }

    fn read(&mut self, slot: usize, gathers: bool) {
        let mut round_trips = RoundTrips::default();
        let (figures, now) = (&mut self.figures, self.now);
        figures.reads += 1;
        let mut packets = 0;
        for (sent, came) in self.connections[slot].served.drain(..) {
            packets += 1;
            round_trips.acknowledged(now - sent);
            figures.round_trips += now - sent;
            figures.unread += now - came;
        }
        figures.answers += packets;
        let is_answered = self.moderation.read(now, packets, round_trips);
        let gather = self.moderation.gather();
        if gathers && is_answered && gather > 0 {
            self.connections[slot].is_gathering = true;
            self.gathering.push(now + gather, slot);
        }
        self.fill(slot);
    }

    /// Sends as much as the window allows.
    fn fill(&mut self, slot: usize) {
        let connection = &mut self.connections[slot];
        if connection.waiting.is_empty() {
            self.turns.push_back(slot);
        }
        let sent = WINDOW - connection.waiting.len();
        let messages = std::iter::repeat_n(self.now, sent);
        connection.waiting.extend(messages);
    }
}

#[test]
fn gathering_saves_reads_and_costs_a_closed_loop_nothing() {
    let (gathering, eager) = (Trial::new().run(true), Trial::new().run(false));
    assert!(
        gathering.answers * 100 >= eager.answers * 99,
        "{} of {}",
        gathering.answers,
        eager.answers
    );
    assert!(
        gathering.reads * 4 <= eager.reads,
        "{} beside {}",
        gathering.reads,
        eager.reads
    );
}

/// A wait that fed itself would grow from round trip to round trip.
#[test]
fn acknowledgements_lie_unread_for_a_tenth_of_their_round_trip_at_most() {
    let Figures {
        round_trips,
        unread,
        ..
    } = Trial::new().run(true);
    assert!(unread * 10 <= round_trips, "{unread} of {round_trips}");
}
