//! Messages on their way out, and why one cannot go.

use std::rc::Rc;

use crate::codec::{MAX_PACKET_SIZE, PacketId, Publish};
use crate::session::{Delivery, Dropped, Message, Outcome};

use super::{Client, Phase};

/// Why a message cannot be published on this connection.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// There is no connection: [`Client::can_publish`] says so beforehand.
    #[error("not connected")]
    NotConnected,
    /// The server announced a Maximum QoS.
    #[error("the broker supports QoS {0} at most")]
    QosNotSupported(u8),
    /// The server announced that it does not retain messages.
    #[error("the broker does not support retained messages")]
    RetainNotSupported,
    /// Larger than the server's Maximum Packet Size, or than any packet may be.
    #[error("larger than the largest packet the broker accepts ({0} bytes)")]
    TooLarge(u32),
    /// Its Message Expiry Interval is over.
    #[error("expired before it could be sent")]
    Expired,
}

impl Client {
    /// Publishes a message at QoS 1 or 2, or one that is shared at QoS 0.
    ///
    /// # Errors
    ///
    /// The message does not fit this server; nothing was sent.
    pub fn publish(
        &mut self,
        message: &Rc<Message>,
        delivery: Delivery,
    ) -> Result<Option<PacketId>, PublishError> {
        let Phase::Open(open) = &mut self.phase else {
            return Err(PublishError::NotConnected);
        };
        let outcome = self
            .session
            .publish(self.now, message, delivery, &mut open.link.output);
        self.outcome(outcome)
    }

    /// Publishes a message at QoS 0 from borrowed data.
    ///
    /// # Errors
    ///
    /// The message does not fit this server; nothing was sent.
    pub fn publish_at_most_once(&mut self, publish: &Publish<'_>) -> Result<(), PublishError> {
        let Phase::Open(open) = &mut self.phase else {
            return Err(PublishError::NotConnected);
        };
        let outcome = self
            .session
            .publish_at_most_once(self.now, publish, &mut open.link.output);
        self.outcome(outcome).map(drop)
    }

    pub(super) fn outcome(&self, outcome: Outcome) -> Result<Option<PacketId>, PublishError> {
        match outcome {
            Outcome::Sent(packet_id) => Ok(packet_id),
            Outcome::Queued => Ok(None),
            Outcome::Dropped(Dropped::PacketTooLarge) => Err(PublishError::TooLarge(
                (self.session.peer().maximum_packet_size).min(MAX_PACKET_SIZE as u32),
            )),
            Outcome::Dropped(Dropped::QosNotSupported) => Err(PublishError::QosNotSupported(
                self.session.peer().maximum_qos as u8,
            )),
            Outcome::Dropped(Dropped::RetainNotSupported) => Err(PublishError::RetainNotSupported),
            Outcome::Dropped(Dropped::Expired) => Err(PublishError::Expired),
            Outcome::Dropped(_) => Err(PublishError::NotConnected),
        }
    }
}
