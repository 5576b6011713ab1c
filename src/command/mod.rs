//! What each subcommand does with its options: [`run`] calls the module of the subcommand. The other
//! modules are what several of them share.

mod access;
mod acl_file;
mod auth_command;
mod background_writer;
mod bench;
mod broker;
mod broker_process;
mod embedded;
mod event_log;
mod failure;
mod generate;
mod inspect;
mod journal;
mod layout;
mod listen;
mod log;
mod memory;
mod passwd;
mod print;
mod publish;
mod reload;
mod signals;
mod stdin;
mod stdout;
mod subscribe;
mod talk;
mod throttle;
mod watch;

use std::future::Future;

use crate::cli::{Command, Verbosity};
use crate::exit::ExitStatus;

use failure::Failure;
use talk::Talk;

/// Runs a command to its end; returns what the shell is told.
pub fn run(command: Command) -> ExitStatus {
    let (verbosity, outcome) = match command {
        Command::Pub(options) => {
            let talk = Talk::new(options.verbosity);
            (options.verbosity, block_on(publish::run(*options, &talk)))
        }
        Command::Sub(options) => {
            let talk = Talk::new(options.verbosity);
            (options.verbosity, block_on(subscribe::run(*options, &talk)))
        }
        Command::Bench(options) => (options.verbosity, block_on(bench::run(*options))),
        Command::BenchSearch(options) => (
            options.bench.verbosity,
            block_on(bench::search::run(*options)),
        ),
        Command::BenchCompare(options) => (Verbosity::Normal, bench::compare::run(&options)),
        Command::BenchMerge(options) => (Verbosity::Normal, bench::merge::run(*options)),
        Command::BenchRun(options) => (options.verbosity, block_on(bench::file::run(*options))),
        Command::Broker(options) => (options.verbosity, block_on(broker::run(*options))),
        Command::Inspect(options) => (options.verbosity, inspect::run(*options)),
        Command::Passwd(options) => (Verbosity::Normal, passwd::run(*options)),
        Command::Completions(shell) => (Verbosity::Normal, generate::completions(shell)),
        Command::Man(directory) => (Verbosity::Normal, generate::man_pages(&directory)),
    };
    match outcome {
        Ok(()) => ExitStatus::Done,
        Err(failure) => {
            let message = failure.message();
            if !message.is_empty() {
                Talk::new(verbosity).error(&message);
            }
            failure.status
        }
    }
}

/// Runs a command on a runtime of one thread.
fn block_on(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::io("cannot start", &error))?;
    let outcome = runtime.block_on(command);
    // Does not wait for a host name that is still being looked up.
    runtime.shutdown_background();
    outcome
}
