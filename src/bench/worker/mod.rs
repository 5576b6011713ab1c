//! A worker: one thread with many connections, without locks.
//!
//! Each connection is a task that reads whatever has come in one go. The pacer wakes when a message
//! is due, gives every publisher what is due to it and sends it at once. Counts go to all
//! workers' [`Progress`] once a batch, and the rest to the coordinator once an interval.

mod churn;
mod connection;
mod connectors;
mod open;
mod pace;
mod publisher;
mod receiver;
mod rest;
mod timer;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, mpsc};
use tokio::task::{LocalSet, spawn_local};

use self::connection::Connection;
use self::rest::Rest;
use super::clock::Clock;
use super::moderation::Moderation;
use super::payload::Writer;
use super::stats::{Progress, Stats};
use super::{Arrivals, Plan, Schedule};
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
    /// Publish from then on.
    Start(Instant),
    /// Publish nothing more.
    Stop,
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
    pub(super) stats: Stats,
    /// Measured messages of each publisher.
    pub(super) published: Vec<(u64, u64)>,
    /// What each subscriber got of each publisher.
    pub(super) arrived: Vec<(u64, HashMap<u32, Arrivals>)>,
}

/// The place of a worker among the others.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) plan: Arc<Plan>,
    pub(super) run: u32,
    pub(super) worker: u64,
    pub(super) clock: Clock,
    pub(super) progress: Arc<Progress>,
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
}

/// What the connections of a worker look at.
pub(super) struct Context {
    plan: Arc<Plan>,
    run: u32,
    clock: Clock,
    schedule: Option<Schedule>,
    progress: Arc<Progress>,
    /// When publishing began, on the run's clock.
    start: Cell<Option<u64>>,
    stopped: Cell<bool>,
    rest: Arc<Rest>,
}

impl Context {
    /// A moment on the run's clock, in nanoseconds.
    fn nanos(&self, at: Instant) -> u64 {
        self.clock.nanos(at)
    }

    fn measured_from(&self) -> u64 {
        let start = self.start.get().unwrap_or(u64::MAX);
        start.saturating_add(self.plan.warmup.as_nanos() as u64)
    }

    /// Whether the closed loop has another message of this publisher at `now`, after so many
    /// measured ones.
    fn has_closed_turn(&self, publisher: u64, measured: u64, now: u64) -> bool {
        let plan = &self.plan;
        let in_time = plan.duration.is_none_or(|duration| {
            now.saturating_sub(self.measured_from()) < duration.as_nanos() as u64
        });
        let is_left = plan.messages.is_none_or(|messages| {
            let share = messages / plan.actors() + u64::from(publisher < messages % plan.actors());
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
    subscribe_qos: QoS,
    moderation: Moderation,
}

struct Worker {
    context: Context,
    shared: RefCell<Shared>,
    connections: RefCell<Vec<Option<Box<Connection>>>>,
    /// Those who wait for their turn to connect.
    turns: RefCell<Vec<Rc<Notify>>>,
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
            Command::Start(at) => {
                worker.context.start.set(Some(worker.context.nanos(at)));
                running.extend(worker.start_churn());
                running.push(spawn_local(Rc::clone(&worker).pace(at)));
                let notices = post.notices.clone();
                running.push(spawn_local(Rc::clone(&worker).report(at, notices)));
            }
            Command::Stop => worker.stop(),
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
                subscribe_qos: plan.qos,
                moderation: Moderation::new(plan.schedule().is_some()),
            }),
            connections: RefCell::default(),
            turns: RefCell::default(),
            // The workers of all shards divide the clients among them.
            worker: plan.shard.index() + plan.shard.of() * post.worker,
            workers: plan.shard.of() * plan.workers as u64,
            context: Context {
                run: post.run,
                clock: post.clock,
                schedule: plan.schedule(),
                progress: Arc::clone(&post.progress),
                start: Cell::new(None),
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
        self.turns
            .borrow()
            .iter()
            .for_each(|turn| turn.notify_one());
        let progress = &self.context.progress;
        for connection in self.connections.borrow_mut().iter_mut().flatten() {
            if let Some(publisher) = &mut connection.publisher
                && publisher.finish()
            {
                Progress::take(&progress.publishing);
            }
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
            let stats = std::mem::take(&mut self.shared.borrow_mut().stats);
            let stats = Box::new(stats);
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
        let mut outcome = Outcome {
            stats: std::mem::take(&mut self.shared.borrow_mut().stats),
            ..Outcome::default()
        };
        for connection in self.connections.borrow_mut().drain(..).flatten() {
            let Connection {
                publisher,
                receiver,
                ..
            } = *connection;
            outcome
                .published
                .extend(publisher.map(|p| (p.number(), p.measured())));
            outcome
                .arrived
                .extend(receiver.map(|r| (r.number(), r.into_arrivals())));
        }
        outcome
    }
}
