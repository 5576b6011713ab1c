//! The command line: flags, environment and options files in, plain options out.
//!
//! [`parse`] looks at the first argument itself and builds only the flags of that subcommand, since to
//! build them costs more than to parse them. What can be given on the command line can also be given in
//! the environment (`MQTK_HOST`) and in a file, in this order of precedence.
//!
//! ```
//! use mqtk::cli::{self, Command, Environment, PayloadFrom};
//!
//! let args = ["mqtk", "pub", "sensors/1", "-m", "21.5"].map(Into::into);
//! let Ok(Command::Pub(options)) = cli::parse(args, &Environment::default()) else { panic!() };
//! assert_eq!(options.topics, ["sensors/1"]);
//! assert_eq!(options.payload, PayloadFrom::Text(b"21.5".to_vec()));
//! ```

mod acl;
mod bench;
mod bench_credentials;
mod bench_file;
mod bench_load;
mod bench_payload;
mod bench_placement;
mod bench_report;
mod bench_scenario;
mod bench_search;
mod bench_shard;
mod bench_tables;
mod bench_tools;
mod bench_uses;
mod broker;
mod broker_abuse;
mod broker_access;
mod broker_fault;
mod broker_inside;
mod broker_limits;
mod broker_log;
mod broker_persist;
mod client;
mod config_file;
mod connection;
mod credentials;
mod environment;
mod fault_table;
mod general;
mod generate;
mod inspect;
mod inspect_proxy;
mod layers;
mod listen_place;
mod listen_tls;
mod options_file;
mod passwd;
mod places;
mod property;
mod property_words;
mod publish;
mod session;
mod stop;
mod subscribe;
mod tls;
mod tree;
mod url;
mod values;
mod will;

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{ArgMatches, FromArgMatches};
pub use clap_complete::Shell;

use crate::bench::Scenario;

pub use self::acl::AclOptions;
pub use self::bench::BenchOptions;
pub use self::bench_file::{BenchFileOptions, BenchPhase, BenchRun};
pub use self::bench_report::BenchFiles;
pub use self::bench_search::SearchOptions;
pub use self::bench_tools::{CompareOptions, MergeOptions};
pub use self::broker::BrokerOptions;
pub use self::broker_access::BrokerAccess;
pub use self::broker_inside::InsideOptions;
pub use self::broker_log::{LogFormat, LogOptions, LogTime};
pub use self::broker_persist::PersistOptions;
pub use self::environment::Environment;
pub use self::general::Verbosity;
pub use self::generate::{completions, man_pages};
pub use self::inspect::InspectOptions;
pub use self::inspect_proxy::ProxyOptions;
pub use self::listen_tls::BrokerTls;
pub use self::passwd::{PasswdAction, PasswdOptions, PasswordFrom};
pub use self::places::Places;
pub use self::publish::{PayloadFrom, PubOptions};
pub use self::stop::Stop;
pub use self::subscribe::{ExitOptions, Form, OutputOptions, SubOptions};

/// What `mqtk` is asked to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// `mqtk pub`
    Pub(Box<PubOptions>),
    /// `mqtk sub`
    Sub(Box<SubOptions>),
    /// `mqtk bench SCENARIO`
    Bench(Box<BenchOptions>),
    /// `mqtk bench search SCENARIO`
    BenchSearch(Box<SearchOptions>),
    /// `mqtk bench compare BEFORE AFTER`
    BenchCompare(Box<CompareOptions>),
    /// `mqtk bench merge FILE…`
    BenchMerge(Box<MergeOptions>),
    /// `mqtk bench run FILE`
    BenchRun(Box<BenchFileOptions>),
    /// `mqtk broker`
    Broker(Box<BrokerOptions>),
    /// `mqtk inspect`
    Inspect(Box<InspectOptions>),
    /// `mqtk passwd`
    Passwd(Box<PasswdOptions>),
    /// `mqtk completions SHELL`
    Completions(Shell),
    /// `mqtk man DIR`
    Man(PathBuf),
}

/// Makes a command from the arguments, the first of which is the name of the program.
///
/// It reads the options file and, if the flags say so, the password.
///
/// # Errors
///
/// [`Stop`] if help is asked for, or the usage is wrong.
pub fn parse(
    args: impl IntoIterator<Item = OsString>,
    environment: &Environment,
) -> Result<Command, Stop> {
    let mut args = args.into_iter().skip(1).peekable();
    let first = args.peek().and_then(|first| first.to_str());
    let (command, name) = match first {
        Some("pub") => (tree::publish(), "pub"),
        Some("sub") => (tree::subscribe(), "sub"),
        Some("broker") => (tree::broker(), "broker"),
        Some("inspect") => (tree::inspect(), "inspect"),
        Some("bench") => return bench(args.skip(1), environment),
        Some("passwd") => return passwd(args.skip(1)),
        _ => return top(args),
    };
    let command = command.display_name(format!("mqtk {name}"));
    let (mut matches, places) = layers::parse_placed(command, args.skip(1), environment)?;
    let command = match name {
        "pub" => flags(&mut matches)
            .and_then(publish::PubFlags::options)
            .map(|options| Command::Pub(Box::new(options))),
        "sub" => flags(&mut matches)
            .and_then(subscribe::SubFlags::options)
            .map(|options| Command::Sub(Box::new(options))),
        "broker" => flags(&mut matches)
            .and_then(broker::BrokerFlags::options)
            .map(|options| {
                let places = places.clone();
                Command::Broker(Box::new(BrokerOptions { places, ..options }))
            }),
        _ => flags(&mut matches)
            .and_then(inspect::InspectFlags::options)
            .map(|options| Command::Inspect(Box::new(options))),
    };
    command.map_err(|error| Stop::usage(name, places.blame(error)))
}

