//! A client of MQTT 3.1.1 without any state.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, connect, socket};

use crate::support::wire::{self, Packet, packet};

/// Longer than anybody should wait.
const PATIENCE: Duration = Duration::from_secs(30);
/// Connections from one source address: fewer than it has ports.
const PER_ADDRESS: usize = 8000;

pub struct Peer {
    pub stream: TcpStream,
}

impl Peer {
    /// A Network Connection on which nothing has been sent.
    pub fn open(port: u16) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the broker listens");
        Self::over(stream)
    }

    /// The same from one of many source addresses. They are other ones for each broker: a crowd that
    /// has left one keeps its ports for a minute.
    pub fn open_from(port: u16, number: usize) -> Self {
        let [high, low] = port.to_be_bytes();
        let source = Ipv4Addr::new(127, high, low, 1 + (number / PER_ADDRESS) as u8);
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None).expect("a socket");
        bind(&socket, &SocketAddr::from((source, 0))).expect("all of 127/8 is ours");
        connect(&socket, &SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
            .expect("the broker listens");
        Self::over(socket.into())
    }

    fn over(stream: TcpStream) -> Self {
        stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout can be set");
        stream.set_nodelay(true).expect("TCP_NODELAY can be set");
        Self { stream }
    }

    /// A client that was accepted.
    pub fn connect(port: u16, client_id: &str) -> Self {
        let mut peer = Self::open(port);
        peer.send(&connect_packet(client_id, None));
        assert_eq!(peer.packet().first, 0x20);
        peer
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the broker reads");
    }

    pub fn publish(&mut self, topic: &str, qos: u8, payload: &[u8]) {
        self.send(&wire::publish(topic, qos, 1, payload));
    }

    pub fn subscribe(&mut self, filter: &str, qos: u8) {
        self.send(&subscribe_packet(&[filter], qos));
        assert_eq!(self.packet().first, 0x90);
    }

    /// The next packet.
    pub fn packet(&mut self) -> Packet {
        self.try_packet().expect("the broker answers")
    }

    pub fn try_packet(&mut self) -> io::Result<Packet> {
        let mut byte = [0];
        self.stream.read_exact(&mut byte)?;
        let first = byte[0];
        let (mut length, mut shift) = (0, 0);
        loop {
            self.stream.read_exact(&mut byte)?;
            length |= usize::from(byte[0] & 0x7F) << shift;
            shift += 7;
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Packet { first, body })
    }

    /// Reads until the broker closes the connection.
    pub fn read_to_end(&mut self) {
        let mut buffer = [0; 4096];
        while matches!(self.stream.read(&mut buffer), Ok(1..)) {}
    }
}

fn string(body: &mut Vec<u8>, text: &str) {
    body.extend((text.len() as u16).to_be_bytes());
    body.extend(text.as_bytes());
}

/// CONNECT with Clean Session, and a Will Message to this topic.
pub fn connect_packet(client_id: &str, will_topic: Option<&str>) -> Vec<u8> {
    let flags = 0x02 | u8::from(will_topic.is_some()) << 2;
    let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', 4, flags, 0, 0];
    string(&mut body, client_id);
    if let Some(topic) = will_topic {
        string(&mut body, topic);
        string(&mut body, client_id);
    }
    packet(0x10, &body)
}

/// UNSUBSCRIBE.
pub fn unsubscribe_packet(filters: &[impl AsRef<str>]) -> Vec<u8> {
    let mut body = vec![0, 2];
    for filter in filters {
        string(&mut body, filter.as_ref());
    }
    packet(0xA2, &body)
}

/// SUBSCRIBE.
pub fn subscribe_packet(filters: &[impl AsRef<str>], qos: u8) -> Vec<u8> {
    let mut body = vec![0, 1];
    for filter in filters {
        string(&mut body, filter.as_ref());
        body.push(qos);
    }
    packet(0x82, &body)
}
