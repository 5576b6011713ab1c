//! Opening connections to one target, again and again.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, UnixStream};
use tokio::time::{Instant, timeout_at};

use super::error::{ConnectError, Phase};
use super::lazy_tcp::LazyTcp;
use super::stream::Stream;
use super::target::{Address, Target, host_and_port};
use super::tls::TlsClient;
use super::websocket::{Opening, Role, WebSocket};
use super::{socks, srv, tcp};

/// Opens connections to one [`Target`]. Certificates are read once, and TLS sessions are kept, so that
/// a reconnect can resume one instead of doing a full handshake.
///
/// ```no_run
/// # async fn example() -> Result<(), mqtk::transport::ConnectError> {
/// use std::time::Duration;
/// use mqtk::transport::{Address, Connector, Target};
///
/// let connector = Connector::new(&Target::new(Address::tcp("localhost", 1883)))?;
/// let stream = connector.connect_within(Duration::from_secs(10)).await?;
/// # drop(stream);
/// # Ok(())
/// # }
/// ```
pub struct Connector {
    target: Target,
    tls: Option<TlsClient>,
    websocket: Option<Opening>,
    /// The addresses of a host that TCP alone leads to and nobody needs to be asked for.
    known: Vec<SocketAddr>,
}

/// A TCP connection that has begun, and that nobody has waited for.
#[derive(Debug)]
pub struct Begun {
    /// Can be used like any other; what fails in TCP's handshake fails its first write.
    pub stream: Stream,
    /// The other end.
    pub peer: SocketAddr,
}

/// How long the phases of a connection attempt took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Finding the host and opening the TCP connection (through the proxy, if there is one) or the
    /// Unix socket.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// The WebSocket handshake.
    pub websocket: Option<Duration>,
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

impl Connector {
    /// Checks the options and reads the files they name.
    ///
    /// # Errors
    ///
    /// [`ConnectError::File`] and [`ConnectError::Options`]: both are final.
    pub fn new(target: &Target) -> Result<Self, ConnectError> {
        if let Address::Srv { domain } = &target.address {
            srv::check(target, domain)?;
        }
        let over_unix = |what: &str| {
            ConnectError::Options(format!("a Unix socket does not go together with {what}"))
        };
        let tls = match (&target.tls, &target.address) {
            (Some(options), Address::Tcp { host, .. } | Address::Srv { domain: host }) => {
                Some(TlsClient::new(options, host)?)
            }
            (Some(_), Address::Unix(_)) => return Err(over_unix("TLS")),
            (None, _) => None,
        };
        if target.proxy.is_some() && matches!(target.address, Address::Unix(_)) {
            return Err(over_unix("a proxy"));
        }
        let websocket = match &target.websocket {
            Some(options) => Some(Opening::new(options, &authority(target))?),
            None => None,
        };
        let known = match (&target.address, &target.proxy, &tls, &websocket) {
            (Address::Tcp { host, port }, None, None, None) => tcp::known(host, *port),
            _ => None,
        };
        Ok(Self {
            target: target.clone(),
            tls,
            websocket,
            known: known.unwrap_or_default(),
        })
    }

    /// Opens a connection, with this time for all phases together.
    ///
    /// # Errors
    ///
    /// What failed, where and why; or [`ConnectError::Timeout`], with what it was waiting for.
    pub async fn connect_within(&self, limit: Duration) -> Result<Stream, ConnectError> {
        self.connect_timed(limit).await.map(|(stream, _)| stream)
    }

    /// Like [`connect_within`](Connector::connect_within); also returns how long the phases took.
    ///
    /// # Errors
    ///
    /// Those of [`connect_within`](Connector::connect_within).
    pub async fn connect_timed(&self, limit: Duration) -> Result<(Stream, Timings), ConnectError> {
        self.connect_from(self.target.bind, limit).await
    }

    /// Like [`connect_timed`](Connector::connect_timed), from this local address.
    ///
    /// # Errors
    ///
    /// Those of [`connect_within`](Connector::connect_within).
    pub async fn connect_from(
        &self,
        from: Option<IpAddr>,
        limit: Duration,
    ) -> Result<(Stream, Timings), ConnectError> {
        // A limit too long for the clock is no limit.
        let deadline = Deadline(Instant::now().checked_add(limit).map(|at| (at, limit)));
        let mut timings = Timings::default();
        let stream = self.open(from, deadline, &mut timings).await?;
        Ok((stream, timings))
    }

    /// Begins a connection from this local address, and waits for nothing: over loopback it stands
    /// by then. `None` where it takes more than TCP's handshake with the one address that there is:
    /// that is for [`connect_from`](Connector::connect_from).
    ///
    /// # Errors
    ///
    /// [`ConnectError::Tcp`]
    pub fn begin_from(&self, from: Option<IpAddr>) -> Option<Result<Begun, ConnectError>> {
        let is_usable =
            |address: &&SocketAddr| from.is_none_or(|from| from.is_ipv4() == address.is_ipv4());
        let mut usable = self.known.iter().filter(is_usable);
        let peer = *usable.next()?;
        let begun = tcp::begin(peer, self.tcp_options(from));
        let begun = match usable.next() {
            None => begun.map_err(|error| ConnectError::tcp(&self.target.address, peer, error)),
            // Until it stands the other address may be the one.
            Some(_) => Ok(begun.ok().filter(|tcp| tcp.peer_addr().is_ok())?),
        };
        Some(begun.map(|tcp| Begun {
            stream: LazyTcp::new(tcp).into(),
            peer,
        }))
    }

