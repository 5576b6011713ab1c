//! Accepts clients and connects each to the broker.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::task::{JoinSet, LocalSet};

use super::feed::{Note, Spout, Tap};
use super::relay::{Pipe, relay};
use crate::inspect::{Direction, Origin};
use crate::transport::{Arrival, Connector, Listener, Peer, Stream};

/// The longest wait for a handshake, and for the broker.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait when the system gives no more connections.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Passes on the connections of all clients until `shutdown` is ready; then they are cut.
///
/// To be run on a current-thread runtime: everything happens on the thread that polls this
/// future.
pub async fn serve(
    listeners: Vec<Listener>,
    connector: Connector,
    tap: Tap,
    shutdown: impl Future<Output = ()>,
) {
    let connector = Rc::new(connector);
    let local = LocalSet::new();
    let serving = async {
        tokio::select! {
            () = accept(&listeners, &connector, &tap) => {}
            () = shutdown => {}
        }
    };
    local.run_until(serving).await;
}

/// Accepts connections, for ever. They end with this future.
async fn accept(listeners: &[Listener], connector: &Rc<Connector>, tap: &Tap) {
    let mut connections = JoinSet::new();
    let mut first = 0;
    let mut failing = false;
    for stream in 0_u32.. {
        let arrival = loop {
            let arrival = tokio::select! {
                arrival = poll_fn(|cx| poll_accept(listeners, &mut first, cx)) => arrival,
                Some(_) = connections.join_next() => continue,
            };
            match arrival {
                Ok(arrival) => break arrival,
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tap.note(Note::CannotAccept(error.to_string()));
                    }
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        };
        failing = false;
        let (connector, tap) = (Rc::clone(connector), tap.clone());
        connections.spawn_local(connection(arrival, stream, connector, tap));
    }
}

/// The next connection; the listeners take turns in being asked first.
fn poll_accept(
    listeners: &[Listener],
    first: &mut usize,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Arrival>> {
    let (before, after) = listeners.split_at(*first % listeners.len().max(1));
    for listener in after.iter().chain(before) {
        if let Poll::Ready(arrival) = listener.poll_accept(cx) {
            *first = first.wrapping_add(1);
            return Poll::Ready(arrival);
        }
    }
    Poll::Pending
}

/// One client, from its arrival to its end.
async fn connection(arrival: Arrival, stream: u32, connector: Rc<Connector>, tap: Tap) {
    let peer = arrival.peer();
    let mut client = match arrival.handshake(PATIENCE).await {
        Ok(client) => client,
        Err(error) => {
            return tap.note(Note::NoHandshake {
                client: peer.to_string(),
                reason: error.to_string(),
            });
        }
    };
    let mut broker = match connector.connect_within(PATIENCE).await {
        Ok(broker) => broker,
        Err(error) => {
            // To the client it is as if the broker refused it.
            client.reset_on_close();
            return tap.note(Note::NoBroker {
                client: peer.to_string(),
                reason: error.to_string(),
            });
        }
    };
    tap.note(Note::Connected {
        stream,
        client: peer.to_string(),
    });
    let (up, down) = origins(stream, peer, &broker);
    let pipe = |origin| Pipe::new(origin, Spout::new(tap.clone()));
    let relayed = relay(&mut client, &mut broker, pipe(up), pipe(down)).await;
    if let Err(error) = relayed {
        client.reset_on_close();
        broker.reset_on_close();
        let reason = error.to_string();
        tap.note(Note::Broken { stream, reason });
    }
}

/// Both directions, as if the client spoke with the broker itself.
fn origins(stream: u32, peer: Peer, broker: &Stream) -> (Origin, Origin) {
    let client = match peer {
        Peer::Tcp(address) => Some(address),
        _ => None,
    };
    let broker = broker.peer_address().ok();
    let broker: Option<SocketAddr> = broker.and_then(|address| address.parse().ok());
    let origin = |direction, src, dst| Origin {
        stream,
        direction,
        time: None,
        src,
        dst,
    };
    (
        origin(Direction::ToServer, client, broker),
        origin(Direction::ToClient, broker, client),
    )
}
