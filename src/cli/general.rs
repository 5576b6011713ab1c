//! Flags that every subcommand has.

use std::path::PathBuf;

use clap::{ArgAction, Args};

/// How much to say on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verbosity {
    /// Nothing, not even errors: only the exit status speaks.
    Quiet,
    /// Errors and warnings.
    #[default]
    Normal,
    /// Each packet as well.
    Debug,
}

#[derive(Args)]
#[command(next_help_heading = "General")]
pub(super) struct GeneralFlags {
    /// Report each packet on stderr
    #[arg(short, long, conflicts_with = "quiet")]
    pub debug: bool,

    /// Print no errors: only the exit status speaks
    #[arg(long)]
    pub quiet: bool,

    /// Read options from this file, instead of the default one
    #[arg(short = 'o', long, value_name = "FILE")]
    pub options_file: Option<PathBuf>,

    /// Print help
    #[arg(long, action = ArgAction::HelpShort)]
    help: Option<bool>,

    /// Print the version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

impl GeneralFlags {
    pub fn verbosity(&self) -> Verbosity {
        match (self.quiet, self.debug) {
            (true, _) => Verbosity::Quiet,
            (_, true) => Verbosity::Debug,
            _ => Verbosity::Normal,
        }
    }
}
