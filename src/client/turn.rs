//! One turn of a client on an open connection: write, read once, look at the clock.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use crate::driver::End;

use super::batch::Batch;
use super::{Client, Error, Handler, Phase, SCRATCH};

/// Why a turn ended.
enum Turned {
    Flushed,
    Read,
    Deadline,
}

impl Client {
    /// One turn of an open connection.
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
        let flushed = ready!(open.poll_send(cx, batch, &self.session, handler));
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
