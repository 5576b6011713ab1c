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
//! | 2, Topic Name | retained message and, if the first bit is set, who has published it |
//!
//! Sessions are numbered, numbers are big-endian: all of a Session stands together, its own entry
//! first, its messages in order. Deadlines are milliseconds since 1970.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::reader::{Reader, put_bytes, text};
use crate::broker::router::Subscription;
use crate::codec::{PacketId, PropertyBuf, QoS, Version};
use crate::session::{Delivery, Kept, Message};
use crate::transport::Peer;

/// A connection by a Unix socket.
const UNIX: &str = "unix";

const MESSAGE: u8 = 0;
const SESSION: u8 = 1;
const RETAINED: u8 = 2;

/// In the number of a retained message, which never gets there: its publisher is known.
const HAS_PUBLISHER: u64 = 1 << 63;

const SESSION_ITSELF: u8 = 0;
const WILL: u8 = 1;
const SUBSCRIPTION: u8 = 2;
const KEPT: u8 = 3;
const RECEIVED: u8 = 4;

/// An entry is not what this broker writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::broker) struct Damaged;

/// The same moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(in crate::broker) struct Clock {
    /// The one that deadlines are kept on.
    pub(in crate::broker) now: Instant,
    /// Since 1970: the one that goes on while there is no process.
    pub(in crate::broker) wall: Duration,
}

impl Clock {
    /// Milliseconds since 1970.
    fn to_wall(self, deadline: Instant) -> u64 {
        let wall = match deadline.checked_duration_since(self.now) {
            Some(left) => self.wall.saturating_add(left),
            None => self.wall.saturating_sub(self.now - deadline),
        };
        // Zero stands for no deadline.
        u64::try_from(wall.as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// What has passed is now; `None`: further away than clocks go.
    fn to_deadline(self, wall: u64) -> Option<Instant> {
        let left = Duration::from_millis(wall).saturating_sub(self.wall);
        self.now.checked_add(left)
    }

    fn put(self, deadline: Option<Instant>, into: &mut Vec<u8>) {
        let wall = deadline.map_or(0, |deadline| self.to_wall(deadline));
        into.extend_from_slice(&wall.to_be_bytes());
    }

    fn read(self, from: &mut Reader<'_>) -> Result<Option<Instant>, Damaged> {
        let wall = from.some_u64()?;
        Ok(wall.and_then(|wall| self.to_deadline(wall)))
    }
}

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
    /// With the Topic Name.
    Retained(Rc<str>),
}

impl Key {
    /// What the keys of everything in a Session begin with.
    pub(super) fn prefix(session: u64) -> [u8; 9] {
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
            | Self::Received(session, _) => Some(*session),
            Self::Message(_) | Self::Retained(_) => None,
        }
    }

    pub(super) fn put(&self, into: &mut Vec<u8>) {
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
            Self::Retained(topic) => {
                into.push(RETAINED);
                into.extend_from_slice(topic.as_bytes());
            }
        }
    }

    fn read(key: &[u8]) -> Result<Self, Damaged> {
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
            _ => return Err(Damaged),
        };
        from.end().map(|()| key)
    }
}

/// A Session but for what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::broker) struct SessionRecord {
    pub(in crate::broker) client_id: Rc<str>,
    /// The User Name it is or was connected under.
    pub(in crate::broker) username: Option<Rc<str>>,
    /// Where it is or was connected from.
    pub(in crate::broker) peer: Option<Peer>,
    pub(in crate::broker) version: Version,
    /// Session Expiry Interval in seconds.
    pub(in crate::broker) expiry: u32,
    /// `None`: it is connected.
    pub(in crate::broker) absence: Option<Absence>,
}

/// What is going to happen to a Session without connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::broker) struct Absence {
    pub(in crate::broker) expires: Option<Instant>,
    pub(in crate::broker) will_due: Option<Instant>,
}

impl SessionRecord {
    fn put(&self, clock: Clock, into: &mut Vec<u8>) {
        into.push(self.version as u8);
        into.extend_from_slice(&self.expiry.to_be_bytes());
        into.push(u8::from(self.absence.is_some()));
        if let Some(absence) = self.absence {
            clock.put(absence.expires, into);
            clock.put(absence.will_due, into);
        }
        put_client(&self.client_id, self.username.as_deref(), self.peer, into);
    }

    fn read(clock: Clock, from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let number = from.u8()?;
        let mut versions = Version::ALL.into_iter();
        let version = versions.find(|version| *version as u8 == number);
        let version = version.ok_or(Damaged)?;
        let expiry = from.u32()?;
        let absence = match from.u8()? {
            0 => None,
            1 => Some(Absence {
                expires: clock.read(from)?,
                will_due: clock.read(from)?,
            }),
            _ => return Err(Damaged),
        };
        let Publisher {
            client_id,
            username,
            peer,
        } = Publisher::read(from)?;
        Ok(Self {
            client_id,
            username,
            peer,
            version,
            expiry,
            absence,
        })
    }
}

