//! Streams on both sides of the proxy, over loopback.

use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::*;
use crate::inspect::Direction;
use crate::transport::{Address, Connector, Listener, Target};

/// Runs a test within a time.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let limit = Duration::from_secs(30);
    let local = tokio::task::LocalSet::new();
    runtime
        .block_on(local.run_until(async { tokio::time::timeout(limit, test).await }))
        .expect("in time");
}

/// A proxy before `broker`.
struct Running {
    address: std::net::SocketAddr,
    feed: Feed,
    task: JoinHandle<()>,
}

fn start(broker: std::net::SocketAddr) -> Running {
    let urls = ["mqtt://127.0.0.1:0".parse().expect("a URL")];
    let listeners = Listener::bind_all(&urls, None).expect("a port");
    let address = listeners[0].tcp_address().expect("TCP");
    let target = Target::new(Address::tcp(&broker.ip().to_string(), broker.port()));
    let connector = Connector::new(&target).expect("a connector");
    let (tap, feed) = feed();
    let task = tokio::task::spawn_local(serve(listeners, connector, tap, std::future::pending()));
    Running {
        address,
        feed,
        task,
    }
}

impl Running {
    /// The two ends of a connection through the proxy.
    async fn connect(&self, broker: &TcpListener) -> (TcpStream, TcpStream) {
        let client = TcpStream::connect(self.address).await.expect("the proxy");
        let (broker, _) = broker.accept().await.expect("the proxy connects");
        (client, broker)
    }

    /// What was said in both directions and how often they ended, once the proxy is over.
    async fn told(self) -> (Vec<u8>, Vec<u8>, usize, Vec<String>) {
        self.task.abort();
        let _ = self.task.await;
        let (mut up, mut down, mut ends, mut notes) = (Vec::new(), Vec::new(), 0, Vec::new());
        while let Ok(Some(item)) = self.feed.next(Duration::ZERO) {
            match item {
                Item::Bytes(origin, bytes) => match origin.direction {
                    Direction::ToServer => up.extend_from_slice(&bytes),
                    _ => down.extend_from_slice(&bytes),
                },
                Item::End(_) => ends += 1,
                Item::Note(note) => notes.push(note.to_string()),
                Item::LeftOut(_, len) => panic!("{len} bytes left out"),
            }
        }
        (up, down, ends, notes)
    }
}

async fn broker() -> (TcpListener, std::net::SocketAddr) {
    let broker = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = broker.local_addr().expect("an address");
    (broker, address)
}

#[test]
fn any_bytes_pass_both_ways_and_the_ends_one_by_one() {
    run(async {
        let (listener, address) = broker().await;
        let proxy = start(address);
        let (mut client, mut broker) = proxy.connect(&listener).await;
        let garbage: Vec<u8> = (0..200_000_u32)
            .map(|n| (n.wrapping_mul(n) >> 3) as u8)
            .collect();
        let mut received = vec![0; garbage.len()];
        let (sent, got) =
            tokio::join!(client.write_all(&garbage), broker.read_exact(&mut received));
        sent.expect("sent");
        got.expect("received");
        assert!(received == garbage);
        // Half closed: the other direction lives on.
        client.shutdown().await.expect("a FIN");
        assert_eq!(broker.read(&mut received).await.expect("the end"), 0);
        broker.write_all(b"still here").await.expect("sent");
        drop(broker);
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).await.expect("the rest");
        assert_eq!(rest, b"still here");
        let (up, down, ends, notes) = proxy.told().await;
        assert!(up == garbage && down == b"still here" && ends == 2);
        assert_eq!(notes.len(), 1, "{notes:?}");
    });
}

#[test]
fn a_reset_is_passed_on() {
    run(async {
        let (listener, address) = broker().await;
        let proxy = start(address);
        let (mut client, mut broker) = proxy.connect(&listener).await;
        client.write_all(b"x").await.expect("sent");
        let mut byte = [0];
        broker.read_exact(&mut byte).await.expect("received");
        client.set_zero_linger().expect("an option");
        drop(client);
        let error = broker.read(&mut byte).await.expect_err("a reset");
        assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
        let (.., ends, notes) = proxy.told().await;
        assert_eq!(ends, 2);
        assert!(
            notes.iter().any(|note| note.contains("broke off")),
            "{notes:?}"
        );
    });
}

#[test]
fn without_a_broker_clients_are_turned_away_and_the_next_is_not() {
    run(async {
        let (listener, address) = broker().await;
        drop(listener);
        let proxy = start(address);
        let mut client = TcpStream::connect(proxy.address).await.expect("the proxy");
        assert!(client.read(&mut [0]).await.is_err(), "a reset");
        let listener = TcpListener::bind(address).await.expect("the same port");
        let (mut client, mut broker) = proxy.connect(&listener).await;
        client.write_all(b"x").await.expect("sent");
        broker.read_exact(&mut [0]).await.expect("received");
        let (.., notes) = proxy.told().await;
        assert!(notes[0].contains("turned away"), "{notes:?}");
    });
}

#[test]
fn a_receiver_that_does_not_read_stops_the_sender_and_no_other() {
    run(async {
        let (listener, address) = broker().await;
        let proxy = start(address);
        let (mut client, _silent) = proxy.connect(&listener).await;
        let block = vec![0; 1 << 20];
        let flood = async {
            loop {
                client.write_all(&block).await.expect("open");
            }
        };
        let stopped = tokio::time::timeout(Duration::from_millis(300), flood).await;
        assert!(stopped.is_err(), "it never ends");
        let (mut other, mut broker) = proxy.connect(&listener).await;
        other.write_all(b"x").await.expect("sent");
        broker.read_exact(&mut [0]).await.expect("received");
    });
}

#[test]
fn nobody_takes_the_copies_and_the_traffic_goes_on() {
    run(async {
        let (listener, address) = broker().await;
        let proxy = start(address);
        let (mut client, mut broker) = proxy.connect(&listener).await;
        let block = vec![7; 1 << 20];
        let blocks = 40;
        let sending = async {
            for _ in 0..blocks {
                client.write_all(&block).await.expect("sent");
            }
            client.shutdown().await.expect("a FIN");
        };
        let receiving = async {
            let (mut total, mut buffer) = (0, vec![0; 1 << 18]);
            loop {
                match broker.read(&mut buffer).await.expect("open") {
                    0 => break total,
                    len => total += len,
                }
            }
        };
        let ((), total) = tokio::join!(sending, receiving);
        assert_eq!(total, blocks << 20);
        assert!(proxy.feed.left_out() > 20 << 20);
        let left_out = |item| matches!(item, Ok(Some(Item::LeftOut(..))));
        let (mut seen, mut told) = (0, false);
        while seen < total && !told {
            match proxy.feed.next(Duration::ZERO) {
                Ok(Some(Item::Bytes(_, bytes))) => seen += bytes.len(),
                item => told |= left_out(item),
            }
        }
        assert!(told);
    });
}
