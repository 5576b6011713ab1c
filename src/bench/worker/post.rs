//! A worker's thread, and what it and the coordinator tell each other.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::thread::Builder;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::LocalSet;

use super::rest;
use super::work;
use crate::bench::clock::Clock;
use crate::bench::group::Group;
use crate::bench::progress::Progress;
use crate::bench::stats::Stats;
use crate::bench::{Arrivals, Plan, Series};

/// What the coordinator tells a worker.
#[derive(Clone, Copy, Debug)]
pub(in crate::bench) enum Command {
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
pub(in crate::bench) enum Notice {
    /// What it measured since the last time.
    Interval { number: u64, stats: Box<Stats> },
    /// It has ended.
    Done(Box<Outcome>),
}

/// What a worker leaves behind.
#[derive(Debug, Default)]
pub(in crate::bench) struct Outcome {
    /// What it measured since the last interval.
    pub stats: Stats,
    /// What it measured before the first.
    pub before: Stats,
    /// CPU time of its thread, from the first turn to the last.
    pub cpu: Duration,
    /// Measured messages of each series.
    pub published: Vec<(Series, u64)>,
    /// What each subscriber got of each series.
    pub arrived: Vec<Received>,
    /// How often a message arrived at each member of a Shared Subscription.
    pub members: Vec<u64>,
}

/// The number of a subscriber, and what it got of each series.
pub(in crate::bench) type Received = (u64, HashMap<Series, Arrivals>);

/// The place of a worker among the others.
#[derive(Clone)]
pub(in crate::bench) struct Post {
    pub plan: Arc<Plan>,
    pub run: u32,
    pub worker: u64,
    pub clock: Clock,
    pub progress: Arc<Progress>,
    pub group: Arc<Group>,
    pub notices: mpsc::UnboundedSender<Notice>,
}

/// Starts a worker's thread.
pub(in crate::bench) fn spawn(
    post: Post,
    commands: mpsc::UnboundedReceiver<Command>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    Builder::new()
        .name(format!("worker {}", post.worker))
        .spawn(move || {
            rest::sleep_precisely();
            let local = LocalSet::new();
            let notices = post.notices.clone();
            let outcome = runtime.block_on(local.run_until(work(post, commands)));
            runtime.shutdown_background();
            // Nobody listens any more: then nobody misses it.
            let _ = notices.send(Notice::Done(Box::new(outcome)));
        })
        .map(drop)
}
