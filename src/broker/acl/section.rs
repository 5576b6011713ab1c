//! Rules that belong together, found by Topic Name: a thousand cost a message no more than ten.

use std::fmt;
use std::sync::Arc;

use super::network::Places;
use super::rules::Right;
use crate::topic::SubscriptionTrie;
use crate::transport::Peer;

/// A line of the file: what it says, and for clients from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub right: Right,
    pub filter: Arc<str>,
    pub places: Option<Arc<Places>>,
}

impl Rule {
    /// Whether it is a pattern with a client's names in it.
    pub fn has_names(&self) -> bool {
        self.filter.contains('%')
    }

    /// Whether it is about clients from there.
    pub fn is_about(&self, peer: Peer) -> bool {
        self.places
            .as_ref()
            .is_none_or(|places| places.contain(peer))
    }
}

/// The rules of a section, or the patterns, in the order in which they are looked at. All clients
/// that they are about share them.
#[derive(Default)]
pub(super) struct Section {
    rules: Vec<Rule>,
    /// The places of the rules by their filters, but for those in which a client's names stand.
    index: SubscriptionTrie<u32, ()>,
}

impl Section {
    /// Rules as they stand in the file; those that deny come first.
    pub fn new(mut rules: Vec<Rule>, has_names: impl Fn(&Rule) -> bool) -> Self {
        rules.sort_by_key(|rule| rule.right != Right::Deny);
        let mut index = SubscriptionTrie::new();
        for (rule, place) in rules.iter().zip(0..) {
            if !has_names(rule) {
                index.subscribe(&rule.filter, place, ());
            }
        }
        Self { rules, index }
    }

    /// The rules with their places.
    pub fn rules(&self) -> impl Iterator<Item = (u32, &Rule)> {
        (0..).zip(&self.rules)
    }

    pub fn get(&self, place: u32) -> Option<&Rule> {
        self.rules.get(place as usize)
    }

    /// The place of the first rule that says something of this, those with names left out.
    pub fn first(&self, wanted: Right, topic: &str, peer: Peer) -> Option<u32> {
        let mut first = None;
        self.index.for_each_match(topic, |&place, ()| {
            let is_earlier = first.is_none_or(|first| place < first);
            let says = |rule: &Rule| rule.right.about(wanted).is_some() && rule.is_about(peer);
            if is_earlier && self.get(place).is_some_and(says) {
                first = Some(place);
            }
        });
        first
    }
}

impl fmt::Debug for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.rules).finish()
    }
}

impl PartialEq for Section {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

impl Eq for Section {}
