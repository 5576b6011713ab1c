//! Application Messages that outlive the buffer they arrived in, and their delivery to one receiver.

use std::fmt;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::codec::{PacketId, Properties, PropertyBuf, PropertyId, Publish, QoS};

/// An Application Message that owns exact-size copies of what it needs.
///
/// Receivers share it as an `Rc<Message>`; what differs between them is in their [`Delivery`].
#[derive(Clone, Debug)]
pub struct Message {
    /// Topic Name.
    pub topic: Rc<str>,
    /// Application Message.
    pub payload: Bytes,
    /// The QoS it was published with.
    pub qos: QoS,
    /// The RETAIN flag it was published with.
    pub retain: bool,
    /// PUBLISH properties that travel with the message: all but Message Expiry Interval (see
    /// `expires`), Topic Alias (a matter of one Network Connection) and Subscription Identifier
    /// (see [`Delivery`]), which [`Message::new`] leaves out.
    pub properties: PropertyBuf,
    /// Message Expiry Interval as a deadline.
    pub expires: Option<Instant>,
}

impl Message {
    /// A message published at `now`. Its Message Expiry Interval becomes a deadline.
    pub fn new(
        now: Instant,
        topic: Rc<str>,
        payload: Bytes,
        qos: QoS,
        retain: bool,
        properties: Properties<'_>,
    ) -> Message {
        Message {
            topic,
            payload,
            qos,
            retain,
            properties: forwarded(properties),
            expires: properties
                .message_expiry_interval()
                .and_then(|seconds| now.checked_add(Duration::from_secs(seconds.into()))),
        }
    }

    /// Copies a PUBLISH that arrived at `now`. `topic` is its Topic Name, which a Topic Alias may
    /// stand for: see [`Received::topic`](super::Received::topic).
    pub fn from_publish(now: Instant, publish: &Publish<'_>, topic: &str) -> Message {
        let payload = Bytes::copy_from_slice(publish.payload);
        let Publish {
            qos,
            retain,
            properties,
            ..
        } = *publish;
        Message::new(now, Rc::from(topic), payload, qos, retain, properties)
    }

    /// The Message Expiry Interval to send at `now`, in seconds: the received value minus the
    /// time the message has waited (MQTT-3.3.2-6). Part of a second counts as a whole one.
    pub fn remaining_expiry(&self, now: Instant) -> Option<u32> {
        let left = self.expires?.saturating_duration_since(now);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        Some(u32::try_from(seconds).unwrap_or(u32::MAX))
    }

    /// Whether the Message Expiry Interval has passed (MQTT-3.3.2-5).
    pub fn is_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|deadline| deadline <= now)
    }

    /// The bytes that count towards the limits of queues.
    pub fn weight(&self) -> usize {
        self.topic.len() + self.payload.len() + self.properties.as_properties().as_bytes().len()
    }
}

/// The properties that a receiver passes on with the message, unaltered and in order
/// (MQTT-3.3.2-4, -15 to -20).
fn forwarded(properties: Properties<'_>) -> PropertyBuf {
    let mut kept = PropertyBuf::default();
    for (id, value) in properties.iter() {
        if !matches!(
            id,
            PropertyId::MessageExpiryInterval
                | PropertyId::TopicAlias
                | PropertyId::SubscriptionIdentifier
        ) {
            kept.push(id, value);
        }
    }
    kept
}

/// How one receiver gets a [`Message`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// QoS of this delivery.
    pub qos: QoS,
    /// RETAIN flag of this delivery.
    pub retain: bool,
    /// Subscription Identifiers of the matching subscriptions (MQTT-3.3.4-3).
    pub subscription_ids: SubscriptionIds,
    /// The Shared Subscription (`$share/NAME/FILTER`) for which this receiver was chosen. As long as
    /// the message has not been sent, another subscriber may get it instead: see
    /// [`Session::take_shared`](super::Session::take_shared).
    pub shared: Option<Rc<str>>,
}

impl Delivery {
    /// A delivery without Subscription Identifiers.
    pub fn new(qos: QoS, retain: bool) -> Delivery {
        Delivery {
            qos,
            retain,
            ..Delivery::default()
        }
    }
}

/// A small list of Subscription Identifiers; one or none needs no allocation.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SubscriptionIds(List);

#[derive(Clone, PartialEq, Eq)]
enum List {
    /// One identifier, or none: zero is no Subscription Identifier.
    Few([u32; 1]),
    Many(Box<[u32]>),
}

impl Default for List {
    fn default() -> List {
        List::Few([0])
    }
}

impl SubscriptionIds {
    /// The identifiers.
    pub fn as_slice(&self) -> &[u32] {
        match &self.0 {
            List::Few([0]) => &[],
            List::Few(one) => one,
            List::Many(ids) => ids,
        }
    }
}

impl FromIterator<u32> for SubscriptionIds {
    fn from_iter<I: IntoIterator<Item = u32>>(ids: I) -> SubscriptionIds {
        let mut ids = ids.into_iter();
        SubscriptionIds(match (ids.next(), ids.next()) {
            (None, _) => List::default(),
            (Some(id), None) => List::Few([id]),
            (Some(first), Some(second)) => {
                List::Many([first, second].into_iter().chain(ids).collect())
            }
        })
    }
}

impl fmt::Debug for SubscriptionIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.as_slice()).finish()
    }
}

/// What became of a message given to a Session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It is in the output; at QoS 1 and 2 under this Packet Identifier.
    Sent(Option<PacketId>),
    /// It waits for the send quota or for the peer.
    Queued,
    /// It was not taken, and will never be sent.
    Dropped(Dropped),
}

/// Why a message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dropped {
    /// Larger than the peer's Maximum Packet Size (MQTT-3.1.2-25, MQTT-3.2.2-15).
    PacketTooLarge,
    /// The queue's limit of messages or bytes is reached.
    QueueFull,
    /// The limit of all queues together is reached: see [`Pools`](super::Pools).
    QueuesFull,
    /// Its Message Expiry Interval has passed (MQTT-3.3.2-5).
    Expired,
    /// There is no Network Connection, and there is no queue.
    Offline,
    /// Above the server's Maximum QoS (MQTT-3.2.2-11).
    QosNotSupported,
    /// RETAIN is set and the server has no retained messages (MQTT-3.2.2-14).
    RetainNotSupported,
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dropped::PacketTooLarge => "larger than the peer's Maximum Packet Size",
            Dropped::QueueFull => "the queue is full",
            Dropped::QueuesFull => "the queues of all sessions together are full",
            Dropped::Expired => "the Message Expiry Interval has passed",
            Dropped::Offline => "there is no connection",
            Dropped::QosNotSupported => "above the server's Maximum QoS",
            Dropped::RetainNotSupported => "the server does not support retained messages",
        })
    }
}
