//! A connection that stands, or waits for its CONNACK.

use std::future::poll_fn;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::time::{Sleep, sleep_until};

use crate::codec::{Frame, Output, ReasonCode, Violation};
use crate::driver::{End, Link};
use crate::session::{Event, Session};
use crate::transport::Stream;

use super::pace::Pace;
use super::{Client, Direction, Error, Handler, Options, Phase, Refusal};

/// The state of one Network Connection.
pub(super) struct Open {
    pub(super) link: Link<Stream>,
    timer: Pin<Box<Sleep>>,
    /// CONNACK must have come by then.
    connack_due: Option<Instant>,
    /// An acknowledgement must come by then.
    acknowledgement_due: Option<Instant>,
    /// SUBSCRIBE and UNSUBSCRIBE packets without an answer.
    requests: usize,
    pace: Pace,
}

/// Why a turn ended.
enum Turned {
    Flushed,
    Read,
    Deadline,
}

/// What one read batch brought, besides what the handler was told.
struct Batch {
    now: Instant,
    resumable: bool,
    /// The application takes no more messages.
    full: bool,
    connected: bool,
    /// The turn has waited for the socket.
    waited: bool,
    packets: usize,
    /// Something of ours was acknowledged.
    progress: bool,
    answers: usize,
    end: Option<Error>,
    /// Assigned Client Identifier (5.0).
    assigned_id: Option<String>,
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
            requests: 0,
            pace: Pace::new(now),
        }
    }

    /// Starts the wait for an acknowledgement, unless one is awaited already.
    pub(super) fn acknowledgement_due(&mut self, now: Instant, after: Duration) {
        self.acknowledgement_due.get_or_insert(now + after);
    }

    pub(super) fn request_sent(&mut self, now: Instant, after: Duration) {
        self.requests += 1;
        self.acknowledgement_due(now, after);
    }

    /// The next moment at which something must be done.
    fn deadline(&self, session: &Session) -> Option<Instant> {
        [
            self.connack_due,
            self.acknowledgement_due,
            session.poll_timeout(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// Ready when the deadline has come. The timer is moved only when it would ring too late.
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
                // What still comes is not ours to judge: it is only read.
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
    /// One turn of a connection that stands: send, read once, look at the clock.
    pub(super) async fn turn_open(&mut self, handler: &mut impl Handler) -> Result<(), Error> {
        let mut batch = Batch {
            now: self.now,
            resumable: self.was_connected,
            full: false,
            connected: false,
            waited: false,
            packets: 0,
            progress: false,
            answers: 0,
            end: None,
            assigned_id: None,
        };
        let turned = poll_fn(|cx| self.poll_open(cx, &mut batch, handler)).await;
        self.now = Instant::now();
        let is_accepted = self.is_connected();
        let Phase::Open(open) = &mut self.phase else {
            return Ok(());
        };
        if let Some(error) = batch.end.take() {
            return Err(error);
        }
        if let Err(end) = &turned
            && let End::Violation(violation) = end
        {
            self.session
                .disconnect_for(violation, &mut open.link.output);
            // The answer is a courtesy: one attempt, no waiting.
            poll_fn(|cx| Poll::Ready(open.link.poll_flush(cx).is_ready())).await;
        }
        let turned = turned.map_err(|end| match is_accepted {
            true => Error::from_end(end, "without a word"),
            false => Error::before_connack(end, &self.options.target),
        });
        match turned? {
            Turned::Flushed => {}
            Turned::Read => self.after_read(batch),
            Turned::Deadline => self.after_deadline()?,
        }
        self.publish_again();
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
        if open.link.wants_flush() {
            open.show_sent(&self.session, handler);
            match open.link.poll_flush(cx) {
                Poll::Ready(result) => {
                    result?;
                    flushed = true;
                }
                Poll::Pending => {}
            }
        }
        if self.hold_acknowledgements && self.session.is_connected() {
            open.link.hold();
        }
        // Not at the first poll of a turn: what arrived meanwhile is seen only after a wait.
        let is_woken = std::mem::replace(&mut batch.waited, true);
        if is_woken
            && open.pace.is_trickle()
            && !open.link.wants_flush()
            && let Some(pause) = open.pace.pause(Instant::now())
        {
            // On purpose the thread and not the task: a sleeping task is woken for every
            // segment all the same.
            std::thread::sleep(pause);
        }
        let session = &mut self.session;
        let mut now = None;
        let read = open
            .link
            .poll_read_frames(cx, &mut self.scratch, |frame, output| {
                batch.now = *now.get_or_insert_with(Instant::now);
                batch.frame(session, frame, output, handler)
            });
        match read {
            Poll::Ready(Ok(bytes)) => {
                open.pace
                    .read(now.unwrap_or(self.now), bytes, batch.packets);
                return Poll::Ready(Ok(Turned::Read));
            }
            Poll::Ready(Err(end)) => return Poll::Ready(Err(end)),
            Poll::Pending => {}
        }
        if flushed {
            return Poll::Ready(Ok(Turned::Flushed));
        }
        let deadline = open.deadline(&self.session);
        open.poll_deadline(cx, deadline)
            .map(|()| Ok(Turned::Deadline))
    }

    fn after_read(&mut self, batch: Batch) {
        let Phase::Open(open) = &mut self.phase else {
            return;
        };
        open.requests = open.requests.saturating_sub(batch.answers);
        if batch.connected {
            open.connack_due = None;
            self.was_connected = true;
            if let Some(id) = batch.assigned_id {
                // The session to come back to has this name.
                self.options.client_id = id;
            }
            let lost = self.session.take_lost();
            self.in_doubt += lost.len() as u64;
            self.resend.extend(lost);
        } else if let Some(backoff) = &mut self.backoff {
            // Something beyond CONNACK: the connection is good for more than a greeting.
            backoff.reset();
        }
        if batch.progress || batch.connected {
            open.acknowledgement_due = (self.session.in_flight() > 0 || open.requests > 0)
                .then(|| self.now + self.options.ack_timeout);
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
                "no acknowledgement within {:?}",
                self.options.ack_timeout
            )));
        }
        self.session
            .handle_timeout(self.now, &mut open.link.output)
            .map_err(|timed_out| Error::Lost(timed_out.to_string()))
    }

    /// Publishes what the broker forgot, as far as the window allows.
    fn publish_again(&mut self) {
        let Phase::Open(open) = &mut self.phase else {
            return;
        };
        while self.session.can_publish()
            && let Some((message, delivery)) = self.resend.pop_front()
        {
            // What this server does not take is never acknowledged, and counted as that.
            let _ = self
                .session
                .publish(self.now, &message, delivery, &mut open.link.output);
            open.acknowledgement_due(self.now, self.options.ack_timeout);
        }
    }
}

