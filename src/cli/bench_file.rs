//! Scenario files: scenarios in phases, as TOML.
//!
//! A key is the long name of a flag, its value what the command line takes. What stands at the top
//! holds for all runs, what stands in a `[[phase]]` for those of the phase, and what stands in one
//! of several `[[phase.run]]`, which go on at the same time, for that alone.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Command, FromArgMatches};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::bench::{BenchFlags, BenchOptions};
use super::bench_placement::Others;
use super::config_file::{self, Entry, Wrong, line_of};
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

/// How deep a table stands in the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Phase,
    Run,
}

/// A table of the file, as it stands there.
struct Table {
    line: usize,
    name: Option<String>,
    scenario: Option<Scenario>,
    thresholds: Vec<Threshold>,
    entries: Vec<Entry>,
    inner: Vec<Table>,
}

/// Flags of the command line alone.
const NOT_HERE: [&str; 4] = ["json", "quiet", "verbose", "debug"];
/// Files that one run writes.
const OF_ONE_RUN: [&str; 3] = ["csv", "hlog", "html"];

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
    let load = &flags.load;
    if load.csv.is_some() || load.hlog.is_some() || load.html.is_some() {
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
    let top = read(&text).map_err(at)?;
    check_sums(&top).map_err(at)?;
    let mut phases = Vec::new();
    for (number, phase) in top.inner.iter().enumerate() {
        check_sums(phase).map_err(at)?;
        phases.push(file.phase(&top, phase, number)?);
    }
    let first = phases.first().and_then(|phase| phase.runs.first());
    Ok(BenchFileOptions {
        embedded: first.and_then(|run| run.options.embedded),
        prometheus: first.and_then(|run| run.options.prometheus),
        json: flags.load.json,
        verbosity: flags.general.verbosity(),
        thresholds: [top.thresholds, flags.load.fail_if].concat(),
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
        let mut entries = [&*top.entries, &phase.entries].concat();
        if !std::ptr::eq(table, phase) {
            entries.extend_from_slice(&table.entries);
        }
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
        flags.load.fail_if = table.thresholds.clone();
        let options = (flags.options(scenario)).map_err(|error| self.wrong(table.line, &error))?;
        Ok(BenchRun {
            name: table.name.clone().unwrap_or_else(|| scenario.name().into()),
            options,
        })
    }
}

/// Thresholds over several runs are about what adds up.
fn check_sums(table: &Table) -> Result<(), Wrong> {
    if table.inner.is_empty() {
        return Ok(());
    }
    let line = table.line;
    for threshold in &table.thresholds {
        threshold.adds_up().map_err(|error| Wrong {
            line,
            message: format!("fail-if: {error}"),
        })?;
    }
    let of_one = |entry: &&Entry| OF_ONE_RUN.contains(&&*entry.key);
    match table.entries.iter().find(of_one) {
        Some(entry) => Err(Wrong {
            line: entry.line,
            message: format!("{}: this file is of one run: name it there", entry.key),
        }),
        None => Ok(()),
    }
}

/// The tables of a file.
fn read(text: &str) -> Result<Table, Wrong> {
    let table = DeTable::parse(text).map_err(|error| Wrong {
        line: line_of(text, error.span()),
        message: error.message().replace('\n', ", "),
    })?;
    // Which keys there are is the same in all scenarios.
    let command = tree::bench(Scenario::Pairs);
    let reader = Reader { text, command };
    let top = reader.table(Level::Top, 1, table.get_ref())?;
    match top.inner.is_empty() {
        true => Err(Wrong {
            line: 1,
            message: "there is no [[phase]]".into(),
        }),
        false => Ok(top),
    }
}

struct Reader<'a> {
    text: &'a str,
    command: Command,
}

