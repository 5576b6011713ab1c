//! `bare PORT`: accepts connections, answers the first bytes of each with a CONNACK and closes it
//! at the second. No broker can do with less, so this is what a connection costs the system.

use std::collections::HashMap;
use std::env;
use std::io::{ErrorKind, Read, Write};

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

const CONNACK: [u8; 4] = [0x20, 2, 0, 0];

fn main() {
    let port: u16 = env::args().nth(1).expect("a port").parse().expect("a port");
    let mut poll = Poll::new().expect("an event queue");
    let mut listener = TcpListener::bind(([127, 0, 0, 1], port).into()).expect("a free port");
    poll.registry()
        .register(&mut listener, Token(0), Interest::READABLE)
        .expect("an event queue");
    let mut events = Events::with_capacity(1024);
    let mut streams = HashMap::<Token, TcpStream>::new();
    let mut next = 1;
    let mut buffer = [0; 4096];
    loop {
        poll.poll(&mut events, None).expect("events");
        for event in &events {
            if event.token() == Token(0) {
                while let Ok((mut stream, _)) = listener.accept() {
                    let token = Token(next);
                    next += 1;
                    poll.registry()
                        .register(&mut stream, token, Interest::READABLE)
                        .expect("an event queue");
                    streams.insert(token, stream);
                }
            } else if let Some(stream) = streams.get_mut(&event.token()) {
                match stream.read(&mut buffer) {
                    Ok(3..) => stream.write_all(&CONNACK).expect("room for four bytes"),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    Ok(_) | Err(_) => drop(streams.remove(&event.token())),
                }
            }
        }
    }
}
