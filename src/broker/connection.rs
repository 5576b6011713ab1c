//! The task of one Network Connection.

use std::io;
use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Instant;

use tokio::task::{spawn_local, yield_now};

use super::Cause;
use super::fault::FaultyLink;
use super::hub::Hub;
use super::router::ConnectionKey;
use crate::driver::{End, Link};
use crate::transport::Stream;

/// The task of one Network Connection: reads batches of Frames into the router, and writes what
/// the router has for it. It ends with the connection.
pub(super) struct Connection {
    hub: Rc<Hub>,
    key: ConnectionKey,
    link: Link<Stream>,
    /// What happens to the packets on their way, where faults are asked for.
    faulty: Option<Box<FaultyLink>>,
    /// The sending side is closed.
    shut: bool,
}

impl Connection {
    pub(super) fn new(hub: Rc<Hub>, key: ConnectionKey, link: Link<Stream>) -> Self {
        let faulty = hub.plan.as_ref().map(FaultyLink::new);
        Self {
            faulty: faulty.map(Box::new),
            hub,
            key,
            link,
            shut: false,
        }
    }

    /// Serves what the client has sent until now. What comes later is served by a task.
    pub(super) fn start(mut self) {
        let mut nobody = Context::from_waker(Waker::noop());
        match self.poll_turn(&mut nobody) {
            ControlFlow::Break(Poll::Ready(())) => self.hub.remove(self.key),
            ControlFlow::Break(Poll::Pending) | ControlFlow::Continue(_) => {
                self.hub.watch_clock(self.key);
                spawn_local(self);
            }
        }
    }

