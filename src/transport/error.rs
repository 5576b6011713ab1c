//! Why there is no connection, in one line that says what, where and what to do.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::socks::SocksError;
use super::target::Address;
use super::tls;
use super::websocket::{HandshakeError, Violation};

/// What a connection attempt was doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Looking up the SRV records of a domain.
    Srv,
    /// Looking up the addresses of a name.
    Name,
    /// Opening the TCP connection or the Unix socket.
    Connect,
    /// Asking the SOCKS5 proxy.
    Proxy,
    /// The TLS handshake.
    Tls,
    /// The WebSocket handshake.
    WebSocket,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Srv => "looking up the SRV record",
            Self::Name => "looking up the host name",
            Self::Connect => "waiting for the connection to open",
            Self::Proxy => "waiting for the proxy",
            Self::Tls => "in the TLS handshake",
            Self::WebSocket => "waiting for the answer to the WebSocket request",
        })
    }
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// A file named by an option is missing or not what it should be.
    #[error("cannot use {what} {path:?}: {reason}")]
    File {
        /// The option, as on the command line.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// Options that do not fit together or have no such value.
    #[error("{0}")]
    Options(String),
    /// The host has no address.
    #[error("cannot find the host {host:?}: {reason}")]
    Name {
        /// The name.
        host: String,
        /// What the resolver said.
        reason: String,
    },
    /// DNS does not name a host that offers the service.
    #[error("cannot find the broker by the SRV record {service}: {reason}")]
    Srv {
        /// The name looked up.
        service: String,
        /// What DNS said, and what to do.
        reason: String,
    },
    /// No host that DNS names accepted a TCP connection.
    #[error(
        "no broker of the SRV record {service} can be reached: {}",
        each(tried)
    )]
    Offers {
        /// The name looked up.
        service: String,
        /// What came of each host; at least one.
        tried: Vec<ConnectError>,
    },
    /// No address of the host accepted a TCP connection.
    #[error("cannot connect to {address}: {}", attempts(address, tried, "broker"))]
    Tcp {
        /// The host and port asked for.
        address: String,
        /// Each address tried, with what came of it; at least one.
        tried: Vec<(SocketAddr, io::Error)>,
    },
    /// The Unix socket did not accept a connection.
    #[error("cannot connect to {}: {}", path.display(), unix_reason(source))]
    Unix {
        /// The socket's path.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No address of the proxy accepted a TCP connection.
    #[error(
        "cannot connect to the proxy {proxy}: {}",
        attempts(proxy, tried, "proxy")
    )]
    ProxyTcp {
        /// The proxy's host and port.
        proxy: String,
        /// Each address tried, with what came of it; at least one.
        tried: Vec<(SocketAddr, io::Error)>,
    },
    /// The proxy did not connect us.
    #[error("cannot connect to {address} through the proxy {proxy}: {source}")]
    Proxy {
        /// The host and port asked for.
        address: String,
        /// The proxy's host and port.
        proxy: String,
        /// What it answered.
        source: SocksError,
    },
    /// The TLS handshake failed.
    #[error("no TLS connection to {address}: {reason}")]
    Tls {
        /// The host and port.
        address: String,
        /// What is wrong and what to do.
        reason: String,
    },
    /// The server did not open a WebSocket.
    #[error("no WebSocket at {address}{path}: {source}")]
    WebSocket {
        /// The host and port.
        address: String,
        /// The path asked for, without its query.
        path: String,
        /// What it answered.
        source: HandshakeError,
    },
    /// The time given for the whole attempt is over.
    #[error("no connection to {address} within {} s: timed out {phase}", limit.as_secs_f64())]
    Timeout {
        /// The host and port, or the path of a Unix socket.
        address: String,
        /// What the attempt was doing.
        phase: Phase,
        /// The time given.
        limit: Duration,
    },
}

impl ConnectError {
    /// TCP's handshake with the one address of `target` failed.
    pub fn tcp(target: &Address, peer: SocketAddr, error: io::Error) -> Self {
        Self::Tcp {
            address: target.to_string(),
            tried: vec![(peer, error)],
        }
    }

    pub(super) fn file(what: &'static str, path: &Path, reason: impl fmt::Display) -> Self {
        Self::File {
            what,
            path: path.to_owned(),
            reason: without_number(&reason.to_string()).to_owned(),
        }
    }

