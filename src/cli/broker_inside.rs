//! Flags of `mqtk broker` to see what goes on inside.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use clap::Args;

use super::subscribe::Form;
use super::values;
use crate::codec::Version;
use crate::topic::Filter;

#[derive(Args)]
#[command(next_help_heading = "Inside")]
pub(super) struct InsideFlags {
    /// Print to stdout what clients publish on topics that match [default: #], as mqtk sub does: the
    /// publisher's Client Identifier, the topic and the payload; may be repeated
    ///
    /// Then the URLs that the broker listens at go to stderr.
    ///
    /// While the reader of stdout is behind by more than 8 MiB, messages are not printed, but counted
    /// on stderr. What the broker publishes itself, under $SYS/, is not shown.
    #[arg(long, value_name = "FILTER", num_args = 0..=1, default_missing_value = "#",
          value_parser = filter)]
    watch: Vec<String>,

    /// Print what --watch shows in this format, which is that of mqtk sub -F, with %c for the
    /// publisher's Client Identifier
    #[arg(short = 'F', long, value_name = "FORMAT", conflicts_with = "json")]
    format: Option<String>,

    /// Print what --watch shows as JSON, an object for each message, on a line
    #[arg(long)]
    json: bool,

    /// Serve the broker's counters for Prometheus at http://ADDRESS:PORT/metrics, and /healthz
    /// [default address: 127.0.0.1]
    #[arg(long, value_name = "[ADDRESS:]PORT", value_parser = metrics_address)]
    metrics: Option<SocketAddr>,

    /// Seconds between updates of the $SYS topics, which are Mosquitto's; 0: no such topics
    #[arg(long, value_name = "SECS", default_value = "10", value_parser = values::seconds)]
    sys_interval: Duration,
}

/// How to see what goes on inside of the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InsideOptions {
    /// Topic Filters, all valid, of the messages to print; empty: none is printed.
    pub watch: Vec<String>,
    /// How to print them.
    pub form: Form,
    /// Where to serve the counters.
    pub metrics: Option<SocketAddr>,
    /// Between two values of the `$SYS` topics; zero: there are none.
    pub sys_interval: Duration,
}

impl Default for InsideOptions {
    fn default() -> Self {
        Self {
            watch: Vec::new(),
            form: Form::TopicAndPayload,
            metrics: None,
            sys_interval: Duration::from_secs(10),
        }
    }
}

impl InsideFlags {
    pub fn options(self) -> Result<InsideOptions, String> {
        let form = match self.format {
            Some(format) => Form::Format(format),
            None if self.json => Form::Json,
            None => Form::TopicAndPayload,
        };
        if self.watch.is_empty() && form != Form::TopicAndPayload {
            return Err("-F and --json say how --watch prints: add --watch".into());
        }
        Ok(InsideOptions {
            watch: self.watch,
            form,
            metrics: self.metrics,
            sys_interval: self.sys_interval,
        })
    }
}

fn filter(text: &str) -> Result<String, String> {
    match Filter::parse(text, Version::V5) {
        Ok(filter) if filter.share_name.is_some() => {
            Err("a Shared Subscription cannot be watched".into())
        }
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Where metrics are served: a port of this machine, or an address with its port.
pub(super) fn metrics_address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok((IpAddr::V4(Ipv4Addr::LOCALHOST), port).into());
    }
    text.parse()
        .map_err(|_| "want a port or ADDRESS:PORT, such as 9883 or [::1]:9883".into())
}
