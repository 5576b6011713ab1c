//! A Network Connection with its buffers.

use std::io::{self, IoSlice};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::BufMut;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use crate::codec::{Frame, Mark, Output, Sink, Version, Violation};

/// A partial Frame longer than this is completed in a buffer of its own.
const LARGE_FRAME: usize = 16 * 1024;
/// Slices handed to one vectored write.
const MAX_SLICES: usize = 16;

/// How a Network Connection ended.
#[derive(Debug)]
pub enum End {
    /// The peer closed it.
    Closed,
    /// The operating system or a lower protocol reported an error.
    Io(io::Error),
    /// The peer broke the protocol.
    Violation(Violation),
}

impl End {
    /// The same with a violation cited as of `version`.
    pub fn in_version(self, version: Version) -> End {
        match self {
            End::Violation(violation) => End::Violation(violation.in_version(version)),
            end => end,
        }
    }
}

impl From<Violation> for End {
    fn from(violation: Violation) -> End {
        End::Violation(violation)
    }
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> End {
        End::Io(error)
    }
}

/// A Network Connection with its buffers.
///
/// An idle Link owns no read buffer: bytes are read into the scratch buffer of its worker, and
/// only the start of a Frame whose end has not arrived is kept.
#[derive(Debug)]
pub struct Link<S> {
    stream: S,
    /// The start of a Frame whose end has not arrived.
    partial: Vec<u8>,
    /// Bytes waiting to be sent.
    pub output: Output,
    /// Where the bytes of `output` begin that must not be sent yet.
    held: Option<Mark>,
    /// The stream was written to and not flushed since.
    unflushed: bool,
    /// Up to where `output` was shown to an observer.
    observed: Mark,
    max_packet_size: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    /// Wraps a stream. Packets larger than `max_packet_size` bytes are a violation.
    pub fn new(stream: S, max_packet_size: usize) -> Link<S> {
        let output = Output::default();
        Link {
            stream,
            partial: Vec::new(),
            held: None,
            unflushed: false,
            observed: output.mark(),
            output,
            max_packet_size,
        }
    }

    /// The stream itself.
    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// Withholds what is appended to `output` from now on until [`release`](Link::release):
    /// acknowledgements stay until what they acknowledge is safe.
    pub fn hold(&mut self) {
        self.held.get_or_insert(self.output.mark());
    }

    /// Lets everything in `output` be sent.
    pub fn release(&mut self) {
        self.held = None;
    }

    /// Throws away what is withheld.
    pub fn discard_held(&mut self) {
        if let Some(mark) = self.held.take() {
            self.output.truncate(mark);
        }
    }

    /// Sends `bytes`, whole packets, before whatever is withheld.
    pub fn put_before_held(&mut self, bytes: &[u8]) {
        let mark = self.held.unwrap_or(self.output.mark());
        let held = self.output.copy_since(mark);
        self.output.truncate(mark);
        self.output.put(bytes);
        self.held = self.held.map(|_| self.output.mark());
        self.output.put(&held);
    }

    /// Whether there is something to send or to flush.
    pub fn wants_flush(&self) -> bool {
        self.unflushed || self.sendable_len() > 0
    }

    /// A copy of what was appended to `output` since the last call, whole packets, for those who
    /// watch the traffic. To be called before each flush.
    pub fn take_unobserved(&mut self) -> Vec<u8> {
        let unobserved = self.output.copy_since(self.observed);
        self.observed = self.output.mark();
        unobserved
    }

    fn sendable_len(&self) -> usize {
        self.held
            .map_or(self.output.len(), |mark| self.output.len_until(mark))
    }

