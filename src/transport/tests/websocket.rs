//! WebSocket against tungstenite's server and scripted ones.

use std::future::poll_fn;
use std::net::TcpListener as StdListener;
use std::pin::Pin;
use std::task::Poll;
use std::thread::{self, JoinHandle};

use tokio::io::ReadBuf;
use tokio::net::UnixStream;
use tungstenite::handshake::server::{Request, Response};
use tungstenite::{Message, WebSocket as Peer, accept_hdr};

use super::*;
use crate::transport::{Role, WebSocket, WebSocketOptions, explain_io};

type Server = Peer<std::net::TcpStream>;

/// A server by tungstenite, in a thread of its own, that speaks `mqtt` and then does `serve`.
fn server<T: Send + 'static>(
    serve: impl FnOnce(Server) -> T + Send + 'static,
) -> (Target, JoinHandle<T>) {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    let mut target = Target::new(Address::tcp(
        "127.0.0.1",
        listener.local_addr().unwrap().port(),
    ));
    let headers = vec![("X-Token".to_owned(), "abc".to_owned())];
    target.websocket = Some(WebSocketOptions {
        path: "/chat?a=b".to_owned(),
        headers,
    });
    let thread = thread::spawn(move || {
        let (tcp, _) = listener.accept().unwrap();
        // The type is tungstenite's.
        #[allow(clippy::result_large_err)]
        let callback = |request: &Request, mut response: Response| {
            assert_eq!(request.uri().to_string(), "/chat?a=b");
            assert_eq!(request.headers()["x-token"], "abc");
            assert_eq!(request.headers()["sec-websocket-protocol"], "mqtt");
            response
                .headers_mut()
                .insert("Sec-WebSocket-Protocol", "mqtt".parse().unwrap());
            Ok(response)
        };
        serve(accept_hdr(tcp, callback).unwrap())
    });
    (target, thread)
}

/// The payloads of binary messages, until the client closes.
fn everything(mut peer: Server) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        match peer.read() {
            Ok(Message::Binary(payload)) => bytes.extend_from_slice(&payload),
            Ok(Message::Close(_)) => {}
            Ok(other) => panic!("{other:?}"),
            Err(tungstenite::Error::ConnectionClosed) => return bytes,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn mqtt_6_0_0_2_bytes_arrive_split_over_frames_and_glued_together() {
    let (target, thread) = server(|mut peer| {
        for part in [&b"\x20"[..], b"\x02\x00", b"", b"\x00\xD0\x00\xD0\x00"] {
            peer.send(Message::binary(part.to_vec())).unwrap();
        }
        peer.close(None).unwrap();
        while peer.read().is_ok() {}
    });
    let mut stream = connect(&target).await.unwrap();
    let mut received = Vec::new();
    stream.read_to_end(&mut received).await.unwrap();
    assert_eq!(received, b"\x20\x02\x00\x00\xD0\x00\xD0\x00");
    stream.shutdown().await.unwrap();
    drop(stream);
    thread.join().unwrap();
}

#[tokio::test]
async fn a_flood_of_pings_leaves_other_tasks_their_turn() {
    let (mut peer, ours) = UnixStream::pair().unwrap();
    let mut websocket = WebSocket::new(ours.into(), Role::Client, Vec::new());
    let pings = [0x89, 0].repeat(40);
    let flood = [&[0x82, 1, b'a'][..], &pings, &[0x82, 1, b'x']].concat();
    peer.write_all(&flood).await.unwrap();
    // From here on the runtime knows that there is something to read.
    assert_eq!(websocket.read_u8().await.unwrap(), b'a');
    let mut bytes = [0; 2];
    let mut buffer = ReadBuf::new(&mut bytes);
    let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut websocket).poll_read(cx, &mut buffer)));
    assert!(first.await.is_pending());
    assert_eq!(websocket.read_u8().await.unwrap(), b'x');
}

