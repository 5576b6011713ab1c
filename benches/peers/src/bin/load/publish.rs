//! What it takes the system to publish over many connections.

use std::time::{Duration, Instant};

use mio::{Events, Poll};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::Words;
use crate::broker::Broker;
use crate::client::Client;
use crate::hold;
use crate::packets::{self, Publish, acknowledge};

/// As long as the topics of `mqtk bench`.
const TOPIC: &str = "load/topic/0";
/// Bytes of a payload.
const SIZE: usize = 32;
const SCRATCH: usize = 64 * 1024;
/// A broker that acknowledges nothing for so long has lost something.
const PATIENCE: Duration = Duration::from_secs(20);

struct Publisher {
    client: Client,
    sent: u64,
    acknowledged: u64,
}

/// Publishes as much as `mqtk bench pub -c CONNECTIONS --max-inflight WINDOW -n MESSAGES --bind
/// 127.1.0.0/24`, and prints the CPU µs of this process for each message: one wait for many
/// connections, then one read and one write for each that something came for. No message is timed.
pub fn run(words: &Words) {
    let broker = Broker::of(words);
    let qos: u8 = words.get("qos", 1);
    let connections: u64 = words.get("connections", 10);
    let share = words.get("messages", 100_000) / connections;
    let window = match qos {
        0 => u64::MAX,
        _ => words.get("window", 100),
    };
    let mut poll = Poll::new().expect("an event queue");
    let mut publishers: Vec<_> = (0..connections as usize)
        .map(|number| Publisher {
            client: Client::new(hold::connect(broker.port, number), poll.registry(), number),
            sent: 0,
            acknowledged: 0,
        })
        .collect();
    let mut publish = packets::publish(4, qos, TOPIC, 0, SIZE);
    let (mut scratch, mut events) = (vec![0; SCRATCH], Events::with_capacity(1024));
    let (start, mut progress) = (cpu(), Instant::now());
    for publisher in &mut publishers {
        publisher.fill(&mut publish, share, window);
    }
    let mut busy = publishers
        .iter()
        .filter(|one| !one.is_done(share, qos))
        .count();
    while busy > 0 {
        let timeout = Some(Duration::from_secs(1));
        poll.poll(&mut events, timeout).expect("events");
        assert!(progress.elapsed() < PATIENCE, "the broker stands still");
        if !events.is_empty() {
            progress = Instant::now();
        }
        for event in &events {
            let publisher = &mut publishers[event.token().0];
            let was_done = publisher.is_done(share, qos);
            if event.is_readable() {
                publisher.read(&mut scratch);
            }
            publisher.fill(&mut publish, share, window);
            busy -= usize::from(!was_done && publisher.is_done(share, qos));
        }
    }
    let cost = (cpu() - start).as_secs_f64() * 1e6 / (share * connections) as f64;
    println!("{cost:.3}");
}

impl Publisher {
    /// Publishes as much as the window allows and the socket takes.
    fn fill(&mut self, publish: &mut Publish, share: u64, window: u64) {
        loop {
            while self.sent < share
                && self.sent - self.acknowledged < window
                && self.client.output.len() < SCRATCH
            {
                let packet_id = (self.sent % 65_535) as u16 + 1;
                publish.write(&mut self.client.output, packet_id);
                self.sent += 1;
            }
            let waiting = self.client.output.len();
            self.client.flush();
            if waiting < SCRATCH || !self.client.output.is_empty() {
                return;
            }
        }
    }

    fn read(&mut self, scratch: &mut [u8]) {
        let acknowledged = &mut self.acknowledged;
        (self.client).read(scratch, |first, body, output| match first >> 4 {
            4 | 7 => *acknowledged += 1,
            5 => acknowledge(output, 0x62, [body[0], body[1]]),
            kind => panic!("a packet of type {kind}"),
        });
    }

    fn is_done(&self, share: u64, qos: u8) -> bool {
        let done = if qos == 0 {
            self.sent
        } else {
            self.acknowledged
        };
        done == share && self.client.output.is_empty()
    }
}

/// User and system time of this process.
fn cpu() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the system counts");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros as u64)
}
