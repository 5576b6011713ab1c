//! Flags of `mqtk broker` that restrict it: what it announces, and what it keeps.

use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{ArgAction, Args};

use super::values;
use crate::broker::{Capabilities, Limits, Redirect};
use crate::codec::{QoS, Version};

/// What MQTT 5.0 clients are told in CONNACK, so that a client can be tried against a restricted
/// broker. All clients are held to it.
#[derive(Args)]
#[command(next_help_heading = "Announce")]
pub(super) struct CapabilityFlags {
    /// Protocol versions to accept, such as 311,5
    #[arg(long, value_name = "VERSIONS", default_value = "31,311,5", value_delimiter = ',',
          value_parser = values::version(), hide_possible_values = true)]
    protocol_versions: Vec<Version>,

    /// Highest QoS to take and to grant: 0, 1 or 2
    #[arg(long, value_name = "QOS", default_value = "2", value_parser = values::qos(),
          hide_possible_values = true)]
    maximum_qos: QoS,

    /// Whether messages can be retained
    #[arg(long, value_name = "BOOL", default_value = "true", value_parser = boolean(),
          action = ArgAction::Set, hide_possible_values = true)]
    retain_available: bool,

    /// Whether Topic Filters may have wildcards
    #[arg(long, value_name = "BOOL", default_value = "true", value_parser = boolean(),
          action = ArgAction::Set, hide_possible_values = true)]
    wildcard_available: bool,

    /// Whether there are Shared Subscriptions
    #[arg(long, value_name = "BOOL", default_value = "true", value_parser = boolean(),
          action = ArgAction::Set, hide_possible_values = true)]
    shared_available: bool,

    /// Whether there are Subscription Identifiers
    #[arg(long, value_name = "BOOL", default_value = "true", value_parser = boolean(),
          action = ArgAction::Set, hide_possible_values = true)]
    subscription_ids_available: bool,

    /// Keep Alive in seconds that MQTT 5.0 clients must use instead of their own; 0: off
    #[arg(long, value_name = "SECS")]
    server_keep_alive: Option<u16>,

    /// Longest Keep Alive in seconds for MQTT 5.0 clients, who are told to use it if they ask for
    /// as much or more; a Keep Alive of 0 stays off; 0: no limit
    #[arg(long, value_name = "SECS", default_value_t = 60)]
    max_keep_alive: u16,

    /// Response Information for MQTT 5.0 clients that ask for it, such as the root of their
    /// response topics
    #[arg(long, value_name = "TEXT", value_parser = values::mqtt_text)]
    response_information: Option<String>,

    /// Refuse every client, and tell MQTT 5.0 clients to use another server for now; several with
    /// a space between
    #[arg(long, value_name = "HOST[:PORT]", value_parser = values::mqtt_text)]
    use_another_server: Option<String>,

    /// Refuse every client, and tell MQTT 5.0 clients that the server has moved for good
    #[arg(long, value_name = "HOST[:PORT]", value_parser = values::mqtt_text,
          conflicts_with = "use_another_server")]
    server_moved: Option<String>,

    /// QoS 1 and 2 messages that an MQTT 5.0 client may have unacknowledged
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().receive_maximum,
          value_parser = clap::value_parser!(u16).range(1..))]
    receive_maximum: u16,

    /// Largest packet to take, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().max_packet_size as u64,
          value_parser = clap::value_parser!(u64).range(2..=268_435_460))]
    max_packet_size: u64,

    /// Topic Aliases that an MQTT 5.0 client may use; 0: none
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().topic_alias_maximum)]
    topic_alias_maximum: u16,

    /// Longest time in seconds to keep a session without connection; -1: for ever
    #[arg(long, value_name = "SECS", default_value = "-1", value_parser = values::session_expiry)]
    max_session_expiry: u32,
}

impl CapabilityFlags {
    pub fn capabilities(&self) -> Capabilities {
        Capabilities {
            versions: self.protocol_versions.clone(),
            maximum_qos: self.maximum_qos,
            retain_available: self.retain_available,
            wildcard_subscription_available: self.wildcard_available,
            shared_subscription_available: self.shared_available,
            subscription_identifier_available: self.subscription_ids_available,
            server_keep_alive: self.server_keep_alive,
            max_keep_alive: self.max_keep_alive,
            response_information: self.response_information.clone(),
            redirect: self.redirect(),
        }
    }

    fn redirect(&self) -> Option<Redirect> {
        let to = |server_reference: &String, is_permanent| Redirect {
            server_reference: server_reference.clone(),
            is_permanent,
        };
        let moved = self.server_moved.as_ref().map(|server| to(server, true));
        let other = self.use_another_server.as_ref();
        moved.or_else(|| other.map(|server| to(server, false)))
    }

