//! `mqtk bench merge`: one report of those of all shards.

use super::config::{differences, together};
use super::outputs::Outputs;
use super::saved::{self, Saved};
use super::{judge, print_report, unless_told};
use crate::bench::{Report, merge};
use crate::cli::MergeOptions;
use crate::command::failure::Failure;
use crate::command::print::print;
use crate::exit::ExitStatus;
use crate::render;

/// Every machine may name its clients in its own way.
const OF_A_PROCESS: [&str; 1] = ["client_id"];

/// Prints the report of all shards, and judges it.
///
/// # Errors
///
/// A report cannot be read, they are not all shards of one run, the run was invalid, or a
/// threshold was missed.
pub(in crate::command) fn run(options: MergeOptions) -> Result<(), Failure> {
    let failure = |error| Failure::new(ExitStatus::Failure, error);
    let mut shards = Vec::new();
    for path in &options.from {
        shards.extend(saved::read(path).map_err(failure)?);
    }
    let mixed = shards
        .split_first()
        .and_then(|(first, rest)| rest.iter().find_map(|other| mixed(first, other)));
    if let Some(mixed) = mixed {
        return Err(failure(mixed));
    }
    let config = together(&shards);
    let reports: Vec<Report> = shards.into_iter().map(|shard| shard.report).collect();
    let report = merge(reports, options.expected).map_err(failure)?;
    for threshold in &options.thresholds {
        let fits = threshold.fits(&report.plan);
        fits.map_err(|error| Failure::new(ExitStatus::Usage, error))?;
    }
    let outputs = Outputs::create(&options.files)?;
    let thresholds = options.thresholds.iter();
    let checks: Vec<_> = thresholds.map(|one| one.check(&report)).collect();
    let written = outputs.write(&report, &checks);
    match options.json {
        true => {
            let mut out = Vec::new();
            render::merged_json(&mut out, &report, &checks, config)
                .map_err(|error| Failure::io("cannot write the report", &error))?;
            print(&out)?;
        }
        false => print_report(&report, &checks, false)?,
    }
    written?;
    unless_told(judge(&report, &checks), options.json)
}

/// Says so if two reports are not of one run.
fn mixed(first: &Saved, other: &Saved) -> Option<String> {
    let (one, two) = (&first.report.plan, &other.report.plan);
    let mut differences = differences(first, other, &OF_A_PROCESS);
    if one.start_at != two.start_at {
        differences.push("--start-at".into());
    }
    (!differences.is_empty()).then(|| {
        format!(
            "{} and {} are not shards of one run: {}",
            first.name,
            other.name,
            differences.join(", ")
        )
    })
}
