//! Flags of `mqtk broker` about what its clients may do.

use std::path::PathBuf;

use clap::Args;

/// What clients may do.
#[derive(Args)]
#[command(next_help_heading = "Access")]
pub(super) struct AclFlags {
    /// Who may publish and receive what, in Mosquitto's syntax: topic, user and pattern lines; and
    /// address 10.0.0.0/8 for clients from there; without a file, everything is allowed
    #[arg(long, value_name = "FILE")]
    acl_file: Option<PathBuf>,

    /// Refuse subscriptions to what --acl-file lets the client read nothing of, instead of granting
    /// them as Mosquitto does
    #[arg(long, requires = "acl_file")]
    strict_subscribe: bool,
}

/// Who may do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AclOptions {
    /// The rules, in Mosquitto's syntax.
    pub file: PathBuf,
    /// Whether subscriptions are refused that can bring nothing.
    pub refuses_subscriptions: bool,
}

impl AclFlags {
    pub fn options(self) -> Option<AclOptions> {
        self.acl_file.map(|file| AclOptions {
            file,
            refuses_subscriptions: self.strict_subscribe,
        })
    }
}
