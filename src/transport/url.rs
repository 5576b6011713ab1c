//! URLs of brokers: `mqtt`, `mqtts`, `ws`, `wss` and `unix`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use super::authority::{Authority, decode};
use super::target::{Address, Target, TlsOptions, WebSocketOptions};

/// What a URL starts with: how to speak to the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `mqtt://`: TCP, port 1883.
    Mqtt,
    /// `mqtts://`: TLS, port 8883.
    Mqtts,
    /// `ws://`: WebSocket, port 80.
    Ws,
    /// `wss://`: WebSocket in TLS, port 443.
    Wss,
    /// `unix://`: a Unix domain socket.
    Unix,
}

impl Scheme {
    /// The port used when the URL names none; `None` for Unix sockets.
    pub const fn default_port(self) -> Option<u16> {
        match self {
            Self::Mqtt => Some(1883),
            Self::Mqtts => Some(8883),
            Self::Ws => Some(80),
            Self::Wss => Some(443),
            Self::Unix => None,
        }
    }

    /// Whether the connection is encrypted.
    pub const fn is_tls(self) -> bool {
        matches!(self, Self::Mqtts | Self::Wss)
    }

    /// Whether the connection is a WebSocket.
    pub const fn is_websocket(self) -> bool {
        matches!(self, Self::Ws | Self::Wss)
    }
}

/// As it stands before `://`.
impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mqtt => "mqtt",
            Self::Mqtts => "mqtts",
            Self::Ws => "ws",
            Self::Wss => "wss",
            Self::Unix => "unix",
        })
    }
}

impl FromStr for Scheme {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        match text.to_ascii_lowercase().as_str() {
            "mqtt" => Ok(Self::Mqtt),
            "mqtts" => Ok(Self::Mqtts),
            "ws" => Ok(Self::Ws),
            "wss" => Ok(Self::Wss),
            "unix" => Ok(Self::Unix),
            _ => Err(UrlError::Scheme(text.to_owned())),
        }
    }
}

/// A parsed URL, %-decoded.
///
/// ```
/// use mqtk::transport::Url;
///
/// let url: Url = "mqtts://ann:s3cret@[::1]/home/kitchen".parse()?;
/// assert_eq!(url.address.to_string(), "[::1]:8883");
/// assert_eq!(url.topic.as_deref(), Some("home/kitchen"));
/// assert!(!format!("{url:?}").contains("s3cret"));
/// # Ok::<(), mqtk::transport::UrlError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    /// How to speak to the broker.
    pub scheme: Scheme,
    /// Where the broker listens.
    pub address: Address,
    /// The port as the URL gave it; `None` if `address` has the scheme's default.
    pub explicit_port: Option<u16>,
    /// The User Name.
    pub user: Option<String>,
    /// The Password.
    pub password: Option<String>,
    /// `mqtt` and `mqtts`: the path without its first `/`, if there is one: a topic.
    pub topic: Option<String>,
    /// `ws` and `wss`: path and query as written, for the HTTP request; `None` if the URL has none.
    pub websocket_path: Option<String>,
}

impl Url {
    /// The peer that the URL names, with default options for what the scheme asks for.
    pub fn target(&self) -> Target {
        let mut target = Target::new(self.address.clone());
        target.tls = self.scheme.is_tls().then(TlsOptions::default);
        target.websocket = self.scheme.is_websocket().then(|| {
            let mut options = WebSocketOptions::default();
            if let Some(path) = &self.websocket_path {
                options.path.clone_from(path);
            }
            options
        });
        target
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::NoScheme)?;
        let scheme: Scheme = scheme.parse()?;
        let Some(default_port) = scheme.default_port() else {
            return unix(rest);
        };
        let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        let authority = Authority::parse(authority).map_err(|error| match path.contains('@') {
            // What was taken for a host and a port may be a name and the start of a password.
            true => UrlError::LoginNotEncoded,
            false => error,
        })?;
        let mut url = Self {
            scheme,
            address: Address::Tcp {
                host: authority.host,
                port: authority.port.unwrap_or(default_port),
            },
            explicit_port: authority.port,
            user: authority.user,
            password: authority.password,
            topic: None,
            websocket_path: None,
        };
        if scheme.is_websocket() {
            url.websocket_path = websocket_path(path);
        } else if let Some(topic) = path.strip_prefix('/').filter(|topic| !topic.is_empty()) {
            // `?` and `#` are ordinary in topics: mqtt://host/sensors/# is what a person means.
            url.topic = Some(decode(topic)?);
        } else if !matches!(path, "" | "/") {
            return Err(UrlError::AfterHost(path.to_owned()));
        }
        Ok(url)
    }
}

