//! Messages from publishers to subscribers, at a window.

use std::time::{Duration, Instant};

use mio::{Events, Poll};

use crate::Words;
use crate::broker::Broker;
use crate::client::{self, Client};
use crate::packets::{self, Publish, acknowledge};

const TOPIC: &str = "load/topic";
/// Bytes of a payload.
const SIZE: usize = 16;
const SCRATCH: usize = 256 * 1024;
/// Topic Filters in one SUBSCRIBE.
const FILTERS_AT_ONCE: usize = 1000;
/// A broker that delivers nothing for so long has lost something.
const PATIENCE: Duration = Duration::from_secs(20);

struct Flow {
    poll: Poll,
    /// The subscribers, then the publishers.
    clients: Vec<Client>,
    subscribers: usize,
    publishers: Vec<Publisher>,
    scratch: Vec<u8>,
    window: u64,
    qos: u8,
}

struct Publisher {
    publish: Publish,
    sent: u64,
    goal: u64,
    /// PUBACK or PUBCOMP.
    acknowledged: u64,
    /// Copies that subscribers have.
    delivered: u64,
}

impl Flow {
    fn new(broker: &Broker, words: &Words, publishers: usize, subscribers: usize) -> Self {
        let (version, qos) = (words.get("version", 4), words.get("qos", 0));
        let poll = Poll::new().expect("an event queue");
        let topic = || TOPIC.to_owned();
        let clients = (0..subscribers + publishers).map(|number| {
            let mut stream = client::connect(broker.port, number, version);
            if number < subscribers {
                client::subscribe(&mut stream, version, qos, &[topic()]);
            }
            Client::new(stream, poll.registry(), number)
        });
        let clients = clients.collect();
        let publishers = (0..publishers as u32).map(|number| Publisher {
            publish: packets::publish(version, qos, TOPIC, number, SIZE),
            sent: 0,
            goal: 0,
            acknowledged: 0,
            delivered: 0,
        });
        Self {
            clients,
            publishers: publishers.collect(),
            poll,
            subscribers,
            scratch: vec![0; SCRATCH],
            window: words.get("window", 500),
            qos,
        }
    }

    fn delivered(&self) -> u64 {
        self.publishers.iter().map(|one| one.delivered).sum()
    }

    /// Publishes so many messages in all, and waits until every subscriber has them.
    fn run(&mut self, messages: u64) {
        let share = messages / self.publishers.len() as u64;
        for publisher in &mut self.publishers {
            publisher.goal = publisher.sent + share;
        }
        let copies = self.delivered() + share * (self.publishers.len() * self.subscribers) as u64;
        let mut events = Events::with_capacity(1024);
        let mut progress = Instant::now();
        loop {
            self.fill();
            let waits = self.publishers.iter().any(|one| one.waits(self.qos));
            if self.delivered() == copies && !waits {
                return;
            }
            let timeout = Some(Duration::from_secs(1));
            self.poll.poll(&mut events, timeout).expect("events");
            if !events.is_empty() {
                progress = Instant::now();
            }
            assert!(
                progress.elapsed() < PATIENCE,
                "{} copies are missing",
                copies - self.delivered()
            );
            for event in &events {
                let number = event.token().0;
                if event.is_readable() {
                    self.read(number);
                }
                self.clients[number].flush();
            }
        }
    }

    /// Publishes as much as the windows allow.
    fn fill(&mut self) {
        let clients = &mut self.clients[self.subscribers..];
        for (client, publisher) in clients.iter_mut().zip(&mut self.publishers) {
            let delivered = publisher.delivered / self.subscribers as u64;
            let done = match self.qos {
                0 => delivered,
                _ => delivered.min(publisher.acknowledged),
            };
            while publisher.sent < publisher.goal && publisher.sent - done < self.window {
                let packet_id = (publisher.sent % 65_535) as u16 + 1;
                publisher.publish.write(&mut client.output, packet_id);
                publisher.sent += 1;
            }
            client.flush();
        }
    }

