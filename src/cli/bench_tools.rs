//! Flags of the subcommands of `mqtk bench` that look at reports: `compare` and `merge`.

use std::path::PathBuf;

use clap::{ArgAction, Parser};

use super::bench_report::BenchFiles;
use crate::bench::{ChangeThreshold, Threshold};

/// `mqtk bench compare`
#[derive(Parser)]
#[command(name = "compare", bin_name = "mqtk bench compare")]
pub(super) struct CompareFlags {
    /// The report of the first run, as --json wrote it; - is stdin
    #[arg(value_name = "BEFORE")]
    before: PathBuf,

    /// The report of the second
    #[arg(value_name = "AFTER")]
    after: PathBuf,

    /// Fail with exit status 10 if this is true, such as 'p99>+10%', 'rate<-5%' or, of the second
    /// run alone, 'lost>0'; may be given several times
    #[arg(long, value_name = "THRESHOLD")]
    fail_if: Vec<ChangeThreshold>,

    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,

    /// Print help
    #[arg(long, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

/// `mqtk bench merge`
#[derive(Parser)]
#[command(name = "merge", bin_name = "mqtk bench merge")]
pub(super) struct MergeFlags {
    /// Files with the reports of the shards, as --json wrote them, one or more in a file; - is
    /// stdin
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,

    /// So many shards there must be [default: as many as the reports say]
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    expect_shards: Option<u64>,

    /// Fail with exit status 10 if this is true of all shards together, such as
    /// 'latency.p99>50ms'; may be given several times
    #[arg(long, value_name = "THRESHOLD")]
    fail_if: Vec<Threshold>,

    /// Print the report as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    written: BenchFiles,

    /// Print help
    #[arg(long, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

/// What `mqtk bench compare` is asked to do.
#[derive(Clone, Debug)]
pub struct CompareOptions {
    /// The report of the first run.
    pub before: PathBuf,
    /// The report of the second.
    pub after: PathBuf,
    /// What fails the comparison.
    pub thresholds: Vec<ChangeThreshold>,
    /// Print it as JSON.
    pub json: bool,
}

/// What `mqtk bench merge` is asked to do.
#[derive(Clone, Debug)]
pub struct MergeOptions {
    /// The reports of the shards.
    pub from: Vec<PathBuf>,
    /// How many there must be.
    pub expected: Option<u64>,
    /// What fails the run.
    pub thresholds: Vec<Threshold>,
    /// Print the report as JSON.
    pub json: bool,
    /// Files that are written besides.
    pub files: BenchFiles,
}

impl CompareFlags {
    pub fn options(self) -> CompareOptions {
        CompareOptions {
            before: self.before,
            after: self.after,
            thresholds: self.fail_if,
            json: self.json,
        }
    }
}

impl MergeFlags {
    pub fn options(self) -> MergeOptions {
        MergeOptions {
            from: self.files,
            expected: self.expect_shards,
            thresholds: self.fail_if,
            json: self.json,
            files: self.written,
        }
    }
}
