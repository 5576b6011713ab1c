//! Whole connections, against servers inside the test.

mod certificates;
mod lazy_tcp;
mod listener;
mod name_server;
mod plain;
mod proxy;
mod srv;
mod tls;
mod websocket;

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::{Address, ConnectError, Connector, Stream, Target};

/// Longer than anything takes on a busy machine; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

async fn listen() -> (TcpListener, Target) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, Target::new(Address::tcp("localhost", port)))
}

async fn accept(listener: &TcpListener) -> TcpStream {
    listener.accept().await.unwrap().0
}

async fn connect(target: &Target) -> Result<Stream, ConnectError> {
    Connector::new(target)?.connect_within(PATIENCE).await
}

/// Why the connection fails, for a person.
async fn failure(target: &Target) -> String {
    match connect(target).await {
        Ok(stream) => panic!("connected: {stream:?}"),
        Err(error) => error.to_string(),
    }
}

/// Sends back what arrives, to its end.
async fn echo(stream: impl AsyncRead + AsyncWrite) {
    let (mut read, mut write) = tokio::io::split(stream);
    // Clients of these tests leave without a farewell.
    let _ = tokio::io::copy(&mut read, &mut write).await;
}

async fn assert_echoes(stream: &mut Stream) {
    stream.write_all(b"there and back").await.unwrap();
    stream.flush().await.unwrap();
    let mut back = [0; 14];
    stream.read_exact(&mut back).await.unwrap();
    assert_eq!(&back, b"there and back");
}