/// `unix:///run/broker.sock` and the relative `unix://broker.sock`.
fn unix(path: &str) -> Result<Url, UrlError> {
    if path.is_empty() {
        return Err(UrlError::NoSocketPath);
    }
    Ok(Url {
        scheme: Scheme::Unix,
        address: Address::Unix(PathBuf::from(decode(path)?)),
        explicit_port: None,
        user: None,
        password: None,
        topic: None,
        websocket_path: None,
    })
}

/// Path and query for the request line; a fragment stays at home.
fn websocket_path(path: &str) -> Option<String> {
    let path = path.split('#').next().unwrap_or_default();
    match path {
        "" => None,
        query if query.starts_with('?') => Some(format!("/{query}")),
        path => Some(path.to_owned()),
    }
}

/// Hides the password, and the query of a WebSocket, which may hold a token.
impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self
            .websocket_path
            .as_deref()
            .and_then(|path| path.split('?').next());
        f.debug_struct("Url")
            .field("scheme", &self.scheme)
            .field("address", &self.address)
            .field("user", &self.user)
            .field("topic", &self.topic)
            .field("websocket_path", &path)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a URL. Never repeats a part that may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UrlError {
    /// No `://`.
    #[error("the URL has no scheme: begin it with mqtt://, mqtts://, ws://, wss:// or unix://")]
    NoScheme,
    /// A scheme that is none of ours.
    #[error("unknown URL scheme {0:?}: use mqtt, mqtts, ws, wss or unix")]
    Scheme(String),
    /// A proxy that is not SOCKS5 with names resolved by the proxy.
    #[error(
        "a proxy is given as socks5h://[user:password@]host[:port]: no other kind is supported"
    )]
    ProxyScheme,
    /// Names or passwords that SOCKS5 cannot carry.
    #[error("the proxy's user name must have 1 to 255 bytes and its password at most 255")]
    ProxyCredentials,
    /// Nothing between `://` and the port or path.
    #[error("the URL has no host")]
    NoHost,
    /// `unix://` alone.
    #[error("the URL has no socket path: write unix:///path/to/socket")]
    NoSocketPath,
    /// Not a port number.
    #[error("invalid port{} in the URL: use a number from 1 to 65535", number(.0))]
    Port(String),
    /// A name or password with a character that ends them.
    #[error(
        "a / ? or # before the @ in the URL: write them as %2F, %3F and %23 in a name or password"
    )]
    LoginNotEncoded,
    /// `[` without `]`.
    #[error("the URL's host {0:?} lacks the closing ]")]
    Bracket(String),
    /// Brackets around something else.
    #[error("{0:?} in brackets is not an IPv6 address")]
    Ipv6(String),
    /// An IPv6 address without brackets, or two ports.
    #[error("too many colons in {0:?}: put an IPv6 address in brackets, as in mqtt://[::1]:1883")]
    BareIpv6(String),
    /// Something that does not belong after the host.
    #[error("unexpected {0:?} after the host in the URL")]
    AfterHost(String),
    /// A user name where somebody is to listen.
    #[error("a URL to listen at names no user")]
    ListenUser,
    /// A path that means nothing to a listener.
    #[error("a URL to listen at has no path, unless it begins with ws://, wss:// or unix://")]
    ListenPath,
    /// A query or fragment where somebody is to listen.
    #[error("a URL to listen at has no query and no fragment")]
    ListenQuery,
    /// A `%` that encodes nothing.
    #[error("a % in the URL is not followed by two hexadecimal digits: write a literal % as %25")]
    Percent,
    /// %-encoded bytes that are not UTF-8.
    #[error("the %-encoded bytes in the URL are not UTF-8")]
    NotUtf8,
}

