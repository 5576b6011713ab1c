//! A PUBLISH on its way out: some of its properties are the message's, some the delivery's, and its
//! payload may be shared.

use std::rc::Rc;
use std::time::Instant;

use bytes::Bytes;

use super::alias::Alias;
use super::connection::Connection;
use super::message::{Delivery, Message};
use crate::codec::write::{put_binary, put_header, put_variable, variable_len};
use crate::codec::{
    MAX_PACKET_SIZE, Output, PacketId, PacketType, PropertyId, Publish, QoS, Sink, Version,
};

/// A PUBLISH in pieces.
#[derive(Clone, Copy)]
pub(super) struct Outgoing<'a> {
    pub dup: bool,
    pub qos: QoS,
    pub retain: bool,
    pub topic: Topic<'a>,
    pub packet_id: Option<PacketId>,
    /// Message Expiry Interval.
    pub expiry: Option<u32>,
    pub subscription_ids: &'a [u32],
    /// Encoded properties, in the two parts around a property that is left out.
    pub properties: [&'a [u8]; 2],
    pub payload: Payload<'a>,
}

#[derive(Clone, Copy)]
pub(super) enum Topic<'a> {
    Borrowed(&'a str),
    Shared(&'a Rc<str>),
}

#[derive(Clone, Copy)]
pub(super) enum Payload<'a> {
    Borrowed(&'a [u8]),
    Shared(&'a Bytes),
}

impl<'a> Outgoing<'a> {
    /// A message as one receiver gets it at `now`.
    pub fn new(
        message: &'a Rc<Message>,
        delivery: &'a Delivery,
        packet_id: Option<PacketId>,
        now: Instant,
    ) -> Outgoing<'a> {
        Outgoing {
            dup: false,
            qos: delivery.qos,
            retain: delivery.retain,
            topic: Topic::Shared(&message.topic),
            packet_id,
            expiry: message.remaining_expiry(now),
            subscription_ids: delivery.subscription_ids.as_slice(),
            properties: [message.properties.as_properties().as_bytes(), &[]],
            payload: Payload::Shared(&message.payload),
        }
    }

    /// A message of which no copy is kept. A Topic Alias stays behind: it belongs to another
    /// Network Connection.
    pub fn borrowed(publish: &Publish<'a>, qos: QoS, packet_id: Option<PacketId>) -> Outgoing<'a> {
        Outgoing {
            dup: false,
            qos,
            retain: publish.retain,
            topic: Topic::Borrowed(publish.topic),
            packet_id,
            expiry: None,
            subscription_ids: &[],
            properties: publish.properties.around(PropertyId::TopicAlias),
            payload: Payload::Borrowed(publish.payload),
        }
    }
}

impl Topic<'_> {
    fn name(&self) -> &str {
        match self {
            Topic::Borrowed(name) => name,
            Topic::Shared(name) => name,
        }
    }

    fn to_shared(self) -> Rc<str> {
        match self {
            Topic::Borrowed(name) => Rc::from(name),
            Topic::Shared(name) => Rc::clone(name),
        }
    }
}

impl Payload<'_> {
    fn len(&self) -> usize {
        match self {
            Payload::Borrowed(bytes) => bytes.len(),
            Payload::Shared(bytes) => bytes.len(),
        }
    }

    fn put(&self, out: &mut impl Sink) {
        match self {
            Payload::Shared(bytes) => out.put_shared(bytes),
            Payload::Borrowed(bytes) => out.put(bytes),
        }
    }
}

impl Connection {
    /// Writes a PUBLISH, by its Topic Alias where there is one. `false`: it exceeds the peer's
    /// Maximum Packet Size, or any packet's, and was not written.
    pub fn send_publish(&mut self, outgoing: &Outgoing<'_>, out: &mut Output) -> bool {
        let name = outgoing.topic.name();
        let mut alias = match self.version {
            Version::V5 => self.aliases_out.find(name),
            _ => Alias::None,
        };
        let limit = (self.peer.maximum_packet_size as usize).min(MAX_PACKET_SIZE);
        let mut head = Head::new(outgoing, name, alias, self.version);
        if head.packet_len() > limit && matches!(alias, Alias::New(_)) {
            alias = Alias::None;
            head = Head::new(outgoing, name, alias, self.version);
        }
        if head.packet_len() > limit {
            return false;
        }
        head.put(out);
        outgoing.payload.put(out);
        if matches!(alias, Alias::New(_)) {
            self.aliases_out.keep(outgoing.topic.to_shared());
        }
        true
    }
}

/// Everything before the payload, with its lengths.
struct Head<'a> {
    outgoing: &'a Outgoing<'a>,
    /// Empty where the alias says it all.
    topic: &'a str,
    alias: Option<u16>,
    /// `None` before 5.0.
    properties_len: Option<usize>,
    remaining_len: usize,
}

impl<'a> Head<'a> {
    fn new(outgoing: &'a Outgoing<'a>, name: &'a str, alias: Alias, version: Version) -> Head<'a> {
        let (topic, alias) = match alias {
            Alias::None => (name, None),
            Alias::New(alias) => (name, Some(alias)),
            Alias::Known(alias) => ("", Some(alias)),
        };
        let properties_len = (version == Version::V5).then(|| {
            let [before, after] = outgoing.properties;
            let ids = outgoing.subscription_ids.iter();
            before.len()
                + after.len()
                + outgoing.expiry.map_or(0, |_| 5)
                + alias.map_or(0, |_| 3)
                + ids.map(|id| 1 + variable_len(*id)).sum::<usize>()
        });
        let remaining_len = 2
            + topic.len()
            + outgoing.packet_id.map_or(0, |_| 2)
            + properties_len.map_or(0, |len| variable_len(len as u32) + len)
            + outgoing.payload.len();
        Head {
            outgoing,
            topic,
            alias,
            properties_len,
            remaining_len,
        }
    }

    fn packet_len(&self) -> usize {
        1 + variable_len(self.remaining_len as u32) + self.remaining_len
    }

    fn put(&self, out: &mut impl Sink) {
        let Outgoing {
            dup,
            qos,
            retain,
            packet_id,
            expiry,
            ..
        } = *self.outgoing;
        let flags = u8::from(dup) << 3 | qos.bits() << 1 | u8::from(retain);
        put_header(
            PacketType::Publish.first_byte() | flags,
            self.remaining_len,
            out,
        );
        put_binary(self.topic.as_bytes(), out);
        if let Some(packet_id) = packet_id {
            out.put(&packet_id.get().to_be_bytes());
        }
        let Some(properties_len) = self.properties_len else {
            return;
        };
        put_variable(properties_len as u32, out);
        if let Some(seconds) = expiry {
            out.put(&[PropertyId::MessageExpiryInterval as u8]);
            out.put(&seconds.to_be_bytes());
        }
        if let Some(alias) = self.alias {
            out.put(&[PropertyId::TopicAlias as u8]);
            out.put(&alias.to_be_bytes());
        }
        for id in self.outgoing.subscription_ids {
            out.put(&[PropertyId::SubscriptionIdentifier as u8]);
            put_variable(*id, out);
        }
        for properties in self.outgoing.properties {
            out.put(properties);
        }
    }
}
