//! Bytes and where they come from.

use core::net::SocketAddr;

/// When something was captured: nanoseconds since the beginning of 1970 (UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

/// Which way bytes travel in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the Client to the Server.
    ToServer,
    /// From the Server to the Client.
    ToClient,
    /// Nobody knows: a dump, or a capture in which nothing tells.
    #[default]
    Unknown,
}

/// Where bytes come from.
///
/// The default is that of a dump: no time, no addresses, no direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The conversation's number, from 0.
    pub stream: u32,
    /// Which way they travel in it.
    pub direction: Direction,
    /// When they were captured.
    pub time: Option<Time>,
    /// Who sent them.
    pub src: Option<SocketAddr>,
    /// Who was to get them.
    pub dst: Option<SocketAddr>,
}

/// A piece of what one end of a conversation sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// Where it comes from. A conversation has two directions, told apart by
    /// [`direction`](Origin::direction) and, where that is unknown, by [`src`](Origin::src).
    pub origin: Origin,
    /// What was sent.
    pub data: Data<'a>,
}

/// What a [`Chunk`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data<'a> {
    /// Bytes, which follow those of the direction's chunk before.
    Bytes(&'a [u8]),
    /// This many bytes were sent but not captured; 0 if their number is unknown, as when a capture begins
    /// in the middle of a conversation.
    Gap(u64),
    /// Bytes of this direction are missing, and may still come: meanwhile, what the other
    /// direction says may be about them.
    Late,
    /// Nothing more comes in this direction.
    End,
}
