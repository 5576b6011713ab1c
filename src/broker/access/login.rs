//! What a client that wants to connect says of itself.

use std::fmt;
use std::sync::Arc;

use crate::broker::origin::Origin;
use crate::codec::{Connect, Version};
use crate::transport::{ClientCertificate, ListenUrl, Peer};

/// What a client that wants to connect says of itself, and what is known of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// Client Identifier; empty: the broker is to assign one.
    pub client_id: String,
    /// User Name.
    pub username: Option<String>,
    /// Password; not shown by `Debug`.
    pub password: Option<Vec<u8>>,
    /// Protocol version.
    pub version: Version,
    /// Where the connection comes from.
    pub peer: Peer,
    /// The listener that accepted it.
    pub listener: ListenUrl,
    /// The certificate by which it got through the handshake of TLS.
    pub certificate: Option<Arc<ClientCertificate>>,
}

impl Login {
    pub(in crate::broker) fn new(
        connect: &Connect<'_>,
        origin: &Origin,
        listener: ListenUrl,
    ) -> Self {
        Self {
            client_id: connect.client_id.to_owned(),
            username: connect.username.map(str::to_owned),
            password: connect.password.map(<[u8]>::to_vec),
            version: connect.version,
            peer: origin.peer,
            listener,
            certificate: origin.certificate.clone(),
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("client_id", &self.client_id)
            .field("username", &self.username)
            .field("password", &self.password.as_ref().map(|_| "(hidden)"))
            .field("version", &self.version)
            .field("peer", &self.peer)
            .field("listener", &self.listener)
            .field("certificate", &self.certificate)
            .finish()
    }
}
