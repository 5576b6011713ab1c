//! Faults on request: what a bad network or a bad broker does to a client, by rules.
//!
//! A [`FaultRule`] is an action and the conditions under which it is applied to a packet. Faults
//! happen on the wire, between a connection and the broker's protocol: a packet from the client
//! that is dropped never reached the broker, one to the client left it in good order.
//!
//! | action | what happens to a packet | its own keys |
//! |---|---|---|
//! | `delay` | comes later; those behind it wait too | `by=200ms`, `jitter=50ms` |
//! | `drop` | never comes | |
//! | `duplicate` | comes twice | |
//! | `corrupt` | a bit behind its Fixed Header is flipped | |
//! | `reorder` | lets the next packet go first, for which it waits a second at most | |
//! | `close` | is lost, and the connection closed without a word | |
//! | `disconnect` | is lost, and the connection closed after DISCONNECT (MQTT 5.0) | `code=0x8B` |
//! | `refuse` | is answered with an error, as if the broker had refused it | `code=0x87` |
//! | `stall` | comes, but the client is not read any more | `for=5s`; else for ever |
//! | `no-pingresp` | PINGRESP is dropped: no PINGREQ is ever answered | |
//!
//! | condition | packets that it lets through | else |
//! |---|---|---|
//! | `client=sensor-*` | of clients whose identifier matches; `*` and `?` stand for any characters | of all |
//! | `topic=a/#` | PUBLISH whose Topic Name matches the Topic Filter | of all kinds |
//! | `packet=PUBLISH,PUBACK` | of these types | all types |
//! | `direction=in` | `in`: from the client, `out`: to the client | both |
//! | `probability=0.1` | this share of them, by chance | 1 |
//! | `after=100` | not the first 100 on each connection | 0 |
//! | `times=3` | no more than three in the life of the broker | any number |
//!
//! `refuse` is about CONNECT unless `packet=` says PUBLISH, SUBSCRIBE or UNSUBSCRIBE. `stall` is
//! about packets from the client.
//!
//! Every rule is tried on every packet, in the order given, until one takes the packet away. With
//! the same seed, the same connection of a client with the same packets meets the same faults.
//!
//! ```
//! use mqtk::broker::{Config, Faults};
//!
//! let config = Config {
//!     faults: Faults {
//!         rules: vec![
//!             "drop probability=0.1 client=sensor-* packet=PUBLISH direction=out".parse()?,
//!             "close after=100".parse()?,
//!         ],
//!         seed: Some(42),
//!     },
//!     ..Config::default()
//! };
//! # Ok::<(), mqtk::broker::FaultError>(())
//! ```

mod aliases;
mod answer;
mod glob;
mod lane;
mod link;
mod parse;
mod plan;
mod rule;
mod wire;
mod words;

pub use parse::FaultError;
pub use rule::{Direction, FaultRule};

pub(super) use link::FaultyLink;
pub(super) use plan::Plan;

/// The faults that a broker makes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// What happens, and when.
    pub rules: Vec<FaultRule>,
    /// Makes chance repeat itself; `None`: another one each time, which the log tells.
    pub seed: Option<u64>,
}
