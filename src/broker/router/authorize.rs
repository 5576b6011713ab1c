//! What clients may do.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::client::Client;
use super::{ClientKey, Router};
use crate::broker::persist::Publisher;
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
        self.review_retained();
    }

    /// Withholds the retained messages whose publishers may not publish them any more.
    fn review_retained(&self) {
        let mut of_others = HashMap::new();
        self.retained.review(|publisher, topic| {
            let action = Action::Publish { topic };
            let client = self.by_id.get(&publisher.client_id);
            let client = client.and_then(|key| self.clients.get(*key));
            if let Some(client) = client.filter(|it| it.username == publisher.username) {
                return client.may(action);
            }
            let (Some(authorizer), Some(peer)) = (&self.authorizer, publisher.peer) else {
                return true;
            };
            let permissions = of_others.entry(Rc::as_ptr(publisher)).or_insert_with(|| {
                authorizer.permissions(&Identity {
                    client_id: &publisher.client_id,
                    username: publisher.username.as_deref(),
                    peer,
                })
            });
            permissions.allow(action)
        });
    }

    /// Who the client is, for what it has retained.
    pub(super) fn publisher(&mut self, key: ClientKey) -> Option<Rc<Publisher>> {
        let client = self.clients.get_mut(key)?;
        let is_same = |it: &Rc<Publisher>| it.username == client.username && it.peer == client.peer;
        if !client.publisher.as_ref().is_some_and(is_same) {
            client.publisher = Some(Rc::new(Publisher {
                client_id: Rc::clone(&client.id),
                username: client.username.clone(),
                peer: client.peer,
            }));
        }
        client.publisher.clone()
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