impl Batch {
    fn frame(
        &mut self,
        session: &mut Session,
        frame: Frame<'_>,
        output: &mut Output,
        handler: &mut impl Handler,
    ) -> Result<(), Violation> {
        self.packets += 1;
        if self.end.is_some() {
            return Ok(());
        }
        if handler.wants_packets() {
            handler.packet(Direction::Received, frame, session);
        }
        match session.receive(self.now, frame, output)? {
            Event::Message(message) => {
                if !self.full && handler.message(&message) == ControlFlow::Continue(()) {
                    session.acknowledge(&message, ReasonCode::SUCCESS, output);
                } else {
                    self.full = true;
                }
            }
            Event::Published { packet_id, reason } => {
                self.progress = true;
                handler.published(packet_id, reason);
            }
            Event::Handled => self.progress = true,
            Event::Connected(connack) => {
                self.connected = true;
                self.assigned_id = (connack.properties)
                    .assigned_client_identifier()
                    .map(str::to_owned);
                let resumed = self.resumable && connack.session_present;
                handler.connected(&connack, session, resumed);
            }
            Event::Suback(suback) => {
                self.progress = true;
                self.answers += 1;
                handler.suback(&suback);
            }
            Event::Unsuback(unsuback) => {
                self.progress = true;
                self.answers += 1;
                handler.unsuback(&unsuback);
            }
            Event::Refused(connack) => {
                let refusal = Refusal::connack(session.version(), &connack);
                self.end = Some(Error::Refused(refusal));
            }
            Event::Disconnect(disconnect) => {
                let refusal = Refusal::disconnect(session.version(), &disconnect);
                self.end = Some(Error::Disconnected(refusal));
            }
            Event::Auth(_) => {
                self.end = Some(Error::Options(
                    "the broker asks for enhanced authentication, which this client cannot do: \
                     leave out the Authentication Method"
                        .into(),
                ));
            }
            // Only a Server is sent these.
            Event::Subscribe(_) | Event::Unsubscribe(_) => {}
        }
        Ok(())
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
