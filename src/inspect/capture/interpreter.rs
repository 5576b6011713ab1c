//! From what the two ends of a connection send to the MQTT in it: whether it is any, bare or in a
//! WebSocket, and which end is the Client.

use core::net::SocketAddr;

use super::super::{Chunk, Data, Direction, Origin, Time};
use super::connection::MQTT_PORT;
use super::ip::Segment;
use super::reassembly::{Budget, Piece};
use super::undecided::{Hints, Side, Undecided, Verdict};
use super::websocket::Frames;

/// Systems give clients ports from here on.
const EPHEMERAL: u16 = 32768;

/// What all conversations together may hold of what was said.
#[derive(Debug)]
pub(super) struct InterpreterBudgets {
    /// Of those of which it is not clear what they are.
    pub undecided: Budget,
    /// To read compressed messages.
    pub inflating: Budget,
}

/// Finds the MQTT in what two ends say to each other.
#[derive(Debug)]
pub(super) struct Interpreter {
    number: u32,
    ends: [SocketAddr; 2],
    /// Which end is the Client.
    client: Option<Side>,
    hints: Hints,
    content: Content,
    websocket: Option<Box<[Frames; 2]>>,
    /// Compressed messages that could not be read, in what is over.
    unreadable: u64,
}

#[derive(Debug)]
enum Content {
    Undecided(Box<Undecided>),
    Mqtt,
    Other,
}

impl Interpreter {
    /// Nothing was said yet.
    pub fn new(
        number: u32,
        ends: [SocketAddr; 2],
        client: Option<Side>,
        hints: Hints,
    ) -> Interpreter {
        Interpreter {
            number,
            ends,
            client,
            hints,
            content: Content::Undecided(Box::default()),
            websocket: None,
            unreadable: 0,
        }
    }

    /// The connection's number.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Which end sent a segment.
    #[inline]
    pub fn side_of(&self, segment: &Segment<'_>) -> Side {
        usize::from(segment.src != self.ends[0])
    }

    /// Whether it is MQTT, for all that is known.
    pub fn is_mqtt(&self) -> bool {
        matches!(self.content, Content::Mqtt)
    }

    /// Whether it is clear that it is not MQTT.
    #[inline]
    pub fn is_other(&self) -> bool {
        matches!(self.content, Content::Other)
    }

    /// Takes a piece of what a side says.
    #[inline]
    pub fn hear(
        &mut self,
        side: Side,
        time: Option<Time>,
        piece: Piece<'_>,
        held: &mut InterpreterBudgets,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        let Some(mut websocket) = self.websocket.take() else {
            return self.understand(side, time, piece, held, out);
        };
        // What comes out of frames is in no other frames, and asks for none of this.
        let mut inflating = std::mem::take(&mut held.inflating);
        websocket[side].piece(piece, &mut inflating, &mut |piece| {
            self.understand(side, time, piece, held, out)
        });
        held.inflating = inflating;
        self.websocket = Some(websocket);
    }

    /// Takes a piece that is out of its frames.
    #[inline]
    fn understand(
        &mut self,
        side: Side,
        time: Option<Time>,
        piece: Piece<'_>,
        held: &mut InterpreterBudgets,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        match &mut self.content {
            Content::Mqtt => self.tell(side, time, piece, out),
            Content::Other => {}
            Content::Undecided(undecided) => {
                let verdict = undecided.hear(side, time, piece, self.hints, &mut held.undecided);
                if verdict != Verdict::Open {
                    self.decide(verdict, held, out);
                }
            }
        }
    }

    /// Tells a piece of MQTT.
    #[inline]
    fn tell(
        &self,
        side: Side,
        time: Option<Time>,
        piece: Piece<'_>,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        out(Chunk {
            origin: Origin {
                stream: self.number,
                direction: match self.client {
                    Some(client) if client == side => Direction::ToServer,
                    Some(_) => Direction::ToClient,
                    None => Direction::Unknown,
                },
                time,
                src: Some(self.ends[side]),
                dst: Some(self.ends[1 - side]),
            },
            data: match piece {
                Piece::Bytes(bytes) => Data::Bytes(bytes),
                Piece::Gap(length) => Data::Gap(length),
                Piece::Late => Data::Late,
                Piece::End => Data::End,
            },
        });
    }

    /// It is clear what this is: what was heard so far is told.
    #[cold]
    fn decide(
        &mut self,
        verdict: Verdict,
        held: &mut InterpreterBudgets,
        out: &mut impl FnMut(Chunk<'_>),
    ) {
        let content = match verdict {
            Verdict::Mqtt | Verdict::MqttInWebSocket => Content::Mqtt,
            Verdict::WebSocket | Verdict::Open => Content::Undecided(Box::default()),
            Verdict::Other => Content::Other,
        };
        let Content::Undecided(mut undecided) = std::mem::replace(&mut self.content, content)
        else {
            return;
        };
        undecided.forget(&mut held.undecided);
        if verdict == Verdict::Other {
            return;
        }
        self.client = self
            .client
            .or(undecided.client())
            .or_else(|| self.client_by_port());
        if verdict != Verdict::Mqtt {
            self.hints.framed = true;
            self.websocket = Some(Box::new([undecided.frames(0), undecided.frames(1)]));
        }
        undecided.replay(|side, time, piece| self.hear(side, time, piece, held, out));
    }

    /// How many messages could not be read, as they are compressed.
    pub fn unreadable(&self) -> u64 {
        let frames = self.websocket.iter().flat_map(|frames| frames.iter());
        self.unreadable + frames.map(Frames::unreadable).sum::<u64>()
    }

    /// Which end is the Client, by the numbers of the ports.
    fn client_by_port(&self) -> Option<Side> {
        let ports = [self.ends[0].port(), self.ends[1].port()];
        match ports.map(|port| port == MQTT_PORT) {
            [false, true] => return Some(0),
            [true, false] => return Some(1),
            _ => {}
        }
        match ports.map(|port| port >= EPHEMERAL) {
            [true, false] => Some(0),
            [false, true] => Some(1),
            _ => None,
        }
    }

    /// Nothing more is said.
    pub fn finish(&mut self, held: &mut InterpreterBudgets, out: &mut impl FnMut(Chunk<'_>)) {
        if let Content::Undecided(undecided) = &self.content {
            let verdict = match undecided.is_mqtt_after_all() {
                true => Verdict::Mqtt,
                false => Verdict::Other,
            };
            self.decide(verdict, held, out);
        }
        self.unreadable = self.unreadable();
        for mut frames in self.websocket.take().into_iter().flat_map(|frames| *frames) {
            frames.release(&mut held.inflating);
        }
    }
}
