//! Flags that say how many clients of `mqtk bench` do what, how fast and how long.

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::bench_uses::uses;
use super::values;
use crate::bench::{Load, Mix, Scenario, Shard, Template};
use crate::codec::QoS;

/// How long a run is measured unless it is told.
const DURATION: Duration = Duration::from_secs(8);
/// How long it is warmed up unless it is told.
const WARMUP: Duration = Duration::from_secs(1);

/// How many clients publish what, how fast and how long.
#[derive(Args)]
#[command(next_help_heading = "Load")]
pub(super) struct LoadFlags {
    /// Clients
    #[arg(short, long, value_name = "COUNT", default_value = "10", value_parser = values::count)]
    pub clients: NonZeroU64,

    /// Clients that publish, in the scenarios sub, shared, retained and queue
    #[arg(long, value_name = "COUNT", default_value = "1", value_parser = values::count)]
    pub publishers: NonZeroU64,

    /// Clients that receive the wills, in the scenario wills
    #[arg(long, value_name = "COUNT", default_value = "1", value_parser = values::count)]
    pub receivers: NonZeroU64,

    /// Messages a second over all publishers, whatever the broker does [default: as fast as it
    /// takes them]
    #[arg(long, value_name = "RATE", value_parser = values::rate)]
    pub rate: Option<f64>,

    /// Measure for this long [default: 8s]
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    pub duration: Option<Duration>,

    /// Warm up for this long before that: send, but do not measure [default: 1s; with --messages 0s]
    #[arg(long, value_name = "TIME", value_parser = values::span)]
    pub warmup: Option<Duration>,

    /// End after so many messages, those of a --warmup not counted, if that is sooner than --duration
    #[arg(short = 'n', long, value_name = "COUNT", value_parser = values::count)]
    pub messages: Option<NonZeroU64>,

    /// Topic to publish to, with places for numbers
    #[arg(short, long, value_name = "TEMPLATE")]
    pub topic: Option<Template>,

    /// Name of the Shared Subscription, in the scenario shared, which is of MQTT 5 unless -V says
    /// otherwise [default: one of its own]
    #[arg(long, value_name = "NAME")]
    pub group: Option<String>,

    /// Quality of Service: 0, 1 or 2
    #[arg(short, long, value_name = "QOS", default_value = "0", value_parser = values::qos(), hide_possible_values = true)]
    pub qos: QoS,

    /// Shares of the messages of each QoS, in the scenario mix
    #[arg(long, value_name = "QOS:SHARE,…", default_value = "0:70,1:25,2:5")]
    pub mix: Mix,

    /// Have the broker retain the messages
    #[arg(short, long)]
    pub retain: bool,

    /// Who each client is: a CSV file with user,password and perhaps client-id. Clients take its
    /// lines in turn
    #[arg(long, value_name = "FILE", conflicts_with_all = ["username", "auth_method"])]
    pub credentials: Option<PathBuf>,

    /// Open so many connections a second [default: as fast as the broker accepts them]
    #[arg(long, value_name = "RATE", value_parser = values::rate)]
    pub connect_rate: Option<f64>,

    /// Open so many connections at once
    ///
    /// Whoever finds the broker's listen queue full, which in Mosquitto has room for 100, waits a
    /// second or longer until TCP tries again.
    #[arg(long, value_name = "COUNT", default_value = "100", value_parser = values::count)]
    pub connecting: NonZeroU64,

    /// Threads [default: one for each core, for each two in connect, and no more than clients]
    #[arg(long, value_name = "COUNT", value_parser = values::count)]
    pub threads: Option<NonZeroU64>,

    /// Wait for what is missing at the end as long as something arrives, and then for this long
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = values::span)]
    pub drain: Duration,

    /// Report progress in steps of this length
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = values::positive_span)]
    pub interval: Duration,
}

impl LoadFlags {
    /// How fast: where nothing is sent at a rate, so much is under way at each connection.
    pub fn load(&self, scenario: Scenario, max_inflight: u16) -> Load {
        match self.rate.filter(|_| scenario.has_rate()) {
            Some(rate) => Load::Open { rate },
            None => Load::Closed {
                inflight: max_inflight,
            },
        }
    }

    /// How long messages are measured. A storm ends by itself.
    pub fn duration(&self, scenario: Scenario) -> Option<Duration> {
        match scenario.is_storm() {
            true => self.duration,
            false => Some(self.duration.unwrap_or(DURATION)),
        }
    }

    /// How long messages are sent before that. Who counts messages means all of them.
    pub fn warmup(&self, scenario: Scenario) -> Duration {
        match (self.warmup, self.messages) {
            _ if !uses(scenario, "warmup") => Duration::ZERO,
            (Some(warmup), _) => warmup,
            (None, Some(_)) => Duration::ZERO,
            (None, None) => WARMUP,
        }
    }

    /// Connections opened a second.
    pub fn connect_rate(&self, scenario: Scenario) -> Option<f64> {
        match scenario {
            Scenario::Connect => self.rate.or(self.connect_rate),
            _ => self.connect_rate,
        }
    }

    /// Threads for so many connections.
    pub fn workers(&self, scenario: Scenario, connections: u64) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        let default = match scenario {
            // To open a connection takes the broker as much as the generator, often on this machine.
            Scenario::Connect => cores.div_ceil(2),
            _ => cores,
        };
        let workers = self
            .threads
            .map_or(default, NonZeroU64::get)
            .min(connections);
        usize::try_from(workers).unwrap_or(1)
    }
}

/// How many clients of each kind a run has, in all its shards.
pub(super) struct Crowd {
    pub subscribers: u64,
    pub publishers: u64,
    pub idlers: u64,
}

impl Crowd {
    /// The clients of a scenario. `everywhere` multiplies what every shard needs on every broker.
    pub fn of(scenario: Scenario, load: &LoadFlags, everywhere: impl Fn(u64) -> u64) -> Self {
        let clients = load.clients.get();
        let (subscribers, publishers, idlers) = match scenario {
            Scenario::Pub => (0, clients, 0),
            Scenario::Sub | Scenario::Shared => (clients, load.publishers.get(), 0),
            Scenario::Retained | Scenario::Queue => (clients, everywhere(load.publishers.get()), 0),
            Scenario::Pairs | Scenario::Mix => (clients, clients, 0),
            Scenario::Wills => (everywhere(load.receivers.get()), clients, 0),
            Scenario::Connect
            | Scenario::Idle
            | Scenario::Subscribe
            | Scenario::Churn
            | Scenario::Tls => (0, 0, clients),
        };
        Self {
            subscribers,
            publishers,
            idlers,
        }
    }

    /// How many there are in all.
    pub fn count(&self) -> u64 {
        self.count_in(Shard::default())
    }

    /// How many of them this shard has.
    pub fn count_in(&self, shard: Shard) -> u64 {
        let kinds = [self.subscribers, self.publishers, self.idlers];
        let own = kinds.map(|count| shard.share(count));
        own.into_iter().fold(0, u64::saturating_add)
    }
}
