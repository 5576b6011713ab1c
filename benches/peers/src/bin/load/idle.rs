//! What a connection costs that does nothing.

use std::io::{Read, Write};

use crate::Words;
use crate::broker::Broker;
use crate::client;
use crate::packets;
use crate::secure;

/// A client's stream, whatever it runs over.
trait Transport: Read + Write {}
impl<T: Read + Write> Transport for T {}

pub fn run(words: &Words) {
    let broker = Broker::of(words);
    let connections: usize = words.get("connections", 1000);
    let transport: String = words.get("transport", "tcp".to_owned());
    let tls = transport
        .contains("tls")
        .then(|| secure::config(&words.get("cafile", String::new())));
    let open = |number| {
        let tcp = client::open(broker.port, number).expect("the broker accepts");
        let mut stream: Box<dyn Transport> = match &tls {
            Some(config) => Box::new(secure::handshake(tcp, config)),
            None => Box::new(tcp),
        };
        let mut connect = packets::connect(4, &format!("idle-{number}"));
        if transport.starts_with("ws") {
            upgrade(&mut stream);
            // One masked binary frame; the mask is zero.
            connect.splice(0..0, [0x82, 0x80 | connect.len() as u8, 0, 0, 0, 0]);
        }
        stream.write_all(&connect).expect("the broker reads");
        let skipped = 2 * usize::from(transport.starts_with("ws"));
        stream.read_exact(&mut [0; 2][..skipped]).expect("a frame");
        let connack = client::read_packet(&mut stream).expect("a CONNACK");
        assert_eq!((connack[0], connack[3]), (0x20, 0), "{connack:02x?}");
        stream
    };
    // What the first connections cost is not the price of one more.
    let mut streams: Vec<_> = (0..50).map(open).collect();
    let before = broker.settled_memory();
    streams.extend((50..50 + connections).map(open));
    let all = broker.settled_memory();
    drop(streams);
    let after = broker.settled_memory();
    println!(
        "{:.2} {before:.0} {after:.0}",
        (all - before) / connections as f64
    );
}

fn upgrade(stream: &mut impl Transport) {
    let request = "GET /mqtt HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\
        Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    stream
        .write_all(request.as_bytes())
        .expect("the broker reads");
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("an answer");
        answer.push(byte[0]);
    }
    assert!(
        answer.starts_with(b"HTTP/1.1 101"),
        "{}",
        answer.escape_ascii()
    );
}
