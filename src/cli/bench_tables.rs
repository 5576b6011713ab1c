//! The tables of a scenario file, as they stand there.
//!
//! A key is the long name of a flag, its value what the command line takes. What stands at the top
//! holds for all runs, what stands in a `[[phase]]` for those of the phase, and what stands in one
//! of several `[[phase.run]]`, which go on at the same time, for that alone.

use clap::Command;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::config_file::{self, Entry, Wrong, line_of};
use super::tree;
use crate::bench::{Scenario, Threshold};

/// Flags of the command line alone.
const NOT_HERE: [&str; 4] = ["json", "quiet", "verbose", "debug"];
/// Files that one run writes.
const OF_ONE_RUN: [&str; 3] = ["csv", "hlog", "html"];

/// How deep a table stands in the file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Top,
    Phase,
    Run,
}

/// A table of the file, as it stands there.
pub(super) struct Table {
    pub(super) line: usize,
    pub(super) name: Option<String>,
    pub(super) scenario: Option<Scenario>,
    pub(super) thresholds: Vec<Threshold>,
    pub(super) entries: Vec<Entry>,
    pub(super) inner: Vec<Table>,
}

/// Thresholds over several runs are about what adds up.
pub(super) fn check_sums(table: &Table) -> Result<(), Wrong> {
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
pub(super) fn read(text: &str) -> Result<Table, Wrong> {
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
