//! Opening the connections of a worker, and what becomes of each.

use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::spawn_local;

use super::Worker;
use super::connection::Connection;
use super::connectors::{Caller, Connectors};
use super::context::Part;
use super::opening::Opening;
use super::receiver::Receiver;
use crate::bench::fault::Fault;
use crate::bench::progress::Progress;
use crate::client::Error;
use crate::transport::{Begun, Stream};

/// Connections that are begun before what has come is read.
const AT_ONCE: usize = 32;

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
            let due = plan.connect_rate.map(|rate| {
                let turn = turn as u64 * self.workers + self.worker;
                began + Duration::from_secs_f64(turn as f64 / rate)
            });
            if let Some(due) = due {
                tokio::time::sleep_until(due.into()).await;
            }
            let Ok(permit) = Arc::clone(&self.permits).acquire_owned().await else {
                return;
            };
            // Without a rate it is due when there is room for it.
            let due = due.unwrap_or_else(Instant::now);
            let slot = {
                let mut connections = self.connections.borrow_mut();
                connections.push(None);
                connections.len() - 1
            };
            self.open(slot, (number, part, due), connectors, permit);
            if turn % AT_ONCE == AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Opens a connection. Where nothing needs to be waited for, its CONNECT is on its way when
    /// this returns.
    pub(super) fn open(
        self: &Rc<Self>,
        slot: usize,
        client: (u64, Part, Instant),
        connectors: &Rc<Connectors>,
        permit: OwnedSemaphorePermit,
    ) {
        let (number, part, due) = client;
        let plan = &self.context.plan;
        let caller = Caller {
            offset: match part {
                Part::Publisher => plan.subscribers,
                Part::Subscriber | Part::Returner | Part::Idler => 0,
            },
            number,
            turn: 1,
        };
        let began = Instant::now();
        match connectors.begin(plan, caller) {
            Some(Ok(Begun { stream, peer })) => {
                let opening = Opening::begun(due, began, peer, permit);
                self.put(slot, (number, part), stream, opening);
                match self.ask(slot) {
                    Poll::Ready(Err(fault)) => self.lost(slot, fault),
                    Poll::Ready(Ok(())) | Poll::Pending => {
                        spawn_local(Rc::clone(self).attend(slot, part));
                    }
                }
            }
            Some(Err(error)) => self.failed(Error::from(error), part),
            None => {
                let connecting = Rc::clone(self).connect(slot, client, caller, permit);
                spawn_local(connecting);
            }
        }
    }

    /// Opens a connection that there is much to wait for until it stands.
    async fn connect(
        self: Rc<Self>,
        slot: usize,
        (number, part, due): (u64, Part, Instant),
        caller: Caller,
        permit: OwnedSemaphorePermit,
    ) {
        let Some(connectors) = self.connectors.get() else {
            return;
        };
        let plan = &self.context.plan;
        // In a box of its own, which is gone once the connection stands.
        let opened = Box::pin(connectors.connect(plan, caller, plan.client.connect_timeout)).await;
        let (stream, timings) = match opened {
            Ok(opened) => opened,
            Err(error) => return self.failed(Error::from(error), part),
        };
        let opening = Opening::standing(due, timings, permit);
        self.put(slot, (number, part), stream, opening);
        self.attend(slot, part).await;
    }

    /// A connection until its end.
    async fn attend(self: Rc<Self>, slot: usize, part: Part) {
        let ended = poll_fn(|cx| self.poll_connection(slot, cx)).await;
        match ended {
            Err(error) => self.lost(slot, error),
            Ok(()) if part == Part::Subscriber => Progress::add(&self.context.progress.away, 1),
            Ok(()) => {}
        }
    }

    /// Puts a connection in its place, with what arrived at the one that it takes the place of.
    fn put(&self, slot: usize, client: (u64, Part), stream: Stream, opening: Opening) {
        let context = &self.context;
        let mut connections = self.connections.borrow_mut();
        let Some(place) = connections.get_mut(slot) else {
            return;
        };
        let receiver = match client {
            (number, Part::Subscriber) => Some(Receiver::new(context, number)),
            (_, Part::Returner) => place.as_mut().and_then(|before| before.receiver.take()),
            (_, Part::Publisher | Part::Idler) => None,
        };
        let connection = Connection::new(context, stream, opening, slot, client, receiver);
        *place = Some(Box::new(connection));
    }

    /// Sends the CONNECT, if that is possible at once.
    fn ask(&self, slot: usize) -> Poll<Result<(), Fault>> {
        let mut cx = TaskContext::from_waker(Waker::noop());
        match self.connections.borrow_mut().get_mut(slot) {
            Some(Some(connection)) => connection.poll_ask(&self.context, &mut cx),
            _ => Poll::Ready(Ok(())),
        }
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
            _ => progress.settle(self.context.nanos(Instant::now())),
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
            true => {
                Progress::take(&self.context.progress.alive);
                Progress::add(&self.context.progress.broken, 1);
            }
            false => {
                self.unready(connection.part);
                if connection.part == Part::Subscriber {
                    // It is not among those to whom messages should go.
                    connection.receiver = None;
                }
            }
        }
        connection.finish(&self.context);
        connection.give_up(&self.context);
    }
}
