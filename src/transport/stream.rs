//! A connection as a stream of bytes, whatever it runs over.

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsStream;

use super::lazy_tcp::LazyTcp;
use super::tls::ClientCertificate;
use super::websocket::WebSocket;

/// An open connection, of a client or of a server.
///
/// Bytes handed to `poll_write` may still wait inside a TLS session or a WebSocket: flush when
/// done writing. One task should do both the reading and the writing, since reading may have to
/// write (a Pong, a TLS key update).
///
/// The end of the stream is the same for all of them: a read of no bytes. MQTT can tell by itself
/// whether something was cut off.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stream {
    /// TCP
    Tcp(TcpStream),
    /// TCP, accepted by a server, or begun by [`Connector::begin_from`](super::Connector::begin_from).
    LazyTcp(LazyTcp),
    /// A Unix domain socket.
    Unix(UnixStream),
    /// TLS over TCP.
    Tls(Box<TlsStream<TcpStream>>),
    /// WebSocket over any other.
    WebSocket(Box<WebSocket>),
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self::Tcp(stream)
    }
}

impl From<LazyTcp> for Stream {
    fn from(stream: LazyTcp) -> Self {
        Self::LazyTcp(stream)
    }
}

impl From<UnixStream> for Stream {
    fn from(stream: UnixStream) -> Self {
        Self::Unix(stream)
    }
}

impl From<TlsStream<TcpStream>> for Stream {
    fn from(stream: TlsStream<TcpStream>) -> Self {
        Self::Tls(Box::new(stream))
    }
}

impl From<WebSocket> for Stream {
    fn from(stream: WebSocket) -> Self {
        Self::WebSocket(Box::new(stream))
    }
}

impl Stream {
    /// The other end: `127.0.0.1:1883`, or the path of a Unix socket (empty if it has none).
    ///
    /// # Errors
    ///
    /// The connection is gone.
    pub fn peer_address(&self) -> io::Result<String> {
        match self {
            Self::Tcp(tcp) => tcp.peer_addr().map(|address| address.to_string()),
            Self::LazyTcp(tcp) => tcp.peer_addr().map(|address| address.to_string()),
            Self::Tls(tls) => tls
                .get_ref()
                .0
                .peer_addr()
                .map(|address| address.to_string()),
            Self::Unix(unix) => unix.peer_addr().map(|address| path_of(&address)),
            Self::WebSocket(websocket) => websocket.inner().peer_address(),
        }
    }

    /// Whether there is something above the socket that ends in its own way: TLS or a WebSocket.
    pub fn has_layers(&self) -> bool {
        match self {
            Self::Tcp(_) | Self::LazyTcp(_) | Self::Unix(_) => false,
            Self::Tls(_) | Self::WebSocket(_) => true,
        }
    }

    /// Makes closing the connection reset it, so that a proxy can pass on a reset. Unix sockets cannot
    /// be reset.
    pub fn reset_on_close(&self) {
        // At worst the peer sees an end instead.
        let _ = match self {
            Self::Tcp(tcp) => tcp.set_zero_linger(),
            Self::LazyTcp(tcp) => tcp.set_zero_linger(),
            Self::Tls(tls) => tls.get_ref().0.set_zero_linger(),
            Self::Unix(_) => Ok(()),
            Self::WebSocket(websocket) => {
                websocket.inner().reset_on_close();
                Ok(())
            }
        };
    }

    /// The certificate of the client at the other end, if the connection is encrypted and the client
    /// was asked for one.
    pub fn client_certificate(&self) -> Option<ClientCertificate> {
        match self {
            Self::Tls(tls) => ClientCertificate::new(tls.get_ref().1.peer_certificates()?),
            Self::WebSocket(websocket) => websocket.inner().client_certificate(),
            Self::Tcp(_) | Self::LazyTcp(_) | Self::Unix(_) => None,
        }
    }

    /// Whether the client asked for a WebSocket that carries nothing but MQTT 3.1.
    pub fn is_for_v3_1(&self) -> bool {
        matches!(self, Self::WebSocket(websocket) if websocket.is_for_v3_1())
    }

