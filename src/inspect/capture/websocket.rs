//! MQTT inside WebSocket (RFC 6455): from one direction of a connection to the bytes in its
//! frames.
//!
//! MQTT is a stream of bytes over frames of any size (section 6 of MQTT): messages, their
//! fragments and the frames of control between them do not matter.

use super::reassembly::Piece;

/// No handshake is longer.
const MAX_HANDSHAKE: usize = 16 * 1024;

/// The longest frame header: two bytes, eight of length, four of mask.
const MAX_HEADER: usize = 14;

/// One direction of a WebSocket.
#[derive(Debug)]
pub(super) struct Frames {
    state: State,
    /// Whether this direction's frames are masked, once one was seen.
    masked: Option<bool>,
    /// Where payloads are unmasked.
    scratch: Vec<u8>,
}

#[derive(Debug)]
enum State {
    /// In the handshake, of which this was seen.
    Handshake(Vec<u8>),
    /// In the header of a frame, of which this was seen.
    Header([u8; MAX_HEADER], usize),
    Payload(Payload),
    /// Somewhere: the next piece may begin with a frame.
    Lost,
}

/// What is left of a frame.
#[derive(Clone, Copy, Debug)]
struct Payload {
    left: u64,
    mask: [u8; 4],
    /// How far the mask is turned.
    turn: usize,
    kind: Kind,
}

/// What a payload is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Bytes of the stream.
    Data,
    /// Bytes of the stream that we cannot read: compressed.
    Unreadable,
    /// None of it.
    Control,
}

const HEADER: State = State::Header([0; MAX_HEADER], 0);

impl Frames {
    /// A direction that begins with the handshake.
    pub fn with_handshake() -> Frames {
        Frames::new(State::Handshake(Vec::new()))
    }

    /// A direction caught in the middle.
    pub fn caught() -> Frames {
        Frames::new(State::Lost)
    }

    fn new(state: State) -> Frames {
        Frames {
            state,
            masked: None,
            scratch: Vec::new(),
        }
    }

