//! Opening the connections of a worker, and what becomes of each.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_local;

use super::connection::{Connection, Opening};
use super::connectors::{Caller, Connectors};
use super::{Part, Worker};
use crate::bench::fault::Fault;
use crate::bench::stats::Progress;
use crate::client::Error;

impl Worker {
    /// Opens all connections, subscribers first.
    pub(super) async fn connect_all(self: Rc<Self>) {
        let plan = Arc::clone(&self.context.plan);
        let connectors = match Connectors::new(&plan) {
            Ok(connectors) => Rc::new(connectors),
            Err(error) => return self.nobody_connects(&error.into()),
        };
        let at_once = plan.connecting.div_ceil(plan.workers).max(1);
        let permits = Arc::new(Semaphore::new(at_once));
        let subscribers = self
            .own(plan.subscribers)
            .map(|number| (number, Part::Subscriber));
        let publishers = self
            .own(plan.publishers)
            .map(|number| (number, Part::Publisher));
        let idlers = match plan.scenario.churns() {
            true => self.own(0),
            false => self.own(plan.idlers),
        };
        let idlers = idlers.map(|number| (number, Part::Idler));
        let began = Instant::now();
        for (turn, (number, part)) in subscribers.chain(publishers).chain(idlers).enumerate() {
            let mut due = Instant::now();
            if let Some(rate) = plan.connect_rate {
                let turn = turn as u64 * self.workers + self.worker;
                due = began + Duration::from_secs_f64(turn as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
            }
            let Ok(permit) = Arc::clone(&permits).acquire_owned().await else {
                return;
            };
            let worker = Rc::clone(&self);
            let connectors = Rc::clone(&connectors);
            let slot = {
                let mut connections = self.connections.borrow_mut();
                connections.push(None);
                connections.len() - 1
            };
            spawn_local(async move {
                worker
                    .serve(slot, (number, part, due), connectors, permit)
                    .await;
            });
        }
    }

    /// One connection from its beginning to its end.
    async fn serve(
        self: Rc<Self>,
        slot: usize,
        (number, part, began): (u64, Part, Instant),
        connectors: Rc<Connectors>,
        permit: OwnedSemaphorePermit,
    ) {
        let context = &self.context;
        let timeout = context.plan.client.connect_timeout;
        // In a box of its own, which is gone once the connection stands.
        let caller = Caller {
            offset: match part {
                Part::Publisher => context.plan.subscribers,
                Part::Subscriber | Part::Idler => 0,
            },
            number,
            turn: 1,
        };
        let opened = Box::pin(connectors.connect(&context.plan, caller, timeout)).await;
        let (stream, timings) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.failed(Error::from(error), part),
        };
        let opening = Opening {
            began,
            asked: Instant::now(),
            timings,
        };
        let connection = Connection::new(context, stream, opening, number, part);
        self.put(slot, connection);
        let broker = context.plan.placement.broker(number);
        let due = Instant::now() + timeout;
        let settled = self.until_settled(slot, broker, due).await;
        drop(permit);
        let ended = match settled {
            Ok(true) => poll_fn(|cx| self.poll_connection(slot, cx)).await,
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            self.lost(slot, error);
        }
    }

    fn put(&self, slot: usize, connection: Connection) {
        if let Some(place) = self.connections.borrow_mut().get_mut(slot) {
            *place = Some(Box::new(connection));
        }
    }

    /// Waits until the connection can be used. `false`: it was closed before.
    async fn until_settled(&self, slot: usize, broker: usize, due: Instant) -> Result<bool, Fault> {
        let settling = poll_fn(|cx| {
            let ended = self.poll_connection(slot, cx);
            match ended {
                Poll::Ready(ended) => Poll::Ready(ended.map(|()| false)),
                Poll::Pending if self.is_ready(slot) => Poll::Ready(Ok(true)),
                Poll::Pending => Poll::Pending,
            }
        });
        let plan = &self.context.plan;
        match tokio::time::timeout_at(due.into(), settling).await {
            Ok(settled) => settled,
            Err(_) => Err(Fault::from(Error::ConnackTimeout {
                target: plan.target(broker).address.to_string(),
                after: plan.client.connect_timeout,
            })),
        }
    }

    fn is_ready(&self, slot: usize) -> bool {
        let connections = self.connections.borrow();
        let connection = connections.get(slot).and_then(Option::as_ref);
        connection.is_some_and(|connection| connection.is_ready())
    }

    fn poll_connection(&self, slot: usize, cx: &mut TaskContext<'_>) -> Poll<Result<(), Fault>> {
        let mut connections = self.connections.borrow_mut();
        match connections.get_mut(slot) {
            Some(Some(connection)) => {
                let mut shared = self.shared.borrow_mut();
                connection.poll(&self.context, &mut shared, cx)
            }
            _ => Poll::Ready(Ok(())),
        }
    }

    /// No connection came about, for a reason that all share.
    fn nobody_connects(&self, error: &Error) {
        let plan = &self.context.plan;
        for (all, part) in [
            (plan.subscribers, Part::Subscriber),
            (plan.publishers, Part::Publisher),
            (plan.idlers, Part::Idler),
        ] {
            for _ in self.own(all) {
                self.failed(error, part);
            }
        }
    }

    /// A connection attempt failed.
    fn failed(&self, error: impl Into<Fault>, part: Part) {
        let progress = &self.context.progress;
        self.shared.borrow_mut().stats.error(error);
        Progress::add(&progress.settled, 1);
        if part == Part::Publisher {
            Progress::take(&progress.publishing);
        }
    }

    /// A connection ended before its time.
    fn lost(&self, slot: usize, error: Fault) {
        let progress = &self.context.progress;
        self.shared.borrow_mut().stats.error(error);
        let mut connections = self.connections.borrow_mut();
        let Some(Some(connection)) = connections.get_mut(slot) else {
            return;
        };
        match connection.is_ready() {
            true => Progress::take(&progress.alive),
            false => Progress::add(&progress.settled, 1),
        }
        if let Some(publisher) = &mut connection.publisher
            && publisher.finish()
        {
            Progress::take(&progress.publishing);
        }
        connection.give_up();
    }
}
