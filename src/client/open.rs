//! An open connection, before and after its CONNACK.

use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep_until};

use crate::codec::{Frame, Output};
use crate::driver::{End, Link};
use crate::session::Session;
use crate::transport::Stream;

use super::batch::Batch;
use super::pace::Pace;
use super::{Direction, Error, Handler, Options};

/// The state of one Network Connection.
pub(super) struct Open {
    pub(super) link: Link<Stream>,
    timer: Pin<Box<Sleep>>,
    /// When CONNACK must have come.
    pub(super) connack_due: Option<Instant>,
    /// When an acknowledgement must have come; set when a turn begins to wait for one.
    pub(super) acknowledgement_due: Option<Instant>,
    /// When the broker must have taken some of the output; set when a turn begins to wait for that.
    pub(super) write_due: Option<Instant>,
    /// SUBSCRIBE and UNSUBSCRIBE packets without an answer.
    pub(super) requests: usize,
    pub(super) pace: Pace,
}

impl Open {
    pub(super) fn new(
        stream: Stream,
        options: &Options,
        now: Instant,
        connack_due: Instant,
    ) -> Open {
        Open {
            link: Link::new(stream, options.max_packet_size),
            timer: Box::pin(sleep_until(connack_due.into())),
            connack_due: Some(connack_due),
            acknowledgement_due: None,
            write_due: None,
            requests: 0,
            pace: Pace::new(now),
        }
    }

    /// Starts the waits for an acknowledgement and for the socket that are not running, and ends
    /// those that are over. The clock is read only to start one.
    pub(super) fn await_peer(&mut self, session: &Session, patience: Duration) {
        let due = || Instant::now() + patience;
        if session.in_flight() == 0 && self.requests == 0 {
            self.acknowledgement_due = None;
        } else {
            self.acknowledgement_due.get_or_insert_with(due);
        }
        if self.link.wants_flush() {
            self.write_due.get_or_insert_with(due);
        } else {
            self.write_due = None;
        }
    }

    /// The next moment at which something must be done.
    pub(super) fn deadline(&self, session: &Session) -> Option<Instant> {
        [
            self.connack_due,
            self.acknowledgement_due,
            self.write_due,
            session.poll_timeout(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Ready when the deadline has come. The timer is only reset when it would fire too late.
    pub(super) fn poll_deadline(
        &mut self,
        cx: &mut Context<'_>,
        deadline: Option<Instant>,
    ) -> Poll<()> {
        let Some(deadline) = deadline else {
            return Poll::Pending;
        };
        loop {
            if self.timer.deadline() > deadline.into() {
                self.timer.as_mut().reset(deadline.into());
            }
            ready!(self.timer.as_mut().poll(cx));
            if self.timer.deadline() >= deadline.into() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(deadline.into());
        }
    }

    /// Shows the handler, if it wants to see them, the packets written since the last time.
    pub(super) fn show_sent(&mut self, session: &Session, handler: &mut impl Handler) {
        if handler.wants_packets() {
            for frame in Frames(&self.link.take_unobserved()) {
                handler.packet(Direction::Sent, frame, session);
            }
        }
    }

    /// Sends what may be sent; returns whether that was everything. Pending after an error, since what the
    /// peer sent before it closed says more: it has arrived, but cannot be read before the runtime has
    /// polled the socket again.
    pub(super) fn poll_send(
        &mut self,
        cx: &mut Context<'_>,
        batch: &mut Batch,
        session: &Session,
        handler: &mut impl Handler,
    ) -> Poll<bool> {
        if !self.link.wants_flush() || batch.write_error.is_some() {
            return Poll::Ready(false);
        }
        self.show_sent(session, handler);
        let waiting = self.link.output.len();
        let flushed = self.link.poll_flush(cx);
        if self.link.output.len() < waiting {
            self.write_due = None;
        }
        match flushed {
            Poll::Ready(Ok(())) => Poll::Ready(true),
            Poll::Ready(Err(error)) => {
                batch.write_error = Some(error);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Pending => Poll::Ready(false),
        }
    }

    /// See [`Client::pause`](super::Client::pause).
    pub(super) async fn pause(&mut self, session: &mut Session) {
        // As long as we do not read, a missing answer is not the peer's fault.
        self.acknowledgement_due = None;
        self.write_due = None;
        loop {
            let deadline = session.poll_timeout_paused();
            let waited = poll_fn(|cx| {
                if self.link.wants_flush()
                    && let Poll::Ready(Err(_)) = self.link.poll_flush(cx)
                {
                    return Poll::Ready(ControlFlow::Break(()));
                }
                self.poll_deadline(cx, deadline).map(ControlFlow::Continue)
            });
            if waited.await.is_break() {
                return;
            }
            let mut ping = Output::default();
            if session.ping_while_paused(Instant::now(), &mut ping) {
                self.link.put_before_held(ping.chunk());
            }
        }
    }

    /// Sends the rest, ends the sending side and reads until the peer closes.
    pub(super) async fn close(&mut self, scratch: &mut Vec<u8>) -> Result<(), Error> {
        let end = async {
            poll_fn(|cx| self.link.poll_flush(cx)).await?;
            poll_fn(|cx| self.link.poll_shutdown(cx)).await?;
            loop {
                // What still comes is read, but no longer of interest.
                poll_fn(|cx| self.link.poll_discard(cx, scratch)).await?;
            }
        };
        let end: Result<std::convert::Infallible, End> = end.await;
        match end {
            Err(End::Closed) => Ok(()),
            Err(end) => Err(Error::from_end(end, "while disconnecting")),
        }
    }
}

/// The whole Frames of a slice.
struct Frames<'a>(&'a [u8]);

impl<'a> Iterator for Frames<'a> {
    type Item = Frame<'a>;

    fn next(&mut self) -> Option<Frame<'a>> {
        let frame = Frame::parse(self.0, usize::MAX).ok().flatten()?;
        self.0 = &self.0[frame.bytes().len()..];
        Some(frame)
    }
}
