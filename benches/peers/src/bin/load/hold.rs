//! Connections that are opened as fast as the broker accepts them, and held.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Instant;

use nix::sys::socket::{setsockopt, sockopt::IpBindAddressNoPort};
use socket2::{Domain, Socket, Type};

use crate::Words;
use crate::broker::Broker;
use crate::packets;

/// The source addresses are those of 127.1.0.0/24 that are a host's, in turn.
const SOURCES: usize = 254;

/// Opens connections in turns of `concurrency`, by a loop that does nothing else, and prints how
/// many a second that were. Socket for socket it asks the system for what `mqtk bench connect
/// --bind 127.1.0.0/24` does.
pub fn run(words: &Words) {
    let broker = Broker::of(words);
    let (connections, concurrency): (usize, usize) =
        (words.get("connections", 5000), words.get("concurrency", 100));
    let start = Instant::now();
    let mut held: Vec<TcpStream> = Vec::with_capacity(connections);
    while held.len() < connections {
        let turn = held.len()..connections.min(held.len() + concurrency);
        let first = turn.start;
        held.extend(turn.map(|number| begin(broker.port, number)));
        held[first..].iter_mut().for_each(read_connack);
    }
    println!("{:.0}", connections as f64 / start.elapsed().as_secs_f64());
}

/// A connection like those, accepted by the broker.
pub fn connect(port: u16, number: usize) -> TcpStream {
    let mut stream = begin(port, number);
    read_connack(&mut stream);
    stream
}

fn begin(port: u16, number: usize) -> TcpStream {
    let mut stream = open(port, number);
    let connect = packets::connect(4, &format!("hold-{number}"));
    stream.write_all(&connect).expect("the broker reads");
    stream
}

fn read_connack(stream: &mut TcpStream) {
    let mut connack = [0; 4];
    stream.read_exact(&mut connack).expect("a CONNACK");
    assert_eq!((connack[0], connack[3]), (0x20, 0), "{connack:02x?}");
}

fn open(port: u16, number: usize) -> TcpStream {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    setsockopt(&socket, IpBindAddressNoPort, &true).expect("Linux 4.2 or newer");
    let source = Ipv4Addr::new(127, 1, 0, (1 + number % SOURCES) as u8);
    let bound = socket.bind(&SocketAddr::from((source, 0)).into());
    bound.expect("an address of this machine");
    socket.set_tcp_nodelay(true).expect("a socket");
    let connected = socket.connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into());
    connected.expect("the broker accepts");
    socket.into()
}