    /// Sends what may be sent, in as few writes as the stream allows.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sendable_len() > 0 {
            let written = {
                let mut slices = [IoSlice::new(&[]); MAX_SLICES];
                let count = self
                    .output
                    .fill_slices_up_to(self.sendable_len(), &mut slices);
                let slices = &slices[..count];
                ready!(Pin::new(&mut self.stream).poll_write_vectored(cx, slices))?
            };
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unflushed = true;
            self.output.advance(written);
        }
        if self.unflushed {
            ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Ends the sending side of the stream.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    /// Reads once, as much as the stream gives and `scratch` holds, and hands every whole Frame
    /// to `on_frame` together with `output`. Gives the number of bytes read.
    ///
    /// # Errors
    ///
    /// How the connection ended: closed by the peer, an I/O error, or a violation found here or
    /// by `on_frame`. What was appended to `output` until then is still there to be sent.
    pub fn poll_read_frames(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut Vec<u8>,
        mut on_frame: impl FnMut(Frame<'_>, &mut Output) -> Result<(), Violation>,
    ) -> Poll<Result<usize, End>> {
        if self.partial.len() > LARGE_FRAME.min(scratch.capacity() / 2) {
            // Grows with what has arrived, never with what a header claims.
            self.partial.reserve(4 * LARGE_FRAME);
            let read = ready!(poll_read(&mut self.stream, cx, &mut self.partial))?;
            let (consumed, end) = self.hand_out(None, &mut on_frame);
            if consumed > 0 {
                self.partial = self.partial[consumed..].to_vec();
            }
            return Poll::Ready(end.map(|()| read));
        }
        scratch.clear();
        scratch.extend_from_slice(&self.partial);
        let read = ready!(poll_read(&mut self.stream, cx, scratch))?;
        let (consumed, end) = self.hand_out(Some(scratch), &mut on_frame);
        let rest = &scratch[consumed..];
        if rest.is_empty() {
            self.partial = Vec::new();
        } else {
            self.partial.clear();
            self.partial.extend_from_slice(rest);
        }
        Poll::Ready(end.map(|()| read))
    }

    /// Reads once and forgets what was read.
    ///
    /// # Errors
    ///
    /// How the connection ended.
    pub fn poll_discard(
        &mut self,
        cx: &mut Context<'_>,
        scratch: &mut Vec<u8>,
    ) -> Poll<Result<usize, End>> {
        scratch.clear();
        poll_read(&mut self.stream, cx, scratch)
    }

    /// Hands out the whole Frames at the start of `input`, or of `partial`; says how many bytes
    /// they were.
    fn hand_out(
        &mut self,
        input: Option<&[u8]>,
        on_frame: &mut impl FnMut(Frame<'_>, &mut Output) -> Result<(), Violation>,
    ) -> (usize, Result<(), End>) {
        let input = input.unwrap_or(&self.partial);
        let mut consumed = 0;
        loop {
            match Frame::parse(&input[consumed..], self.max_packet_size) {
                Ok(Some(frame)) => {
                    consumed += frame.bytes().len();
                    if let Err(violation) = on_frame(frame, &mut self.output) {
                        return (consumed, Err(violation.into()));
                    }
                }
                Ok(None) => return (consumed, Ok(())),
                Err(violation) => return (consumed, Err(violation.into())),
            }
        }
    }
}

/// Reads once into the spare capacity of `buffer`; the end of the stream is [`End::Closed`].
fn poll_read(
    stream: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    buffer: &mut Vec<u8>,
) -> Poll<Result<usize, End>> {
    let room = buffer.capacity() - buffer.len();
    let mut limited = buffer.limit(room);
    let read = ready!(pin!(stream.read_buf(&mut limited)).poll(cx))?;
    Poll::Ready(if read == 0 {
        Err(End::Closed)
    } else {
        Ok(read)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::future::poll_fn;
    use std::task::Waker;

    use tokio::io::ReadBuf;

    use super::*;
    use crate::codec::{Packet, PacketType, Properties, QoS, Version};

    /// A stream that gives and takes what it is told.
    #[derive(Default)]
    struct Scripted {
        /// One piece for each read; then the reads wait, or end.
        reads: VecDeque<Vec<u8>>,
        ends: bool,
        /// How much each write takes; then the writes wait.
        room: VecDeque<usize>,
        written: Vec<u8>,
        flushes: usize,
    }

    impl AsyncRead for Scripted {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buffer: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let Some(mut piece) = self.reads.pop_front() else {
                return match self.ends {
                    true => Poll::Ready(Ok(())),
                    false => Poll::Pending,
                };
            };
            let rest = piece.split_off(piece.len().min(buffer.remaining()));
            buffer.put_slice(&piece);
            if !rest.is_empty() {
                self.reads.push_front(rest);
            }
            Poll::Ready(Ok(()))
        }
    }

    impl AsyncWrite for Scripted {
        fn poll_write(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            let Some(room) = self.room.pop_front() else {
                return Poll::Pending;
            };
            let taken = room.min(bytes.len());
            self.written.extend_from_slice(&bytes[..taken]);
            Poll::Ready(Ok(taken))
        }

        fn poll_flush(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            self.flushes += 1;
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    fn reading(pieces: impl IntoIterator<Item = Vec<u8>>) -> Link<Scripted> {
        let reads = pieces.into_iter().collect();
        let ends = true;
        Link::new(
            Scripted {
                reads,
                ends,
                ..Scripted::default()
            },
            usize::MAX,
        )
    }

    fn writing(room: impl IntoIterator<Item = usize>) -> Link<Scripted> {
        let room = room.into_iter().collect();
        Link::new(
            Scripted {
                room,
                ..Scripted::default()
            },
            usize::MAX,
        )
    }

    fn flush(link: &mut Link<Scripted>) -> Poll<io::Result<()>> {
        link.poll_flush(&mut Context::from_waker(Waker::noop()))
    }

    /// Everything until the stream ends, as Frames, and the end.
    fn frames_of(link: &mut Link<Scripted>, scratch: usize) -> (Vec<Vec<u8>>, End) {
        let mut scratch = Vec::with_capacity(scratch);
        let mut frames = Vec::new();
        loop {
            let mut context = Context::from_waker(Waker::noop());
            let read = link.poll_read_frames(&mut context, &mut scratch, |frame, _| {
                frames.push(frame.bytes().to_vec());
                Ok(())
            });
            match read {
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(end)) => return (frames, end),
                Poll::Pending => panic!("the script never waits"),
            }
        }
    }

    /// A PUBLISH at QoS 0 with this payload.
    fn publish(payload: &[u8]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let publish = crate::codec::Publish {
            dup: false,
            qos: QoS::AtMostOnce,
            retain: false,
            topic: "t",
            packet_id: None,
            properties: Properties::EMPTY,
            payload,
        };
        Packet::Publish(publish).encode(Version::V3_1_1, &mut bytes);
        bytes
    }

    #[test]
    fn frames_are_the_same_however_the_stream_is_cut() {
        let frames = [
            publish(b"one"),
            vec![0xd0, 0],
            publish(&[7; 300]),
            vec![0x40, 2, 0, 1],
        ];
        let stream = frames.concat();
        for size in 1..=stream.len() {
            let mut link = reading(stream.chunks(size).map(<[u8]>::to_vec));
            let (read, end) = frames_of(&mut link, 1024);
            assert_eq!(read, frames, "in pieces of {size}");
            assert!(matches!(end, End::Closed), "{end:?}");
            assert_eq!(link.partial.capacity(), 0, "an idle link owns no buffer");
        }
    }

    #[test]
    fn frames_larger_than_the_scratch_buffer_arrive_whole_with_those_behind() {
        let frames = [
            publish(&vec![1; 3 * LARGE_FRAME]),
            publish(b"small"),
            publish(&vec![2; 20 * LARGE_FRAME]),
            publish(b"last"),
        ];
        let stream = frames.concat();
        for (size, scratch) in [(1000, 2048), (16_384, 65_536), (100_000, 65_536), (7, 64)] {
            let mut link = reading(stream.chunks(size).map(<[u8]>::to_vec));
            let (read, end) = frames_of(&mut link, scratch);
            assert!(read == frames, "in pieces of {size} through {scratch}");
            assert!(matches!(end, End::Closed), "{end:?}");
        }
    }

    #[test]
    fn a_length_that_has_not_arrived_allocates_nothing() {
        let mut link = reading([vec![0x30, 0xff, 0xff, 0xff, 0x7f, 0, 1]]);
        let (read, _) = frames_of(&mut link, 1024);
        assert!(read.is_empty());
        assert!(link.partial.capacity() < 64, "{}", link.partial.capacity());
    }

    #[test]
    fn a_violation_in_a_batch_comes_after_what_precedes_it() {
        let stream = [publish(b"good"), vec![0x00, 0x00], publish(b"unseen")].concat();
        let (read, end) = frames_of(&mut reading([stream]), 1024);
        assert_eq!(read, [publish(b"good")]);
        assert!(matches!(end, End::Violation(_)), "{end:?}");
    }

    #[test]
    fn a_frame_above_the_maximum_is_a_violation_before_it_has_arrived() {
        let mut link = reading([publish(&[0; 200])[..3].to_vec()]);
        link.max_packet_size = 100;
        let (read, end) = frames_of(&mut link, 1024);
        assert!(
            read.is_empty() && matches!(end, End::Violation(_)),
            "{end:?}"
        );
    }

    #[test]
    fn what_a_violation_left_in_the_output_can_still_be_sent() {
        let stream = [publish(b"good"), publish(b"bad")].concat();
        let mut link = reading([stream]);
        let mut seen = 0;
        let mut scratch = Vec::with_capacity(1024);
        let mut context = Context::from_waker(Waker::noop());
        let read = link.poll_read_frames(&mut context, &mut scratch, |_, output| {
            output.put(b"answer");
            seen += 1;
            match seen {
                1 => Ok(()),
                _ => Err(Frame::parse(&[0x00, 0x00], 10).unwrap_err()),
            }
        });
        assert!(matches!(read, Poll::Ready(Err(End::Violation(_)))));
        assert_eq!(link.output.len(), 2 * b"answer".len());
    }

    #[test]
    fn short_writes_and_waits_lose_and_double_nothing() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut link = writing([1, 7, 100]);
        link.output.put(&bytes[..200]);
        assert!(flush(&mut link).is_pending());
        assert_eq!(link.stream.written, bytes[..108]);
        assert_eq!(link.stream.flushes, 0);
        link.output.put(&bytes[200..]);
        link.stream.room = [usize::MAX].into();
        assert!(link.wants_flush() && flush(&mut link).is_ready());
        assert_eq!(link.stream.written, bytes);
        assert_eq!(link.stream.flushes, 1);
        assert!(!link.wants_flush());
    }

    #[test]
    fn a_stream_that_takes_nothing_is_an_error() {
        let mut link = writing([0]);
        link.output.put(b"x");
        assert!(matches!(flush(&mut link), Poll::Ready(Err(error))
            if error.kind() == io::ErrorKind::WriteZero));
    }

    #[test]
    fn what_is_held_is_not_sent_before_its_release() {
        let mut link = writing([usize::MAX; 8]);
        link.output.put(b"first");
        link.hold();
        link.output.put(b"held");
        assert!(flush(&mut link).is_ready());
        assert_eq!(link.stream.written, b"first");
        assert!(!link.wants_flush(), "nothing that may be sent waits");

        link.put_before_held(b"ping");
        link.hold();
        assert!(flush(&mut link).is_ready());
        assert_eq!(link.stream.written, b"firstping");

        link.release();
        assert!(flush(&mut link).is_ready());
        assert_eq!(link.stream.written, b"firstpingheld");
    }

    #[test]
    fn what_is_held_can_be_given_up() {
        let mut link = writing([usize::MAX; 8]);
        link.output.put(b"kept");
        link.hold();
        link.output.put(b"never sent");
        link.discard_held();
        link.output.put(b"end");
        assert!(flush(&mut link).is_ready());
        assert_eq!(link.stream.written, b"keptend");
    }

    #[test]
    fn every_packet_is_observed_once() {
        let mut link = writing([3, usize::MAX]);
        link.output.put(b"one");
        link.hold();
        link.output.put(b"two");
        assert_eq!(link.take_unobserved(), b"onetwo");
        assert!(flush(&mut link).is_ready());
        link.release();
        link.output.put(b"three");
        assert_eq!(link.take_unobserved(), b"three");
        assert!(link.take_unobserved().is_empty());
    }

    #[tokio::test]
    async fn two_links_talk_through_a_narrow_pipe() {
        let (here, there) = tokio::io::duplex(5);
        let (mut here, mut there) = (Link::new(here, usize::MAX), Link::new(there, usize::MAX));
        let payload = vec![9; 1000];
        here.output.put(&publish(&payload));
        let mut scratch = Vec::with_capacity(64);
        let mut answered = false;
        let sending = poll_fn(|cx| here.poll_flush(cx));
        let receiving = async {
            while !answered {
                poll_fn(|cx| {
                    there.poll_read_frames(cx, &mut scratch, |frame, output| {
                        answered = frame.packet_type() == PacketType::Publish;
                        output.put(&[0x40, 2, 0, 1]);
                        Ok(())
                    })
                })
                .await
                .unwrap();
            }
        };
        let (sent, ()) = tokio::join!(sending, receiving);
        sent.unwrap();
        assert_eq!(there.output.len(), 4);
    }
}