    async fn open(
        &self,
        from: Option<IpAddr>,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Stream, ConnectError> {
        let address = &self.target.address;
        let began = Instant::now();
        let stream = match address {
            Address::Unix(path) => {
                let failed = |source| ConnectError::Unix {
                    path: path.clone(),
                    source,
                };
                let connecting = async { UnixStream::connect(path).await.map_err(failed) };
                let unix = deadline.limit(address, Phase::Connect, connecting).await?;
                timings.connect = began.elapsed();
                Stream::from(unix)
            }
            Address::Tcp { host, port } => {
                let tcp = self.tcp(host, *port, from, deadline).await?;
                timings.connect = began.elapsed();
                self.encrypt(tcp, address, deadline, timings).await?
            }
            Address::Srv { domain } => {
                let (tcp, found) = self.by_srv(domain, from, deadline).await?;
                timings.connect = began.elapsed();
                self.encrypt(tcp, &found, deadline, timings).await?
            }
        };
        let Some(opening) = &self.websocket else {
            return Ok(stream);
        };
        let began = Instant::now();
        let upgrading = self.upgrade(stream, opening);
        let stream = deadline.limit(address, Phase::WebSocket, upgrading).await?;
        timings.websocket = Some(began.elapsed());
        Ok(stream)
    }

    /// A TCP connection to the target, through the proxy if there is one.
    async fn tcp(
        &self,
        host: &str,
        port: u16,
        from: Option<IpAddr>,
        deadline: Deadline,
    ) -> Result<TcpStream, ConnectError> {
        let options = self.tcp_options(from);
        let (next_host, next_port) = match &self.target.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (host, port),
        };
        let address = &self.target.address;
        let found = deadline
            .limit(
                address,
                Phase::Name,
                tcp::resolve(next_host, next_port, options),
            )
            .await?;
        let connecting = async {
            let connected = tcp::connect(next_host, next_port, found, options).await;
            connected.map_err(|error| match (error, &self.target.proxy) {
                (ConnectError::Tcp { address, tried }, Some(_)) => ConnectError::ProxyTcp {
                    proxy: address,
                    tried,
                },
                (error, _) => error,
            })
        };
        let mut tcp = deadline.limit(address, Phase::Connect, connecting).await?;
        if let Some(proxy) = &self.target.proxy {
            let asking = async {
                socks::negotiate(&mut tcp, proxy, host, port)
                    .await
                    .map_err(|source| ConnectError::Proxy {
                        address: address.to_string(),
                        proxy: proxy.to_string(),
                        source,
                    })
            };
            deadline.limit(address, Phase::Proxy, asking).await?;
        }
        Ok(tcp)
    }

    /// A TCP connection to a host that the domain names, and its address.
    async fn by_srv(
        &self,
        domain: &str,
        from: Option<IpAddr>,
        deadline: Deadline,
    ) -> Result<(TcpStream, Address), ConnectError> {
        let address = &self.target.address;
        let service = srv::service(domain, self.tls.is_some());
        let looking = srv::look_up(&service, &self.target.dns);
        let offers = deadline.limit(address, Phase::Srv, looking).await?;
        let connecting = srv::connect(&service, offers, self.tcp_options(from));
        deadline.limit(address, Phase::Connect, connecting).await
    }

    fn tcp_options(&self, from: Option<IpAddr>) -> tcp::Options {
        tcp::Options {
            bind: from,
            nodelay: self.target.nodelay,
        }
    }

    async fn encrypt(
        &self,
        tcp: TcpStream,
        address: &Address,
        deadline: Deadline,
        timings: &mut Timings,
    ) -> Result<Stream, ConnectError> {
        let Some(tls) = &self.tls else {
            return Ok(tcp.into());
        };
        let shaking = async {
            tls.connect(tcp)
                .await
                .map_err(|error: io::Error| ConnectError::tls(address.to_string(), &error))
        };
        let began = Instant::now();
        let stream = deadline.limit(address, Phase::Tls, shaking).await?;
        timings.tls = Some(began.elapsed());
        Ok(Stream::from(stream))
    }

    async fn upgrade(&self, mut stream: Stream, opening: &Opening) -> Result<Stream, ConnectError> {
        match opening.perform(&mut stream).await {
            Ok(early) => Ok(WebSocket::new(stream, Role::Client, early).into()),
            Err(source) => Err(ConnectError::WebSocket {
                address: self.target.address.to_string(),
                path: opening.path().to_owned(),
                source,
            }),
        }
    }
}

/// The value of the Host header: the port only where it is not the scheme's own.
fn authority(target: &Target) -> String {
    let default_port = if target.tls.is_some() { 443 } else { 80 };
    match &target.address {
        Address::Tcp { host, port } if *port == default_port => {
            if host.contains(':') {
                format!("[{host}]")
            } else {
                host.clone()
            }
        }
        Address::Tcp { host, port } => host_and_port(host, *port),
        Address::Srv { .. } | Address::Unix(_) => "localhost".to_owned(),
    }
}

/// When to give up, and the time that was given.
#[derive(Clone, Copy)]
struct Deadline(Option<(Instant, Duration)>);

impl Deadline {
    async fn limit<T>(
        self,
        address: &Address,
        phase: Phase,
        work: impl Future<Output = Result<T, ConnectError>>,
    ) -> Result<T, ConnectError> {
        let Some((at, limit)) = self.0 else {
            return work.await;
        };
        match timeout_at(at, work).await {
            Ok(result) => result,
            Err(_) => Err(ConnectError::Timeout {
                address: address.to_string(),
                phase,
                limit,
            }),
        }
    }
}
