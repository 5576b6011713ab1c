//! What stands before the turns begin, and is taken down after them.

use std::time::{Duration, Instant};

use super::{Connected, LOOK, Observer, Run};
use crate::bench::fault::Fault;
use crate::bench::progress::Progress;
use crate::bench::resources::resident_bytes;
use crate::bench::stall::Watch;
use crate::bench::worker::Command;
use crate::bench::{Act, Scenario};

/// Of so many connections the memory that each takes can be told.
const MANY: u64 = 1_000;
/// How long clients may take to leave their sessions.
const LEAVE: Duration = Duration::from_secs(2);

impl Run {
    /// Waits until every connection stands or has failed.
    pub(super) async fn connect(&mut self, observer: &mut impl Observer) {
        let asked = match self.plan.scenario.churns() {
            true => 0,
            false => self.plan.connections(),
        };
        let took = loop {
            let (settled, last) = self.progress.settled();
            observer.connecting(settled, asked);
            if settled >= asked {
                break self.clock.elapsed_at(last);
            }
            if self.is_late() {
                break self.clock.elapsed();
            }
            tokio::time::sleep(LOOK).await;
        };
        let ready = Progress::get(&self.progress.alive);
        let lost = Progress::get(&self.progress.broken);
        self.connected = Some(Connected { took, ready, lost });
        let memory = resident_bytes().zip(self.memory);
        // Of few, what the generator needs for itself would be the most of it.
        self.memory_per_connection = memory
            .filter(|_| ready >= MANY)
            .and_then(|(after, before)| after.saturating_sub(before).checked_div(ready));
    }

    /// Fills the broker, where the scenario begins with that. `false`: it took no more.
    pub(super) async fn prepare(&mut self) -> bool {
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
            watch.sample(began.elapsed(), progress.came(), waiting);
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

    /// Removes what the run would leave in the broker, as far as that answers; what is left.
    pub(super) async fn clean(&mut self) -> Option<u64> {
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
        let sessions = self.plan.shard.share(self.plan.subscribers);
        // Nobody is there who could go on.
        let is_hopeless = |progress: &Progress| match self.plan.scenario {
            Scenario::Queue => Progress::get(&progress.tried) >= sessions,
            _ => Progress::get(&progress.alive) == 0,
        };
        let (began, mut watch) = (Instant::now(), Watch::default());
        while left(&self.progress) > 0
            && !is_hopeless(&self.progress)
            && watch.silence(began.elapsed()) <= self.plan.drain
        {
            tokio::time::sleep(LOOK).await;
            let removed = Progress::get(&self.progress.removed);
            watch.sample(began.elapsed(), removed, left(&self.progress));
        }
        Some(left(&self.progress))
    }
}
