//! Listening: sockets, and the connections they accept.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::task::{Context, Poll, ready};

use tokio::net::{TcpStream, UnixListener};

use super::arrival::{Accepted, Arrival};
use super::error::{ConnectError, reason};
use super::lazy_tcp::LazyTcp;
use super::listen_url::ListenUrl;
use super::peer::Peer;
use super::target::Address;
use super::tcp_listener::TcpListener;
use super::tls::{ClientCertificate, ServerTlsOptions, TlsServer};
use super::websocket::Served;

/// An open place to listen at. It must be made and used within a tokio runtime.
///
/// ```
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// use mqtk::transport::Listener;
///
/// let urls = ["mqtt://127.0.0.1:0".parse()?, "ws://127.0.0.1:0/mqtt".parse()?];
/// for listener in Listener::bind_all(&urls, None)? {
///     println!("{}", listener.url());
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Listener {
    url: ListenUrl,
    socket: Socket,
    layers: Layers,
}

/// What a connection has to go through before it is a stream of MQTT.
struct Layers {
    tls: Option<TlsServer>,
    websocket: Option<Served>,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layers")
            .field("tls", &self.tls.is_some())
            .field("websocket", &self.websocket)
            .finish()
    }
}

#[derive(Debug)]
enum Socket {
    Tcp(TcpListener),
    Unix {
        listener: UnixListener,
        _file: SocketFile,
    },
}

impl Listener {
    /// Listens at all these places. `tls` is for those with `mqtts` and `wss`.
    ///
    /// # Errors
    ///
    /// An address is in use or not ours, something is wrong with a file, or a certificate is missing.
    /// Then nothing listens.
    pub fn bind_all(
        urls: &[ListenUrl],
        tls: Option<&ServerTlsOptions>,
    ) -> Result<Vec<Self>, ListenError> {
        let secure = || urls.iter().filter(|url| url.scheme.is_tls());
        let tls = match tls {
            Some(options) => Some(TlsServer::new(options, secure().filter_map(host_of))?),
            None if secure().next().is_some() => Some(TlsServer::new(
                &ServerTlsOptions::default(),
                std::iter::empty(),
            )?),
            None => None,
        };
        urls.iter()
            .map(|url| {
                let layers = Layers {
                    tls: tls.clone().filter(|_| url.scheme.is_tls()),
                    websocket: url
                        .scheme
                        .is_websocket()
                        .then(|| Served::at(url.path.as_deref())),
                };
                Self::bind(url, layers).map_err(|source| ListenError::Bind {
                    url: url.to_string(),
                    source,
                })
            })
            .collect()
    }

