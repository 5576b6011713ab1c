//! What a run is to do.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use super::{
    Act, Audience, Credentials, Mix, Payload, Placement, Scenario, Schedule, Series, Shard, Stamp,
    Template,
};
use crate::client;
use crate::codec::{PropertyBuf, QoS, Version};
use crate::topic::Filter;
use crate::transport::Target;

/// What a run is to do.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Who publishes to whom.
    pub scenario: Scenario,
    /// What every client has in common.
    pub client: client::Options,
    /// Who each client is; `None`: all are the same.
    pub credentials: Option<Credentials>,
    /// Brokers beside that, and local addresses.
    pub placement: Placement,
    /// Client Identifiers; the numbers of publishers follow those of subscribers.
    pub client_id: Template,
    /// Connections that publish.
    pub publishers: u64,
    /// Connections that subscribe.
    pub subscribers: u64,
    /// Connections that do neither.
    pub idlers: u64,
    /// How fast.
    pub load: Load,
    /// Messages in all, besides those of the warm-up; `None`: as many as fit the time.
    pub messages: Option<u64>,
    /// How long messages are measured; `None`: until all are sent.
    pub duration: Option<Duration>,
    /// How long messages are sent before that.
    pub warmup: Duration,
    /// Topic Names; `{client}` is the number of the publisher.
    pub topic: Template,
    /// ShareName of the Shared Subscription, in [`Scenario::Shared`].
    pub group: String,
    /// QoS of the messages, and of the subscriptions.
    pub qos: QoS,
    /// Shares of several QoS, of which [`Plan::qos`] is then the highest.
    pub mix: Option<Mix>,
    /// RETAIN flag of the messages.
    pub retain: bool,
    /// PUBLISH properties (5.0).
    pub properties: PropertyBuf,
    /// What messages carry.
    pub payload: Payload,
    /// Connections opened a second; `None`: as fast as the broker accepts them.
    pub connect_rate: Option<f64>,
    /// Connections that are opened at once.
    pub connecting: usize,
    /// Worker threads.
    pub workers: usize,
    /// How long nothing may arrive, after the last message was sent, before the rest is given up.
    pub drain: Duration,
    /// How often the run is reported on while it goes.
    pub interval: Duration,
    /// The part of it that is done here. All other numbers are of the whole run.
    pub shard: Shard,
    /// When the warm-up begins; `None`: when the connections stand.
    pub start_at: Option<SystemTime>,
}

/// How fast messages are published.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Load {
    /// So many messages a second over all publishers, whatever the broker does.
    Open {
        /// Messages a second.
        rate: f64,
    },
    /// As fast as the broker takes them, with so many unacknowledged at a connection at QoS 1 and 2.
    Closed {
        /// Unacknowledged messages of one connection.
        inflight: u16,
    },
}

impl Plan {
    /// The broker with this number; that of a client is [`Placement::broker`].
    pub(super) fn target(&self, broker: usize) -> &Target {
        let other = broker.checked_sub(1);
        let other = other.and_then(|other| self.placement.others.get(other));
        other.unwrap_or(&self.client.target)
    }

    /// The number of the broker of a client: those of each shard are spread over all brokers.
    pub(super) fn broker(&self, client: u64) -> usize {
        self.placement.broker(client / self.shard.of())
    }

    /// The local address of a client, if it matters. `others` is how many clients of other kinds
    /// there are in the run before those of its own.
    pub(super) fn source(&self, others: u64, client: u64) -> Option<IpAddr> {
        let (others, client) = (self.shard.share(others), client / self.shard.of());
        let source = self.placement.source(others, client);
        source.or(self.client.target.bind)
    }

    /// All connections of this shard.
    pub fn connections(&self) -> u64 {
        let all = [self.subscribers, self.publishers, self.idlers];
        all.map(|count| self.shard.share(count)).iter().sum()
    }

    /// Whether messages of other shards arrive here.
    pub(super) fn hears_other_shards(&self) -> bool {
        self.shard.is_part() && self.scenario.crosses_shards()
    }

