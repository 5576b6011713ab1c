//! The tree of topic levels under both public trees: nodes in one arena, edges in one table.
//!
//! A million filters are a million nodes or more, so a node is a handful of `u32`s and the value:
//! no map, no box and no string of its own. Nothing here recurses: a topic can have 65,536 levels.

use super::levels::{LevelId, Levels};
use super::table::Table;

/// Trees with fewer nodes keep the memory that they once needed.
const SMALL: usize = 1024;
/// The part of a tree's nodes that has to be left, or it moves to less memory.
const SPARSE: usize = 16;

/// The place of a node in the arena.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct NodeId(u32);

impl NodeId {
    const NONE: Self = Self(u32::MAX);
    /// Above the first level of every topic but these:
    const ROOT: Self = Self(0);
    /// Above the first level of topics that begin with `$`. They never stand beside a leading
    /// wildcard, so that it cannot match them (MQTT-4.7.2-1).
    const DOLLAR_ROOT: Self = Self(1);

    fn get(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }
}

/// What a node holds; a node that is vacant and has no child goes.
pub(super) trait Slot: Default {
    fn is_vacant(&self) -> bool;
}

impl<V> Slot for Option<V> {
    fn is_vacant(&self) -> bool {
        self.is_none()
    }
}

struct Node<T> {
    parent: NodeId,
    level: LevelId,
    /// The children, linked both ways so that any of them can leave.
    first_child: NodeId,
    next: NodeId,
    previous: NodeId,
    /// The children `+` and `#`: every match asks for them, so they are one step away.
    single: NodeId,
    multi: NodeId,
    value: T,
}

impl<T: Slot> Node<T> {
    fn new(parent: NodeId, level: LevelId) -> Self {
        Self {
            parent,
            level,
            first_child: NodeId::NONE,
            next: NodeId::NONE,
            previous: NodeId::NONE,
            single: NodeId::NONE,
            multi: NodeId::NONE,
            value: T::default(),
        }
    }
}

/// A tree of topic levels with a value in every node.
pub(super) struct Tree<T> {
    nodes: Vec<Node<T>>,
    free: Vec<NodeId>,
    edges: Table<(NodeId, LevelId), NodeId>,
    levels: Levels,
}

impl<T: Slot> Default for Tree<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            free: Vec::new(),
            edges: Table::default(),
            levels: Levels::default(),
        }
    }
}

impl<T: Slot> Tree<T> {
    /// The node that a topic's first level hangs from; `None` while the tree is empty.
    pub(super) fn root_of(&self, topic: &str) -> Option<NodeId> {
        (!self.nodes.is_empty()).then(|| root_of(topic))
    }

    pub(super) fn value(&self, node: NodeId) -> &T {
        &self.node(node).value
    }

    pub(super) fn value_mut(&mut self, node: NodeId) -> &mut T {
        &mut self.node_mut(node).value
    }