    /// What TLS agreed on, if the connection is encrypted.
    pub fn tls(&self) -> Option<TlsSummary> {
        match self {
            Self::Tls(tls) => Some(TlsSummary::of(tls.get_ref().1)),
            Self::WebSocket(websocket) => websocket.inner().tls(),
            Self::Tcp(_) | Self::LazyTcp(_) | Self::Unix(_) => None,
        }
    }
}

fn path_of(address: &tokio::net::unix::SocketAddr) -> String {
    address
        .as_pathname()
        .map(|path| path.display().to_string())
        .unwrap_or_default()
}

/// What a TLS handshake agreed on; prints as `TLSv1_3, TLS13_AES_256_GCM_SHA384, resumed`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsSummary {
    /// The version, as rustls names it.
    pub version: String,
    /// The cipher suite, as rustls (and `--ciphers`) names it.
    pub cipher: String,
    /// The application protocol (ALPN), if the server chose one.
    pub alpn: Option<String>,
    /// Whether an earlier session was resumed, so that no certificate had to be verified.
    pub resumed: bool,
}

impl TlsSummary {
    fn of(session: &rustls::CommonState) -> Self {
        Self {
            version: session
                .protocol_version()
                .map(|version| format!("{version:?}"))
                .unwrap_or_default(),
            cipher: session
                .negotiated_cipher_suite()
                .map(|suite| format!("{:?}", suite.suite()))
                .unwrap_or_default(),
            alpn: session
                .alpn_protocol()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
            resumed: session.handshake_kind() == Some(rustls::HandshakeKind::Resumed),
        }
    }
}

impl fmt::Display for TlsSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.version, self.cipher)?;
        if let Some(alpn) = &self.alpn {
            write!(f, ", {alpn}")?;
        }
        if self.resumed {
            f.write_str(", resumed")?;
        }
        Ok(())
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Self::LazyTcp(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Self::Unix(unix) => Pin::new(unix).poll_read(cx, buf),
            Self::Tls(tls) => match ready!(Pin::new(tls).poll_read(cx, buf)) {
                // Many servers close the socket without a TLS close_notify.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
                result => Poll::Ready(result),
            },
            Self::WebSocket(websocket) => Pin::new(&mut **websocket).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Self::LazyTcp(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Self::Unix(unix) => Pin::new(unix).poll_write(cx, buf),
            Self::Tls(tls) => Pin::new(tls).poll_write(cx, buf),
            Self::WebSocket(websocket) => Pin::new(&mut **websocket).poll_write(cx, buf),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_write_vectored(cx, bufs),
            Self::LazyTcp(tcp) => Pin::new(tcp).poll_write_vectored(cx, bufs),
            Self::Unix(unix) => Pin::new(unix).poll_write_vectored(cx, bufs),
            Self::Tls(tls) => Pin::new(tls).poll_write_vectored(cx, bufs),
            Self::WebSocket(websocket) => Pin::new(&mut **websocket).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Tcp(tcp) => tcp.is_write_vectored(),
            Self::LazyTcp(tcp) => tcp.is_write_vectored(),
            Self::Unix(unix) => unix.is_write_vectored(),
            Self::Tls(tls) => tls.is_write_vectored(),
            Self::WebSocket(websocket) => websocket.is_write_vectored(),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_flush(cx),
            Self::LazyTcp(tcp) => Pin::new(tcp).poll_flush(cx),
            Self::Unix(unix) => Pin::new(unix).poll_flush(cx),
            Self::Tls(tls) => Pin::new(tls).poll_flush(cx),
            Self::WebSocket(websocket) => Pin::new(&mut **websocket).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Self::LazyTcp(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Self::Unix(unix) => Pin::new(unix).poll_shutdown(cx),
            Self::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
            Self::WebSocket(websocket) => Pin::new(&mut **websocket).poll_shutdown(cx),
        }
    }
}
