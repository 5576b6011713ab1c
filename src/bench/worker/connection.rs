//! One connection of a worker.

use std::task::{Poll, Waker, ready};
use std::time::Instant;

use super::batch::{Batch, Ends};
use super::clearing::Clearing;
use super::context::{Context, Part, Shared};
use super::greeting::Hello;
use super::opening::Opening;
use super::publisher::{Line, Publisher};
use super::receiver::Receiver;
use super::requester::Requester;
use crate::bench::fault::Fault;
use crate::bench::progress::Progress;
use crate::bench::{Act, Scenario};
use crate::client::Error;
use crate::driver::{End, Link};
use crate::session::{Config, Role, Session};
use crate::transport::Stream;

/// Rounds of reading, or of filling and sending, before others have their turn.
const ROUNDS: usize = 4;

/// One connection of a worker.
pub(super) struct Connection {
    pub(super) part: Part,
    /// Its place among the connections of the worker.
    slot: usize,
    pub(super) link: Link<Stream>,
    pub(super) session: Session,
    waker: Waker,
    pub(super) phase: Phase,
    /// Which of the brokers it goes to.
    pub(super) broker: usize,
    /// Until it can be used.
    pub(super) opening: Option<Box<Opening>>,
    /// It is left alone until the worker comes to it: see [`Gathering`](super::gathering::Gathering).
    is_gathering: bool,
    /// When the PINGREQ was sent that is not answered yet.
    pub(super) pinged: Option<Instant>,
    /// Why it is to end.
    pub(super) failure: Option<Fault>,
    pub(super) filter: Option<String>,
    pub(super) publisher: Option<Publisher>,
    requester: Option<Box<Requester>>,
    pub(super) clearing: Option<Clearing>,
    pub(super) receiver: Option<Receiver>,
}

/// How far a connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Connecting,
    Subscribing,
    Ready,
    Closing,
    /// Nothing more goes in or out.
    Ended,
}

impl Connection {
    pub(super) fn new(
        context: &Context,
        stream: Stream,
        opening: Opening,
        slot: usize,
        (number, part): (u64, Part),
        mut receiver: Option<Receiver>,
    ) -> Connection {
        let plan = &context.plan;
        let options = &plan.client;
        let act = plan.scenario.act();
        let mut link = Link::new(stream, options.max_packet_size);
        let config = Config {
            max_inflight: u16::MAX,
            ..Config::default()
        };
        let mut session = Session::new(Role::Client, config);
        let hello = Hello::new(context, number, part);
        session.connect(opening.began(), &hello.connect(), &mut link.output);
        if let (Part::Returner, Some(receiver)) = (part, &mut receiver) {
            // Messages may come together with the CONNACK.
            receiver.begin(context.nanos(opening.due()), context.nanos(opening.began()));
        }
        let publishes = part == Part::Publisher && act != Act::Die;
        let requests = part == Part::Idler && act == Act::Request;
        Connection {
            part,
            slot,
            link,
            session,
            waker: Waker::noop().clone(),
            phase: Phase::Connecting,
            broker: plan.broker(number),
            opening: Some(Box::new(opening)),
            is_gathering: false,
            pinged: None,
            failure: None,
            filter: (part == Part::Subscriber).then(|| plan.filter(number)),
            publisher: publishes.then(|| Publisher::new(number, context)),
            requester: requests.then(|| Box::new(Requester::new(number))),
            clearing: None,
            receiver,
        }
    }

    /// Whether the connection can be used.
    pub(super) fn is_ready(&self) -> bool {
        self.phase == Phase::Ready
    }

    /// Whether it takes turns of its own.
    pub(super) fn is_actor(&self) -> bool {
        self.publisher.is_some() || self.requester.is_some()
    }

    /// It takes no more turns.
    pub(super) fn finish(&mut self, context: &Context) {
        if let Some(publisher) = &mut self.publisher {
            publisher.turns.finish(context);
        }
        if let Some(requester) = &mut self.requester {
            requester.turns.finish(context);
        }
    }

    /// Reads what has come, publishes what is due, sends what waits. Ready when it is over.
    pub(super) fn poll(
        &mut self,
        context: &Context,
        shared: &mut Shared,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if !self.waker.will_wake(cx.waker()) {
            self.waker = cx.waker().clone();
        }
        self.poll_woken(context, shared, cx)
    }

