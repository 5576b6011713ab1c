//! Flags that say where the broker is and how patient to be with it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::url::BrokerUrl;
use super::values;
use crate::client::{AuthMethod, Secret};

/// Where to connect.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(super) struct ConnectionFlags {
    /// Host name or address of the broker [default: localhost]
    #[arg(short = 'h', long, value_name = "HOST", conflicts_with = "unix", value_parser = values::host)]
    pub host: Option<String>,

    /// Port of the broker [default: 1883; with TLS 8883; by a ws URL 80, wss 443]
    #[arg(short, long, value_name = "PORT", conflicts_with = "unix")]
    pub port: Option<u16>,

    /// Broker and topic: mqtt(s)|ws(s)://[user[:password]@]host[:port][/topic], or unix:///path
    ///
    /// The parts are percent-decoded, and an IPv6 address stands in brackets. -h, -p, -u and
    /// -P override their part of the URL. The path of a ws or wss URL is the topic, as it is in
    /// Mosquitto's clients; but if there is another topic and no --ws-path, it is the path of
    /// the WebSocket request.
    #[arg(short = 'L', long, value_name = "URL", value_parser = BrokerUrl::parse)]
    pub url: Option<BrokerUrl>,

    /// Connect to a Unix domain socket
    #[arg(long, value_name = "PATH")]
    pub unix: Option<PathBuf>,

    /// Run a broker inside this command, and connect to it; -p is its port, 0 a free one
    #[arg(long, conflicts_with_all = ["host", "url", "unix", "proxy", "ws"])]
    pub embedded: bool,

    /// Local address to connect from
    #[arg(short = 'A', long, value_name = "ADDRESS")]
    pub bind_address: Option<IpAddr>,

    /// Find the broker by the SRV records of HOST, or else of this machine's domain
    ///
    /// They are those of _secure-mqtt._tcp.HOST with TLS, and of _mqtt._tcp.HOST without. HOST is
    /// that of -h or -L, in full; without one it is the first search domain of /etc/resolv.conf.
    /// The brokers are tried by priority and weight (RFC 2782) on the ports that the records
    /// give. With TLS, the broker's certificate must be for HOST: DNS answers are not
    /// authenticated. Neither WebSocket nor --proxy goes together with it.
    #[arg(short = 'S', long, conflicts_with_all = ["port", "unix", "embedded"])]
    pub srv: bool,

    /// Send small packets at once (TCP_NODELAY), as mqtk always does
    #[arg(long)]
    pub nodelay: bool,

    /// Longest wait for the connection, and for each answer of the broker; 0 waits for ever
    #[arg(long, value_name = "SECS", default_value = "30", value_parser = values::seconds)]
    pub timeout: Duration,

    /// First pause before connecting again; it doubles with each attempt
    #[arg(long, value_name = "SECS", default_value = "1", value_parser = values::positive_seconds)]
    pub reconnect_min: Duration,

    /// Longest pause before connecting again
    #[arg(long, value_name = "SECS", default_value = "30", value_parser = values::positive_seconds)]
    pub reconnect_max: Duration,

    /// Give up this long after the connection was lost [default: pub 60; sub never]
    ///
    /// The last attempt begins when the time is over, and has --timeout to succeed. Where the
    /// first connection fails, nothing is tried again: the broker may not be the right one.
    #[arg(long, value_name = "SECS", value_parser = values::positive_seconds)]
    pub reconnect_for: Option<Duration>,

    /// Give up when the connection is lost
    #[arg(long, conflicts_with_all = ["reconnect_min", "reconnect_max", "reconnect_for"])]
    pub no_reconnect: bool,
}

impl ConnectionFlags {
    /// Where the embedded broker listens, if one is asked for: at this port, if none is given.
    pub fn embedded(&self, usual: u16) -> Result<Option<SocketAddr>, String> {
        if !self.embedded && self.port == Some(0) {
            return Err("port 0: only --embedded picks a free port".into());
        }
        let address = (Ipv4Addr::LOCALHOST, self.port.unwrap_or(usual)).into();
        Ok(self.embedded.then_some(address))
    }
}

/// Who connects.
#[derive(Args)]
#[command(next_help_heading = "Authentication")]
pub(super) struct CredentialFlags {
    /// User Name
    #[arg(short, long, value_name = "NAME")]
    pub username: Option<String>,

    /// Password; every user of this machine can read it in the process list
    ///
    /// The environment variable MQTK_PASSWORD, --password-file and --ask-password keep it out
    /// of there.
    #[arg(short = 'P', long, alias = "pw", value_name = "PASSWORD",
          value_parser = values::secret, conflicts_with_all = ["password_file", "ask_password"])]
    pub password: Option<Secret>,

    /// File whose first line is the password; - is stdin
    #[arg(long, value_name = "FILE", conflicts_with = "ask_password")]
    pub password_file: Option<PathBuf>,

    /// Ask for the password on the terminal
    #[arg(long)]
    pub ask_password: bool,

    /// Prove by SCRAM-SHA-256 that the password is known, without sending it (implies -V 5)
    #[arg(long, value_name = "METHOD", value_parser = auth_method(), ignore_case = true,
          hide_possible_values = true)]
    pub auth_method: Option<AuthMethod>,
}

fn auth_method() -> impl TypedValueParser<Value = AuthMethod> {
    PossibleValuesParser::new([crate::scram::METHOD]).map(|_| AuthMethod::ScramSha256)
}
