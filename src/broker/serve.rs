//! The broker on the caller's runtime.

use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::task::{LocalSet, spawn_local};

use super::connection::Connection;
use super::hub::Hub;
use super::router::Router;
use super::{Config, Event};
use crate::driver::Link;
use crate::transport::Stream;

/// How long to wait when the system gives no more connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Network Connections beyond the connected clients: those that have not sent CONNECT, those that
/// are told why they are refused, those that are closing.
const EXTRA_CONNECTIONS: usize = 1024;

/// Serves the clients that connect to `listener` until `shutdown` is ready; then publishes Will
/// Messages, tells every client (DISCONNECT 0x8B in MQTT 5.0) and closes its connection.
///
/// To be run on a current-thread runtime: everything happens on the thread that polls this
/// future. [`Config::listen`] is not looked at.
pub async fn serve(config: Config, listener: TcpListener, shutdown: impl Future<Output = ()>) {
    let Config {
        capabilities,
        limits,
        log,
        ..
    } = config;
    let max_packet_size = limits.max_packet_size;
    let max_connections = limits.max_connections.saturating_add(EXTRA_CONNECTIONS);
    let router = Router::new(capabilities, limits, log, fastrand::u32(..));
    if let Ok(address) = listener.local_addr() {
        router.log(&Event::Listening { address });
    }
    let hub = Rc::new(Hub::new(router));
    let local = LocalSet::new();
    let serving = async {
        tokio::select! {
            () = accept(&hub, listener, max_packet_size, max_connections) => {}
            () = hub.keep_time() => {}
            () = shutdown => {}
        }
        hub.route(None, |router| router.shut_down(Instant::now()));
        tokio::select! {
            () = hub.all_gone() => {}
            () = hub.keep_time() => {}
        }
    };
    local.run_until(serving).await;
}

/// Accepts connections, for ever.
async fn accept(
    hub: &Rc<Hub>,
    listener: TcpListener,
    max_packet_size: usize,
    max_connections: usize,
) {
    let mut failing = false;
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    hub.router
                        .borrow()
                        .log(&Event::AcceptFailed { error: &error });
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        failing = false;
        if hub.router.borrow().connection_count() >= max_connections {
            continue;
        }
        // Without it only latency is lost.
        let _ = stream.set_nodelay(true);
        let link = Link::new(Stream::from(stream), max_packet_size);
        let key = hub.router.borrow_mut().open(Instant::now(), peer);
        hub.wake(None);
        spawn_local(Connection::new(Rc::clone(hub), key, link));
    }
}
