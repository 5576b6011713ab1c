//! Who may connect changes: those who may not any more are disconnected.

use std::time::Instant;

use super::authenticate::Voucher;
use super::connection::Connection;
use super::{Cause, ConnectionKey, Router};
use crate::broker::access::Entrance;
use crate::codec::{Properties, ReasonCode};
use crate::transport::ClientCertificate;

impl Router {
    /// Says who may connect where from now on, and disconnects those who may not any more; `trusts`
    /// says whether the listener of this number trusts a certificate.
    pub(in crate::broker) fn guard_anew(
        &mut self,
        now: Instant,
        entrances: Vec<Entrance>,
        trusts: impl Fn(usize, &ClientCertificate) -> bool,
    ) {
        self.guard(entrances);
        let connections: Vec<_> = self.connections.keys().collect();
        for key in connections {
            let Some(connection) = self.connections.get(key) else {
                continue;
            };
            let origin = &connection.origin;
            let certificate = origin.certificate.as_ref();
            let is_trusted = certificate.is_none_or(|it| trusts(origin.listener, it));
            if !is_trusted || !self.is_still_admitted(connection) {
                self.turn_out(now, key, Cause::Revoked);
            }
        }
    }

    /// Whether the connection's client would be let in again, if it is connected.
    fn is_still_admitted(&self, connection: &Connection) -> bool {
        let client = connection.client().and_then(|key| self.clients.get(key));
        client.is_none_or(|client| {
            let username = client.username.as_deref();
            self.admits(connection.origin.listener, username, client.voucher)
        })
    }

    /// Whether the listener of this number lets in clients for which this one vouches.
    pub(super) fn admits(&self, listener: usize, username: Option<&str>, voucher: Voucher) -> bool {
        let Some(entrance) = self.entrances.get(listener) else {
            return false;
        };
        match voucher {
            Voucher::Nobody => entrance.lets_in_anonymous(),
            Voucher::Certificate => entrance.access.certificate_identity,
            Voucher::Authenticator { number, stamp } => {
                let authenticator = entrance.access.authenticators.get(number);
                authenticator.is_some_and(|it| it.still_admits(username, stamp))
            }
        }
    }

    /// Disconnects a client that may not stay.
    pub(super) fn turn_out(&mut self, now: Instant, key: ConnectionKey, cause: Cause<'_>) {
        if let Some((client, connection)) = self.client_of(key) {
            let reason = ReasonCode::NOT_AUTHORIZED;
            let output = &mut connection.output;
            client.session.disconnect(reason, Properties::EMPTY, output);
        }
        self.end_connection(now, key, cause);
    }
}
