//! What all connections of a broker share, on its one thread.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::task::Waker;
use std::time::Instant;

use tokio::sync::Notify;
use tokio::task::AbortHandle;

use super::Event;
use super::fault::Plan;
use super::persist::{Clock, Commits, Disk, Done, StoreError};
use super::router::{ConnectionKey, Router};
use super::slab::Key;

/// Connections whose places are given back when all of them have gone.
const CROWD: usize = 1000;

/// What all connections share.
pub(super) struct Hub {
    pub(super) router: RefCell<Router>,
    /// The faults to make, if there are any.
    pub(super) plan: Option<Rc<Plan>>,
    /// All connections read into the same memory.
    pub(super) scratch: RefCell<Vec<u8>>,
    /// The tasks of the connections, by the connection's number.
    wakers: RefCell<Vec<Option<Waker>>>,
    dirty: RefCell<Vec<ConnectionKey>>,
    /// When the timer is set to fire.
    timer: Cell<Option<Instant>>,
    /// The timer has to fire earlier.
    earlier: Notify,
    /// A connection is gone.
    gone: Notify,
    /// The router has questions.
    asked: Notify,
    /// The tasks that find out who clients are, by the connections of these.
    answering: RefCell<BTreeMap<ConnectionKey, AbortHandle>>,
    /// Who commits what has to survive the process.
    disk: Option<Disk>,
    /// A batch has been committed.
    durable: Notify,
}

impl Hub {
    pub(super) fn new(router: Router, plan: Option<Rc<Plan>>, disk: Option<Disk>) -> Self {
        Self {
            plan,
            scratch: RefCell::new(Vec::with_capacity(router.read_size())),
            router: RefCell::new(router),
            wakers: RefCell::default(),
            dirty: RefCell::default(),
            timer: Cell::new(None),
            earlier: Notify::new(),
            gone: Notify::new(),
            asked: Notify::new(),
            answering: RefCell::default(),
            disk,
            durable: Notify::new(),
        }
    }

    /// Remembers who is to be woken for the connection.
    pub(super) fn listen(&self, key: ConnectionKey, waker: &Waker) {
        let mut wakers = self.wakers.borrow_mut();
        if wakers.len() <= key.index() {
            wakers.resize(key.index() + 1, None);
        }
        match &mut wakers[key.index()] {
            Some(known) if known.will_wake(waker) => {}
            other => *other = Some(waker.clone()),
        }
    }

    /// Calls the router, then wakes every connection that has something to do because of it, but
    /// for `caller`, which looks by itself.
    pub(super) fn route(&self, caller: Option<ConnectionKey>, act: impl FnOnce(&mut Router)) {
        act(&mut self.router.borrow_mut());
        self.wake(caller);
    }

    /// Wakes every connection that has something to do.
    pub(super) fn wake(&self, caller: Option<ConnectionKey>) {
        let mut dirty = self.dirty.borrow_mut();
        let due = {
            let mut router = self.router.borrow_mut();
            router.take_dirty(&mut dirty);
            if router.has_questions() {
                self.asked.notify_one();
            }
            self.commit(&mut router, &mut dirty);
            router.poll_timeout()
        };
        let wakers = self.wakers.borrow();
        for key in dirty.drain(..).filter(|&key| caller != Some(key)) {
            if let Some(Some(waker)) = wakers.get(key.index()) {
                waker.wake_by_ref();
            }
        }
        if let Some(due) = due
            && self.timer.get().is_none_or(|at| due < at)
        {
            self.earlier.notify_one();
        }
    }

    /// Sees to it that the deadline of the connection is not missed.
    pub(super) fn watch_clock(&self, key: ConnectionKey) {
        self.router.borrow_mut().arm_connection(key);
        self.wake(Some(key));
    }

    /// Sends what has to be durable to the disk, unless that is busy.
    fn commit(&self, router: &mut Router, dirty: &mut Vec<ConnectionKey>) {
        if let Some(disk) = &self.disk
            && router.has_batch()
        {
            match router.take_batch(Clock::tell()) {
                Some(batch) => disk.commit(batch),
                None => router.take_dirty(dirty),
            }
        }
    }

    /// Lets the router know of commits, until one fails.
    pub(super) async fn keep_committing(&self, commits: &mut Commits) -> StoreError {
        loop {
            match commits.recv().await {
                Some(Ok(Done::Compacted(compaction))) => {
                    self.router.borrow().log(&Event::from(compaction));
                }
                Some(Ok(Done::Committed)) => {
                    self.route(None, Router::committed);
                    self.durable.notify_one();
                }
                Some(Err(error)) => return error,
                None => return StoreError::Gone,
            }
        }
    }

    /// The connection is gone.
    pub(super) fn remove(&self, key: ConnectionKey) {
        self.router.borrow_mut().remove(key);
        let mut wakers = self.wakers.borrow_mut();
        if let Some(waker) = wakers.get_mut(key.index()) {
            *waker = None;
        }
        if wakers.len() > CROWD && self.router.borrow().connection_count() == 0 {
            *wakers = Vec::new();
        }
        self.answered(key).inspect(AbortHandle::abort);
        self.gone.notify_one();
    }

    /// Waits until the router has questions.
    pub(super) async fn asked(&self) {
        self.asked.notified().await;
    }

    /// This task finds out who the connection's client is, for as long as the connection lasts.
    pub(super) fn answers_for(&self, key: ConnectionKey, task: AbortHandle) {
        self.answering.borrow_mut().insert(key, task);
    }

    /// No task answers for the connection any more.
    pub(super) fn answered(&self, key: ConnectionKey) -> Option<AbortHandle> {
        self.answering.borrow_mut().remove(&key)
    }

    /// Waits until there is no connection.
    pub(super) async fn all_gone(&self) {
        while self.router.borrow().connection_count() > 0 {
            self.gone.notified().await;
        }
    }

    /// Waits until there is no connection, and everything that was recorded is durable.
    pub(super) async fn all_durable(&self) {
        self.all_gone().await;
        while !self.router.borrow().is_durable() {
            self.durable.notified().await;
        }
    }

    /// Calls the router when its time has come, for ever. There is one timer for all deadlines,
    /// and it is set again only when it has fired or must fire earlier.
    pub(super) async fn keep_time(&self) {
        loop {
            let due = self.router.borrow().poll_timeout();
            self.timer.set(due);
            let Some(due) = due else {
                self.earlier.notified().await;
                continue;
            };
            tokio::select! {
                () = tokio::time::sleep_until(due.into()) => {
                    self.route(None, |router| router.handle_timeout(Instant::now()));
                    // There may be more to do: others come first.
                    tokio::task::yield_now().await;
                }
                () = self.earlier.notified() => {}
            }
        }
    }
}
