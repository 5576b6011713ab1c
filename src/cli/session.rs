//! Flags for the CONNECT packet and the limits of the session.

use clap::Args;

use super::property::{self, PropertyFlag};
use super::values;
use crate::codec::Version;

/// What the CONNECT packet says, and the limits of the session.
#[derive(Args)]
#[command(next_help_heading = "Session")]
pub(super) struct SessionFlags {
    /// Client Identifier [default: the broker chooses one]
    #[arg(short, long, value_name = "ID", conflicts_with = "id_prefix")]
    pub id: Option<String>,

    /// Client Identifier: this prefix and the process id
    #[arg(short = 'I', long, value_name = "PREFIX")]
    pub id_prefix: Option<String>,

    /// MQTT version: 31, 311 or 5 (also mqttv31, mqttv311, mqttv5) [default: 311]
    #[arg(short = 'V', long, value_name = "VERSION", value_parser = values::version(), hide_possible_values = true)]
    pub protocol_version: Option<Version>,

    /// Keep the session: no Clean Start, and the session never expires unless -x says so
    #[arg(short = 'c', long)]
    pub disable_clean_session: bool,

    /// Session Expiry Interval in seconds; -1 or ∞ is never (implies -V 5)
    #[arg(short = 'x', long, value_name = "SECS", value_parser = values::session_expiry)]
    pub session_expiry_interval: Option<u32>,

    /// Keep Alive in seconds, up to 65535; 0 turns it off
    #[arg(short, long, value_name = "SECS", default_value = "60",
          value_parser = clap::value_parser!(u16))]
    pub keepalive: u16,

    /// Most QoS 1 and 2 messages on their way at once [default: 100; at QoS 2 before MQTT 5.0: 20]
    ///
    /// Of more than its max_inflight_messages, 20 as it starts, Mosquitto 2.0.11 acknowledges QoS 2
    /// messages and loses some; before MQTT 5.0 no broker can tell its limit.
    #[arg(short = 'M', long, value_name = "COUNT",
          value_parser = clap::value_parser!(u16).range(1..))]
    pub max_inflight: Option<u16>,

    /// Largest packet to accept from the broker, in bytes [default: no limit]
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(2..))]
    pub max_packet_size: Option<u32>,

    /// Property of a packet: connect|publish|… NAME VALUE (implies -V 5); may be repeated
    ///
    /// COMMAND is the packet that carries the property: connect, publish, subscribe,
    /// unsubscribe, disconnect or will. NAME is the name in the specification, in small letters with
    /// hyphens: message-expiry-interval, content-type, response-topic. A user-property takes
    /// two words, its name and its value:
    ///
    /// -D publish content-type text/plain -D publish user-property unit celsius
    #[arg(short = 'D', long, value_name = "COMMAND NAME VALUE", value_parser = property::parse)]
    pub property: Vec<PropertyFlag>,
}
