//! WebSocket frames around a stream of bytes (RFC 6455, section 5): no I/O.
//!
//! No frame is ever assembled: payloads are moved to the front of the buffer that they arrived in, over
//! the headers, so that neither long frames nor idle connections need memory.

use std::fmt;
use std::io::{Cursor, IoSlice};

use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};

use super::mask;
use super::violation::Violation;

/// The longest header: two bytes, eight of length, four of mask.
const MAX_HEADER: usize = 14;

/// Control frames carry at most this (RFC 6455, section 5.5).
const MAX_CONTROL: u64 = 125;

/// Which end of a WebSocket we are: clients mask what they send, servers do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// We opened the connection.
    Client,
    /// We accepted it.
    Server,
}

/// How the stream of bytes from the peer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// A Close frame, all well.
    Closed,
    /// Something is wrong.
    Violated(Violation),
}

/// What is being received.
#[derive(Debug)]
enum Receiving {
    /// A header.
    Header,
    /// The payload of a data frame: it passes through.
    Data { left: u64, mask: [u8; 4] },
    /// The payload of a control frame: it is collected.
    Control {
        kind: Control,
        left: u64,
        mask: [u8; 4],
        payload: Vec<u8>,
    },
}

/// Both directions of one WebSocket connection.
pub(super) struct Frames {
    role: Role,
    receiving: Receiving,
    /// The first bytes of a header whose rest has not arrived.
    header: [u8; MAX_HEADER],
    header_length: usize,
    /// Whether a data message goes on in the next data frame.
    fragmented: bool,
    end: Option<End>,
    /// The payload of the last Ping not yet answered; older ones need no answer (section 5.5.3).
    ping: Option<Vec<u8>>,
    /// The status of a Close frame to send.
    close: Option<CloseCode>,
    close_sent: bool,
}

impl Frames {
    pub fn new(role: Role) -> Self {
        Self {
            role,
            receiving: Receiving::Header,
            header: [0; MAX_HEADER],
            header_length: 0,
            fragmented: false,
            end: None,
            ping: None,
            close: None,
            close_sent: false,
        }
    }

    /// How the peer's side ended, once it has.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Whether our side has ended.
    pub fn is_closed(&self) -> bool {
        self.close_sent || self.close.is_some()
    }

    /// Ends our side normally.
    pub fn close(&mut self) {
        self.close.get_or_insert(CloseCode::Normal);
    }

    /// Takes the frames off what has arrived: leaves the payload of data frames at the front of
    /// `bytes` and returns its length. What follows the end of the stream is dropped.
    pub fn decode(&mut self, bytes: &mut [u8]) -> usize {
        let (mut read, mut written) = (0, 0);
        while read < bytes.len() && self.end.is_none() {
            let result = match &mut self.receiving {
                Receiving::Header => self.header(&bytes[read..]).map(|taken| read += taken),
                Receiving::Data { left, mask } => {
                    let taken = at_most(*left, bytes.len() - read);
                    bytes.copy_within(read..read + taken, written);
                    mask::apply(&mut bytes[written..written + taken], mask);
                    *left -= taken as u64;
                    if *left == 0 {
                        self.receiving = Receiving::Header;
                    }
                    read += taken;
                    written += taken;
                    Ok(())
                }
                Receiving::Control {
                    kind,
                    left,
                    mask,
                    payload,
                } => {
                    let taken = at_most(*left, bytes.len() - read);
                    let part = &mut bytes[read..read + taken];
                    mask::apply(part, mask);
                    payload.extend_from_slice(part);
                    *left -= taken as u64;
                    read += taken;
                    if *left == 0 {
                        let (kind, payload) = (*kind, std::mem::take(payload));
                        self.receiving = Receiving::Header;
                        self.control(kind, payload)
                    } else {
                        Ok(())
                    }
                }
            };
            if let Err(violation) = result {
                self.close.get_or_insert(violation.status());
                self.end = Some(End::Violated(violation));
            }
        }
        written
    }

