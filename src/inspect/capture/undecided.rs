//! The beginning of a conversation, held until it is clear whether it is MQTT.

use super::super::Time;
use super::reassembly::{Budget, Piece};
use super::recognise::{ENOUGH, ENOUGH_ALONE, Role, weigh};
use super::websocket::{Frames, Upgrade, end_of_handshake};

/// One of the two ends of a conversation: 0 or 1.
pub(super) type Side = usize;

/// The most bytes that are held of one conversation.
const MAX_HELD: usize = 16 * 1024;

/// How many pieces may make no sense before the conversation counts as something else: a capture that
/// begins in the middle of a conversation has the ends of packets first.
const MAX_MISSES: u32 = 24;

/// What a piece costs beside its bytes.
const PIECE_COST: usize = 64;

/// The conversation so far.
#[derive(Debug, Default)]
pub(super) struct Undecided {
    pieces: Vec<(Side, Option<Time>, Held)>,
    sides: [Heard; 2],
    misses: u32,
    /// What this counts for in the budget.
    cost: usize,
}

/// A piece that is held.
#[derive(Clone, Copy, Debug)]
enum Held {
    /// This many bytes of the side, from where the piece before ended.
    Bytes(usize),
    Late,
    End,
}

/// What one side said.
#[derive(Debug, Default)]
struct Heard {
    bytes: Vec<u8>,
    /// Something before it was lost or dropped.
    caught: bool,
    points: u32,
    role: Option<Role>,
}

/// What a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// More must be heard.
    Open,
    /// MQTT.
    Mqtt,
    /// MQTT in a WebSocket.
    MqttInWebSocket,
    /// A WebSocket of something.
    WebSocket,
    /// Something else.
    Other,
}

/// What is known before anything is heard.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hints {
    /// The port is that of MQTT.
    pub port: bool,
    /// The user said that the port is that of MQTT.
    pub forced: bool,
    /// The bytes come out of a WebSocket already.
    pub framed: bool,
}

impl Undecided {
    /// Holds a piece and judges what is there.
    pub fn hear(
        &mut self,
        side: Side,
        time: Option<Time>,
        piece: Piece<'_>,
        hints: Hints,
        budget: &mut Budget,
    ) -> Verdict {
        let verdict = match piece {
            Piece::Bytes(bytes) => {
                self.sides[side].bytes.extend_from_slice(bytes);
                self.pieces.push((side, time, Held::Bytes(bytes.len())));
                self.judge(side, bytes.len(), hints, budget)
            }
            Piece::Gap(_) => {
                self.drop_all(side);
                Verdict::Open
            }
            Piece::Late => {
                self.pieces.push((side, time, Held::Late));
                Verdict::Open
            }
            Piece::End => {
                self.pieces.push((side, time, Held::End));
                Verdict::Open
            }
        };
        self.forget(budget);
        self.cost = self.held() + PIECE_COST * self.pieces.len();
        budget.held += self.cost;
        verdict
    }

    /// Judges after `new` more bytes of a side.
    fn judge(&mut self, side: Side, new: usize, hints: Hints, budget: &Budget) -> Verdict {
        let heard = &self.sides[side];
        if !hints.framed
            && let Some(verdict) = by_greeting(&heard.bytes, hints)
        {
            if verdict == Verdict::Open && self.is_full(budget) {
                return Verdict::Other;
            }
            if verdict != Verdict::Open {
                self.sides[side].role = match heard.bytes.first() {
                    Some(b'G') => Some(Role::Client),
                    _ => Some(Role::Server),
                };
            }
            return verdict;
        }
        if self.weigh(side) {
            return match self.sides.iter().map(|side| side.points).sum::<u32>() {
                ENOUGH.. => Verdict::Mqtt,
                _ if hints.port => Verdict::Mqtt,
                points if self.is_full(budget) => match points >= ENOUGH_ALONE {
                    true => Verdict::Mqtt,
                    false => Verdict::Other,
                },
                _ => Verdict::Open,
            };
        }
        if !hints.framed && self.is_in_frames(side) {
            return Verdict::MqttInWebSocket;
        }
        let caught = self.sides[side].caught;
        if hints.port {
            return Verdict::Mqtt;
        }
        // What was heard from its first byte on, or too often, is something else.
        self.misses += 1;
        if !caught || self.misses > MAX_MISSES || self.is_full(budget) {
            return Verdict::Other;
        }
        // Perhaps a packet begins with the newest piece.
        self.drop_all_but(side, new);
        if !self.weigh(side) {
            self.drop_all(side);
            return Verdict::Open;
        }
        match self.sides[side].points {
            ENOUGH.. => Verdict::Mqtt,
            _ => Verdict::Open,
        }
    }

    fn is_full(&self, budget: &Budget) -> bool {
        self.held() > MAX_HELD || budget.held > budget.limit
    }

    fn held(&self) -> usize {
        self.sides.iter().map(|side| side.bytes.len()).sum()
    }