    /// All values, in no particular order.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.nodes.iter().map(|node| &node.value)
    }

    /// The node above, `None` from a root.
    pub(super) fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).parent.get()
    }

    pub(super) fn level(&self, node: NodeId) -> LevelId {
        self.node(node).level
    }

    pub(super) fn first_child(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).first_child.get()
    }

    pub(super) fn next_sibling(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).next.get()
    }

    /// The child `+`.
    pub(super) fn single(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).single.get()
    }

    /// The child `#`.
    pub(super) fn multi(&self, node: NodeId) -> Option<NodeId> {
        self.node(node).multi.get()
    }

    /// The child with this text.
    pub(super) fn child(&self, node: NodeId, text: &str) -> Option<NodeId> {
        let level = self.levels.find(text)?;
        self.edges.get(&(node, level)).copied()
    }

    /// The node of a whole topic.
    pub(super) fn find(&self, topic: &str) -> Option<NodeId> {
        let mut levels = topic.split('/');
        levels.try_fold(self.root_of(topic)?, |node, text| self.child(node, text))
    }

    /// The node of a whole topic, made if it is missing.
    pub(super) fn insert(&mut self, topic: &str) -> NodeId {
        if self.nodes.is_empty() {
            for _ in [NodeId::ROOT, NodeId::DOLLAR_ROOT] {
                self.nodes.push(Node::new(NodeId::NONE, LevelId::SINGLE));
            }
        }
        topic.split('/').fold(root_of(topic), |parent, text| {
            self.child(parent, text)
                .unwrap_or_else(|| self.add_child(parent, text))
        })
    }

    /// Removes a topic's node, and those above it, as long as they hold nothing.
    pub(super) fn prune(&mut self, topic: &str, mut node: NodeId) {
        for text in topic.rsplit('/') {
            let parent = self.node(node).parent;
            if self.node(node).first_child != NodeId::NONE || !self.value(node).is_vacant() {
                break;
            }
            self.unlink(node);
            self.levels.release(text);
            node = parent;
        }
        if self.edges.is_empty() {
            *self = Self::default();
        } else if self.nodes.len() > SMALL
            && self.nodes.len() - self.free.len() < self.nodes.len() / SPARSE
        {
            self.compact();
        }
    }

    /// Moves the nodes together, as most of them are free. It happens so rarely that a removal pays
    /// for it with a part of a node.
    fn compact(&mut self) {
        let mut places = vec![Some(NodeId::NONE); self.nodes.len()];
        for id in self.free.drain(..) {
            places[id.0 as usize] = None;
        }
        // The roots are first, and stay where they are.
        let occupied = places.iter_mut().flatten();
        for (place, id) in occupied.zip(0..) {
            *place = NodeId(id);
        }
        let place_of = |id: NodeId| match id {
            NodeId::NONE => NodeId::NONE,
            NodeId(index) => places[index as usize].unwrap_or(NodeId::NONE),
        };
        let nodes = std::mem::take(&mut self.nodes).into_iter().zip(&places);
        let kept = nodes.filter_map(|(node, place)| place.is_some().then_some(node));
        self.nodes = kept
            .map(|node| Node {
                parent: place_of(node.parent),
                first_child: place_of(node.first_child),
                next: place_of(node.next),
                previous: place_of(node.previous),
                single: place_of(node.single),
                multi: place_of(node.multi),
                ..node
            })
            .collect();
        self.nodes.shrink_to_fit();
        self.free = Vec::new();
        self.edges = self
            .nodes
            .iter()
            .zip(0..)
            .filter(|(node, _)| node.parent != NodeId::NONE)
            .map(|(node, id)| ((node.parent, node.level), NodeId(id)))
            .collect();
        self.levels.shrink();
    }

    fn add_child(&mut self, parent: NodeId, text: &str) -> NodeId {
        let level = self.levels.acquire(text);
        let mut added = Node::new(parent, level);
        added.next = self.node(parent).first_child;
        let id = match self.free.pop() {
            Some(id) => {
                *self.node_mut(id) = added;
                id
            }
            None => {
                self.nodes.push(added);
                NodeId((self.nodes.len() - 1) as u32)
            }
        };
        if let Some(next) = self.next_sibling(id) {
            self.node_mut(next).previous = id;
        }
        self.node_mut(parent).first_child = id;
        self.set_wildcard(parent, level, id);
        self.edges.insert((parent, level), id);
        id
    }

    fn unlink(&mut self, id: NodeId) {
        let node = std::mem::replace(self.node_mut(id), Node::new(NodeId::NONE, LevelId::SINGLE));
        match node.previous.get() {
            Some(previous) => self.node_mut(previous).next = node.next,
            None => self.node_mut(node.parent).first_child = node.next,
        }
        if let Some(next) = node.next.get() {
            self.node_mut(next).previous = node.previous;
        }
        self.set_wildcard(node.parent, node.level, NodeId::NONE);
        self.edges.remove(&(node.parent, node.level));
        self.free.push(id);
    }

    fn set_wildcard(&mut self, parent: NodeId, level: LevelId, child: NodeId) {
        match level {
            LevelId::SINGLE => self.node_mut(parent).single = child,
            LevelId::MULTI => self.node_mut(parent).multi = child,
            _ => {}
        }
    }

    fn node(&self, id: NodeId) -> &Node<T> {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node<T> {
        &mut self.nodes[id.0 as usize]
    }
}

