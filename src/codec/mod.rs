//! MQTT Control Packets: bytes ⇄ meaning, for MQTT 3.1, 3.1.1 and 5.0.
//!
//! A [`Frame`] is one Control Packet as raw bytes, found by its Fixed Header. A [`Packet`] is
//! its meaning and borrows from the Frame. There is one packet model and one decoder:
//! [`Version`] is an argument.
//!
//! The decoder names every field that it reads and reports it to a [`Visitor`]. [`Frame::decode`] is
//! its strict form, which ends at the first [`Violation`] and compiles the reporting away; [`Trace`]
//! is the other, which keeps every field and every violation. The rules that can be violated are in
//! [`rules`].
//!
//! Packets write themselves into a [`Sink`]: a `Vec<u8>`, or an [`Output`] that is on its way to a
//! socket.
//!
//! Read `frame`, `decode` and `packet` to see how bytes become packets, `reader` for the fields, and
//! `write` for the way back.
//!
//! ```
//! use mqtk::codec::{Frame, Packet, Version};
//!
//! let bytes = [0x30, 0x07, 0x00, 0x03, b'a', b'/', b'b', b'h', b'i'];
//! let frame = Frame::parse(&bytes, usize::MAX)?.expect("all bytes are there");
//! let Packet::Publish(publish) = frame.decode(Version::V3_1_1)? else { panic!() };
//! assert_eq!((publish.topic, publish.payload), ("a/b", &b"hi"[..]));
//! # Ok::<(), mqtk::codec::Violation>(())
//! ```

mod decode;
mod frame;
mod output;
mod packet;
mod packet_type;
mod property;
mod reader;
mod reason;
pub mod rules;
mod sink;
mod text;
mod trace;
mod types;
mod violation;
mod visit;
pub(crate) mod write;

pub use frame::{Frame, MAX_PACKET_SIZE, MAX_REMAINING_LENGTH};
pub use output::{Mark, Output};
pub use packet::{
    Ack, Auth, Connack, Connect, Disconnect, Filters, Packet, Publish, ReasonCodes, RetainHandling,
    Suback, Subscribe, SubscriptionOptions, Unsuback, Unsubscribe, Will,
};
pub use packet_type::PacketType;
pub use property::{Place, Properties, PropertyBuf, PropertyError, PropertyId, Value, ValueType};
pub use reason::ReasonCode;
pub use sink::Sink;
pub use text::{TopicFault, check_topic_filter, check_topic_name};
pub use trace::{Row, Trace};
pub use types::{PacketId, QoS, Version};
pub(crate) use violation::rule_table;
pub use violation::{Got, Kind, Name, Rule, Violation};
pub use visit::{Field, FieldValue, Hidden, Visitor};

#[cfg(test)]
pub(crate) mod tests;