impl Reader<'_> {
    fn table(&self, level: Level, line: usize, table: &DeTable<'_>) -> Result<Table, Wrong> {
        let mut read = Table {
            line,
            name: None,
            scenario: None,
            thresholds: Vec::new(),
            entries: Vec::new(),
            inner: Vec::new(),
        };
        for (key, value) in table {
            let line = line_of(self.text, Some(key.span()));
            let name = key.get_ref().as_ref();
            let wrong = |message: String| Wrong {
                line,
                message: format!("{name}: {message}"),
            };
            match (level, name) {
                (Level::Top, "phase") => read.inner = self.tables(Level::Phase, name, value)?,
                (Level::Phase, "run") => read.inner = self.tables(Level::Run, name, value)?,
                (Level::Phase | Level::Run, "name") => {
                    read.name = Some(string(value).map_err(wrong)?);
                }
                (Level::Phase | Level::Run, "scenario") => {
                    let name = string(value).map_err(wrong)?;
                    let scenario = Scenario::named(&name).ok_or_else(|| {
                        wrong(format!(
                            "no scenario '{name}': there are {}",
                            Scenario::names()
                        ))
                    })?;
                    read.scenario = Some(scenario);
                }
                (_, "fail-if") => read.thresholds = thresholds(value).map_err(wrong)?,
                (Level::Phase | Level::Run, "embedded") => {
                    return Err(wrong(
                        "there is one broker for all runs: put it at the top".into(),
                    ));
                }
                (Level::Phase | Level::Run, "prometheus") => {
                    return Err(wrong(
                        "all runs are served at one address: put it at the top".into(),
                    ));
                }
                (_, name) if NOT_HERE.contains(&name) => {
                    return Err(wrong("this has its place on the command line".into()));
                }
                _ => {
                    let entry = config_file::entry(self.text, &self.command, key, value)?;
                    read.entries.push(entry);
                }
            }
        }
        read.entries.sort_by_key(|entry| entry.line);
        Ok(read)
    }

    fn tables(
        &self,
        level: Level,
        name: &str,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<Vec<Table>, Wrong> {
        let wrong = |line| Wrong {
            line,
            message: format!("{name}: tables are expected: [[{name}]]"),
        };
        let line = line_of(self.text, Some(value.span()));
        let DeValue::Array(values) = value.get_ref() else {
            return Err(wrong(line));
        };
        let table = |value: &Spanned<DeValue<'_>>| {
            let line = line_of(self.text, Some(value.span()));
            match value.get_ref() {
                DeValue::Table(table) => self.table(level, line, table),
                _ => Err(wrong(line)),
            }
        };
        values.iter().map(table).collect()
    }
}

fn string(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    let text = value.get_ref().as_str();
    text.map(ToOwned::to_owned)
        .ok_or_else(|| "a string is expected".into())
}

fn thresholds(value: &Spanned<DeValue<'_>>) -> Result<Vec<Threshold>, String> {
    let threshold = |value: &Spanned<DeValue<'_>>| string(value)?.parse();
    match value.get_ref() {
        DeValue::Array(values) => values.iter().map(threshold).collect(),
        _ => threshold(value).map(|threshold| vec![threshold]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let wrong = read(text).and_then(|top| {
            check_sums(&top)?;
            top.inner.iter().try_for_each(check_sums)
        });
        let wrong = wrong.expect_err(text);
        format!("{}: {}", wrong.line, wrong.message)
    }

    #[test]
    fn tables_are_read_in_their_order() {
        let top = read(
            "qos = 1\nfail-if = 'lost>0'\n[[phase]]\nscenario = 'connect'\n[[phase]]\nname = 'both'\n\
             [[phase.run]]\nscenario = 'pairs'\nrate = 10\n[[phase.run]]\nscenario = 'churn'",
        )
        .unwrap_or_else(|wrong| panic!("{}: {}", wrong.line, wrong.message));
        assert_eq!((top.entries.len(), top.thresholds.len()), (1, 1));
        let [connect, both] = &*top.inner else {
            panic!("two phases");
        };
        assert_eq!(
            (connect.line, connect.scenario),
            (3, Some(Scenario::Connect))
        );
        assert_eq!((both.line, both.name.as_deref()), (5, Some("both")));
        let scenarios: Vec<_> = both.inner.iter().map(|run| run.scenario).collect();
        assert_eq!(scenarios, [Some(Scenario::Pairs), Some(Scenario::Churn)]);
        assert_eq!(both.inner[0].entries[0].key, "rate");
    }

    #[test]
    fn mistakes_are_named_with_their_line_and_key() {
        for (text, told) in [
            ("qos = 1", "1: there is no [[phase]]"),
            ("qos = ", "1: "),
            ("\nphase = 1", "2: phase: tables are expected"),
            (
                "[[phase]]\nscenario = 'foo'",
                "2: scenario: no scenario 'foo': there are connect",
            ),
            (
                "[[phase]]\nscenario = 1",
                "2: scenario: a string is expected",
            ),
            ("[[phase]]\nclientz = 1", "2: unknown key 'clientz'"),
            (
                "[[phase]]\njson = true",
                "2: json: this has its place on the command line",
            ),
            (
                "[[phase]]\nembedded = true",
                "2: embedded: there is one broker",
            ),
            (
                "[[phase]]\nprometheus = 9883",
                "2: prometheus: all runs are served at one address",
            ),
            (
                "fail-if = 'lots>0'\n[[phase]]",
                "1: fail-if: nothing measured is called 'lots'",
            ),
            (
                "fail-if = 'p99>1s'\n[[phase]]",
                "1: fail-if: p99>1s: p99 of several runs",
            ),
            (
                "csv = 'a.csv'\n[[phase]]",
                "1: csv: this file is of one run",
            ),
        ] {
            let error = error(text);
            assert!(error.starts_with(told), "{text}: {error}");
        }
    }
}
