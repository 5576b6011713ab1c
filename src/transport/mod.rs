//! Byte streams to and from a peer: TCP, TLS, WebSocket, Unix sockets, SOCKS5. No MQTT here.
//!
//! A [`Target`] says where to connect and through what, a [`Url`] is one in writing. A
//! [`Connector`] opens [`Stream`]s to it. A server listens at [`ListenUrl`]s with [`Listener`]s;
//! each [`Arrival`] becomes a `Stream` too. Errors say in one line what failed, where, and what to do:
//! [`ConnectError`] before the stream is open, [`explain_io`] and [`explain_bytes`] afterwards.

mod arrival;
mod authority;
mod connector;
mod descriptors;
mod dns;
mod error;
mod lazy_tcp;
mod listen_url;
mod listener;
mod peer;
mod race;
mod socks;
mod srv;
mod stream;
mod target;
mod tcp;
mod tcp_listener;
mod tls;
mod url;
mod websocket;

pub use self::arrival::{AcceptError, Arrival};
pub use self::connector::{Begun, Connector, Timings};
pub use self::descriptors::make_room;
pub use self::dns::{DnsServers, local_domain};
pub use self::error::{ConnectError, Phase, explain_bytes, explain_io, plain_io};
pub use self::lazy_tcp::LazyTcp;
pub use self::listen_url::ListenUrl;
pub use self::listener::{ListenError, Listener};
pub use self::peer::Peer;
pub use self::socks::{Proxy, SocksError};
pub use self::stream::{Stream, TlsSummary};
pub use self::target::{Address, Target, TlsOptions, TlsVersion, WebSocketOptions};
pub use self::tls::{ClientCertificate, IdentityFiles, SELF_SIGNED_CA, ServerTlsOptions};
pub use self::url::{Scheme, Url, UrlError};
pub use self::websocket::{HandshakeError, Refusal, Role, UpgradeError, Violation, WebSocket};

#[cfg(test)]
mod tests;
