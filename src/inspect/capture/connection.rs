//! A TCP connection, from its segments to the MQTT in it.

use super::super::{Chunk, Time};
use super::early::Early;
use super::interpreter::{Interpreter, InterpreterBudgets};
use super::ip::Segment;
use super::reassembly::{Budget, Stream};
use super::undecided::{Hints, Side};

/// The port that is registered for MQTT.
pub(super) const MQTT_PORT: u16 = 1883;

/// A numbered byte ahead of or behind the stream by more than this belongs to another connection.
const FAR: i64 = 8 << 20;

/// A TCP connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// What travels from each side.
    streams: [Stream; 2],
    early: Early,
    /// When the last segment came.
    pub latest: u64,
    interpreter: Interpreter,
}

impl Connection {
    /// A connection, known by its first segment. `ports` are those on which the user expects MQTT.
    pub fn new(number: u32, first: &Segment<'_>, ports: &[u16]) -> Connection {
        let ends = [first.src, first.dst];
        let forced = ends.iter().any(|end| ports.contains(&end.port()));
        let hints = Hints {
            port: forced || ends.iter().any(|end| end.port() == MQTT_PORT),
            forced,
            framed: false,
        };
        let client = match (first.syn, first.acknowledged) {
            (true, None) => Some(0),
            (true, Some(_)) => Some(1),
            _ => None,
        };
        Connection {
            streams: Default::default(),
            early: Early::default(),
            latest: 0,
            interpreter: Interpreter::new(number, ends, client, hints),
        }
    }

    /// Whether a segment between the same ends begins another connection.
    #[inline]
    pub fn is_over_with(&self, segment: &Segment<'_>) -> bool {
        let stream = &self.streams[self.interpreter.side_of(segment)];
        let ahead = stream.ahead(segment.sequence);
        if segment.syn {
            // Not this connection's SYN again, nor that SYN late.
            return match stream.initial() {
                Some(initial) => initial != segment.sequence,
                None => stream.has_begun() && !(-FAR..0).contains(&ahead),
            };
        }
        ahead < -FAR || (ahead > FAR && self.is_closed()) && !segment.payload.is_empty()
    }

    /// How many messages in it could not be read, as they are compressed.
    pub fn unreadable(&self) -> u64 {
        self.interpreter.unreadable()
    }

    /// Its number.
    pub fn number(&self) -> u32 {
        self.interpreter.number()
    }

    /// Whether both directions have ended.
    pub fn is_closed(&self) -> bool {
        self.streams.iter().all(Stream::has_ended)
    }

    /// Whether it is MQTT, for all that is known.
    pub fn is_mqtt(&self) -> bool {
        self.interpreter.is_mqtt()
    }

    /// Takes a segment of this connection, and tells what becomes readable.
    #[inline]
    pub fn segment(
        &mut self,
        segment: &Segment<'_>,
        time: Option<Time>,
        budgets: &mut Budgets,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        self.latest = time.map_or(self.latest, |time| time.0);
        if self.is_early(segment) {
            self.early.keep(segment, time, &mut budgets.waiting);
        } else {
            self.take(segment, time, budgets, out);
        }
        if !self.early.is_empty() {
            self.take_early(budgets, out);
        }
    }

    /// Whether it acknowledges, and may answer, what was not seen yet.
    #[inline]
    fn is_early(&self, segment: &Segment<'_>) -> bool {
        let other = &self.streams[1 - self.interpreter.side_of(segment)];
        (segment.fin || !segment.payload.is_empty())
            && segment
                .acknowledged
                .is_some_and(|number| other.lacks(number))
            && !self.interpreter.is_other()
    }

    /// Takes the segments that are early no more.
    #[cold]
    fn take_early(&mut self, budgets: &mut Budgets, out: &mut impl FnMut(Chunk<'_>)) {
        loop {
            let overdue = self.early.overdue(self.latest, &budgets.waiting);
            if let Some(side) = overdue.map(|first| self.interpreter.side_of(&first)) {
                self.tell_late(1 - side, budgets, out);
            }
            let (streams, interpreter) = (&self.streams, &self.interpreter);
            let is_due = |segment: &Segment<'_>| {
                let other = &streams[1 - interpreter.side_of(segment)];
                !segment
                    .acknowledged
                    .is_some_and(|number| other.lacks(number))
            };
            let Some(early) = self.early.take(&mut budgets.waiting, is_due) else {
                return;
            };
            self.take(&early.segment(), early.time, budgets, out);
        }
    }

    fn tell_late(&mut self, side: Side, budgets: &mut Budgets, out: &mut impl FnMut(Chunk<'_>)) {
        let time = Some(Time(self.latest));
        let (interpreter, held) = (&mut self.interpreter, &mut budgets.interpreters);
        self.streams[side].tell_late(&mut |piece| interpreter.hear(side, time, piece, held, out));
    }

    /// Takes a segment at its place.
    #[inline]
    fn take(
        &mut self,
        segment: &Segment<'_>,
        time: Option<Time>,
        budgets: &mut Budgets,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        let now = self.latest;
        let side = self.interpreter.side_of(segment);
        let [zero, one] = &mut self.streams;
        let (stream, other) = match side {
            0 => (zero, one),
            _ => (one, zero),
        };
        if segment.syn && !stream.has_begun() {
            stream.open(segment.sequence);
        }
        if self.interpreter.is_other() {
            // Only where it stands matters, for the ports may be used again.
            stream.follow(segment, &mut budgets.waiting);
            if segment.rst {
                other.follow(segment, &mut budgets.waiting);
            }
            return;
        }
        let (interpreter, held) = (&mut self.interpreter, &mut budgets.interpreters);
        if let Some(number) = segment.acknowledged {
            other.acknowledge(number, now, &mut budgets.waiting, &mut |piece| {
                interpreter.hear(1 - side, time, piece, held, out);
            });
        }
        stream.segment(segment, now, &mut budgets.waiting, &mut |piece| {
            interpreter.hear(side, time, piece, held, out);
        });
        if segment.rst {
            self.finish(time, budgets, out);
        }
    }

    /// Nothing more comes.
    pub fn finish(
        &mut self,
        time: Option<Time>,
        budgets: &mut Budgets,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        if !self.early.is_empty() {
            // What they acknowledge will not come.
            self.tell_late(0, budgets, out);
            self.tell_late(1, budgets, out);
            self.take_early(budgets, out);
        }
        let (interpreter, held) = (&mut self.interpreter, &mut budgets.interpreters);
        for (side, stream) in self.streams.iter_mut().enumerate() {
            stream.finish(&mut budgets.waiting, &mut |piece| {
                interpreter.hear(side, time, piece, held, out);
            });
        }
        self.interpreter.finish(held, out);
    }
}

/// What all conversations together may hold.
#[derive(Debug)]
pub(super) struct Budgets {
    /// Segments behind holes.
    pub waiting: Budget,
    /// What was said.
    pub interpreters: InterpreterBudgets,
}
