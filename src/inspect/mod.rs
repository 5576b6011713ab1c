//! Bytes from anywhere, as the Control Packets in them: what they say and which rules they break.
//!
//! [`Chunk`]s come from a dump, a capture or a proxy, each from a direction of a conversation. A
//! [`Dissector`] finds the packets in them and hands each, as an [`Observed`], to a [`Sink`].
//!
//! Nothing here parses MQTT: that is the codec's.

mod capture;
mod chunk;
mod conversation;
mod dissect;
mod filter;
mod form;
pub mod input;
mod observed;
pub mod proxy;
pub mod remark;
mod summary;

pub use capture::{Capture, CaptureError, CaptureOptions, Counts, MAX_BUFFER};
pub use chunk::{Chunk, Data, Direction, Origin, Time};
pub use dissect::{Dissector, DissectorOptions};
pub use filter::{PacketFilter, Sieve};
pub use form::{BytesForm, PacketForm};
pub use observed::{Finding, Observed, Partial, Sink, Skipped};
pub use summary::Summary;

#[cfg(test)]
mod tests;
