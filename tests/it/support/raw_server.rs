//! A server that does what a test tells it, byte by byte.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::wire::{self, Packet};

/// No test waits longer than this for the client.
const DEADLINE: Duration = Duration::from_secs(30);

/// Listens on a port of the loopback interface.
pub struct RawServer {
    listener: TcpListener,
}

impl RawServer {
    pub fn listen() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has a port");
        listener
            .set_nonblocking(true)
            .expect("a listener can be polled");
        Self { listener }
    }

    pub fn port(&self) -> u16 {
        self.listener.local_addr().expect("it is bound").port()
    }

    /// The next connection.
    pub fn accept(&self) -> Peer {
        let deadline = Instant::now() + DEADLINE;
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false).expect("a stream can block");
                    stream.set_nodelay(true).expect("a stream can be quick");
                    return Peer { stream };
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    assert!(Instant::now() < deadline, "the client does not connect");
                    thread::sleep(Duration::from_millis(1));
                }
                Err(error) => panic!("accept: {error}"),
            }
        }
    }

    /// The next connection, its CONNECT answered with these bytes.
    pub fn accept_with(&self, connack: &[u8]) -> Peer {
        let mut peer = self.accept();
        assert_eq!(
            peer.packet().kind(),
            wire::CONNECT,
            "the first packet is CONNECT"
        );
        peer.send(connack);
        peer
    }
}

/// A client's connection.
pub struct Peer {
    stream: TcpStream,
}

impl Peer {
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream
            .write_all(bytes.as_ref())
            .expect("the client takes bytes");
    }

    /// The next Control Packet.
    #[track_caller]
    pub fn packet(&mut self) -> Packet {
        self.next_packet()
            .expect("the client sends a packet, and does not close")
    }

    /// The next Control Packet, which must be of this kind.
    #[track_caller]
    pub fn packet_of(&mut self, kind: u8) -> Packet {
        let packet = self.packet();
        assert_eq!(packet.kind(), kind, "{packet:?}");
        packet
    }

    /// The next Control Packet; nothing when the client closes the connection instead.
    pub fn packet_or_end(&mut self) -> Option<Packet> {
        self.next_packet()
    }

    /// Fails unless the client sends exactly these bytes next.
    #[track_caller]
    pub fn expect(&mut self, bytes: &[u8]) {
        let mut read = vec![0; bytes.len()];
        self.read_exact(&mut read).expect("the client sends bytes");
        assert_eq!(read, bytes);
    }

    /// Fails unless the client closes the connection without another byte; closes it as well.
    #[track_caller]
    pub fn expect_end(mut self) {
        self.stream
            .set_read_timeout(Some(DEADLINE))
            .expect("a timeout can be set");
        let mut byte = [0];
        match self.stream.read(&mut byte) {
            Ok(0) => {}
            Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
            other => panic!("the client does not close the connection: {other:?} {byte:02x?}"),
        }
    }

    /// Fails if the client sends or closes within this time.
    #[track_caller]
    pub fn expect_silence(&mut self, time: Duration) {
        self.stream
            .set_read_timeout(Some(time))
            .expect("a timeout can be set");
        let mut byte = [0];
        let result = self.stream.read(&mut byte);
        assert!(
            matches!(&result, Err(error) if error.kind() == ErrorKind::WouldBlock),
            "the client is not silent: {result:?} {byte:02x?}"
        );
    }

    /// Whether the client sends something, or closes, within this time; nothing is read.
    pub fn has_byte_within(&self, time: Duration) -> bool {
        self.stream
            .set_read_timeout(Some(time))
            .expect("a timeout can be set");
        self.stream.peek(&mut [0]).is_ok()
    }

    /// Reads bytes that are not MQTT, up to and with this ending.
    pub fn read_until(&mut self, ending: &[u8]) -> Vec<u8> {
        let mut read = Vec::new();
        while !read.ends_with(ending) {
            read.push(self.byte().expect("the client sends bytes"));
        }
        read
    }

    pub fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        self.read_exact(&mut byte).map(|()| byte[0])
    }

    /// This many bytes.
    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.read_exact(&mut bytes).expect("the client sends bytes");
        bytes
    }

    fn next_packet(&mut self) -> Option<Packet> {
        let first = self.byte()?;
        let mut length = 0;
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            length |= usize::from(byte & 127) << shift;
            if byte < 128 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.read_exact(&mut body)?;
        Some(Packet { first, body })
    }

    /// Nothing when the connection ends before.
    fn read_exact(&mut self, bytes: &mut [u8]) -> Option<()> {
        self.stream
            .set_read_timeout(Some(DEADLINE))
            .expect("a timeout can be set");
        match self.stream.read_exact(bytes) {
            Ok(()) => Some(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                panic!("the client sends nothing for {DEADLINE:?}")
            }
            Err(_) => None,
        }
    }
}
