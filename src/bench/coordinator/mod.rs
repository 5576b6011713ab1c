//! A run from its beginning to its end.
//!
//! The coordinator is one task. It tells the workers what to do ([`Command`]), takes what they tell
//! it ([`Notice`]), and looks every 10 ms how far all of them have come ([`Progress`]). A run goes
//! through these stages:
//!
//! | stage | what the clients do | until |
//! |---|---|---|
//! | connect (`stage`) | open connections, and subscribe | each is ready or has failed |
//! | prepare (`stage`) | leave their sessions (`queue`), and fill the broker (`queue`, `retained`) | it has acknowledged all |
//! | measure (`turns`) | have their turns, first those of the warm-up | all is sent and has arrived, or nothing comes any more |
//! | clean (`stage`) | remove what they left in the broker | nothing is left, or nothing goes on |
//! | farewell (`summing`) | close their connections | every worker has ended |
//!
//! `bench connect` has but the first; clients that connect again and again begin in the third.
//! Ctrl-C ends any of the first three, and the others follow. Then the report is made of what the
//! workers leave behind.

mod running;
mod stage;
mod summing;
mod turns;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc;

use super::clock::Clock;
use super::group::Group;
use super::progress::Progress;
use super::resources::{TaskCpu, check_sources, reserve_descriptors, resident_bytes};
use super::stall::Watch;
use super::worker::{self, Command, Notice, Outcome, Post};
use super::{Interval, Plan, Report, Scenario, Stats};

/// How often the coordinator looks at the progress.
const LOOK: Duration = Duration::from_millis(10);

/// Is told how a run goes.
pub trait Observer {
    /// So many of the connections asked for are ready or have failed.
    fn connecting(&mut self, settled: u64, asked: u64);

    /// So many connections stand; told over and over.
    fn alive(&mut self, _connections: u64) {}

    /// An interval is over, in which this was measured.
    fn interval(&mut self, interval: &Interval, measured: &Stats);

    /// Nothing more is measured, and the connections are closed.
    fn ending(&mut self) {}
}

/// Does what the plan says, until it is done or `stop` is ready; then with the report so far.
///
/// # Errors
///
/// The plan makes no sense, or the system gives no threads. What the broker does is no error: the
/// report says it.
pub async fn run(
    plan: Plan,
    observer: &mut impl Observer,
    stop: impl Future<Output = ()>,
) -> Result<Report, String> {
    plan.check()?;
    check_start(&plan)?;
    check_sources(&plan.placement.sources)?;
    reserve_descriptors(plan.connections())?;
    tokio::pin!(stop);
    if let (Some(at), Scenario::Connect) = (plan.start_at, plan.scenario) {
        let start = Clock::set().at(at);
        tokio::select! {
            () = tokio::time::sleep_until(start.into()) => {}
            () = &mut stop => return Err("interrupted before --start-at".into()),
        }
    }
    let mut run = Run::start(plan)?;
    let cpu = run.cpu.clone();
    let interrupted = tokio::select! {
        () = cpu.around(run.whole(observer)) => false,
        () = stop => true,
    };
    run.finish(observer, interrupted).await
}

/// Whether the run can still begin with the others.
fn check_start(plan: &Plan) -> Result<(), String> {
    let late = plan.start_at.and_then(|at| at.elapsed().ok());
    match late {
        Some(late) => Err(format!(
            "--start-at: that was {:.1} s ago, and others may have begun",
            late.as_secs_f64()
        )),
        None => Ok(()),
    }
}

struct Run {
    plan: Arc<Plan>,
    progress: Arc<Progress>,
    group: Arc<Group>,
    clock: Clock,
    /// Of what the coordinator itself does, since the turns began.
    cpu: TaskCpu,
    /// Before anything was connected.
    memory: Option<u64>,
    memory_per_connection: Option<u64>,
    commands: Vec<mpsc::UnboundedSender<Command>>,
    notices: mpsc::UnboundedReceiver<Notice>,
    /// What was measured in intervals that not all workers have reported yet.
    pending: HashMap<u64, (usize, Stats)>,
    intervals: Vec<Interval>,
    /// What was measured before the last interval of the warm-up was over.
    early: Stats,
    total: Stats,
    outcomes: Vec<Outcome>,
    /// How long nothing has come, until it is given up.
    watch: Watch,
    /// When the broker stood still.
    stalls: Watch,
    connected: Option<Connected>,
    started: Option<(Instant, SystemTime)>,
    /// When no connection stood any more, after the start.
    all_lost: Option<Duration>,
}

