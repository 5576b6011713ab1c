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
use super::{Client, Direction, Error, Handler, Options, Phase, SCRATCH};

/// The state of one Network Connection.
pub(super) struct Open {
    pub(super) link: Link<Stream>,
    timer: Pin<Box<Sleep>>,
    /// When CONNACK must have come.
    connack_due: Option<Instant>,
    /// When an acknowledgement must have come; set when a turn begins to wait for one.
    acknowledgement_due: Option<Instant>,
    /// When the broker must have taken some of the output; set when a turn begins to wait for that.
    write_due: Option<Instant>,
    /// SUBSCRIBE and UNSUBSCRIBE packets without an answer.
    pub(super) requests: usize,
    pace: Pace,
}

/// Why a turn ended.
enum Turned {
    Flushed,
    Read,
    Deadline,
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
    fn await_peer(&mut self, session: &Session, patience: Duration) {
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
    fn deadline(&self, session: &Session) -> Option<Instant> {
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
    fn poll_deadline(&mut self, cx: &mut Context<'_>, deadline: Option<Instant>) -> Poll<()> {
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

    /// See [`Client::pause`].
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

impl Client {
    /// One turn of an open connection: write, read once, look at the clock.
    pub(super) async fn turn_open(&mut self, handler: &mut impl Handler) -> Result<(), Error> {
        let mut batch = Batch::new(self.now, self.was_connected);
        let turned = poll_fn(|cx| self.poll_open(cx, &mut batch, handler)).await;
        // What finds a violation in a Frame does not know the version.
        let turned = turned.map_err(|end| end.in_version(self.options.version));
        self.now = Instant::now();
        let is_accepted = self.is_connected();
        if batch.connected {
            self.accepted(&mut batch);
        }
        let Phase::Open(open) = &mut self.phase else {
            return Ok(());
        };
        if let Some(error) = batch.end.take() {
            return Err(error);
        }
        if let Err(end) = &turned
            && let End::Violation(violation) = end
        {
            open.link.discard_held();
            self.session
                .disconnect_for(violation, &mut open.link.output);
            // The answer is a courtesy: one attempt, no waiting.
            poll_fn(|cx| Poll::Ready(open.link.poll_flush(cx).is_ready())).await;
        }
        let turned = turned.map_err(|end| match is_accepted {
            true => Error::from_end(end, "without a word"),
            false => Error::before_connack(end, &self.options.target, &self.scratch),
        });
        match turned? {
            Turned::Flushed => {}
            Turned::Read => self.after_read(&batch),
            Turned::Deadline => self.after_deadline()?,
        }
        self.publish_again(handler);
        Ok(())
    }

    fn poll_open(
        &mut self,
        cx: &mut Context<'_>,
        batch: &mut Batch,
        handler: &mut impl Handler,
    ) -> Poll<Result<Turned, End>> {
        let Phase::Open(open) = &mut self.phase else {
            return Poll::Ready(Ok(Turned::Flushed));
        };
        let mut flushed = false;
        if open.link.wants_flush() && batch.write_error.is_none() {
            open.show_sent(&self.session, handler);
            let waiting = open.link.output.len();
            match open.link.poll_flush(cx) {
                Poll::Ready(Ok(())) => flushed = true,
                Poll::Ready(Err(error)) => {
                    // What the peer sent before it closed says more. It has arrived, but cannot be read
                    // before the runtime has polled the socket again.
                    batch.write_error = Some(error);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Pending => {}
            }
            if open.link.output.len() < waiting {
                open.write_due = None;
            }
        }
        if self.hold_acknowledgements {
            open.link.hold();
        }
        // Not at the first poll of a turn: then the runtime has not yet looked for what has arrived.
        let is_woken = std::mem::replace(&mut batch.waited, true);
        if is_woken
            && open.pace.is_trickle()
            && !open.link.wants_flush()
            && let Some(pause) = open.pace.pause(Instant::now())
        {
            // The thread sleeps, and not the task, on purpose: the runtime would still wake up for
            // every segment.
            std::thread::sleep(pause);
        }
        let session = &mut self.session;
        let authentication = &mut self.authentication;
        let mut now = None;
        let read = open
            .link
            .poll_read_frames(cx, &mut self.scratch, |frame, output| {
                batch.now = *now.get_or_insert_with(Instant::now);
                batch.frame(session, authentication, frame, output, handler)
            });
        match read {
            Poll::Ready(Ok(bytes)) => {
                if bytes >= self.scratch.capacity() / 2 {
                    self.scratch
                        .reserve_exact(SCRATCH.saturating_sub(self.scratch.len()));
                }
                open.pace
                    .read(now.unwrap_or(self.now), bytes, batch.packets);
                return Poll::Ready(Ok(Turned::Read));
            }
            Poll::Ready(Err(end)) => return Poll::Ready(Err(end)),
            Poll::Pending => {}
        }
        if let Some(error) = batch.write_error.take() {
            return Poll::Ready(Err(End::Io(error)));
        }
        if flushed {
            return Poll::Ready(Ok(Turned::Flushed));
        }
        open.await_peer(&self.session, self.options.ack_timeout);
        let deadline = open.deadline(&self.session);
        open.poll_deadline(cx, deadline)
            .map(|()| Ok(Turned::Deadline))
    }

    /// CONNACK came, whatever came after it.
    fn accepted(&mut self, batch: &mut Batch) {
        if let Phase::Open(open) = &mut self.phase {
            open.connack_due = None;
        }
        self.was_connected = true;
        self.connected_at = Some(self.now);
        if let Some(id) = batch.assigned_id.take() {
            // The session is to be resumed under this identifier.
            self.options.client_id = id;
        }
    }

    fn after_read(&mut self, batch: &Batch) {
        let is_open = self.is_connected();
        let Phase::Open(open) = &mut self.phase else {
            return;
        };
        open.requests = open.requests.saturating_sub(batch.answers);
        if let Some(backoff) = &mut self.backoff
            && is_open
            && !batch.connected
        {
            // Something has come after CONNACK: the connection works.
            backoff.reset();
        }
        if batch.progress || batch.connected {
            open.acknowledgement_due = None;
            self.take_lost();
        }
    }

    /// Takes back the messages that the broker lost: they go first, since they were sent first.
    fn take_lost(&mut self) {
        let lost = self.session.take_lost();
        self.in_doubt += lost.len() as u64;
        for entry in lost.into_iter().rev() {
            self.resend.push_front(entry);
        }
    }

    fn after_deadline(&mut self) -> Result<(), Error> {
        let Phase::Open(open) = &mut self.phase else {
            return Ok(());
        };
        if open.connack_due.is_some_and(|due| due <= self.now) {
            return Err(Error::ConnackTimeout {
                target: self.options.target.address.to_string(),
                after: self.options.connect_timeout,
            });
        }
        if open.acknowledgement_due.is_some_and(|due| due <= self.now) {
            return Err(Error::Lost(format!(
                "no acknowledgement within {} s",
                self.options.ack_timeout.as_secs_f64()
            )));
        }
        if open.write_due.is_some_and(|due| due <= self.now) {
            return Err(Error::Lost(format!(
                "the broker has read nothing for {} s",
                self.options.ack_timeout.as_secs_f64()
            )));
        }
        self.session
            .handle_timeout(self.now, &mut open.link.output)
            .map_err(|timed_out| Error::Lost(timed_out.to_string()))
    }

    /// Publishes again the messages that the broker lost, as far as the window allows.
    fn publish_again(&mut self, handler: &mut impl Handler) {
        while self.session.can_publish()
            && let Phase::Open(open) = &mut self.phase
            && let Some((message, delivery)) = self.resend.pop_front()
        {
            let outcome = self
                .session
                .publish(self.now, &message, delivery, &mut open.link.output);
            if let Err(error) = self.outcome(outcome) {
                handler.dropped(&message.topic, &error);
            }
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
