//! Who may connect changes: those who may not any more are disconnected.

use std::rc::Rc;
use std::time::Instant;

use super::authenticate::Voucher;
use super::{Cause, ConnectionKey, Router};
use crate::broker::Access;
use crate::codec::{Properties, ReasonCode};

impl Router {
    /// Says who may connect where from now on, and disconnects those who may not any more.
    pub(in crate::broker) fn guard_anew(&mut self, now: Instant, access: &[Access]) {
        for (number, entrance) in self.entrances.iter_mut().enumerate() {
            *entrance = Rc::new(entrance.with_access(number, access));
        }
        let connections: Vec<_> = self.connections.keys().collect();
        for key in connections {
            if !self.is_still_admitted(key) {
                self.revoke(now, key);
            }
        }
    }

    /// Whether the connection's client would be let in again, if it is connected.
    fn is_still_admitted(&self, key: ConnectionKey) -> bool {
        let connection = self.connections.get(key);
        let client = connection.and_then(|connection| self.clients.get(connection.client()?));
        let (Some(connection), Some(client)) = (connection, client) else {
            return true;
        };
        let username = client.username.as_deref();
        self.admits(connection.listener, username, client.voucher)
    }

    /// Whether the listener of this number lets in clients for which this authenticator vouches.
    pub(super) fn admits(
        &self,
        listener: usize,
        username: Option<&str>,
        voucher: Option<Voucher>,
    ) -> bool {
        let Some(entrance) = self.entrances.get(listener) else {
            return false;
        };
        let Some(voucher) = voucher else {
            return entrance.lets_in_anonymous();
        };
        let authenticator = entrance.access.authenticators.get(voucher.number);
        authenticator
            .is_some_and(|authenticator| authenticator.still_admits(username, voucher.stamp))
    }

    fn revoke(&mut self, now: Instant, key: ConnectionKey) {
        if let Some((client, connection)) = self.client_of(key) {
            let reason = ReasonCode::NOT_AUTHORIZED;
            let output = &mut connection.output;
            client.session.disconnect(reason, Properties::EMPTY, output);
        }
        self.end_connection(now, key, Cause::Revoked);
    }
}
