//! Enhanced authentication: a conversation in AUTH packets (MQTT 5.0 section 4.12).

use super::authenticator::{Denial, Grant};

/// The server's side of an Authentication Method, for one client.
///
/// It runs on the broker's thread, and must not keep it waiting.
pub trait Exchange {
    /// What follows the client's Authentication Data, which is empty if it sent none.
    fn step(&mut self, data: &[u8]) -> Step;
}

/// What follows in enhanced authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The client is sent this Authentication Data, and has to answer (0x18).
    Continue(Vec<u8>),
    /// The client is who it says it is, and is told so together with this Authentication Data.
    Done(Grant, Vec<u8>),
    /// It is not.
    Refuse(Denial),
}
