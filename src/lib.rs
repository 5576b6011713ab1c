//! mqtk: an MQTT toolkit.
//!
//! One binary with `pub`, `sub`, `broker`, `inspect` and `bench`, on one codec and one minimal client
//! core, for MQTT 3.1, 3.1.1 and 5.0.
//!
//! # The rooms
//!
//! Each module below is a room with a subject of its own, and the head of its `mod.rs` says how to read
//! it. Arrows point down only: a room knows those below it, never one above.
//!
//! ```text
//! main ─ command ─┬─ cli      (flags → plain options)
//!                 ├─ render   (plain data → terminal: the only room that prints)
//!                 ▼
//!   bench   inspect   broker   client   (return plain data; know no terminal; bench knows client)
//!     ╰────────┴───┬─────┴────────╯
//!                   ▼
//!                driver                (transport + session + buffers: the one connection loop)
//!              ▼        ▼
//!        transport    session          (bytes, no MQTT)   (MQTT, no socket, no clock)
//!                        ▼
//!                      topic
//!                        ▼
//!                      codec           (pure: bytes ⇄ Control Packets)
//! ```
//!
//! `client` and `broker` also use `scram`, which is pure: proving knowledge of a password. `bench` and
//! `broker` use `metrics`, which serves their counters to Prometheus. `exit` has the exit statuses.
//!
//! `codec`, `topic` and `session`, and `inspect` except for its proxy, never see tokio, a clock or a
//! socket: time is an argument, and bytes go in and out as buffers. Cargo features keep the rooms apart:
//! `cargo check --lib --no-default-features` builds `codec`, `topic` and `session` alone; `net` adds the
//! sockets, and `cli` the command line.

#![forbid(unsafe_code)]

pub mod codec;
pub mod session;
pub mod topic;

#[cfg(feature = "net")]
pub mod bench;
#[cfg(feature = "net")]
pub mod broker;
#[cfg(feature = "net")]
pub mod client;
#[cfg(feature = "net")]
pub mod driver;
#[cfg(feature = "net")]
pub mod inspect;
#[cfg(feature = "net")]
pub mod metrics;
#[cfg(feature = "net")]
pub mod scram;
#[cfg(feature = "net")]
pub mod transport;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod command;
#[cfg(feature = "cli")]
pub mod exit;
#[cfg(feature = "cli")]
pub mod render;

/// The example in the README.
#[cfg(all(doctest, feature = "net"))]
#[doc = include_str!("../README.md")]
struct Readme;
