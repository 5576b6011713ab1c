//! What clients may do.

use std::sync::Arc;

use super::client::Client;
use super::{ClientKey, Router};
use crate::broker::{Action, Authorizer, Identity};

impl Client {
    /// Whether the client may do this.
    pub(super) fn may(&self, action: Action<'_>) -> bool {
        let permissions = self.permissions.as_ref();
        permissions.is_none_or(|permissions| permissions.allow(action))
    }
}

impl Router {
    /// From now on this one says what clients may do, also those that are connected already.
    pub(in crate::broker) fn set_authorizer(&mut self, authorizer: Option<Arc<dyn Authorizer>>) {
        self.authorizer = authorizer;
        let clients: Vec<_> = self.clients.keys().collect();
        for key in clients {
            self.authorize(key);
        }
    }

    /// Asks what the client may do.
    pub(super) fn authorize(&mut self, key: ClientKey) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        // One that has not connected to this broker yet is asked about when it does.
        let Some(peer) = client.peer else { return };
        let identity = Identity {
            client_id: &client.id,
            username: client.username.as_deref(),
            peer,
        };
        let authorizer = self.authorizer.as_ref();
        let others = authorizer.map(|authorizer| authorizer.permissions(&identity));
        let own = client.own_acl.as_ref().map(|acl| acl.own_rules(&identity));
        client.permissions = match (own, others) {
            (None, others) => others,
            (Some(own), None) => Some(Box::new(own)),
            (Some(own), Some(others)) => Some(Box::new(own.before(others))),
        };
        self.withholds |= client.permissions.is_some();
    }

    /// Drops what waits for the client that it may not receive: it may be somebody else who
    /// connects with its Client Identifier now.
    pub(super) fn withhold_queued(&mut self, key: ClientKey) {
        let Some(client) = self.clients.get_mut(key) else {
            return;
        };
        if let Some(permissions) = &client.permissions {
            client.session.retain_queued(|message| {
                let topic = &message.topic;
                permissions.allow(Action::Receive { topic })
            });
        }
    }

    /// Whether a message is to be withheld from the client.
    pub(super) fn withholds(&self, key: ClientKey, topic: &str) -> bool {
        self.withholds
            && self
                .clients
                .get(key)
                .is_some_and(|client| !client.may(Action::Receive { topic }))
    }
}
