//! A Network Connection with its buffers.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

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
    /// The same end, with a violation cited for `version`.
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
    /// Where the part of `output` begins that must not be sent yet.
    held: Option<Mark>,
    /// The stream has been written to, and not flushed since.
    unflushed: bool,
    /// How far `output` has been shown to an observer.
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

    /// Withholds what is appended to `output` from now on, until [`release`](Link::release), so that an
    /// acknowledgement leaves only when what it acknowledges is safe.
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
        match self.held {
            // What is withheld has not been written, so the mark is still good.
            Some(mark) => self.held = self.output.insert_at(mark, bytes).or(self.held),
            None => self.output.put(bytes),
        }
    }

    /// Whether there is something to send or to flush.
    pub fn wants_flush(&self) -> bool {
        self.unflushed || self.sendable_len() > 0
    }

    /// A copy of the packets that may be sent and that no earlier call has copied, for those who watch
    /// the traffic. To be called before each flush.
    pub fn take_unobserved(&mut self) -> Vec<u8> {
        let end = self.held.unwrap_or_else(|| self.output.mark());
        let length = self.output.len_until(end) - self.output.len_until(self.observed);
        let mut unobserved = self.output.copy_since(self.observed);
        unobserved.truncate(length);
        self.observed = end;
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

    /// Reads once, as much as the stream has and `scratch` has capacity for, and hands every whole
    /// Frame to `on_frame` together with `output`. Returns the number of bytes read.
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
            let read = ready!(poll_read(&mut self.stream, cx, scratch, 0))?;
            // Grows with what has arrived, never with what a header claims.
            self.partial.extend_from_slice(&scratch[..read]);
            let (consumed, end) = self.hand_out(None, &mut on_frame);
            if consumed > 0 {
                self.partial = self.partial[consumed..].to_vec();
            }
            return Poll::Ready(end.map(|()| read));
        }
        let kept = self.partial.len();
        let read = ready!(poll_read(&mut self.stream, cx, scratch, kept))?;
        scratch[..kept].copy_from_slice(&self.partial);
        let input = &scratch[..kept + read];
        let (consumed, end) = self.hand_out(Some(input), &mut on_frame);
        let rest = &input[consumed..];
        if rest.is_empty() {
            self.partial = Vec::new();
        } else {
            self.partial.clear();
            self.partial.extend_from_slice(rest);
        }
        Poll::Ready(end.map(|()| read))
    }

    /// What has arrived and was not handed out: the beginning of a Frame, or bytes that are no Frame.
    pub fn partial(&self) -> &[u8] {
        &self.partial
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
        poll_read(&mut self.stream, cx, scratch, 0)
    }

    /// Hands out the whole Frames at the start of `input`, or else of `partial`; returns how many bytes
    /// they had.
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

/// Reads once into the capacity of `scratch`, leaving out the bytes before `start`; the end of the
/// stream is [`End::Closed`].
fn poll_read(
    stream: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    scratch: &mut Vec<u8>,
    start: usize,
) -> Poll<Result<usize, End>> {
    // This initialises memory only the first time.
    scratch.resize(scratch.capacity(), 0);
    let mut buffer = ReadBuf::new(&mut scratch[start..]);
    ready!(Pin::new(stream).poll_read(cx, &mut buffer))?;
    Poll::Ready(match buffer.filled().len() {
        0 => Err(End::Closed),
        read => Ok(read),
    })
}

#[cfg(test)]
mod tests;
