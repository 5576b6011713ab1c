//! The end of a run: what all workers leave behind, as one report.

use std::sync::Arc;
use std::time::Duration;

use super::running::running;
use super::{Connected, Observer, Run};
use crate::bench::health::Health;
use crate::bench::loss::{Loss, Losses};
use crate::bench::progress::Progress;
use crate::bench::worker::{Command, Outcome};
use crate::bench::{Connections, Counts, Interval, Mix, OfQos, Plan, Report, Scenario, Stats};

/// Of a shard that did not begin with the others.
const LATE: &str = "not all connections stood at --start-at, with what the broker was to be filled \
                    with, so nothing was measured: give them more time";
/// How long the workers may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

/// How a run stood when its turns were over.
struct Stand {
    /// How long the turns went on, the warm-up included.
    running: Duration,
    /// When the last one was had, if there were to be no more.
    is_over: Option<Duration>,
    /// How long ago they began.
    elapsed: Duration,
    /// Messages that had not come by the last turn.
    under_way: u64,
    /// Connections that stood.
    alive: u64,
    connected: Connected,
    /// CPU time of the coordinator.
    cpu: Duration,
    /// It did not begin with the other shards.
    is_late: bool,
    interrupted: bool,
}

impl Run {
    /// Ends the workers and sums up what they measured.
    pub(super) async fn finish(
        mut self,
        observer: &mut impl Observer,
        interrupted: bool,
    ) -> Result<Report, String> {
        observer.ending();
        let stand = self.stand(interrupted);
        self.tell(Command::Stop);
        if interrupted {
            self.take_in_the_rest(observer).await;
        }
        let end = self.started.map(|(start, _)| start.elapsed());
        let left_behind = self.clean().await;
        self.tell(Command::Close);
        let outcomes = self.farewell(observer).await?;
        self.last_interval(end, &outcomes, observer);
        Ok(self.report(&stand, outcomes, left_behind))
    }

    fn stand(&self, interrupted: bool) -> Stand {
        let elapsed = self.started.map(|(start, _)| start.elapsed());
        let all_turns = self.progress.all_turns().filter(|_| elapsed.is_some());
        let elapsed = elapsed.unwrap_or_default();
        let last = all_turns.map(|(at, _)| self.since_start(at));
        let running = running(&self.plan, last, elapsed);
        let alive = Progress::get(&self.progress.alive);
        Stand {
            running,
            is_over: last.map(|_| running),
            elapsed,
            under_way: all_turns.map_or(0, |(_, under_way)| under_way),
            alive,
            connected: self.connected.unwrap_or_else(|| Connected {
                took: self.clock.elapsed(),
                ready: alive,
                lost: Progress::get(&self.progress.broken),
            }),
            cpu: self.cpu.get(),
            is_late: !interrupted && self.is_late(),
            interrupted,
        }
    }

    /// Waits until all workers have ended; what they leave behind.
    async fn farewell(&mut self, observer: &mut impl Observer) -> Result<Vec<Outcome>, String> {
        let patience = tokio::time::sleep(FAREWELL);
        tokio::pin!(patience);
        while self.outcomes.len() < self.plan.workers {
            tokio::select! {
                notice = self.notices.recv() => match notice {
                    Some(notice) => self.take(notice, observer),
                    None => return Err("a worker thread has failed".into()),
                },
                () = &mut patience => return Err("a worker thread does not end".into()),
            }
        }
        Ok(std::mem::take(&mut self.outcomes))
    }