#[tokio::test]
async fn what_is_written_arrives_whatever_its_size() {
    let (target, thread) = server(everything);
    let mut stream = connect(&target).await.unwrap();
    assert!(stream.is_write_vectored());
    let large: Vec<u8> = (0..300_000_u32).map(|n| (n / 7) as u8).collect();
    stream.write_all(b"first").await.unwrap();
    stream.write_all(&large).await.unwrap();
    stream.shutdown().await.unwrap();
    // The server's Close, then its end.
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap(), 0);
    drop(stream);
    let received = thread.join().unwrap();
    assert!(received == [b"first", large.as_slice()].concat());
}

#[tokio::test]
async fn a_long_frame_passes_through_a_small_buffer() {
    let large: Vec<u8> = (0..1_000_000_u32).map(|n| (n / 3) as u8).collect();
    let payload = large.clone();
    let (target, thread) = server(move |mut peer| {
        peer.send(Message::binary(payload)).unwrap();
        peer.close(None).unwrap();
        while peer.read().is_ok() {}
    });
    let mut stream = connect(&target).await.unwrap();
    let (mut received, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        match stream.read(&mut buffer).await.unwrap() {
            0 => break,
            length => received.extend_from_slice(&buffer[..length]),
        }
    }
    assert!(received == large);
    drop(stream);
    thread.join().unwrap();
}

#[tokio::test]
async fn pings_are_answered_while_reading() {
    let (target, thread) = server(|mut peer| {
        peer.send(Message::Ping("are you there".into())).unwrap();
        let answer = peer.read().unwrap();
        peer.send(Message::binary("on")).unwrap();
        answer
    });
    let mut stream = connect(&target).await.unwrap();
    let mut received = [0; 2];
    stream.read_exact(&mut received).await.unwrap();
    assert_eq!(&received, b"on");
    assert_eq!(
        thread.join().unwrap(),
        Message::Pong("are you there".into())
    );
}

#[tokio::test]
async fn mqtt_6_0_0_1_a_text_frame_is_an_error() {
    let (target, thread) = server(|mut peer| {
        peer.send(Message::text("hello")).unwrap();
        peer.read().unwrap()
    });
    let mut stream = connect(&target).await.unwrap();
    let error = stream.read(&mut [0; 16]).await.unwrap_err();
    assert!(
        explain_io(&error).unwrap().contains("MQTT-6.0.0-1"),
        "{error}"
    );
    let Message::Close(Some(close)) = thread.join().unwrap() else {
        panic!("not closed")
    };
    assert_eq!(u16::from(close.code), 1003);
}

#[tokio::test]
async fn unix_sockets_carry_websockets_too_in_the_role_of_a_server() {
    let (ours, theirs) = tokio::net::UnixStream::pair().unwrap();
    let server =
        crate::transport::WebSocket::new(theirs.into(), crate::transport::Role::Server, Vec::new());
    let server = tokio::spawn(echo(Stream::from(server)));
    let client =
        crate::transport::WebSocket::new(ours.into(), crate::transport::Role::Client, Vec::new());
    let mut client = Stream::from(client);
    assert_echoes(&mut client).await;
    client.shutdown().await.unwrap();
    server.await.unwrap();
}

/// A server that answers any request with these bytes.
async fn answering(answer: &'static [u8]) -> Target {
    let (listener, mut target) = listen().await;
    target.websocket = Some(WebSocketOptions::default());
    tokio::spawn(async move {
        let mut client = accept(&listener).await;
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            assert_ne!(client.read_buf(&mut request).await.unwrap(), 0);
        }
        client.write_all(answer).await.unwrap();
    });
    target
}

#[tokio::test]
async fn servers_that_open_no_websocket_are_described() {
    for (answer, words) in [
        (&b"HTTP/1.1 301 Moved Permanently\r\nLocation: /there\r\n\r\n"[..], "301 Moved Permanently: it redirects to \"/there\""),
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "403 Forbidden"),
        (b"HTTP/1.1 404 Not Found\r\n\r\n", "try /mqtt"),
        (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", "Sec-WebSocket-Accept"),
        (b"\x20\x02\x00\x05", "does not answer in HTTP"),
        (b"", "closed the connection instead of answering"),
    ] {
        let target = answering(answer).await;
        let error = failure(&target).await;
        assert!(error.starts_with(&format!("no WebSocket at {}/mqtt: ", target.address)), "{error}");
        assert!(error.contains(words), "{error}: {words}");
    }
}
