//! The subscriptions of a Server, found by Topic Name.

use std::hash::Hash;

use super::entries::Entries;
use super::levels::LevelId;
use super::tree::Tree;

/// Subscriptions by Topic Filter: which of them want a Topic Name?
///
/// `K` identifies a subscription among those to one filter (a client, or a share group), and `V` is what
/// the Server keeps of it (QoS, options). The cost of a search depends on the levels of the topic and on
/// the filters with wildcards that match them, not on how many filters there are. Nothing is allocated.
///
/// Filters are valid and without their `$share/NAME/`: see [`Filter::parse`](super::Filter::parse).
///
/// ```
/// let mut trie = mqtk::topic::SubscriptionTrie::new();
/// trie.subscribe("sensors/+/temperature", "logger", 1);
/// trie.subscribe("sensors/#", "display", 0);
///
/// let mut found = Vec::new();
/// trie.for_each_match("sensors/7/temperature", |client, qos| found.push((*client, *qos)));
/// assert_eq!(found, [("display", 0), ("logger", 1)]);
///
/// assert_eq!(trie.unsubscribe("sensors/#", &"display"), Some(0));
/// assert_eq!(trie.len(), 1);
/// ```
pub struct SubscriptionTrie<K, V> {
    tree: Tree<Entries<K, V>>,
    len: usize,
}

impl<K: Clone + Eq + Hash, V> Default for SubscriptionTrie<K, V> {
    fn default() -> Self {
        Self {
            tree: Tree::default(),
            len: 0,
        }
    }
}

impl<K: Clone + Eq + Hash, V> SubscriptionTrie<K, V> {
    /// An empty trie, which owns no memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many subscriptions there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no subscription.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds a subscription, or replaces the one with this filter and key and returns its value
    /// (MQTT-3.8.4-3).
    pub fn subscribe(&mut self, filter: &str, key: K, value: V) -> Option<V> {
        let node = self.tree.insert(filter);
        let replaced = self.tree.value_mut(node).insert(key, value);
        self.len += usize::from(replaced.is_none());
        replaced
    }

    /// The value of a subscription.
    pub fn get(&self, filter: &str, key: &K) -> Option<&V> {
        self.tree.value(self.tree.find(filter)?).get(key)
    }

    /// Removes a subscription and returns its value. The filter is compared character by
    /// character, not matched (MQTT-3.10.4-1).
    pub fn unsubscribe(&mut self, filter: &str, key: &K) -> Option<V> {
        let node = self.tree.find(filter)?;
        let removed = self.tree.value_mut(node).remove(key)?;
        self.tree.prune(filter, node);
        self.len -= 1;
        Some(removed)
    }

    /// Calls `visit` with every subscription whose filter matches a Topic Name: several times with the
    /// same key, if several of its filters do. The order depends only on the earlier calls.
    pub fn for_each_match(&self, name: &str, mut visit: impl FnMut(&K, &V)) {
        let tree = &self.tree;
        let Some(mut node) = tree.root_of(name) else {
            return;
        };
        // What of the name is below `node`; `None` once all its levels are used.
        let mut rest = Some(name);
        // How many nodes on the way down have a `+` child that is still to be visited.
        let mut waiting = 0_usize;
        loop {
            if let Some(multi) = tree.multi(node) {
                tree.value(multi).for_each(&mut visit);
            }
            let next = match rest {
                None => {
                    tree.value(node).for_each(&mut visit);
                    None
                }
                Some(below) => {
                    let single = tree.single(node);
                    let (level, after) = split_level(below);
                    match tree.child(node, level) {
                        Some(child) => {
                            waiting += usize::from(single.is_some());
                            Some((child, after))
                        }
                        None => single.map(|child| (child, after)),
                    }
                }
            };
            if let Some(below) = next {
                (node, rest) = below;
                continue;
            }
            // Back up to the nearest `+` that is still to be visited.
            if waiting == 0 {
                return;
            }
            waiting -= 1;
            (node, rest) = loop {
                let Some(parent) = tree.parent(node) else {
                    return;
                };
                let came_by = tree.level(node);
                node = parent;
                if came_by != LevelId::SINGLE
                    && let Some(single) = tree.single(node)
                {
                    break (single, rest);
                }
                rest = Some(with_level_before(name, rest));
            };
        }
    }
}

/// The first level, and what follows its `/`.
fn split_level(topic: &str) -> (&str, Option<&str>) {
    match memchr::memchr(b'/', topic.as_bytes()) {
        Some(slash) => (&topic[..slash], Some(&topic[slash + 1..])),
        None => (topic, None),
    }
}

