//! A worker: one thread with many connections, without locks.
//!
//! Each connection is a task that reads whatever has come in one go. The pacer wakes when a message
//! is due, gives every publisher what is due to it and sends it at once. Counts go to all
//! workers' [`Progress`] once a batch, and the rest to the coordinator once an interval.

mod churn;
mod clearing;
mod connection;
mod connectors;
mod greeting;
mod open;
mod pace;
mod publisher;
mod receiver;
mod requester;
mod rest;
mod sessions;
mod storm;
mod timer;
mod turns;

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::Poll;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{LocalSet, spawn_local};

use self::connection::Connection;
use self::connectors::Connectors;
use self::publisher::Publisher;
use self::rest::Rest;
use super::clock::Clock;
use super::group::{Group, Notes};
use super::moderation::Moderation;
use super::payload::Writer;
use super::resources::thread_cpu_time;
use super::stats::{Progress, Stats};
use super::{Act, Arrivals, Load, Plan, Schedule, Series};
use crate::codec::QoS;

/// How often Keep Alive is looked at.
const SWEEP: Duration = Duration::from_millis(500);
/// How long connections may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);
/// Bytes read at once.
const READ_SIZE: usize = 64 * 1024;

/// What the coordinator tells a worker.
#[derive(Clone, Copy, Debug)]
pub(super) enum Command {
    /// Leave the sessions that are to be filled.
    Leave,
    /// Fill the broker.
    Fill,
    /// Take turns from then on.
    Start(Instant),
    /// Take no more turns.
    Stop,
    /// Remove what the run would leave in the broker.
    Clean,
    /// Close the connections and end.
    Close,
}

/// What a worker tells the coordinator.
#[derive(Debug)]
pub(super) enum Notice {
    /// What it measured since the last time.
    Interval { number: u64, stats: Box<Stats> },
    /// It has ended.
    Done(Box<Outcome>),
}

/// What a worker leaves behind.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What it measured since the last interval.
    pub(super) stats: Stats,
    /// What it measured before the first.
    pub(super) before: Stats,
    /// CPU time of its thread, from the first turn to the last.
    pub(super) cpu: Duration,
    /// Measured messages of each series.
    pub(super) published: Vec<(Series, u64)>,
    /// What each subscriber got of each series.
    pub(super) arrived: Vec<Received>,
    /// How often a message arrived at each member of a Shared Subscription.
    pub(super) members: Vec<u64>,
}

/// The number of a subscriber, and what it got of each series.
pub(super) type Received = (u64, HashMap<Series, Arrivals>);

/// The place of a worker among the others.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) plan: Arc<Plan>,
    pub(super) run: u32,
    pub(super) worker: u64,
    pub(super) clock: Clock,
    pub(super) progress: Arc<Progress>,
    pub(super) group: Arc<Group>,
    pub(super) notices: mpsc::UnboundedSender<Notice>,
}

/// Starts a worker's thread.
pub(super) fn spawn(
    post: Post,
    commands: mpsc::UnboundedReceiver<Command>,
) -> io::Result<JoinHandle<()>> {
    let rest = Arc::new(Rest::new(post.clock));
    let resting = Arc::clone(&rest);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(move || resting.take())
        .build()?;
    Builder::new()
        .name(format!("worker {}", post.worker))
        .spawn(move || {
            rest::sleep_precisely();
            let local = LocalSet::new();
            let notices = post.notices.clone();
            let outcome = runtime.block_on(local.run_until(work(post, rest, commands)));
            runtime.shutdown_background();
            // Nobody listens any more: then nobody misses it.
            let _ = notices.send(Notice::Done(Box::new(outcome)));
        })
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Subscriber,
    Publisher,
    /// It is there.
    Idler,
    /// A subscriber that comes back to the session that it left.
    Returner,
}

/// What the connections of a worker look at.
pub(super) struct Context {
    plan: Arc<Plan>,
    run: u32,
    clock: Clock,
    schedule: Option<Schedule>,
    progress: Arc<Progress>,
    /// When the broker began to be filled, on the run's clock.
    fill_start: Cell<Option<u64>>,
    /// When the turns began.
    start: Cell<Option<u64>>,
    /// Messages with which each broker was filled.
    filled: Cell<u64>,
    stopped: Cell<bool>,
    rest: Arc<Rest>,
}

impl Context {
    /// A moment on the run's clock, in nanoseconds.
    fn nanos(&self, at: Instant) -> u64 {
        self.clock.nanos(at)
    }

    /// Whether the clients of this part fill the broker, and have no turns of the schedule.
    fn is_filling(&self, part: Part) -> bool {
        part == Part::Publisher && self.plan.scenario.fills()
    }

