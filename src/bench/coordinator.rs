//! A run from its beginning to its end.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use tokio::sync::mpsc;

use super::clock::Clock;
use super::fault::Fault;
use super::health::Health;
use super::outcome::Sequences;
use super::resources::{cpu_time, reserve_descriptors, resident_bytes};
use super::stall::Watch;
use super::stats::Progress;
use super::worker::{self, Command, Notice, Outcome, Post};
use super::{Act, Connections, Interval, Mix, OfQos, Plan, Report, Scenario, Stats};

/// How often the coordinator looks at the progress.
const LOOK: Duration = Duration::from_millis(10);
/// Between the last connection and the first message.
const HEAD_START: Duration = Duration::from_millis(20);
/// Of a shard that did not begin with the others.
const LATE: &str =
    "not all connections stood at --start-at, so nothing was sent: give them more time";
/// How long clients may take to leave their sessions.
const LEAVE: Duration = Duration::from_secs(2);
/// How long the workers may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// Is told how a run goes.
pub trait Observer {
    /// So many of the connections asked for are ready or have failed.
    fn connecting(&mut self, settled: u64, asked: u64);

    /// So many connections stand; told over and over.
    fn alive(&mut self, _connections: u64) {}

    /// An interval is over, in which this was measured.
    fn interval(&mut self, interval: &Interval, measured: &Stats);
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
    let interrupted = tokio::select! {
        () = run.whole(observer) => false,
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
    clock: Clock,
    cpu: Duration,
    /// Before anything was connected.
    memory: Option<u64>,
    memory_per_connection: Option<u64>,
    commands: Vec<mpsc::UnboundedSender<Command>>,
    notices: mpsc::UnboundedReceiver<Notice>,
    /// Stats of intervals that not all workers have reported yet.
    pending: HashMap<u64, (usize, Stats)>,
    intervals: Vec<Interval>,
    total: Stats,
    outcomes: Vec<Outcome>,
    watch: Watch,
    connected: Option<(Duration, u64)>,
    started: Option<(Instant, SystemTime)>,
    sent_all: Option<Instant>,
}

impl Run {
    fn start(plan: Plan) -> Result<Run, String> {
        let plan = Arc::new(plan);
        let progress = Arc::new(Progress::new(&plan));
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
                notices: notices_in.clone(),
            };
            worker::spawn(post, receiver)
                .map_err(|error| format!("cannot start a worker thread: {error}"))?;
            commands.push(sender);
        }
        Ok(Run {
            plan,
            progress,
            clock,
            cpu: cpu_time(),
            memory: resident_bytes(),
            memory_per_connection: None,
            commands,
            notices,
            pending: HashMap::new(),
            intervals: Vec::new(),
            total: Stats::default(),
            outcomes: Vec::new(),
            watch: Watch::default(),
            connected: None,
            started: None,
            sent_all: None,
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
        if is_measured && self.prepare().await {
            self.measure(observer).await;
        }
    }

    /// Fills the broker, where the scenario begins with that. `false`: it took no more.
    async fn prepare(&mut self) -> bool {
        if self.plan.scenario.act() == Act::Return {
            self.tell(Command::Leave);
            let began = Instant::now();
            let is_away = |progress: &Progress| {
                Progress::get(&progress.away) >= Progress::get(&progress.made)
            };
            while !is_away(&self.progress) && began.elapsed() < LEAVE {
                tokio::time::sleep(LOOK).await;
            }
        }
        if !self.plan.scenario.fills() {
            return true;
        }
        self.tell(Command::Fill);
        let (began, mut watch) = (Instant::now(), Watch::default());
        loop {
            tokio::time::sleep(LOOK).await;
            let progress = &self.progress;
            let filling = Progress::get(&progress.filling);
            let acked = Progress::get(&progress.acked);
            let waiting = filling + Progress::get(&progress.asked).saturating_sub(acked);
            watch.sample(began.elapsed(), acked, waiting);
            if waiting == 0 {
                return Progress::get(&progress.sent) > 0;
            }
            if watch.silence(began.elapsed()) > self.plan.drain
                || Progress::get(&progress.alive) == 0
            {
                let text = "the broker did not take the messages that it was to be filled with";
                self.total.error(Fault::new("not_filled", text));
                return false;
            }
        }
    }

    async fn connect(&mut self, observer: &mut impl Observer) {
        let asked = match self.plan.scenario.churns() {
            true => 0,
            false => self.plan.connections(),
        };
        loop {
            let settled = Progress::get(&self.progress.settled);
            observer.connecting(settled, asked);
            if settled >= asked || self.is_late() {
                break;
            }
            tokio::time::sleep(LOOK).await;
        }
        let ready = Progress::get(&self.progress.alive);
        self.connected = Some((self.clock.elapsed(), ready));
        let memory = resident_bytes().zip(self.memory);
        self.memory_per_connection =
            memory.and_then(|(after, before)| after.saturating_sub(before).checked_div(ready));
    }

    /// Whether the others began without this shard.
    fn is_late(&self) -> bool {
        let begins_connected = self.plan.scenario != Scenario::Connect;
        let start = self.plan.start_at.map(|at| self.clock.at(at));
        begins_connected
            && self.started.is_none()
            && start.is_some_and(|start| start <= Instant::now())
    }

    async fn measure(&mut self, observer: &mut impl Observer) {
        let (start, at) = match self.plan.start_at {
            Some(at) => (self.clock.at(at), at),
            None => (Instant::now() + HEAD_START, SystemTime::now() + HEAD_START),
        };
        self.started = Some((start, at));
        self.tell(Command::Start(start));
        tokio::time::sleep_until(start.into()).await;
        self.cpu = cpu_time();
        let planned = self
            .plan
            .duration
            .map(|duration| duration + self.plan.warmup);
        loop {
            tokio::time::sleep(LOOK).await;
            self.take_notices(observer);
            observer.alive(Progress::get(&self.progress.alive));
            let elapsed = start.elapsed();
            let waiting = self.waiting();
            let progress = &self.progress;
            let came = Progress::get(&progress.acked) + Progress::get(&progress.received);
            let acting = Progress::get(&progress.acting) > 0;
            // Where nothing ever comes back, what leaves is the only sign of life.
            let came = match Progress::get(&progress.asked) == 0 && self.plan.copies() == 0 {
                true => Progress::get(&progress.sent),
                false => came,
            };
            let is_closed_loop = self.plan.schedule().is_none();
            self.watch
                .sample(elapsed, came, waiting + u64::from(acting && is_closed_loop));
            let hears_others = self.plan.hears_other_shards();
            let is_held = (self.plan.scenario == Scenario::Idle || hears_others)
                && planned.is_some_and(|planned| elapsed < planned);
            if !acting && !is_held {
                self.sent_all.get_or_insert_with(Instant::now);
            }
            // What other shards send comes unannounced.
            let is_quiet = !hears_others || self.watch.quiet(elapsed) > self.plan.drain;
            let is_over = !acting && waiting == 0 && !is_held && is_quiet;
            let is_late = planned.is_none_or(|planned| elapsed > planned);
            let patience = match acting && !is_late {
                true => self.plan.client.ack_timeout,
                false => self.plan.drain,
            };
            let is_given_up = self.watch.silence(elapsed) > patience;
            let is_deserted = !self.plan.scenario.churns() && Progress::get(&progress.alive) == 0;
            let is_storm = self.plan.scenario.is_storm();
            let is_cut_short = is_storm && planned.is_some_and(|planned| elapsed > planned);
            if is_over || is_given_up || is_deserted || is_cut_short {
                return;
            }
        }
    }

    /// Messages that are due, acknowledgements and arrivals that are missing.
    fn waiting(&self) -> u64 {
        let progress = &self.progress;
        let sent = Progress::get(&progress.sent);
        let unanswered =
            Progress::get(&progress.asked).saturating_sub(Progress::get(&progress.acked));
        let expected = match self.plan.hears_other_shards() {
            true => 0,
            false => sent * self.plan.copies(),
        };
        let missing = expected.saturating_sub(Progress::get(&progress.received));
        let turns = match self.plan.scenario.act() {
            Act::Publish => sent,
            _ => Progress::get(&progress.turns),
        };
        let due = match (self.plan.schedule(), self.started) {
            (Some(schedule), Some((start, _))) => {
                let elapsed = start.elapsed().as_nanos() as u64;
                let plan = &self.plan;
                let due = schedule.due_by(elapsed);
                let own = plan.shard.share_of_turns(due, plan.actors());
                own.saturating_sub(turns)
            }
            _ => 0,
        };
        // What a dead connection should have sent is not waited for.
        let due = match Progress::get(&progress.acting) {
            0 => 0,
            _ => due,
        };
        due + unanswered + missing
    }

    /// Removes what the run would leave in the broker, as far as that answers; what is left.
    async fn clean(&mut self) -> Option<u64> {
        let progress = &self.progress;
        let made = match self.plan.scenario {
            Scenario::Retained => Progress::get(&progress.sent),
            Scenario::Queue => Progress::get(&progress.made),
            _ => return None,
        };
        let left = |progress: &Progress| made.saturating_sub(Progress::get(&progress.removed));
        if made > 0 {
            self.tell(Command::Clean);
        }
        let (began, mut watch) = (Instant::now(), Watch::default());
        while left(&self.progress) > 0 && watch.silence(began.elapsed()) <= self.plan.drain {
            tokio::time::sleep(LOOK).await;
            let removed = Progress::get(&self.progress.removed);
            watch.sample(began.elapsed(), removed, left(&self.progress));
        }
        Some(left(&self.progress))
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
                    let end = self.plan.interval * (number as u32 + 1);
                    self.total.merge(&stats);
                    let is_warmup = end <= self.plan.warmup;
                    let interval = Interval::new(end, is_warmup, &stats);
                    observer.interval(&interval, &stats);
                    if !is_warmup {
                        self.intervals.push(interval);
                    }
                }
            }
            Notice::Done(outcome) => self.outcomes.push(*outcome),
        }
    }

    async fn finish(
        mut self,
        observer: &mut impl Observer,
        interrupted: bool,
    ) -> Result<Report, String> {
        let is_late = !interrupted && self.is_late();
        let ended = self.sent_all.unwrap_or_else(Instant::now);
        let (elapsed, cpu) = (self.clock.elapsed(), cpu_time());
        self.tell(Command::Stop);
        let alive = Progress::get(&self.progress.alive);
        let left_behind = self.clean().await;
        self.tell(Command::Close);
        let farewell = tokio::time::sleep(FAREWELL);
        tokio::pin!(farewell);
        while self.outcomes.len() < self.plan.workers {
            tokio::select! {
                notice = self.notices.recv() => match notice {
                    Some(notice) => self.take(notice, observer),
                    None => break,
                },
                () = &mut farewell => return Err("a worker thread does not end".into()),
            }
        }
        for (_, stats) in std::mem::take(&mut self.pending).into_values() {
            self.total.merge(&stats);
        }
        let outcomes = std::mem::take(&mut self.outcomes);
        for outcome in &outcomes {
            self.total.merge(&outcome.stats);
        }
        let began = self.started.map(|(start, _)| start);
        let running = began.map_or(elapsed, |start| ended.saturating_duration_since(start));
        // The last message has a step of its own, as all before it.
        let running = match (self.sent_all, self.plan.schedule()) {
            (Some(_), Some(schedule)) => running + schedule.step(),
            _ => running,
        };
        let mut measured =
            began.map_or(Duration::ZERO, |_| running.saturating_sub(self.plan.warmup));
        let (connecting, ready) = self.connected.unwrap_or((elapsed, alive));
        let sequences = Sequences::of(&self.plan, outcomes);
        let mut total = self.total;
        if let Some((start, _)) = self.started.filter(|_| self.plan.scenario.is_storm()) {
            // It lasts until the last message arrives.
            let last = total.last_arrival.saturating_sub(self.clock.nanos(start));
            measured = Duration::from_nanos(last);
        }
        let by_qos = by_qos(&self.plan, &mut total, &sequences);
        if self.plan.scenario == Scenario::Connect {
            total.latency.corrected = total.connecting.whole.clone();
        }
        let mut generator = Health::new(cpu - self.cpu, running, self.plan.workers, total.lag);
        generator.memory_per_connection = self.memory_per_connection;
        generator.faults.extend(total.errors.of_generator());
        if is_late {
            generator.faults.push(LATE.into());
        }
        Ok(Report {
            started: self
                .started
                .map_or_else(|| self.clock.began(), |(_, at)| at),
            duration: measured,
            connections: Connections {
                asked: self.plan.connections(),
                ready,
                alive,
                took: connecting,
                latency: total.connecting.clone(),
                by_broker: by_broker(&self.plan, &total.accepted),
            },
            offered: offered(&self.plan, running, total.sent),
            sent: total.sent,
            acked: total.acked,
            refused: total.refused,
            expected: sequences.all.expected,
            received: total.received,
            lost: sequences.all.lost,
            duplicated: sequences.all.duplicated,
            reordered: sequences.all.reordered,
            by_qos,
            balance: sequences.balance,
            deliveries: sequences.deliveries,
            foreign: total.foreign,
            errors: total.errors,
            latency: total.latency,
            steps: total.steps,
            left_behind,
            intervals: self.intervals,
            stalls: self.watch.into_stalls(),
            generator,
            interrupted,
            plan: Arc::unwrap_or_clone(self.plan),
        })
    }
}

