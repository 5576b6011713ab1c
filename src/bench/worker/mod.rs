//! A worker: one thread with many connections, without locks.
//!
//! Each connection is a task that reads whatever has come in one go. The pacer wakes when a message
//! is due, gives every publisher what is due to it and sends it at once. Counts go to all
//! workers' [`Progress`] once a batch, and the rest to the coordinator once an interval.

mod connection;
mod publisher;
mod receiver;
mod timer;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{self, Poll};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::{LocalSet, spawn_local};

use self::connection::Connection;
use self::publisher::Publisher;
use self::receiver::Receiver;
use self::timer::Timer;
use super::schedule::Share;
use super::stats::{Progress, Stats};
use super::{Arrivals, Plan, Schedule};
use crate::client::Error;
use crate::codec::QoS;
use crate::transport::Connector;

/// The pacer rests at least so long: what falls due meanwhile goes out in one write.
const TICK: Duration = Duration::from_micros(100);
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
    /// Where the run's clock begins.
    pub(super) origin: Instant,
    pub(super) progress: Arc<Progress>,
    pub(super) notices: mpsc::UnboundedSender<Notice>,
}

/// Starts a worker's thread.
pub(super) fn spawn(
    post: Post,
    commands: mpsc::UnboundedReceiver<Command>,
) -> io::Result<JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Builder::new()
        .name(format!("worker {}", post.worker))
        .spawn(move || {
            let local = LocalSet::new();
            let notices = post.notices.clone();
            let outcome = runtime.block_on(local.run_until(work(post, commands)));
            runtime.shutdown_background();
            // Nobody listens any more: then nobody misses it.
            let _ = notices.send(Notice::Done(Box::new(outcome)));
        })
}

/// What the connections of a worker look at.
pub(super) struct Context {
    plan: Arc<Plan>,
    run: u32,
    origin: Instant,
    schedule: Option<Schedule>,
    progress: Arc<Progress>,
    /// When publishing began, on the run's clock.
    start: Cell<Option<u64>>,
    stopped: Cell<bool>,
}

impl Context {
    /// A moment on the run's clock, in nanoseconds.
    fn nanos(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.origin).as_nanos() as u64
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
            let share =
                messages / plan.publishers + u64::from(publisher < messages % plan.publishers);
            measured < share
        });
        in_time && is_left && !self.stopped.get()
    }
}

/// What the connections of a worker change.
pub(super) struct Shared {
    stats: Stats,
    scratch: Vec<u8>,
    payload: Vec<u8>,
    subscribe_qos: QoS,
}

struct Worker {
    context: Context,
    shared: RefCell<Shared>,
    connections: RefCell<Vec<Option<Box<Connection>>>>,
    worker: u64,
    workers: u64,
}

