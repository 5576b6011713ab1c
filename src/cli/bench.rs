//! Flags of `mqtk bench`.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use clap::{Args, Parser};

use super::bench_credentials;
use super::bench_payload::PayloadFlags;
use super::bench_placement::{Others, PlacementFlags};
use super::bench_scenario::usage;
use super::bench_shard::ShardFlags;
use super::bench_uses::uses;
use super::broker_inside::metrics_address;
use super::client::ClientFlags;
use super::general::{GeneralFlags, Verbosity};
use super::property::{Carrier, PropertyFlag, properties};
use super::stop::Stop;
use super::values;
use super::will::WillFlags;
use crate::bench::{Act, Load, Mix, Plan, Scenario, Shard, Template, Threshold};
use crate::codec::{QoS, Version};
use crate::topic::{Filter, check_name};
use crate::transport::Scheme;

/// How long a run lasts that is not told.
const DURATION: Duration = Duration::from_secs(8);
/// How long it goes on before that.
const WARMUP: Duration = Duration::from_secs(1);

#[derive(Parser)]
#[command(name = "bench", bin_name = "mqtk bench")]
pub(super) struct BenchFlags {
    #[command(flatten)]
    pub load: LoadFlags,
    #[command(flatten)]
    pub payload: PayloadFlags,
    #[command(flatten)]
    pub shard: ShardFlags,
    #[command(flatten)]
    pub placement: PlacementFlags,
    /// Brokers after the first.
    #[arg(skip)]
    pub others: Others,
    #[command(flatten)]
    pub client: ClientFlags,
    #[command(flatten)]
    pub general: GeneralFlags,
}

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

    /// Go on for this long before that, unmeasured [default: 1s; with --messages 0s]
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
    #[arg(long, value_name = "COUNT", default_value = "100", value_parser = values::count)]
    pub connecting: NonZeroU64,

    /// Threads [default: one for each core, and no more than clients]
    #[arg(long, value_name = "COUNT", value_parser = values::count)]
    pub threads: Option<NonZeroU64>,

    /// Wait for what is missing at the end as long as something arrives, and then for this long
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = values::span)]
    pub drain: Duration,

    /// Report while it goes in steps of this length
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = values::positive_span)]
    pub interval: Duration,

    /// Fail with exit status 10 if this is true at the end, such as 'latency.p99>50ms', 'lost>0' or
    /// 'rate<99%'; may be given several times
    #[arg(long, value_name = "THRESHOLD")]
    pub fail_if: Vec<Threshold>,

    /// Serve how the run goes for Prometheus at http://ADDRESS:PORT/metrics, until it ends; the
    /// address is 127.0.0.1 if only a port is given
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = metrics_address)]
    pub prometheus: Option<SocketAddr>,

    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,

    /// Write the intervals to a file as CSV
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub csv: Option<PathBuf>,

    /// Write the latencies of the intervals to a file as an HDR histogram log
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub hlog: Option<PathBuf>,

    /// Write the report with its plots to a file as HTML
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub html: Option<PathBuf>,
}

