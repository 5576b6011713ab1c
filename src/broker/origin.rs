//! Where a Network Connection comes from.

use std::sync::Arc;

use crate::transport::{ClientCertificate, Peer};

/// Where a Network Connection comes from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) peer: Peer,
    /// The number of the listener that accepted it, in their order.
    pub(super) listener: usize,
    /// The certificate that the client proved to be its own.
    pub(super) certificate: Option<Arc<ClientCertificate>>,
    /// It is a WebSocket whose subprotocol is that of MQTT 3.1.
    pub(super) is_for_v3_1: bool,
}
