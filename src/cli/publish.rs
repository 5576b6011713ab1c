//! Flags of `mqtk pub`.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU64;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser};

use super::client::ClientFlags;
use super::general::{GeneralFlags, Verbosity};
use super::property::{Carrier, properties};
use super::values;
use crate::client;
use crate::codec::{PropertyBuf, QoS, Version};
use crate::topic::check_name;

/// Publish messages to topics
///
/// The message is given by one of -m, -f, -s, -l and -n. At QoS 1 and 2 the command ends when
/// the broker has acknowledged every message; otherwise its exit status is not 0, and stderr
/// says how many were not acknowledged.
#[derive(Parser)]
#[command(name = "pub", bin_name = "mqtk pub")]
pub(super) struct PubFlags {
    #[command(flatten)]
    pub message: MessageFlags,
    #[command(flatten)]
    pub client: ClientFlags,
    #[command(flatten)]
    pub general: GeneralFlags,
}

/// What to publish, and how.
#[derive(Args)]
#[command(next_help_heading = "Publish")]
pub(super) struct MessageFlags {
    /// Topics to publish to
    #[arg(value_name = "TOPIC", help_heading = None::<&str>)]
    pub topics: Vec<String>,

    /// Topic to publish to; may be repeated
    #[arg(short, long, value_name = "TOPIC")]
    pub topic: Vec<String>,

    /// Publish this text
    #[arg(short, long, value_name = "TEXT",
          conflicts_with_all = ["file", "null_message", "stdin_file", "stdin_line"])]
    pub message: Option<OsString>,

    /// Publish the content of a file; - is stdin
    #[arg(short, long, value_name = "FILE",
          conflicts_with_all = ["null_message", "stdin_file", "stdin_line"])]
    pub file: Option<PathBuf>,

    /// Publish all of stdin as one message
    #[arg(short, long, conflicts_with_all = ["null_message", "stdin_line"])]
    pub stdin_file: bool,

    /// Publish each line of stdin as a message
    #[arg(short = 'l', long, conflicts_with = "null_message")]
    pub stdin_line: bool,

    /// Publish an empty message (with -r: clear the retained message)
    #[arg(short, long)]
    pub null_message: bool,

    /// Quality of Service: 0, 1 or 2
    #[arg(short, long, value_name = "QOS", default_value = "0", value_parser = values::qos(), hide_possible_values = true)]
    pub qos: QoS,

    /// Have the broker retain the message
    #[arg(short, long)]
    pub retain: bool,

    /// Publish the message this many times
    #[arg(long, value_name = "COUNT", default_value = "1", value_parser = values::count,
          conflicts_with = "stdin_line")]
    pub repeat: NonZeroU64,

    /// Pause between repetitions
    #[arg(long, value_name = "SECS", default_value = "0", value_parser = values::seconds)]
    pub repeat_delay: Duration,
}

/// What `mqtk pub` is asked to do.
#[derive(Clone, Debug)]
pub struct PubOptions {
    /// The broker and the connection; with [`embedded`](Self::embedded) the target is not used.
    pub client: client::Options,
    /// Run a broker in this process that listens here, and publish to it.
    pub embedded: Option<SocketAddr>,
    /// Topic Names to publish to, one at least, all valid.
    pub topics: Vec<String>,
    /// Where the messages come from.
    pub payload: PayloadFrom,
    /// QoS of the messages.
    pub qos: QoS,
    /// RETAIN flag of the messages.
    pub retain: bool,
    /// How many times to publish the message.
    pub repeat: NonZeroU64,
    /// The pause between two repetitions.
    pub repeat_delay: Duration,
    /// PUBLISH properties (5.0).
    pub properties: PropertyBuf,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
}

/// Where the messages of `mqtk pub` come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PayloadFrom {
    /// The text of `-m`, whose bytes need not be UTF-8.
    Text(Vec<u8>),
    /// The content of a file, which may be a pipe.
    File(PathBuf),
    /// All of stdin, as one message.
    Stdin,
    /// Each line of stdin, as a message.
    Lines,
    /// One message without payload.
    Nothing,
}

/// How long `pub` tries to get a lost connection back.
const RECONNECT_WINDOW: Duration = Duration::from_secs(60);

/// Messages at QoS 2 on their way before MQTT 5.0, if no flag says: as many as Mosquitto takes as
/// it starts. Of more, 2.0.11 acknowledges all and loses some, and cannot tell its limit.
const QOS_2_WINDOW: u16 = 20;

impl PubFlags {
    pub fn options(mut self) -> Result<PubOptions, String> {
        let version = self.client.version()?;
        let message = self.message;
        let payload = match (message.message, message.file) {
            (Some(text), _) => PayloadFrom::Text(text.into_encoded_bytes()),
            (_, Some(path)) if path.as_os_str() == "-" => PayloadFrom::Stdin,
            (_, Some(path)) => PayloadFrom::File(path),
            _ if message.stdin_file => PayloadFrom::Stdin,
            _ if message.stdin_line => PayloadFrom::Lines,
            _ if message.null_message => PayloadFrom::Nothing,
            _ => return Err("no message: give one by -m, -f, -s, -l or -n".into()),
        };
        let reads_stdin = matches!(payload, PayloadFrom::Stdin | PayloadFrom::Lines);
        if reads_stdin && self.client.credentials.is_password_from_stdin() {
            return Err("--password-file - and the message would both be read from stdin".into());
        }
        let mut topics = [message.topics, message.topic].concat();
        topics.extend(self.client.take_url_topic(!topics.is_empty()));
        if topics.is_empty() {
            return Err("no topic: give one, as in mqtk pub sensors/1 -m 21.5".into());
        }
        for topic in &topics {
            check_name(topic, version).map_err(|error| format!("topic '{topic}': {error}"))?;
        }
        let properties = properties(&self.client.session.property, Carrier::Publish)?;
        let embedded = self.client.connection.embedded(1883)?;
        let is_window_given = self.client.session.max_inflight.is_some();
        let mut client = self.client.options(Some(RECONNECT_WINDOW))?;
        if !is_window_given && message.qos == QoS::ExactlyOnce && version < Version::V5 {
            client.max_inflight = QOS_2_WINDOW;
        }
        Ok(PubOptions {
            topics,
            payload,
            qos: message.qos,
            retain: message.retain,
            repeat: message.repeat,
            repeat_delay: message.repeat_delay,
            properties,
            verbosity: self.general.verbosity(),
            embedded,
            client,
        })
    }
}
