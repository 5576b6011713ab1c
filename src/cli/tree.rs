//! The clap commands: one for each subcommand, and the whole tree, which only help, completions
//! and man pages need.

use std::path::PathBuf;

use clap::{Arg, ArgAction, Command, CommandFactory, Parser, Subcommand, ValueHint};
use clap_complete::Shell;

use super::bench::BenchFlags;
use super::bench_scenario;
use super::bench_search::SearchFlags;
use super::bench_tools::{CompareFlags, MergeFlags};
use super::bench_uses::hide_useless_to_all;
use super::broker::BrokerFlags;
use super::environment::variable;
use super::inspect::InspectFlags;
use super::passwd::PasswdFlags;
use super::publish::PubFlags;
use super::subscribe::SubFlags;
use crate::bench::Scenario;

#[derive(Parser)]
#[command(name = "mqtk", after_help = TOP_EXAMPLES)]
struct Top {
    /// Print help
    #[arg(short, long, action = ArgAction::HelpShort)]
    help: Option<bool>,

    /// Print the version
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// The subcommands that make the files which come with mqtk.
#[derive(Subcommand)]
pub(super) enum Tool {
    /// Print the completions for a shell
    #[command(disable_help_flag = true)]
    Completions {
        /// The shell
        #[arg(value_enum, value_name = "SHELL")]
        shell: Shell,
        /// Print help
        #[arg(long, action = ArgAction::HelpShort)]
        help: Option<bool>,
    },
    /// Write the man pages into a directory
    #[command(disable_help_flag = true)]
    Man {
        /// The directory, which is made if it is missing
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Print help
        #[arg(long, action = ArgAction::HelpShort)]
        help: Option<bool>,
    },
}

const ABOUT: &str =
    "An MQTT toolkit: publish, subscribe, run a test broker, explain packets, load a broker";

const LONG_ABOUT: &str =
    "It speaks MQTT 3.1, 3.1.1 and 5.0 over TCP, TLS, WebSocket and Unix sockets.";

const TOP_EXAMPLES: &str = "\
Examples:
  mqtk sub --embedded '#' -v           a broker and a live view of it in one command
  mqtk sub -h broker 'sensors/#' -v    watch topics
  mqtk pub -h broker sensors/1 -m 21.5 publish a message
  mqtk bench pairs -h broker -c 10     measure what the broker holds, and how fast it is
  mqtk inspect 32 07 00 03 61 2f 62 68 69   explain a packet

Every command has its own help: mqtk pub --help";

const PUB_EXAMPLES: &str = "\
Examples:
  mqtk pub sensors/1 -m 21.5
  mqtk pub -h broker.example -q 1 -r -t door/state -m open
  seq 1000000 | mqtk pub -q 1 -l numbers
  mqtk pub -L mqtts://ann@broker.example/firmware --ask-password -f image.bin
  mqtk pub -D publish content-type text/plain -D publish user-property unit C t -m 21";

const BENCH_EXAMPLES: &str = "\
Examples:
  mqtk bench pairs --embedded
  mqtk bench pairs -h broker -c 10 --rate 1000 --duration 6s -q 1
  mqtk bench pub -c 100 -q 1 -n 1000000 --json
  mqtk bench search pairs -h broker -c 100 -q 1 --max-latency 'p99<10ms'
  mqtk bench run phases.toml -h broker";

const RUN_EXAMPLES: &str = "\
Examples:
  mqtk bench run phases.toml
  mqtk bench run phases.toml -h broker --json --fail-if 'lost>0'";

const SUB_EXAMPLES: &str = "\
Examples:
  mqtk sub 'sensors/#' -v
  mqtk sub -h broker.example -t 'sensors/#' --json | jq .payload
  mqtk sub -q 1 -c -i logger '#' -F '%I %t %p' >> log
  mqtk sub door/state -C 1 -W 10
  mqtk sub --embedded '#' -v";

const BROKER_EXAMPLES: &str = "\
Examples:
  mqtk broker
  mqtk broker --watch 'sensors/#' --json | jq .payload
  mqtk broker --listen mqtts://0.0.0.0:8883 --self-signed --password-file users
  mqtk broker --persist state --fault 'drop probability=0.1 packet=PUBACK direction=out'
  mqtk broker --port 0 --quiet";

const INSPECT_EXAMPLES: &str = "\
Examples:
  mqtk inspect 32 07 00 03 61 2f 62 68 69
  pbpaste | mqtk inspect --annotate
  mqtk inspect capture.pcapng --json | jq .topic
  tcpdump -i any -U -w - tcp | mqtk inspect --oneline -
  mqtk inspect --listen mqtt://localhost:1884 --to mqtt://localhost --oneline
  mqtk inspect --encode PUBLISH topic=a qos=3 --output-format raw | nc localhost 1883";

const PASSWD_EXAMPLES: &str = "\
Examples:
  mqtk passwd -c users ann
  mqtk passwd users bob --password-stdin < secret
  mqtk passwd -H scram-sha-256 users carl
  mqtk passwd -D users bob";

/// The command of `mqtk pub`.
pub(super) fn publish() -> Command {
    prepare(PubFlags::command(), PUB_EXAMPLES)
}

/// The command of `mqtk sub`.
pub(super) fn subscribe() -> Command {
    prepare(SubFlags::command(), SUB_EXAMPLES)
}

/// The command of `mqtk broker`.
pub(super) fn broker() -> Command {
    let command = BrokerFlags::command().mut_arg("debug", |debug| {
        debug.help("Report everything on stderr, as -v does")
    });
    prepare(command, BROKER_EXAMPLES)
}

/// The command of `mqtk inspect`.
pub(super) fn inspect() -> Command {
    let command = InspectFlags::command()
        .mut_arg("debug", |debug| {
            debug.help("Say how the input was read, as -v does")
        })
        .mut_arg("quiet", |quiet| {
            quiet.help("Print no summary, warnings or errors: only the exit status speaks")
        });
    prepare(command, INSPECT_EXAMPLES)
}

/// The command of `mqtk bench` with this scenario.
pub(super) fn bench(scenario: Scenario) -> Command {
    let command = of_bench(BenchFlags::command());
    let command = command.bin_name(format!("mqtk bench {}", scenario.name()));
    let command = bench_scenario::adapt(command, scenario);
    prepare(command, BENCH_EXAMPLES)
}

/// What the flags that others have too mean to a load generator.
fn of_bench(command: Command) -> Command {
    hide_useless_to_all(command)
        // -c counts clients here.
        .mut_arg("disable_clean_session", |arg| arg.short(None))
        .mut_arg("id", |arg| {
            arg.value_name("TEMPLATE")
                .help("Client Identifiers, with {client} in it [default: bench-RUN-{client}]")
        })
        .mut_arg("host", |arg| {
            arg.action(ArgAction::Append).value_delimiter(',').help(
                "Host names or addresses of the brokers, with commas between; each gets the \
                       same share of the clients [default: localhost]",
            )
        })
        .mut_arg("url", |arg| arg.action(ArgAction::Append))
        .mut_arg("embedded", |arg| {
            arg.help(
                "Run a broker in a process of its own, and connect to it; -p is its port, 0 a free \
                 one [default: 1883, with TLS 8883]",
            )
        })
        .mut_arg("max_inflight", |arg| {
            arg.help("Most unacknowledged messages of a client at QoS 1 and 2, without --rate")
                .long_help(None)
                .default_value("100")
        })
}

const SEARCH_EXAMPLES: &str = "\
Examples:
  mqtk bench search pairs -h broker -c 100 -q 1 --max-latency 'p99<10ms'
  mqtk bench search pub -q 1 --rate 20000 --precision 2% --duration 10s --json";

/// The command of `mqtk bench search`.
pub(super) fn bench_search() -> Command {
    let about = "Find the highest rate that a broker sustains within a latency";
    let command = of_bench(SearchFlags::command())
        .override_usage("mqtk bench search SCENARIO [OPTIONS]")
        .mut_arg("rate", |arg| {
            arg.default_value("1000")
                .help("Messages a second of the first run")
        })
        .mut_arg("duration", |arg| {
            arg.default_value("4s")
                .help("Measure each run for this long")
        })
        .about(about)
        .long_about(format!(
            "{about}\n\nEach step is a run. The rate is doubled until it is not sustained, then \
             the highest that is lies between two that come closer; a last run confirms it. A rate \
             is sustained if the latency holds, 99 % of it are sent, and nothing is lost, \
             unacknowledged or refused. The report is that of the last run, and says whether the \
             broker or the generator was the limit."
        ));
    prepare(command, SEARCH_EXAMPLES)
}

const COMPARE_EXAMPLES: &str = "\
Examples:
  mqtk bench compare before.json after.json
  mqtk bench compare before.json after.json --fail-if 'p99>+10%' --fail-if 'rate<-5%'";

const MERGE_EXAMPLES: &str = "\
Examples:
  mqtk bench merge shard-*.json --expect-shards 4 --fail-if 'lost>0'
  kubectl logs -l job-name=bench --tail=-1 | mqtk bench merge - --expect-shards 4";

/// The command of `mqtk bench compare`.
pub(super) fn bench_compare() -> Command {
    let about = "Compare the reports of two runs";
    bench_tool(CompareFlags::command(), about, COMPARE_EXAMPLES)
}

/// The command of `mqtk bench merge`.
pub(super) fn bench_merge() -> Command {
    let about = "Make one report of those of all shards";
    bench_tool(MergeFlags::command(), about, MERGE_EXAMPLES)
}

fn bench_tool(command: Command, about: &'static str, examples: &'static str) -> Command {
    command
        .about(about)
        .disable_help_flag(true)
        .after_help(examples)
}

/// The command of `mqtk bench run`.
pub(super) fn bench_run() -> Command {
    let about = "Run the scenarios of a file, in phases";
    let details = "The file is TOML. A key is the long name of a flag of the scenarios: at the top \
                   for all runs, in a [[phase]] for those of the phase, in a [[phase.run]] for one \
                   of several that go on at the same time. Each has a scenario, and may have a name \
                   and its fail-if; over several runs, counts are added up. What stands on the \
                   command line overrides the file.";
    let command = of_bench(BenchFlags::command())
        .bin_name("mqtk bench run")
        .display_name("mqtk bench run")
        .about(about)
        .long_about(format!("{about}\n\n{details}"))
        .arg(scenario_file().required(true));
    prepare(command, RUN_EXAMPLES)
}

/// The scenario file, as an argument.
pub(super) fn scenario_file() -> Arg {
    Arg::new("file")
        .value_name("FILE")
        .help("Scenario file")
        .value_parser(clap::value_parser!(PathBuf))
        .value_hint(ValueHint::FilePath)
}

/// `mqtk bench` with all its scenarios.
fn benches() -> Command {
    Command::new("bench")
        .about("Load a broker, and measure what it holds")
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .help("Print help")
                .action(ArgAction::HelpShort),
        )
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(Scenario::ALL.map(|scenario| {
            let command = bench(scenario).name(scenario.name());
            // Completions would offer the short names of what is hidden.
            command.mut_args(|arg| match arg.is_hide_set() {
                true => arg.short(None),
                false => arg,
            })
        }))
        .subcommands([
            bench_run().name("run"),
            bench_search().name("search"),
            bench_compare(),
            bench_merge(),
        ])
}

