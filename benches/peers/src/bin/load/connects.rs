//! Connections, from TCP's handshake to DISCONNECT.

use std::io::{Read, Write};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Words;
use crate::broker::Broker;
use crate::client;
use crate::packets;

/// Many connections in turns of `concurrency`: all connect, all send CONNECT, all read CONNACK,
/// all leave. Before each of these steps the clients may wait for `pause` µs, in which the broker
/// goes to sleep and its code out of the caches.
pub fn run(words: &Words) {
    let broker = Broker::of(words);
    let (messages, concurrency): (usize, usize) =
        (words.get("messages", 5000), words.get("concurrency", 50));
    turns(&broker, words, messages / 10, concurrency);
    let (start, cpu) = (Instant::now(), broker.cpu());
    let held = turns(&broker, words, messages, concurrency);
    let (cpu, seconds) = (broker.cpu() - cpu, start.elapsed().as_secs_f64());
    let messages = messages as f64;
    println!(
        "{:.2} {:.0} {:.2}",
        cpu / messages,
        messages / seconds,
        held / messages
    );
}

/// Gives the CPU time of the first half: until all have their CONNACK.
fn turns(broker: &Broker, words: &Words, messages: usize, concurrency: usize) -> f64 {
    let version = words.get("version", 4);
    let pause = Duration::from_micros(words.get("pause", 0));
    let wait = || {
        if !pause.is_zero() {
            sleep(pause);
        }
    };
    let mut until_connack = 0.0;
    for turn in 0..messages / concurrency {
        wait();
        let cpu = broker.cpu();
        let numbers = turn * concurrency..(turn + 1) * concurrency;
        let mut streams: Vec<_> = numbers
            .clone()
            .map(|number| {
                // All ports of an address may be in TIME_WAIT: each connection counts on.
                let mut stream = client::open(broker.port, number).expect("the broker accepts");
                wait();
                let connect = packets::connect(version, &format!("load-{number}"));
                stream.write_all(&connect).expect("the broker reads");
                stream
            })
            .collect();
        for stream in &mut streams {
            let connack = client::read_packet(stream).expect("a CONNACK");
            assert_eq!((connack[0], connack[3]), (0x20, 0), "{connack:02x?}");
        }
        until_connack += broker.cpu() - cpu;
        wait();
        for stream in &mut streams {
            stream
                .write_all(&packets::DISCONNECT)
                .expect("the broker reads");
        }
        // The broker closes first, so that its ports wait, not ours.
        for stream in &mut streams {
            let _end = stream.read(&mut [0; 16]);
        }
    }
    until_connack
}
