//! What a broker is started with.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use super::{Access, Authorizer, Capabilities, Control, Event, Faults, Limits, Store, Watch};
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
    /// Between two updates of the `$SYS` topics, which are Mosquitto's; zero: no such topics.
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
