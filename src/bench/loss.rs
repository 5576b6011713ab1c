//! What was lost, duplicated and reordered, found out once all workers have ended.

use std::collections::{BTreeMap, HashMap};

use super::group::Group;
use super::worker::{Outcome, Received};
use super::{Arrivals, Audience, Balance, Plan, Scenario, Series};
use crate::codec::QoS;

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

/// What the sequence numbers of some messages say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) expected: u64,
    pub(super) lost: u64,
    pub(super) duplicated: u64,
    pub(super) reordered: u64,
}

/// What the sequence numbers of all messages say.
#[derive(Debug, Default)]
pub(super) struct Losses {
    pub(super) all: Loss,
    by_qos: [Loss; 3],
    pub(super) balance: Option<Balance>,
    pub(super) deliveries: Option<Deliveries>,
}

impl Loss {
    /// So many messages were sent, and these arrived at one who was to get them all.
    fn add(&mut self, sent: u64, arrivals: Option<&Arrivals>) {
        self.expected += sent;
        let unique = arrivals.map_or(0, Arrivals::unique);
        self.lost += sent.saturating_sub(unique);
        self.duplicated += arrivals.map_or(0, Arrivals::duplicated);
        self.reordered += arrivals.map_or(0, Arrivals::reordered);
    }
}

impl Losses {
    /// Compares what all workers published with what arrived at all of them. The members of a
    /// Shared Subscription got what the `group` did.
    pub(super) fn of(plan: &Plan, outcomes: Vec<Outcome>, group: &Group) -> Losses {
        let mut published = Vec::new();
        let mut arrived: Vec<Received> = Vec::new();
        let mut members = Vec::new();
        for outcome in outcomes {
            published.extend(outcome.published);
            arrived.extend(outcome.arrived);
            members.extend(outcome.members);
        }
        let mut sum = Losses::default();
        if plan.scenario == Scenario::Shared {
            sum.balance = Balance::of(&members);
            // The group is one subscriber.
            arrived = vec![(0, group.take())];
        }
        if plan.hears_other_shards() {
            sum.arrivals(&arrived);
            sum.deliveries = Some(deliveries(plan, published, arrived));
            return sum;
        }
        let audience = match plan.scenario {
            // It gets the messages of all publishers.
            Scenario::Shared => Audience::Everybody,
            scenario => scenario.audience(),
        };
        match audience {
            Audience::Nobody => {}
            Audience::Everybody => {
                for (subscriber, by_series) in &arrived {
                    let reach = |&&(series, _): &&(Series, u64)| {
                        plan.reaches(series.publisher(), *subscriber)
                    };
                    for &(series, sent) in published.iter().filter(reach) {
                        sum.add(series, sent, by_series.get(&series));
                    }
                }
            }
            Audience::One => {
                let arrived: HashMap<_, _> = arrived.into_iter().collect();
                for (series, sent) in published {
                    if let Some(by_series) = arrived.get(&series.publisher()) {
                        sum.add(series, sent, by_series.get(&series));
                    }
                }
            }
        }
        if !plan.scenario.keeps_order() {
            sum.all.reordered = 0;
        }
        sum
    }

    /// What became of the messages of one QoS.
    pub(super) fn of_qos(&self, qos: QoS) -> Loss {
        let loss = self.by_qos.get(usize::from(qos.bits()));
        loss.copied().unwrap_or_default()
    }

    fn add(&mut self, series: Series, sent: u64, arrivals: Option<&Arrivals>) {
        self.all.add(sent, arrivals);
        if let Some(loss) = self.by_qos.get_mut(usize::from(series.qos().bits())) {
            loss.add(sent, arrivals);
        }
    }

    /// Counts arrivals of messages of which nobody here knows how many there should be.
    fn arrivals(&mut self, arrived: &[Received]) {
        for arrivals in arrived.iter().flat_map(|(_, got)| got.values()) {
            self.all.duplicated += arrivals.duplicated();
            self.all.reordered += arrivals.reordered();
        }
    }
}

/// What other shards need to know; they are told of publishers, whose messages have one QoS there.
fn deliveries(plan: &Plan, published: Vec<(Series, u64)>, arrived: Vec<Received>) -> Deliveries {
    let is_group = plan.scenario == Scenario::Shared;
    let subscribers = arrived.len() as u64;
    let arrived = arrived.into_iter().filter(|_| is_group);
    let arrived = arrived.flat_map(|(_, got)| got);
    let published = published.into_iter();
    Deliveries {
        subscribers,
        published: published
            .map(|(series, count)| (series.publisher(), count))
            .collect(),
        arrived: arrived
            .map(|(series, arrivals)| (series.publisher(), arrivals))
            .collect(),
    }
}
