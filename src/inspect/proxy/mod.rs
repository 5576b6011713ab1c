//! Between clients and a broker: bytes go on as they come, and a copy of them is looked at.
//!
//! Each connection that a [`Listener`](crate::transport::Listener) accepts gets one of its own to the broker. What one end
//! sends goes on to the other first, unchanged, however wrong it is as MQTT; then a copy of it
//! goes into a [`Feed`], from which another thread takes it. The feed is bounded: when that
//! thread is too slow, what it cannot take is left out and counted, and the traffic goes on.
//!
//! The end of one direction is passed on as an end, a reset as a reset.

mod feed;
mod record;
mod relay;
mod serve;

pub use feed::{Ended, Feed, Item, Note, Tap, feed};
pub use record::Recorder;
pub use serve::serve;

#[cfg(test)]
mod tests;
