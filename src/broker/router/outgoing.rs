//! A message on its way, as its publisher sent it and as each receiver gets it.

use std::rc::Rc;
use std::time::Instant;

use super::targets::Target;
use crate::codec::{PropertyBuf, PropertyId, Publish, QoS, Value};
use crate::session::{Delivery, Message};

/// Payloads up to this size are copied into each output; larger ones are shared.
const SHARED_PAYLOAD: usize = 4096;

/// A message on its way: borrowed from the publisher's Frame, and owned as soon as somebody has
/// to keep it.
pub(super) struct Outgoing<'a> {
    /// The packet, with its Topic Name.
    pub(super) publish: Publish<'a>,
    owned: Option<Rc<Message>>,
}

impl<'a> Outgoing<'a> {
    /// A message that arrived just now.
    pub(super) fn borrowed(publish: Publish<'a>) -> Self {
        Self {
            publish,
            owned: None,
        }
    }

    /// A message that was kept.
    pub(super) fn owned(message: &'a Rc<Message>) -> Self {
        let publish = Publish {
            dup: false,
            qos: message.qos,
            retain: message.retain,
            topic: &message.topic,
            packet_id: None,
            properties: message.properties.as_properties(),
            payload: &message.payload,
        };
        Self {
            publish,
            owned: Some(Rc::clone(message)),
        }
    }

    /// The message itself, copied when it is first asked for.
    pub(super) fn message(&mut self, now: Instant) -> &Rc<Message> {
        let publish = &self.publish;
        self.owned
            .get_or_insert_with(|| Rc::new(Message::from_publish(now, publish, publish.topic)))
    }

    /// The message with all its properties; `properties` holds them if they have to be changed.
    pub(super) fn shown<'b>(
        &'b self,
        now: Instant,
        properties: &'b mut PropertyBuf,
    ) -> Publish<'b> {
        let expiry = self.owned.as_ref();
        let Some(seconds) = expiry.and_then(|message| message.remaining_expiry(now)) else {
            return self.publish;
        };
        let id = PropertyId::MessageExpiryInterval;
        properties.push(id, Value::FourByte(seconds));
        for (id, value) in self.publish.properties.iter() {
            properties.push(id, value);
        }
        Publish {
            properties: properties.as_properties(),
            ..self.publish
        }
    }

    /// Whether a QoS 0 delivery is best encoded from the borrowed packet.
    pub(super) fn is_best_copied(&self) -> bool {
        self.owned.is_none() && self.publish.payload.len() <= SHARED_PAYLOAD
    }
}

impl Target {
    pub(super) fn delivery(&self, qos: QoS, retain: bool) -> Delivery {
        Delivery {
            qos,
            retain,
            subscription_ids: self.subscription_ids().collect(),
            shared: self.shared_filter.clone(),
        }
    }

    /// The packet as this receiver gets it; `properties` holds them if they have to be changed.
    pub(super) fn at_most_once<'a>(
        &self,
        publish: &Publish<'a>,
        retain: bool,
        properties: &'a mut PropertyBuf,
    ) -> Publish<'a> {
        let unchanged = Publish { retain, ..*publish };
        if self.subscription_ids().next().is_none() {
            return unchanged;
        }
        for (id, value) in publish.properties.iter() {
            properties.push(id, value);
        }
        for id in self.subscription_ids() {
            properties.push(PropertyId::SubscriptionIdentifier, Value::Variable(id));
        }
        Publish {
            properties: properties.as_properties(),
            ..unchanged
        }
    }
}