    /// Clients that take turns on the [`schedule`](Plan::schedule).
    pub(super) fn actors(&self) -> u64 {
        match self.scenario.act() {
            Act::Stay => 0,
            Act::Publish | Act::Die => self.publishers,
            Act::Visit | Act::Request => self.idlers,
            Act::Subscribe | Act::Return => self.subscribers,
        }
    }

    /// The QoS of message `n` of all publishers.
    pub(super) fn qos_of(&self, n: u64) -> QoS {
        self.mix.as_ref().map_or(self.qos, |mix| mix.qos(n))
    }

    /// Whether a latency from when something was due differs from one from when it was done.
    pub fn has_two_latencies(&self) -> bool {
        matches!(self.load, Load::Open { .. }) && !self.scenario.connects()
    }

    /// Whether messages differ in nothing that a broker may limit: a size, or QoS.
    pub fn publishes_alike(&self) -> bool {
        let sizes = self.payload.sizes();
        self.mix.is_none() && sizes.is_none_or(|sizes| sizes.least() == sizes.most())
    }

    /// How often each message arrives, if none is lost.
    pub(super) fn copies(&self) -> u64 {
        match self.scenario.audience() {
            Audience::Nobody => 0,
            Audience::One => 1,
            Audience::Everybody => self.subscribers,
        }
    }

    /// How many arrivals there are in this shard of so many messages that it `sent`, if none is
    /// lost.
    pub(super) fn arrivals(&self, sent: u64) -> u64 {
        let subscribers = self.shard.share(self.subscribers);
        match self.scenario.audience() {
            // What other shards send comes here, and what is sent here goes there.
            _ if self.hears_other_shards() => 0,
            Audience::Nobody => 0,
            Audience::One => sent,
            Audience::Everybody if self.scenario.is_storm() => {
                sent * subscribers / self.placement.brokers() as u64
            }
            Audience::Everybody => sent * subscribers,
        }
    }

    /// Whether a subscriber is to get what a publisher sends: in pairs it is that of its own, in a
    /// storm everything that is at the same broker.
    pub(super) fn reaches(&self, publisher: u64, subscriber: u64) -> bool {
        match self.scenario {
            Scenario::Pairs | Scenario::Mix => publisher == subscriber,
            storm if storm.is_storm() => self.broker(publisher) == self.broker(subscriber),
            _ => true,
        }
    }

    /// The publisher that a subscriber of a storm gets messages from, if there is but one at its
    /// broker and in its shard.
    fn only_publisher(&self, subscriber: u64) -> Option<u64> {
        let (shards, brokers) = (self.shard.of(), self.placement.brokers() as u64);
        let at_broker = self.broker(subscriber) as u64;
        (self.publishers == shards * brokers).then_some(at_broker * shards + self.shard.index())
    }

    /// The Topic Filter of a subscriber.
    pub(super) fn filter(&self, subscriber: u64) -> String {
        let of_all = || match self.publishers {
            1 => self.topic.filter(Some(0)),
            _ if self.scenario.is_storm() => self.topic.filter(self.only_publisher(subscriber)),
            _ => self.topic.filter(None),
        };
        match self.scenario {
            Scenario::Shared => format!("$share/{}/{}", self.group, of_all()),
            scenario if scenario.audience() == Audience::Everybody => of_all(),
            _ => self.topic.filter(Some(subscriber)),
        }
    }

    /// Whether the [`Stamp`] of a message is looked at where it arrives.
    pub(super) fn is_measured_on_arrival(&self) -> bool {
        self.copies() > 0
    }

