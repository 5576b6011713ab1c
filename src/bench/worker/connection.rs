//! One connection of a worker.

use std::task::{Poll, Waker, ready};
use std::time::Instant;

use super::publisher::{Line, Publisher};
use super::receiver::Receiver;
use super::{Context, Part, Shared};
use crate::bench::Scenario;
use crate::bench::connecting::Connected;
use crate::bench::fault::Fault;
use crate::bench::stats::{Progress, Stats};
use crate::client::{Error, Refusal};
use crate::codec::{
    Frame, Output, PacketType, Properties, ReasonCode, SubscriptionOptions, Violation,
};
use crate::driver::{End, Link};
use crate::session::{Config, Event, Role, Session};
use crate::transport::{Stream, Timings};

/// Rounds of filling and sending before others have their turn.
const ROUNDS: usize = 4;

/// One connection of a worker.
pub(super) struct Connection {
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
    end: Option<Fault>,
}

impl Connection {
    pub(super) fn new(
        context: &Context,
        stream: Stream,
        opening: Opening,
        number: u64,
        part: Part,
    ) -> Connection {
        let plan = &context.plan;
        let options = &plan.client;
        let is_publisher = part == Part::Publisher;
        let client = match part {
            Part::Publisher => plan.subscribers + number,
            Part::Subscriber | Part::Idler => number,
        };
        let mut link = Link::new(stream, options.max_packet_size);
        let config = Config {
            max_inflight: u16::MAX,
            ..Config::default()
        };
        let mut session = Session::new(Role::Client, config);
        let properties = options.connect_properties();
        plan.introduce(client, &properties, |connect| {
            session.connect(opening.asked, connect, &mut link.output);
        });
        Connection {
            link,
            session,
            waker: Waker::noop().clone(),
            phase: Phase::Connecting,
            broker: plan.placement.broker(number),
            opening: Some(Box::new(opening)),
            pinged: None,
            failure: None,
            filter: (part == Part::Subscriber).then(|| plan.filter(number)),
            publisher: is_publisher.then(|| Publisher::new(number, context)),
            receiver: (part == Part::Subscriber).then(|| Receiver::new(number)),
        }
    }

    /// Whether the connection can be used.
    pub(super) fn is_ready(&self) -> bool {
        self.phase == Phase::Ready
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
        let (session, publisher, receiver) =
            (&mut self.session, &mut self.publisher, &mut self.receiver);
        let stats = &mut shared.stats;
        let read = self
            .link
            .poll_read_frames(cx, &mut shared.scratch, |frame, output| {
                batch
                    .get_or_insert_with(|| Batch::new(context))
                    .frame(context, frame, session, output, publisher, receiver, stats)
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
            if batch.connected {
                self.connected(batch.now, shared);
            }
            if batch.connected && self.filter.is_none() || batch.subscribed {
                self.phase = Phase::Ready;
                Progress::add(&context.progress.alive, 1);
                Progress::add(&context.progress.settled, 1);
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

    fn connected(&mut self, now: Instant, shared: &mut Shared) {
        if let Some(opening) = self.opening.take() {
            shared.stats.accepted(self.broker, 1);
            shared.stats.connecting.record(&Connected {
                timings: opening.timings,
                is_resumed: self.link.stream().tls().is_some_and(|tls| tls.resumed),
                connack: now.saturating_duration_since(opening.asked),
                whole: now.saturating_duration_since(opening.began),
            });
        }
        if let Some(filter) = &self.filter {
            self.phase = Phase::Subscribing;
            let options = SubscriptionOptions {
                qos: shared.subscribe_qos,
                ..SubscriptionOptions::default()
            };
            let filters = [(&**filter, options)];
            self.session
                .subscribe(now, &filters, Properties::EMPTY, &mut self.link.output);
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
            if let Some(publisher) = &mut self.publisher {
                let mut line = Line {
                    session: &mut self.session,
                    output: &mut self.link.output,
                };
                let Shared { stats, payload, .. } = &mut *shared;
                has_more = publisher.pump(context, &mut line, stats, payload);
            }
            if !self.link.wants_flush() {
                break;
            }
            if let Err(error) = ready!(self.link.poll_flush(&mut cx)) {
                return Poll::Ready(Err(Fault::lost(End::Io(error), "while writing")));
            }
            if !has_more && context.schedule.is_some() {
                break;
            }
        }
        if self.link.output.is_empty() {
            self.link.output.release();
        }
        let is_closed_loop = context.schedule.is_none() && self.publisher.is_some();
        if is_closed_loop && context.start.get().is_some() && self.wants_turn(context) {
            waker.wake();
        }
        Poll::Ready(Ok(()))
    }

    /// Whether the closed loop could publish at once.
    fn wants_turn(&self, context: &Context) -> bool {
        let is_at_most_once = context.plan.qos == crate::codec::QoS::AtMostOnce;
        let publisher = self.publisher.as_ref();
        is_at_most_once && publisher.is_some_and(|publisher| !publisher.is_finished())
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
            end: None,
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of a connection, apart"
    )]
    #[inline]
    fn frame(
        &mut self,
        context: &Context,
        frame: Frame<'_>,
        session: &mut Session,
        output: &mut Output,
        publisher: &mut Option<Publisher>,
        receiver: &mut Option<Receiver>,
        stats: &mut Stats,
    ) -> Result<(), Violation> {
        self.packets += 1;
        match session.receive(self.now, frame, output)? {
            Event::Message(message) => {
                self.arrived += 1;
                if let Some(receiver) = receiver {
                    let sent = receiver.message(context, stats, self.nanos, &message);
                    self.ended(sent);
                }
                session.acknowledge(&message, ReasonCode::SUCCESS, output);
            }
            Event::Published { packet_id, reason } => {
                self.acked += 1;
                if let Some(publisher) = publisher {
                    let sent = publisher.published(context, stats, self.nanos, packet_id, reason);
                    self.ended(sent);
                }
            }
            Event::Connected(_) => self.connected = true,
            Event::Refused(connack) => {
                let refusal = Refusal::connack(session.version(), &connack);
                self.end = Some(Error::Refused(refusal).into());
            }
            Event::Disconnect(disconnect) => {
                let refusal = Refusal::disconnect(session.version(), &disconnect);
                self.end = Some(Error::Disconnected(refusal).into());
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
            Event::Unsuback(_)
            | Event::Subscribe(_)
            | Event::Unsubscribe(_)
            | Event::Released(_) => {}
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
}
