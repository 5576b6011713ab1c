//! What the entries of the store mean.
//!
//! | key | value |
//! |---|---|
//! | 0, number | a message of some size that Sessions keep |
//! | 1, Session, 0 | Client Identifier, version, Session Expiry Interval, since when it is away |
//! | 1, Session, 1 | Will Message |
//! | 1, Session, 2, Topic Filter | Subscription Options |
//! | 1, Session, 3, sequence | a message that waits or is in flight, or its number, and its Packet Identifier |
//! | 1, Session, 4, Packet Identifier | a QoS 2 message that was received and not released; nothing, if it was passed on already |
//! | 1, Session, 5, Topic Filter | the numbers of the retained messages that it is still to be sent |
//! | 2, Topic Name | retained message and, if the first bit is set, who has published it |
//!
//! Sessions are numbered, numbers are big-endian: all of a Session stands together, its own entry
//! first, its messages in order. Deadlines are milliseconds since 1970.

mod kept;
mod key;
mod message;
mod session;

pub(in crate::broker) use self::key::Key;
pub(in crate::broker) use self::session::{Absence, Publisher, SessionRecord};

use std::ops::Range;
use std::rc::Rc;

use self::kept::{put_kept, read_kept};
use self::message::{put_message, read_message, read_message_if_any, read_qos};
use self::session::put_client;
use super::clock::Clock;
use super::reader::Reader;
use crate::broker::router::Subscription;
use crate::session::{Kept, Message};

/// In the number of a retained message, which never gets there: its publisher is known.
const HAS_PUBLISHER: u64 = 1 << 63;

/// An entry is not what this broker writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::broker) struct Damaged;

/// What goes under a [`Key`].
#[derive(Debug)]
pub(in crate::broker) enum Value {
    Message(Rc<Message>),
    Session(SessionRecord),
    Kept {
        /// Read without the message, if that is elsewhere.
        kept: Kept,
        /// The number under which its message stands by itself.
        elsewhere: Option<u64>,
    },
    Retained {
        /// Counts the retained messages in the order of publication.
        number: u64,
        publisher: Option<Rc<Publisher>>,
        message: Rc<Message>,
    },
    Will {
        message: Rc<Message>,
        /// Will Delay Interval in seconds.
        delay: u32,
        /// Message Expiry Interval in seconds.
        expiry: Option<u32>,
    },
    Subscription {
        subscription: Subscription,
        /// It is a Shared Subscription, and not one that is called so before MQTT 5.0.
        is_shared: bool,
    },
    /// A message that waits for PUBREL; `None`: it was passed on already.
    Received(Option<Rc<Message>>),
    /// Of retained messages that are still to be sent.
    CatchUp(Range<u64>),
}

impl Value {
    pub(in crate::broker::persist) fn put(&self, clock: Clock, into: &mut Vec<u8>) {
        match self {
            Self::Session(session) => session.put(clock, into),
            Self::Message(message) => put_message(message, clock, into),
            Self::Kept { kept, elsewhere } => put_kept(kept, *elsewhere, clock, into),
            Self::Retained {
                number,
                publisher,
                message,
            } => {
                let flag = publisher.as_ref().map_or(0, |_| HAS_PUBLISHER);
                into.extend_from_slice(&(number | flag).to_be_bytes());
                if let Some(it) = publisher {
                    put_client(&it.client_id, it.username.as_deref(), it.peer, into);
                }
                put_message(message, clock, into);
            }
            Self::Will {
                message,
                delay,
                expiry,
            } => {
                into.extend_from_slice(&delay.to_be_bytes());
                let expiry = expiry.map_or(0, |seconds| u64::from(seconds) + 1);
                into.extend_from_slice(&expiry.to_be_bytes());
                put_message(message, clock, into);
            }
            Self::Subscription {
                subscription,
                is_shared,
            } => {
                let Subscription {
                    qos,
                    no_local,
                    retain_as_published,
                    id,
                } = subscription;
                let flags = [*no_local, *retain_as_published, *is_shared];
                into.extend_from_slice(&[qos.bits(), bits(flags)]);
                into.extend_from_slice(&id.to_be_bytes());
            }
            Self::Received(None) => {}
            Self::Received(Some(message)) => put_message(message, clock, into),
            Self::CatchUp(range) => {
                into.extend_from_slice(&range.start.to_be_bytes());
                into.extend_from_slice(&range.end.to_be_bytes());
            }
        }
    }
}

/// An entry of the store.
pub(in crate::broker) struct Record {
    pub(in crate::broker) key: Key,
    pub(in crate::broker) value: Value,
}

impl Record {
    pub(in crate::broker) fn read(clock: Clock, key: &[u8], value: &[u8]) -> Result<Self, Damaged> {
        let key = Key::read(key)?;
        let from = &mut Reader(value);
        let value = match key {
            Key::Message(_) => Value::Message(Rc::new(read_message(clock, from)?)),
            Key::Session(_) => Value::Session(SessionRecord::read(clock, from)?),
            Key::Kept(..) => read_kept(clock, from)?,
            Key::Retained(_) => {
                let number = from.u64()?;
                let publisher = match number & HAS_PUBLISHER {
                    0 => None,
                    _ => Some(Rc::new(Publisher::read(from)?)),
                };
                Value::Retained {
                    number: number & !HAS_PUBLISHER,
                    publisher,
                    message: Rc::new(read_message(clock, from)?),
                }
            }
            Key::Will(_) => Value::Will {
                delay: from.u32()?,
                expiry: from.some_u64()?.map(|expiry| (expiry - 1) as u32),
                message: Rc::new(read_message(clock, from)?),
            },
            Key::Subscription(..) => {
                let (qos, flags) = (read_qos(from.u8()?)?, from.u8()?);
                let subscription = Subscription {
                    qos,
                    no_local: flags & 1 != 0,
                    retain_as_published: flags & 2 != 0,
                    id: from.u32()?,
                };
                Value::Subscription {
                    subscription,
                    is_shared: flags & 4 != 0,
                }
            }
            Key::Received(..) => Value::Received(read_message_if_any(clock, from)?),
            Key::CatchUp(..) => Value::CatchUp(from.u64()?..from.u64()?),
        };
        from.end()?;
        Ok(Self { key, value })
    }
}

/// Flags as bits, the first one lowest.
fn bits(flags: [bool; 3]) -> u8 {
    flags
        .iter()
        .rev()
        .fold(0, |bits, &flag| bits << 1 | u8::from(flag))
}
