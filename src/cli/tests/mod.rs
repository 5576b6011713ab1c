//! Whole command lines, from arguments to options.

mod accepted;
mod broker_limits;
mod config_file;
mod connection;
mod layers;
mod refused;

use super::*;
use crate::exit::ExitStatus;

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::new(variables.iter().map(|(k, v)| (k.into(), v.into())))
}

fn run(args: &[&str], variables: &[(&str, &str)]) -> Result<Command, Stop> {
    let args = std::iter::once(&"mqtk").chain(args).map(OsString::from);
    parse(args, &environment(variables))
}

#[track_caller]
fn publish_with(args: &[&str], variables: &[(&str, &str)]) -> PubOptions {
    let args = [&["pub"], args].concat();
    match run(&args, variables) {
        Ok(Command::Pub(options)) => *options,
        other => panic!("{args:?}: {other:?}"),
    }
}

#[track_caller]
fn publish(args: &[&str]) -> PubOptions {
    publish_with(args, &[])
}

#[track_caller]
fn subscribe(args: &[&str]) -> SubOptions {
    let args = [&["sub"], args].concat();
    match run(&args, &[]) {
        Ok(Command::Sub(options)) => *options,
        other => panic!("{args:?}: {other:?}"),
    }
}

#[track_caller]
fn broker(args: &[&str]) -> BrokerOptions {
    broker_with(args, &[])
}

#[track_caller]
fn broker_with(args: &[&str], variables: &[(&str, &str)]) -> BrokerOptions {
    match run(&[&["broker"], args].concat(), variables) {
        Ok(Command::Broker(options)) => *options,
        other => panic!("{args:?}: {other:?}"),
    }
}

/// The error of a wrong command line, which must be one line with a hint, unless a file cannot be
/// read.
#[track_caller]
fn refused(args: &[&str]) -> String {
    refused_with(args, &[])
}

#[track_caller]
fn refused_with(args: &[&str], variables: &[(&str, &str)]) -> String {
    match run(args, variables) {
        Err(stop @ Stop::Usage(_)) => {
            assert_eq!(stop.status(), ExitStatus::Usage);
            let Stop::Usage(line) = stop else {
                unreachable!()
            };
            assert!(!line.contains('\n'), "{line}");
            let is_file = line.starts_with("cannot ");
            assert_eq!(line.ends_with("--help)"), !is_file, "{line}");
            line
        }
        other => panic!("{args:?}: {other:?}"),
    }
}

/// Broker, topic and message: what every `pub` needs.
const PUB: [&str; 4] = ["-t", "a", "-m", "x"];
