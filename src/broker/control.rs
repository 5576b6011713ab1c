//! Changing a broker that runs.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use super::hub::Hub;
use super::{Access, Authorizer};

/// Changes a broker that runs; a clone belongs to the same broker.
///
/// ```
/// use mqtk::broker::{Access, Broker, Changes, Config};
///
/// let config = Config::default();
/// let control = config.control.clone();
/// let broker = Broker::start(config)?;
///
/// let nobody = Access { anonymous: Some(false), ..Access::default() };
/// let changes = Changes { access: Some(vec![nobody]), ..Changes::default() };
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert!(control.change(changes).await);
/// # });
/// # broker.shutdown();
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Control {
    requests: mpsc::UnboundedSender<Request>,
    /// Where the broker finds them.
    inbox: Arc<Mutex<Option<Inbox>>>,
}

type Inbox = mpsc::UnboundedReceiver<Request>;

/// What is to be different, and who wants to know when it is.
struct Request {
    changes: Changes,
    done: oneshot::Sender<()>,
}

/// What is to be different.
#[derive(Clone, Default)]
pub struct Changes {
    /// Who may connect, as in [`Config::access`](super::Config::access). Clients that were let in
    /// and would not be any more are disconnected, with 0x87 in MQTT 5.0.
    pub access: Option<Vec<Access>>,
    /// Who says what clients may do, as [`Config::authorizer`](super::Config::authorizer). It is
    /// asked anew about every client; subscriptions stay.
    pub authorizer: Option<Arc<dyn Authorizer>>,
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("access", &self.access)
            .field("authorizer", &self.authorizer.is_some())
            .finish()
    }
}

impl Control {
    /// Changes the broker, and waits until it is done. Says whether there is a broker.
    pub async fn change(&self, changes: Changes) -> bool {
        let (done, is_done) = oneshot::channel();
        let sent = self.requests.send(Request { changes, done });
        sent.is_ok() && is_done.await.is_ok()
    }

    /// Does what is asked for, for ever; the first broker of several is the one.
    pub(super) async fn obey(&self, hub: &Hub) {
        let inbox = self.inbox.lock().ok().and_then(|mut inbox| inbox.take());
        let Some(mut inbox) = inbox else {
            return std::future::pending().await;
        };
        while let Some(Request { changes, done }) = inbox.recv().await {
            if let Some(access) = &changes.access {
                hub.route(None, |router| router.guard_anew(Instant::now(), access));
            }
            if changes.authorizer.is_some() {
                hub.router.borrow_mut().set_authorizer(changes.authorizer);
            }
            // Who asked may have gone.
            let _ = done.send(());
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        let (requests, inbox) = mpsc::unbounded_channel();
        let inbox = Arc::new(Mutex::new(Some(inbox)));
        Self { requests, inbox }
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}
