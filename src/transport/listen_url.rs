//! URLs to listen at.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use super::authority::{Authority, decode};
use super::target::Address;
use super::url::{Scheme, UrlError};

/// Where to listen and what to speak there.
///
/// ```
/// use mqtk::transport::ListenUrl;
///
/// let url: ListenUrl = "ws://127.0.0.1:8080".parse()?;
/// assert_eq!(url.to_string(), "ws://127.0.0.1:8080");
/// # Ok::<(), mqtk::transport::UrlError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenUrl {
    /// What to speak.
    pub scheme: Scheme,
    /// A local address or the path of a Unix socket. Port 0 picks a free one; of a name, the
    /// first address that can be listened on is taken.
    pub address: Address,
    /// `ws` and `wss`: the path that clients must ask for, without a query; without one they may
    /// ask for any.
    pub path: Option<String>,
}

impl ListenUrl {
    fn new(scheme: Scheme, address: Address) -> Self {
        Self {
            scheme,
            address,
            path: None,
        }
    }

    /// The same with the port that was picked.
    pub(super) fn with_port(&self, picked: u16) -> Self {
        let mut url = self.clone();
        if let Address::Tcp { port, .. } = &mut url.address {
            *port = picked;
        }
        url
    }
}

/// Plain TCP.
impl From<SocketAddr> for ListenUrl {
    fn from(address: SocketAddr) -> Self {
        let place = Address::tcp(&address.ip().to_string(), address.port());
        Self::new(Scheme::Mqtt, place)
    }
}

impl FromStr for ListenUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::NoScheme)?;
        let scheme: Scheme = scheme.parse()?;
        let Some(default_port) = scheme.default_port() else {
            if rest.is_empty() {
                return Err(UrlError::NoSocketPath);
            }
            return Ok(Self::new(
                scheme,
                Address::Unix(PathBuf::from(decode(rest)?)),
            ));
        };
        if rest.contains(['?', '#']) {
            return Err(UrlError::ListenQuery);
        }
        let at = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        let authority = Authority::parse_any_port(authority)?;
        if authority.user.is_some() {
            return Err(UrlError::ListenUser);
        }
        let address = Address::Tcp {
            host: authority.host,
            port: authority.port.unwrap_or(default_port),
        };
        let mut url = Self::new(scheme, address);
        if scheme.is_websocket() {
            url.path = (!path.is_empty()).then(|| path.to_owned());
        } else if !matches!(path, "" | "/") {
            return Err(UrlError::ListenPath);
        }
        Ok(url)
    }
}

/// The URL for clients on this machine to connect to.
impl fmt::Display for ListenUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.address)?;
        self.path
            .as_deref()
            .map_or(Ok(()), |path| f.write_str(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> ListenUrl {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn urls_print_with_their_port_and_path() {
        for (text, printed) in [
            ("mqtt://127.0.0.1", "mqtt://127.0.0.1:1883"),
            ("mqtt://127.0.0.1:0/", "mqtt://127.0.0.1:0"),
            ("mqtts://[::]:8884", "mqtts://[::]:8884"),
            ("WS://localhost:8080", "ws://localhost:8080"),
            ("wss://0.0.0.0/", "wss://0.0.0.0:443/"),
            ("ws://h/a%20b", "ws://h:80/a%20b"),
            ("unix:///run/m.sock", "unix:///run/m.sock"),
        ] {
            assert_eq!(url(text).to_string(), printed);
            assert_eq!(url(printed), url(text));
        }
    }

    #[test]
    fn what_a_listener_cannot_have_is_refused() {
        for (text, error) in [
            ("127.0.0.1:1883", UrlError::NoScheme),
            ("mqtt://ann@h", UrlError::ListenUser),
            ("mqtt://h/topic", UrlError::ListenPath),
            ("ws://h/mqtt?a=b", UrlError::ListenQuery),
            ("mqtt://:1883", UrlError::NoHost),
            ("unix://", UrlError::NoSocketPath),
            ("mqtt://h:65536", UrlError::Port("65536".to_owned())),
        ] {
            assert_eq!(text.parse::<ListenUrl>(), Err(error), "{text}");
        }
    }
}