    fn read(&mut self, number: usize) {
        let publishers = &mut self.publishers;
        let publisher = number.checked_sub(self.subscribers);
        self.clients[number].read(&mut self.scratch, |first, body, output| match first >> 4 {
            3 => {
                let at = body.len() - SIZE;
                let from = u32::from_be_bytes(body[at..at + 4].try_into().expect("4 bytes"));
                publishers[from as usize].delivered += 1;
                let id = 2 + TOPIC.len();
                match first >> 1 & 3 {
                    0 => {}
                    1 => acknowledge(output, 0x40, [body[id], body[id + 1]]),
                    _ => acknowledge(output, 0x50, [body[id], body[id + 1]]),
                }
            }
            4 | 7 => {
                let publisher = publisher.expect("publishers are acknowledged");
                publishers[publisher].acknowledged += 1;
            }
            5 => acknowledge(output, 0x62, [body[0], body[1]]),
            6 => acknowledge(output, 0x70, [body[0], body[1]]),
            kind => panic!("a packet of type {kind}"),
        });
    }
}

impl Publisher {
    fn waits(&self, qos: u8) -> bool {
        qos > 0 && self.acknowledged < self.sent
    }
}

/// Connections and subscriptions that have nothing to do with the load.
fn bystanders(broker: &Broker, words: &Words) -> Vec<std::net::TcpStream> {
    let (idle, filters, version) = (
        words.get("idle", 0_usize),
        words.get("filters", 0_usize),
        words.get("version", 4),
    );
    // Below the generator's own numbers, each is a client of its own.
    let mut streams: Vec<_> = (0..idle)
        .map(|number| {
            let mut stream = client::connect(broker.port, 1000 + number, version);
            client::subscribe(&mut stream, version, 0, &[format!("idle/{number}/+")]);
            stream
        })
        .collect();
    // Ten clients share the filters; every fourth has a wildcard.
    for number in 0..10 * usize::from(filters > 0) {
        let mut stream = client::connect(broker.port, 900 + number, version);
        let mine: Vec<_> = (0..filters)
            .skip(number)
            .step_by(10)
            .map(|filter| match filter % 4 {
                0 => format!("site/{}/+/{filter}", filter % 1000),
                _ => format!("site/{}/device/{filter}", filter % 1000),
            })
            .collect();
        for some in mine.chunks(FILTERS_AT_ONCE) {
            client::subscribe(&mut stream, version, 0, some);
        }
        streams.push(stream);
    }
    streams
}

pub fn run(words: &Words) {
    let broker = Broker::of(words);
    // To wait for memory that goes back takes longer than many a flow.
    let memory = |broker: &Broker| match words.get("settle", false) {
        true => broker.settled_memory(),
        false => broker.memory(),
    };
    let idle = memory(&broker);
    let bystanders = bystanders(&broker, words);
    let (publishers, subscribers) = (words.get("publishers", 1), words.get("subscribers", 1));
    let mut flow = Flow::new(&broker, words, publishers, subscribers);
    let messages = words.get("messages", 100_000);
    flow.run(messages / 10);
    let (delivered, cpu, start) = (flow.delivered(), broker.cpu(), Instant::now());
    flow.run(messages);
    let cpu = broker.cpu() - cpu;
    let delivered = (flow.delivered() - delivered) as f64;
    let rate = delivered / start.elapsed().as_secs_f64();
    let peak = broker.memory();
    drop((flow, bystanders));
    let after = memory(&broker);
    println!(
        "{:.3} {rate:.0} {idle:.0} {peak:.0} {after:.0}",
        cpu / delivered
    );
}

pub fn round_trips(words: &Words) {
    let broker = Broker::of(words);
    let mut flow = Flow::new(&broker, words, 1, 1);
    flow.window = 1;
    let messages = words.get("messages", 20_000);
    flow.run(messages / 10);
    let (start, cpu) = (Instant::now(), broker.cpu());
    flow.run(messages);
    let rate = messages as f64 / start.elapsed().as_secs_f64();
    println!("{rate:.0} {:.3}", (broker.cpu() - cpu) / messages as f64);
}