/// A wrong port, if it is a number: else it may be a password that lacks its host.
fn number(port: &str) -> String {
    match port.bytes().all(|byte| byte.is_ascii_digit()) {
        true => format!(" {port}"),
        false => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn error(text: &str) -> UrlError {
        text.parse::<Url>().expect_err(text)
    }

    #[test]
    fn each_scheme_has_its_port_and_layers() {
        for (text, address, tls, websocket) in [
            ("mqtt://h", "h:1883", false, false),
            ("mqtts://h", "h:8883", true, false),
            ("ws://h", "h:80", false, true),
            ("wss://h", "h:443", true, true),
            ("MQTT://h:1", "h:1", false, false),
            ("unix:///run/m.sock", "/run/m.sock", false, false),
        ] {
            let target = url(text).target();
            assert_eq!(target.address.to_string(), address, "{text}");
            assert_eq!(target.tls.is_some(), tls, "{text}");
            assert_eq!(target.websocket.is_some(), websocket, "{text}");
        }
    }

    #[test]
    fn every_part_is_percent_decoded() {
        let url = url("mqtt://a%40b:p%3Aw%2F@h%6Fst:99/t%20x/%23");
        assert_eq!(url.user.as_deref(), Some("a@b"));
        assert_eq!(url.password.as_deref(), Some("p:w/"));
        assert_eq!(url.address, Address::tcp("host", 99));
        assert_eq!(url.explicit_port, Some(99));
        assert_eq!(url.topic.as_deref(), Some("t x/#"));
    }

    #[test]
    fn user_and_password_may_each_be_missing_or_empty() {
        assert_eq!(
            (url("mqtt://h").user, url("mqtt://h").password),
            (None, None)
        );
        let user = url("mqtt://u@h");
        assert_eq!((user.user.as_deref(), user.password), (Some("u"), None));
        let empty = url("mqtt://u:@h");
        assert_eq!(empty.password.as_deref(), Some(""));
        let careless = url("mqtt://u:p@w@h");
        assert_eq!(
            (careless.password.as_deref(), careless.address),
            (Some("p@w"), Address::tcp("h", 1883))
        );
    }

    #[test]
    fn a_path_is_a_topic_for_mqtt_and_a_request_for_websocket() {
        assert_eq!(url("mqtt://h/a/b").topic.as_deref(), Some("a/b"));
        assert_eq!(url("mqtt://h//a").topic.as_deref(), Some("/a"));
        assert_eq!(
            url("mqtt://h/sensors/#").topic.as_deref(),
            Some("sensors/#")
        );
        assert_eq!(url("mqtt://h/").topic, None);
        assert_eq!(
            url("ws://h/a%20b?x=1#f").websocket_path.as_deref(),
            Some("/a%20b?x=1")
        );
        assert_eq!(url("ws://h?x=1").websocket_path.as_deref(), Some("/?x=1"));
        assert_eq!(url("ws://h/").websocket_path.as_deref(), Some("/"));
        assert_eq!(url("ws://h").target().websocket.unwrap().path, "/mqtt");
    }

    #[test]
    fn ipv6_literals_stand_in_brackets() {
        assert_eq!(
            url("mqtt://[2001:db8::1]").address,
            Address::tcp("2001:db8::1", 1883)
        );
        assert_eq!(url("wss://u@[::1]:9/m").address, Address::tcp("::1", 9));
        assert!(matches!(error("mqtt://::1"), UrlError::BareIpv6(_)));
        assert!(matches!(error("mqtt://[::1"), UrlError::Bracket(_)));
        assert!(matches!(error("mqtt://[example]"), UrlError::Ipv6(_)));
        assert!(matches!(error("mqtt://[::1]x"), UrlError::AfterHost(_)));
    }

    #[test]
    fn errors_name_what_is_wrong() {
        assert_eq!(error("localhost"), UrlError::NoScheme);
        assert_eq!(error("http://h"), UrlError::Scheme("http".to_owned()));
        assert_eq!(error("mqtt://"), UrlError::NoHost);
        assert_eq!(error("mqtt://:1883"), UrlError::NoHost);
        assert_eq!(error("unix://"), UrlError::NoSocketPath);
        for port in ["0", "65536", "x", "-1", "18 83"] {
            assert_eq!(
                error(&format!("mqtt://h:{port}")),
                UrlError::Port(port.to_owned())
            );
        }
        assert_eq!(error("mqtt://u:100%@h"), UrlError::Percent);
        assert_eq!(error("mqtt://h/%ff"), UrlError::NotUtf8);
        assert_eq!(error("mqtt://h?x"), UrlError::AfterHost("?x".to_owned()));
    }

    #[test]
    fn no_error_repeats_what_may_be_a_password() {
        for text in [
            "mqtt://ann:s3cret",
            "mqtt://ann:s3cret/x@h",
            "mqtt://ann:s3cret?x@h",
            "mqtt://ann:s3cret#@h/topic",
            "wss://ann:s3cret/@h/mqtt",
        ] {
            let error = error(text).to_string();
            assert!(!error.contains("s3cret"), "{error}");
        }
        assert_eq!(url("mqtt://h/a@b").topic.as_deref(), Some("a@b"));
        let port = error("mqtt://h:65536").to_string();
        assert!(port.contains("65536"), "{port}");
    }

    #[test]
    fn debug_shows_neither_password_nor_query() {
        let shown = format!("{:?}", url("ws://u:hidden@h/p?hidden"));
        assert!(!shown.contains("hidden"), "{shown}");
    }
}
