//! What a run is to do.

use std::time::{Duration, SystemTime};

use super::{Credentials, Payload, Placement, Schedule, Shard, Stamp, Template};
use crate::client;
use crate::codec::{Connect, PropertyBuf, QoS, Version};
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

/// Who publishes to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Publishers only.
    Pub,
    /// Every subscriber gets the messages of every publisher.
    Sub,
    /// Every publisher has a subscriber of its own.
    Pairs,
    /// One member of a Shared Subscription gets each message.
    Shared,
    /// Connections are opened, and that is all.
    Connect,
    /// Connections stand and are kept alive.
    Idle,
    /// Clients connect and disconnect, again and again.
    Churn,
    /// The same, with full TLS handshakes and resumed ones in turn.
    Tls,
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

impl Scenario {
    /// All of them.
    pub const ALL: [Scenario; 8] = [
        Scenario::Connect,
        Scenario::Idle,
        Scenario::Pub,
        Scenario::Sub,
        Scenario::Pairs,
        Scenario::Shared,
        Scenario::Churn,
        Scenario::Tls,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Scenario::Pub => "pub",
            Scenario::Sub => "sub",
            Scenario::Pairs => "pairs",
            Scenario::Shared => "shared",
            Scenario::Connect => "connect",
            Scenario::Idle => "idle",
            Scenario::Churn => "churn",
            Scenario::Tls => "tls",
        }
    }

    /// Whether clients connect and disconnect, instead of staying.
    pub const fn churns(self) -> bool {
        matches!(self, Scenario::Churn | Scenario::Tls)
    }

    /// Whether it is about connecting.
    pub const fn connects(self) -> bool {
        self.churns() || matches!(self, Scenario::Connect)
    }
}

impl Plan {
    /// The broker with this number; that of a client is [`Placement::broker`].
    pub fn target(&self, broker: usize) -> &Target {
        let other = broker.checked_sub(1);
        let other = other.and_then(|other| self.placement.others.get(other));
        other.unwrap_or(&self.client.target)
    }

    /// All connections of this shard.
    pub fn connections(&self) -> u64 {
        let all = [self.subscribers, self.publishers, self.idlers];
        all.map(|count| self.shard.share(count)).iter().sum()
    }

    /// The CONNECT of the client with this number, over all clients of the run.
    pub(super) fn introduce<R>(
        &self,
        client: u64,
        properties: &PropertyBuf,
        send: impl FnOnce(&Connect<'_>) -> R,
    ) -> R {
        let given = self.credentials.as_ref().and_then(|all| all.of(client));
        let made;
        let client_id = match given.and_then(|given| given.client_id.as_deref()) {
            Some(client_id) => client_id,
            None => {
                made = self.client_id.render(client, 0);
                &made
            }
        };
        let mut connect = self.client.connect(properties, self.client.clean_start);
        connect.client_id = client_id;
        if let Some(given) = given {
            connect.username = Some(&given.username);
            connect.password = given.password.as_ref().map(|secret| &secret.0[..]);
        }
        send(&connect)
    }

    /// Whether messages of other shards arrive here.
    pub fn hears_other_shards(&self) -> bool {
        let is_shared = matches!(self.scenario, Scenario::Sub | Scenario::Shared);
        self.shard.is_part() && is_shared
    }

    /// Clients that take turns on the [`schedule`](Plan::schedule).
    pub fn actors(&self) -> u64 {
        match self.scenario.churns() {
            true => self.idlers,
            false => self.publishers,
        }
    }

    /// Whether the broker answers each step: with an acknowledgement, or a CONNACK.
    pub fn is_answered(&self) -> bool {
        self.qos != QoS::AtMostOnce || self.scenario.churns()
    }

    /// How often each message arrives, if none is lost.
    pub fn copies(&self) -> u64 {
        match self.scenario {
            Scenario::Sub => self.subscribers,
            Scenario::Pairs | Scenario::Shared => 1,
            _ => 0,
        }
    }

    /// The Topic Filter of a subscriber.
    pub fn filter(&self, subscriber: u64) -> String {
        let of_all = || match self.publishers {
            1 => self.topic.filter(Some(0)),
            _ => self.topic.filter(None),
        };
        match self.scenario {
            Scenario::Sub => of_all(),
            Scenario::Shared => format!("$share/{}/{}", self.group, of_all()),
            _ => self.topic.filter(Some(subscriber)),
        }
    }

    /// Whether the [`Stamp`] of a message is looked at where it arrives.
    pub fn is_measured_on_arrival(&self) -> bool {
        self.copies() > 0
    }

    /// What the latency of the run is measured between; `None`: it has none.
    pub fn latency_name(&self) -> Option<&'static str> {
        match (self.scenario, self.qos) {
            (Scenario::Pub, QoS::AtMostOnce) => None,
            (Scenario::Pub, QoS::AtLeastOnce) => Some("intended send to PUBACK"),
            (Scenario::Pub, QoS::ExactlyOnce) => Some("intended send to PUBCOMP"),
            (Scenario::Sub | Scenario::Pairs | Scenario::Shared, _) => {
                Some("intended send to receipt")
            }
            (Scenario::Connect | Scenario::Churn | Scenario::Tls, _) => {
                Some("intended connect to CONNACK")
            }
            (Scenario::Idle, _) => Some("PINGREQ to PINGRESP"),
        }
    }

    /// The open loop's schedule, warm-up included.
    pub fn schedule(&self) -> Option<Schedule> {
        let Load::Open { rate } = self.load else {
            return None;
        };
        let warm = (self.warmup.as_secs_f64() * rate).ceil() as u64;
        let messages = self.messages.map(|messages| messages.saturating_add(warm));
        let time = self.duration.map(|duration| duration + self.warmup);
        Some(Schedule::new(rate, self.actors(), messages, time))
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
        if self.scenario == Scenario::Shared {
            let is_level = !self.group.is_empty() && !self.group.contains(['/', '+', '#']);
            let filter = self.filter(0);
            let checked = Filter::parse(&filter, Version::V5);
            if !is_level || checked.is_err() {
                return Err(format!(
                    "--group '{}': a ShareName is one topic level without wildcards",
                    self.group
                ));
            }
        }
        if self.scenario == Scenario::Tls && self.client.target.tls.is_none() {
            return Err("bench tls compares TLS handshakes: give --cafile, or -L mqtts://…".into());
        }
        if self.connections() == 0 {
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
        if self.duration.is_none() && self.messages.is_none() {
            return Err("a run needs an end: --duration or --messages".into());
        }
        Ok(())
    }
}