async fn work(post: Post, mut commands: mpsc::UnboundedReceiver<Command>) -> Outcome {
    let worker = Rc::new(Worker::new(&post));
    let connecting = spawn_local(Rc::clone(&worker).connect_all());
    let sweeping = spawn_local(Rc::clone(&worker).keep_alive());
    let mut running = Vec::new();
    while let Some(command) = commands.recv().await {
        match command {
            Command::Start(at) => {
                worker.context.start.set(Some(worker.context.nanos(at)));
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
    fn new(post: &Post) -> Worker {
        let plan = Arc::clone(&post.plan);
        Worker {
            shared: RefCell::new(Shared {
                stats: Stats::default(),
                scratch: Vec::with_capacity(READ_SIZE),
                payload: plan.payload.clone(),
                subscribe_qos: plan.qos,
            }),
            connections: RefCell::default(),
            worker: post.worker,
            workers: plan.workers as u64,
            context: Context {
                run: post.run,
                origin: post.origin,
                schedule: plan.schedule(),
                progress: Arc::clone(&post.progress),
                start: Cell::new(None),
                stopped: Cell::new(false),
                plan,
            },
        }
    }

    /// The numbers from `0` to `all` that are this worker's.
    fn own(&self, all: u64) -> impl Iterator<Item = u64> + use<> {
        (self.worker..all).step_by(self.workers as usize)
    }

    /// Opens all connections, subscribers first.
    async fn connect_all(self: Rc<Self>) {
        let plan = Arc::clone(&self.context.plan);
        let connector = match Connector::new(&plan.client.target) {
            Ok(connector) => Rc::new(connector),
            Err(error) => return self.nobody_connects(&error.into()),
        };
        let at_once = plan.connecting.div_ceil(plan.workers).max(1);
        let permits = Arc::new(Semaphore::new(at_once));
        let subscribers = self.own(plan.subscribers).map(|number| (number, false));
        let publishers = self.own(plan.publishers).map(|number| (number, true));
        let began = tokio::time::Instant::now();
        for (turn, (number, publishes)) in subscribers.chain(publishers).enumerate() {
            if let Some(rate) = plan.connect_rate {
                let turn = turn as u64 * self.workers + self.worker;
                let due = began + Duration::from_secs_f64(turn as f64 / rate);
                tokio::time::sleep_until(due).await;
            }
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
                return;
            };
            let worker = Rc::clone(&self);
            let connector = Rc::clone(&connector);
            let slot = {
                let mut connections = self.connections.borrow_mut();
                connections.push(None);
                connections.len() - 1
            };
            spawn_local(async move {
                worker
                    .serve(slot, number, publishes, connector, permit)
                    .await;
            });
        }
    }

    /// One connection from its beginning to its end.
    async fn serve(
        self: Rc<Self>,
        slot: usize,
        number: u64,
        publishes: bool,
        connector: Rc<Connector>,
        permit: OwnedSemaphorePermit,
    ) {
        let context = &self.context;
        let publisher = publishes.then(|| Publisher::new(number, context));
        let receiver = (!publishes).then(|| Receiver::new(number));
        let began = Instant::now();
        // In a box of its own, which is gone once the connection stands.
        let timeout = context.plan.client.connect_timeout;
        let stream = Box::pin(connector.connect_within(timeout)).await;
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => return self.failed(&error.into(), publishes),
        };
        let client = match publishes {
            true => context.plan.subscribers + number,
            false => number,
        };
        let client_id = context.plan.client_id.render(client, 0);
        let connection = Connection::new(context, stream, began, &client_id, publisher, receiver);
        self.put(slot, connection);
        let settled = self.until_settled(slot, began + timeout).await;
        drop(permit);
        let ended = match settled {
            Ok(true) => poll_fn(|cx| self.poll_connection(slot, cx)).await,
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            self.lost(slot, &error);
        }
    }

    fn put(&self, slot: usize, connection: Connection) {
        if let Some(place) = self.connections.borrow_mut().get_mut(slot) {
            *place = Some(Box::new(connection));
        }
    }

    /// Waits until the connection can be used. `false`: it was closed before.
    async fn until_settled(&self, slot: usize, due: Instant) -> Result<bool, Error> {
        let settling = poll_fn(|cx| {
            let ended = self.poll_connection(slot, cx);
            match ended {
                Poll::Ready(ended) => Poll::Ready(ended.map(|()| false)),
                Poll::Pending if self.is_ready(slot) => Poll::Ready(Ok(true)),
                Poll::Pending => Poll::Pending,
            }
        });
        let plan = &self.context.plan;
        match tokio::time::timeout_at(due.into(), settling).await {
            Ok(settled) => settled,
            Err(_) => Err(Error::ConnackTimeout {
                target: plan.client.target.address.to_string(),
                after: plan.client.connect_timeout,
            }),
        }
    }

    fn is_ready(&self, slot: usize) -> bool {
        let connections = self.connections.borrow();
        let connection = connections.get(slot).and_then(Option::as_ref);
        connection.is_some_and(|connection| connection.is_ready())
    }

    fn poll_connection(&self, slot: usize, cx: &mut task::Context<'_>) -> Poll<Result<(), Error>> {
        let mut connections = self.connections.borrow_mut();
        match connections.get_mut(slot) {
            Some(Some(connection)) => {
                let mut shared = self.shared.borrow_mut();
                connection.poll(&self.context, &mut shared, cx)
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    /// No connection came about, for a reason that all share.
    fn nobody_connects(&self, error: &Error) {
        let plan = &self.context.plan;
        for (all, publishes) in [(plan.subscribers, false), (plan.publishers, true)] {
            for _ in self.own(all) {
                self.failed(error, publishes);
            }
        }
    }

    /// A connection attempt failed.
    fn failed(&self, error: &Error, publishes: bool) {
        let progress = &self.context.progress;
        self.shared.borrow_mut().stats.error(error.to_string());
        Progress::add(&progress.settled, 1);
        if publishes {
            Progress::take(&progress.publishing);
        }
    }

    /// A connection ended before its time.
    fn lost(&self, slot: usize, error: &Error) {
        let progress = &self.context.progress;
        self.shared.borrow_mut().stats.error(error.to_string());
        let mut connections = self.connections.borrow_mut();
        let Some(Some(connection)) = connections.get_mut(slot) else {
            return;
        };
        match connection.is_ready() {
            true => Progress::take(&progress.alive),
            false => Progress::add(&progress.settled, 1),
        }
        if let Some(publisher) = &mut connection.publisher
            && publisher.finish()
        {
            Progress::take(&progress.publishing);
        }
        connection.give_up();
    }

    /// Gives every publisher its messages when they are due.
    async fn pace(self: Rc<Self>, start: Instant) {
        tokio::time::sleep_until(start.into()).await;
        let Some(schedule) = self.context.schedule else {
            self.all_publishers(Connection::wake);
            return;
        };
        let Ok(timer) = Timer::new() else {
            return self.stop();
        };
        let mut share = Share::new(schedule, self.worker, self.workers);
        while !self.context.stopped.get() {
            let now = Instant::now();
            let next = self.publish_due(&mut share, start, now);
            let Some(next) = next else { return };
            let _ = timer.until(next.max(now + TICK)).await;
        }
    }

    /// Publishes what is due, and says when the next message is.
    fn publish_due(&self, share: &mut Share, start: Instant, now: Instant) -> Option<Instant> {
        let context = &self.context;
        let mut connections = self.connections.borrow_mut();
        let mut shared = self.shared.borrow_mut();
        let first_publisher = self.own(context.plan.subscribers).count() as u64;
        let elapsed = now.saturating_duration_since(start).as_nanos() as u64;
        let mut is_late = true;
        loop {
            let (own, due) = share.peek()?;
            if due > elapsed {
                return Some(start + Duration::from_nanos(due));
            }
            if std::mem::take(&mut is_late) {
                shared.stats.lag.saturating_record(elapsed - due);
            }
            share.advance();
            let slot = (first_publisher + own) as usize;
            if let Some(Some(connection)) = connections.get_mut(slot)
                && let Poll::Ready(Err(_)) = connection.advance(context, &mut shared)
            {
                // Its task finds the same, and says so.
                connection.wake();
            }
        }
    }

    fn all_publishers(&self, act: impl Fn(&Connection)) {
        let connections = self.connections.borrow();
        for connection in connections.iter().flatten() {
            if connection.publisher.is_some() {
                act(connection);
            }
        }
    }

    fn stop(&self) {
        self.context.stopped.set(true);
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
