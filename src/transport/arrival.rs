//! A connection that was accepted, and the handshakes that make it a [`Stream`].

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::error::reason;
use super::lazy_tcp::LazyTcp;
use super::peer::Peer;
use super::stream::Stream;
use super::tls::{TlsServer, explain_refusal};
use super::websocket::{self, Served, UpgradeError, WebSocket};

/// A connection that was accepted.
#[derive(Debug)]
pub struct Arrival {
    peer: Peer,
    socket: Accepted,
    /// For a connection that has to become a WebSocket: where these are served.
    websocket: Option<Served>,
}

/// Its socket.
pub(super) enum Accepted {
    Tcp(LazyTcp),
    /// The TLS handshake may run on a thread without an event queue, so the socket is registered with
    /// that of its listener from the start.
    Tls(TcpStream, TlsServer),
    Unix(UnixStream),
}

impl Arrival {
    pub(super) fn new(peer: Peer, socket: Accepted, websocket: Option<Served>) -> Self {
        Self {
            peer,
            socket,
            websocket,
        }
    }

    /// Where it comes from.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// Whether there is a handshake before MQTT begins: TLS, WebSocket or both.
    pub fn has_handshake(&self) -> bool {
        self.has_tls() || self.websocket.is_some()
    }

    /// Whether there is the handshake of TLS, which costs more than anything else here.
    pub fn has_tls(&self) -> bool {
        matches!(self.socket, Accepted::Tls(..))
    }

    /// The stream of an arrival without a handshake.
    ///
    /// # Errors
    ///
    /// The arrival itself, if it has one.
    pub fn into_stream(self) -> Result<Stream, Self> {
        match self.socket {
            Accepted::Tcp(tcp) if self.websocket.is_none() => Ok(tcp.into()),
            Accepted::Unix(unix) if self.websocket.is_none() => Ok(unix.into()),
            socket => Err(Self { socket, ..self }),
        }
    }

    /// Does the handshakes, all of them within this time.
    ///
    /// # Errors
    ///
    /// Why there is no stream. The client has been told, if the protocol has a way to do so.
    pub async fn handshake(self, limit: Duration) -> Result<Stream, AcceptError> {
        timeout(limit, self.handshakes())
            .await
            .unwrap_or(Err(AcceptError::Timeout(limit)))
    }

    async fn handshakes(self) -> Result<Stream, AcceptError> {
        let mut stream = match self.socket {
            Accepted::Tcp(tcp) => tcp.into(),
            Accepted::Tls(tcp, tls) => tls.accept(tcp).await?.into(),
            Accepted::Unix(unix) => Stream::from(unix),
        };
        let Some(served) = &self.websocket else {
            return Ok(stream);
        };
        let upgraded = websocket::accept(&mut stream, served).await?;
        Ok(WebSocket::accepted(stream, upgraded).into())
    }
}

impl fmt::Debug for Accepted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(tcp) => f.debug_tuple("Tcp").field(tcp).finish(),
            Self::Tls(tcp, _) => f.debug_tuple("Tls").field(tcp).finish_non_exhaustive(),
            Self::Unix(unix) => f.debug_tuple("Unix").field(unix).finish(),
        }
    }
}

/// Why an accepted connection did not become a stream.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// The connection broke during the TLS handshake, or TLS failed.
    #[error("no TLS session: {0}")]
    Tls(String),
    /// There is no WebSocket.
    #[error("no WebSocket: {0}")]
    WebSocket(#[from] UpgradeError),
    /// The handshake took too long.
    #[error("the handshake took longer than {} s", .0.as_secs_f64())]
    Timeout(Duration),
}

/// An error of the TLS handshake.
impl From<io::Error> for AcceptError {
    fn from(error: io::Error) -> Self {
        let rustls = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        Self::Tls(match (rustls, error.kind()) {
            (Some(error), _) => explain_refusal(error),
            (None, io::ErrorKind::UnexpectedEof) => {
                "the client closed the connection in the handshake: \
                 it may not accept our certificate"
                    .to_owned()
            }
            (None, _) => reason(&error),
        })
    }
}
