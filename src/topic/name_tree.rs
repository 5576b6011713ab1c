//! Values by Topic Name, found by Topic Filter: the mirror image of the subscription trie.

use super::tree::{NodeId, Tree};

/// A value for each of many Topic Names: which of them does a Topic Filter match?
///
/// This is where a Server keeps its retained messages. The cost of a search depends on the levels of
/// the filter and on the names that it matches, not on how many others there are. Nothing is
/// allocated.
///
/// ```
/// let mut retained = mqtk::topic::NameTree::new();
/// retained.insert("sensors/1", "21.5");
/// retained.insert("sensors/2", "19.0");
///
/// let mut found = Vec::new();
/// retained.for_each_match("sensors/+", |payload| found.push(*payload));
/// found.sort();
/// assert_eq!(found, ["19.0", "21.5"]);
/// assert_eq!(retained.remove("sensors/1"), Some("21.5"));
/// ```
pub struct NameTree<V> {
    tree: Tree<Option<V>>,
    len: usize,
}

impl<V> Default for NameTree<V> {
    fn default() -> Self {
        Self {
            tree: Tree::default(),
            len: 0,
        }
    }
}

impl<V> NameTree<V> {
    /// An empty tree, which owns no memory.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many names have a value.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no name has a value.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Sets the value of a Topic Name and returns the one it had.
    pub fn insert(&mut self, name: &str, value: V) -> Option<V> {
        let node = self.tree.insert(name);
        let replaced = self.tree.value_mut(node).replace(value);
        self.len += usize::from(replaced.is_none());
        replaced
    }

    /// The value of a Topic Name.
    pub fn get(&self, name: &str) -> Option<&V> {
        self.tree.value(self.tree.find(name)?).as_ref()
    }

    /// Removes a Topic Name and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<V> {
        let node = self.tree.find(name)?;
        let removed = self.tree.value_mut(node).take()?;
        self.tree.prune(name, node);
        self.len -= 1;
        Some(removed)
    }

    /// All values, those of `$` topics too, in no particular order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.tree.values().flatten()
    }

    /// Calls `visit` with the value of every Topic Name that a filter matches.
    pub fn for_each_match<'a>(&'a self, filter: &str, visit: impl FnMut(&'a V)) {
        let _reached = self.walk(filter, usize::MAX, visit);
    }

    /// The values of all Topic Names that a filter matches; `None` if there are more than `most`, or if
    /// more than `nodes` nodes of the tree have to be visited to find them.
    pub fn few_matches(&self, filter: &str, most: usize, nodes: usize) -> Option<Vec<&V>> {
        let mut found = Vec::new();
        let is_whole = self.walk(filter, nodes, |value| {
            if found.len() <= most {
                found.push(value);
            }
        });
        (is_whole && found.len() <= most).then_some(found)
    }

    /// Calls `visit` with the values of what a filter matches, until this many nodes have been visited.
    /// Returns whether that was all.
    fn walk<'a>(&'a self, filter: &str, nodes: usize, mut visit: impl FnMut(&'a V)) -> bool {
        let mut left = nodes;
        let tree = &self.tree;
        let Some(mut node) = tree.root_of(filter) else {
            return true;
        };
        // Where in the filter the level below `node` begins; past its end once all are used.
        let mut at = 0;
        loop {
            let level = level_at(filter, at);
            let next = match level {
                Some("#") => {
                    if !self.visit_below(node, &mut left, &mut visit) {
                        return false;
                    }
                    None
                }
                Some("+") => tree.first_child(node),
                Some(text) => tree.child(node, text),
                None => {
                    tree.value(node).iter().for_each(&mut visit);
                    None
                }
            };
            if left == 0 {
                return false;
            }
            left -= 1;
            if let Some(child) = next {
                node = child;
                at += level.map_or(0, |text| text.len() + 1);
                continue;
            }
            // Back up to the nearest `+` whose node has a sibling left.
            loop {
                if at == 0 {
                    return true;
                }
                let level = level_before(filter, at);
                if level == "+"
                    && let Some(sibling) = tree.next_sibling(node)
                {
                    node = sibling;
                    break;
                }
                let Some(parent) = tree.parent(node) else {
                    return true;
                };
                node = parent;
                at -= level.len() + 1;
            }
        }
    }

    /// Calls `visit` with the values of a node and of all below it, parents first, as long as nodes are
    /// `left` to visit. Returns whether that was all.
    fn visit_below<'a>(
        &'a self,
        top: NodeId,
        left: &mut usize,
        visit: &mut impl FnMut(&'a V),
    ) -> bool {
        let tree = &self.tree;
        let mut node = top;
        loop {
            if *left == 0 {
                return false;
            }
            *left -= 1;
            tree.value(node).iter().for_each(&mut *visit);
            if let Some(child) = tree.first_child(node) {
                node = child;
                continue;
            }
            node = loop {
                if node == top {
                    return true;
                }
                if let Some(sibling) = tree.next_sibling(node) {
                    break sibling;
                }
                let Some(parent) = tree.parent(node) else {
                    return true;
                };
                node = parent;
            };
        }
    }
}