    /// When the turns of this part begin.
    fn begins(&self, part: Part) -> Option<u64> {
        match self.is_filling(part) {
            true => self.fill_start.get(),
            false => self.start.get(),
        }
    }

    /// The open loop's schedule of this part.
    fn schedule_of(&self, part: Part) -> Option<&Schedule> {
        self.schedule.as_ref().filter(|_| !self.is_filling(part))
    }

    fn measured_from(&self, part: Part) -> u64 {
        let start = self.begins(part).unwrap_or(u64::MAX);
        start.saturating_add(self.plan.warmup.as_nanos() as u64)
    }

    /// What counts the clients of this part that will have another turn.
    fn counter(&self, part: Part) -> Option<&AtomicU64> {
        match (self.plan.scenario.act(), part) {
            (Act::Publish, Part::Publisher) | (Act::Request, Part::Idler) => {
                Some(&self.progress.acting)
            }
            _ if self.is_filling(part) => Some(&self.progress.filling),
            _ => None,
        }
    }

    /// What may be unanswered at one connection.
    fn window(&self) -> usize {
        match self.plan.load {
            Load::Closed { inflight } => usize::from(inflight),
            Load::Open { .. } if self.plan.scenario.fills() => {
                usize::from(self.plan.client.max_inflight)
            }
            Load::Open { .. } => usize::MAX,
        }
    }

    /// The QoS of a publisher's message.
    fn qos_of(&self, publisher: u64, turn: u64) -> QoS {
        let plan = &self.plan;
        match plan.mix {
            None if plan.scenario.fills() => plan.qos.max(QoS::AtLeastOnce),
            None => plan.qos,
            Some(_) => plan.qos_of(turn.wrapping_mul(plan.publishers).wrapping_add(publisher)),
        }
    }

    /// Whether the closed loop has another turn for this client at `now`, after so many measured
    /// ones.
    fn has_closed_turn(&self, part: Part, client: u64, measured: u64, now: u64) -> bool {
        let plan = &self.plan;
        let (clients, limit) = match self.is_filling(part) {
            true => (plan.publishers, None),
            false => (plan.actors(), plan.duration),
        };
        let in_time = limit.is_none_or(|duration| {
            now.saturating_sub(self.measured_from(part)) < duration.as_nanos() as u64
        });
        let is_left = plan.messages.is_none_or(|messages| {
            let share = messages / clients + u64::from(client < messages % clients);
            measured < share
        });
        in_time && is_left && !self.stopped.get()
    }
}

/// What the connections of a worker change.
pub(super) struct Shared {
    stats: Stats,
    scratch: Vec<u8>,
    payload: Writer,
    /// Clients with wills that were cut off.
    dead: Vec<Series>,
    moderation: Moderation,
    /// What members of a Shared Subscription got.
    notes: Notes,
}

/// CPU time of the worker's thread: when the turns began, and when they ended.
#[derive(Clone, Copy, Debug, Default)]
struct Cpu {
    from: Duration,
    until: Option<Duration>,
}

struct Worker {
    context: Context,
    shared: RefCell<Shared>,
    connections: RefCell<Vec<Option<Box<Connection>>>>,
    /// Those who wait for their turn to connect.
    turns: RefCell<Vec<Rc<Notify>>>,
    connectors: OnceCell<Rc<Connectors>>,
    /// For those who connect at the same time.
    permits: Arc<Semaphore>,
    /// What was measured before the first turn.
    before: RefCell<Stats>,
    cpu: Cell<Cpu>,
    /// Among the workers of all shards.
    worker: u64,
    workers: u64,
}

async fn work(
    post: Post,
    rest: Arc<Rest>,
    mut commands: mpsc::UnboundedReceiver<Command>,
) -> Outcome {
    let worker = Rc::new(Worker::new(&post, rest));
    let connecting = spawn_local(Rc::clone(&worker).connect_all());
    let sweeping = spawn_local(Rc::clone(&worker).keep_alive());
    let mut running = Vec::new();
    while let Some(command) = commands.recv().await {
        match command {
            Command::Leave => worker.leave(),
            Command::Fill => worker.fill(),
            Command::Start(at) => {
                worker.begin();
                worker.cpu.set(Cpu {
                    from: thread_cpu_time(),
                    until: None,
                });
                worker.context.start.set(Some(worker.context.nanos(at)));
                running.extend(worker.start_churn());
                running.push(spawn_local(Rc::clone(&worker).pace(at)));
                let notices = post.notices.clone();
                running.push(spawn_local(Rc::clone(&worker).report(at, notices)));
            }
            Command::Stop => worker.stop(),
            Command::Clean => running.extend(worker.clean()),
            Command::Close => break,
        }
    }
    for task in running.iter().chain([&connecting, &sweeping]) {
        task.abort();
    }
    worker.close().await;
    worker.outcome()
}

