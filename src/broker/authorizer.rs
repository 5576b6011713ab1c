//! Who says what a client may do.

use crate::transport::Peer;

/// Says what clients may do, once they are connected.
///
/// An [`Acl`](super::Acl) is one; [`Config::authorizer`](super::Config::authorizer) takes any:
///
/// ```
/// use std::sync::Arc;
/// use mqtk::broker::{Action, Authorizer, Broker, Config, Identity, Permissions};
///
/// /// Everybody may read everything, and publish below a topic of their own.
/// struct OwnTopics;
///
/// impl Authorizer for OwnTopics {
///     fn permissions(&self, client: &Identity<'_>) -> Box<dyn Permissions> {
///         let own = format!("clients/{}/", client.client_id);
///         Box::new(move |action: Action<'_>| match action {
///             Action::Publish { topic } => topic.starts_with(&own),
///             Action::Receive { .. } | Action::Subscribe { .. } => true,
///         })
///     }
/// }
///
/// let config = Config { authorizer: Some(Arc::new(OwnTopics)), ..Config::default() };
/// let broker = Broker::start(config)?;
/// # broker.shutdown();
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Authorizer: Send + Sync {
    /// What this client may do: asked when it has connected, and kept until it connects again.
    ///
    /// Called on the broker's thread, which it must not keep waiting.
    fn permissions(&self, client: &Identity<'_>) -> Box<dyn Permissions>;
}

/// What one client may do. A function of an [`Action`] is a `Permissions`.
///
/// It is asked for each message that the client publishes and each that it is to receive, on the
/// broker's thread: it should answer within nanoseconds.
pub trait Permissions {
    /// Whether the client may do this.
    fn allow(&self, action: Action<'_>) -> bool;
}

impl<F: Fn(Action<'_>) -> bool> Permissions for F {
    fn allow(&self, action: Action<'_>) -> bool {
        self(action)
    }
}

/// What a client wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Publish an Application Message, or leave it as its Will Message. If it may not, a PUBLISH
    /// is answered 0x87 in MQTT 5.0 and acknowledged before, and goes nowhere; a Will Message
    /// is not published.
    Publish {
        /// Topic Name.
        topic: &'a str,
    },
    /// Receive an Application Message. If it may not, the message is withheld without a word.
    Receive {
        /// Topic Name.
        topic: &'a str,
    },
    /// Subscribe. If it may not, SUBACK says 0x87 (0x80 before MQTT 5.0).
    Subscribe {
        /// Topic Filter; of a Shared Subscription, without `$share/` and its ShareName.
        filter: &'a str,
    },
}

/// Who a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// Client Identifier, also if the broker assigned it.
    pub client_id: &'a str,
    /// User Name, if it gave one.
    pub username: Option<&'a str>,
    /// Where it connects from.
    pub peer: Peer,
}
