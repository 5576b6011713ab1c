//! A WebSocket that looks like the stream of bytes it carries (MQTT 5.0, section 6).

mod frames;
mod handshake;
mod mask;
mod upgrade;
mod violation;

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub use self::frames::Role;
use self::frames::{End, Frames};
pub use self::handshake::HandshakeError;
pub(super) use self::handshake::Opening;
use self::upgrade::Upgraded;
pub use self::upgrade::{Refusal, UpgradeError};
pub(super) use self::upgrade::{Served, accept};
pub use self::violation::Violation;
use super::stream::Stream;

/// The subprotocol of MQTT, in every version of it.
const SUBPROTOCOL: &str = "mqtt";
/// What clients of MQTT 3.1 asked for, before there was a word for it in the specification.
const SUBPROTOCOL_V3_1: &str = "mqttv3.1";

/// How often one poll reads frames without payload, such as Pings, before other tasks have their turn.
const READS_PER_POLL: usize = 16;

/// The most that goes into one frame, and so the most that waits to be sent.
const MAX_FRAME: usize = 64 * 1024;

/// A WebSocket after its handshake. While idle it owns no buffer: what arrives is taken out of its
/// frames within the reader's buffer.
#[derive(Debug)]
pub struct WebSocket {
    inner: Stream,
    frames: Frames,
    /// The subprotocol of MQTT 3.1 was asked for.
    is_for_v3_1: bool,
    /// Frames that arrived together with the end of the handshake.
    early: Vec<u8>,
    /// Frames to send, of which `sent` bytes are.
    out: Vec<u8>,
    sent: usize,
}

impl WebSocket {
    /// A WebSocket over a stream whose handshake is done. `early` is what arrived together with its end.
    pub fn new(inner: Stream, role: Role, early: Vec<u8>) -> Self {
        Self {
            inner,
            frames: Frames::new(role),
            is_for_v3_1: false,
            early,
            out: Vec::new(),
            sent: 0,
        }
    }

    /// The server's end of a WebSocket that was asked for.
    pub(super) fn accepted(inner: Stream, upgraded: Upgraded) -> Self {
        Self {
            is_for_v3_1: upgraded.is_for_v3_1,
            ..Self::new(inner, Role::Server, upgraded.early)
        }
    }

    /// Whether the client asked for the subprotocol `mqttv3.1`, and not for `mqtt`.
    pub fn is_for_v3_1(&self) -> bool {
        self.is_for_v3_1
    }

    /// What the frames travel over.
    pub fn inner(&self) -> &Stream {
        &self.inner
    }

    /// Sends what is waiting to be sent, and frees its buffer.
    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.sent < self.out.len() {
            match ready!(Pin::new(&mut self.inner).poll_write(cx, &self.out[self.sent..]))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.sent += sent,
            }
        }
        self.out = Vec::new();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    /// Sends what is waiting to be sent, and then the control frames that are due.
    fn poll_drain_all(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        self.frames.encode_due(&mut self.out);
        self.poll_drain(cx)
    }

    /// Fills `buf` with frames as they come and returns their length: 0 at the end.
    fn poll_raw(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        if !self.early.is_empty() {
            let length = self.early.len().min(buf.len());
            buf[..length].copy_from_slice(&self.early[..length]);
            self.early.drain(..length);
            if self.early.is_empty() {
                self.early = Vec::new();
            }
            return Poll::Ready(Ok(length));
        }
        let mut raw = ReadBuf::new(buf);
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut raw))?;
        Poll::Ready(Ok(raw.filled().len()))
    }

    /// Starts to answer Pings and a Close, without waiting: a peer that does not read must not keep us
    /// from reading, and the next write will meet the same error.
    fn answer(&mut self, cx: &mut Context<'_>) {
        if let Poll::Ready(Ok(())) = self.poll_drain_all(cx) {
            let _ = Pin::new(&mut self.inner).poll_flush(cx);
        }
    }
}

impl AsyncRead for WebSocket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        for _ in 0..READS_PER_POLL {
            match this.frames.end() {
                Some(End::Closed) => return Poll::Ready(Ok(())),
                Some(End::Violated(violation)) => {
                    return Poll::Ready(Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        violation.clone(),
                    )));
                }
                None => {}
            }
            let room = buf.initialize_unfilled();
            if room.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let arrived = ready!(this.poll_raw(cx, room))?;
            if arrived == 0 {
                return Poll::Ready(Ok(()));
            }
            let payload = this.frames.decode(&mut room[..arrived]);
            if this.frames.is_due() {
                this.answer(cx);
            }
            if payload > 0 {
                buf.advance(payload);
                return Poll::Ready(Ok(()));
            }
        }
        // Whoever sends nothing but Pings must not occupy the thread.
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncWrite for WebSocket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.poll_drain_all(cx))?;
        if this.frames.is_closed() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if bufs.iter().all(|buf| buf.is_empty()) {
            return Poll::Ready(Ok(0));
        }
        let taken = this.frames.encode(bufs, MAX_FRAME, &mut this.out);
        match this.poll_drain(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            _ => Poll::Ready(Ok(taken)),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        ready!(this.poll_drain_all(cx))?;
        Pin::new(&mut this.inner).poll_flush(cx)
    }

    /// Sends a Close frame and ends the stream under it, without waiting for the peer's Close: MQTT has
    /// a DISCONNECT of its own.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.frames.close();
        ready!(this.poll_drain_all(cx))?;
        Pin::new(&mut this.inner).poll_shutdown(cx)
    }
}
