//! Who is at the other end of a connection that a server accepted.

use std::fmt;
use std::net::SocketAddr;

use tokio::net::UnixStream;

/// Where a connection comes from; prints as `127.0.0.1:50222`, or `Unix socket, process 4711`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Peer {
    /// A TCP port.
    Tcp(SocketAddr),
    /// A process of this machine, by a Unix socket.
    Unix {
        /// Its number, if the operating system tells.
        process: Option<u32>,
    },
}

impl Peer {
    pub(super) fn of_unix(stream: &UnixStream) -> Self {
        let credentials = stream.peer_cred().ok();
        let process = credentials.and_then(|peer| u32::try_from(peer.pid()?).ok());
        Self::Unix { process }
    }
}

impl From<SocketAddr> for Peer {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix { process: None } => f.write_str("Unix socket"),
            Self::Unix {
                process: Some(process),
            } => write!(f, "Unix socket, process {process}"),
        }
    }
}
