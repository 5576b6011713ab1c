//! The task of one Network Connection.

use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use super::Cause;
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
    /// The sending side is closed.
    shut: bool,
}

impl Connection {
    pub(super) fn new(hub: Rc<Hub>, key: ConnectionKey, link: Link<Stream>) -> Self {
        Self {
            hub,
            key,
            link,
            shut: false,
        }
    }

    /// Reads one batch and has it routed. Ready: there may be more.
    fn poll_read(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Self { hub, key, link, .. } = self;
        let key = *key;
        if !hub.router.borrow().wants_input(key) {
            return Poll::Pending;
        }
        let mut router = hub.router.borrow_mut();
        let mut arrived = None;
        let mut scratch = hub.scratch.borrow_mut();
        let read = ready!(link.poll_read_frames(cx, &mut scratch, |frame, _| {
            let now = *arrived.get_or_insert_with(Instant::now);
            router.receive(now, key, frame);
            Ok(())
        }));
        let now = arrived.unwrap_or_else(Instant::now);
        match read {
            Ok(_) => {}
            Err(End::Violation(violation)) => router.on_violation(now, key, &violation),
            Err(End::Closed) => router.end_connection(now, key, Cause::Closed),
            Err(End::Io(error)) => router.end_connection(now, key, Cause::Io(&error)),
        }
        drop((router, scratch));
        hub.wake(Some(key));
        Poll::Ready(())
    }

    /// Writes what there is. Ready: all of it is written.
    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { hub, key, link, .. } = self;
        let mut progress = false;
        let written = loop {
            hub.router.borrow_mut().take_output(*key, &mut link.output);
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
            let unsent = link.output.len();
            let now = Instant::now();
            // What was held back until the output has drained may follow: then this task is woken.
            hub.route(None, |router| router.sent(now, *key, unsent));
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

    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let key = self.key;
        let paused = !self.hub.router.borrow().wants_input(key);
        let may_have_more = self.poll_read(cx).is_ready();
        match self.poll_write(cx) {
            Poll::Ready(Err(error)) => {
                let now = Instant::now();
                let cause = Cause::Io(&error);
                self.hub
                    .route(None, |router| router.end_connection(now, key, cause));
                return Poll::Ready(());
            }
            Poll::Ready(Ok(())) if self.hub.router.borrow().is_closing(key) => {
                return self.poll_close(cx);
            }
            Poll::Ready(Ok(())) | Poll::Pending => {}
        }
        if may_have_more || paused && self.hub.router.borrow().wants_input(key) {
            // Others come first: whoever was sent something writes before the next batch.
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }
}

impl Future for Connection {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.hub.listen(self.key, cx.waker());
        if !self.hub.router.borrow().is_aborted(self.key) {
            ready!(self.poll_step(cx));
        }
        self.hub.remove(self.key);
        Poll::Ready(())
    }
}