/// The level that begins at byte `at`, `None` past the last.
fn level_at(filter: &str, at: usize) -> Option<&str> {
    let rest = filter.get(at..)?;
    let end = memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
    Some(&rest[..end])
}

/// The level before the one that begins (or would begin) at byte `at`.
fn level_before(filter: &str, at: usize) -> &str {
    let before = &filter[..at - 1];
    let start = memchr::memrchr(b'/', before.as_bytes()).map_or(0, |slash| slash + 1);
    &before[start..]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::topic::{matches, strategies};

    fn found(tree: &NameTree<String>, filter: &str) -> Vec<String> {
        let mut found = Vec::new();
        tree.for_each_match(filter, |name| found.push(name.clone()));
        found.sort_unstable();
        found
    }

    fn tree_of<'a>(names: impl IntoIterator<Item = &'a str>) -> NameTree<String> {
        let mut tree = NameTree::new();
        for name in names {
            tree.insert(name, name.to_owned());
        }
        tree
    }

    #[test]
    fn values_are_replaced_and_removed() {
        let mut tree = NameTree::new();
        assert_eq!(tree.insert("a/b", 1), None);
        assert_eq!(tree.insert("a/b", 2), Some(1));
        assert_eq!(
            (tree.get("a/b"), tree.get("a"), tree.len()),
            (Some(&2), None, 1)
        );
        assert_eq!(tree.remove("a"), None, "a level on the way is not a name");
        assert_eq!(tree.remove("a/b"), Some(2));
        assert!(tree.is_empty());
    }

    #[test]
    fn mqtt_4_7_2_1_leading_wildcards_do_not_see_dollar_topics() {
        let tree = tree_of(["$SYS/uptime", "a/uptime", "a/$b", "$"]);
        assert_eq!(found(&tree, "#"), ["a/$b", "a/uptime"]);
        assert_eq!(found(&tree, "+/uptime"), ["a/uptime"]);
        assert_eq!(found(&tree, "+"), [""; 0]);
        assert_eq!(found(&tree, "$SYS/#"), ["$SYS/uptime"]);
        assert_eq!(tree.len(), 4);
    }

    #[test]
    fn multi_level_wildcard_matches_the_parent_too() {
        let tree = tree_of(["sport", "sport/", "sport/a/b", "sports"]);
        assert_eq!(found(&tree, "sport/#"), ["sport", "sport/", "sport/a/b"]);
    }

    #[test]
    fn few_matches_are_all_of_them_or_none() {
        let names: Vec<_> = (0..100).map(|number| format!("a/{number}/x")).collect();
        let tree = tree_of(names.iter().map(String::as_str));
        let count = |filter, most, nodes| {
            let found = tree.few_matches(filter, most, nodes);
            found.map(|found| found.len())
        };
        for filter in ["#", "a/#", "a/+/x", "+/+/+"] {
            assert_eq!(count(filter, 100, 1000), Some(100), "{filter}");
            assert_eq!(count(filter, 99, 1000), None, "{filter}: they are too many");
            assert_eq!(count(filter, 100, 100), None, "{filter}: there is too much");
        }
        assert_eq!(count("a/+/y", 1, 1000), Some(0));
        assert_eq!(count("a/+/y", 1, 100), None, "they are not found soon");
        assert_eq!(count("a/7/#", 1, 5), Some(1));
    }

    #[test]
    fn the_deepest_names_are_only_long() {
        let deep = "/".repeat(crate::topic::MAX_LEN);
        let name = "/".repeat(32_767);
        let mut tree = tree_of([deep.as_str(), name.as_str()]);
        assert_eq!(found(&tree, "#").len(), 2);
        assert_eq!(found(&tree, &vec!["+"; 32_768].join("/")), [name.as_str()]);
        assert!(tree.remove(&deep).is_some() && tree.remove(&name).is_some());
        assert!(tree.tree.root_of("a").is_none());
    }

    proptest! {
        #[test]
        fn finds_what_a_linear_scan_finds(
            names in prop::collection::btree_set(strategies::name(), 0..40),
            removed in prop::collection::btree_set(strategies::name(), 0..40),
            filters in prop::collection::vec(strategies::filter(), 1..8),
        ) {
            let mut tree = tree_of(names.iter().map(String::as_str));
            for name in &removed {
                prop_assert_eq!(tree.remove(name).is_some(), names.contains(name));
            }
            let left: BTreeSet<_> = names.difference(&removed).collect();
            prop_assert_eq!(tree.len(), left.len());
            for filter in filters {
                let wanted = left.iter().filter(|name| matches(&filter, name));
                let wanted: Vec<String> = wanted.map(|name| (*name).clone()).collect();
                prop_assert_eq!(found(&tree, &filter), wanted, "{}", filter);
            }
            for name in left {
                prop_assert!(tree.remove(name).is_some());
            }
            prop_assert!(tree.tree.root_of("a").is_none(), "an emptied tree has no node left");
        }
    }
}