/// The command of `mqtk passwd`.
pub(super) fn passwd() -> Command {
    PasswdFlags::command()
        .disable_help_flag(true)
        .after_help(PASSWD_EXAMPLES)
}

/// Everything, as help, completions and man pages need it.
pub(super) fn all() -> Command {
    let top = Top::command()
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommand_required(true)
        .subcommands(
            [
                publish(),
                subscribe(),
                broker(),
                inspect(),
                benches(),
                passwd(),
            ]
            .map(with_value_hints),
        );
    Tool::augment_subcommands(top)
        .about(ABOUT)
        .long_about(format!("{ABOUT}\n\n{LONG_ABOUT}"))
}

/// The examples of a subcommand, one a line.
pub(super) fn examples(subcommand: &str) -> impl Iterator<Item = &'static str> {
    let examples = match subcommand {
        "pub" => PUB_EXAMPLES,
        "sub" => SUB_EXAMPLES,
        "broker" => BROKER_EXAMPLES,
        "inspect" => INSPECT_EXAMPLES,
        "bench" => BENCH_EXAMPLES,
        "compare" => COMPARE_EXAMPLES,
        "merge" => MERGE_EXAMPLES,
        "passwd" => PASSWD_EXAMPLES,
        _ => TOP_EXAMPLES,
    };
    examples
        .lines()
        .skip(1)
        .map_while(|line| line.strip_prefix("  "))
}

