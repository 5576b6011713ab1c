//! A received message, as the printers see it.

use jiff::Timestamp;

use crate::codec::{PacketId, Properties, Publish, QoS};

/// An Application Message and the time of its arrival, borrowed from wherever it is kept.
#[derive(Debug, Clone, Copy)]
pub struct MessageView<'a> {
    /// When it arrived.
    pub time: Timestamp,
    /// Client Identifier of its publisher, where that is known.
    pub client_id: Option<&'a str>,
    /// Topic Name.
    pub topic: &'a str,
    /// QoS it arrived with.
    pub qos: QoS,
    /// RETAIN flag.
    pub retain: bool,
    /// DUP flag.
    pub dup: bool,
    /// Packet Identifier, at QoS 1 and 2.
    pub packet_id: Option<PacketId>,
    /// The message itself.
    pub payload: &'a [u8],
    /// Its properties; none before MQTT 5.
    pub properties: Properties<'a>,
}

impl<'a> MessageView<'a> {
    /// A PUBLISH that arrived at `time`, its Topic Alias already resolved.
    pub fn new(time: Timestamp, publish: &Publish<'a>) -> Self {
        Self {
            time,
            client_id: None,
            topic: publish.topic,
            qos: publish.qos,
            retain: publish.retain,
            dup: publish.dup,
            packet_id: publish.packet_id,
            payload: publish.payload,
            properties: publish.properties,
        }
    }
}

#[cfg(test)]
pub(super) mod samples {
    //! Messages for the tests of the printers.

    use super::*;

    /// 22 November 2026, 20:42:22.515566298 UTC.
    pub const TIME: i128 = 1_795_380_142_515_566_298;

    pub fn message<'a>(topic: &'a str, payload: &'a [u8]) -> MessageView<'a> {
        MessageView {
            time: Timestamp::from_nanosecond(TIME).expect("in range"),
            client_id: None,
            topic,
            qos: QoS::AtMostOnce,
            retain: false,
            dup: false,
            packet_id: None,
            payload,
            properties: Properties::EMPTY,
        }
    }
}
