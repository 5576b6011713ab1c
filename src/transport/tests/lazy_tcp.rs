//! The sockets that a listener accepts.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Poll, ready};

use tokio::io::ReadBuf;
use tokio::sync::oneshot;

use super::*;
use crate::transport::Listener;

/// A connection from its two ends: the client's, the server's.
async fn pair() -> (TcpStream, Stream) {
    let urls = ["mqtt://127.0.0.1:0".parse().unwrap()];
    let listener = Listener::bind_all(&urls, None).unwrap().remove(0);
    let address = listener.tcp_address().unwrap();
    let arriving = poll_fn(|cx| listener.poll_accept(cx));
    let (client, arrival) = tokio::join!(TcpStream::connect(address), arriving);
    (client.unwrap(), arrival.unwrap().into_stream().unwrap())
}

#[tokio::test]
async fn what_comes_before_the_first_read_is_found_and_what_comes_after_wakes() {
    let (mut client, mut server) = pair().await;
    assert!(matches!(server, Stream::LazyTcp(_)));
    let there = async {
        client.write_all(b"there and back").await.unwrap();
        client.read_exact(&mut [0; 14]).await.unwrap();
        client.write_all(b"again").await.unwrap();
        client.shutdown().await.unwrap();
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).await.unwrap();
        rest
    };
    let back = async {
        let mut bytes = [0; 14];
        server.read_exact(&mut bytes).await.unwrap();
        server.write_all(&bytes).await.unwrap();
        let mut rest = Vec::new();
        server.read_to_end(&mut rest).await.unwrap();
        server.write_all(&rest).await.unwrap();
        server.shutdown().await.unwrap();
    };
    assert_eq!(tokio::join!(there, back).0, b"again");
}

#[tokio::test]
async fn a_socket_without_room_is_read_all_the_same_and_written_when_there_is_room() {
    static BLOCK: [u8; 65536] = [7; 65536];

    let (mut client, mut server) = pair().await;
    let (full, is_full) = oneshot::channel();
    let mut full = Some(full);
    let mut sent = 0;
    // One task reads and writes, until something has come.
    let serving = async {
        poll_fn(|cx| {
            let mut byte = [0];
            let mut buffer = ReadBuf::new(&mut byte);
            if Pin::new(&mut server).poll_read(cx, &mut buffer).is_ready() {
                return Poll::Ready(());
            }
            loop {
                let written = Pin::new(&mut server).poll_write(cx, &BLOCK);
                if written.is_pending()
                    && let Some(full) = full.take()
                {
                    full.send(()).unwrap();
                }
                sent += ready!(written).unwrap();
            }
        })
        .await;
        // There is no room before the client reads.
        server.write_all(&BLOCK).await.unwrap();
        sent += BLOCK.len();
        server.shutdown().await.unwrap();
        sent
    };
    let reading = async {
        is_full.await.unwrap();
        client.write_all(b"!").await.unwrap();
        let mut received = Vec::new();
        client.read_to_end(&mut received).await.unwrap();
        received.len()
    };
    let (sent, received) = tokio::join!(serving, reading);
    assert_eq!(sent, received);
}
