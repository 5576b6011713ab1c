//! A client's connection.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::{Domain, Socket, Type};

use crate::packets;

/// Connections from one source address: fewer than it has ports.
const PER_ADDRESS: usize = 20_000;

/// A blocking connection to the broker; `number` spreads many over source addresses.
pub fn open(port: u16, number: usize) -> io::Result<std::net::TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    if number >= PER_ADDRESS {
        let source = Ipv4Addr::new(127, 0, 1, (number / PER_ADDRESS) as u8);
        socket.bind(&SocketAddr::from((source, 0)).into())?;
    }
    socket.connect(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.set_tcp_nodelay(true)?;
    Ok(socket.into())
}

/// Reads one packet, blocking.
pub fn read_packet(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut packet = Vec::new();
    while packets::first(&packet).is_none() {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        packet.push(byte[0]);
    }
    Ok(packet)
}

/// Connects as a client that has been accepted, blocking.
pub fn connect(port: u16, number: usize, version: u8) -> std::net::TcpStream {
    let mut stream = open(port, number).expect("the broker accepts");
    let connect = packets::connect(version, &format!("load-{number}"));
    stream.write_all(&connect).expect("the broker reads");
    let connack = read_packet(&mut stream).expect("a CONNACK");
    assert_eq!((connack[0], connack[3]), (0x20, 0), "{connack:02x?}");
    stream
}

/// Subscribes, blocking.
pub fn subscribe(stream: &mut std::net::TcpStream, version: u8, qos: u8, filters: &[String]) {
    let bytes = packets::subscribe(version, qos, filters);
    stream.write_all(&bytes).expect("the broker reads");
    let suback = read_packet(stream).expect("a SUBACK");
    assert_eq!(suback[0], 0x90, "{suback:02x?}");
    assert!(suback[suback.len() - 1] <= 2, "{suback:02x?}");
}

/// A connection that does not block, with its buffers.
pub struct Client {
    stream: TcpStream,
    input: Vec<u8>,
    pub output: Vec<u8>,
}

impl Client {
    pub fn new(stream: std::net::TcpStream, registry: &Registry, number: usize) -> Self {
        stream.set_nonblocking(true).expect("a socket");
        let mut stream = TcpStream::from_std(stream);
        let interests = Interest::READABLE | Interest::WRITABLE;
        registry
            .register(&mut stream, Token(number), interests)
            .expect("an event queue");
        Self {
            stream,
            input: Vec::new(),
            output: Vec::new(),
        }
    }

    /// Reads what has come, and hands out each packet.
    pub fn read(&mut self, scratch: &mut [u8], mut on_packet: impl FnMut(u8, &[u8], &mut Vec<u8>)) {
        loop {
            let count = match self.stream.read(scratch) {
                Ok(0) => panic!("the broker closed a connection"),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) => panic!("{error}"),
            };
            let mut rest = &scratch[..count];
            if !self.input.is_empty() {
                self.input.extend_from_slice(rest);
                rest = &self.input;
            }
            while let Some((first, body, length)) = packets::first(rest) {
                on_packet(first, body, &mut self.output);
                rest = &rest[length..];
            }
            self.input = rest.to_vec();
            if count < scratch.len() {
                return;
            }
        }
    }

    /// Writes what there is, as far as the socket takes it.
    pub fn flush(&mut self) {
        let mut written = 0;
        while written < self.output.len() {
            match self.stream.write(&self.output[written..]) {
                Ok(count) => written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => panic!("{error}"),
            }
        }
        self.output.drain(..written);
    }
}