    /// The report of what was measured.
    fn report(self, stand: &Stand, outcomes: Vec<Outcome>, left_behind: Option<u64>) -> Report {
        let Stand {
            running, connected, ..
        } = *stand;
        let cpu = stand.cpu + outcomes.iter().map(|outcome| outcome.cpu).sum::<Duration>();
        // What never came after the last message was lost.
        let (stalls, silent_from) = self.stalls.into_stalls(stand.is_over);
        let losses = Losses::of(&self.plan, outcomes, &self.group);
        let mut total = self.total;
        let duration = match (self.plan.scenario.is_storm(), self.started) {
            // A storm lasts until its last message arrives.
            (true, Some((start, _))) => {
                let start = self.clock.nanos(start);
                Duration::from_nanos(total.done.last().saturating_sub(start))
            }
            (true, None) => Duration::ZERO,
            (false, _) => running.saturating_sub(self.plan.warmup),
        };
        let by_qos = by_qos(&self.plan, &mut total, &losses);
        if self.plan.scenario == Scenario::Connect {
            total.latency.corrected = total.connecting.whole.clone();
        }
        let mut generator = Health::new(cpu, stand.elapsed, self.plan.workers, total.lag);
        generator.memory_per_connection = self.memory_per_connection;
        generator.faults.extend(total.errors.of_generator());
        if stand.is_late {
            generator.faults.push(LATE.into());
        }
        Report {
            started: self.started.map_or(self.clock.began(), |(_, at)| at),
            duration,
            connections: Connections {
                asked: self.plan.connections(),
                ready: connected.ready,
                lost_early: connected.lost,
                alive: stand.alive,
                all_lost: self.all_lost,
                took: connected.took,
                latency: total.connecting,
                by_broker: by_broker(&self.plan, &total.accepted),
            },
            offered: offered(&self.plan, running, total.sent),
            counts: counts(
                [total.sent, total.acked, total.refused, total.received],
                losses.all,
            ),
            by_qos,
            balance: losses.balance,
            deliveries: losses.deliveries,
            foreign: total.foreign,
            errors: total.errors,
            warmup_errors: total.warmup_errors,
            under_way: stand.under_way,
            receiving: total.done.span(),
            latency: total.latency,
            steps: total.steps,
            left_behind,
            intervals: self.intervals,
            stalls,
            silent_from: silent_from.filter(|_| !stand.interrupted),
            generator,
            interrupted: stand.interrupted,
            plan: Arc::unwrap_or_clone(self.plan),
        }
    }

    /// Sums up what was measured before the first interval and after the last whole one; that is
    /// one more, shorter or longer, which ends at `end`.
    fn last_interval(
        &mut self,
        end: Option<Duration>,
        outcomes: &[Outcome],
        observer: &mut impl Observer,
    ) {
        let mut rest = Stats::default();
        for (_, stats) in std::mem::take(&mut self.pending).into_values() {
            rest.merge(&stats);
        }
        for outcome in outcomes {
            rest.merge(&outcome.stats);
            self.total.merge(&outcome.before);
        }
        self.total.merge(&rest);
        let mut measured = std::mem::take(&mut self.early);
        measured.merge(&rest);
        let errors = measured.errors.total();
        let is_something = [measured.sent, measured.acked, measured.received, errors] != [0; 4];
        if let Some(end) = end.filter(|_| is_something) {
            let interval = Interval::new(end, false, &measured);
            observer.interval(&interval, &rest);
            self.intervals.push(interval);
        }
    }

    /// How long after the start a moment of the run's clock was.
    fn since_start(&self, at: u64) -> Duration {
        let start = self
            .started
            .map_or(at, |(start, _)| self.clock.nanos(start));
        Duration::from_nanos(at.saturating_sub(start))
    }
}

/// What was counted, and what the sequence numbers say.
fn counts([sent, acked, refused, received]: [u64; 4], loss: Loss) -> Counts {
    Counts {
        sent,
        acked,
        refused,
        expected: loss.expected,
        received,
        lost: loss.lost,
        duplicated: loss.duplicated,
        reordered: loss.reordered,
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
fn by_qos(plan: &Plan, total: &mut Stats, losses: &Losses) -> Vec<OfQos> {
    let levels = plan.mix.iter().flat_map(Mix::levels);
    levels
        .map(|qos| {
            let stats = std::mem::take(total.of_qos(qos));
            OfQos {
                qos,
                counts: counts(
                    [stats.sent, stats.acked, stats.refused, stats.received],
                    losses.of_qos(qos),
                ),
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
