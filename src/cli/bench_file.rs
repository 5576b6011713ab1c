//! `mqtk bench run FILE`: scenarios in phases.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::FromArgMatches;

use super::bench::{BenchFlags, BenchOptions};
use super::bench_placement::Others;
use super::bench_tables::{self, Table};
use super::bench_uses::{uses, why_not};
use super::config_file::{Entry, Wrong};
use super::environment::Environment;
use super::general::Verbosity;
use super::layers::{self, Configured};
use super::stop::{Stop, one_line};
use super::tree;
use crate::bench::{Scenario, Threshold};
use crate::transport::plain_io;

/// What `mqtk bench run` is asked to do.
#[derive(Clone, Debug)]
pub struct BenchFileOptions {
    /// The scenario file.
    pub path: PathBuf,
    /// One after the other.
    pub phases: Vec<BenchPhase>,
    /// What fails the whole, by what all runs counted together.
    pub thresholds: Vec<Threshold>,
    /// Run a broker here, and measure that.
    pub embedded: Option<SocketAddr>,
    /// Where all runs are served to Prometheus while they go.
    pub prometheus: Option<SocketAddr>,
    /// Print the report as JSON.
    pub json: bool,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

/// A phase of a scenario file.
#[derive(Clone, Debug)]
pub struct BenchPhase {
    /// What it is called.
    pub name: String,
    /// Runs that go on at the same time.
    pub runs: Vec<BenchRun>,
    /// What fails the phase, by what its runs counted together.
    pub thresholds: Vec<Threshold>,
}

/// A run of a phase.
#[derive(Clone, Debug)]
pub struct BenchRun {
    /// What it is called.
    pub name: String,
    /// The run, with its own thresholds.
    pub options: BenchOptions,
}

/// Reads the command line of `mqtk bench run`, and the file that it names.
///
/// # Errors
///
/// [`Stop`] if help is asked for, or the usage or the file is wrong.
pub(super) fn parse(
    args: &[OsString],
    environment: &Environment,
) -> Result<BenchFileOptions, Stop> {
    let wrong = |error: &str| Stop::usage("bench run", error);
    let mut matches = layers::parse(tree::bench_run(), args.iter().cloned(), environment)?;
    let path: PathBuf = (matches.remove_one("file")).ok_or_else(|| wrong("which FILE?"))?;
    let flags =
        BenchFlags::from_arg_matches_mut(&mut matches).map_err(|error| wrong(&one_line(&error)))?;
    let files = &flags.report.files;
    if files.csv.is_some() || files.hlog.is_some() || files.html.is_some() {
        return Err(wrong(
            "--csv, --hlog and --html are files of one run: name them in its table",
        ));
    }
    let text = std::fs::read_to_string(&path).map_err(|error| {
        wrong(&format!(
            "cannot read {}: {}",
            path.display(),
            plain_io(&error)
        ))
    })?;
    let at = |error: Wrong| {
        wrong(&format!(
            "{}:{}: {}",
            path.display(),
            error.line,
            error.message
        ))
    };
    let file = File {
        path: &path,
        args,
        environment,
    };
    let top = bench_tables::read(&text).map_err(at)?;
    bench_tables::check_sums(&top).map_err(at)?;
    let mut phases = Vec::new();
    for (number, phase) in top.inner.iter().enumerate() {
        bench_tables::check_sums(phase).map_err(at)?;
        phases.push(file.phase(&top, phase, number)?);
    }
    let first = phases.first().and_then(|phase| phase.runs.first());
    Ok(BenchFileOptions {
        embedded: first.and_then(|run| run.options.embedded),
        prometheus: first.and_then(|run| run.options.prometheus),
        json: flags.report.json,
        verbosity: flags.general.verbosity(),
        thresholds: [top.thresholds, flags.report.fail_if].concat(),
        phases,
        path,
    })
}

/// A file, and what overrides it.
struct File<'a> {
    path: &'a Path,
    args: &'a [OsString],
    environment: &'a Environment,
}

impl File<'_> {
    fn wrong(&self, line: usize, error: &str) -> Stop {
        Stop::usage(
            "bench run",
            format!("{}:{line}: {error}", self.path.display()),
        )
    }

    fn phase(&self, top: &Table, phase: &Table, number: usize) -> Result<BenchPhase, Stop> {
        let tables: Vec<&Table> = match phase.inner.is_empty() {
            true => vec![phase],
            false => phase.inner.iter().collect(),
        };
        let mut runs: Vec<BenchRun> = Vec::new();
        for table in &tables {
            let run = self.run(top, phase, table)?;
            let client_id = &run.options.plan.client_id;
            if runs
                .iter()
                .any(|other| other.options.plan.client_id == *client_id)
            {
                let error = "id: two runs at once need Client Identifiers of their own";
                return Err(self.wrong(table.line, error));
            }
            if runs.iter().any(|other| other.name == run.name) {
                let error = format!(
                    "name: another run of the phase is also called '{}'",
                    run.name
                );
                return Err(self.wrong(table.line, &error));
            }
            runs.push(run);
        }
        let usual = || match &*runs {
            [run] => run.name.clone(),
            _ => format!("phase {}", number + 1),
        };
        Ok(BenchPhase {
            name: phase.name.clone().unwrap_or_else(usual),
            thresholds: match phase.inner.is_empty() {
                true => Vec::new(),
                false => phase.thresholds.clone(),
            },
            runs,
        })
    }

    fn run(&self, top: &Table, phase: &Table, table: &Table) -> Result<BenchRun, Stop> {
        let Some(scenario) = table.scenario.or(phase.scenario) else {
            let error = format!("scenario: which one? There are {}", Scenario::names());
            return Err(self.wrong(table.line, &error));
        };
        let useless = |entry: &&Entry| !uses(scenario, &entry.key);
        if let Some(entry) = table.entries.iter().find(useless) {
            let error = format!("{}: {}", entry.key, why_not(scenario, &entry.key));
            return Err(self.wrong(entry.line, &error));
        }
        let mut entries = [&*top.entries, &phase.entries].concat();
        if !std::ptr::eq(table, phase) {
            entries.extend_from_slice(&table.entries);
        }
        // What stands further up is for those runs that have a use for it.
        entries.retain(|entry| uses(scenario, &entry.key));
        let command = tree::bench(scenario).arg(tree::scenario_file());
        let configured = Configured {
            path: self.path,
            entries,
        };
        let args = self.args.iter().cloned();
        let mut matches = layers::parse_over(command, args, self.environment, Some(configured))?;
        let others = Others::of(&matches);
        let mut flags = BenchFlags::from_arg_matches_mut(&mut matches)
            .map_err(|error| self.wrong(table.line, &one_line(&error)))?;
        flags.others = others;
        flags.report.fail_if = table.thresholds.clone();
        let has_rate = table.entries.iter().any(|entry| entry.key == "rate");
        if scenario == Scenario::Connect && !has_rate {
            // That of messages, which stands further up, is not that of connections.
            flags.load.rate = None;
        }
        let options = (flags.options(scenario)).map_err(|error| self.wrong(table.line, &error))?;
        Ok(BenchRun {
            name: table.name.clone().unwrap_or_else(|| scenario.name().into()),
            options,
        })
    }
}