/// What every subcommand with options has in common.
fn prepare(command: Command, examples: &str) -> Command {
    let name = command.get_name();
    let any = variable(name, "");
    let one = match name {
        "broker" => variable(name, "port") + " is --port",
        "inspect" => variable(name, "oneline") + " is --oneline",
        _ => variable(name, "will-topic") + " is --will-topic",
    };
    let toml = match name {
        "broker" => "\nOr in a TOML file: --config FILE.",
        _ => "",
    };
    let notes = format!(
        "{examples}\n\n\
         Each long option can stand in the environment, as {any}…: {one};\n\
         a switch is on with 1. It can also stand in a file, an option and its value on a line:\n\
         -o FILE, or else $XDG_CONFIG_HOME/mqtk/{name} ($HOME/.config/mqtk/{name}).{toml}"
    );
    command
        .version(env!("CARGO_PKG_VERSION"))
        .after_help(notes)
        .disable_help_flag(true)
        .disable_version_flag(true)
        // As in Mosquitto's clients: the last one counts, and a value may begin with a hyphen.
        .args_override_self(true)
        .mut_args(|arg| match takes_any_value(&arg) {
            true => arg.allow_hyphen_values(true),
            false => arg,
        })
}

/// Whether what follows is the option's value, whatever it looks like.
fn takes_any_value(option: &Arg) -> bool {
    let is_optional = option
        .get_num_args()
        .is_some_and(|range| range.min_values() == 0);
    option.get_action().takes_values() && !option.is_positional() && !is_optional
}

/// Says what shells complete the values of options with: for completions only, since each hint
/// costs an allocation.
fn with_value_hints(command: Command) -> Command {
    command.mut_args(|arg| match arg.get_action().takes_values() {
        true => {
            let hint = value_hint(&arg);
            arg.value_hint(hint)
        }
        false => arg,
    })
}

/// What shells complete an option's value with, by the name of the value.
fn value_hint(arg: &Arg) -> ValueHint {
    match arg
        .get_value_names()
        .and_then(<[_]>::first)
        .map(|name| &**name)
    {
        Some("FILE") => ValueHint::FilePath,
        Some("DIR") => ValueHint::DirPath,
        Some("PATH") => ValueHint::AnyPath,
        Some("HOST") => ValueHint::Hostname,
        _ => ValueHint::Unknown,
    }
}
