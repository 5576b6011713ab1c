//! What the rules say about one client.

use std::sync::Arc;

use super::overlap::{covers, intersects};
use super::section::Section;
use crate::broker::authorizer::{Action, Permissions};
use crate::topic::matches;
use crate::transport::Peer;

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
    pub fn about(self, wanted: Right) -> Option<bool> {
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
    peer: Peer,
    section: Option<Arc<Section>>,
    patterns: Option<Patterns>,
    refuses_subscriptions: bool,
}

/// The patterns, with the client's names in them.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    pub all: Arc<Section>,
    /// The filters of those in which names stand, by their places, in order.
    pub named: Box<[(u32, Arc<str>)]>,
}

impl Rules {
    pub(super) fn new(
        peer: Peer,
        section: Option<Arc<Section>>,
        patterns: Option<Patterns>,
        refuses_subscriptions: bool,
    ) -> Self {
        Self {
            peer,
            section,
            patterns,
            refuses_subscriptions,
        }
    }

    /// These rules, and the others for what they say nothing about.
    pub(in crate::broker) fn before(self, others: Box<dyn Permissions>) -> impl Permissions {
        move |action: Action<'_>| match self.decide(action) {
            Some(is_allowed) => is_allowed,
            None => others.allow(action),
        }
    }

    /// What the rules say; `None`: nothing.
    pub(super) fn decide(&self, action: Action<'_>) -> Option<bool> {
        match action {
            Action::Publish { topic } => self.decide_topic(Right::Write, topic),
            Action::Receive { topic } => self.decide_topic(Right::Read, topic),
            Action::Subscribe { filter } => self.may_read_some(filter).then_some(true),
        }
    }

    fn decide_topic(&self, wanted: Right, topic: &str) -> Option<bool> {
        let of_section = self.section.as_ref().and_then(|section| {
            let place = section.first(wanted, topic, self.peer)?;
            section.get(place)?.right.about(wanted)
        });
        of_section.or_else(|| self.patterns.as_ref()?.decide(wanted, topic, self.peer))
    }

    /// All rules in the order in which they are looked at.
    pub(super) fn all(&self) -> Vec<(Right, &str)> {
        let section = self.section.iter().flat_map(|section| section.rules());
        let of_section = section
            .filter(|(_, rule)| rule.is_about(self.peer))
            .map(|(_, rule)| (rule.right, &*rule.filter));
        let patterns = self.patterns.iter();
        of_section
            .chain(patterns.flat_map(|patterns| patterns.all(self.peer)))
            .collect()
    }

    /// Whether the client may read some topic that the filter matches. It errs on the side of
    /// yes where several rules only together forbid everything.
    fn may_read_some(&self, wanted: &str) -> bool {
        let rules = self.all();
        rules.iter().enumerate().any(|(at, (right, filter))| {
            let is_denied = |(right, denied): &(Right, &str)| {
                *right == Right::Deny && (covers(denied, wanted) || covers(denied, filter))
            };
            right.about(Right::Read) == Some(true)
                && intersects(filter, wanted)
                && !rules[..at].iter().any(is_denied)
        })
    }
}

impl Patterns {
    fn decide(&self, wanted: Right, topic: &str, peer: Peer) -> Option<bool> {
        let first = self.all.first(wanted, topic, peer);
        let says = |place: u32| self.all.get(place)?.right.about(wanted);
        let earlier = self
            .named
            .iter()
            .take_while(|(place, _)| first.is_none_or(|first| *place < first))
            .find(|(place, filter)| says(*place).is_some() && matches(filter, topic));
        says(earlier.map(|(place, _)| *place).or(first)?)
    }

    fn all(&self, peer: Peer) -> impl Iterator<Item = (Right, &str)> {
        let named = |at: u32| self.named.iter().find(|(place, _)| *place == at);
        self.all.rules().filter_map(move |(place, rule)| {
            let filter = match named(place) {
                Some((_, filter)) => filter,
                None if rule.has_names() => return None,
                None => &rule.filter,
            };
            rule.is_about(peer).then_some((rule.right, &**filter))
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
