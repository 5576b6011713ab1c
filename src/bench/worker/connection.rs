//! One connection of a worker.

use std::task::{Poll, Waker, ready};
use std::time::Instant;

use super::clearing::Clearing;
use super::greeting::Hello;
use super::publisher::{Line, Publisher};
use super::receiver::Receiver;
use super::requester::Requester;
use super::{Context, Part, Shared};
use crate::bench::connecting::Connected;
use crate::bench::fault::Fault;
use crate::bench::group::Notes;
use crate::bench::stats::{Progress, Stats};
use crate::bench::{Act, Scenario, latency};
use crate::client::{Error, Refusal};
use crate::codec::{
    Frame, Output, PacketId, PacketType, Properties, ReasonCode, SubscriptionOptions, Violation,
};
use crate::driver::{End, Link};
use crate::session::{Config, Event, Role, Session};
use crate::transport::{Stream, Timings};

/// Rounds of filling and sending before others have their turn.
const ROUNDS: usize = 4;

/// One connection of a worker.
pub(super) struct Connection {
    pub(super) part: Part,
    link: Link<Stream>,
    session: Session,
    waker: Waker,
    phase: Phase,
    /// Which of the brokers it goes to.
    broker: usize,
    /// Until CONNACK.
    opening: Option<Box<Opening>>,
    /// When the PINGREQ was sent that is not answered yet.
    pinged: Option<Instant>,
    /// Why it is to end.
    failure: Option<Fault>,
    filter: Option<String>,
    pub(super) publisher: Option<Publisher>,
    requester: Option<Box<Requester>>,
    pub(super) clearing: Option<Clearing>,
    pub(super) receiver: Option<Receiver>,
}

/// What was measured of a connection before CONNACK.
pub(super) struct Opening {
    /// When it was due.
    pub(super) began: Instant,
    /// When CONNECT was sent.
    pub(super) asked: Instant,
    pub(super) timings: Timings,
}

/// How far a connection is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Connecting,
    Subscribing,
    Ready,
    Closing,
    Lost,
}

/// What the reading of a batch found out.
struct Batch {
    now: Instant,
    nanos: u64,
    packets: u64,
    arrived: u64,
    acked: u64,
    /// The shortest of those that ended.
    round_trip: Option<u64>,
    connected: bool,
    answered_ping: bool,
    subscribed: bool,
    session_missing: bool,
    removed: u64,
    end: Option<Fault>,
}