/// `rest` of `name`, with one more level in front.
fn with_level_before<'a>(name: &'a str, rest: Option<&str>) -> &'a str {
    let end = rest.map_or(name.len(), |rest| name.len() - rest.len() - 1);
    let start = memchr::memrchr(b'/', &name.as_bytes()[..end]).map_or(0, |slash| slash + 1);
    &name[start..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::topic::{matches, strategies};

    fn found(trie: &SubscriptionTrie<u32, u8>, name: &str) -> Vec<(u32, u8)> {
        let mut found = Vec::new();
        trie.for_each_match(name, |&key, &value| found.push((key, value)));
        found.sort_unstable();
        found
    }

    #[test]
    fn mqtt_3_8_4_3_a_second_subscription_replaces_the_first() {
        let mut trie = SubscriptionTrie::new();
        assert_eq!(trie.subscribe("a/+", 1, 0), None);
        assert_eq!(trie.subscribe("a/+", 1, 2), Some(0));
        assert_eq!(trie.subscribe("a/+", 2, 1), None);
        assert_eq!(trie.len(), 2);
        assert_eq!(trie.get("a/+", &1), Some(&2));
        assert_eq!(found(&trie, "a/b"), [(1, 2), (2, 1)]);
    }

    #[test]
    fn mqtt_3_10_4_1_unsubscribing_compares_and_does_not_match() {
        let mut trie = SubscriptionTrie::new();
        trie.subscribe("a/b", 1, 0);
        assert_eq!(trie.unsubscribe("a/+", &1), None);
        assert_eq!(trie.unsubscribe("#", &1), None);
        assert_eq!(trie.unsubscribe("a", &1), None);
        assert_eq!(trie.unsubscribe("a/b", &2), None);
        assert_eq!(trie.unsubscribe("a/b", &1), Some(0));
        assert!(trie.is_empty());
        assert_eq!(found(&trie, "a/b"), []);
    }

    #[test]
    fn mqtt_4_7_2_1_leading_wildcards_do_not_see_dollar_topics() {
        let mut trie = SubscriptionTrie::new();
        for (filter, key) in ["#", "+/uptime", "$SYS/#", "$SYS/+", "$SYS/uptime"]
            .iter()
            .zip(0..)
        {
            trie.subscribe(filter, key, 0);
        }
        assert_eq!(found(&trie, "$SYS/uptime"), [(2, 0), (3, 0), (4, 0)]);
        assert_eq!(found(&trie, "SYS/uptime"), [(0, 0), (1, 0)]);
    }

    #[test]
    fn the_deepest_topics_are_only_long() {
        let deep = "/".repeat(crate::topic::MAX_LEN);
        let wild = vec!["+"; 32_768].join("/");
        let name = "/".repeat(32_767);
        let mut trie = SubscriptionTrie::new();
        for (filter, key) in [&deep, &wild, &name].into_iter().zip(0..) {
            trie.subscribe(filter, key, 0);
        }
        assert_eq!(found(&trie, &name), [(1, 0), (2, 0)]);
        assert_eq!(found(&trie, &deep), [(0, 0)]);
        for (filter, key) in [&deep, &wild, &name].into_iter().zip(0..) {
            assert_eq!(trie.unsubscribe(filter, &key), Some(0));
        }
        assert!(trie.is_empty());
    }

    proptest! {
        #[test]
        fn finds_what_a_linear_scan_finds(
            filters in prop::collection::vec((strategies::filter(), 0..4_u32), 0..40),
            removed in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
            names in prop::collection::vec(strategies::name(), 1..8),
        ) {
            let mut trie = SubscriptionTrie::new();
            let mut list: Vec<(String, u32, u8)> = Vec::new();
            for ((filter, key), value) in filters.into_iter().zip(0..) {
                let same = |(f, k, _): &(String, u32, u8)| *f == filter && *k == key;
                let old = list.iter().position(same).map(|at| list.swap_remove(at).2);
                prop_assert_eq!(trie.subscribe(&filter, key, value), old);
                list.push((filter, key, value));
            }
            for index in removed {
                if !list.is_empty() {
                    let (filter, key, value) = list.swap_remove(index.index(list.len()));
                    prop_assert_eq!(trie.unsubscribe(&filter, &key), Some(value));
                }
            }
            prop_assert_eq!(trie.len(), list.len());
            for name in names {
                let wanted = list.iter().filter(|(filter, ..)| matches(filter, &name));
                let mut wanted: Vec<_> = wanted.map(|(_, key, value)| (*key, *value)).collect();
                wanted.sort_unstable();
                prop_assert_eq!(found(&trie, &name), wanted, "{}", name);
            }
            for (filter, key, value) in list {
                prop_assert_eq!(trie.unsubscribe(&filter, &key), Some(value));
            }
            prop_assert!(trie.tree.root_of("a").is_none(), "an emptied trie has no node left");
        }
    }
}
