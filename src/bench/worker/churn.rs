//! Clients that connect and disconnect, again and again.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use super::Worker;
use super::connectors::{Caller, Connectors};
use super::context::Part;
use super::greeting::Hello;
use crate::bench::connecting::Connected;
use crate::bench::progress::Progress;
use crate::client::{Error, Refusal};
use crate::codec::{Connect, Properties, ReasonCode};
use crate::driver::{End, Link};
use crate::session::{Config, Event, Role, Session};
use crate::transport::{ConnectError, Stream};

/// After an attempt that failed the next one waits for so long, and for twice as long each time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// After so many failures in a row, the closed loop goes on after this: a broker that refuses every
/// attempt at once is not to be asked a hundred thousand times a second.
fn pause_after(failures: u32) -> Duration {
    let doubled = SHORTEST_PAUSE.saturating_mul(1 << (failures - 1).min(16));
    doubled.min(LONGEST_PAUSE)
}

/// Whether nothing came of an attempt in its time.
fn has_expired(attempt: &Result<Connected, Error>) -> bool {
    use ConnectError::Timeout;
    matches!(
        attempt,
        Err(Error::ConnackTimeout { .. } | Error::Connect(Timeout { .. }))
    )
}

impl Worker {
    /// Connects and disconnects a client whenever its turn comes, until its last.
    pub(super) async fn churn(self: Rc<Self>, number: u64, connectors: Rc<Connectors>) {
        let context = &self.context;
        let (mut attempted, mut failures) = (0, 0);
        let mut last = Instant::now();
        for turn in 0.. {
            let Some(intended) = self.turn(number, turn, attempted).await else {
                break;
            };
            Progress::add(&context.progress.turns, 1);
            Progress::add(&context.progress.asked, 1);
            let measured = intended >= context.measured_from(Part::Idler);
            attempted += u64::from(measured);
            self.shared.borrow_mut().stats.sent += u64::from(measured);
            let began = Instant::now();
            let attempt = Box::pin(self.attempt((number, turn), intended, &connectors)).await;
            Progress::add(&context.progress.expired, u64::from(has_expired(&attempt)));
            Progress::add(&context.progress.acked, 1);
            // By the schedule, turns are had when they begin.
            last = match context.schedule {
                Some(_) => began,
                None => Instant::now(),
            };
            failures = match &attempt {
                Ok(_) => 0,
                Err(_) => failures + 1,
            };
            self.attempted(attempt, number, (intended, began), measured);
            if failures > 0 && context.schedule.is_none() {
                tokio::time::sleep(pause_after(failures)).await;
            }
        }
        context.retire(Part::Idler, last);
    }

    /// Counts what came of an attempt.
    fn attempted(
        &self,
        attempt: Result<Connected, Error>,
        number: u64,
        (intended, began): (u64, Instant),
        measured: bool,
    ) {
        let context = &self.context;
        let stats = &mut self.shared.borrow_mut().stats;
        match attempt {
            Ok(connected) if measured => {
                stats.acked += 1;
                stats.accepted(context.plan.broker(number), 1);
                stats.connecting.record(&connected);
                let now = intended + connected.whole.as_nanos() as u64;
                stats.latency.record(intended, context.nanos(began), now);
            }
            Ok(_) => {}
            Err(error) => stats.error_if(measured, &error),
        }
    }

    /// Waits for a client's turn, and says when it was due; `None`: there is none after so many
    /// measured attempts.
    async fn turn(&self, number: u64, turn: u64, attempted: u64) -> Option<u64> {
        let context = &self.context;
        let start = context.start.get()?;
        let now = || context.nanos(Instant::now());
        let Some(schedule) = &context.schedule else {
            let start = context.clock.instant(start);
            tokio::time::sleep_until(start.into()).await;
            return (context.has_closed_turn(Part::Idler, number, attempted, now())).then(now);
        };
        let due = start + schedule.due(schedule.message(number, turn)?);
        let own = number / self.workers;
        while now() < due {
            let mine = Rc::clone(self.turns.borrow().get(usize::try_from(own).ok()?)?);
            mine.notified().await;
        }
        (!context.stopped.get()).then_some(due)
    }