impl Worker {
    fn new(post: &Post, rest: Arc<Rest>) -> Worker {
        let plan = Arc::clone(&post.plan);
        Worker {
            shared: RefCell::new(Shared {
                stats: Stats::default(),
                scratch: Vec::with_capacity(READ_SIZE),
                payload: Writer::new(&plan.payload, plan.is_measured_on_arrival()),
                dead: Vec::new(),
                moderation: Moderation::new(plan.schedule().is_some()),
                notes: Notes::new(Arc::clone(&post.group)),
            }),
            connections: RefCell::default(),
            turns: RefCell::default(),
            connectors: OnceCell::new(),
            permits: Arc::new(Semaphore::new(
                plan.connecting.div_ceil(plan.workers).max(1),
            )),
            before: RefCell::default(),
            cpu: Cell::default(),
            // The workers of all shards divide the clients among them.
            worker: plan.shard.index() + plan.shard.of() * post.worker,
            workers: plan.shard.of() * plan.workers as u64,
            context: Context {
                run: post.run,
                clock: post.clock,
                schedule: plan.schedule(),
                progress: Arc::clone(&post.progress),
                fill_start: Cell::new(None),
                start: Cell::new(None),
                filled: Cell::new(0),
                stopped: Cell::new(false),
                rest,
                plan,
            },
        }
    }

    /// The numbers from `0` to `all` that are this worker's.
    fn own(&self, all: u64) -> impl Iterator<Item = u64> + use<> {
        (self.worker..all).step_by(self.workers as usize)
    }

    fn stop(&self) {
        self.context.stopped.set(true);
        let Cpu { from, until } = self.cpu.get();
        let until = until.or_else(|| Some(thread_cpu_time()));
        self.cpu.set(Cpu { from, until });
        self.turns
            .borrow()
            .iter()
            .for_each(|turn| turn.notify_one());
        for connection in self.connections.borrow_mut().iter_mut().flatten() {
            connection.finish(&self.context);
        }
    }

    /// Sends PINGREQ where it is due, for ever.
    async fn keep_alive(self: Rc<Self>) {
        loop {
            tokio::time::sleep(SWEEP).await;
            let now = Instant::now();
            for connection in self.connections.borrow_mut().iter_mut().flatten() {
                connection.handle_timeout(now);
            }
        }
    }

    /// Hands over what was measured, once an interval, for ever.
    async fn report(self: Rc<Self>, start: Instant, notices: mpsc::UnboundedSender<Notice>) {
        let interval = self.context.plan.interval;
        for number in 0.. {
            let due = start + interval * (number as u32 + 1);
            tokio::time::sleep_until(due.into()).await;
            let stats = {
                let shared = &mut *self.shared.borrow_mut();
                shared.notes.hand_over();
                Box::new(std::mem::take(&mut shared.stats))
            };
            if notices.send(Notice::Interval { number, stats }).is_err() {
                return;
            }
        }
    }

    /// Closes every connection, as far as the broker lets it.
    async fn close(self: &Rc<Self>) {
        for connection in self.connections.borrow_mut().iter_mut().flatten() {
            connection.close();
        }
        let closing = poll_fn(|cx| {
            let mut connections = self.connections.borrow_mut();
            let mut all = true;
            for connection in connections.iter_mut().flatten() {
                all &= connection.poll_close(cx).is_ready();
            }
            match all {
                true => Poll::Ready(()),
                false => Poll::Pending,
            }
        });
        let _ = tokio::time::timeout(GOODBYE, closing).await;
    }

    fn outcome(&self) -> Outcome {
        let shared = &mut *self.shared.borrow_mut();
        shared.notes.hand_over();
        let mut outcome = Outcome {
            stats: std::mem::take(&mut shared.stats),
            ..Outcome::default()
        };
        outcome.before = std::mem::take(&mut *self.before.borrow_mut());
        let Cpu { from, until } = self.cpu.get();
        let until = until.unwrap_or_else(thread_cpu_time);
        outcome.cpu = until.saturating_sub(from);
        let dead = shared.dead.drain(..).map(|series| (series, 1));
        outcome.published.extend(dead);
        for connection in self.connections.borrow_mut().drain(..).flatten() {
            let Connection {
                publisher,
                receiver,
                ..
            } = *connection;
            let published = publisher.iter().flat_map(Publisher::published);
            outcome.published.extend(published);
            if let Some(receiver) = receiver {
                receiver.leave(&mut outcome);
            }
        }
        outcome
    }
}