/// Each broker, and the connections that it accepted.
fn by_broker(plan: &Plan, accepted: &[u64]) -> Vec<(String, u64)> {
    let brokers = 0..plan.placement.brokers();
    let one = |broker| {
        let count = accepted.get(broker).copied().unwrap_or(0);
        (plan.target(broker).address.to_string(), count)
    };
    brokers.map(one).collect()
}

/// The messages of each QoS apart, in a run with several.
fn by_qos(plan: &Plan, total: &mut Stats, sequences: &Sequences) -> Vec<OfQos> {
    let levels = plan.mix.iter().flat_map(Mix::levels);
    levels
        .map(|qos| {
            let stats = std::mem::take(total.of_qos(qos));
            let loss = sequences.of_qos(qos);
            OfQos {
                qos,
                sent: stats.sent,
                acked: stats.acked,
                refused: stats.refused,
                expected: loss.expected,
                received: stats.received,
                lost: loss.lost,
                duplicated: loss.duplicated,
                reordered: loss.reordered,
                latency: stats.latency,
            }
        })
        .collect()
}

/// Messages of the measured part that were due in the time a run was `running`.
fn offered(plan: &Plan, running: Duration, sent: u64) -> u64 {
    let schedule = plan.schedule().filter(|_| !plan.scenario.is_storm());
    schedule.map_or(sent, |schedule| {
        let own = |due| plan.shard.share_of_turns(due, plan.actors());
        let due = schedule.due_by(running.as_nanos() as u64);
        let warm = match plan.warmup.as_nanos() {
            0 => 0,
            warmup => schedule.due_by(warmup as u64 - 1),
        };
        own(due).saturating_sub(own(warm))
    })
}

/// What tells the messages of this run from those of others: the same for all shards that begin
/// together.
fn run_number(plan: &Plan, clock: &Clock) -> u32 {
    match plan.start_at {
        Some(at) if plan.shard.is_part() => {
            let nanos = clock.nanos(clock.at(at));
            (nanos ^ (nanos >> 32)) as u32
        }
        _ => fastrand::u32(..),
    }
}