    /// One connection from the first packet of TCP to DISCONNECT.
    async fn attempt(
        &self,
        (number, turn): (u64, u64),
        intended: u64,
        connectors: &Connectors,
    ) -> Result<Connected, Error> {
        let context = &self.context;
        let options = &context.plan.client;
        let timeout = options.connect_timeout;
        let caller = Caller {
            offset: 0,
            number,
            turn,
        };
        let connecting = connectors.connect(&context.plan, caller, timeout);
        let (stream, timings) = connecting.await?;
        let is_resumed = stream.tls().is_some_and(|tls| tls.resumed);
        let hello = Hello::new(context, number, Part::Idler);
        let mut greeting = Greeting::new(self, number, stream, &hello.connect());
        let asked = Instant::now();
        let answering = poll_fn(|cx| greeting.poll_connack(self, cx));
        let answered = tokio::time::timeout(timeout, answering).await;
        answered.map_err(|_| Error::ConnackTimeout {
            target: context.plan.target(greeting.broker).address.to_string(),
            after: timeout,
        })??;
        let connack = asked.elapsed();
        let whole = context.nanos(Instant::now()).saturating_sub(intended);
        let leaving = poll_fn(|cx| greeting.poll_leave(cx));
        // A broker that does not read the DISCONNECT has answered the CONNECT all the same.
        let _ = tokio::time::timeout(timeout, leaving).await;
        Ok(Connected {
            timings,
            is_resumed,
            connack,
            whole: Duration::from_nanos(whole),
        })
    }
}

/// A connection that says hello and goodbye.
pub(super) struct Greeting {
    broker: usize,
    link: Link<Stream>,
    session: Session,
}

impl Greeting {
    /// Sends the CONNECT.
    pub(super) fn new(
        worker: &Worker,
        number: u64,
        stream: Stream,
        connect: &Connect<'_>,
    ) -> Greeting {
        let plan = &worker.context.plan;
        let mut link = Link::new(stream, plan.client.max_packet_size);
        let mut session = Session::new(Role::Client, Config::default());
        session.connect(Instant::now(), connect, &mut link.output);
        Greeting {
            broker: plan.broker(number),
            link,
            session,
        }
    }

    pub(super) fn poll_connack(
        &mut self,
        worker: &Worker,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), Error>> {
        if let Poll::Ready(Err(error)) = self.link.poll_flush(cx) {
            return Poll::Ready(Err(Error::from_end(End::Io(error), "while writing")));
        }
        let shared = &mut *worker.shared.borrow_mut();
        let (session, mut answer) = (&mut self.session, None);
        loop {
            let read = self
                .link
                .poll_read_frames(cx, &mut shared.scratch, |frame, output| {
                    match session.receive(Instant::now(), frame, output)? {
                        Event::Connected(_) => answer = Some(Ok(())),
                        Event::Refused(connack) => {
                            let refusal = Refusal::connack(session.version(), &connack);
                            answer = Some(Err(Error::Refused(refusal)));
                        }
                        _ => {}
                    }
                    Ok(())
                });
            let read = ready!(read);
            if let Some(answer) = answer {
                return Poll::Ready(answer);
            }
            if let Err(end) = read {
                let target = worker.context.plan.target(self.broker);
                return Poll::Ready(Err(Error::before_connack(end, target, &shared.scratch)));
            }
        }
    }

    pub(super) fn poll_leave(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.session.disconnect(
            ReasonCode::NORMAL_DISCONNECTION,
            Properties::EMPTY,
            &mut self.link.output,
        );
        if ready!(self.link.poll_flush(cx)).is_ok() {
            let _closed_already = ready!(self.link.poll_shutdown(cx));
        }
        Poll::Ready(())
    }
}
