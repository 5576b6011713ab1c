//! Who a Topic Filter is subscribed for, and how.

use super::ClientKey;
use crate::broker::slab::key;
use crate::codec::{QoS, SubscriptionOptions};

key! {
    /// A share group's number.
    GroupKey
}

/// Who gets what a subscription matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Subscriber {
    /// One client.
    Client(ClientKey),
    /// One member of a share group.
    Group(GroupKey),
}

/// What routing needs to know of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::broker) struct Subscription {
    pub(in crate::broker) qos: QoS,
    pub(in crate::broker) no_local: bool,
    pub(in crate::broker) retain_as_published: bool,
    /// Subscription Identifier; 0: none.
    pub(in crate::broker) id: u32,
}

impl Subscription {
    pub(super) fn new(options: SubscriptionOptions, id: Option<u32>) -> Self {
        Self {
            qos: options.qos,
            no_local: options.no_local,
            retain_as_published: options.retain_as_published,
            id: id.unwrap_or(0),
        }
    }
}

/// The Topic Filter in `$share/NAME/FILTER`.
pub(super) fn unshared(shared_filter: &str) -> &str {
    shared_filter.splitn(3, '/').nth(2).unwrap_or_default()
}