    /// Weighs what a side said; whether it can be MQTT.
    fn weigh(&mut self, side: Side) -> bool {
        let heard = &mut self.sides[side];
        let evidence = weigh(&heard.bytes);
        if !evidence.impossible {
            heard.points = evidence.points;
            heard.role = evidence.sender;
        }
        !evidence.impossible
    }

    /// Whether a side speaks MQTT in the frames of a WebSocket.
    fn is_in_frames(&mut self, side: Side) -> bool {
        let heard = &mut self.sides[side];
        if !heard.caught {
            return false;
        }
        let mut payload = Vec::new();
        let pieces = Piece::Bytes(&heard.bytes);
        Frames::caught().piece(pieces, &mut Budget::default(), &mut |piece| {
            if let Piece::Bytes(bytes) = piece {
                payload.extend_from_slice(bytes);
            }
        });
        let evidence = weigh(&payload);
        let proven = !evidence.impossible && evidence.points >= ENOUGH_ALONE;
        if proven {
            // Only clients mask.
            let masked = heard.bytes.get(1).is_some_and(|byte| byte & 0x80 != 0);
            heard.role = Some(if masked { Role::Client } else { Role::Server });
        }
        proven
    }

    /// Drops what a side said.
    fn drop_all(&mut self, side: Side) {
        let heard = &mut self.sides[side];
        heard.bytes.clear();
        heard.caught = true;
        heard.points = 0;
        let is_bytes = |held| matches!(held, Held::Bytes(_));
        self.pieces
            .retain(|piece| piece.0 != side || !is_bytes(piece.2));
    }

    /// Drops what a side said before the newest piece of all, which has `newest` bytes.
    fn drop_all_but(&mut self, side: Side, newest: usize) {
        let bytes = &mut self.sides[side].bytes;
        let kept = bytes.split_off(bytes.len() - newest);
        let piece = self.pieces.pop();
        self.drop_all(side);
        self.sides[side].bytes = kept;
        self.pieces.extend(piece);
    }

    /// Whether what was heard is MQTT, now that the conversation is over.
    pub fn is_mqtt_after_all(&self) -> bool {
        let points: u32 = self.sides.iter().map(|side| side.points).sum();
        points >= ENOUGH_ALONE && self.misses == 0
    }

    /// Which side is the Client, as far as what was said tells.
    pub fn client(&self) -> Option<Side> {
        match [self.sides[0].role, self.sides[1].role] {
            [Some(Role::Client), _] | [None, Some(Role::Server)] => Some(0),
            [_, Some(Role::Client)] | [Some(Role::Server), None] => Some(1),
            _ => None,
        }
    }

    /// Tells again all that was heard.
    pub fn replay(&self, mut out: impl FnMut(Side, Option<Time>, Piece<'_>)) {
        let mut at = [0; 2];
        let mut caught = [self.sides[0].caught, self.sides[1].caught];
        for &(side, time, held) in &self.pieces {
            if std::mem::take(&mut caught[side]) {
                out(side, time, Piece::Gap(0));
            }
            match held {
                Held::Bytes(length) => {
                    let end = at[side] + length;
                    let bytes = self.sides[side].bytes.get(at[side]..end);
                    out(side, time, Piece::Bytes(bytes.unwrap_or_default()));
                    at[side] = end;
                }
                Held::Late => out(side, time, Piece::Late),
                Held::End => out(side, time, Piece::End),
            }
        }
        for side in [0, 1] {
            if caught[side] {
                out(side, None, Piece::Gap(0));
            }
        }
    }

    /// Gives back to the budget what this counts for.
    pub fn forget(&mut self, budget: &mut Budget) {
        budget.held -= std::mem::take(&mut self.cost);
    }

    /// How a side goes on in a WebSocket.
    pub fn frames(&self, side: Side) -> Frames {
        let heard = &self.sides[side];
        match heard.caught && !heard.bytes.starts_with(b"GET ") && !heard.bytes.starts_with(b"HTTP")
        {
            true => Frames::caught(),
            false => Frames::with_handshake(),
        }
    }
}

/// Judges by how other protocols begin; `None`: by none of those ways.
fn by_greeting(bytes: &[u8], hints: Hints) -> Option<Verdict> {
    let begins = |greeting: &[u8]| match bytes.len() < greeting.len() {
        true => greeting.starts_with(bytes),
        false => bytes.starts_with(greeting),
    };
    if begins(b"GET ") || begins(b"HTTP/1.1 101") {
        let Some(end) = end_of_handshake(bytes) else {
            return Some(Verdict::Open);
        };
        return Some(match Upgrade::of(bytes.get(..end).unwrap_or_default()) {
            Upgrade::None => Verdict::Other,
            Upgrade::Something if !hints.forced => Verdict::WebSocket,
            _ => Verdict::MqttInWebSocket,
        });
    }
    let foreign = begins(b"SSH-") || matches!(bytes, [0x14..=0x17, 3, 0..=4, ..]);
    (foreign && !hints.forced).then_some(Verdict::Other)
}
