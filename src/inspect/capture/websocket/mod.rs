//! MQTT inside WebSocket (RFC 6455): from one direction of a connection to the bytes in its
//! frames.
//!
//! MQTT is a stream of bytes over frames of any size (section 6 of MQTT): messages, their
//! fragments and the frames of control between them do not matter. Messages that are compressed
//! (RFC 7692) are read as long as all before them were seen.

mod frame;
mod inflate;
mod upgrade;

pub(super) use upgrade::{Upgrade, end_of_handshake};

use super::reassembly::{Budget, Piece};
use frame::{Header, Kind, MAX_HEADER, Payload};
use inflate::Inflate;

/// No handshake is longer.
const MAX_HANDSHAKE: usize = 16 * 1024;

/// One direction of a WebSocket.
#[derive(Debug)]
pub(super) struct Frames {
    state: State,
    /// Whether this direction's frames are masked, once one was seen.
    masked: Option<bool>,
    /// Whether the message at hand is compressed.
    is_compressed: bool,
    /// Whether all messages were seen: one that is compressed may repeat what stood in any of them.
    is_whole: bool,
    inflate: Option<Inflate>,
    /// Messages that are compressed and cannot be read.
    unreadable: u64,
}

#[derive(Debug)]
enum State {
    /// In the handshake: how long it is so far, and how much was seen of the empty line at its end.
    Handshake { seen: usize, end: usize },
    /// In the header of a frame, of which this was seen.
    Header([u8; MAX_HEADER], usize),
    /// In the payload of a frame.
    Payload(Part, Payload),
    /// Somewhere: the next piece may begin with a frame.
    Lost,
}

const HEADER: State = State::Header([0; MAX_HEADER], 0);

/// What the payload of a frame is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Bytes of the stream.
    Plain,
    /// Bytes of the stream, compressed; whether the message ends with them.
    Compressed { is_last: bool },
    /// Bytes of the stream that cannot be read.
    Unreadable,
    /// None of it.
    Control,
}

impl Frames {
    /// A direction that begins with the handshake.
    pub fn with_handshake() -> Frames {
        Frames::new(State::Handshake { seen: 0, end: 0 })
    }

    /// A direction caught in the middle.
    pub fn caught() -> Frames {
        Frames::new(State::Lost)
    }

    fn new(state: State) -> Frames {
        Frames {
            is_whole: matches!(state, State::Handshake { .. }),
            state,
            masked: None,
            is_compressed: false,
            inflate: None,
            unreadable: 0,
        }
    }

    /// How many messages could not be read, as they are compressed.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// Nothing more comes: gives back what it holds.
    pub fn release(&mut self, inflating: &mut Budget) {
        if let Some(inflate) = self.inflate.take() {
            inflate.release(inflating);
        }
    }

    /// Takes a piece of the direction, and gives what stands in the frames. What is held to
    /// decompress it counts for `inflating`.
    pub fn piece(
        &mut self,
        piece: Piece<'_>,
        inflating: &mut Budget,
        out: &mut impl FnMut(Piece<'_>),
    ) {
        match piece {
            Piece::Bytes(bytes) => self.bytes(bytes, inflating, out),
            Piece::Gap(length) => self.gap(length, inflating, out),
            Piece::Late => out(Piece::Late),
            Piece::End => {
                self.release(inflating);
                out(Piece::End);
            }
        }
    }

    fn bytes(&mut self, mut bytes: &[u8], inflating: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        if matches!(self.state, State::Lost) {
            if !self.can_begin_with(bytes) {
                return;
            }
            out(Piece::Gap(0));
            self.state = HEADER;
        }
        while !bytes.is_empty() {
            let taken = match &mut self.state {
                State::Handshake { seen, end } => {
                    let is_last = |byte: &u8| {
                        *end = match (byte, *end) {
                            (b'\r', 2) => 3,
                            (b'\r', _) => 1,
                            (b'\n', 1 | 3) => *end + 1,
                            _ => 0,
                        };
                        *end == 4
                    };
                    match bytes.iter().position(is_last) {
                        Some(last) => {
                            self.state = HEADER;
                            last + 1
                        }
                        None => {
                            *seen += bytes.len();
                            if *seen >= MAX_HANDSHAKE {
                                self.lose(inflating);
                            }
                            bytes.len()
                        }
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
                            self.begin(&parsed, inflating, out);
                            parsed.length.saturating_sub(before)
                        }
                        Ok(None) => room,
                        Err(()) => {
                            self.lose(inflating);
                            bytes.len()
                        }
                    }
                }
                State::Payload(part, payload) => {
                    let (part, payload) = (*part, *payload);
                    let taken = usize::try_from(payload.left)
                        .map_or(bytes.len(), |left| left.min(bytes.len()));
                    let these = bytes.get(..taken).unwrap_or_default();
                    self.payload(part, payload, these, inflating, out);
                    taken
                }
                State::Lost => return,
            };
            bytes = bytes.get(taken..).unwrap_or_default();
        }
    }

