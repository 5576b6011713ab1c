//! A connection that cannot be used yet: what is measured of it, and when it is given up.

use std::net::SocketAddr;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::{Duration, Instant};

use tokio::sync::OwnedSemaphorePermit;

use super::connection::{Connection, Phase};
use super::context::{Context, Part, Shared};
use crate::bench::Act;
use crate::bench::connecting::Connected;
use crate::bench::fault::Fault;
use crate::bench::progress::Progress;
use crate::client::Error;
use crate::transport::{self, ConnectError, Timings};

/// A connection attempt that goes on.
pub(super) struct Opening {
    /// When it was due.
    due: Instant,
    /// When it began.
    began: Instant,
    stage: Stage,
    /// Another may begin when this one is over.
    _permit: OwnedSemaphorePermit,
}

/// How far an attempt is.
#[derive(Clone, Copy)]
enum Stage {
    /// TCP's handshake with this peer goes on; it is over when the CONNECT can be written.
    Tcp(SocketAddr),
    /// CONNECT was sent then, and what came before it took so long.
    Asked(Instant, Timings),
}

impl Opening {
    /// That of a connection which has only begun.
    pub(super) fn begun(
        due: Instant,
        began: Instant,
        peer: SocketAddr,
        permit: OwnedSemaphorePermit,
    ) -> Opening {
        Opening {
            due,
            began,
            stage: Stage::Tcp(peer),
            _permit: permit,
        }
    }

    /// That of a connection which stands.
    pub(super) fn standing(
        due: Instant,
        timings: Timings,
        permit: OwnedSemaphorePermit,
    ) -> Opening {
        let began = Instant::now();
        Opening {
            due,
            began,
            stage: Stage::Asked(began, timings),
            _permit: permit,
        }
    }

    pub(super) fn due(&self) -> Instant {
        self.due
    }

    pub(super) fn began(&self) -> Instant {
        self.began
    }

    /// The time for the stage at which it is is over.
    fn is_late(&self, now: Instant, limit: Duration) -> bool {
        let since = match self.stage {
            Stage::Tcp(_) => self.began,
            Stage::Asked(asked, _) => asked,
        };
        now.saturating_duration_since(since) >= limit
    }
}

impl Connection {
    /// Waits for TCP's handshake, if it goes on, and sends the CONNECT behind it. Over loopback
    /// that stands already when the connection has begun.
    pub(super) fn poll_ask(
        &mut self,
        context: &Context,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<(), Fault>> {
        let stage = self.opening.as_ref().map(|opening| opening.stage);
        let Some(Stage::Tcp(_)) = stage else {
            return Poll::Ready(Ok(()));
        };
        let now = Instant::now();
        if let Err(error) = ready!(self.link.poll_flush(cx)) {
            return Poll::Ready(Err(self.not_connected(context, error)));
        }
        if let Some(opening) = &mut self.opening {
            let timings = Timings {
                connect: now.saturating_duration_since(opening.began),
                ..Timings::default()
            };
            opening.stage = Stage::Asked(now, timings);
        }
        Poll::Ready(Ok(()))
    }

    /// TCP's handshake failed.
    fn not_connected(&self, context: &Context, error: std::io::Error) -> Fault {
        let target = context.plan.target(self.broker);
        let stage = self.opening.as_ref().map(|opening| opening.stage);
        let error = match stage {
            Some(Stage::Tcp(peer)) => ConnectError::tcp(&target.address, peer, error),
            _ => return Error::Lost(error.to_string()).into(),
        };
        Error::from(error).into()
    }

    /// CONNACK has come.
    pub(super) fn connected(&mut self, context: &Context, now: Instant, shared: &mut Shared) {
        let stage = self
            .opening
            .as_ref()
            .map(|opening| (opening.due, opening.stage));
        let Some((due, Stage::Asked(asked, timings))) = stage else {
            return;
        };
        shared.stats.accepted(self.broker, 1);
        shared.stats.connecting.record(&Connected {
            timings,
            is_resumed: self.link.stream().tls().is_some_and(|tls| tls.resumed),
            connack: now.saturating_duration_since(asked),
            whole: now.saturating_duration_since(due),
        });
        match self.filter.is_some() && context.plan.scenario.act() != Act::Subscribe {
            true => {
                self.phase = Phase::Subscribing;
                self.request(context, now);
            }
            false => self.ready(context, now),
        }
    }

    /// It can be used.
    pub(super) fn ready(&mut self, context: &Context, now: Instant) {
        let progress = &context.progress;
        self.phase = Phase::Ready;
        self.opening = None;
        if self.part == Part::Returner {
            // It was there before.
            return Progress::add(&progress.acked, 1);
        }
        Progress::add(&progress.alive, 1);
        progress.settle(context.nanos(now));
        if self.part == Part::Subscriber {
            Progress::add(&progress.made, 1);
        }
    }

    /// Why it is given up, if its time to become ready is over.
    pub(super) fn too_late(&self, context: &Context, now: Instant) -> Option<Fault> {
        let opening = self.opening.as_ref()?;
        let limit = context.plan.client.connect_timeout;
        if !opening.is_late(now, limit) {
            return None;
        }
        let target = context.plan.target(self.broker).address.to_string();
        let error = match opening.stage {
            Stage::Tcp(_) => Error::from(ConnectError::Timeout {
                address: target,
                phase: transport::Phase::Connect,
                limit,
            }),
            Stage::Asked(..) if self.phase == Phase::Subscribing => {
                let seconds = limit.as_secs_f64();
                let text = format!("no SUBACK from {target} within {seconds} s");
                return Some(Fault::new("suback_timeout", text));
            }
            Stage::Asked(..) => Error::ConnackTimeout {
                target,
                after: limit,
            },
        };
        Some(error.into())
    }
}
