//! Byte streams to and from a peer: TCP, TLS, WebSocket, Unix sockets, SOCKS5. No MQTT here.

mod socks;
mod target;
mod url;

pub use self::socks::Proxy;
pub use self::target::{Address, Target, TlsOptions, TlsVersion, WebSocketOptions};
pub use self::url::{Scheme, Url, UrlError};
