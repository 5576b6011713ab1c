//! Opening the connections of a worker, and what becomes of each.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_local;

use super::Worker;
use super::connection::{Connection, Opening};
use super::connectors::{Caller, Connectors};
use super::context::Part;
use super::receiver::Receiver;
use crate::bench::fault::Fault;
use crate::bench::stats::Progress;
use crate::client::Error;

impl Worker {
    /// Opens all connections, subscribers first.
    pub(super) async fn connect_all(self: Rc<Self>) {
        let plan = Arc::clone(&self.context.plan);
        if plan.scenario.churns() {
            // Their turns have not come.
            return;
        }
        let connectors = match Connectors::new(&plan) {
            Ok(connectors) => self.connectors.get_or_init(|| Rc::new(connectors)),
            Err(error) => return self.nobody_connects(&error.into()),
        };
        let subscribers = self
            .own(plan.subscribers)
            .map(|number| (number, Part::Subscriber));
        let publishers = self
            .own(plan.publishers)
            .map(|number| (number, Part::Publisher));
        let idlers = self.own(plan.idlers).map(|number| (number, Part::Idler));
        let began = Instant::now();
        for (turn, (number, part)) in subscribers.chain(publishers).chain(idlers).enumerate() {
            let mut due = Instant::now();
            if let Some(rate) = plan.connect_rate {
                let turn = turn as u64 * self.workers + self.worker;
                due = began + Duration::from_secs_f64(turn as f64 / rate);
                tokio::time::sleep_until(due.into()).await;
            }
            let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
                return;
            };
            let worker = Rc::clone(&self);
            let connectors = Rc::clone(connectors);
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
    pub(super) async fn serve(
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
                Part::Subscriber | Part::Returner | Part::Idler => 0,
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
        let receiver = match part {
            Part::Subscriber => Some(Receiver::new(context, number)),
            Part::Returner => self.take_receiver(slot),
            Part::Publisher | Part::Idler => None,
        };
        let connection = Connection::new(context, stream, opening, slot, (number, part), receiver);
        self.put(slot, connection);
        let broker = context.plan.broker(number);
        let due = Instant::now() + timeout;
        let settled = self.until_settled(slot, broker, due).await;
        drop(permit);
        let ended = match settled {
            Ok(true) => poll_fn(|cx| self.poll_connection(slot, cx)).await,
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        };
        match ended {
            Err(error) => self.lost(slot, error),
            Ok(()) if part == Part::Subscriber => Progress::add(&context.progress.away, 1),
            Ok(()) => {}
        }
    }

    /// What arrived at the connection that another takes the place of.
    fn take_receiver(&self, slot: usize) -> Option<Receiver> {
        let mut connections = self.connections.borrow_mut();
        connections.get_mut(slot)?.as_mut()?.receiver.take()
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
        self.count_error(error);
        self.unready(part);
        self.context.retire(part, Instant::now());
    }

    /// A client will not become ready.
    fn unready(&self, part: Part) {
        let progress = &self.context.progress;
        match part {
            // It was there before.
            Part::Returner => {
                Progress::take(&progress.alive);
                Progress::add(&progress.acked, 1);
            }
            _ => Progress::add(&progress.settled, 1),
        }
    }

    /// Counts what went wrong just now.
    fn count_error(&self, error: impl Into<Fault>) {
        let is_measured = !self.context.is_warming_up(Instant::now());
        (self.shared.borrow_mut().stats).error_if(is_measured, error);
    }

    /// A connection ended before its time.
    fn lost(&self, slot: usize, error: Fault) {
        self.count_error(error);
        let mut connections = self.connections.borrow_mut();
        let Some(Some(connection)) = connections.get_mut(slot) else {
            return;
        };
        match connection.is_ready() {
            true => Progress::take(&self.context.progress.alive),
            false => self.unready(connection.part),
        }
        connection.finish(&self.context);
        connection.give_up(&self.context);
    }
}