impl Connection {
    pub(super) fn new(
        context: &Context,
        stream: Stream,
        opening: Opening,
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
        session.connect(opening.asked, &hello.connect(), &mut link.output);
        if let (Part::Returner, Some(receiver)) = (part, &mut receiver) {
            // Messages may come together with the CONNACK.
            receiver.begin(context.nanos(opening.began), context.nanos(opening.asked));
        }
        let publishes = part == Part::Publisher && act != Act::Die;
        let requests = part == Part::Idler && act == Act::Request;
        Connection {
            part,
            link,
            session,
            waker: Waker::noop().clone(),
            phase: Phase::Connecting,
            broker: plan.broker(number),
            opening: Some(Box::new(opening)),
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
        if matches!(self.phase, Phase::Closing | Phase::Lost) {
            return self.poll_close(cx).map(Ok);
        }
        if let Some(error) = self.failure.take() {
            return Poll::Ready(Err(error));
        }
        let read = self.poll_read(context, shared, cx);
        if let Poll::Ready(Err(error)) = read {
            return Poll::Ready(Err(error));
        }
        if let Poll::Ready(Err(end)) = self.advance(context, shared) {
            return Poll::Ready(Err(end));
        }
        if read.is_ready() {
            // Others come first.
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    fn poll_read(
        &mut self,
        context: &Context,
        shared: &mut Shared,
        cx: &mut std::task::Context<'_>,
    ) -> Poll<Result<(), Fault>> {
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
        if let Some(batch) = batch {
            Progress::add(&context.progress.received, batch.arrived);
            Progress::add(&context.progress.acked, batch.acked);
            let moderation = &mut shared.moderation;
            moderation.read(batch.nanos, batch.packets, batch.round_trip);
            context.rest.set_pause(moderation.pause());
            if let Some(end) = batch.end {
                return Poll::Ready(Err(end));
            }
            if batch.answered_ping
                && let Some(pinged) = self.pinged.take()
                && context.plan.scenario == Scenario::Idle
            {
                let (sent, now) = (context.nanos(pinged), batch.nanos);
                shared.stats.latency.record(sent, sent, now);
            }
            Progress::add(&context.progress.removed, batch.removed);
            if batch.connected {
                self.connected(context, batch.now, shared);
            }
            if batch.subscribed && self.phase == Phase::Subscribing {
                self.ready(context);
            } else if batch.subscribed {
                self.subscribed(context, batch.nanos, shared);
            }
            if batch.session_missing && self.part == Part::Returner {
                let text = "the broker did not keep the session";
                (shared.stats).error(Fault::new("session_not_present", text));
            }
        }
        let version = context.plan.client.version;
        Poll::Ready(match read {
            Ok(_) => Ok(()),
            Err(end) if self.phase == Phase::Connecting => Err(Error::before_connack(
                end.in_version(version),
                context.plan.target(self.broker),
                &shared.scratch,
            )
            .into()),
            Err(end) => Err(Fault::lost(end.in_version(version), "without a word")),
        })
    }

    fn connected(&mut self, context: &Context, now: Instant, shared: &mut Shared) {
        let Some(opening) = self.opening.take() else {
            return;
        };
        shared.stats.accepted(self.broker, 1);
        shared.stats.connecting.record(&Connected {
            timings: opening.timings,
            is_resumed: self.link.stream().tls().is_some_and(|tls| tls.resumed),
            connack: now.saturating_duration_since(opening.asked),
            whole: now.saturating_duration_since(opening.began),
        });
        match self.filter.is_some() && context.plan.scenario.act() != Act::Subscribe {
            true => {
                self.phase = Phase::Subscribing;
                self.request(context, now);
            }
            false => self.ready(context),
        }
    }

    /// It can be used.
    fn ready(&mut self, context: &Context) {
        let progress = &context.progress;
        self.phase = Phase::Ready;
        if self.part == Part::Returner {
            // It was there before.
            return Progress::add(&progress.acked, 1);
        }
        Progress::add(&progress.alive, 1);
        Progress::add(&progress.settled, 1);
        if self.part == Part::Subscriber {
            Progress::add(&progress.made, 1);
        }
    }

    /// Writes the SUBSCRIBE. `false`: there is nothing to subscribe to, or no way.
    fn request(&mut self, context: &Context, now: Instant) -> bool {
        let Some(filter) = &self.filter else {
            return false;
        };
        let options = SubscriptionOptions {
            qos: context.plan.qos,
            ..SubscriptionOptions::default()
        };
        let filters = [(&**filter, options)];
        let output = &mut self.link.output;
        let sent = (self.session).subscribe(now, &filters, Properties::EMPTY, output);
        sent.is_some()
    }

    /// Subscribes now, as was `intended` before if there is a schedule. `false`: it cannot.
    pub(super) fn subscribe(&mut self, context: &Context, intended: Option<u64>) -> bool {
        let now = Instant::now();
        if !self.is_ready() || !self.request(context, now) {
            return false;
        }
        let now = context.nanos(now);
        if let Some(receiver) = &mut self.receiver {
            receiver.begin(intended.unwrap_or(now), now);
        }
        true
    }

    /// The SUBSCRIBE of its turn was answered.
    fn subscribed(&mut self, context: &Context, now: u64, shared: &mut Shared) {
        Progress::add(&context.progress.acked, 1);
        if let Some(intended) = self.receiver.as_ref().and_then(Receiver::intended) {
            latency::record(&mut shared.stats.steps.suback, now.saturating_sub(intended));
        }
    }

    /// Publishes what is due and sends what waits. Pending: the socket takes no more.
    pub(super) fn advance(
        &mut self,
        context: &Context,
        shared: &mut Shared,
    ) -> Poll<Result<(), Fault>> {
        let waker = self.waker.clone();
        let mut cx = std::task::Context::from_waker(&waker);
        for _ in 0..ROUNDS {
            let mut has_more = false;
            let mut line = Line {
                session: &mut self.session,
                output: &mut self.link.output,
            };
            let Shared { stats, payload, .. } = &mut *shared;
            if let Some(publisher) = &mut self.publisher {
                has_more = publisher.pump(context, &mut line, stats, payload);
                if let Some(clearing) = &mut self.clearing {
                    has_more |= clearing.pump(context, &mut line, publisher.turns.number());
                }
            }
            if let Some(requester) = &mut self.requester {
                has_more = requester.pump(context, &mut line, stats);
            }
            if !self.link.wants_flush() {
                break;
            }
            if let Err(error) = ready!(self.link.poll_flush(&mut cx)) {
                return Poll::Ready(Err(Fault::lost(End::Io(error), "while writing")));
            }
            if !has_more && context.schedule_of(self.part).is_some() {
                break;
            }
        }
        if self.link.output.is_empty() {
            self.link.output.release();
        }
        let is_closed_loop = context.schedule_of(self.part).is_none();
        if is_closed_loop && context.begins(self.part).is_some() && self.wants_turn() {
            waker.wake();
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

    /// Keep Alive.
    pub(super) fn handle_timeout(&mut self, now: Instant) {
        if self.session.poll_timeout().is_none_or(|due| due > now) {
            return;
        }
        let kept = self.session.handle_timeout(now, &mut self.link.output);
        self.pinged.get_or_insert(now);
        self.failure = kept
            .err()
            .map(|timed_out| Error::Lost(timed_out.to_string()).into());
        self.wake();
    }

    /// It has ended before its time: nothing more goes in or out.
    pub(super) fn give_up(&mut self) {
        self.phase = Phase::Lost;
        self.session.connection_lost();
    }

    /// Says goodbye; the task then ends.
    pub(super) fn close(&mut self) {
        if self.phase == Phase::Lost {
            return;
        }
        self.phase = Phase::Closing;
        self.session.disconnect(
            ReasonCode::NORMAL_DISCONNECTION,
            Properties::EMPTY,
            &mut self.link.output,
        );
        self.wake();
    }

    /// Sends the rest and ends the stream.
    pub(super) fn poll_close(&mut self, cx: &mut std::task::Context<'_>) -> Poll<()> {
        if self.phase == Phase::Lost {
            return Poll::Ready(());
        }
        if ready!(self.link.poll_flush(cx)).is_ok() {
            let _closed_already = ready!(self.link.poll_shutdown(cx));
        }
        Poll::Ready(())
    }
}

/// What a connection does with what comes.
struct Ends<'a> {
    publisher: &'a mut Option<Publisher>,
    requester: &'a mut Option<Box<Requester>>,
    receiver: &'a mut Option<Receiver>,
    notes: &'a mut Notes,
    /// What the publisher is told of now are messages that were removed.
    is_clearing: bool,
}

impl Batch {
    fn new(context: &Context) -> Batch {
        let now = Instant::now();
        Batch {
            now,
            nanos: context.nanos(now),
            packets: 0,
            arrived: 0,
            acked: 0,
            round_trip: None,
            connected: false,
            answered_ping: false,
            subscribed: false,
            session_missing: false,
            removed: 0,
            end: None,
        }
    }

    #[inline]
    fn frame(
        &mut self,
        context: &Context,
        frame: Frame<'_>,
        session: &mut Session,
        output: &mut Output,
        ends: &mut Ends<'_>,
        stats: &mut Stats,
    ) -> Result<(), Violation> {
        self.packets += 1;
        match session.receive(self.now, frame, output)? {
            Event::Message(message) => {
                self.arrived += 1;
                if let Some(receiver) = ends.receiver {
                    let sent = receiver.message(context, stats, ends.notes, self.nanos, &message);
                    self.ended(sent);
                }
                session.acknowledge(&message, ReasonCode::SUCCESS, output);
            }
            Event::Published { packet_id, reason } => {
                self.acked += 1;
                self.removed += u64::from(ends.is_clearing && !reason.is_error());
                if let Some(publisher) = ends.publisher {
                    let sent =
                        publisher.acknowledged(context, stats, self.nanos, packet_id, reason);
                    self.ended(sent);
                }
            }
            Event::Connected(connack) => {
                self.connected = true;
                self.session_missing = !connack.session_present;
            }
            Event::Refused(connack) => {
                let refusal = Refusal::connack(session.version(), &connack);
                self.end = Some(Error::Refused(refusal).into());
            }
            Event::Disconnect(disconnect) => {
                let refusal = Refusal::disconnect(session.version(), &disconnect);
                self.end = Some(Error::Disconnected(refusal).into());
            }
            Event::Suback(suback) if ends.requester.is_some() => {
                let reason = suback.reasons.iter().next();
                self.answered(ends, stats, suback.packet_id, reason);
            }
            Event::Unsuback(unsuback) => {
                let reason = unsuback.reasons.iter().next();
                self.answered(ends, stats, unsuback.packet_id, reason);
            }
            Event::Suback(suback) => {
                let refused = suback.reasons.iter().find(|reason| reason.is_error());
                match refused {
                    None => self.subscribed = true,
                    Some(reason) => {
                        let (kind, version) = (PacketType::Suback, session.version());
                        let refusal = Refusal::new(kind, version, reason, suback.properties);
                        self.end = Some(Error::Refused(refusal).into());
                    }
                }
            }
            Event::Auth(_) => {
                let why = "the broker asks for enhanced authentication";
                self.end = Some(Error::Options(why.into()).into());
            }
            Event::Handled => {
                self.answered_ping |= frame.packet_type() == PacketType::Pingresp;
            }
            Event::Subscribe(_) | Event::Unsubscribe(_) | Event::Released(_) => {}
        }
        Ok(())
    }
    /// A message of ours that was handed to a socket at `sent` came back.
    fn ended(&mut self, sent: Option<u64>) {
        if let Some(sent) = sent {
            let round_trip = self.nanos.saturating_sub(sent);
            self.round_trip = Some(self.round_trip.map_or(round_trip, |r| r.min(round_trip)));
        }
    }

    /// A request was answered.
    fn answered(
        &mut self,
        ends: &mut Ends<'_>,
        stats: &mut Stats,
        packet_id: PacketId,
        reason: Option<ReasonCode>,
    ) {
        self.acked += 1;
        if let Some(requester) = ends.requester {
            requester.answered(stats, self.nanos, packet_id, reason);
        }
    }
}
