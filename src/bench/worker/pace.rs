//! Giving each client its turn when it is due.

use std::rc::Rc;
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::task::{JoinHandle, spawn_local};

use super::Worker;
use super::connection::Connection;
use super::connectors::Connectors;
use super::context::Part;
use super::timer::Timer;
use crate::bench::fault::Fault;
use crate::bench::schedule::Share;
use crate::bench::{Act, Schedule, latency};
use crate::client::Error;

/// The pacer rests at least so long: what falls due meanwhile goes out in one write.
const TICK: Duration = Duration::from_micros(100);
/// Where nobody measures a latency it may rest so long.
const LONG_TICK: Duration = Duration::from_millis(1);

impl Worker {
    /// Gives every client its turns when they are due.
    pub(super) async fn pace(self: Rc<Self>, start: Instant) {
        tokio::time::sleep_until(start.into()).await;
        let Some(schedule) = self.context.schedule else {
            self.all_actors(Connection::wake);
            return;
        };
        let timer = match Timer::new() {
            Ok(timer) => timer,
            Err(error) => {
                self.shared
                    .borrow_mut()
                    .stats
                    .error(Fault::no_timer(&error));
                return self.stop();
            }
        };
        let mut share = Share::new(schedule, self.worker, self.workers);
        while !self.context.stopped.get() {
            let now = Instant::now();
            let (next, tick) = match self.context.plan.scenario.is_storm() {
                true => (self.storm_due(&mut share, start, now), TICK),
                false => (self.act_due(&mut share, start, now), self.tick(&schedule)),
            };
            let Some(next) = next else { break };
            let next = next.max(now + tick);
            self.context.rest.set_due(self.context.nanos(next));
            let _ = timer.until(next).await;
        }
        self.context.rest.set_due(u64::MAX);
        // There may be clients without any.
        self.all_actors(Connection::wake);
    }

    /// How long to rest at least: longer than [`TICK`] only if that saves writes, since several
    /// messages of each client fall due, and if it does not show in the latencies.
    fn tick(&self, schedule: &Schedule) -> Duration {
        let plan = &self.context.plan;
        let tick = match plan.latency_name() {
            Some(_) => self.shared.borrow().moderation.tick().min(LONG_TICK),
            None => LONG_TICK,
        };
        let turn = schedule.step().as_secs_f64() * plan.actors() as f64;
        match tick.as_secs_f64() >= 2.0 * turn {
            true => tick.max(TICK),
            false => TICK,
        }
    }

    /// Does what is due, and says when the next turn is.
    fn act_due(&self, share: &mut Share, start: Instant, now: Instant) -> Option<Instant> {
        let context = &self.context;
        let mut connections = self.connections.borrow_mut();
        let mut shared = self.shared.borrow_mut();
        let first = self.first_actor();
        let elapsed = now.saturating_duration_since(start).as_nanos() as u64;
        let warmup = context.plan.warmup.as_nanos() as u64;
        let mut is_late = true;
        loop {
            let (own, due) = share.peek()?;
            if due > elapsed {
                return Some(start + Duration::from_nanos(due));
            }
            if std::mem::take(&mut is_late) && due >= warmup {
                latency::record(&mut shared.stats.lag, elapsed - due);
            }
            share.advance();
            if let Some(turn) = self.turns.borrow().get(own as usize) {
                turn.notify_one();
                continue;
            }
            let slot = first + own as usize;
            if let Some(Some(connection)) = connections.get_mut(slot)
                && let Poll::Ready(Err(_)) = connection.advance(context, &mut shared)
            {
                // Its task finds the same, and says so.
                connection.wake();
            }
        }
    }

    /// Lets the clients that connect again and again begin.
    pub(super) fn start_churn(self: &Rc<Self>) -> Vec<JoinHandle<()>> {
        let plan = &self.context.plan;
        if !plan.scenario.churns() {
            return Vec::new();
        }
        let connectors = match Connectors::new(plan) {
            Ok(connectors) => Rc::new(connectors),
            Err(error) => {
                self.shared.borrow_mut().stats.error(Error::from(error));
                for _ in self.own(plan.idlers) {
                    self.context.retire(Part::Idler, Instant::now());
                }
                return Vec::new();
            }
        };
        let churn = |number| {
            self.turns.borrow_mut().push(Rc::default());
            spawn_local(Rc::clone(self).churn(number, Rc::clone(&connectors)))
        };
        self.own(plan.idlers).map(churn).collect()
    }

    /// The slot of the first of the worker's clients that take turns.
    pub(super) fn first_actor(&self) -> usize {
        let plan = &self.context.plan;
        let count = |all| self.own(all).count();
        match plan.scenario.act() {
            Act::Subscribe | Act::Return => 0,
            Act::Publish | Act::Die => count(plan.subscribers),
            Act::Stay | Act::Visit | Act::Request => {
                count(plan.subscribers) + count(plan.publishers)
            }
        }
    }

    fn all_actors(&self, act: impl Fn(&Connection)) {
        let connections = self.connections.borrow();
        for connection in connections.iter().flatten() {
            if connection.is_actor() {
                act(connection);
            }
        }
    }
}
