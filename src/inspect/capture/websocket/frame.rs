//! The frames of a WebSocket: a header, and a payload that may be masked.

/// The longest header: two bytes, eight of length, four of mask.
pub(super) const MAX_HEADER: usize = 14;

/// The header of a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// Its own length.
    pub length: usize,
    pub masked: bool,
    pub kind: Kind,
    /// Whether no other frame of the message follows.
    pub is_final: bool,
    pub payload: Payload,
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The first of a message, which may be compressed.
    First { compressed: bool },
    /// One that goes on with a message.
    Continuation,
    /// None of a message: a ping, a pong, the end.
    Control,
}

/// What is left of a frame's payload.
#[derive(Clone, Copy, Debug)]
pub(super) struct Payload {
    pub left: u64,
    mask: [u8; 4],
    /// How far the mask is turned.
    turn: usize,
}

impl Header {
    /// `Ok(None)`: it is not whole. `Err`: no frame begins so.
    pub fn parse(bytes: &[u8]) -> Result<Option<Header>, ()> {
        let &[first, second, ..] = bytes else {
            return Ok(None);
        };
        let (is_final, reserved, opcode) = (first & 0x80 != 0, first & 0x70, first & 0x0f);
        let (masked, short) = (second & 0x80 != 0, second & 0x7f);
        let kind = match (opcode, reserved) {
            (0, 0) => Kind::Continuation,
            // RSV1 says that a message is compressed, in its first frame.
            (1..=2, 0 | 0x40) => Kind::First {
                compressed: reserved != 0,
            },
            (8..=10, 0) if is_final && short <= 125 => Kind::Control,
            _ => return Err(()),
        };
        let (at, left) = match short {
            126 => (4, bytes.get(2..4).map(|n| n.iter().fold(0, add_byte))),
            127 => (10, bytes.get(2..10).map(|n| n.iter().fold(0, add_byte))),
            short => (2, Some(u64::from(short))),
        };
        let Some(left) = left else { return Ok(None) };
        if (short == 126 && left < 126) || (short == 127 && left >> 16 == 0) || left >> 63 == 1 {
            return Err(());
        }
        let mask = match masked {
            true => bytes.get(at..at + 4).and_then(|mask| mask.try_into().ok()),
            false => Some([0; 4]),
        };
        Ok(mask.map(|mask| Header {
            length: at + 4 * usize::from(masked),
            masked,
            kind,
            is_final,
            payload: Payload {
                left,
                mask,
                turn: 0,
            },
        }))
    }
}

fn add_byte(number: u64, byte: &u8) -> u64 {
    number << 8 | u64::from(*byte)
}

impl Payload {
    /// Gives the next bytes of the payload without their mask, in pieces.
    pub fn unmask(&self, bytes: &[u8], out: &mut impl FnMut(&[u8])) {
        const PIECE: usize = 4096;
        if self.mask == [0; 4] {
            return out(bytes);
        }
        let mut mask = self.mask;
        mask.rotate_left(self.turn);
        let mut plain = [0; PIECE];
        // A piece is a multiple of the mask.
        for piece in bytes.chunks(PIECE) {
            for (plain, masked) in plain.chunks_mut(4).zip(piece.chunks(4)) {
                for ((plain, masked), mask) in plain.iter_mut().zip(masked).zip(mask) {
                    *plain = masked ^ mask;
                }
            }
            out(plain.get(..piece.len()).unwrap_or_default());
        }
    }

    /// What is left of it after the next `taken` bytes.
    pub fn after(&self, taken: usize) -> Payload {
        Payload {
            left: self.left - (taken as u64).min(self.left),
            turn: (self.turn + taken) % 4,
            ..*self
        }
    }
}