    /// Adds to the header what has arrived of it; returns how much that was.
    fn header(&mut self, arrived: &[u8]) -> Result<usize, Violation> {
        let before = self.header_length;
        let taken = arrived.len().min(MAX_HEADER - before);
        let length = before + taken;
        self.header[before..length].copy_from_slice(&arrived[..taken]);
        let mut cursor = Cursor::new(&self.header[..length]);
        let Some((header, payload)) = FrameHeader::parse(&mut cursor)
            .map_err(|_| Violation::Frame("unknown kind of frame"))?
        else {
            self.header_length = length;
            return Ok(taken);
        };
        // Not less than before, or the header would have been complete then.
        let used = (cursor.position() as usize).saturating_sub(before);
        self.header_length = 0;
        self.begin(&header, payload)?;
        Ok(used)
    }

    /// Checks a complete header, and begins to receive what it announces.
    fn begin(&mut self, header: &FrameHeader, left: u64) -> Result<(), Violation> {
        let mask = match (self.role, header.mask) {
            (Role::Client, None) => [0; 4],
            (Role::Server, Some(mask)) => mask,
            (Role::Client, Some(_)) => {
                return Err(Violation::Frame("a masked frame from a server"));
            }
            (Role::Server, None) => {
                return Err(Violation::Frame("an unmasked frame from a client"));
            }
        };
        if header.rsv1 || header.rsv2 || header.rsv3 {
            return Err(Violation::Frame("reserved bits are set"));
        }
        match header.opcode {
            OpCode::Control(_) if !header.is_final => {
                return Err(Violation::Frame("a fragmented control frame"));
            }
            OpCode::Control(_) if left > MAX_CONTROL => {
                return Err(Violation::Frame("a control frame is too long"));
            }
            OpCode::Control(kind) if left == 0 => {
                self.receiving = Receiving::Header;
                return self.control(kind, Vec::new());
            }
            OpCode::Control(kind) => {
                self.receiving = Receiving::Control {
                    kind,
                    left,
                    mask,
                    payload: Vec::new(),
                };
                return Ok(());
            }
            OpCode::Data(Data::Text) => return Err(Violation::TextFrame),
            OpCode::Data(Data::Binary) if self.fragmented => {
                return Err(Violation::Frame("a new message inside another"));
            }
            OpCode::Data(Data::Continue) if !self.fragmented => {
                return Err(Violation::Frame("a continuation of nothing"));
            }
            OpCode::Data(Data::Binary | Data::Continue) => {}
            OpCode::Data(Data::Reserved(_)) => {
                return Err(Violation::Frame("unknown kind of frame"));
            }
        }
        self.fragmented = !header.is_final;
        self.receiving = if left == 0 {
            Receiving::Header
        } else {
            Receiving::Data { left, mask }
        };
        Ok(())
    }

    fn control(&mut self, kind: Control, payload: Vec<u8>) -> Result<(), Violation> {
        match kind {
            Control::Ping => self.ping = Some(payload),
            Control::Pong => {}
            Control::Close => {
                let (code, reason) = match payload.as_slice() {
                    [] => (1000, ""),
                    [_] => return Err(Violation::Frame("a Close frame with half a status")),
                    [high, low, reason @ ..] => {
                        let reason = std::str::from_utf8(reason).map_err(|_| {
                            Violation::Frame("the reason in a Close frame is not UTF-8")
                        })?;
                        (u16::from_be_bytes([*high, *low]), reason)
                    }
                };
                if !matches!(code, 1000 | 1001) {
                    return Err(Violation::Closed {
                        code,
                        reason: reason.to_owned(),
                    });
                }
                self.close.get_or_insert(CloseCode::from(code));
                self.end = Some(End::Closed);
            }
            Control::Reserved(_) => return Err(Violation::Frame("unknown kind of frame")),
        }
        Ok(())
    }