    pub(super) fn tls(address: String, error: &io::Error) -> Self {
        let rustls = error
            .get_ref()
            .and_then(|inner| inner.downcast_ref::<rustls::Error>());
        let reason = match (rustls, error.kind()) {
            (Some(error), _) => tls::explain(error),
            (None, io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
                "the server closed the connection in the TLS handshake: does it speak TLS on this port? \
                 (MQTT is usually on 1883 without TLS, on 8883 with it)"
                    .to_owned()
            }
            (None, _) => reason(error),
        };
        Self::Tls { address, reason }
    }

    /// Whether trying again is useless, since the options are at fault and not the network.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::File { .. } | Self::Options(_))
    }
}

/// One error after the other.
fn each(errors: &[ConnectError]) -> String {
    let errors: Vec<_> = errors.iter().map(ConnectError::to_string).collect();
    errors.join("; ")
}

/// Each address with its reason, or the one reason that they all have.
fn attempts(asked: &str, tried: &[(SocketAddr, io::Error)], what: &str) -> String {
    let reasons: Vec<_> = tried.iter().map(|(_, error)| reason(error)).collect();
    let all_refused = tried
        .iter()
        .all(|(_, error)| error.kind() == io::ErrorKind::ConnectionRefused);
    let hint = match all_refused {
        true => format!(": is the {what} running, and is this its port?"),
        false => String::new(),
    };
    match reasons.as_slice() {
        [first, others @ ..] if others.iter().all(|other| other == first) => {
            let addresses: Vec<_> = tried
                .iter()
                .map(|(address, _)| address.ip().to_string())
                .collect();
            let at = match tried {
                [(only, _)] if only.to_string() == asked => String::new(),
                _ => format!(" ({})", addresses.join(", ")),
            };
            format!("{first}{at}{hint}")
        }
        _ => {
            let each: Vec<_> = tried
                .iter()
                .zip(&reasons)
                .map(|((address, _), reason)| format!("{}: {reason}", address.ip()))
                .collect();
            each.join("; ")
        }
    }
}

fn unix_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such socket".to_owned(),
        io::ErrorKind::ConnectionRefused => {
            "nothing listens on this socket: is the broker running?".to_owned()
        }
        _ => reason(error),
    }
}

/// What the standard library says of a file that is no text.
const NOT_UTF_8: &str = "stream did not contain valid UTF-8";

/// An I/O error in a few plain words.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "the peer reset the connection".to_owned(),
        io::ErrorKind::BrokenPipe => "the peer has closed the connection".to_owned(),
        io::ErrorKind::UnexpectedEof => "the peer closed the connection too early".to_owned(),
        io::ErrorKind::TimedOut => "no answer in time".to_owned(),
        io::ErrorKind::HostUnreachable => "the host cannot be reached".to_owned(),
        io::ErrorKind::NetworkUnreachable => "the network cannot be reached".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData if error.to_string() == NOT_UTF_8 => {
            "it is no text in UTF-8".to_owned()
        }
        _ => without_number(&error.to_string()).to_owned(),
    }
}

/// The text of an I/O error without the number that std appends, which means nothing to most people.
fn without_number(text: &str) -> &str {
    text.split(" (os error").next().unwrap_or(text)
}

/// What an error of an open [`Stream`](super::Stream) means, for a person; `None` if its own text says
/// it just as well.
///
/// A TLS 1.3 server verifies the client's certificate only after the handshake, so its refusal is an
/// error of the first read, and is explained here.
pub fn explain_io(error: &io::Error) -> Option<String> {
    if let Some(inner) = error.get_ref() {
        if let Some(error) = inner.downcast_ref::<rustls::Error>() {
            return Some(tls::explain(error));
        }
        if let Some(violation) = inner.downcast_ref::<Violation>() {
            return Some(violation.to_string());
        }
    }
    let plain = reason(error);
    (plain != error.to_string()).then_some(plain)
}

/// What an I/O error means, for a person: one line, without the system's error number.
///
/// ```
/// use mqtk::transport::plain_io;
///
/// let error = std::fs::read("/nowhere").unwrap_err();
/// assert_eq!(plain_io(&error), "No such file or directory");
/// ```
pub fn plain_io(error: &io::Error) -> String {
    explain_io(error).unwrap_or_else(|| error.to_string())
}

