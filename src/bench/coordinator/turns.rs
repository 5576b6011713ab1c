//! The turns, until nothing more is to come.

use std::time::{Duration, Instant, SystemTime};

use super::{LOOK, Observer, Run};
use crate::bench::progress::Progress;
use crate::bench::waiting::Waiting;
use crate::bench::worker::Command;
use crate::bench::{Act, Scenario};

/// Between the last connection and the first message.
const HEAD_START: Duration = Duration::from_millis(20);
/// How long somebody who has pressed Ctrl-C is willing to wait.
const SHORTLY: Duration = Duration::from_millis(500);

/// How far the run was when something came last.
#[derive(Clone, Copy, Default)]
struct Then {
    sent: u64,
    asked: u64,
}

impl Then {
    fn of(progress: &Progress) -> Then {
        Then {
            sent: Progress::get(&progress.sent),
            asked: Progress::get(&progress.asked),
        }
    }
}

impl Run {
    /// Lets the clients have their turns, until all is sent and has arrived, or nothing comes any
    /// more.
    pub(super) async fn measure(&mut self, observer: &mut impl Observer) {
        let (start, at) = match self.plan.start_at {
            Some(at) => (self.clock.at(at), at),
            None => (Instant::now() + HEAD_START, SystemTime::now() + HEAD_START),
        };
        self.started = Some((start, at));
        self.tell(Command::Start(start));
        tokio::time::sleep_until(start.into()).await;
        self.cpu.reset();
        let (mut last_came, mut then) = (0, Then::default());
        loop {
            tokio::time::sleep(LOOK).await;
            self.take_notices(observer);
            observer.alive(Progress::get(&self.progress.alive));
            let (elapsed, came) = (start.elapsed(), self.came());
            if came != last_came {
                (last_came, then) = (came, Then::of(&self.progress));
            }
            let waiting = self.waiting(then);
            let next = u64::from(self.could_go_on(elapsed));
            self.watch.sample(elapsed, came, waiting.all() + next);
            self.stalls.sample(elapsed, came, waiting.telling() + next);
            if !self.plan.scenario.churns() && self.standing() == 0 {
                self.all_lost = Some(elapsed);
                return;
            }
            if self.is_over(elapsed, waiting) || self.is_given_up(elapsed) {
                return;
            }
        }
    }

    /// What has come from the broker. Where nothing ever does, what leaves is the only sign of life.
    fn came(&self) -> u64 {
        let progress = &self.progress;
        let is_mute = self.plan.copies() == 0 || self.has_no_subscriber();
        if is_mute && Progress::get(&progress.asked) == 0 {
            return Progress::get(&progress.sent);
        }
        progress
            .came()
            .saturating_sub(Progress::get(&progress.expired))
    }

    /// Whether there are clients that could send at once, or hand over the rest.
    fn could_go_on(&self, elapsed: Duration) -> bool {
        let has_more_due = self.plan.schedule().is_some_and(|schedule| {
            schedule.due_by(elapsed.as_nanos() as u64) < schedule.messages()
        });
        let is_closed_loop = self.plan.schedule().is_none();
        self.is_acting() && (is_closed_loop || !has_more_due)
    }

    fn is_acting(&self) -> bool {
        Progress::get(&self.progress.acting) > 0
    }

    /// Whether all is sent and has arrived.
    fn is_over(&self, elapsed: Duration, waiting: Waiting) -> bool {
        let hears_others = self.plan.hears_other_shards();
        let is_held = (self.plan.scenario == Scenario::Idle || hears_others)
            && self.plan.time().is_some_and(|time| elapsed < time);
        // What other shards send comes unannounced.
        let is_quiet = !hears_others || self.watch.quiet(elapsed) > self.plan.drain;
        !self.is_acting() && waiting.all() == 0 && !is_held && is_quiet
    }

    /// Whether what is missing is not waited for any longer.
    fn is_given_up(&self, elapsed: Duration) -> bool {
        let time = self.plan.time();
        let is_cut_short = self.plan.scenario.is_storm() && time.is_some_and(|time| elapsed > time);
        let patience = match time {
            Some(time) if self.is_acting() && elapsed <= time => self.plan.client.ack_timeout,
            _ => self.plan.drain,
        };
        is_cut_short || self.watch.silence(elapsed) > patience
    }

    /// After an interruption: what is under way is not lost, so it is waited for shortly.
    pub(super) async fn take_in_the_rest(&mut self, observer: &mut impl Observer) {
        let began = Instant::now();
        while began.elapsed() < SHORTLY {
            let waiting = self.waiting(Then::of(&self.progress));
            if waiting.unanswered == 0 && waiting.missing == 0 {
                return;
            }
            tokio::time::sleep(LOOK).await;
            self.take_notices(observer);
        }
    }

    /// Connections that stand, and are to.
    fn standing(&self) -> u64 {
        let alive = Progress::get(&self.progress.alive);
        match self.plan.scenario.act() {
            // Who was cut off did not break.
            Act::Die => alive.saturating_sub(Progress::get(&self.progress.sent)),
            _ => alive,
        }
    }

    /// Whether all those are missing to whom messages should go.
    fn has_no_subscriber(&self) -> bool {
        self.plan.subscribers > 0 && Progress::get(&self.progress.made) == 0
    }

    /// What is waited for, when so much had been sent as something came last.
    fn waiting(&self, then: Then) -> Waiting {
        let progress = &self.progress;
        let sent = Progress::get(&progress.sent);
        let asked = Progress::get(&progress.asked);
        let unanswered = asked.saturating_sub(Progress::get(&progress.acked));
        // Who has not had its turn yet has asked for nothing.
        let asked_for = match self.plan.scenario.fills() {
            true => sent * Progress::get(&progress.turns) / self.plan.placement.brokers() as u64,
            false => self.plan.arrivals(sent),
        };
        let missing = match self.has_no_subscriber() {
            true => 0,
            false => asked_for.saturating_sub(Progress::get(&progress.received)),
        };
        let turns = match self.plan.scenario.act() {
            Act::Publish => sent,
            _ => Progress::get(&progress.turns),
        };
        let schedule = self.plan.schedule();
        let due = match (&schedule, self.started) {
            // What a dead connection should have sent is not waited for.
            (Some(schedule), Some((start, _))) if self.is_acting() => {
                let due = schedule.due_by(start.elapsed().as_nanos() as u64);
                let own = (self.plan.shard).share_of_turns(due, self.plan.actors());
                own.saturating_sub(turns)
            }
            _ => 0,
        };
        // In a closed loop and in a storm, nothing is sent before something comes.
        let is_open = schedule.is_some() && !self.plan.scenario.is_storm();
        // Pings are sent whatever came of others.
        let asks_on = is_open || self.plan.scenario == Scenario::Idle;
        Waiting {
            due,
            unanswered,
            missing,
            recently_asked: match asks_on {
                true => asked.saturating_sub(then.asked),
                false => unanswered,
            },
            recent: match is_open {
                true => self.plan.arrivals(sent.saturating_sub(then.sent)),
                false => missing,
            },
        }
    }
}
