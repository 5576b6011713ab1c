//! Changing a broker that runs.

use std::fmt;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use tokio::sync::{mpsc, oneshot};

use super::access::Entrance;
use super::gate::{Gate, Hold};
use super::hub::Hub;
use super::{Access, Authorizer, Event};
use crate::transport::{ClientCertificate, ConnectError, Listener, ServerTlsOptions};

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
/// control.change(changes).await
/// # })?;
/// # broker.shutdown();
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Control {
    requests: mpsc::UnboundedSender<Request>,
    /// Where the broker finds them.
    inbox: Arc<Mutex<Option<Inbox>>>,
    gate: Arc<Gate>,
}

type Inbox = mpsc::UnboundedReceiver<Request>;

/// What is to be different, and who wants to know when it is.
struct Request {
    changes: Changes,
    done: oneshot::Sender<Result<(), ConnectError>>,
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
    /// The files of TLS, which are read again. Clients with a certificate that is not trusted any
    /// more are disconnected likewise.
    pub tls: Option<ServerTlsOptions>,
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("access", &self.access)
            .field("tls", &self.tls)
            .field("authorizer", &self.authorizer.is_some())
            .finish()
    }
}

/// Why a broker was not changed: all stays as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// A file of TLS is not what it should be.
    #[error(transparent)]
    Tls(ConnectError),
    /// There is no broker, or not any more.
    #[error("the broker does not run")]
    NoBroker,
}

impl Control {
    /// Changes the broker, and waits until that is done; if the broker has not started yet, until
    /// it has.
    ///
    /// # Errors
    ///
    /// Nothing was changed.
    pub async fn change(&self, changes: Changes) -> Result<(), ChangeError> {
        let (done, outcome) = oneshot::channel();
        let request = Request { changes, done };
        if self.requests.send(request).is_err() {
            return Err(ChangeError::NoBroker);
        }
        let outcome = outcome.await.map_err(|_| ChangeError::NoBroker)?;
        outcome.map_err(ChangeError::Tls)
    }

    /// Has the broker hold back those who connect, until the guard is dropped: whoever connects
    /// after this meets the broker as it is then. Clients that are connected are served meanwhile.
    pub fn hold(&self) -> Hold {
        Arc::clone(&self.gate).hold()
    }

    /// A flag that has the broker hold back those who connect until [`Control::hold`] is called,
    /// which clears it, and its guard dropped. To be set where no more can be done, as in the
    /// handler of the signal that announces a change.
    pub fn announcement(&self) -> Arc<AtomicBool> {
        self.gate.announcement()
    }

    /// Waits until nobody has to be held back.
    pub(super) async fn opened(&self) {
        self.gate.opened().await;
    }

    /// Does what is asked for, for ever; the first broker of several is the one.
    pub(super) async fn obey(
        &self,
        hub: &Hub,
        listeners: &[Rc<Listener>],
        mut access: Vec<Access>,
    ) {
        let inbox = self.inbox.lock().ok().and_then(|mut inbox| inbox.take());
        let Some(mut inbox) = inbox else {
            return std::future::pending().await;
        };
        while let Some(Request { changes, done }) = inbox.recv().await {
            let what = [
                (changes.access.is_some(), "who may connect"),
                (changes.authorizer.is_some(), "what clients may do"),
                (changes.tls.is_some(), "certificates"),
            ];
            let renewed = changes.tls.map_or(Ok(()), |tls| {
                Listener::renew_tls(listeners.iter().map(|listener| &**listener), &tls)
            });
            if renewed.is_ok() {
                if changes.authorizer.is_some() {
                    hub.router.borrow_mut().set_authorizer(changes.authorizer);
                }
                access = changes.access.unwrap_or(access);
                let entrances = Entrance::all(listeners, &access);
                let trusts = |number: usize, certificate: &ClientCertificate| {
                    let listener = listeners.get(number);
                    listener.is_some_and(|listener| listener.trusts(certificate))
                };
                let what = what.iter().filter(|(changed, _)| *changed);
                let what: Vec<_> = what.map(|(_, what)| *what).collect();
                hub.route(None, |router| {
                    let what = what.join(", ");
                    router.log(&Event::Changed { what: &what });
                    router.guard_anew(Instant::now(), entrances, trusts);
                });
            }
            // Who asked may have gone.
            let _ = done.send(renewed);
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        let (requests, inbox) = mpsc::unbounded_channel();
        let inbox = Arc::new(Mutex::new(Some(inbox)));
        Self {
            requests,
            inbox,
            gate: Arc::default(),
        }
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").finish_non_exhaustive()
    }
}
