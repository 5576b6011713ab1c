//! The end of a run: what all workers leave behind, as one report.

use std::sync::Arc;
use std::time::Duration;

use super::running::running;
use super::{Connected, Observer, Run};
use crate::bench::health::Health;
use crate::bench::outcome::{Loss, Sequences};
use crate::bench::stats::Progress;
use crate::bench::worker::{Command, Outcome};
use crate::bench::{Connections, Counts, Interval, Mix, OfQos, Plan, Report, Scenario, Stats};

/// Of a shard that did not begin with the others.
const LATE: &str = "not all connections stood at --start-at, with what the broker was to be filled \
                    with, so nothing was measured: give them more time";
/// How long the workers may take to end.
const FAREWELL: Duration = Duration::from_secs(5);

impl Run {
    /// Ends the workers and sums up what they measured.
    pub(super) async fn finish(
        mut self,
        observer: &mut impl Observer,
        interrupted: bool,
    ) -> Result<Report, String> {
        observer.ending();
        let is_late = !interrupted && self.is_late();
        let elapsed = self.clock.elapsed();
        let began = self.started.map(|(start, _)| start);
        let over = began.map_or(Duration::ZERO, |start| start.elapsed());
        let all_turns = self.progress.all_turns().filter(|_| began.is_some());
        let under_way = all_turns.map_or(0, |(_, under_way)| under_way);
        let all_turns = all_turns.map(|(at, _)| self.since_start(at));
        let running = running(&self.plan, all_turns, over);
        let mut cpu = self.cpu.get();
        self.tell(Command::Stop);
        let alive = Progress::get(&self.progress.alive);
        if interrupted {
            self.take_in_the_rest(observer).await;
        }
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
        let outcomes = std::mem::take(&mut self.outcomes);
        cpu += outcomes.iter().map(|outcome| outcome.cpu).sum::<Duration>();
        self.last_interval(&outcomes, observer);
        // What never came after the last message was lost.
        let is_over = all_turns.map(|_| running);
        let (stalls, silent_from) = std::mem::take(&mut self.stalls).into_stalls(is_over);
        let mut measured = running.saturating_sub(self.plan.warmup);
        let connected = self.connected.unwrap_or(Connected {
            took: elapsed,
            ready: alive,
            lost: Progress::get(&self.progress.broken),
        });
        let sequences = Sequences::of(&self.plan, outcomes, &self.group);
        let started = began.map(|start| self.clock.nanos(start));
        let mut total = self.total;
        if self.plan.scenario.is_storm() {
            // It lasts until the last message arrives.
            measured = started.map_or(Duration::ZERO, |start| {
                Duration::from_nanos(total.done.last().saturating_sub(start))
            });
        }
        let by_qos = by_qos(&self.plan, &mut total, &sequences);
        if self.plan.scenario == Scenario::Connect {
            total.latency.corrected = total.connecting.whole.clone();
        }
        let mut generator = Health::new(cpu, over, self.plan.workers, total.lag);
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
                ready: connected.ready,
                lost_early: connected.lost,
                alive,
                all_lost: self.all_lost,
                took: connected.took,
                latency: total.connecting.clone(),
                by_broker: by_broker(&self.plan, &total.accepted),
            },
            offered: offered(&self.plan, running, total.sent),
            counts: counts(
                [total.sent, total.acked, total.refused, total.received],
                sequences.all,
            ),
            by_qos,
            balance: sequences.balance,
            deliveries: sequences.deliveries,
            foreign: total.foreign,
            errors: total.errors,
            warmup_errors: total.warmup_errors,
            under_way,
            receiving: total.done.span(),
            latency: total.latency,
            steps: total.steps,
            left_behind,
            intervals: self.intervals,
            stalls,
            silent_from: silent_from.filter(|_| !interrupted),
            generator,
            interrupted,
            plan: Arc::unwrap_or_clone(self.plan),
        })
    }

    /// What was measured after the last whole interval is one more, shorter or longer.
    fn last_interval(&mut self, outcomes: &[Outcome], observer: &mut impl Observer) {
        let mut rest = Stats::default();
        let early = std::mem::take(&mut self.early);
        for (_, stats) in std::mem::take(&mut self.pending).into_values() {
            rest.merge(&stats);
        }
        for outcome in outcomes {
            rest.merge(&outcome.stats);
            self.total.merge(&outcome.before);
        }
        self.total.merge(&rest);
        let mut measured = early;
        measured.merge(&rest);
        let errors = measured.errors.total();
        let is_something = [measured.sent, measured.acked, measured.received, errors] != [0; 4];
        if let Some((start, _)) = self.started.filter(|_| is_something) {
            let interval = Interval::new(start.elapsed(), false, &measured);
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
fn by_qos(plan: &Plan, total: &mut Stats, sequences: &Sequences) -> Vec<OfQos> {
    let levels = plan.mix.iter().flat_map(Mix::levels);
    levels
        .map(|qos| {
            let stats = std::mem::take(total.of_qos(qos));
            OfQos {
                qos,
                counts: counts(
                    [stats.sent, stats.acked, stats.refused, stats.received],
                    sequences.of_qos(qos),
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