    /// Takes a piece of the direction, and gives what stands in the frames.
    pub fn piece(&mut self, piece: Piece<'_>, out: &mut impl FnMut(Piece<'_>)) {
        match piece {
            Piece::Bytes(bytes) => self.bytes(bytes, out),
            Piece::Gap(length) => self.gap(length, out),
            Piece::Late => out(Piece::Late),
            Piece::End => out(Piece::End),
        }
    }

    fn bytes(&mut self, mut bytes: &[u8], out: &mut impl FnMut(Piece<'_>)) {
        if matches!(self.state, State::Lost) {
            if !self.can_begin_with(bytes) {
                return;
            }
            out(Piece::Gap(0));
            self.state = HEADER;
        }
        while !bytes.is_empty() {
            let taken = match &mut self.state {
                State::Handshake(seen) => {
                    let before = seen.len();
                    let room = MAX_HANDSHAKE - before;
                    seen.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
                    match end_of_handshake(seen) {
                        Some(end) => {
                            self.state = HEADER;
                            end.saturating_sub(before)
                        }
                        None if seen.len() == MAX_HANDSHAKE => {
                            self.state = State::Lost;
                            bytes.len()
                        }
                        None => bytes.len(),
                    }
                }
                State::Header(header, length) => {
                    let before = *length;
                    let room = bytes.len().min(MAX_HEADER - before);
                    if let (Some(place), Some(new)) =
                        (header.get_mut(before..before + room), bytes.get(..room))
                    {
                        place.copy_from_slice(new);
                    }
                    *length += room;
                    match Header::parse(header.get(..*length).unwrap_or_default()) {
                        Ok(Some(parsed)) => {
                            self.masked = Some(parsed.masked);
                            self.state = parsed.payload.state();
                            parsed.length.saturating_sub(before)
                        }
                        Ok(None) => room,
                        Err(()) => {
                            self.state = State::Lost;
                            bytes.len()
                        }
                    }
                }
                State::Payload(payload) => {
                    let taken = usize::try_from(payload.left)
                        .map_or(bytes.len(), |left| left.min(bytes.len()));
                    let part = bytes.get(..taken).unwrap_or_default();
                    match payload.kind {
                        Kind::Data if payload.mask == [0; 4] => out(Piece::Bytes(part)),
                        Kind::Data => {
                            self.scratch.clear();
                            self.scratch.extend_from_slice(part);
                            payload.unmask(&mut self.scratch);
                            out(Piece::Bytes(&self.scratch));
                        }
                        Kind::Unreadable => out(Piece::Gap(taken as u64)),
                        Kind::Control => {}
                    }
                    self.state = payload.after(taken).state();
                    taken
                }
                State::Lost => return,
            };
            bytes = bytes.get(taken..).unwrap_or_default();
        }
    }

    /// So many bytes of the connection are lost; 0: nobody knows how many.
    fn gap(&mut self, length: u64, out: &mut impl FnMut(Piece<'_>)) {
        match &self.state {
            State::Payload(payload) if 0 < length && length <= payload.left => {
                if payload.kind != Kind::Control {
                    out(Piece::Gap(length));
                }
                self.state = payload.after(length as usize).state();
            }
            _ => self.state = State::Lost,
        }
    }

    /// Whether a piece can begin with a frame, as most do.
    fn can_begin_with(&self, bytes: &[u8]) -> bool {
        match Header::parse(bytes.get(..MAX_HEADER).unwrap_or(bytes)) {
            Ok(Some(header)) => {
                self.masked.is_none_or(|masked| masked == header.masked)
                    && header.payload.kind != Kind::Unreadable
            }
            _ => false,
        }
    }
}

impl Payload {
    fn unmask(&self, bytes: &mut [u8]) {
        let mut mask = self.mask;
        mask.rotate_left(self.turn);
        let mut words = bytes.chunks_exact_mut(4);
        for word in &mut words {
            for (byte, mask) in word.iter_mut().zip(mask) {
                *byte ^= mask;
            }
        }
        for (byte, mask) in words.into_remainder().iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }

    /// What is left behind so many bytes.
    fn after(&self, taken: usize) -> Payload {
        Payload {
            left: self.left - (taken as u64).min(self.left),
            turn: (self.turn + taken) % 4,
            ..*self
        }
    }

    fn state(self) -> State {
        match self.left {
            0 => HEADER,
            _ => State::Payload(self),
        }
    }
}

/// The header of a frame.
struct Header {
    length: usize,
    masked: bool,
    payload: Payload,
}

impl Header {
    /// `Ok(None)`: it is not whole. `Err`: no frame begins so.
    fn parse(bytes: &[u8]) -> Result<Option<Header>, ()> {
        let &[first, second, ..] = bytes else {
            return Ok(None);
        };
        let (is_final, reserved, opcode) = (first & 0x80 != 0, first & 0x70, first & 0x0f);
        let (masked, short) = (second & 0x80 != 0, second & 0x7f);
        let kind = match (opcode, reserved) {
            (0..=2, 0) => Kind::Data,
            // RSV1 says that a message is compressed, in its first frame.
            (1..=2, 0x40) => Kind::Unreadable,
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
            payload: Payload {
                left,
                mask,
                turn: 0,
                kind,
            },
        }))
    }
}

fn add_byte(number: u64, byte: &u8) -> u64 {
    number << 8 | u64::from(*byte)
}

/// Where the bytes after the handshake begin, once it is whole.
pub(super) fn end_of_handshake(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

/// What a handshake, of either side, says of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Upgrade {
    /// No WebSocket.
    None,
    /// A WebSocket, of whatever.
    Something,
    /// A WebSocket of the subprotocol `mqtt` or `mqttv3.1`.
    Mqtt,
}