    fn poll_woken(
        &mut self,
        context: &Context,
        shared: &mut Shared,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        if matches!(self.phase, Phase::Closing | Phase::Ended) {
            return self.poll_close(cx).map(Ok);
        }
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Err(error));
        }
        if let Err(fault) = ready!(self.poll_ask(context, cx)) {
            return Poll::Ready(Err(fault));
        }
        if self.is_gathering && !self.link.wants_flush() && !self.wants_turn() {
            return Poll::Pending;
        }
        let is_lent = self.link.output.lend(&mut shared.output);
        let polled = self.poll_turn(context, shared, cx);
        self.put_back(is_lent, shared);
        polled
    }

    /// It has been left alone long enough: reads what has come meanwhile.
    pub(super) fn end_gathering(&mut self, context: &Context, shared: &mut Shared) {
        self.is_gathering = false;
        if !self.is_ready() {
            return self.wake();
        }
        let polled = self.with_waker(|connection, cx| connection.poll_woken(context, shared, cx));
        if let Poll::Ready(ended) = polled {
            // Its task finds the same, and says so.
            self.failure = ended.err();
            self.wake();
        }
    }

    /// Does something in the name of the connection's task, whose waker is not so much as copied:
    /// where there are very many, each look at a task's memory costs as much as reading a message.
    fn with_waker<T>(
        &mut self,
        act: impl FnOnce(&mut Connection, &mut std::task::Context<'_>) -> T,
    ) -> T {
        let waker = std::mem::replace(&mut self.waker, Waker::noop().clone());
        let done = act(self, &mut std::task::Context::from_waker(&waker));
        self.waker = waker;
        done
    }

    fn poll_turn(
        &mut self,
        context: &Context,
        shared: &mut Shared,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        let mut has_more = true;
        for _ in 0..ROUNDS {
            match self.poll_read(context, shared, cx) {
                Poll::Ready(Ok(read)) if self.is_gathering && self.is_emptied(read, shared) => {
                    // Nobody need say when there is more: it is come back to.
                    has_more = false;
                    break;
                }
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {
                    has_more = false;
                    break;
                }
            }
        }
        if let Poll::Ready(Err(end)) = self.publish_and_send(context, shared, cx) {
            return Poll::Ready(Err(end));
        }
        if has_more {
            // Others come first.
            context.rest.has_more();
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    /// Whether a read of so many bytes has left nothing to be read.
    fn is_emptied(&self, read: usize, shared: &Shared) -> bool {
        // What lies above a socket hands over less than it has.
        read < shared.scratch.len() / 2 && !self.link.stream().has_layers()
    }

    /// Ends the use of the buffer that all connections share.
    fn put_back(&mut self, is_lent: bool, shared: &mut Shared) {
        if is_lent {
            self.link.output.give_back(&mut shared.output);
        }
        self.link.output.release();
    }

    /// Reads once. Gives how many bytes that were.
    fn poll_read(
        &mut self,
        context: &Context,
        shared: &mut Shared,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Result<usize, Fault>> {
        let mut batch = None;
        let session = &mut self.session;
        let mut ends = Ends {
            publisher: &mut self.publisher,
            requester: &mut self.requester,
            receiver: &mut self.receiver,
            notes: &mut shared.notes,
            is_clearing: self.clearing.is_some(),
        };
        let stats = &mut shared.stats;
        let read = self
            .link
            .poll_read_frames(cx, &mut shared.scratch, |frame, output| {
                batch
                    .get_or_insert_with(|| Batch::new(context))
                    .frame(context, frame, session, output, &mut ends, stats)
            });
        let read = ready!(read);
        if let Some(batch) = batch
            && let Err(fault) = self.take_in(context, batch, shared)
        {
            return Poll::Ready(Err(fault));
        }
        let version = context.plan.client.version;
        Poll::Ready(match read {
            Ok(read) => Ok(read),
            Err(end) if self.phase == Phase::Connecting => Err(Error::before_connack(
                end.in_version(version),
                context.plan.target(self.broker),
                &shared.scratch,
            )
            .into()),
            Err(end) => Err(Fault::lost(end.in_version(version), "without a word")),
        })
    }

    /// Draws the consequences of what was read.
    fn take_in(
        &mut self,
        context: &Context,
        batch: Batch,
        shared: &mut Shared,
    ) -> Result<(), Fault> {
        let progress = &context.progress;
        Progress::add(&progress.received, batch.arrived);
        Progress::add(&progress.acked, batch.acked);
        Progress::add(&progress.halfway, batch.halfway);
        Progress::add(&progress.removed, batch.removed);
        self.moderate(context, &batch, shared);
        if let Some(end) = batch.end {
            return Err(end);
        }
        if batch.answered_ping
            && let Some(pinged) = self.pinged.take()
            && context.plan.scenario == Scenario::Idle
        {
            let (sent, now) = (context.nanos(pinged), batch.nanos);
            shared.stats.latency.record(sent, sent, now);
            Progress::add(&context.progress.acked, 1);
        }
        if batch.connected {
            self.connected(context, batch.now, shared);
        }
        if batch.subscribed && self.phase == Phase::Subscribing {
            self.ready(context, batch.now);
        } else if batch.subscribed {
            self.subscribed(context, batch.nanos, shared);
        }
        if batch.session_missing && self.part == Part::Returner {
            let text = "the broker did not keep the session";
            (shared.stats).error(Fault::new("session_not_present", text));
        }
        Ok(())
    }

    /// Says how long nobody looks: at any socket, and at this one.
    fn moderate(&mut self, context: &Context, batch: &Batch, shared: &mut Shared) {
        let moderation = &mut shared.moderation;
        let is_answered = moderation.read(batch.nanos, batch.packets, batch.round_trips);
        context.rest.want(moderation.pause());
        // Keep Alive must not suffer.
        let longest = u64::from(self.session.keep_alive()) * 1_000_000_000 / 8;
        let gather = match (is_answered, longest) {
            (false, _) => 0,
            (true, 0) => moderation.gather(),
            (true, longest) => moderation.gather().min(longest),
        };
        if gather > 0 && !std::mem::replace(&mut self.is_gathering, true) {
            shared.gathering.push(batch.nanos + gather, self.slot);
        }
    }

    /// Publishes what is due and sends what waits. Pending: the socket takes no more.
    pub(super) fn advance(
        &mut self,
        context: &Context,
        shared: &mut Shared,
    ) -> Poll<Result<(), Fault>> {
        let is_lent = self.link.output.lend(&mut shared.output);
        let advanced =
            self.with_waker(|connection, cx| connection.publish_and_send(context, shared, cx));
        self.put_back(is_lent, shared);
        advanced
    }

    fn publish_and_send(
        &mut self,
        context: &Context,
        shared: &mut Shared,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Result<(), Fault>> {
        for _ in 0..ROUNDS {
            let mut has_more = false;
            let mut line = Line {
                session: &mut self.session,
                output: &mut self.link.output,
            };
            if let Some(publisher) = &mut self.publisher {
                has_more = publisher.pump(context, &mut line, shared);
                if let Some(clearing) = &mut self.clearing {
                    has_more |= clearing.pump(context, &mut line, publisher.turns.number());
                }
            }
            if let Some(requester) = &mut self.requester {
                has_more = requester.pump(context, &mut line, &mut shared.stats);
            }
            if !self.link.wants_flush() {
                break;
            }
            if let Err(error) = ready!(self.link.poll_flush(cx)) {
                return Poll::Ready(Err(Fault::lost(End::Io(error), "while writing")));
            }
            if !has_more && context.schedule_of(self.part).is_some() {
                break;
            }
        }
        if let Some(publisher) = &mut self.publisher {
            publisher.turns.sent_all(context);
        }
        if let Some(requester) = &mut self.requester {
            requester.turns.sent_all(context);
        }
        let is_closed_loop = context.schedule_of(self.part).is_none();
        if is_closed_loop && context.begins(self.part).is_some() && self.wants_turn() {
            cx.waker().wake_by_ref();
        }
        Poll::Ready(Ok(()))
    }

    /// Whether the closed loop could go on at once.
    fn wants_turn(&self) -> bool {
        self.publisher.as_ref().is_some_and(Publisher::wants_turn)
            || self.requester.as_ref().is_some_and(|one| one.wants_turn())
    }

    /// The connection's task should look: the output failed, or it is to close.
    pub(super) fn wake(&self) {
        self.waker.wake_by_ref();
    }
}
