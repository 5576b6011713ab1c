//! The embedded test broker: MQTT 3.1, 3.1.1 and 5.0 in the process that wants to talk to it.
//!
//! [`Broker::start`] runs one on a thread of its own, [`serve()`] runs one on the caller's runtime:
//!
//! ```
//! use mqtk::broker::{Broker, Config};
//!
//! let broker = Broker::start(Config::default())?;
//! println!("mqtk sub -L {}/sensors/#", broker.url());
//! broker.shutdown();
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # How it is built
//!
//! All that a Server decides is decided in `router`, which knows no socket and no clock: bytes and
//! the time go in, bytes and deadlines come out. It lives on one thread with all Sessions, without
//! locks. Around it stand:
//!
//! * **What drives it.** [`serve()`] starts everything and ends it. `accept` takes connections and
//!   has their handshakes done (`handshakes` is the thread of those with TLS). `connection` is the
//!   task of one Network Connection: it reads a batch of Frames, has it routed whole, and writes
//!   what there is for it once. The tasks share the `hub`: it wakes those for whom the router has
//!   something, and keeps the one timer.
//! * **Who may do what.** `access`: who may connect, and with which password; what takes a while to
//!   find out goes through `questions`. [`acl`] and `authorizer`: what a client may do once it is
//!   connected. [`abuse`]: who does too much of it. `control` and `gate` change all this while the
//!   broker runs.
//! * **What survives.** `persist`: the router records changes in a journal, a thread commits them in
//!   batches, and what promises something is sent after the commit.
//! * **What can be seen.** `event`, `counters`, `metrics` and `watch`.
//! * **What goes wrong on purpose.** `fault` stands between a connection and the router.
//! * **What they are made of.** `slab`: values by their numbers. `deadlines`: when something is due.
//!   `when_woken`: a part of a task that is polled alone. `quoted`: a stranger's text in the log.
//!
//! # Choices the specification leaves to a Server
//!
//! * Overlapping filters give one copy, at the highest QoS, with every Subscription Identifier.
//! * QoS 0 messages are not kept for clients that are away.
//! * A Shared Subscription's message goes to its members in turn; to one that is away only if
//!   all are. What waits for a member that unsubscribes, whose Session ends, or that disconnects
//!   while another is connected, goes to another member. What was sent to it stays its own while
//!   its Session lasts; when that ends, messages at QoS 1 that it has not acknowledged go to
//!   another member.
//! * Retained messages are sent in the order in which they were published.
//! * Nobody publishes under `$SYS/`: such a message is answered 0x87 in MQTT 5.0, acknowledged
//!   before, and goes nowhere.
//! * What an [`Authorizer`] forbids is answered likewise when it is published, and withheld without
//!   a word when it would be received. A Will Message is judged when it is published, and what
//!   waits for a client again when it connects.
//! * Sessions and retained messages live as long as the broker. When it shuts down, every Will
//!   Message still on deposit is published to those who are connected, also one that waits for
//!   its Will Delay Interval, because its Session ends with the broker; then everybody gets
//!   DISCONNECT with 0x8B (MQTT 5.0).
//! * With [`Config::persist`] they survive it, however it ends: what was acknowledged is there
//!   again. Then a Will Message with a delay waits on, unless its Session has no Session Expiry
//!   Interval; intervals count the time without broker too. Whoever was connected when the broker
//!   died is away since the next one began. If something cannot be made durable, it is never
//!   acknowledged, and the broker shuts down.
//! * What MQTT 5.0 has a Reason Code for and the older versions have not (a PUBLISH above the
//!   Maximum QoS, a Will Message that cannot be published) closes their connection; a subscription
//!   is answered 0x80.
//! * A connection that has reached [`Limits::max_connection_age`] is closed, in MQTT 5.0 after
//!   DISCONNECT with 0xA0. Its Will Message is published, as the client did not ask for the end
//!   (MQTT-3.1.2-8); with a Will Delay Interval, not if the client is back by then.
//! * Whoever behaves abnormally is slowed down and then blocked for a while; see [`AbuseLimits`].
//! * A client that publishes faster than [`Limits::message_rate`] is not read for a while, in every
//!   version: nothing is lost, and 0x96 is not needed.
//! * Clients connect without authentication only where no other machine can, unless
//!   [`Access::anonymous`] says otherwise. A wrong User Name or Password is answered 0x86 (return
//!   code 4), a missing one 0x87 (5), and 0x88 (3) if it cannot be found out in time. Clients who
//!   may not connect any more after [`Control::change`] are disconnected with 0x87.
//! * Enhanced authentication is SCRAM-SHA-256, for those whom a [`PasswordFile`] has keys of, and what
//!   [`Authenticator::begin`] adds. A client that authenticates again has to stay who it is; if it
//!   fails, it is disconnected with 0x87.
//! * Slow subscribers make their publishers wait; see [`Limits::output_high_water`],
//!   [`Limits::stall_grace`] and [`Limits::output_limit`].

pub mod abuse;
mod accept;
mod access;
pub mod acl;
mod authorizer;
mod capabilities;
mod config;
mod connection;
mod control;
mod counters;
mod deadlines;
mod embedded;
mod event;
mod fault;
mod gate;
mod handshakes;
mod hub;
mod limits;
mod metrics;
mod mistaken;
mod origin;
mod persist;
mod questions;
mod quoted;
mod router;
mod serve;
mod slab;
mod watch;
mod when_woken;

pub use abuse::{Abuse, AbuseLimits};
pub use access::{
    Access, Answer, Authenticator, BadCredential, Credential, Denial, Exchange, Grant, HashKind,
    Login, PasswordFile, PasswordFileError, Step, Turn, Turns, Verdict,
};
pub use acl::{Acl, AclError};
pub use authorizer::{Action, Authorizer, Identity, Permissions};
pub use capabilities::{Capabilities, Redirect};
pub use config::{Config, Log};
pub use control::{ChangeError, Changes, Control};
pub use embedded::Broker;
pub use event::{Cause, Event, Fact, Level, Report};
pub use fault::{Direction, FaultError, FaultRule, Faults};
pub use gate::Hold;
pub use limits::Limits;
pub use persist::{Store, StoreError, SyncMode};
pub use serve::serve;
pub use watch::{Watch, Watched};
