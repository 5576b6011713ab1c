//! What the connections of a worker look at, and what they change.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use super::gathering::Gathering;
use super::post::Post;
use super::rest::Rest;
use crate::bench::clock::Clock;
use crate::bench::group::Notes;
use crate::bench::moderation::Moderation;
use crate::bench::payload::Writer;
use crate::bench::progress::Progress;
use crate::bench::stats::Stats;
use crate::bench::{Act, Load, Plan, Schedule, Series};
use crate::codec::QoS;

/// Bytes read at once.
const READ_SIZE: usize = 64 * 1024;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Subscriber,
    Publisher,
    /// It is there.
    Idler,
    /// A subscriber that comes back to the session that it left.
    Returner,
}

/// What the connections of a worker look at.
pub(super) struct Context {
    pub(super) plan: Arc<Plan>,
    pub(super) run: u32,
    pub(super) clock: Clock,
    pub(super) schedule: Option<Schedule>,
    pub(super) progress: Arc<Progress>,
    /// When the broker began to be filled, on the run's clock.
    pub(super) fill_start: Cell<Option<u64>>,
    /// When the turns began.
    pub(super) start: Cell<Option<u64>>,
    /// Messages with which each broker was filled.
    pub(super) filled: Cell<u64>,
    pub(super) stopped: Cell<bool>,
    pub(super) rest: Rest,
}

impl Context {
    pub(super) fn new(post: &Post) -> Context {
        Context {
            plan: Arc::clone(&post.plan),
            run: post.run,
            clock: post.clock,
            schedule: post.plan.schedule(),
            progress: Arc::clone(&post.progress),
            fill_start: Cell::new(None),
            start: Cell::new(None),
            filled: Cell::new(0),
            stopped: Cell::new(false),
            rest: Rest::default(),
        }
    }

    /// A moment on the run's clock, in nanoseconds.
    pub(super) fn nanos(&self, at: Instant) -> u64 {
        self.clock.nanos(at)
    }

    /// Whether the clients of this part fill the broker, and have no turns of the schedule.
    pub(super) fn is_filling(&self, part: Part) -> bool {
        part == Part::Publisher && self.plan.scenario.fills()
    }

    /// When the turns of this part begin.
    pub(super) fn begins(&self, part: Part) -> Option<u64> {
        match self.is_filling(part) {
            true => self.fill_start.get(),
            false => self.start.get(),
        }
    }

    /// The open loop's schedule of this part.
    pub(super) fn schedule_of(&self, part: Part) -> Option<&Schedule> {
        self.schedule.as_ref().filter(|_| !self.is_filling(part))
    }

    pub(super) fn measured_from(&self, part: Part) -> u64 {
        let start = self.begins(part).unwrap_or(u64::MAX);
        start.saturating_add(self.plan.warmup.as_nanos() as u64)
    }

    /// Whether it is warm-up `now`.
    pub(super) fn is_warming_up(&self, now: Instant) -> bool {
        let now = self.nanos(now);
        let start = self.start.get();
        start.is_some_and(|start| now >= start && now < self.measured_from(Part::Idler))
    }

    /// A client of this part, if it takes turns, has had the last of them.
    pub(super) fn retire(&self, part: Part, at: Instant) {
        match (self.plan.scenario.act(), part) {
            (Act::Publish, Part::Publisher) | (Act::Request | Act::Visit, Part::Idler) => {
                self.progress.retire(&self.plan, self.nanos(at));
            }
            _ if self.is_filling(part) => Progress::take(&self.progress.filling),
            _ => {}
        }
    }

    /// What may be unanswered at one connection.
    pub(super) fn window(&self) -> usize {
        match self.plan.load {
            Load::Closed { inflight } => usize::from(inflight),
            Load::Open { .. } if self.plan.scenario.fills() => {
                usize::from(self.plan.client.max_inflight)
            }
            Load::Open { .. } => usize::MAX,
        }
    }

    /// The QoS of a publisher's message.
    pub(super) fn qos_of(&self, publisher: u64, turn: u64) -> QoS {
        let plan = &self.plan;
        match plan.mix {
            None if plan.scenario.fills() => plan.qos.max(QoS::AtLeastOnce),
            None => plan.qos,
            Some(_) => plan.qos_of(turn.wrapping_mul(plan.publishers).wrapping_add(publisher)),
        }
    }

    /// Whether the closed loop has another turn for this client at `now`, after so many measured
    /// ones.
    pub(super) fn has_closed_turn(&self, part: Part, client: u64, measured: u64, now: u64) -> bool {
        let plan = &self.plan;
        let (clients, limit) = match self.is_filling(part) {
            true => (plan.publishers, None),
            false => (plan.actors(), plan.duration),
        };
        let in_time = limit.is_none_or(|duration| {
            now.saturating_sub(self.measured_from(part)) < duration.as_nanos() as u64
        });
        let is_left = plan.messages.is_none_or(|messages| {
            let share = messages / clients + u64::from(client < messages % clients);
            measured < share
        });
        in_time && is_left && !self.stopped.get()
    }
}

/// What the connections of a worker change.
pub(super) struct Shared {
    pub(super) stats: Stats,
    /// What is read.
    pub(super) scratch: Vec<u8>,
    /// What is written, lent to one connection after the other.
    pub(super) output: Vec<u8>,
    /// The Topic Name of a message.
    pub(super) topic: String,
    pub(super) payload: Writer,
    /// Clients with wills that were cut off.
    pub(super) dead: Vec<Series>,
    pub(super) moderation: Moderation,
    pub(super) gathering: Gathering,
    /// What members of a Shared Subscription got.
    pub(super) notes: Notes,
}

impl Shared {
    pub(super) fn new(post: &Post) -> Shared {
        let plan = &post.plan;
        Shared {
            stats: Stats::default(),
            scratch: Vec::with_capacity(READ_SIZE),
            output: Vec::new(),
            topic: String::new(),
            payload: Writer::new(&plan.payload, plan.is_measured_on_arrival()),
            dead: Vec::new(),
            moderation: Moderation::new(plan.schedule().is_some()),
            gathering: Gathering::default(),
            notes: Notes::new(Arc::clone(&post.group)),
        }
    }
}
