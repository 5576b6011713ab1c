//! A worker: one thread with many connections, without locks.
//!
//! Each connection is a task that reads whatever has come in one go. The pacer wakes when a message
//! is due, gives every publisher what is due to it and sends it at once. Counts go to all
//! workers' [`Progress`](super::progress::Progress) once a batch, and the rest to the coordinator
//! once an interval.
//!
//! * The thread, and what it is told: `post`. What its connections look at, and what they change:
//!   `context`.
//! * The life of a connection: `connectors` and `open` begin it, `greeting` has its CONNECT,
//!   `opening` lasts until it can be used, `connection` reads and writes, `batch` goes through what
//!   was read at once, `closing` ends it.
//! * What a client does: `publisher`, `requester`, `receiver`, `subscribing`, `clearing`; the first
//!   two have `turns`.
//! * Whose turn it is: `pace`, on time by `timer`, and `storm`; `churn` and `sessions` for those who
//!   connect anew.
//! * Fewer, larger reads: `rest` and `gathering`, both tried in counted time.

mod batch;
mod churn;
mod clearing;
mod closing;
mod connection;
mod connectors;
mod context;
mod gathering;
mod greeting;
mod open;
mod opening;
mod pace;
mod post;
mod publisher;
mod receiver;
mod requester;
mod rest;
mod sessions;
mod storm;
mod subscribing;
mod timer;
#[cfg(test)]
mod trial;
#[cfg(test)]
mod trial_gathering;
mod turns;

use std::cell::{Cell, OnceCell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, Semaphore, mpsc};
use tokio::task::{spawn_local, unconstrained};

use self::connection::Connection;
use self::connectors::Connectors;
use self::context::{Context, Shared};
pub(super) use self::post::{Command, Notice, Outcome, Post, Received, spawn};
use self::publisher::Publisher;
use super::Stats;
use super::resources::thread_cpu_time;

/// How often Keep Alive is looked at, and who takes too long to connect.
const SWEEP: Duration = Duration::from_millis(500);
/// How long connections may take to say goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

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

async fn work(post: Post, mut commands: mpsc::UnboundedReceiver<Command>) -> Outcome {
    let worker = Rc::new(Worker::new(&post));
    let connecting = spawn_local(Rc::clone(&worker).connect_all());
    let sweeping = spawn_local(Rc::clone(&worker).keep_alive());
    // It reads very many connections at once.
    let gathering = spawn_local(unconstrained(Rc::clone(&worker).gather()));
    let resting = spawn_local(Rc::clone(&worker).rest());
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
    for task in running
        .iter()
        .chain([&connecting, &sweeping, &gathering, &resting])
    {
        task.abort();
    }
    worker.close().await;
    worker.outcome()
}

impl Worker {
    fn new(post: &Post) -> Worker {
        let plan = &post.plan;
        Worker {
            context: Context::new(post),
            shared: RefCell::new(Shared::new(post)),
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

    /// Sends PINGREQ where it is due, and gives up who takes too long to connect, for ever.
    async fn keep_alive(self: Rc<Self>) {
        let patience = self.context.plan.client.connect_timeout;
        let sweep = SWEEP.min(patience / 8).max(Duration::from_millis(1));
        loop {
            tokio::time::sleep(sweep).await;
            let now = Instant::now();
            for connection in self.connections.borrow_mut().iter_mut().flatten() {
                connection.handle_timeout(&self.context, now);
            }
        }
    }

    /// Hands over what was measured, once an interval, until the turns are over.
    async fn report(self: Rc<Self>, start: Instant, notices: mpsc::UnboundedSender<Notice>) {
        let interval = self.context.plan.interval;
        for number in 0.. {
            let due = start + interval * (number as u32 + 1);
            tokio::time::sleep_until(due.into()).await;
            if self.context.stopped.get() {
                return;
            }
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
        // Many at once: it is no fault of theirs that others wait.
        let closing = unconstrained(closing);
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
