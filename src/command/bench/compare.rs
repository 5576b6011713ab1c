//! `mqtk bench compare`: two reports side by side.

use std::io;
use std::path::Path;

use super::saved::{self, Saved};
use crate::bench::{CheckedChange, Verdict, changes};
use crate::cli::{CompareOptions, Verbosity};
use crate::command::failure::Failure;
use crate::command::print::print;
use crate::command::talk::Talk;
use crate::exit::ExitStatus;
use crate::render::{self, Comparison, Style};

/// Brokers are compared, wherever they are.
const OF_A_BROKER: [&str; 1] = ["broker"];

/// Prints how two runs differ.
///
/// # Errors
///
/// A report cannot be read, or a threshold was missed.
pub(in crate::command) fn run(options: &CompareOptions) -> Result<(), Failure> {
    let talk = Talk::new(Verbosity::Normal);
    let (before, after) = (one(&options.before)?, one(&options.after)?);
    for saved in [&before, &after] {
        if saved.report.plan.shard.is_part() {
            talk.warn(format_args!(
                "{}: this is one shard of {}, not the whole run (mqtk bench merge)",
                saved.name,
                saved.report.plan.shard.of()
            ));
        }
        match saved.report.verdict() {
            Verdict::Valid => {}
            Verdict::Invalid => talk.warn(format_args!(
                "{}: the run was invalid: {}",
                saved.name,
                saved.report.generator.faults.join("; ")
            )),
            Verdict::NotConnected => {
                talk.warn(format_args!("{}: no broker was measured", saved.name));
            }
            Verdict::Empty => talk.warn(format_args!("{}: nothing was measured", saved.name)),
        }
    }
    let differences = super::config::differences(&before, &after, &OF_A_BROKER);
    if !differences.is_empty() {
        talk.warn(format_args!(
            "the runs are not of the same load: {}",
            differences.join(", ")
        ));
    }
    let thresholds = options.thresholds.iter();
    let checks: Vec<_> = thresholds
        .map(|threshold| threshold.check(&before.report, &after.report))
        .collect();
    let comparison = Comparison {
        changes: &changes(&before.report, &after.report),
        checks: &checks,
    };
    let mut out = Vec::new();
    match options.json {
        true => render::comparison_json(&mut out, &comparison),
        false => render::comparison(&mut out, &comparison, Style::of(&io::stdout())),
    }
    .map_err(|error| Failure::io("cannot write the comparison", &error))?;
    print(&out)?;
    judge(&checks)
}

fn one(path: &Path) -> Result<Saved, Failure> {
    let mut all = saved::read(path).map_err(|error| Failure::new(ExitStatus::Failure, error))?;
    match (all.pop(), all.len()) {
        (Some(saved), 0) => Ok(saved),
        (_, more) => Err(Failure::new(
            ExitStatus::Failure,
            format!(
                "{}: there are {} reports in it: merge those of shards first (mqtk bench merge)",
                path.display(),
                more + 1
            ),
        )),
    }
}

fn judge(checks: &[CheckedChange]) -> Result<(), Failure> {
    let failed = checks.iter().filter(|check| check.failed);
    let failed: Vec<_> = failed.map(CheckedChange::to_string).collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(Failure::new(
            ExitStatus::VerdictFailed,
            format!("--fail-if {}", failed.join("; ")),
        )),
    }
}
