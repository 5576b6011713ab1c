//! Connections that are opened as fast as the broker accepts them, and held.

use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

use crate::Words;
use crate::broker::Broker;
use crate::client;
use crate::packets;

/// Opens connections in turns of `concurrency`, by a loop that does nothing else, and prints how
/// many a second that were.
pub fn run(words: &Words) {
    let broker = Broker::of(words);
    let (connections, concurrency): (usize, usize) =
        (words.get("connections", 5000), words.get("concurrency", 50));
    let start = Instant::now();
    let mut held: Vec<TcpStream> = Vec::with_capacity(connections);
    while held.len() < connections {
        let turn = held.len()..connections.min(held.len() + concurrency);
        let first = turn.start;
        held.extend(turn.map(|number| {
            let mut stream = client::open(broker.port, number).expect("the broker accepts");
            let connect = packets::connect(4, &format!("hold-{number}"));
            stream.write_all(&connect).expect("the broker reads");
            stream
        }));
        for stream in &mut held[first..] {
            let connack = client::read_packet(stream).expect("a CONNACK");
            assert_eq!((connack[0], connack[3]), (0x20, 0), "{connack:02x?}");
        }
    }
    println!("{:.0}", connections as f64 / start.elapsed().as_secs_f64());
}
