//! Connections before MQTT begins: accepting them, and the handshakes of TLS and WebSocket.

use std::future::poll_fn;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::connection::Connection;
use super::counters::Limit;
use super::handshakes::Handshakes;
use super::hub::Hub;
use super::origin::Origin;
use super::{Abuse, Control, Event, Limits};
use crate::driver::Link;
use crate::transport::{AcceptError, Arrival, Listener, Peer, Stream};

/// How long to wait when the system gives no more connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Network Connections beyond the connected clients: those that have not sent CONNECT, those that
/// are told why they are refused, those that are closing.
const EXTRA_CONNECTIONS: usize = 1024;

/// The [`Limits`] that count before MQTT begins.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    max_packet_size: usize,
    max_connections: usize,
    connect_timeout: Duration,
}

impl From<&Limits> for Bounds {
    fn from(limits: &Limits) -> Self {
        Self {
            max_packet_size: limits.max_packet_size,
            max_connections: limits.max_connections.saturating_add(EXTRA_CONNECTIONS),
            connect_timeout: limits.connect_timeout,
        }
    }
}

/// A connection that has been accepted.
#[derive(Clone, Copy)]
struct Newcomer {
    peer: Peer,
    /// The number of its listener.
    listener: usize,
    /// The time for CONNECT counts since then.
    accepted: Instant,
}

/// Accepts connections, for ever. Each handshake is a task of its own, which ends with this
/// future.
pub(super) async fn accept(
    hub: &Rc<Hub>,
    control: &Control,
    listeners: &[Rc<Listener>],
    bounds: Bounds,
) {
    let elsewhere = thread_for(listeners).map(Rc::new);
    let mut handshakes = JoinSet::new();
    let mut first = 0;
    let mut failing = false;
    loop {
        let (at, arrival) = poll_fn(|cx| {
            while let Poll::Ready(Some(_)) = handshakes.poll_join_next(cx) {}
            poll_accept(listeners, first, cx)
        })
        .await;
        let arrival = match arrival {
            Ok(arrival) => arrival,
            Err(error) => {
                if !std::mem::replace(&mut failing, true) {
                    let event = Event::AcceptFailed { error: &error };
                    hub.router.borrow().log(&event);
                }
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        failing = false;
        control.opened().await;
        // A listener that is always ready must not keep the others waiting.
        first = at + 1;
        let connections = hub.router.borrow().connection_count() + handshakes.len();
        if connections >= bounds.max_connections {
            let mut router = hub.router.borrow_mut();
            router.counters_mut().limits.count(Limit::Connections);
            router.log(&Event::TooManyConnections {
                peer: arrival.peer(),
            });
            continue;
        }
        let newcomer = Newcomer {
            peer: arrival.peer(),
            listener: at,
            accepted: Instant::now(),
        };
        match arrival.into_stream() {
            Ok(stream) => admit(hub, stream, newcomer, bounds),
            Err(arrival) => {
                let (hub, listener) = (Rc::clone(hub), Rc::clone(&listeners[at]));
                let elsewhere = elsewhere.clone();
                handshakes.spawn_local(async move {
                    match shake_hands(arrival, elsewhere.as_deref(), bounds).await {
                        Ok(stream) => admit(&hub, stream, newcomer, bounds),
                        Err(error) => give_up(&hub, &listener, newcomer.peer, &error),
                    }
                });
            }
        }
    }
}

/// A thread for the handshakes of TLS, if there are such listeners and the system has one for us.
fn thread_for(listeners: &[Rc<Listener>]) -> Option<Handshakes> {
    let has_tls = listeners
        .iter()
        .any(|listener| listener.url().scheme.is_tls());
    has_tls.then(Handshakes::start)?.ok()
}

/// Does the handshakes: those with TLS elsewhere, if there is a place.
async fn shake_hands(
    arrival: Arrival,
    elsewhere: Option<&Handshakes>,
    bounds: Bounds,
) -> Result<Stream, AcceptError> {
    match elsewhere {
        Some(thread) if arrival.has_tls() => thread.run(arrival, bounds.connect_timeout).await,
        _ => arrival.handshake(bounds.connect_timeout).await,
    }
}

/// The next connection and the number of its listener, beginning with the `first`.
fn poll_accept(
    listeners: &[Rc<Listener>],
    first: usize,
    cx: &mut Context<'_>,
) -> Poll<(usize, io::Result<Arrival>)> {
    for offset in 0..listeners.len() {
        let at = (first + offset) % listeners.len();
        if let Poll::Ready(arrival) = listeners[at].poll_accept(cx) {
            return Poll::Ready((at, arrival));
        }
    }
    Poll::Pending
}

/// From here on it is MQTT.
fn admit(hub: &Rc<Hub>, stream: Stream, newcomer: Newcomer, bounds: Bounds) {
    let origin = Origin {
        peer: newcomer.peer,
        listener: newcomer.listener,
        certificate: stream.client_certificate().map(Arc::new),
        is_for_v3_1: stream.is_for_v3_1(),
    };
    let link = Link::new(stream, bounds.max_packet_size);
    let key = hub.router.borrow_mut().open(newcomer.accepted, origin);
    Connection::new(Rc::clone(hub), key, link).start();
}

/// The handshakes of a connection have failed.
fn give_up(hub: &Hub, listener: &Listener, peer: Peer, error: &AcceptError) {
    let mut router = hub.router.borrow_mut();
    router.counters_mut().failed_handshakes += 1;
    let url = listener.url();
    router.log(&Event::HandshakeFailed { url, peer, error });
    router.blame_address(Instant::now(), peer, Abuse::NoConnect);
}
