//! A connection that was accepted, and the handshakes that make it a [`Stream`].

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use super::error::reason;
use super::peer::Peer;
use super::stream::Stream;
use super::tls::{TlsServer, explain_refusal};
use super::websocket::{self, Role, Served, UpgradeError, WebSocket};

/// A connection that was accepted.
#[derive(Debug)]
pub struct Arrival {
    peer: Peer,
    socket: Accepted,
    layers: Layers,
}

/// Its socket.
#[derive(Debug)]
pub(super) enum Accepted {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Arrival {
    pub(super) fn new(peer: Peer, socket: Accepted, layers: Layers) -> Self {
        Self {
            peer,
            socket,
            layers,
        }
    }

    /// Where it comes from.
    pub fn peer(&self) -> Peer {
        self.peer
    }

    /// Whether there is a handshake before MQTT begins: TLS, WebSocket or both.
    pub fn has_handshake(&self) -> bool {
        self.layers.tls.is_some() || self.layers.websocket.is_some()
    }

    /// Whether there is the handshake of TLS, which costs more than anything else here.
    pub fn has_tls(&self) -> bool {
        self.layers.tls.is_some()
    }

    /// The stream of an arrival without a handshake.
    ///
    /// # Errors
    ///
    /// The arrival itself, if it has one.
    pub fn into_stream(self) -> Result<Stream, Self> {
        if self.has_handshake() {
            return Err(self);
        }
        Ok(match self.socket {
            Accepted::Tcp(tcp) => tcp.into(),
            Accepted::Unix(unix) => unix.into(),
        })
    }

    /// Does the handshakes, within this time over all.
    ///
    /// # Errors
    ///
    /// Why the client has no stream; it has been told where its protocol has words for that.
    pub async fn handshake(self, limit: Duration) -> Result<Stream, AcceptError> {
        timeout(limit, self.handshakes())
            .await
            .unwrap_or(Err(AcceptError::Timeout(limit)))
    }

    async fn handshakes(self) -> Result<Stream, AcceptError> {
        let mut stream = match (self.socket, &self.layers.tls) {
            (Accepted::Tcp(tcp), Some(tls)) => tls.accept(tcp).await?.into(),
            (Accepted::Tcp(tcp), None) => tcp.into(),
            (Accepted::Unix(unix), _) => Stream::from(unix),
        };
        let Some(served) = &self.layers.websocket else {
            return Ok(stream);
        };
        let early = websocket::accept(&mut stream, served).await?;
        Ok(WebSocket::new(stream, Role::Server, early).into())
    }
}

/// What a connection has to go through before it is a stream of MQTT.
#[derive(Clone)]
pub(super) struct Layers {
    pub tls: Option<TlsServer>,
    pub websocket: Option<Served>,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layers")
            .field("tls", &self.tls.is_some())
            .field("websocket", &self.websocket)
            .finish()
    }
}

/// Why a client that was accepted has no stream.
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