fn root_of(topic: &str) -> NodeId {
    if topic.starts_with('$') {
        NodeId::DOLLAR_ROOT
    } else {
        NodeId::ROOT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(tree: &mut Tree<Option<u32>>, topic: &str, value: u32) {
        let node = tree.insert(topic);
        *tree.value_mut(node) = Some(value);
    }

    fn take(tree: &mut Tree<Option<u32>>, topic: &str) -> Option<u32> {
        let node = tree.find(topic)?;
        let value = tree.value_mut(node).take();
        tree.prune(topic, node);
        value
    }

    #[test]
    fn pruning_leaves_what_others_need() {
        let mut tree = Tree::default();
        put(&mut tree, "a", 1);
        put(&mut tree, "a/b/c", 2);
        put(&mut tree, "a/b/d", 3);
        assert_eq!(take(&mut tree, "a/b/c"), Some(2));
        assert_eq!(tree.find("a/b/c"), None);
        assert!(tree.find("a/b").is_some());
        assert_eq!(take(&mut tree, "a"), Some(1));
        assert!(tree.find("a").is_some(), "a/b/d hangs below");
        assert_eq!(take(&mut tree, "a/b/d"), Some(3));
        assert_eq!(tree.find("a"), None);
    }

    #[test]
    fn an_emptied_tree_owns_no_memory() {
        let mut tree = Tree::default();
        let topics: Vec<String> = (0..100).map(|n| format!("a/{n}/+/{n}")).collect();
        for (topic, value) in topics.iter().zip(0..) {
            put(&mut tree, topic, value);
        }
        for topic in &topics {
            take(&mut tree, topic);
        }
        assert_eq!(tree.nodes.capacity(), 0);
        assert_eq!(tree.edges.capacity(), 0);
    }

    #[test]
    fn a_tree_that_has_become_sparse_moves_to_less_memory() {
        let mut tree = Tree::default();
        let topics: Vec<String> = (0..5000)
            .map(|n| match n % 3 {
                0 => format!("a/{n}/+"),
                1 => format!("$b/{}/{n}", n % 7),
                _ => format!("+/{n}/#"),
            })
            .collect();
        for (topic, value) in topics.iter().zip(0..) {
            put(&mut tree, topic, value);
        }
        let (nodes, edges) = (tree.nodes.capacity(), tree.edges.capacity());
        let is_kept = |value: u32| value.is_multiple_of(100);
        for (topic, value) in topics.iter().zip(0..).filter(|(_, value)| !is_kept(*value)) {
            assert_eq!(take(&mut tree, topic), Some(value));
        }
        assert!(tree.nodes.capacity() < nodes / 8 && tree.edges.capacity() < edges / 8);
        // Everything is where it was, and goes as it came.
        for (topic, value) in topics.iter().zip(0..) {
            let found = tree.find(topic).and_then(|node| *tree.value(node));
            assert_eq!(found, is_kept(value).then_some(value), "{topic}");
        }
        put(&mut tree, "a/x/+", 1);
        assert_eq!(take(&mut tree, "a/x/+"), Some(1));
        for (topic, value) in topics.iter().zip(0..).filter(|(_, value)| is_kept(*value)) {
            assert_eq!(take(&mut tree, topic), Some(value));
        }
        assert_eq!(tree.nodes.capacity(), 0);
    }

    #[test]
    fn freed_nodes_are_used_again() {
        let mut tree = Tree::default();
        put(&mut tree, "keep", 0);
        for n in 0..50 {
            put(&mut tree, &format!("x/{n}"), n);
            take(&mut tree, &format!("x/{n}"));
        }
        assert_eq!(tree.nodes.len(), 5, "two roots, `keep`, `x` and one more");
    }
}
