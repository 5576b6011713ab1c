//! Flags of `mqtk bench`.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;

use super::bench_credentials;
use super::bench_load::{Crowd, LoadFlags};
use super::bench_payload::PayloadFlags;
use super::bench_placement::{Others, PlacementFlags};
use super::bench_report::{BenchFiles, ReportFlags};
use super::bench_scenario::usage;
use super::bench_shard::ShardFlags;
use super::client::ClientFlags;
use super::general::{GeneralFlags, Verbosity};
use super::property::{Carrier, PropertyFlag, properties};
use super::session::SessionFlags;
use super::stop::Stop;
use super::will::WillFlags;
use crate::bench::{Act, Mix, Plan, Scenario, Shard, Template, Threshold};
use crate::codec::Version;
use crate::topic::{Filter, check_name};
use crate::transport::Scheme;

#[derive(Parser)]
#[command(name = "bench", bin_name = "mqtk bench")]
pub(super) struct BenchFlags {
    #[command(flatten)]
    pub load: LoadFlags,
    #[command(flatten)]
    pub report: ReportFlags,
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

impl BenchFlags {
    pub fn options(mut self, scenario: Scenario) -> Result<BenchOptions, String> {
        let default = match scenario {
            Scenario::Tls => Scheme::Mqtts,
            _ => Scheme::Mqtt,
        };
        let embedded = self.placement.embed(&mut self.client, default)?;
        let verbosity = self.general.verbosity();
        let (plan, report) = self.plan(scenario)?;
        if plan.shard.is_part() && !report.fail_if.is_empty() {
            return Err(
                "--fail-if judges a whole run, not a shard: give it to mqtk bench merge".into(),
            );
        }
        for threshold in &report.fail_if {
            threshold.fits(&plan)?;
        }
        Ok(BenchOptions {
            plan,
            embedded,
            thresholds: report.fail_if,
            prometheus: report.prometheus,
            json: report.json,
            files: report.files,
            verbosity,
        })
    }

    /// What is to be done, and the flags that say nothing about that.
    fn plan(mut self, scenario: Scenario) -> Result<(Plan, ReportFlags), String> {
        let load = self.load;
        let (shard, start_at) = (self.shard.shard()?, self.shard.start_at);
        let run = format!("{:08x}", fastrand::u32(..));
        // In a storm every shard fills every broker for its own clients there, or gets their wills.
        let places = shard.of().saturating_mul(1 + self.others.count());
        let everywhere = |count: u64| count.saturating_mul(places);
        let crowd = Crowd::of(scenario, &load, everywhere);
        if scenario == Scenario::Shared {
            // To the older versions `$share/…` is a Topic Filter like any other, though not to
            // every broker.
            let version = &mut self.client.session.protocol_version;
            version.get_or_insert(Version::V5);
        }
        let topic = match &load.topic {
            Some(topic) => topic.clone(),
            None => default_topic(scenario, shard, &run)?,
        };
        check_topic(scenario, &topic, self.client.version()?)?;
        check_properties(scenario, &self.client.session.property)?;
        if scenario == Scenario::Wills {
            set_will(&mut self.client.will, &topic);
        }
        let credentials = load.credentials.as_deref();
        let credentials = credentials.map(|path| bench_credentials::read(path, crowd.count()));
        let properties = properties(&self.client.session.property, Carrier::Publish)?;
        let client_id = client_id(&mut self.client.session, &run)?;
        let mut client = self.client.options(None)?;
        // A client that is lost is counted, and does not come back.
        client.reconnect = None;
        let mix = (scenario == Scenario::Mix).then(|| load.mix.clone());
        let plan = Plan {
            scenario,
            credentials: credentials.transpose()?,
            client_id,
            publishers: crowd.publishers,
            subscribers: crowd.subscribers,
            idlers: crowd.idlers,
            load: load.load(scenario, client.max_inflight),
            messages: match (load.messages.map(NonZeroU64::get), usage(scenario).messages) {
                (given, Some(usual)) => Some(everywhere(given.unwrap_or(usual))),
                (given, None) => given,
            },
            duration: load.duration(scenario),
            warmup: load.warmup(scenario),
            topic,
            qos: mix.as_ref().map_or(load.qos, Mix::highest),
            mix,
            retain: load.retain || scenario == Scenario::Retained,
            properties,
            payload: self.payload.payload()?,
            connect_rate: load.connect_rate(scenario),
            connecting: usize::try_from(load.connecting.get()).unwrap_or(usize::MAX),
            workers: load.workers(scenario, crowd.count_in(shard)),
            drain: load.drain,
            interval: load.interval,
            group: (load.group).unwrap_or_else(|| default_group(&run, shard, start_at)),
            shard,
            start_at,
            placement: self.placement.placement(&self.others, &client.target)?,
            client,
        };
        plan.check()?;
        Ok((plan, self.report))
    }
}

/// Two runs at once on one broker have topics of their own; but what one shard publishes, the
/// subscribers of the others may be to hear.
fn default_topic(scenario: Scenario, shard: Shard, run: &str) -> Result<Template, String> {
    let topic = usage(scenario).topic;
    match shard.is_part() && scenario.crosses_shards() {
        true => topic.replace("RUN/", "").parse(),
        false => Template::in_run(topic, run),
    }
}

/// The Client Identifiers: as -i or --id-prefix says.
fn client_id(session: &mut SessionFlags, run: &str) -> Result<Template, String> {
    match (session.id.take(), session.id_prefix.take()) {
        (Some(template), _) => template.parse().map_err(|error| format!("-i: {error}")),
        (None, Some(prefix)) => {
            let prefix = prefix.replace('{', "{{").replace('}', "}}");
            format!("{prefix}{{client}}").parse()
        }
        (None, None) => Template::in_run("bench-RUN-{client}", run),
    }
}

/// Gives the clients of `bench wills` their Will Message, whose properties they share.
fn set_will(will: &mut WillFlags, topic: &Template) {
    *will = WillFlags {
        will_topic: Some(topic.render(0, 0)),
        will_payload: None,
        will_qos: None,
        will_retain: false,
    };
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