    /// Appends at most `limit` bytes of `parts` as one binary frame; returns how many.
    pub fn encode(&self, parts: &[IoSlice<'_>], limit: usize, out: &mut Vec<u8>) -> usize {
        let total = parts
            .iter()
            .map(|part| part.len())
            .sum::<usize>()
            .min(limit);
        self.encode_frame(OpCode::Data(Data::Binary), parts, total, out);
        total
    }

    /// Whether there are Pong or Close frames to send.
    pub fn is_due(&self) -> bool {
        !self.close_sent && (self.ping.is_some() || self.close.is_some())
    }

    /// Appends the Pong and Close frames that are due.
    pub fn encode_due(&mut self, out: &mut Vec<u8>) {
        if self.close_sent {
            return;
        }
        if let Some(payload) = self.ping.take() {
            self.encode_control(Control::Pong, &payload, out);
        }
        if let Some(code) = self.close.take() {
            self.encode_control(Control::Close, &u16::from(code).to_be_bytes(), out);
            self.close_sent = true;
        }
    }

    fn encode_control(&self, kind: Control, payload: &[u8], out: &mut Vec<u8>) {
        self.encode_frame(
            OpCode::Control(kind),
            &[IoSlice::new(payload)],
            payload.len(),
            out,
        );
    }

    /// Appends a frame with the first `length` bytes of `parts`.
    fn encode_frame(
        &self,
        opcode: OpCode,
        parts: &[IoSlice<'_>],
        length: usize,
        out: &mut Vec<u8>,
    ) {
        let mask = (self.role == Role::Client).then(mask::random);
        out.reserve(MAX_HEADER + length);
        let header = FrameHeader {
            opcode,
            mask,
            ..FrameHeader::default()
        };
        // Writing to a Vec does not fail.
        let _ = header.format(length as u64, out);
        let begin = out.len();
        let mut left = length;
        for part in parts {
            let taken = part.len().min(left);
            out.extend_from_slice(&part[..taken]);
            left -= taken;
        }
        if let Some(mut mask) = mask {
            mask::apply(&mut out[begin..], &mut mask);
        }
    }
}

impl fmt::Debug for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frames")
            .field("role", &self.role)
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}

fn at_most(left: u64, available: usize) -> usize {
    usize::try_from(left).map_or(available, |left| left.min(available))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a peer in `role` sends for these payloads, one frame each.
    fn sent(role: Role, payloads: &[&[u8]]) -> Vec<u8> {
        let mut out = Vec::new();
        for payload in payloads {
            Frames::new(role).encode(&[IoSlice::new(payload)], usize::MAX, &mut out);
        }
        out
    }

    fn decode_in_pieces(frames: &mut Frames, bytes: &[u8], piece: usize) -> Vec<u8> {
        let mut payload = Vec::new();
        for chunk in bytes.chunks(piece) {
            let mut chunk = chunk.to_vec();
            let length = frames.decode(&mut chunk);
            payload.extend_from_slice(&chunk[..length]);
        }
        payload
    }

    fn end(role: Role, bytes: &[u8]) -> Option<End> {
        let mut frames = Frames::new(role);
        frames.decode(&mut bytes.to_vec());
        frames.end().cloned()
    }

    #[test]
    fn mqtt_6_0_0_2_packets_need_not_align_with_frames() {
        let long: Vec<u8> = (0..70_000_u32).map(|n| n as u8).collect();
        let payloads: [&[u8]; 5] = [b"one", b"", b"two", &long[..200], &long];
        let whole = payloads.concat();
        for (sender, receiver) in [(Role::Server, Role::Client), (Role::Client, Role::Server)] {
            let bytes = sent(sender, &payloads);
            for piece in [1, 2, 3, 7, 1000, usize::MAX] {
                let mut frames = Frames::new(receiver);
                assert!(
                    decode_in_pieces(&mut frames, &bytes, piece) == whole,
                    "{receiver:?} by {piece}"
                );
                assert_eq!(frames.end(), None);
            }
        }
    }

    #[test]
    fn clients_mask_and_servers_do_not() {
        assert_eq!(sent(Role::Server, &[b"abc"]), [0x82, 3, b'a', b'b', b'c']);
        let masked = sent(Role::Client, &[b"abc"]);
        assert_eq!((masked.len(), &masked[..2]), (9, &[0x82, 0x83][..]));
    }

    #[test]
    fn a_limit_cuts_a_frame_across_the_parts() {
        let mut out = Vec::new();
        let parts = [IoSlice::new(b"abc"), IoSlice::new(b"def")];
        assert_eq!(Frames::new(Role::Server).encode(&parts, 4, &mut out), 4);
        assert_eq!(out, [0x82, 4, b'a', b'b', b'c', b'd']);
    }

    #[test]
    fn fragments_are_joined_and_control_frames_may_stand_between_them() {
        let mut frames = Frames::new(Role::Client);
        let bytes = [
            0x02, 1, b'a', 0x89, 1, b'p', 0x00, 1, b'b', 0x8A, 0, 0x80, 1, b'c', 0x82, 1, b'd',
        ];
        assert_eq!(decode_in_pieces(&mut frames, &bytes, 1), b"abcd");
        let mut out = Vec::new();
        frames.role = Role::Server;
        frames.encode_due(&mut out);
        assert_eq!(out, [0x8A, 1, b'p']);
    }

    #[test]
    fn mqtt_6_0_0_1_a_text_frame_ends_the_stream_after_what_came_before() {
        let mut frames = Frames::new(Role::Client);
        let mut bytes = [0x82, 1, b'a', 0x81, 1, b'b', 0x82, 1, b'c'];
        assert_eq!((frames.decode(&mut bytes), bytes[0]), (1, b'a'));
        assert_eq!(frames.end(), Some(&End::Violated(Violation::TextFrame)));
        assert!(Violation::TextFrame.to_string().contains("MQTT-6.0.0-1"));
        assert!(frames.is_closed());
    }

    #[test]
    fn what_rfc_6455_forbids_is_refused() {
        let long = [[0x89, 126, 0, 126].as_slice(), &[0; 126]].concat();
        for (bytes, words) in [
            (&[0x82, 0x80, 0, 0, 0, 0][..], "masked frame from a server"),
            (&[0xC2, 0], "reserved bits"),
            (&[0x83, 0], "unknown kind"),
            (&[0x8B, 0], "unknown kind"),
            (&[0x09, 0], "fragmented control"),
            (&long, "too long"),
            (&[0x80, 0], "continuation of nothing"),
            (&[0x02, 0, 0x82, 0], "inside another"),
            (&[0x88, 1, 3], "half a status"),
            (&[0x88, 3, 0x03, 0xE8, 0xFF], "not UTF-8"),
        ] {
            let Some(End::Violated(violation)) = end(Role::Client, bytes) else {
                panic!("accepted: {words}");
            };
            assert!(
                violation.to_string().contains(words),
                "{violation}: {words}"
            );
        }
        let Some(End::Violated(violation)) = end(Role::Server, &[0x82, 0]) else {
            panic!("accepted")
        };
        assert!(violation.to_string().contains("unmasked"), "{violation}");
    }

    #[test]
    fn close_frames_end_the_stream_and_are_answered_once() {
        for bytes in [
            &[0x88, 0][..],
            &[0x88, 2, 0x03, 0xE8],
            &[0x88, 4, 0x03, 0xE9, b'b', b'y'],
        ] {
            assert_eq!(end(Role::Client, bytes), Some(End::Closed));
        }
        let bytes = [0x88, 6, 0x03, 0xF0, b'n', b'o', b'p', b'e'];
        let Some(End::Violated(violation)) = end(Role::Client, &bytes) else {
            panic!("no reason")
        };
        assert_eq!(
            violation.to_string(),
            "the peer closed the WebSocket: 1008 against its policy (\"nope\")"
        );

        let mut frames = Frames::new(Role::Client);
        frames.decode(&mut [0x88, 2, 0x03, 0xE9]);
        // What a server writes has no mask.
        frames.role = Role::Server;
        let mut out = Vec::new();
        frames.encode_due(&mut out);
        frames.close();
        frames.encode_due(&mut out);
        assert_eq!(out, [0x88, 2, 0x03, 0xE9]);
    }

    #[test]
    fn a_length_that_has_not_arrived_allocates_nothing() {
        let mut frames = Frames::new(Role::Client);
        let mut bytes = [
            0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, b'x',
        ];
        assert_eq!((frames.decode(&mut bytes), bytes[0]), (1, b'x'));
        assert!(size_of::<Frames>() <= 160, "{}", size_of::<Frames>());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_in_any_pieces_give_the_same(bytes: Vec<u8>, piece in 1_usize..9) {
            let (mut whole, mut parts) = (Frames::new(Role::Client), Frames::new(Role::Client));
            let expected = decode_in_pieces(&mut whole, &bytes, usize::MAX);
            let payload = decode_in_pieces(&mut parts, &bytes, piece);
            proptest::prop_assert_eq!(payload, expected);
            proptest::prop_assert_eq!(parts.end(), whole.end());
        }
    }
}