/// What `mqtk bench` is asked to do.
#[derive(Clone, Debug)]
pub struct BenchOptions {
    /// The run.
    pub plan: Plan,
    /// Run a broker here, and measure that.
    pub embedded: Option<SocketAddr>,
    /// What fails the run.
    pub thresholds: Vec<Threshold>,
    /// Where the run is served to Prometheus while it goes.
    pub prometheus: Option<SocketAddr>,
    /// Print the report as JSON.
    pub json: bool,
    /// Files that are written besides.
    pub files: BenchFiles,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

/// Files that a run writes besides its report.
#[derive(Clone, Debug, Default)]
pub struct BenchFiles {
    /// The intervals, as CSV.
    pub csv: Option<PathBuf>,
    /// The latencies of the intervals, as an HDR histogram log.
    pub hlog: Option<PathBuf>,
    /// The report with its plots, as HTML.
    pub html: Option<PathBuf>,
}

impl BenchFlags {
    pub fn options(mut self, scenario: Scenario) -> Result<BenchOptions, String> {
        let load = self.load;
        let (shard, start_at) = (self.shard.shard()?, self.shard.start_at);
        if shard.is_part() && !load.fail_if.is_empty() {
            return Err(
                "--fail-if judges a whole run, not a shard: give it to mqtk bench merge".into(),
            );
        }
        let usage = usage(scenario);
        let run = format!("{:08x}", fastrand::u32(..));
        // In a storm every shard fills every broker for its own clients there, or gets their wills.
        let places = shard.of().saturating_mul(1 + self.others.count());
        let everywhere = |count: u64| count.saturating_mul(places);
        let crowd = Crowd::of(scenario, &load, everywhere);
        // What one shard publishes, the subscribers of the others are to hear.
        let hears_others = shard.is_part() && matches!(scenario, Scenario::Sub | Scenario::Shared);
        let topic = match load.topic {
            Some(topic) => topic,
            None if hears_others => Template::in_run(&usage.topic.replace("RUN/", ""), &run)?,
            None => Template::in_run(usage.topic, &run)?,
        };
        if scenario == Scenario::Shared {
            // To the older versions `$share/…` is a Topic Filter like any other, though not to
            // every broker.
            let version = &mut self.client.session.protocol_version;
            version.get_or_insert(Version::V5);
        }
        let version = self.client.version()?;
        let session = &mut self.client.session;
        let client_id = match (session.id.take(), session.id_prefix.take()) {
            (Some(template), _) => template.parse().map_err(|error| format!("-i: {error}"))?,
            (None, Some(prefix)) => {
                let prefix = prefix.replace('{', "{{").replace('}', "}}");
                format!("{prefix}{{client}}").parse()?
            }
            (None, None) => Template::in_run("bench-RUN-{client}", &run)?,
        };
        check_properties(scenario, &self.client.session.property)?;
        let properties = properties(&self.client.session.property, Carrier::Publish)?;
        let default = match scenario {
            Scenario::Tls => Scheme::Mqtts,
            _ => Scheme::Mqtt,
        };
        let embedded = self.placement.embed(&mut self.client, default)?;
        let verbosity = self.general.verbosity();
        check_topic(scenario, &topic, version)?;
        if scenario == Scenario::Wills {
            set_will(&mut self.client.will, &topic)?;
        }
        let credentials = load.credentials.as_deref();
        let credentials = credentials.map(|path| bench_credentials::read(path, crowd.count()));
        let mix = (scenario == Scenario::Mix).then_some(load.mix);
        let mut client = self.client.options(None)?;
        // A client that is lost is counted, and does not come back.
        client.reconnect = None;
        let plan = Plan {
            scenario,
            credentials: credentials.transpose()?,
            client_id,
            publishers: crowd.publishers,
            subscribers: crowd.subscribers,
            idlers: crowd.idlers,
            load: match load.rate.filter(|_| scenario.has_rate()) {
                Some(rate) => Load::Open { rate },
                None => Load::Closed {
                    inflight: client.max_inflight,
                },
            },
            messages: match (load.messages.map(NonZeroU64::get), usage.messages) {
                (given, Some(usual)) => Some(everywhere(given.unwrap_or(usual))),
                (given, None) => given,
            },
            duration: match scenario.is_storm() {
                true => load.duration,
                false => Some(load.duration.unwrap_or(DURATION)),
            },
            warmup: match (load.warmup, load.messages) {
                _ if !uses(scenario, "warmup") => Duration::ZERO,
                (Some(warmup), _) => warmup,
                // Who counts messages means all of them.
                (None, Some(_)) => Duration::ZERO,
                (None, None) => WARMUP,
            },
            topic,
            group: (load.group).unwrap_or_else(|| default_group(&run, shard, start_at)),
            qos: mix.as_ref().map_or(load.qos, Mix::highest),
            mix,
            retain: load.retain || scenario == Scenario::Retained,
            properties,
            payload: self.payload.payload()?,
            connect_rate: match scenario {
                Scenario::Connect => load.rate.or(load.connect_rate),
                _ => load.connect_rate,
            },
            connecting: usize::try_from(load.connecting.get()).unwrap_or(usize::MAX),
            workers: workers(load.threads, crowd.count_in(shard)),
            drain: load.drain,
            interval: load.interval,
            shard,
            start_at,
            placement: self.placement.placement(&self.others, &client.target)?,
            client,
        };
        plan.check()?;
        for threshold in &load.fail_if {
            threshold.fits(&plan)?;
        }
        Ok(BenchOptions {
            plan,
            embedded,
            thresholds: load.fail_if,
            prometheus: load.prometheus,
            json: load.json,
            files: BenchFiles {
                csv: load.csv,
                hlog: load.hlog,
                html: load.html,
            },
            verbosity,
        })
    }
}

/// Gives the clients of `bench wills` their Will Message, whose properties they share.
fn set_will(will: &mut WillFlags, topic: &Template) -> Result<(), String> {
    if will.will_topic.is_some() || will.will_payload.is_some() || will.will_qos.is_some() {
        return Err("bench wills makes the wills itself, of -t, --size and -q".into());
    }
    will.will_topic = Some(topic.render(0, 0));
    Ok(())
}

/// How many clients of each kind a run has, in all its shards.
struct Crowd {
    subscribers: u64,
    publishers: u64,
    idlers: u64,
}

impl Crowd {
    /// The clients of a scenario. `everywhere` multiplies what every shard needs on every broker.
    fn of(scenario: Scenario, load: &LoadFlags, everywhere: impl Fn(u64) -> u64) -> Self {
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

    fn count(&self) -> u64 {
        self.subscribers + self.publishers + self.idlers
    }

    /// How many of them this shard has.
    fn count_in(&self, shard: Shard) -> u64 {
        let kinds = [self.subscribers, self.publishers, self.idlers];
        kinds.map(|count| shard.share(count)).iter().sum()
    }
}

/// Refuses properties of packets that are not sent, or that have none here.
fn check_properties(scenario: Scenario, properties: &[PropertyFlag]) -> Result<(), String> {
    let publishes = matches!(scenario.act(), Act::Publish | Act::Subscribe | Act::Return);
    let has_none = |carrier| match carrier {
        Carrier::Connect | Carrier::Will => false,
        Carrier::Publish => !publishes,
        Carrier::Subscribe | Carrier::Unsubscribe | Carrier::Disconnect => true,
    };
    let mut carriers = properties.iter().map(|property| property.carrier);
    match carriers.find(|carrier| has_none(*carrier)) {
        None => Ok(()),
        Some(Carrier::Publish) => Err(format!(
            "-D publish: bench {} publishes nothing that could have properties",
            scenario.name()
        )),
        Some(carrier) => Err(format!(
            "-D {}: bench gives properties to CONNECT, PUBLISH and wills alone",
            carrier.name()
        )),
    }
}

/// The error for something else where a scenario is expected.
pub(super) fn unknown_scenario(name: &OsStr) -> Stop {
    let name = name.to_string_lossy();
    let names = Scenario::names();
    let text =
        format!("no scenario '{name}': there are {names}; and run, search, compare and merge");
    Stop::usage("bench", text)
}

/// Two runs at once on one broker must not take each other's messages; the shards of one must.
fn default_group(run: &str, shard: Shard, start_at: Option<SystemTime>) -> String {
    match start_at {
        Some(at) if shard.is_part() => {
            let since_1970 = at.duration_since(UNIX_EPOCH).unwrap_or_default();
            format!("bench-{:x}", since_1970.as_millis())
        }
        _ => format!("bench-{run}"),
    }
}

fn workers(given: Option<NonZeroU64>, connections: u64) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
    let workers = given.map_or(cores, NonZeroU64::get).min(connections);
    usize::try_from(workers).unwrap_or(1)
}

fn check_topic(scenario: Scenario, topic: &Template, version: Version) -> Result<(), String> {
    let text = topic.render(0, 0);
    let checked = match scenario {
        Scenario::Subscribe => Filter::parse(&text, version)
            .map(drop)
            .map_err(|error| error.to_string()),
        _ => check_name(&text, version).map_err(|error| error.to_string()),
    };
    checked.map_err(|error| format!("-t '{topic}': {error}"))
}
