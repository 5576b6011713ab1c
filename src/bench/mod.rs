//! Load generation: what can a broker hold, and at what latency?
//!
//! [`run`] does what a [`Plan`] says and gives a [`Report`]. It owns its connections directly: one
//! thread per core, each with many connections over the shared [`driver`](crate::driver), no lock
//! or channel per message.
//!
//! # What the numbers mean
//!
//! * With a rate, the loop is *open*: every message has a time at which it is due, whatever the
//!   broker does, and its latency counts from then. A broker that stops for two seconds delays all
//!   messages of these two seconds, and the report says so. The *uncorrected* latency, from when
//!   the message was handed to the socket, stands beside it.
//! * Without a rate, the loop is *closed*: as fast as the broker takes it.
//! * Messages carry a [`Stamp`]. Lost, duplicated and reordered ones are counted by the sequence
//!   numbers of each publisher.
//! * A run in which the generator itself could not keep its times is marked invalid.
//!
//! # Where things are
//!
//! * What is to be done: `plan`, with `scenario` (who does what), `schedule` (when), `placement` and
//!   `shard` (where), `credentials`, `template`, `payload`, `sizes` and `mix`.
//! * Doing it: `coordinator` leads a run through its stages, which its head tells; `worker` has the
//!   connections. All threads see `progress`, `clock` and `group`.
//! * What is measured: `stats`, with `latency`, `steps`, `connecting` and `fault`; by what a message
//!   says about itself (`stamp`), `arrivals`.
//! * What is made of it: `report`, with `loss`, `balance`, `stall`, `health` and `verdict`; `merge`
//!   makes one of those of all shards. `metrics` shows it while it goes.
//! * Judging it: `figures` and `measure` find what has a name, `limit` reads the rest of a
//!   `threshold`; `compare` does so with two runs, and `search` with one after the other.

mod arrivals;
mod balance;
mod clock;
mod compare;
mod connecting;
mod coordinator;
mod counts;
mod credentials;
mod fault;
mod figures;
mod group;
mod health;
mod latency;
mod limit;
mod loss;
mod measure;
mod merge;
mod metrics;
mod mix;
mod moderation;
mod payload;
mod placement;
mod plan;
mod progress;
mod report;
mod resources;
mod scenario;
mod schedule;
mod search;
mod shard;
mod sizes;
mod stall;
mod stamp;
mod stats;
mod steps;
mod template;
mod threshold;
mod verdict;
mod waiting;
mod worker;

pub use arrivals::Arrivals;
pub use balance::Balance;
pub use compare::{Change, ChangeLimit, ChangeThreshold, CheckedChange, changes};
pub use connecting::Connecting;
pub use coordinator::{Observer, run};
pub use counts::Counts;
pub use credentials::{Credential, Credentials};
pub use fault::{Faults, Tally};
pub use health::Health;
pub use latency::{Latency, percentile};
pub use loss::Deliveries;
pub use merge::merge;
pub use metrics::LiveMetrics;
pub use mix::Mix;
pub use payload::Payload;
pub use placement::Placement;
pub use plan::{Load, Plan};
pub use report::{Connections, Interval, OfQos, RATE_KEPT, Report};
pub use resources::cpu_time;
use scenario::Audience;
pub use scenario::{Act, Scenario};
use schedule::Schedule;
pub use search::{Judged, Limit, Search, Step};
pub use shard::Shard;
pub use sizes::Sizes;
pub use stall::Stall;
pub use stamp::{Series, Stamp};
pub use stats::Stats;
pub use steps::Steps;
pub use template::Template;
pub use threshold::{Checked, Threshold};
pub use verdict::{Breakdown, Verdict};
