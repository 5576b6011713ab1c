//! The faults of a broker, as its connections share them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::rule::FaultRule;
use super::{Direction, Faults};

/// Clients whose connections are told apart by their number.
const MAX_CLIENTS: usize = 100_000;

/// The rules of a broker, and where chance begins.
#[derive(Debug)]
pub(in crate::broker) struct Plan {
    pub(super) rules: Box<[Planned]>,
    seed: u64,
    /// How often each client has connected. Its Client Identifier may be long and is a
    /// stranger's, so a hash stands for it.
    connections: RefCell<HashMap<u64, u64>>,
}

/// A rule, and how often it was applied.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) rule: FaultRule,
    applied: Cell<u64>,
}

impl Planned {
    /// Whether it may be applied once more; then it counts as applied.
    pub(super) fn apply(&self) -> bool {
        let applied = self.applied.get();
        let may = self.rule.times.is_none_or(|times| applied < times);
        self.applied.set(applied + u64::from(may));
        may
    }
}

impl Plan {
    /// `None`: there are no rules. `seed` is for faults that have none of their own.
    pub(in crate::broker) fn new(faults: Faults, seed: u64) -> Option<Self> {
        let rules = faults.rules.into_iter().map(|rule| Planned {
            rule,
            applied: Cell::new(0),
        });
        let plan = Self {
            rules: rules.collect(),
            seed: faults.seed.unwrap_or(seed),
            connections: RefCell::default(),
        };
        (!plan.rules.is_empty()).then_some(plan)
    }

    pub(in crate::broker) fn rule_count(&self) -> usize {
        self.rules.len()
    }

    /// Where chance begins.
    pub(in crate::broker) fn seed(&self) -> u64 {
        self.seed
    }

    /// Chance for the next connection of this client: each direction has its own, so that it does
    /// not matter how the two are interleaved.
    pub(super) fn chance(&self, client_id: &str) -> impl Fn(Direction) -> fastrand::Rng + use<> {
        let mut connections = self.connections.borrow_mut();
        let client = hash(client_id);
        let number = match connections.get_mut(&client) {
            Some(number) => {
                *number += 1;
                *number
            }
            None => {
                if connections.len() < MAX_CLIENTS {
                    connections.insert(client, 0);
                }
                0
            }
        };
        let seed = hash((self.seed, client_id, number));
        move |direction| {
            fastrand::Rng::with_seed(match direction {
                Direction::In => seed,
                Direction::Out => !seed,
            })
        }
    }
}

/// The same in every run, unlike the hashes of a map.
fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