    fn bind(url: &ListenUrl, layers: Layers) -> io::Result<Self> {
        let (url, socket) = match &url.address {
            Address::Tcp { host, port } => {
                let listener = TcpListener::bind(host, *port)?;
                let port = listener.local_addr()?.port();
                (url.with_port(port), Socket::Tcp(listener))
            }
            Address::Srv { .. } => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidInput,
                    "SRV records say where to connect, not where to listen",
                ));
            }
            Address::Unix(path) => {
                let socket = Socket::Unix {
                    listener: bind_unix(path)?,
                    _file: SocketFile(path.clone()),
                };
                (url.clone(), socket)
            }
        };
        Ok(Self {
            url,
            socket,
            layers,
        })
    }

    /// Where it listens, with the port that was picked.
    pub fn url(&self) -> &ListenUrl {
        &self.url
    }

    /// The address of its socket; `None` for a Unix socket.
    pub fn tcp_address(&self) -> Option<SocketAddr> {
        match &self.socket {
            Socket::Tcp(listener) => listener.local_addr().ok(),
            Socket::Unix { .. } => None,
        }
    }

    /// Whether only this machine reaches it: a Unix socket, or a loopback address.
    pub fn is_local(&self) -> bool {
        match &self.socket {
            Socket::Tcp(listener) => listener
                .local_addr()
                .is_ok_and(|address| address.ip().is_loopback()),
            Socket::Unix { .. } => true,
        }
    }

    /// Whether only clients with a certificate that it trusts get through its handshake.
    pub fn demands_certificate(&self) -> bool {
        let tls = self.layers.tls.as_ref();
        tls.is_some_and(TlsServer::demands_certificate)
    }

    /// Reads the files of TLS again, for listeners that were bound together. If something is wrong with
    /// one of them, nothing changes.
    ///
    /// # Errors
    ///
    /// What is wrong with a file.
    pub fn renew_tls<'a>(
        listeners: impl Iterator<Item = &'a Self> + Clone,
        options: &ServerTlsOptions,
    ) -> Result<(), ConnectError> {
        let mut secure = listeners.filter(|listener| listener.layers.tls.is_some());
        let hosts = secure.clone().filter_map(|listener| host_of(&listener.url));
        // All of them share one `TlsServer`.
        match secure
            .next()
            .and_then(|listener| listener.layers.tls.as_ref())
        {
            Some(tls) => tls.renew(options, hosts),
            None => Ok(()),
        }
    }

    /// Whether a client with this certificate would get through its handshake now.
    pub fn trusts(&self, certificate: &ClientCertificate) -> bool {
        let tls = self.layers.tls.as_ref();
        tls.is_none_or(|tls| tls.trusts(certificate))
    }

    /// Accepts a connection, whose handshakes are still to come.
    ///
    /// # Errors
    ///
    /// Those of the operating system; the next attempt may succeed.
    pub fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Arrival>> {
        let (socket, peer) = match &self.socket {
            Socket::Tcp(listener) => {
                let (stream, peer) = ready!(listener.poll_accept(cx))?;
                let socket = match &self.layers.tls {
                    Some(tls) => Accepted::Tls(TcpStream::from_std(stream)?, tls.clone()),
                    None => Accepted::Tcp(LazyTcp::new(stream)),
                };
                (socket, Peer::Tcp(peer))
            }
            Socket::Unix { listener, .. } => {
                let (stream, _) = ready!(listener.poll_accept(cx))?;
                let peer = Peer::of_unix(&stream);
                (Accepted::Unix(stream), peer)
            }
        };
        let websocket = self.layers.websocket.clone();
        Poll::Ready(Ok(Arrival::new(peer, socket, websocket)))
    }
}

/// The name or address in the URL, unless it stands for every address of this machine.
fn host_of(url: &ListenUrl) -> Option<String> {
    match &url.address {
        Address::Tcp { host, .. } if !matches!(host.as_str(), "0.0.0.0" | "::") => {
            Some(host.clone())
        }
        _ => None,
    }
}

/// Binds a Unix socket. A file that is left of a socket that nobody listens on any more is replaced.
fn bind_unix(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            if !is_socket(path) {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            match std::os::unix::net::UnixStream::connect(path) {
                Err(refused) if refused.kind() == io::ErrorKind::ConnectionRefused => {
                    std::fs::remove_file(path)?;
                    UnixListener::bind(path)
                }
                _ => Err(error),
            }
        }
        result => result,
    }
}

fn is_socket(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    std::fs::symlink_metadata(path).is_ok_and(|file| file.file_type().is_socket())
}

/// The file of a Unix socket, which is removed when this is dropped.
#[derive(Debug)]
struct SocketFile(PathBuf);

impl Drop for SocketFile {
    fn drop(&mut self) {
        // Somebody else may have removed it.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Why nothing listens.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// The place is taken, or not ours to listen at.
    #[error("cannot listen on {url}: {}", why(source))]
    Bind {
        /// The place.
        url: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// An option, or a file that one names.
    #[error(transparent)]
    Options(#[from] ConnectError),
}

impl From<ListenError> for io::Error {
    fn from(error: ListenError) -> Self {
        let kind = match &error {
            ListenError::Bind { source, .. } => source.kind(),
            ListenError::Options(_) => io::ErrorKind::InvalidInput,
        };
        Self::new(kind, error)
    }
}

fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "address in use: another broker runs there; port 0 is a free one".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied: ports below 1024 are the administrator's".to_owned()
        }
        io::ErrorKind::AlreadyExists => "there is a file that is no socket".to_owned(),
        io::ErrorKind::AddrNotAvailable => "it is no address of this machine".to_owned(),
        _ => reason(error),
    }
}
