//! A Session without its messages and subscriptions, and who has published a message.

use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Instant;

use super::Damaged;
use crate::broker::persist::clock::Clock;
use crate::broker::persist::reader::{Reader, put_bytes};
use crate::codec::Version;
use crate::transport::Peer;

/// A connection by a Unix socket.
const UNIX: &str = "unix";

/// A Session without its messages and subscriptions.
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
    pub(super) fn put(&self, clock: Clock, into: &mut Vec<u8>) {
        into.push(self.version as u8);
        into.extend_from_slice(&self.expiry.to_be_bytes());
        into.push(u8::from(self.absence.is_some()));
        if let Some(absence) = self.absence {
            clock.put(absence.expires, into);
            clock.put(absence.will_due, into);
        }
        put_client(&self.client_id, self.username.as_deref(), self.peer, into);
    }

    pub(super) fn read(clock: Clock, from: &mut Reader<'_>) -> Result<Self, Damaged> {
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
    pub(super) fn read(from: &mut Reader<'_>) -> Result<Self, Damaged> {
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

pub(super) fn put_client(
    client_id: &str,
    username: Option<&str>,
    peer: Option<Peer>,
    into: &mut Vec<u8>,
) {
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
