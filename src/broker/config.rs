//! What a broker is started with.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::{AbuseLimits, Access, Authorizer, Capabilities, Control, Event, Faults, Store, Watch};
use crate::metrics::MetricsListener;
use crate::transport::{ListenError, ListenUrl, Listener, ServerTlsOptions};

/// What a broker is started with. The defaults suit a test: loopback, a free port, anyone on
/// this machine may connect, and limits that only a runaway client meets.
///
/// ```
/// use mqtk::broker::Config;
///
/// let mut config = Config::default();
/// config.limits.max_packet_size = 64 * 1024;
/// config.log = Some(Box::new(|event| eprintln!("{event}")));
/// ```
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: Vec<ListenUrl>,
    /// The certificates of the listeners with `mqtts` and `wss`, and those asked of clients.
    pub tls: Option<ServerTlsOptions>,
    /// Who may connect: one for each listener, in their order; the last is also for those that
    /// have none of their own. Empty: the default.
    pub access: Vec<Access>,
    /// What the broker tells its clients that it can do.
    pub capabilities: Capabilities,
    /// Bounds on what clients may make the broker keep.
    pub limits: Limits,
    /// Where Sessions and retained messages survive the broker; `None`: they end with it.
    pub persist: Option<Store>,
    /// For changes while the broker runs.
    pub control: Control,
    /// Says what clients may do; `None`: everything.
    pub authorizer: Option<Arc<dyn Authorizer>>,
    /// Called with every event, on the broker's thread; a slow sink slows the broker.
    pub log: Option<Log>,
    /// Shown what clients publish.
    pub watch: Option<Watch>,
    /// Where to serve the broker's counters.
    pub metrics: Option<MetricsListener>,
    /// Between two values of the `$SYS` topics, which are Mosquitto's; zero: there are none.
    pub sys_interval: Duration,
    /// What the broker does wrong on purpose.
    pub faults: Faults,
}

/// Takes the events of a broker.
pub type Log = Box<dyn Fn(&Event<'_>) + Send>;

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()],
            tls: None,
            access: Vec::new(),
            capabilities: Capabilities::default(),
            limits: Limits::default(),
            persist: None,
            control: Control::default(),
            authorizer: None,
            log: None,
            watch: None,
            metrics: None,
            sys_interval: Duration::from_secs(10),
            faults: Faults::default(),
        }
    }
}

impl Config {
    /// Listens where it says; to be called within the runtime that will [`serve`](super::serve()).
    ///
    /// # Errors
    ///
    /// Those of [`Listener::bind_all`].
    pub fn bind(&self) -> Result<Vec<Listener>, ListenError> {
        Listener::bind_all(&self.listen, self.tls.as_ref())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("tls", &self.tls)
            .field("access", &self.access)
            .field("capabilities", &self.capabilities)
            .field("limits", &self.limits)
            .field("watch", &self.watch)
            .field("metrics", &self.metrics)
            .field("sys_interval", &self.sys_interval)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

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
    /// Receive Maximum announced to MQTT 5.0 clients: their unacknowledged QoS 1 and 2 messages.
    pub receive_maximum: u16,
    /// Topic Alias Maximum announced to MQTT 5.0 clients.
    pub topic_alias_maximum: u16,
    /// Longest Session Expiry Interval, in seconds; `u32::MAX`: sessions may last for ever.
    pub max_session_expiry: u32,
    /// Unacknowledged QoS 1 and 2 messages sent to one client, besides its Receive Maximum.
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
    /// Retained messages.
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
