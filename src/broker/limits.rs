//! Bounds on what clients may make the broker keep.

use std::time::Duration;

use super::AbuseLimits;

/// Bounds on what clients may make the broker keep.
///
/// A client that meets one gets the protocol's answer, others are not affected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connected clients; one more is refused with 0x97 (Server unavailable before MQTT 5.0).
    pub max_connections: usize,
    /// Sessions, of clients that are connected or away; one more is refused likewise.
    pub max_sessions: usize,
    /// From the Network Connection to a whole CONNECT.
    pub connect_timeout: Duration,
    /// Bytes of all CONNECT packets whose clients' authentication is under way, and of what
    /// follows them; one more is refused with 0x89 (Server unavailable before MQTT 5.0).
    pub authenticating_bytes: usize,
    /// How long a connection may last; `None`: as long as it likes. So that those that began
    /// together do not end together, a connection has between nine tenths and all of it.
    pub max_connection_age: Option<Duration>,
    /// Largest packet taken from a client, in bytes; announced to MQTT 5.0 clients.
    pub max_packet_size: usize,
    /// Receive Maximum announced to MQTT 5.0 clients, at least 1: their unacknowledged QoS 1 and 2
    /// messages.
    pub receive_maximum: u16,
    /// Topic Alias Maximum announced to MQTT 5.0 clients.
    pub topic_alias_maximum: u16,
    /// Longest Session Expiry Interval, in seconds; `u32::MAX`: sessions may last for ever.
    pub max_session_expiry: u32,
    /// Unacknowledged QoS 1 and 2 messages sent to one client, at least 1; its Receive Maximum
    /// bounds them too.
    pub max_inflight: u16,
    /// QoS 1 and 2 messages waiting for one client. QoS 2 messages of one client that wait for its
    /// PUBREL may be as many; if they are more, they go on without it.
    pub queue_messages: usize,
    /// Bytes of the messages waiting for one client, and of those that wait for its PUBREL.
    pub queue_bytes: usize,
    /// Unacknowledged QoS 1 and 2 messages sent to all clients together, above which each has only
    /// one, and the others wait in its queue.
    pub inflight_in_all: usize,
    /// The same for their bytes.
    pub inflight_bytes_in_all: usize,
    /// QoS 1 and 2 messages waiting for all clients together, those for several counted as often.
    pub queue_messages_in_all: usize,
    /// Bytes of the messages waiting for all clients together.
    pub queue_bytes_in_all: usize,
    /// Subscriptions of one Session; one more is answered 0x97 (0x80 before MQTT 5.0).
    pub max_subscriptions: usize,
    /// Bytes of the Topic Filters of one Session; one more is answered likewise.
    pub subscription_bytes: usize,
    /// Bytes of the Topic Filters of all Sessions together, and 128 more for each; likewise.
    pub subscription_bytes_in_all: usize,
    /// Levels of a Topic Filter or of a retained message's Topic Name.
    pub max_topic_levels: usize,
    /// Messages a second that a client may publish on average, after as many at once; 0: any
    /// number. One that publishes more is not read for a while: nothing is lost, in no version.
    pub message_rate: u32,
    /// How much abnormal behaviour is borne.
    pub abuse: AbuseLimits,
    /// Retained messages; one more is answered 0x97, in MQTT 5.0.
    pub retained_messages: usize,
    /// Bytes of all retained messages, topics included.
    pub retained_bytes: usize,
    /// Output waiting for one connection, in bytes, above which those who publish to it are not
    /// read until it has drained.
    pub output_high_water: usize,
    /// Output waiting for one connection above which QoS 0 messages to it are dropped and QoS 1
    /// and 2 messages are queued, and it is not read itself. Also the bytes of QoS 1 and 2
    /// messages in flight to one client above which the others wait.
    pub output_limit: usize,
    /// Output waiting for all connections together, in bytes, above which 64 KiB are as much as
    /// `output_high_water`, and as `output_limit` for those that are stalled.
    pub output_in_all: usize,
    /// How long a subscriber above `output_high_water` may make no progress before nobody waits
    /// for it any more.
    pub stall_grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_connections: 100_000,
            max_sessions: 200_000,
            connect_timeout: Duration::from_secs(10),
            authenticating_bytes: 16 << 20,
            max_connection_age: None,
            max_packet_size: 64 << 20,
            receive_maximum: 64,
            topic_alias_maximum: 32,
            max_session_expiry: u32::MAX,
            max_inflight: 1024,
            queue_messages: 100_000,
            queue_bytes: 64 << 20,
            inflight_in_all: 1_000_000,
            inflight_bytes_in_all: 512 << 20,
            queue_messages_in_all: 2_000_000,
            queue_bytes_in_all: 1 << 30,
            max_subscriptions: 100_000,
            subscription_bytes: 32 << 20,
            subscription_bytes_in_all: 2 << 30,
            max_topic_levels: 128,
            message_rate: 0,
            abuse: AbuseLimits::default(),
            retained_messages: 1_000_000,
            retained_bytes: 256 << 20,
            output_high_water: 1 << 20,
            output_limit: 16 << 20,
            output_in_all: 512 << 20,
            stall_grace: Duration::from_secs(5),
        }
    }
}
