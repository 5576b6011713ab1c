//! What a broker tells its clients that it can do.

use crate::codec::{QoS, Version};

/// What the broker can do, besides the numbers in [`Limits`](super::Limits). MQTT 5.0 clients are
/// told in CONNACK; all are held to it.
///
/// A test broker can do everything unless a client is to be tried against one that cannot:
///
/// ```
/// use mqtk::broker::Config;
/// use mqtk::codec::{QoS, Version};
///
/// let mut config = Config::default();
/// config.capabilities.maximum_qos = QoS::AtLeastOnce;
/// config.capabilities.versions = vec![Version::V5];
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// The protocol versions that are spoken; a CONNECT in another one is refused with 0x84
    /// (0x01 before MQTT 5.0).
    pub versions: Vec<Version>,
    /// Maximum QoS. A PUBLISH above it ends the connection, in MQTT 5.0 with 0x9B, which also
    /// answers such a Will Message; subscriptions are granted at most this.
    pub maximum_qos: QoS,
    /// Retain Available. Without it a PUBLISH with RETAIN ends the connection, in MQTT 5.0 with
    /// 0x9A, which also answers such a Will Message.
    pub retain_available: bool,
    /// Wildcard Subscription Available. Without it a wildcard is answered by DISCONNECT with 0xA2
    /// (0x80 in SUBACK before MQTT 5.0).
    pub wildcard_subscription_available: bool,
    /// Shared Subscription Available. Without it `$share/…` is answered by DISCONNECT with 0x9E;
    /// it means nothing before MQTT 5.0.
    pub shared_subscription_available: bool,
    /// Subscription Identifier Available. Without it one is answered by DISCONNECT with 0xA1.
    pub subscription_identifier_available: bool,
    /// Server Keep Alive in seconds, which takes the place of the Keep Alive of MQTT 5.0 clients;
    /// 0: off, `None`: the client chooses.
    pub server_keep_alive: Option<u16>,
    /// The longest Keep Alive in seconds for MQTT 5.0 clients, unless there is a
    /// `server_keep_alive`: those that ask for as much or more are told it as Server Keep Alive.
    /// A Keep Alive of 0, which is off, stays; 0: no limit.
    pub max_keep_alive: u16,
    /// Response Information for MQTT 5.0 clients that ask for it: the root of their response
    /// topics, by a convention among them (section 4.10.1).
    pub response_information: Option<String>,
    /// Sends every client away.
    pub redirect: Option<Redirect>,
}

/// Where clients are sent that want to connect (section 4.11). MQTT 5.0 clients are told in
/// CONNACK; the older ones, only that the Server is unavailable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// Server Reference: the other Server as `name` or `name:port`; several with a space between.
    pub server_reference: String,
    /// Whether for good: 0x9D (Server moved), else 0x9C (Use another server).
    pub is_permanent: bool,
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            versions: vec![Version::V3_1, Version::V3_1_1, Version::V5],
            maximum_qos: QoS::ExactlyOnce,
            retain_available: true,
            wildcard_subscription_available: true,
            shared_subscription_available: true,
            subscription_identifier_available: true,
            server_keep_alive: None,
            max_keep_alive: 60,
            response_information: None,
            redirect: None,
        }
    }
}
