//! Flags of `mqtk broker`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Parser;

use super::acl::{AclFlags, AclOptions};
use super::broker_abuse::AbuseFlags;
use super::broker_access::{AccessFlags, BrokerAccess};
use super::broker_fault::FaultFlags;
use super::broker_inside::{InsideFlags, InsideOptions};
use super::broker_limits::{CapabilityFlags, LimitFlags};
use super::broker_log::{LogFlags, LogOptions};
use super::broker_persist::{PersistFlags, PersistOptions};
use super::general::{GeneralFlags, Verbosity};
use super::listen_place::ListenPlace;
use super::listen_tls::{BrokerTls, ListenTlsFlags};
use super::places::Places;
use crate::broker::{Capabilities, Faults, Limits};
use crate::transport::ListenUrl;

/// Run a broker for tests, on this machine
///
/// It prints the URLs it listens at to stdout, one a line, and runs until SIGINT or SIGTERM. Upon
/// SIGHUP it reads passwords, ACL and certificates again. Sessions and retained messages live as
/// long as it does, or longer with --persist.
#[derive(Parser)]
#[command(
    name = "broker",
    bin_name = "mqtk broker",
    next_help_heading = "Listen"
)]
pub(super) struct BrokerFlags {
    /// Port to listen on; 0 picks a free one [default: 1883]
    #[arg(short, long, value_name = "PORT", value_parser = clap::value_parser!(u16))]
    pub port: Option<u16>,

    /// Address to listen on; if other machines reach it, clients need authentication, or the
    /// broker --allow-anonymous [default: 127.0.0.1]
    #[arg(short, long, value_name = "ADDRESS")]
    pub bind: Option<IpAddr>,

    /// Listen at mqtt://, mqtts://, ws:// or wss://ADDRESS[:PORT], or at unix://PATH, instead of at
    /// the port and address of -p and -b (if one of them is given: there too); may be repeated
    ///
    /// Parameters say who may connect there: ?auth=none everybody, ?auth=password those in the
    /// --password-file, ?auth=command those whom --auth-command lets in, ?auth=certificate those
    /// with a certificate, whose Common Name is their User Name; ?anonymous=true also those without
    /// User Name. Without parameters, all that is set up for the broker applies.
    #[arg(long, value_name = "URL", value_parser = listen_place)]
    pub listen: Vec<ListenPlace>,

    #[command(flatten)]
    pub tls: ListenTlsFlags,

    #[command(flatten)]
    pub access: AccessFlags,
    #[command(flatten)]
    pub acl: AclFlags,

    #[command(flatten)]
    pub capabilities: CapabilityFlags,
    #[command(flatten)]
    pub limits: LimitFlags,

    #[command(flatten)]
    pub abuse: AbuseFlags,
    #[command(flatten)]
    pub persist: PersistFlags,
    #[command(flatten)]
    pub inside: InsideFlags,
    #[command(flatten)]
    pub faults: FaultFlags,

    /// Report everything on stderr: subscriptions, ended sessions, faults, and what repeats itself
    #[arg(short, long, conflicts_with = "quiet", help_heading = "General")]
    pub verbose: bool,

    /// Read options from this TOML file: max-connections = 100; the command line, the
    /// environment and -o override it
    #[arg(long, value_name = "FILE", help_heading = "General")]
    pub config: Option<PathBuf>,

    /// End when stdin does, and so with the program that started it
    #[arg(long, help_heading = "General")]
    pub end_with_stdin: bool,

    #[command(flatten)]
    pub log: LogFlags,
    #[command(flatten)]
    pub general: GeneralFlags,
}

/// What `mqtk broker` is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub struct BrokerOptions {
    /// Where to listen; at least one place. Port 0 picks a free one.
    pub listen: Vec<ListenUrl>,
    /// The certificates, if a place to listen at needs one.
    pub tls: Option<BrokerTls>,
    /// Who may connect: one for each place to listen at.
    pub access: Vec<BrokerAccess>,
    /// What clients may do; `None`: everything.
    pub acl: Option<AclOptions>,
    /// What the broker tells its clients that it can do.
    pub capabilities: Capabilities,
    /// Bounds on what clients may make the broker keep.
    pub limits: Limits,
    /// What survives the broker; `None`: nothing.
    pub persist: Option<PersistOptions>,
    /// How to see what goes on inside.
    pub inside: InsideOptions,
    /// What to do wrong on purpose.
    pub faults: Faults,
    /// End when stdin does.
    pub end_with_stdin: bool,
    /// How to report events on stderr.
    pub log: LogOptions,
    /// What of this stands where in the configuration file.
    pub places: Places,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

impl Default for BrokerOptions {
    fn default() -> Self {
        Self {
            listen: vec![plain(None, None)],
            tls: None,
            access: vec![BrokerAccess::default()],
            acl: None,
            capabilities: Capabilities::default(),
            limits: Limits::default(),
            persist: None,
            inside: InsideOptions::default(),
            faults: Faults::default(),
            end_with_stdin: false,
            log: LogOptions::default(),
            places: Places::default(),
            verbosity: Verbosity::Normal,
        }
    }
}

impl BrokerFlags {
    pub fn options(self) -> Result<BrokerOptions, String> {
        let mut listen = Vec::new();
        if self.listen.is_empty() || self.port.is_some() || self.bind.is_some() {
            listen.push(ListenPlace::from(plain(self.bind, self.port)));
        }
        listen.extend(self.listen);
        let demands_certificate = self.tls.client_ca.is_some();
        let access = listen
            .iter()
            .map(|place| self.access.at(place, demands_certificate))
            .collect::<Result<_, _>>()?;
        let listen: Vec<_> = listen.into_iter().map(|place| place.url).collect();
        let mut limits = Limits::default();
        self.capabilities.set(&mut limits);
        self.limits.set(&mut limits);
        limits.abuse = self.abuse.limits();
        Ok(BrokerOptions {
            access,
            capabilities: self.capabilities.capabilities(),
            limits,
            persist: self.persist.options(),
            inside: self.inside.options()?,
            faults: self.faults.faults(),
            end_with_stdin: self.end_with_stdin,
            log: self.log.options(),
            places: Places::default(),
            tls: self.tls.options(&listen)?,
            acl: self.acl.options(),
            listen,
            verbosity: match self.verbose {
                true => Verbosity::Debug,
                false => self.general.verbosity(),
            },
        })
    }
}

/// What -b and -p say.
fn plain(bind: Option<IpAddr>, port: Option<u16>) -> ListenUrl {
    let address = bind.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    SocketAddr::new(address, port.unwrap_or(1883)).into()
}

fn listen_place(text: &str) -> Result<ListenPlace, String> {
    text.parse()
}