fn flags<F: FromArgMatches>(matches: &mut ArgMatches) -> Result<F, String> {
    F::from_arg_matches_mut(matches).map_err(|error| stop::one_line(&error))
}

/// `mqtk bench`, whose scenarios are subcommands of their own.
fn bench(
    mut args: impl Iterator<Item = OsString>,
    environment: &Environment,
) -> Result<Command, Stop> {
    let name = args.next();
    match name.as_ref().and_then(|name| name.to_str()) {
        Some("compare") => {
            let flags: bench_tools::CompareFlags = tool(tree::bench_compare(), args)?;
            return Ok(Command::BenchCompare(Box::new(flags.options())));
        }
        Some("search") => return bench_search(args, environment),
        Some("merge") => {
            let flags: bench_tools::MergeFlags = tool(tree::bench_merge(), args)?;
            return Ok(Command::BenchMerge(Box::new(flags.options())));
        }
        Some("run") => {
            let args: Vec<_> = args.collect();
            let options = bench_file::parse(&args, environment)?;
            return Ok(Command::BenchRun(Box::new(options)));
        }
        _ => {}
    }
    let named = name.as_deref().and_then(OsStr::to_str);
    let Some(scenario) = named.and_then(Scenario::named) else {
        return match name {
            Some(name) if name != "-h" && name != "--help" => Err(bench::unknown_scenario(&name)),
            _ => top(["bench", "--help"].map(Into::into).into_iter()),
        };
    };
    let command = tree::bench(scenario).display_name(format!("mqtk bench {}", scenario.name()));
    let mut matches = layers::parse(command, args, environment)?;
    let wrong = |error| Stop::usage(&format!("bench {}", scenario.name()), error);
    bench_uses::check(&matches, scenario).map_err(wrong)?;
    let others = bench_placement::Others::of(&matches);
    flags(&mut matches)
        .and_then(|mut flags: bench::BenchFlags| {
            flags.shard.job_index = environment.job_index().map(Into::into);
            flags.others = others;
            flags.options(scenario)
        })
        .map(|options| Command::Bench(Box::new(options)))
        .map_err(wrong)
}

/// `mqtk bench search`, which has the options of a scenario and some more.
fn bench_search(
    mut args: impl Iterator<Item = OsString>,
    environment: &Environment,
) -> Result<Command, Stop> {
    let name = args.next();
    let named = name.as_deref().and_then(OsStr::to_str);
    let (scenario, rest) = match named.and_then(Scenario::named) {
        Some(scenario) => (scenario, None),
        None if name.as_deref() == Some("--help".as_ref()) => (Scenario::Pairs, name),
        None => return Err(bench::unknown_scenario(&name.unwrap_or_default())),
    };
    let args = rest.into_iter().chain(args);
    let mut matches = layers::parse(tree::bench_search(), args, environment)?;
    bench_uses::check(&matches, scenario).map_err(|error| Stop::usage("bench search", error))?;
    flags(&mut matches)
        .and_then(|flags: bench_search::SearchFlags| flags.options(scenario))
        .map(|options| Command::BenchSearch(Box::new(options)))
        .map_err(|error| Stop::usage("bench search", error))
}

/// A part of `mqtk bench` without variables and options file, since it puts load on nothing.
fn tool<F: FromArgMatches>(
    command: clap::Command,
    args: impl Iterator<Item = OsString>,
) -> Result<F, Stop> {
    let name = command.get_bin_name().unwrap_or_default().to_owned();
    let usage = name.trim_start_matches("mqtk ").to_owned();
    let matches = command.try_get_matches_from(std::iter::once(name.into()).chain(args));
    let mut matches = matches.map_err(|error| Stop::clap(&usage, error))?;
    flags(&mut matches).map_err(|error| Stop::usage(&usage, error))
}

/// `mqtk passwd`, which has neither variables nor an options file: what it does is done once.
fn passwd(args: impl Iterator<Item = OsString>) -> Result<Command, Stop> {
    let name = OsString::from("mqtk passwd");
    tree::passwd()
        .try_get_matches_from(std::iter::once(name).chain(args))
        .map_err(|error| Stop::clap("passwd", error))
        .and_then(|mut matches| {
            flags(&mut matches)
                .and_then(passwd::PasswdFlags::options)
                .map_err(|error| Stop::usage("passwd", error))
        })
        .map(|options| Command::Passwd(Box::new(options)))
}

/// What is left when it is none of the common subcommands: the tools, help and errors.
fn top(args: impl Iterator<Item = OsString>) -> Result<Command, Stop> {
    let mut args = args.peekable();
    let help = args.peek().is_none().then(|| "--help".into());
    let name = OsString::from("mqtk");
    let matches = tree::all()
        .try_get_matches_from(std::iter::once(name).chain(args).chain(help))
        .map_err(|error| Stop::clap("", error))?;
    match tree::Tool::from_arg_matches(&matches) {
        Ok(tree::Tool::Completions { shell, .. }) => Ok(Command::Completions(shell)),
        Ok(tree::Tool::Man { dir, .. }) => Ok(Command::Man(dir)),
        Err(error) => Err(Stop::clap("", error)),
    }
}

#[cfg(test)]
mod tests;
