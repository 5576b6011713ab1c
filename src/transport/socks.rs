//! SOCKS5 (RFC 1928, RFC 1929): asking a proxy to connect us. The proxy resolves the name.

use std::fmt;
use std::str::FromStr;

use super::target::host_and_port;
use super::url::{Authority, UrlError};

/// A SOCKS5 proxy.
///
/// ```
/// use mqtk::transport::Proxy;
///
/// let proxy: Proxy = "socks5h://ann:s3cret@proxy.example".parse()?;
/// assert_eq!((proxy.host.as_str(), proxy.port), ("proxy.example", 1080));
/// assert!(!format!("{proxy:?}").contains("s3cret"));
/// # Ok::<(), mqtk::transport::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    /// The proxy's name or IP address.
    pub host: String,
    /// The proxy's port.
    pub port: u16,
    /// User name and password (RFC 1929), if it wants them.
    pub credentials: Option<(String, String)>,
}

impl FromStr for Proxy {
    type Err = UrlError;

    /// Reads `socks5h://[user[:password]@]host[:port]`; the port is 1080 if none is given.
    fn from_str(text: &str) -> Result<Self, UrlError> {
        let (_, rest) = text
            .split_once("://")
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("socks5h"))
            .ok_or(UrlError::ProxyScheme)?;
        let authority = Authority::parse(rest.strip_suffix('/').unwrap_or(rest))?;
        let port = authority.port.unwrap_or(1080);
        let credentials = authority
            .user
            .map(|user| (user, authority.password.unwrap_or_default()));
        if let Some((user, password)) = &credentials {
            // RFC 1929 gives each one length byte and asks for at least one byte of name.
            if user.is_empty() || user.len() > 255 || password.len() > 255 {
                return Err(UrlError::ProxyCredentials);
            }
        }
        Ok(Self {
            host: authority.host,
            port,
            credentials,
        })
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&host_and_port(&self.host, self.port))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("user", &self.credentials.as_ref().map(|(user, _)| user))
            .finish_non_exhaustive()
    }
}
