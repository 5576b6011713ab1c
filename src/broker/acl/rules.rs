//! What the rules say about one client.

use std::sync::Arc;

use super::overlap::{covers, intersects};
use crate::broker::authorizer::{Action, Permissions};
use crate::topic::matches;

/// What a rule allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Right {
    Read,
    Write,
    ReadWrite,
    /// Nothing.
    Deny,
}

impl Right {
    /// What the rule says of this; `None`: nothing.
    fn about(self, wanted: Right) -> Option<bool> {
        match self {
            Right::Deny => Some(false),
            Right::ReadWrite => Some(true),
            right => (right == wanted).then_some(true),
        }
    }
}

/// The rules about one client: the first that has something to say decides, and if there is none,
/// nothing is allowed.
#[derive(Clone, Debug)]
pub(in crate::broker) struct Rules {
    rules: Vec<(Right, Arc<str>)>,
    refuses_subscriptions: bool,
}

impl Rules {
    pub(super) fn new(refuses_subscriptions: bool) -> Self {
        Self {
            rules: Vec::new(),
            refuses_subscriptions,
        }
    }

    /// Adds rules behind the others; of these, those that deny come first.
    pub(super) fn extend(&mut self, rules: impl Iterator<Item = (Right, Arc<str>)>) {
        let start = self.rules.len();
        self.rules.extend(rules);
        self.rules[start..].sort_by_key(|(right, _)| *right != Right::Deny);
    }

    /// These rules, and the others for what they say nothing about.
    pub(in crate::broker) fn before(self, others: Box<dyn Permissions>) -> impl Permissions {
        move |action: Action<'_>| match self.decide(action) {
            Some(is_allowed) => is_allowed,
            None => others.allow(action),
        }
    }

    /// What the rules say; `None`: nothing.
    fn decide(&self, action: Action<'_>) -> Option<bool> {
        match action {
            Action::Publish { topic } => self.decide_topic(Right::Write, topic),
            Action::Receive { topic } => self.decide_topic(Right::Read, topic),
            Action::Subscribe { filter } => self.may_read_some(filter).then_some(true),
        }
    }

    fn decide_topic(&self, wanted: Right, topic: &str) -> Option<bool> {
        self.rules.iter().find_map(|(right, filter)| {
            let said = right.about(wanted)?;
            matches(filter, topic).then_some(said)
        })
    }

    /// Whether the client may read some topic that the filter matches. It errs on the side of
    /// yes where several rules only together forbid everything.
    fn may_read_some(&self, wanted: &str) -> bool {
        self.rules.iter().enumerate().any(|(at, (right, filter))| {
            let is_denied = |(right, denied): &(Right, Arc<str>)| {
                *right == Right::Deny && (covers(denied, wanted) || covers(denied, filter))
            };
            right.about(Right::Read) == Some(true)
                && intersects(filter, wanted)
                && !self.rules[..at].iter().any(is_denied)
        })
    }
}

impl Permissions for Rules {
    fn allow(&self, action: Action<'_>) -> bool {
        match action {
            Action::Subscribe { .. } if !self.refuses_subscriptions => true,
            action => self.decide(action).unwrap_or(false),
        }
    }
}
