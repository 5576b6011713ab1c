//! Where to connect and through what: plain options, no behaviour beyond reading and printing.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use super::dns::DnsServers;
use super::socks::Proxy;

/// The place a peer listens at.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// A TCP port of a host.
    Tcp {
        /// A name, an IPv4 address or an IPv6 address (without brackets).
        host: String,
        /// The port.
        port: u16,
    },
    /// Whichever host the domain names as its broker, by SRV records in DNS.
    Srv {
        /// The domain, in full.
        domain: String,
    },
    /// A Unix domain socket.
    Unix(PathBuf),
}

impl Address {
    /// A TCP port of a host; brackets around an IPv6 address are removed.
    pub fn tcp(host: &str, port: u16) -> Self {
        let bare = host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        Self::Tcp {
            host: bare.unwrap_or(host).to_owned(),
            port,
        }
    }
}

/// `host:port`, `[v6]:port`, `domain (SRV)` or the path of the socket.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } => f.write_str(&host_and_port(host, *port)),
            Self::Srv { domain } => write!(f, "{domain} (SRV)"),
            Self::Unix(path) => write!(f, "{}", path.display()),
        }
    }
}

/// `host:port`, with brackets around an IPv6 address.
pub(super) fn host_and_port(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// A peer and the layers between it and us.
///
/// ```
/// use mqtk::transport::{Address, Target, TlsOptions};
///
/// let mut target = Target::new(Address::tcp("test.example", 8883));
/// target.tls = Some(TlsOptions::default());
/// assert_eq!(target.address.to_string(), "test.example:8883");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The peer.
    pub address: Address,
    /// Encrypt with TLS.
    pub tls: Option<TlsOptions>,
    /// Carry the bytes in WebSocket frames (inside TLS, when that is set too).
    pub websocket: Option<WebSocketOptions>,
    /// Reach the peer through a SOCKS5 proxy.
    pub proxy: Option<Proxy>,
    /// The local address to connect from.
    pub bind: Option<IpAddr>,
    /// Whom to ask for SRV records.
    pub dns: DnsServers,
    /// Send small segments at once (TCP_NODELAY); on by default, since writes are batched by
    /// whoever uses the [`Stream`](super::Stream).
    pub nodelay: bool,
}

impl Target {
    /// The peer at `address`, directly and in clear.
    pub fn new(address: Address) -> Self {
        Self {
            address,
            tls: None,
            websocket: None,
            proxy: None,
            bind: None,
            dns: DnsServers::System,
            nodelay: true,
        }
    }
}

/// How to encrypt, whom to trust and who we are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// Do a full handshake on every connection, instead of resuming an earlier session.
    pub no_resumption: bool,
    /// PEM file of trusted certificates. With neither this nor `capath`, the system's are trusted.
    pub cafile: Option<PathBuf>,
    /// Directory of PEM files of trusted certificates.
    pub capath: Option<PathBuf>,
    /// Trust the system's certificates beside those of `cafile` and `capath`.
    pub system_roots: bool,
    /// PEM file of our certificate, followed by its chain.
    pub cert: Option<PathBuf>,
    /// PEM file of our private key: PKCS#8, PKCS#1 or SEC1, unencrypted.
    pub key: Option<PathBuf>,
    /// Accept any certificate: encrypted, but anyone may be at the other end.
    pub insecure: bool,
    /// Application protocols to offer (ALPN), best first.
    pub alpn: Vec<String>,
    /// Use exactly this version; by default 1.3, or 1.2 where the server knows no better.
    pub version: Option<TlsVersion>,
    /// Append the session's secrets to this file, in the format of `SSLKEYLOGFILE`.
    pub keylog: Option<PathBuf>,
    /// PEM file of certificate revocation lists.
    pub crlfile: Option<PathBuf>,
    /// Cipher suites to offer, by their names in rustls, separated by `:` or `,`.
    pub ciphers: Option<String>,
}

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsVersion {
    /// TLS 1.2
    V1_2,
    /// TLS 1.3
    V1_3,
}

impl std::str::FromStr for TlsVersion {
    type Err = String;

    /// Reads `tlsv1.2` or `tlsv1.3`.
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "tlsv1.2" => Ok(Self::V1_2),
            "tlsv1.3" => Ok(Self::V1_3),
            "tlsv1" | "tlsv1.0" | "tlsv1.1" => Err(format!(
                "{text} is broken and not supported: use tlsv1.2 or tlsv1.3"
            )),
            _ => Err(format!(
                "unknown TLS version {text:?}: use tlsv1.2 or tlsv1.3"
            )),
        }
    }
}

/// The HTTP request that opens a WebSocket. The subprotocol is always `mqtt`.
#[derive(Clone, PartialEq, Eq)]
pub struct WebSocketOptions {
    /// The path (and query) to ask for.
    pub path: String,
    /// Additional headers.
    pub headers: Vec<(String, String)>,
}

/// The path is `/mqtt`, where most brokers serve.
impl Default for WebSocketOptions {
    fn default() -> Self {
        Self {
            path: "/mqtt".to_owned(),
            headers: Vec::new(),
        }
    }
}

/// Headers often carry tokens, and so may a query: neither is shown.
impl fmt::Debug for WebSocketOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("WebSocketOptions")
            .field("path", &path)
            .field("headers", &names)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_print_with_brackets_where_they_need_them() {
        assert_eq!(Address::tcp("::1", 1883).to_string(), "[::1]:1883");
        assert_eq!(Address::tcp("[::1]", 1883), Address::tcp("::1", 1883));
        assert_eq!(Address::tcp("a.example", 1).to_string(), "a.example:1");
        assert_eq!(
            Address::Unix("/run/m.sock".into()).to_string(),
            "/run/m.sock"
        );
    }

    #[test]
    fn tls_versions_are_read_and_old_ones_refused_with_the_reason() {
        assert_eq!("tlsv1.3".parse(), Ok(TlsVersion::V1_3));
        assert_eq!("tlsv1.2".parse(), Ok(TlsVersion::V1_2));
        assert!(
            "tlsv1.1"
                .parse::<TlsVersion>()
                .unwrap_err()
                .contains("not supported")
        );
        assert!("ssl".parse::<TlsVersion>().unwrap_err().contains("tlsv1.3"));
    }

    #[test]
    fn header_values_and_queries_are_not_shown() {
        let options = WebSocketOptions {
            path: "/mqtt?token=hidden1".to_owned(),
            headers: vec![("Authorization".to_owned(), "hidden2".to_owned())],
        };
        let shown = format!("{options:?}");
        assert!(
            shown.contains("/mqtt") && shown.contains("Authorization"),
            "{shown}"
        );
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
