//! What the sequence numbers say, once all workers have ended.

use std::collections::{BTreeMap, HashMap};

use super::balance::together;
use super::worker::Outcome;
use super::{Arrivals, Balance, Plan, Scenario};

/// What was published and what arrived in one shard, where a message may come from another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deliveries {
    /// Subscribers of this shard that were connected; a group is one.
    pub subscribers: u64,
    /// Measured messages of each publisher of this shard.
    pub published: BTreeMap<u64, u64>,
    /// What the members of a Shared Subscription in this shard got of each publisher; of other
    /// subscribers the counts say enough.
    pub arrived: BTreeMap<u64, Arrivals>,
}

/// What the sequence numbers say.
#[derive(Debug, Default)]
pub(super) struct Sequences {
    pub(super) expected: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) reordered: u64,
    pub(super) balance: Option<Balance>,
    pub(super) deliveries: Option<Deliveries>,
}

impl Sequences {
    pub(super) fn of(plan: &Plan, outcomes: Vec<Outcome>) -> Sequences {
        let mut published = BTreeMap::new();
        let mut arrived = Vec::new();
        for outcome in outcomes {
            published.extend(outcome.published);
            arrived.extend(outcome.arrived);
        }
        let mut sum = Sequences::default();
        if plan.scenario == Scenario::Shared {
            sum.balance = Balance::of(&arrived);
            // The group is one subscriber.
            arrived = vec![(0, together(arrived))];
        }
        if plan.hears_other_shards() {
            sum.arrivals(&arrived);
            sum.deliveries = Some(deliveries(plan, published, arrived));
            return sum;
        }
        for (subscriber, by_publisher) in &arrived {
            match plan.scenario {
                Scenario::Pairs => {
                    let sent = published.get(subscriber).copied().unwrap_or(0);
                    sum.add(sent, of_publisher(by_publisher, *subscriber));
                }
                Scenario::Sub | Scenario::Shared => {
                    for (&publisher, &sent) in &published {
                        sum.add(sent, of_publisher(by_publisher, publisher));
                    }
                }
                _ => {}
            }
        }
        sum
    }

    fn add(&mut self, sent: u64, arrivals: Option<&Arrivals>) {
        self.expected += sent;
        let unique = arrivals.map_or(0, Arrivals::unique);
        self.lost += sent.saturating_sub(unique);
        self.duplicated += arrivals.map_or(0, Arrivals::duplicated);
        self.reordered += arrivals.map_or(0, Arrivals::reordered);
    }

    /// Counts arrivals of messages of which nobody here knows how many there should be.
    fn arrivals(&mut self, arrived: &[(u64, HashMap<u32, Arrivals>)]) {
        for arrivals in arrived.iter().flat_map(|(_, got)| got.values()) {
            self.duplicated += arrivals.duplicated();
            self.reordered += arrivals.reordered();
        }
    }
}

fn of_publisher(by_publisher: &HashMap<u32, Arrivals>, publisher: u64) -> Option<&Arrivals> {
    by_publisher.get(&u32::try_from(publisher).ok()?)
}

fn deliveries(
    plan: &Plan,
    published: BTreeMap<u64, u64>,
    arrived: Vec<(u64, HashMap<u32, Arrivals>)>,
) -> Deliveries {
    let is_group = plan.scenario == Scenario::Shared;
    let subscribers = arrived.len() as u64;
    let arrived = arrived.into_iter().filter(|_| is_group);
    let arrived = arrived.flat_map(|(_, got)| got);
    Deliveries {
        subscribers,
        published,
        arrived: arrived
            .map(|(publisher, arrivals)| (u64::from(publisher), arrivals))
            .collect(),
    }
}