/// Who has published a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::broker) struct Publisher {
    pub(in crate::broker) client_id: Rc<str>,
    pub(in crate::broker) username: Option<Rc<str>>,
    /// Where it was connected from.
    pub(in crate::broker) peer: Option<Peer>,
}

impl Publisher {
    fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
        let peer = match from.string()? {
            "" => None,
            UNIX => Some(Peer::Unix { process: None }),
            address => {
                let address: SocketAddr = address.parse().map_err(|_| Damaged)?;
                Some(address.into())
            }
        };
        let has_username = from.u8()? != 0;
        let username = from.string()?;
        Ok(Self {
            username: has_username.then(|| username.into()),
            peer,
            client_id: from.string()?.into(),
        })
    }
}

fn put_client(client_id: &str, username: Option<&str>, peer: Option<Peer>, into: &mut Vec<u8>) {
    let peer = match peer {
        None => String::new(),
        Some(Peer::Tcp(address)) => address.to_string(),
        Some(_) => UNIX.into(),
    };
    put_bytes(into, peer.as_bytes());
    into.push(u8::from(username.is_some()));
    put_bytes(into, username.unwrap_or_default().as_bytes());
    put_bytes(into, client_id.as_bytes());
}

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
}

impl Value {
    pub(super) fn put(&self, clock: Clock, into: &mut Vec<u8>) {
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
        };
        from.end()?;
        Ok(Self { key, value })
    }
}

fn put_kept(kept: &Kept, elsewhere: Option<u64>, clock: Clock, into: &mut Vec<u8>) {
    let packet_id = kept.packet_id.map_or(0, PacketId::get);
    into.extend_from_slice(&packet_id.to_be_bytes());
    let Delivery {
        qos,
        retain,
        subscription_ids,
        shared,
    } = &kept.delivery;
    let flags = [*retain, shared.is_some(), elsewhere.is_some()];
    into.push(qos.bits() | bits(flags) << 2);
    let ids = subscription_ids.as_slice();
    into.extend_from_slice(&(ids.len() as u32).to_be_bytes());
    for id in ids {
        into.extend_from_slice(&id.to_be_bytes());
    }
    if let Some(shared) = shared {
        put_bytes(into, shared.as_bytes());
    }
    match (elsewhere, &kept.message) {
        (Some(number), _) => into.extend_from_slice(&number.to_be_bytes()),
        (None, Some(message)) => put_message(message, clock, into),
        (None, None) => {}
    }
}

fn read_kept(clock: Clock, from: &mut Reader<'_>) -> Result<Value, Damaged> {
    let packet_id = PacketId::new(from.u16()?);
    let flags = from.u8()?;
    let count = from.u32()?;
    let ids = (0..count).map(|_| from.u32());
    let subscription_ids = ids.collect::<Result<Vec<_>, _>>()?.into_iter().collect();
    let shared = match flags & 8 {
        0 => None,
        _ => Some(from.string()?.into()),
    };
    let elsewhere = match flags & 16 {
        0 => None,
        _ => Some(from.u64()?),
    };
    let message = read_message_if_any(clock, from)?;
    let kept = Kept {
        packet_id,
        message,
        delivery: Delivery {
            qos: read_qos(flags & 3)?,
            retain: flags & 4 != 0,
            subscription_ids,
            shared,
        },
    };
    Ok(Value::Kept { kept, elsewhere })
}

/// Flags as bits, the first one lowest.
fn bits(flags: [bool; 3]) -> u8 {
    flags
        .iter()
        .rev()
        .fold(0, |bits, &flag| bits << 1 | u8::from(flag))
}

fn read_qos(bits: u8) -> Result<QoS, Damaged> {
    QoS::from_bits(bits).ok_or(Damaged)
}

fn put_message(message: &Message, clock: Clock, into: &mut Vec<u8>) {
    into.push(message.qos.bits() | u8::from(message.retain) << 2);
    clock.put(message.expires, into);
    put_bytes(into, message.topic.as_bytes());
    put_bytes(into, message.properties.as_properties().as_bytes());
    into.extend_from_slice(&message.payload);
}

fn read_message_if_any(
    clock: Clock,
    from: &mut Reader<'_>,
) -> Result<Option<Rc<Message>>, Damaged> {
    match from.0 {
        [] => Ok(None),
        _ => Ok(Some(Rc::new(read_message(clock, from)?))),
    }
}

fn read_message(clock: Clock, from: &mut Reader<'_>) -> Result<Message, Damaged> {
    let flags = from.u8()?;
    Ok(Message {
        qos: read_qos(flags & 3)?,
        retain: flags & 4 != 0,
        expires: clock.read(from)?,
        topic: from.string()?.into(),
        properties: PropertyBuf::from_bytes(from.bytes()?).ok_or(Damaged)?,
        payload: Bytes::copy_from_slice(from.rest()),
    })
}
