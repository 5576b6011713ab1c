//! Flags of `mqtk broker` about what survives it.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args, ValueHint};

use crate::broker::SyncMode;

#[derive(Args)]
#[command(next_help_heading = "Persist")]
pub(super) struct PersistFlags {
    /// Keep sessions, their messages, retained messages and delayed wills in this directory, also
    /// through a crash; it is made if it is not there
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    persist: Option<PathBuf>,

    /// What --persist survives: with batch, a power failure too: nothing is acknowledged before it
    /// is on the disk; with never, a crash of the broker only
    #[arg(long, value_name = "batch|never", default_value = "batch", value_parser = sync(),
          action = ArgAction::Set, hide_possible_values = true)]
    sync: SyncMode,
}

/// What is to survive the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersistOptions {
    /// The directory of the store.
    pub directory: PathBuf,
    /// What a commit survives.
    pub sync: SyncMode,
}

impl PersistFlags {
    pub fn options(self) -> Option<PersistOptions> {
        let sync = self.sync;
        self.persist
            .map(|directory| PersistOptions { directory, sync })
    }
}

fn sync() -> impl TypedValueParser<Value = SyncMode> {
    PossibleValuesParser::new(["batch", "never"]).map(|text| match &*text {
        "never" => SyncMode::Never,
        _ => SyncMode::Batch,
    })
}