    /// What the latency of the run is measured between; `None`: it has none.
    pub fn latency_name(&self) -> Option<&'static str> {
        match (self.scenario.act(), self.qos) {
            (Act::Publish, _) if self.copies() > 0 => Some("intended send to receipt"),
            (Act::Publish, QoS::AtMostOnce) => None,
            (Act::Publish, QoS::AtLeastOnce) => Some("intended send to PUBACK"),
            (Act::Publish, QoS::ExactlyOnce) => Some("intended send to PUBCOMP"),
            (Act::Stay, _) if self.scenario == Scenario::Idle => Some("PINGREQ to PINGRESP"),
            (Act::Stay | Act::Visit, _) => Some("intended connect to CONNACK"),
            (Act::Request, _) => Some("intended request to SUBACK or UNSUBACK"),
            (Act::Subscribe, _) => Some("intended SUBSCRIBE to receipt"),
            (Act::Return, _) => Some("intended reconnect to receipt"),
            (Act::Die, _) => Some("intended cut to receipt"),
        }
    }

    /// How long clients have turns, warm-up included; `None`: until all is sent.
    pub(super) fn time(&self) -> Option<Duration> {
        self.duration
            .map(|duration| duration.saturating_add(self.warmup))
    }

    /// The open loop's schedule, warm-up included. In a storm it is one turn for each client.
    pub(super) fn schedule(&self) -> Option<Schedule> {
        if self.scenario.is_storm() {
            let actors = self.actors();
            return Some(match self.load {
                Load::Open { rate } => Schedule::new(rate, actors, Some(actors), None),
                Load::Closed { .. } => Schedule::at_once(actors),
            });
        }
        let Load::Open { rate } = self.load else {
            return None;
        };
        let warm = (self.warmup.as_secs_f64() * rate).ceil() as u64;
        let messages = self.messages.map(|messages| messages.saturating_add(warm));
        Some(Schedule::new(rate, self.actors(), messages, self.time()))
    }

    /// What makes the plan impossible.
    ///
    /// # Errors
    ///
    /// The reason, in one line.
    pub fn check(&self) -> Result<(), String> {
        if let Some(sizes) = self.payload.sizes()
            && self.is_measured_on_arrival()
            && sizes.least() < Stamp::LEN
        {
            return Err(format!(
                "--size {sizes}: the first {0} bytes of a message that is measured on arrival are \
                 its measurement: {0} bytes at least",
                Stamp::LEN
            ));
        }
        let kinds = [self.publishers, self.subscribers, self.idlers];
        if kinds
            .into_iter()
            .any(|clients| clients > Series::PUBLISHERS)
        {
            return Err(format!("there are at most {} clients", Series::PUBLISHERS));
        }
        self.check_scenario()?;
        let clients = match self.scenario.is_storm() {
            // Those who receive wills, or publish, are in every shard.
            true => self.shard.share(self.actors()),
            false => self.connections(),
        };
        if clients == 0 {
            return Err(format!(
                "--shard {}: there are too few clients for so many shards",
                self.shard
            ));
        }
        if self.hears_other_shards() && self.start_at.is_none() {
            return Err(format!(
                "--shard: in bench {} messages go from shard to shard: give all of them the same \
                 --start-at, so that all subscribers stand before the first message",
                self.scenario.name()
            ));
        }
        let has_end = self.scenario.is_storm() || self.duration.is_some();
        if !has_end && self.messages.is_none() {
            return Err("a run needs an end: --duration or --messages".into());
        }
        Ok(())
    }

    /// What the scenario asks of the rest of the plan.
    fn check_scenario(&self) -> Result<(), String> {
        match self.scenario {
            Scenario::Shared => {
                let is_level = !self.group.is_empty() && !self.group.contains(['/', '+', '#']);
                let filter = self.filter(0);
                if !is_level || Filter::parse(&filter, Version::V5).is_err() {
                    return Err(format!(
                        "--group '{}': a ShareName is one topic level without wildcards",
                        self.group
                    ));
                }
            }
            Scenario::Tls if self.client.target.tls.is_none() => {
                return Err(
                    "bench tls compares TLS handshakes: give --cafile, or -L mqtts://…".into(),
                );
            }
            Scenario::Retained if !self.topic.tells_apart(self.publishers, self.messages) => {
                return Err(format!(
                    "-t '{}': each retained message needs a topic of its own, with {{message}} in \
                     it, and {{client}} where there are several publishers",
                    self.topic
                ));
            }
            Scenario::Queue if self.qos == QoS::AtMostOnce => {
                return Err(
                    "-q 0: a broker queues messages of QoS 1 and 2 for those who are away".into(),
                );
            }
            _ => {}
        }
        if self.retain && matches!(self.scenario, Scenario::Queue | Scenario::Wills) {
            return Err(format!(
                "--retain: bench {} leaves nothing in the broker",
                self.scenario.name()
            ));
        }
        Ok(())
    }
}
