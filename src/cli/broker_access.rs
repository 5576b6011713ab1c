//! Flags of `mqtk broker` about who may connect.

use clap::Args;

/// Who may connect.
#[derive(Args)]
#[command(next_help_heading = "Access")]
pub(super) struct AccessFlags {
    /// Let in clients without authentication; else only listeners on loopback, on Unix sockets and
    /// with --client-ca do, and they only if no authentication is set up
    #[arg(long)]
    allow_anonymous: bool,
}

/// Who may connect.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BrokerAccess {
    /// Whether clients without authentication may, at every listener.
    pub allow_anonymous: bool,
}

impl AccessFlags {
    pub fn options(self) -> BrokerAccess {
        BrokerAccess {
            allow_anonymous: self.allow_anonymous,
        }
    }
}
