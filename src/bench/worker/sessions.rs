//! What is left in the broker for a while: sessions that their clients leave, come back to and
//! remove; and messages that are retained.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use tokio::task::{JoinHandle, spawn_local};

use super::Worker;
use super::churn::Greeting;
use super::clearing::Clearing;
use super::connectors::Caller;
use super::context::Part;
use super::greeting::Hello;
use crate::bench::progress::Progress;
use crate::bench::{Act, Scenario};
use crate::client::Error;

impl Worker {
    /// All subscribers disconnect, and their sessions stay.
    pub(super) fn leave(&self) {
        for connection in self.connections.borrow_mut().iter_mut().flatten() {
            if connection.part == Part::Subscriber {
                connection.close();
            }
        }
    }

    /// All publishers fill the broker.
    pub(super) fn fill(&self) {
        let now = self.context.nanos(Instant::now());
        self.context.fill_start.set(Some(now));
        for connection in self.connections.borrow().iter().flatten() {
            if connection.part == Part::Publisher {
                connection.wake();
            }
        }
    }

    /// The turns are about to begin: what was measured until now is not of the first interval.
    pub(super) fn begin(&self) {
        let filled = Progress::get(&self.context.progress.sent);
        // Every broker was filled with the same.
        let brokers = self.context.plan.placement.brokers() as u64;
        self.context.filled.set(filled / brokers);
        let so_far = std::mem::take(&mut self.shared.borrow_mut().stats);
        self.before.borrow_mut().merge(&so_far);
    }

    /// A client connects again, to the session that it left.
    pub(super) async fn come_back(self: Rc<Self>, slot: usize, number: u64, due: Option<u64>) {
        let Some(connectors) = self.connectors.get().map(Rc::clone) else {
            return;
        };
        let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return;
        };
        let due = due.map(|due| self.context.clock.instant(due));
        let due = due.unwrap_or_else(Instant::now);
        let returner = (number, Part::Returner, due);
        self.open(slot, returner, &connectors, permit);
    }

    /// Removes what the run would leave behind.
    pub(super) fn clean(self: &Rc<Self>) -> Vec<JoinHandle<()>> {
        let plan = &self.context.plan;
        for connection in self.connections.borrow_mut().iter_mut().flatten() {
            match connection.part {
                Part::Subscriber | Part::Returner => connection.close(),
                Part::Publisher if plan.scenario == Scenario::Retained => {
                    let turns = connection.publisher.as_ref().map(|p| p.turns.taken());
                    connection.clearing = turns.map(Clearing::new);
                    connection.wake();
                }
                Part::Publisher | Part::Idler => {}
            }
        }
        if plan.scenario.act() != Act::Return {
            return Vec::new();
        }
        let forget = |number| spawn_local(Rc::clone(self).forget(number));
        self.own(plan.subscribers).map(forget).collect()
    }

    /// Ends a session, by beginning another that ends with its connection.
    async fn forget(self: Rc<Self>, number: u64) {
        let removing = Box::pin(self.remove_session(number)).await;
        if removing.is_ok() {
            Progress::add(&self.context.progress.removed, 1);
        }
        Progress::add(&self.context.progress.tried, 1);
    }

    async fn remove_session(&self, number: u64) -> Result<(), Error> {
        let Some(connectors) = self.connectors.get().map(Rc::clone) else {
            return Ok(());
        };
        let Ok(_permit) = Arc::clone(&self.permits).acquire_owned().await else {
            return Ok(());
        };
        let options = &self.context.plan.client;
        let caller = Caller {
            offset: 0,
            number,
            turn: 1,
        };
        let plan = &self.context.plan;
        let connecting = connectors.connect(plan, caller, options.connect_timeout);
        let (stream, _) = connecting.await?;
        let hello = Hello::forgetful(&self.context.plan, number);
        let mut greeting = Greeting::new(self, number, stream, &hello.connect());
        poll_fn(|cx| greeting.poll_connack(self, cx)).await?;
        poll_fn(|cx| greeting.poll_leave(cx)).await;
        Ok(())
    }
}