impl Upgrade {
    /// Reads the lines of a handshake.
    pub fn of(handshake: &[u8]) -> Upgrade {
        let mut upgrade = Upgrade::None;
        let mut mqtt = false;
        for line in handshake.split(|byte| *byte == b'\n') {
            let Some(colon) = memchr::memchr(b':', line) else {
                continue;
            };
            let (name, value) = line.split_at(colon);
            let mut values = value.split(|byte| matches!(byte, b':' | b',' | b' ' | b'\t' | b'\r'));
            if name.eq_ignore_ascii_case(b"upgrade") {
                if values.any(|value| value.eq_ignore_ascii_case(b"websocket")) {
                    upgrade = Upgrade::Something;
                }
            } else if name.eq_ignore_ascii_case(b"sec-websocket-protocol") {
                mqtt |= values.any(|value| {
                    value.eq_ignore_ascii_case(b"mqtt") || value.eq_ignore_ascii_case(b"mqttv3.1")
                });
            }
        }
        match upgrade {
            Upgrade::Something if mqtt => Upgrade::Mqtt,
            upgrade => upgrade,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: &[u8] = b"GET /mqtt HTTP/1.1\r\nHost: a\r\nupgrade: WebSocket\r\n\
        Sec-WebSocket-Protocol: chat, mqttv3.1\r\n\r\n";

    /// What comes out of pieces; `.` for a gap of unknown length.
    fn out(frames: &mut Frames, pieces: &[Piece<'_>]) -> Vec<u8> {
        let mut all = Vec::new();
        for piece in pieces {
            frames.piece(*piece, &mut |piece| match piece {
                Piece::Bytes(bytes) => all.extend_from_slice(bytes),
                Piece::Gap(length) => all.extend(vec![b'.'; length.max(1) as usize]),
                Piece::Late => {}
                Piece::End => all.push(b'$'),
            });
        }
        all
    }

    /// Masked with 1, 2, 3, 4.
    fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first, 0x80 | payload.len() as u8, 1, 2, 3, 4];
        frame.extend(
            payload
                .iter()
                .zip((1..5).cycle())
                .map(|(byte, mask)| byte ^ mask),
        );
        frame
    }

    #[test]
    fn frames_split_anywhere_are_one_stream() {
        let long = [b'x'; 300];
        let stream = [
            CLIENT.to_vec(),
            masked(0x82, b"hello"),
            masked(0x02, b""),
            masked(0x89, b"ping"),
            masked(0x80, b"wor"),
            [&[0x81, 126, 1, 44][..], &long].concat(),
            vec![0x82, 2, b'l', b'd'],
        ]
        .concat();
        let want = [&b"hellowor"[..], &long, b"ld$"].concat();
        for size in 1..stream.len() {
            let mut pieces: Vec<_> = stream.chunks(size).map(Piece::Bytes).collect();
            pieces.push(Piece::End);
            assert_eq!(out(&mut Frames::with_handshake(), &pieces), want, "{size}");
        }
    }

    #[test]
    fn after_a_loss_a_piece_begins_with_a_frame() {
        let [a, b, c] = [b"abcdefgh", b"ABCDEFGH", b"12345678"].map(|text| masked(0x82, text));
        let mut frames = Frames::caught();
        let pieces = [
            Piece::Bytes(b"\xffrest"),
            Piece::Bytes(&a[..10]),
            Piece::Gap(2),
            Piece::Bytes(&a[12..]),
            Piece::Bytes(&b[..8]),
            Piece::Gap(100),
            // Not masked: the rest of a frame, by chance like one.
            Piece::Bytes(b"\x82\x01x"),
            Piece::Bytes(&c),
        ];
        assert_eq!(out(&mut frames, &pieces), b".abcd..ghAB.12345678");
    }

    #[test]
    fn a_compressed_message_is_a_gap() {
        let pieces = [Piece::Bytes(b"\x82\x01a\xc2\x03xyz\x82\x01b")];
        assert_eq!(out(&mut Frames::caught(), &pieces), b".a...b");
    }

    #[test]
    fn handshakes() {
        assert_eq!(Upgrade::of(CLIENT), Upgrade::Mqtt);
        assert_eq!(
            Upgrade::of(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            Upgrade::None
        );
        let server = b"HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        assert_eq!(Upgrade::of(server), Upgrade::Something);
        assert_eq!(end_of_handshake(server), Some(server.len()));
    }
}
