//! Flags of `mqtk broker`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use clap::Parser;

use super::broker_limits::{CapabilityFlags, LimitFlags};
use super::broker_log::{LogFlags, LogFormat};
use super::general::{GeneralFlags, Verbosity};
use crate::broker::{Capabilities, Limits};

/// Run a broker for tests, in memory and on this machine
///
/// It prints the address it listens on to stdout and runs until SIGINT or SIGTERM. Sessions
/// and retained messages live as long as it does.
#[derive(Parser)]
#[command(
    name = "broker",
    bin_name = "mqtk broker",
    next_help_heading = "Listen"
)]
pub(super) struct BrokerFlags {
    /// Port to listen on; 0 picks a free one
    #[arg(short, long, value_name = "PORT", default_value = "1883",
          value_parser = clap::value_parser!(u16))]
    pub port: u16,

    /// Address to listen on; other than loopback, it lets in everyone who can reach it
    #[arg(short, long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    pub bind: IpAddr,

    /// Report subscriptions and ended sessions on stderr too, as -d does
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,

    #[command(flatten)]
    pub capabilities: CapabilityFlags,
    #[command(flatten)]
    pub limits: LimitFlags,
    #[command(flatten)]
    pub log: LogFlags,
    #[command(flatten)]
    pub general: GeneralFlags,
}

/// What `mqtk broker` is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokerOptions {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// What the broker tells its clients that it can do.
    pub capabilities: Capabilities,
    /// Bounds on what clients may make the broker keep.
    pub limits: Limits,
    /// How to report events on stderr.
    pub log_format: LogFormat,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1883),
            capabilities: Capabilities::default(),
            limits: Limits::default(),
            log_format: LogFormat::Text,
            verbosity: Verbosity::Normal,
        }
    }
}

impl BrokerFlags {
    pub fn options(self) -> BrokerOptions {
        let mut limits = Limits::default();
        self.capabilities.set(&mut limits);
        self.limits.set(&mut limits);
        BrokerOptions {
            capabilities: self.capabilities.capabilities(),
            limits,
            log_format: self.log.log_format,
            listen: SocketAddr::new(self.bind, self.port),
            verbosity: match self.verbose {
                true => Verbosity::Debug,
                false => self.general.verbosity(),
            },
        }
    }
}