/// How connecting went.
#[derive(Clone, Copy, Debug)]
struct Connected {
    took: Duration,
    ready: u64,
    /// Connections that were ready, and broke until all had settled.
    lost: u64,
}

impl Run {
    fn start(plan: Plan) -> Result<Run, String> {
        let plan = Arc::new(plan);
        let progress = Arc::new(Progress::new(&plan));
        let group = Arc::new(Group::default());
        let (notices_in, notices) = mpsc::unbounded_channel();
        let clock = Clock::set();
        let run = run_number(&plan, &clock);
        let mut commands = Vec::new();
        for worker in 0..plan.workers as u64 {
            let (sender, receiver) = mpsc::unbounded_channel();
            let post = Post {
                plan: Arc::clone(&plan),
                run,
                worker,
                clock,
                progress: Arc::clone(&progress),
                group: Arc::clone(&group),
                notices: notices_in.clone(),
            };
            worker::spawn(post, receiver)
                .map_err(|error| format!("cannot start a worker thread: {error}"))?;
            commands.push(sender);
        }
        Ok(Run {
            plan,
            progress,
            group,
            clock,
            cpu: TaskCpu::default(),
            memory: resident_bytes(),
            memory_per_connection: None,
            commands,
            notices,
            pending: HashMap::new(),
            intervals: Vec::new(),
            early: Stats::default(),
            total: Stats::default(),
            outcomes: Vec::new(),
            watch: Watch::default(),
            stalls: Watch::default(),
            connected: None,
            started: None,
            all_lost: None,
        })
    }

    fn tell(&self, command: Command) {
        for worker in &self.commands {
            // A worker that has ended needs to be told nothing.
            let _ = worker.send(command);
        }
    }

    async fn whole(&mut self, observer: &mut impl Observer) {
        self.connect(observer).await;
        if self.is_late() {
            return;
        }
        let has_connections = Progress::get(&self.progress.alive) > 0;
        let is_measured = match self.plan.scenario {
            Scenario::Connect => false,
            scenario => scenario.churns() || has_connections,
        };
        if is_measured && self.prepare().await && !self.is_late() {
            self.measure(observer).await;
        }
    }

    /// Whether the time to begin has come, and the turns cannot begin yet.
    fn is_late(&self) -> bool {
        let begins_connected = self.plan.scenario != Scenario::Connect;
        let start = self.plan.start_at.map(|at| self.clock.at(at));
        begins_connected
            && self.started.is_none()
            && start.is_some_and(|start| start <= Instant::now())
    }

    fn take_notices(&mut self, observer: &mut impl Observer) {
        while let Ok(notice) = self.notices.try_recv() {
            self.take(notice, observer);
        }
    }

    fn take(&mut self, notice: Notice, observer: &mut impl Observer) {
        match notice {
            Notice::Interval { number, stats } => {
                let (workers, merged) = self.pending.entry(number).or_default();
                *workers += 1;
                merged.merge(&stats);
                if *workers == self.plan.workers
                    && let Some((_, stats)) = self.pending.remove(&number)
                {
                    self.interval(number, &stats, observer);
                }
            }
            Notice::Done(outcome) => self.outcomes.push(*outcome),
        }
    }

    /// An interval is over at all workers.
    fn interval(&mut self, number: u64, stats: &Stats, observer: &mut impl Observer) {
        self.total.merge(stats);
        let end = self.plan.interval * (number as u32 + 1);
        let is_warmup = end <= self.plan.warmup;
        let mut measured = std::mem::take(&mut self.early);
        measured.merge(stats);
        let interval = Interval::new(end, is_warmup, &measured);
        observer.interval(&interval, stats);
        match is_warmup {
            true => self.early = measured,
            false => self.intervals.push(interval),
        }
    }
}

/// What tells the messages of this run from those of others: the same for all shards that get each
/// other's.
fn run_number(plan: &Plan, clock: &Clock) -> u32 {
    match plan.start_at {
        Some(at) if plan.hears_other_shards() => {
            let nanos = clock.nanos(clock.at(at));
            (nanos ^ (nanos >> 32)) as u32
        }
        _ => fastrand::u32(..),
    }
}