    /// Reads one batch and has it routed; says whether there is certainly more.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        let Self {
            hub,
            key,
            link,
            faulty,
            ..
        } = self;
        let key = *key;
        let may_read = |faulty: &mut Box<FaultyLink>| faulty.wants_input(Instant::now());
        if !hub.router.borrow().wants_input(key) || !faulty.as_mut().is_none_or(may_read) {
            return Poll::Pending;
        }
        let mut router = hub.router.borrow_mut();
        let mut arrived = None;
        let mut scratch = hub.scratch.borrow_mut();
        let read = ready!(link.poll_read_frames(cx, &mut scratch, |frame, _| {
            let now = *arrived.get_or_insert_with(Instant::now);
            match faulty {
                None => router.receive(now, key, frame),
                Some(faulty) => faulty.receive(now, &mut router, key, frame),
            }
            Ok(())
        }));
        let now = arrived.unwrap_or_else(Instant::now);
        faulty.take_if(|faulty| faulty.is_sound());
        if let Some(faulty) = faulty {
            faulty.deliver(now, &mut router, key);
        }
        let is_full = matches!(read, Ok(count) if count >= scratch.capacity() / 2);
        match read {
            Ok(_) if link.partial().is_empty() => {}
            // What came before it is still on its way.
            Ok(_) if faulty.as_deref().is_some_and(FaultyLink::is_delivering) => {}
            Ok(_) => router.on_beginning(now, key, link.partial()),
            Err(End::Closed) if faulty.as_mut().is_some_and(|faulty| faulty.close()) => {}
            Err(End::Violation(violation)) => {
                router.on_unreadable(now, key, &violation, link.partial());
            }
            Err(End::Closed) => router.end_connection(now, key, Cause::Closed),
            Err(End::Io(error)) => router.end_connection(now, key, Cause::Io(&error)),
        }
        drop((router, scratch));
        hub.wake(Some(key));
        Poll::Ready(is_full)
    }

    /// Writes what there is. Ready: all of it is written.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self {
            hub,
            key,
            link,
            faulty,
            ..
        } = self;
        let mut progress = false;
        let written = loop {
            match faulty {
                None => hub.router.borrow_mut().take_output(*key, &mut link.output),
                Some(faulty) => {
                    let mut router = hub.router.borrow_mut();
                    let (now, under_way) = (Instant::now(), faulty.under_way());
                    progress |= faulty.take_output(now, &mut router, *key, &mut link.output);
                    progress |= faulty.under_way() != under_way;
                }
            }
            if !link.wants_flush() {
                // Twenty thousand idle connections should own no buffers.
                link.output.release();
                break Poll::Ready(Ok(()));
            }
            let before = link.output.len();
            let flushed = link.poll_flush(cx);
            progress |= link.output.len() < before;
            if !matches!(flushed, Poll::Ready(Ok(()))) {
                break flushed;
            }
        };
        if progress {
            let under_way = faulty.as_ref().map_or(0, |faulty| faulty.under_way());
            let unsent = link.output.len() + under_way;
            let now = Instant::now();
            // What was held back until the output has drained may follow.
            let caller = faulty.is_none().then_some(*key);
            hub.route(caller, |router| router.sent(now, *key, unsent));
            if caller.is_some() && written.is_ready() && hub.router.borrow().has_output(*key) {
                come_back(cx);
            }
        }
        written
    }

    /// Closes the sending side, and waits for the peer to close its own. A socket whose peer has
    /// left needs neither.
    fn poll_close(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let has_left = self.hub.router.borrow().has_peer_left(self.key);
        if has_left && !self.link.stream().has_layers() {
            return Poll::Ready(());
        }
        if !self.shut {
            let _closed_already = ready!(self.link.poll_shutdown(cx));
            self.shut = true;
            let now = Instant::now();
            self.hub
                .route(Some(self.key), |router| router.linger(now, self.key));
        }
        let mut scratch = self.hub.scratch.borrow_mut();
        while let Ok(1..) = ready!(self.link.poll_discard(cx, &mut scratch)) {}
        Poll::Ready(())
    }

    /// Gives the router the packets whose delay is over. They are written with the rest.
    fn deliver_delayed(&mut self) {
        if let Some(faulty) = &mut self.faulty {
            faulty.deliver(Instant::now(), &mut self.hub.router.borrow_mut(), self.key);
            self.hub.wake(Some(self.key));
        }
    }

    /// Reads one batch and writes what there is. Gives what [`Connection::poll_read`] did, or, when
    /// the connection is over, whether it is closed.
    fn poll_turn(&mut self, cx: &mut Context<'_>) -> ControlFlow<Poll<()>, Poll<bool>> {
        let key = self.key;
        let read = self.poll_read(cx);
        match self.poll_write(cx) {
            Poll::Ready(Err(error)) => {
                let now = Instant::now();
                let cause = Cause::Io(&error);
                self.hub
                    .route(None, |router| router.end_connection(now, key, cause));
                return ControlFlow::Break(Poll::Ready(()));
            }
            Poll::Ready(Ok(())) if self.hub.router.borrow().is_over(key) => {
                let is_drained = |faulty: &FaultyLink| faulty.under_way() == 0;
                if self.faulty.as_deref().is_none_or(is_drained) {
                    return ControlFlow::Break(self.poll_close(cx));
                }
            }
            Poll::Ready(Ok(())) | Poll::Pending => {}
        }
        ControlFlow::Continue(read)
    }

    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let key = self.key;
        self.deliver_delayed();
        let paused = !self.hub.router.borrow().wants_input(key);
        let read = match self.poll_turn(cx) {
            ControlFlow::Continue(read) => read,
            ControlFlow::Break(closed) => return closed,
        };
        let has_more = match read {
            Poll::Ready(is_full) => is_full || self.poll_read(cx).is_ready(),
            Poll::Pending => paused && self.hub.router.borrow().wants_input(key),
        };
        if has_more {
            // Others come first: whoever was sent something writes before the next batch.
            come_back(cx);
        }
        if let Some(faulty) = &mut self.faulty
            && faulty.poll_due(cx)
        {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.hub.listen(self.key, cx.waker());
        if !self.hub.router.borrow().is_aborted(self.key) && self.poll_step(cx).is_pending() {
            if self.hub.router.borrow().is_closing(self.key) {
                self.hub.watch_clock(self.key);
            }
            return Poll::Pending;
        }
        self.hub.remove(self.key);
        Poll::Ready(())
    }
}

/// Waits until every connection has read what had arrived before, as much as it reads at a time.
pub(super) async fn all_read() {
    // Its turn comes after those of the tasks whose sockets are ready.
    let _joined = spawn_local(yield_now()).await;
}

/// Has the task polled again when the sockets of all others have been looked at: one that merely
/// wakes itself is polled dozens of times before.
fn come_back(cx: &mut Context<'_>) {
    let _is_pending = pin!(yield_now()).poll(cx).is_pending();
}