    /// Sets what is announced as a number.
    pub fn set(&self, limits: &mut Limits) {
        limits.receive_maximum = self.receive_maximum;
        limits.max_packet_size = self.max_packet_size as usize;
        limits.topic_alias_maximum = self.topic_alias_maximum;
        limits.max_session_expiry = self.max_session_expiry;
    }
}

/// `true` or `false`, also as the switches of the environment are written.
fn boolean() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["true", "false", "1", "0"])
        .map(|text| matches!(&*text, "true" | "1"))
}

/// What clients may make the broker keep and do.
#[derive(Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitFlags {
    /// Clients connected at a time; one more is refused
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().max_connections)]
    max_connections: usize,

    /// Sessions of clients, connected or away; one more is refused
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().max_sessions)]
    max_sessions: usize,

    /// Seconds that a connection may take until its CONNECT has arrived
    #[arg(long, value_name = "SECS", default_value = "10", value_parser = values::positive_seconds)]
    connect_timeout: Duration,

    /// Bytes of CONNECT packets whose clients are being authenticated; more are refused
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().authenticating_bytes)]
    max_authenticating_bytes: usize,

    /// Most seconds that a connection may last; it is closed in the last tenth of them
    #[arg(long, value_name = "SECS", value_parser = values::positive_seconds)]
    max_connection_age: Option<Duration>,

    /// QoS 1 and 2 messages sent to a client and not acknowledged
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().max_inflight,
          value_parser = clap::value_parser!(u16).range(1..))]
    max_inflight: u16,

    /// QoS 1 and 2 messages that wait for a client; further ones are dropped. As many of QoS 2 may
    /// wait for their publisher's PUBREL
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().queue_messages)]
    max_queued_messages: usize,

    /// Bytes of the messages that wait for a client
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().queue_bytes)]
    max_queued_bytes: usize,

    /// QoS 1 and 2 messages sent to all clients together and not acknowledged; above it each client
    /// has one at a time, and the others wait
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().inflight_in_all)]
    max_inflight_in_all: usize,

    /// Bytes of the messages that are sent to all clients together and not acknowledged
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().inflight_bytes_in_all)]
    max_inflight_bytes_in_all: usize,

    /// QoS 1 and 2 messages that wait for all clients together; further ones are dropped
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().queue_messages_in_all)]
    max_queued_messages_in_all: usize,

    /// Bytes of the messages that wait for all clients together
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().queue_bytes_in_all)]
    max_queued_bytes_in_all: usize,

    /// Bytes on their way to all clients together; above it publishers wait for slow clients sooner
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().output_in_all)]
    max_output_in_all: usize,

    /// Subscriptions of a client; one more is refused
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().max_subscriptions)]
    max_subscriptions: usize,

    /// Bytes of the Topic Filters of a client; one more is refused
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().subscription_bytes)]
    max_subscription_bytes: usize,

    /// Bytes of the Topic Filters of all clients together, and 128 more for each; one more is refused
    #[arg(long, value_name = "BYTES",
          default_value_t = Limits::default().subscription_bytes_in_all)]
    max_subscription_bytes_in_all: usize,

    /// Levels of a Topic Filter, and of a topic with a retained message
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().max_topic_levels)]
    max_topic_levels: usize,

    /// Retained messages; one more is refused
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().retained_messages)]
    max_retained_messages: usize,

    /// Bytes of all retained messages
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().retained_bytes)]
    max_retained_bytes: usize,

    /// Messages a second that a client may publish; faster ones are slowed down; 0: no limit
    #[arg(long, value_name = "COUNT", default_value_t = Limits::default().message_rate)]
    max_message_rate: u32,
}

impl LimitFlags {
    pub fn set(&self, limits: &mut Limits) {
        limits.max_connections = self.max_connections;
        limits.max_sessions = self.max_sessions;
        limits.connect_timeout = self.connect_timeout;
        limits.authenticating_bytes = self.max_authenticating_bytes;
        limits.max_connection_age = self.max_connection_age;
        limits.max_inflight = self.max_inflight;
        limits.queue_messages = self.max_queued_messages;
        limits.queue_bytes = self.max_queued_bytes;
        limits.inflight_in_all = self.max_inflight_in_all;
        limits.inflight_bytes_in_all = self.max_inflight_bytes_in_all;
        limits.queue_messages_in_all = self.max_queued_messages_in_all;
        limits.queue_bytes_in_all = self.max_queued_bytes_in_all;
        limits.output_in_all = self.max_output_in_all;
        limits.max_subscriptions = self.max_subscriptions;
        limits.subscription_bytes = self.max_subscription_bytes;
        limits.subscription_bytes_in_all = self.max_subscription_bytes_in_all;
        limits.max_topic_levels = self.max_topic_levels;
        limits.retained_messages = self.max_retained_messages;
        limits.retained_bytes = self.max_retained_bytes;
        limits.message_rate = self.max_message_rate;
    }
}