    /// A frame begins.
    fn begin(&mut self, header: &Header, inflating: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        self.masked = Some(header.masked);
        if let Kind::First { compressed } = header.kind {
            self.is_compressed = compressed;
            if compressed && self.is_whole && self.inflate.is_none() {
                self.inflate = Inflate::new(inflating);
                self.is_whole = self.inflate.is_some();
            }
            self.unreadable += u64::from(compressed && !self.is_whole);
        }
        let part = match header.kind {
            Kind::Control => Part::Control,
            _ if !self.is_compressed => Part::Plain,
            _ if !self.is_whole => Part::Unreadable,
            _ => Part::Compressed {
                is_last: header.is_final,
            },
        };
        self.payload(part, header.payload, &[], inflating, out);
    }

    /// Takes these bytes of a payload, which may be all that is left of it.
    fn payload(
        &mut self,
        part: Part,
        payload: Payload,
        bytes: &[u8],
        inflating: &mut Budget,
        out: &mut impl FnMut(Piece<'_>),
    ) {
        let after = payload.after(bytes.len());
        self.state = match after.left {
            0 => HEADER,
            _ => State::Payload(part, after),
        };
        let mut plain = |bytes: &[u8]| out(Piece::Bytes(bytes));
        match (part, &mut self.inflate) {
            (Part::Control, _) => {}
            (_, _) if bytes.is_empty() && after.left > 0 => {}
            (Part::Plain, _) => payload.unmask(bytes, &mut plain),
            (Part::Compressed { is_last }, Some(inflate)) => {
                let mut result = Ok(());
                payload.unmask(bytes, &mut |bytes| {
                    if result.is_ok() {
                        result = inflate.take(bytes, &mut plain);
                    }
                });
                if is_last && after.left == 0 && result.is_ok() {
                    result = inflate.end(&mut plain);
                }
                if result.is_err() {
                    self.unreadable += 1;
                    self.is_whole = false;
                    self.release(inflating);
                    out(Piece::Gap(0));
                }
            }
            (Part::Compressed { .. } | Part::Unreadable, _) => {
                out(Piece::Gap(bytes.len() as u64));
            }
        }
    }

    /// This many bytes of the connection are lost; 0: an unknown number.
    fn gap(&mut self, length: u64, inflating: &mut Budget, out: &mut impl FnMut(Piece<'_>)) {
        match self.state {
            State::Payload(part, payload) if 0 < length && length <= payload.left => {
                let part = match part {
                    Part::Compressed { .. } => {
                        self.lose(inflating);
                        self.unreadable += 1;
                        Part::Unreadable
                    }
                    part => part,
                };
                if part != Part::Control {
                    out(Piece::Gap(length));
                }
                let after = payload.after(length as usize);
                self.state = match after.left {
                    0 => HEADER,
                    _ => State::Payload(part, after),
                };
            }
            _ => self.lose(inflating),
        }
    }

    /// It is no longer known where the next frame begins, nor what the messages repeat.
    fn lose(&mut self, inflating: &mut Budget) {
        self.state = State::Lost;
        self.is_whole = false;
        self.release(inflating);
    }

    /// Whether a piece can begin with a frame, as most do.
    fn can_begin_with(&self, bytes: &[u8]) -> bool {
        match Header::parse(bytes.get(..MAX_HEADER).unwrap_or(bytes)) {
            Ok(Some(header)) => {
                self.masked.is_none_or(|masked| masked == header.masked)
                    && header.kind != Kind::First { compressed: true }
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compress, Compression, FlushCompress, Status};

    const CLIENT: &[u8] = b"GET /mqtt HTTP/1.1\r\nHost: a\r\nupgrade: WebSocket\r\n\
        Sec-WebSocket-Protocol: chat, mqttv3.1\r\n\r\n";

    /// What comes out of pieces; `.` for a gap of unknown length.
    fn out(frames: &mut Frames, pieces: &[Piece<'_>]) -> Vec<u8> {
        out_within(frames, &mut Budget::new(1 << 20), pieces)
    }

    fn out_within(frames: &mut Frames, budget: &mut Budget, pieces: &[Piece<'_>]) -> Vec<u8> {
        let mut all = Vec::new();
        for piece in pieces {
            frames.piece(*piece, budget, &mut |piece| match piece {
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
    fn a_compressed_message_of_which_the_beginning_was_not_seen_is_a_gap() {
        let mut frames = Frames::caught();
        let pieces = [Piece::Bytes(b"\x82\x01a\xc2\x03xyz\x82\x01b")];
        assert_eq!(out(&mut frames, &pieces), b".a...b");
        assert_eq!(frames.unreadable(), 1);
    }

    /// A message as permessage-deflate compresses it, which may repeat those before.
    fn deflated(compress: &mut Compress, message: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(1024);
        let status = compress.compress_vec(message, &mut out, FlushCompress::Sync);
        assert_eq!(status.ok(), Some(Status::Ok));
        assert_eq!(out.split_off(out.len() - 4), [0, 0, 0xff, 0xff]);
        out
    }

    /// A handshake, and compressed messages: whole ones, one in three frames, with a ping between
    /// them, an empty one, one that is not compressed.
    fn compressed_stream() -> Vec<u8> {
        let mut compress = Compress::new(Compression::default(), false);
        let mut message = |text: &[u8]| deflated(&mut compress, text);
        let mut stream = CLIENT.to_vec();
        stream.extend(masked(0xc2, &message(b"hello hello hello ")));
        stream.extend(masked(0xc2, &message(b"hello hello ")));
        let parts = message(b"and so on, hello");
        stream.extend(masked(0x42, &parts[..3]));
        stream.extend(masked(0x89, b"ping"));
        stream.extend(masked(0x00, &parts[3..7]));
        stream.extend(masked(0x80, &parts[7..]));
        stream.extend(masked(0xc2, &message(b"")));
        stream.extend(masked(0x82, b" plain"));
        stream.extend(masked(0xc2, &message(b" hello")));
        stream
    }

    #[test]
    fn compressed_messages_are_read_wherever_they_are_split() {
        let stream = compressed_stream();
        let want = b"hello hello hello hello hello and so on, hello plain hello$";
        for size in 1..stream.len() {
            let mut pieces: Vec<_> = stream.chunks(size).map(Piece::Bytes).collect();
            pieces.push(Piece::End);
            let (mut frames, mut budget) = (Frames::with_handshake(), Budget::new(1 << 20));
            let read = out_within(&mut frames, &mut budget, &pieces);
            assert_eq!(
                read.escape_ascii().to_string(),
                want.escape_ascii().to_string()
            );
            assert_eq!((frames.unreadable(), budget.held), (0, 0));
        }
    }

    #[test]
    fn after_a_loss_or_without_room_compressed_messages_are_gaps() {
        let stream = compressed_stream();
        let (mut frames, mut budget) = (Frames::with_handshake(), Budget::new(1 << 20));
        let at = CLIENT.len() + 8;
        let pieces = [
            Piece::Bytes(&stream[..at]),
            Piece::Gap(2),
            Piece::Bytes(&stream[at + 2..]),
        ];
        let read = out_within(&mut frames, &mut budget, &pieces);
        assert!(!read.windows(5).any(|text| text == b"hello"), "{read:?}");
        assert!(read.windows(6).any(|text| text == b" plain"), "{read:?}");
        assert_eq!((frames.unreadable(), budget.held), (5, 0));

        let (mut frames, mut budget) = (Frames::with_handshake(), Budget::new(1000));
        let read = out_within(&mut frames, &mut budget, &[Piece::Bytes(&stream)]);
        assert!(!read.windows(5).any(|text| text == b"hello"), "{read:?}");
        assert_eq!((frames.unreadable(), budget.held), (5, 0));
    }

    #[test]
    fn what_is_no_deflate_is_said() {
        let noise = [CLIENT, &masked(0xc2, &[0xff; 20]), &masked(0x82, b"on")].concat();
        let (mut frames, mut budget) = (Frames::with_handshake(), Budget::new(1 << 20));
        let read = out_within(&mut frames, &mut budget, &[Piece::Bytes(&noise)]);
        assert_eq!(read, b".on");
        assert_eq!((frames.unreadable(), budget.held), (1, 0));
    }
}
