//! What an application is told of.

use std::ops::ControlFlow;
use std::time::Duration;

use crate::codec::{Connack, Frame, PacketId, ReasonCode, Suback, Unsuback};
use crate::session::{Received, Session};

use super::{Error, PublishError};

/// Receives what happens on a [`Client`](super::Client); every method has a default.
///
/// Packets borrow from the read buffer: what is to last, the application must copy.
pub trait Handler {
    /// The connection is accepted. With `resumed`, the broker kept the session of an earlier
    /// connection of this client: subscriptions stand, and unacknowledged messages were sent again.
    fn connected(&mut self, connack: &Connack<'_>, session: &Session, resumed: bool) {
        let _ = (connack, session, resumed);
    }

    /// An Application Message. With [`ControlFlow::Break`], neither this one nor those after it in
    /// this turn are acknowledged, and the latter are not handed over.
    fn message(&mut self, message: &Received<'_>) -> ControlFlow<()> {
        let _ = message;
        ControlFlow::Continue(())
    }

    /// A QoS 1 or 2 message of ours is done; `reason` is the broker's answer.
    fn published(&mut self, packet_id: PacketId, reason: ReasonCode) {
        let _ = (packet_id, reason);
    }

    /// A message that the broker lost with its session, and that it does not accept again.
    fn dropped(&mut self, topic: &str, why: &PublishError) {
        let _ = (topic, why);
    }

    /// The answer to a SUBSCRIBE.
    fn suback(&mut self, suback: &Suback<'_>) {
        let _ = suback;
    }

    /// The answer to an UNSUBSCRIBE.
    fn unsuback(&mut self, unsuback: &Unsuback<'_>) {
        let _ = unsuback;
    }

    /// The connection is lost or could not be made again; the next attempt comes after `retry_in`.
    fn disconnected(&mut self, why: &Error, retry_in: Duration) {
        let _ = (why, retry_in);
    }

    /// Whether [`packet`](Handler::packet) is to be called.
    fn wants_packets(&self) -> bool {
        false
    }

    /// A Control Packet that was sent or received.
    fn packet(&mut self, direction: Direction, frame: Frame<'_>, session: &Session) {
        let _ = (direction, frame, session);
    }
}

/// Which way a packet went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From us to the broker.
    Sent,
    /// From the broker to us.
    Received,
}
