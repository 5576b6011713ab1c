//! What a frame means to the application.

use std::rc::Rc;

use super::message::Message;
use crate::codec::{
    Auth, Connack, Disconnect, PacketId, Publish, ReasonCode, Suback, Subscribe, Unsuback,
    Unsubscribe,
};

/// What came of one Frame. It borrows from the Frame only, never from the Session.
#[derive(Clone, Debug)]
#[must_use]
pub enum Event<'a> {
    /// Nothing for the application: a PUBREC on the way to PUBCOMP, a PINGRESP, a duplicate….
    Handled,
    /// Client: the server has accepted. What had to be sent again is in the output already; if the
    /// server has lost the session, see [`Session::take_lost`](super::Session::take_lost).
    Connected(Connack<'a>),
    /// Client: the server refused, and will close the Network Connection.
    Refused(Connack<'a>),
    /// A new Application Message. Answer with
    /// [`Session::acknowledge`](super::Session::acknowledge), or with
    /// [`Session::keep`](super::Session::keep), in the order of receipt.
    Message(Received<'a>),
    /// PUBREL came for a message that was given to [`Session::keep`](super::Session::keep), and
    /// PUBCOMP is in the output.
    Released(Rc<Message>),
    /// Our QoS 1 or 2 message is done: PUBACK, PUBCOMP, or PUBREC with a Reason Code of 0x80 or
    /// greater came for it.
    Published {
        /// The identifier it was sent under, free again.
        packet_id: PacketId,
        /// The peer's answer; always success before 5.0.
        reason: ReasonCode,
    },
    /// Server: answer with [`Session::suback`](super::Session::suback).
    Subscribe(Subscribe<'a>),
    /// Server: answer with [`Session::unsuback`](super::Session::unsuback).
    Unsubscribe(Unsubscribe<'a>),
    /// Client: the server's answer to SUBSCRIBE.
    Suback(Suback<'a>),
    /// Client: the server's answer to UNSUBSCRIBE.
    Unsuback(Unsuback<'a>),
    /// The peer ends the Network Connection. Nothing more is sent.
    Disconnect(Disconnect<'a>),
    /// A step of enhanced authentication: answer with [`Session::auth`](super::Session::auth).
    Auth(Auth<'a>),
}

/// An Application Message that has arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received<'a> {
    /// The packet. Its Topic Name may be empty: [`Received::topic`] looks through Topic Aliases.
    pub publish: Publish<'a>,
    /// The topic that the packet's Topic Alias stands for.
    pub(super) alias_topic: Option<Rc<str>>,
    /// The Network Connection it came on.
    pub(super) epoch: u32,
}

impl Received<'_> {
    /// The Topic Name, also when a Topic Alias stands for it.
    pub fn topic(&self) -> &str {
        self.alias_topic.as_deref().unwrap_or(self.publish.topic)
    }
}