/// What bytes in place of an MQTT Control Packet say about the port they come from.
///
/// ```
/// use mqtk::transport::explain_bytes;
///
/// assert!(explain_bytes(&[0x15, 0x03, 0x03, 0x00, 0x02]).is_some_and(|text| text.contains("TLS")));
/// assert!(explain_bytes(b"HTTP/1.1 400").is_some_and(|text| text.contains("HTTP")));
/// assert_eq!(explain_bytes(&[0x20, 0x02, 0x00, 0x00]), None);
/// ```
pub fn explain_bytes(received: &[u8]) -> Option<&'static str> {
    match received {
        [0x15 | 0x16, 0x03, 0x00..=0x04, ..] => {
            Some("the peer speaks TLS on this port: use mqtts:// or wss://, or give --cafile")
        }
        [b'H', b'T', b'T', b'P', ..] => {
            Some("the peer speaks HTTP on this port: for a WebSocket use ws:// or wss://")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> io::Error {
        io::ErrorKind::ConnectionRefused.into()
    }

    fn tcp(address: &str, tried: &[&str]) -> String {
        let tried = tried
            .iter()
            .map(|address| (address.parse().unwrap(), refused()))
            .collect();
        ConnectError::Tcp {
            address: address.to_owned(),
            tried,
        }
        .to_string()
    }

    #[test]
    fn one_address_gives_a_reason_and_a_hint() {
        assert_eq!(
            tcp("127.0.0.1:1883", &["127.0.0.1:1883"]),
            "cannot connect to 127.0.0.1:1883: connection refused: is the broker running, and is this its port?"
        );
        assert!(
            tcp("a.example:1883", &["192.0.2.1:1883"])
                .contains("connection refused (192.0.2.1): is")
        );
    }

    #[test]
    fn a_proxy_that_does_not_run_is_not_taken_for_the_broker() {
        let error = ConnectError::ProxyTcp {
            proxy: "127.0.0.1:1080".to_owned(),
            tried: vec![("127.0.0.1:1080".parse().unwrap(), refused())],
        };
        assert_eq!(
            error.to_string(),
            "cannot connect to the proxy 127.0.0.1:1080: connection refused: is the proxy running, and is this its port?"
        );
    }

    #[test]
    fn several_addresses_are_listed_with_a_common_reason_once() {
        assert!(
            tcp("a.example:1883", &["192.0.2.1:1883", "[2001:db8::1]:1883"])
                .contains("connection refused (192.0.2.1, 2001:db8::1): is the broker running")
        );
        let unreachable = io::ErrorKind::NetworkUnreachable.into();
        let tried = vec![
            ("192.0.2.1:1".parse().unwrap(), refused()),
            ("[::1]:1".parse().unwrap(), unreachable),
        ];
        let error = ConnectError::Tcp {
            address: "a.example:1".to_owned(),
            tried,
        }
        .to_string();
        assert_eq!(
            error,
            "cannot connect to a.example:1: 192.0.2.1: connection refused; ::1: the network cannot be reached"
        );
    }

    #[test]
    fn a_timeout_says_where_it_happened() {
        let limit = Duration::from_millis(2500);
        let error = ConnectError::Timeout {
            address: "h:8883".to_owned(),
            phase: Phase::Tls,
            limit,
        };
        assert_eq!(
            error.to_string(),
            "no connection to h:8883 within 2.5 s: timed out in the TLS handshake"
        );
    }

    #[test]
    fn io_errors_are_explained() {
        let alert = rustls::Error::AlertReceived(rustls::AlertDescription::CertificateRequired);
        let error = io::Error::new(io::ErrorKind::InvalidData, alert);
        assert!(explain_io(&error).unwrap().contains("--cert"));
        assert_eq!(
            explain_io(&io::Error::from_raw_os_error(104)).unwrap(),
            "the peer reset the connection"
        );
        assert_eq!(explain_io(&io::Error::other("as it is")), None);
        let missing = io::Error::from_raw_os_error(2);
        let error = ConnectError::file("--cafile", Path::new("ca.pem"), missing);
        assert!(error.to_string().ends_with("such file or directory"));
    }
}
