//! What clients may do.

use std::rc::Rc;
use std::sync::Arc;

use super::client::Client;
use super::{ClientKey, Router};
use crate::broker::persist::Publisher;
use crate::broker::{Action, Authorizer, Identity, Permissions};

/// What the publisher of a retained message may do.
pub(super) type Permitted = (Rc<Publisher>, Box<dyn Permissions>);

impl Client {
    /// Whether the client may do this.
    pub(super) fn may(&self, action: Action<'_>) -> bool {
        let permissions = self.permissions.as_ref();
        permissions.is_none_or(|permissions| permissions.allow(action))
    }
}

impl Router {
    /// Has another authorizer say what clients may do, also those that are connected already.
    pub(in crate::broker) fn set_authorizer(&mut self, authorizer: Option<Arc<dyn Authorizer>>) {
        self.authorizer = authorizer;
        let clients: Vec<_> = self.clients.keys().collect();
        for key in clients {
            self.authorize(key);
        }
        self.retained.review();
        self.last_publisher.take();
    }

    /// Whether the publisher of a retained message may still publish it.
    pub(super) fn may_still_publish(&self, publisher: &Rc<Publisher>, topic: &str) -> bool {
        let action = Action::Publish { topic };
        let client = self.by_id.get(&publisher.client_id);
        let client = client.and_then(|key| self.clients.get(*key));
        if let Some(client) = client.filter(|it| it.username == publisher.username) {
            return client.may(action);
        }
        let (Some(authorizer), Some(peer)) = (&self.authorizer, publisher.peer) else {
            return true;
        };
        // Messages come in the order of publication: often the last one had the same publisher.
        let mut last = self.last_publisher.borrow_mut();
        let known = last.take_if(|(of, _)| Rc::ptr_eq(of, publisher));
        let (_, permissions) = last.insert(known.unwrap_or_else(|| {
            let identity = Identity {
                client_id: &publisher.client_id,
                username: publisher.username.as_deref(),
                peer,
            };
            (Rc::clone(publisher), authorizer.permissions(&identity))
        }));
        permissions.allow(action)
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
