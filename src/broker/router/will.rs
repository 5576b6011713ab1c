//! Will Messages.

use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::broker::persist::Value;
use crate::codec::{self, PropertyBuf, PropertyId, Publish};
use crate::session::Message;

/// A Will Message on deposit.
pub(super) struct Will {
    message: Rc<Message>,
    /// Will Delay Interval in seconds.
    pub(super) delay: u32,
    /// Message Expiry Interval in seconds; it starts when the message is published.
    expiry: Option<u32>,
}

impl Will {
    pub(super) fn new(now: Instant, will: &codec::Will<'_>) -> Self {
        let mut properties = PropertyBuf::default();
        for (id, value) in will.properties.iter() {
            if !matches!(
                id,
                PropertyId::WillDelayInterval | PropertyId::MessageExpiryInterval
            ) {
                properties.push(id, value);
            }
        }
        let publish = Publish {
            dup: false,
            qos: will.qos,
            retain: will.retain,
            topic: will.topic,
            packet_id: None,
            properties: properties.as_properties(),
            payload: will.payload,
        };
        Self {
            message: Rc::new(Message::from_publish(now, &publish, will.topic)),
            delay: will.properties.will_delay_interval().unwrap_or(0),
            expiry: will.properties.message_expiry_interval(),
        }
    }

    /// The Application Message, published at `now`.
    pub(super) fn into_message(self, now: Instant) -> Rc<Message> {
        let expiry = self
            .expiry
            .map(|seconds| Duration::from_secs(seconds.into()));
        Rc::new(Message {
            expires: expiry.and_then(|expiry| now.checked_add(expiry)),
            ..Rc::unwrap_or_clone(self.message)
        })
    }

    /// What is to survive the process.
    pub(super) fn record(&self) -> Value {
        Value::Will {
            message: Rc::clone(&self.message),
            delay: self.delay,
            expiry: self.expiry,
        }
    }

    /// What was recorded.
    pub(super) fn restored(message: Rc<Message>, delay: u32, expiry: Option<u32>) -> Self {
        Self {
            message,
            delay,
            expiry,
        }
    }
}
