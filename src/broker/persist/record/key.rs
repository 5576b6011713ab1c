//! What an entry is about.

use std::rc::Rc;

use super::Damaged;
use crate::broker::persist::reader::{Reader, text};
use crate::codec::PacketId;

const MESSAGE: u8 = 0;
const SESSION: u8 = 1;
const RETAINED: u8 = 2;

const SESSION_ITSELF: u8 = 0;
const WILL: u8 = 1;
const SUBSCRIPTION: u8 = 2;
const KEPT: u8 = 3;
const RECEIVED: u8 = 4;
const CATCH_UP: u8 = 5;

/// What an entry is about. `u64` is the number of a Session.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::broker) enum Key {
    /// With the number of a message.
    Message(u64),
    Session(u64),
    Will(u64),
    /// With the Topic Filter as the client wrote it.
    Subscription(u64, Box<str>),
    /// With the sequence number.
    Kept(u64, u64),
    Received(u64, PacketId),
    /// With the Topic Filter.
    CatchUp(u64, Box<str>),
    /// With the Topic Name.
    Retained(Rc<str>),
}

impl Key {
    /// What the keys of everything in a Session begin with.
    pub(in crate::broker::persist) fn prefix(session: u64) -> [u8; 9] {
        let mut prefix = [SESSION; 9];
        prefix[1..].copy_from_slice(&session.to_be_bytes());
        prefix
    }

    pub(in crate::broker) fn session(&self) -> Option<u64> {
        match self {
            Self::Session(session)
            | Self::Will(session)
            | Self::Subscription(session, _)
            | Self::Kept(session, _)
            | Self::Received(session, _)
            | Self::CatchUp(session, _) => Some(*session),
            Self::Message(_) | Self::Retained(_) => None,
        }
    }

    pub(in crate::broker::persist) fn put(&self, into: &mut Vec<u8>) {
        if let Some(session) = self.session() {
            into.extend_from_slice(&Self::prefix(session));
        }
        match self {
            Self::Message(number) => {
                into.push(MESSAGE);
                into.extend_from_slice(&number.to_be_bytes());
            }
            Self::Session(_) => into.push(SESSION_ITSELF),
            Self::Will(_) => into.push(WILL),
            Self::Subscription(_, filter) => {
                into.push(SUBSCRIPTION);
                into.extend_from_slice(filter.as_bytes());
            }
            Self::Kept(_, sequence) => {
                into.push(KEPT);
                into.extend_from_slice(&sequence.to_be_bytes());
            }
            Self::Received(_, packet_id) => {
                into.push(RECEIVED);
                into.extend_from_slice(&packet_id.get().to_be_bytes());
            }
            Self::CatchUp(_, filter) => {
                into.push(CATCH_UP);
                into.extend_from_slice(filter.as_bytes());
            }
            Self::Retained(topic) => {
                into.push(RETAINED);
                into.extend_from_slice(topic.as_bytes());
            }
        }
    }

    pub(super) fn read(key: &[u8]) -> Result<Self, Damaged> {
        let mut from = Reader(key);
        match from.u8()? {
            SESSION => {}
            RETAINED => return Ok(Self::Retained(text(from.rest())?.into())),
            MESSAGE => {
                let number = from.u64()?;
                return from.end().map(|()| Self::Message(number));
            }
            _ => return Err(Damaged),
        }
        let session = from.u64()?;
        let key = match from.u8()? {
            SESSION_ITSELF => Self::Session(session),
            WILL => Self::Will(session),
            SUBSCRIPTION => Self::Subscription(session, text(from.rest())?.into()),
            KEPT => Self::Kept(session, from.u64()?),
            RECEIVED => {
                let packet_id = PacketId::new(from.u16()?).ok_or(Damaged)?;
                Self::Received(session, packet_id)
            }
            CATCH_UP => Self::CatchUp(session, text(from.rest())?.into()),
            _ => return Err(Damaged),
        };
        from.end().map(|()| key)
    }
}
