//! A WebSocket server whose frames the test chooses.

use tungstenite::handshake::derive_accept_key;

use super::raw_server::{Peer, RawServer};

pub const TEXT: u8 = 1;
pub const BINARY: u8 = 2;

/// A client's WebSocket connection.
pub struct WebSocket {
    pub peer: Peer,
    /// The client's request, from its first line to the empty one.
    pub request: String,
}

impl WebSocket {
    /// Accepts a connection and answers with this subprotocol, or with none.
    pub fn accept(server: &RawServer, subprotocol: Option<&str>) -> Self {
        let mut peer = server.accept();
        let request = String::from_utf8(peer.read_until(b"\r\n\r\n")).expect("a request is text");
        let key = header(&request, "Sec-WebSocket-Key").expect("a request has a key");
        let subprotocol = subprotocol
            .map(|name| format!("Sec-WebSocket-Protocol: {name}\r\n"))
            .unwrap_or_default();
        peer.send(format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\n{subprotocol}\r\n",
            derive_accept_key(key.as_bytes())
        ));
        Self { peer, request }
    }

    /// The value of a header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.request, name)
    }

    /// Sends one unfragmented frame.
    pub fn send(&mut self, opcode: u8, payload: &[u8]) {
        assert!(payload.len() < 126, "the short form of a frame's length");
        let mut frame = vec![0x80 | opcode, payload.len() as u8];
        frame.extend_from_slice(payload);
        self.peer.send(frame);
    }

    /// The next frame of the client: its opcode and its payload, unmasked.
    pub fn frame(&mut self) -> (u8, Vec<u8>) {
        let head = self.peer.bytes(2);
        assert!(head[1] & 0x80 != 0, "a client masks its frames");
        let length = match head[1] & 0x7f {
            126 => usize::from(u16::from_be_bytes(
                self.peer.bytes(2).try_into().expect("two"),
            )),
            127 => panic!("a frame of more than 64 KiB"),
            length => usize::from(length),
        };
        let mask = self.peer.bytes(4);
        let mut payload = self.peer.bytes(length);
        for (at, byte) in payload.iter_mut().enumerate() {
            *byte ^= mask[at % 4];
        }
        (head[0] & 0x0f, payload)
    }
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then_some(value.trim())
    })
}
