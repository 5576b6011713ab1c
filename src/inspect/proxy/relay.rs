//! One connection of a client, and its connection to the broker.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::SystemTime;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::feed::Spout;
use crate::inspect::{Origin, Time};
use crate::transport::Stream;

/// What is read at once.
const BUFFER: usize = 64 * 1024;

/// How many rounds a task may go before the others have a turn.
const MAX_ROUNDS: usize = 16;

/// One direction: from one stream to the other.
#[derive(Debug)]
pub(super) struct Pipe {
    origin: Origin,
    spout: Spout,
    /// Empty while there is nothing to pass on: an idle connection owns no buffer.
    buffer: Vec<u8>,
    /// What of the buffer was passed on.
    written: usize,
    dirty: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Open,
    /// The sender has ended, the receiver is to be told.
    Ending,
    Ended,
}

/// Passes on both directions until both have ended.
///
/// # Errors
///
/// One end is gone otherwise than by closing: the other is to be told in the same way.
pub(super) async fn relay(
    client: &mut Stream,
    broker: &mut Stream,
    mut to_broker: Pipe,
    mut to_client: Pipe,
) -> io::Result<()> {
    let mut scratch = vec![0; BUFFER];
    poll_fn(|cx| {
        let up = to_broker.poll(cx, client, broker, &mut scratch)?;
        let down = to_client.poll(cx, broker, client, &mut scratch)?;
        match (up, down) {
            (Poll::Ready(()), Poll::Ready(())) => Poll::Ready(Ok(())),
            _ => Poll::Pending,
        }
    })
    .await
}

impl Pipe {
    pub fn new(origin: Origin, spout: Spout) -> Self {
        Pipe {
            origin,
            spout,
            buffer: Vec::new(),
            written: 0,
            dirty: false,
            state: State::Open,
        }
    }

    /// Passes on what can be. Ready: the direction has ended.
    fn poll(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Stream,
        to: &mut Stream,
        scratch: &mut [u8],
    ) -> io::Result<Poll<()>> {
        match self.poll_pass(cx, from, to, scratch) {
            Poll::Ready(result) => result.map(Poll::Ready),
            Poll::Pending => Ok(Poll::Pending),
        }
    }

    fn poll_pass(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut Stream,
        to: &mut Stream,
        scratch: &mut [u8],
    ) -> Poll<io::Result<()>> {
        for _ in 0..MAX_ROUNDS {
            if !self.buffer.is_empty() {
                ready!(self.poll_rest(cx, to))?;
            }
            match self.state {
                State::Open => {}
                State::Ending => {
                    // The receiver may be gone already: it needs no end.
                    let _ = ready!(Pin::new(&mut *to).poll_shutdown(cx));
                    self.state = State::Ended;
                    return Poll::Ready(Ok(()));
                }
                State::Ended => return Poll::Ready(Ok(())),
            }
            let mut read = ReadBuf::new(scratch);
            match Pin::new(&mut *from).poll_read(cx, &mut read) {
                Poll::Ready(result) => result?,
                Poll::Pending => {
                    if let Poll::Ready(result) = self.poll_flush(cx, to) {
                        result?;
                    }
                    return Poll::Pending;
                }
            }
            let bytes = read.filled();
            if bytes.is_empty() {
                ready!(self.poll_flush(cx, to))?;
                self.close();
                self.state = State::Ending;
                continue;
            }
            self.origin.time = Some(now());
            let sent = match Pin::new(&mut *to).poll_write(cx, bytes) {
                Poll::Ready(result) => result?,
                Poll::Pending => 0,
            };
            self.dirty |= sent > 0;
            let flushed = self.poll_flush(cx, to);
            // What the receiver does not take at once waits here; nothing more is read then.
            self.buffer
                .extend_from_slice(bytes.get(sent..).unwrap_or_default());
            self.spout.bytes(self.origin, bytes);
            ready!(flushed)?;
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Writes what waits.
    fn poll_rest(&mut self, cx: &mut Context<'_>, to: &mut Stream) -> Poll<io::Result<()>> {
        while let Some(rest) = self.buffer.get(self.written..)
            && !rest.is_empty()
        {
            match ready!(Pin::new(&mut *to).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.written += sent,
            }
            self.dirty = true;
        }
        self.buffer = Vec::new();
        self.written = 0;
        self.poll_flush(cx, to)
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>, to: &mut Stream) -> Poll<io::Result<()>> {
        if self.dirty {
            ready!(Pin::new(to).poll_flush(cx))?;
            self.dirty = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Tells of the direction's end, once.
    fn close(&mut self) {
        if self.state == State::Open {
            self.origin.time = Some(now());
            self.spout.end(self.origin);
            self.state = State::Ending;
        }
    }
}

/// However a connection ends, its directions do.
impl Drop for Pipe {
    fn drop(&mut self) {
        self.close();
    }
}

fn now() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Time(since.map_or(0, |since| since.as_nanos() as u64))
}
