//! Abnormal behaviour: counted, slowed down, and blocked for a while.
//!
//! [`AbuseLimits`] says how often each [`Abuse`] is borne within a window of time. Whoever does it
//! half as often is slowed down: after each further time they are not read for a moment. Whoever
//! does it too often is blocked. What somebody does before it is known who they are is counted for
//! their address (of IPv6 its first 64 bits), so that nobody can have another one's Client
//! Identifier blocked; the rest for their Client Identifier.
//!
//! Pure: time is an argument. The memory is bounded: once so many are watched as can be, others are
//! not, until those in the table have behaved for a window.

mod table;

use std::fmt;
use std::time::Duration;

pub(super) use self::table::{Measure, Subject, Table, network};
use super::counters::Kind;

/// What some clients do too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Abuse {
    /// An address connects; counted at its CONNECT.
    AddressConnect,
    /// A connection that never becomes MQTT: no CONNECT in time, something else, or nothing.
    NoConnect,
    /// A login fails.
    FailedLogin,
    /// A client connects; counted when it is accepted.
    ClientConnect,
    /// A client's connection ends without DISCONNECT, or because it broke the protocol.
    AbnormalEnd,
    /// A client publishes or subscribes what it may not: it may be looking for topics.
    Refusal,
    /// A client publishes a message that nobody gets.
    UnwantedMessage,
}

impl Abuse {
    /// Whether it is about connecting too often, and not about what comes of it.
    pub(super) fn is_rate(self) -> bool {
        matches!(self, Self::AddressConnect | Self::ClientConnect)
    }
}

impl Kind for Abuse {
    const NAMES: &'static [&'static str] = &[
        "address_connects",
        "no_connects",
        "failed_logins",
        "client_connects",
        "abnormal_ends",
        "refusals",
        "unwanted_messages",
    ];

    fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Abuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AddressConnect | Self::ClientConnect => "CONNECTs",
            Self::NoConnect => "connections without CONNECT",
            Self::FailedLogin => "failed logins",
            Self::AbnormalEnd => "abnormal ends of its connection",
            Self::Refusal => "refused messages and subscriptions",
            Self::UnwantedMessage => "messages that nobody gets",
        })
    }
}

/// How much abnormal behaviour is borne. A count is the one within [`AbuseLimits::window`] that
/// leads to a block; 0: any.
///
/// A blocked client is answered 0x9F (Connection rate exceeded) if it has connected too often, else
/// 0x8A (Banned); before MQTT 5.0 with return code 3 or 5. If it is connected when its Client
/// Identifier is blocked, MQTT 5.0 is told by DISCONNECT with 0x98 (Administrative action).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AbuseLimits {
    /// The time over which is counted.
    pub window: Duration,
    /// How long a block lasts.
    pub block: Duration,
    /// CONNECTs of an address.
    pub address_connects: u32,
    /// Connections of an address without CONNECT.
    pub no_connects: u32,
    /// Failed logins of an address.
    pub failed_logins: u32,
    /// CONNECTs of a client.
    pub client_connects: u32,
    /// A client's connections that end without DISCONNECT, or because it broke the protocol.
    pub abnormal_ends: u32,
    /// Messages and subscriptions of a client that are refused, since it may not.
    pub refusals: u32,
    /// Messages of a client that nobody gets.
    pub unwanted_messages: u32,
    /// Whether clients on this machine are watched as well.
    pub watches_loopback: bool,
    /// Addresses and Client Identifiers that are watched at a time.
    pub max_watched: usize,
}

impl Default for AbuseLimits {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(60),
            block: Duration::from_secs(60),
            address_connects: 0,
            no_connects: 100,
            failed_logins: 20,
            client_connects: 100,
            abnormal_ends: 60,
            refusals: 200,
            unwanted_messages: 0,
            watches_loopback: false,
            max_watched: 65_536,
        }
    }
}

impl AbuseLimits {
    fn limit(&self, abuse: Abuse) -> u32 {
        match abuse {
            Abuse::AddressConnect => self.address_connects,
            Abuse::NoConnect => self.no_connects,
            Abuse::FailedLogin => self.failed_logins,
            Abuse::ClientConnect => self.client_connects,
            Abuse::AbnormalEnd => self.abnormal_ends,
            Abuse::Refusal => self.refusals,
            Abuse::UnwantedMessage => self.unwanted_messages,
        }
    }
}
