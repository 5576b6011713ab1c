//! Flags for the Will Message (section 3.1.2.5).

use std::ffi::OsString;

use clap::Args;

use super::values;
use crate::codec::QoS;

/// The message that the broker sends when this client is gone without a word.
#[derive(Args)]
#[command(next_help_heading = "Will")]
pub(super) struct WillFlags {
    /// Topic of the Will Message, which the broker sends if the connection breaks
    #[arg(long, value_name = "TOPIC")]
    pub will_topic: Option<String>,

    /// Payload of the Will Message [default: empty]
    #[arg(long, value_name = "TEXT")]
    pub will_payload: Option<OsString>,

    /// QoS of the Will Message [default: 0]
    #[arg(long, value_name = "QOS", value_parser = values::qos(), hide_possible_values = true)]
    pub will_qos: Option<QoS>,

    /// Retain the Will Message
    #[arg(long)]
    pub will_retain: bool,
}
