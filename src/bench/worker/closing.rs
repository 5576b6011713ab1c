//! The end of a connection: silence, failure or a goodbye.

use std::task::{Context as TaskContext, Poll, Waker, ready};
use std::time::Instant;

use super::connection::{Connection, Phase};
use super::context::Context;
use crate::bench::Scenario;
use crate::bench::progress::Progress;
use crate::client::Error;
use crate::codec::{Properties, ReasonCode};

impl Connection {
    /// The time to become ready, and Keep Alive.
    pub(super) fn handle_timeout(&mut self, context: &Context, now: Instant) {
        if let Some(late) = self.too_late(context, now) {
            self.failure = Some(late);
            return self.wake();
        }
        if self.session.poll_timeout().is_none_or(|due| due > now) {
            return;
        }
        let kept = self.session.handle_timeout(now, &mut self.link.output);
        if self.pinged.is_none() && context.plan.scenario == Scenario::Idle {
            Progress::add(&context.progress.asked, 1);
        }
        self.pinged.get_or_insert(now);
        self.failure = kept
            .err()
            .map(|timed_out| Error::Lost(timed_out.to_string()).into());
        self.wake();
    }

    /// It has ended before its time: nothing more goes in or out.
    pub(super) fn give_up(&mut self, context: &Context) {
        self.phase = Phase::Ended;
        if self.pinged.take().is_some() && context.plan.scenario == Scenario::Idle {
            // Nobody waits for its answer.
            Progress::add(&context.progress.acked, 1);
        }
        self.opening = None;
        self.session.connection_lost();
        // The broker is to know: it would go on sending to somebody who does not read.
        let mut cx = TaskContext::from_waker(Waker::noop());
        let _ended_already = self.link.poll_shutdown(&mut cx);
    }

    /// Says goodbye; the task then ends.
    pub(super) fn close(&mut self) {
        if self.phase == Phase::Ended {
            return;
        }
        self.phase = Phase::Closing;
        self.opening = None;
        self.session.disconnect(
            ReasonCode::NORMAL_DISCONNECTION,
            Properties::EMPTY,
            &mut self.link.output,
        );
        self.wake();
    }

    /// Sends the rest and ends the stream.
    pub(super) fn poll_close(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        if self.phase == Phase::Ended {
            return Poll::Ready(());
        }
        if ready!(self.link.poll_flush(cx)).is_ok() {
            let _closed_already = ready!(self.link.poll_shutdown(cx));
        }
        self.phase = Phase::Ended;
        Poll::Ready(())
    }
}
