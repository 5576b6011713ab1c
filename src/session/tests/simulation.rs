//! A seeded simulation: clients of all versions talk to each other through a tiny router, over
//! connections that deliver bytes in pieces, late, and are cut at random.
//!
//! A failure prints its seed; `MQTK_SIM_SEED=<seed> cargo test simulation` runs that one again.

use std::collections::{BTreeMap, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const CLIENTS: usize = 4;
const BUSY_TICKS: usize = 1500;
const QUIET_TICKS: usize = 3000;

/// SplitMix64: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// Bytes under way in one direction, and those that have arrived.
#[derive(Default)]
struct Wire {
    under_way: VecDeque<u8>,
    arrived: Vec<u8>,
}

impl Wire {
    fn take(&mut self, out: &mut Output) {
        self.under_way.extend(drain(out));
    }

    fn arrive(&mut self, bytes: usize) {
        let bytes = bytes.min(self.under_way.len());
        self.arrived.extend(self.under_way.drain(..bytes));
    }

    /// The first whole Frame, removed.
    fn frame(&mut self) -> Option<Vec<u8>> {
        let len = Frame::parse(&self.arrived, usize::MAX)
            .unwrap()?
            .bytes()
            .len();
        Some(self.arrived.drain(..len).collect())
    }
}

/// A client, the router's session for it, and the connection between them.
struct Link {
    version: Version,
    client: Session,
    client_out: Output,
    server: Session,
    server_out: Output,
    up: Wire,
    down: Wire,
    connected: bool,
    known: bool,
    limits: [u16; 4],
    /// Messages sent and not yet acknowledged, by identifier.
    unacknowledged: BTreeMap<PacketId, String>,
}

impl Link {
    fn new(version: Version, random: &mut Random) -> Link {
        let config = Config {
            max_inflight: 1 + random.below(20) as u16,
            use_topic_aliases: random.one_in(2),
            ..Config::default()
        };
        let server = Config {
            queue_messages: usize::MAX,
            queue_bytes: usize::MAX,
            ..config
        };
        Link {
            version,
            client: Session::new(Role::Client, config),
            client_out: Output::default(),
            server: Session::new(Role::Server, server),
            server_out: Output::default(),
            up: Wire::default(),
            down: Wire::default(),
            connected: false,
            known: false,
            limits: [(); 4].map(|()| 1 + random.below(8) as u16),
            unacknowledged: BTreeMap::new(),
        }
    }

    fn opening(&self) -> Opening {
        let opening = Opening {
            keep_alive: 3,
            session_present: self.known,
            ..Opening::new(self.version)
        };
        if self.version != Version::V5 {
            return opening;
        }
        let [a, b, c, d] = self.limits.map(Value::TwoByte);
        opening
            .with_connect(PropertyId::ReceiveMaximum, a)
            .with_connect(PropertyId::TopicAliasMaximum, b)
            .with_connack(PropertyId::ReceiveMaximum, c)
            .with_connack(PropertyId::TopicAliasMaximum, d)
    }

    fn connect(&mut self, now: Instant) {
        self.opening().packets(|connect, _| {
            self.client.connect(now, connect, &mut self.client_out);
        });
        self.connected = true;
    }

    fn cut(&mut self) {
        self.client.connection_lost();
        self.server.connection_lost();
        for out in [&mut self.client_out, &mut self.server_out] {
            out.clear();
        }
        (self.up, self.down) = Default::default();
        self.connected = false;
    }
}

struct World {
    random: Random,
    now: Instant,
    links: Vec<Link>,
    /// What was published and what was received, by sender, receiver and QoS.
    published: BTreeMap<(usize, usize, u8), usize>,
    received: BTreeMap<(usize, usize, u8), Vec<usize>>,
    cuts: usize,
}

impl World {
    fn new(seed: u64) -> World {
        let mut random = Random(seed);
        let links = (0..CLIENTS)
            .map(|n| Link::new(Version::ALL[n % Version::ALL.len()], &mut random))
            .collect();
        World {
            random,
            now: start(),
            links,
            published: BTreeMap::new(),
            received: BTreeMap::new(),
            cuts: 0,
        }
    }

    fn run(&mut self) {
        for _ in 0..BUSY_TICKS {
            self.tick(true);
        }
        for _ in 0..QUIET_TICKS {
            self.tick(false);
            if self.links.iter().all(|link| {
                link.connected && link.known && link.client.is_idle() && link.server.is_idle()
            }) {
                return;
            }
        }
        panic!("messages are stuck");
    }

    fn tick(&mut self, busy: bool) {
        let pause = if self.random.one_in(50) { 2000 } else { 20 };
        self.now += Duration::from_millis(self.random.below(pause) as u64);
        for at in 0..CLIENTS {
            let link = &mut self.links[at];
            if !link.connected && (!busy || self.random.one_in(5)) {
                link.connect(self.now);
            } else if busy && link.connected && self.random.one_in(80) {
                link.cut();
                self.cuts += 1;
            }
            if busy && self.random.one_in(2) {
                self.publish(at);
            }
            self.carry_up(at);
            self.carry_down(at);
            let link = &mut self.links[at];
            let alive = link
                .client
                .handle_timeout(self.now, &mut link.client_out)
                .is_ok()
                && link
                    .server
                    .handle_timeout(self.now, &mut link.server_out)
                    .is_ok();
            if !alive {
                link.cut();
            }
        }
    }

    fn publish(&mut self, from: usize) {
        let to = self.random.below(CLIENTS);
        let qos = QoS::from_bits(self.random.below(3) as u8).unwrap();
        // Nobody can be given messages before the router knows it.
        if !self.links[from].client.can_publish() || !self.links[to].known {
            return;
        }
        let number = self.published.entry((from, to, qos.bits())).or_default();
        let payload = format!("{from} {qos} {number}");
        *number += 1;
        let message = message(&format!("to/{to}"), &payload, qos);
        let link = &mut self.links[from];
        let delivery = Delivery::new(qos, false);
        match link
            .client
            .publish(self.now, &message, delivery, &mut link.client_out)
        {
            Outcome::Sent(Some(packet_id)) => {
                let replaced = link.unacknowledged.insert(packet_id, payload);
                assert_eq!(replaced, None, "the identifier is in use");
            }
            Outcome::Sent(None) => assert_eq!(qos, QoS::AtMostOnce),
            other => panic!("can_publish, but {other:?}"),
        }
    }

    /// From a client to the router, which gives messages to the sessions of their receivers.
    fn carry_up(&mut self, at: usize) {
        let link = &mut self.links[at];
        link.up.take(&mut link.client_out);
        link.up.arrive(self.random.below(200));
        while let Some(bytes) = self.links[at].up.frame() {
            let frame = frames_in(&bytes)[0];
            let link = &mut self.links[at];
            if frame.packet_type() == PacketType::Connect {
                let connect = read_connect(frame).unwrap();
                link.opening().packets(|_, connack| {
                    link.server
                        .accept(self.now, &connect, connack, &mut link.server_out);
                });
                link.known = true;
                continue;
            }
            let event = link.server.receive(self.now, frame, &mut link.server_out);
            let Event::Message(received) = event.unwrap() else {
                continue;
            };
            let to: usize = received
                .topic()
                .strip_prefix("to/")
                .unwrap()
                .parse()
                .unwrap();
            let message = Message::from_publish(self.now, &received.publish, received.topic());
            let delivery = Delivery::new(message.qos, false);
            let link = &mut self.links[to];
            let outcome =
                link.server
                    .publish(self.now, &Rc::new(message), delivery, &mut link.server_out);
            let at_most_once = received.publish.qos == QoS::AtMostOnce;
            assert!(
                at_most_once || !matches!(outcome, Outcome::Dropped(_)),
                "{outcome:?}"
            );
            let link = &mut self.links[at];
            link.server
                .acknowledge(&received, ReasonCode::SUCCESS, &mut link.server_out);
        }
    }

    fn carry_down(&mut self, at: usize) {
        let link = &mut self.links[at];
        link.down.take(&mut link.server_out);
        link.down.arrive(self.random.below(200));
        while let Some(bytes) = link.down.frame() {
            let frame = frames_in(&bytes)[0];
            let event = link
                .client
                .receive(self.now, frame, &mut link.client_out)
                .unwrap();
            match event {
                Event::Message(received) => {
                    assert_eq!(received.topic(), format!("to/{at}"));
                    let payload = Bytes::copy_from_slice(received.publish.payload);
                    let payload = std::str::from_utf8(&payload).unwrap();
                    let words: Vec<usize> = payload
                        .split(' ')
                        .map(|word| word.parse().unwrap())
                        .collect();
                    let [from, qos, number] = words[..] else {
                        panic!("{payload}")
                    };
                    assert_eq!(qos, usize::from(received.publish.qos.bits()));
                    self.received
                        .entry((from, at, qos as u8))
                        .or_default()
                        .push(number);
                    let reason = ReasonCode::SUCCESS;
                    link.client
                        .acknowledge(&received, reason, &mut link.client_out);
                }
                Event::Published { packet_id, reason } => {
                    assert_eq!(reason, ReasonCode::SUCCESS);
                    let done = link.unacknowledged.remove(&packet_id);
                    assert!(done.is_some(), "published twice");
                }
                _ => {}
            }
        }
    }

    fn check(&self) {
        assert!(self.links.iter().all(|link| link.unacknowledged.is_empty()));
        for (key, published) in &self.published {
            let received = self.received.get(key).map_or(&[][..], Vec::as_slice);
            let all: Vec<usize> = (0..*published).collect();
            let mut first = Vec::new();
            let mut seen = vec![false; *published];
            for number in received {
                if !std::mem::replace(&mut seen[*number], true) {
                    first.push(*number);
                }
            }
            match key.2 {
                0 => assert!(received.is_sorted_by(|a, b| a < b), "{key:?}: {received:?}"),
                1 => assert_eq!(first, all, "{key:?}: at least once, in order"),
                _ => assert_eq!(received, all, "{key:?}: exactly once, in order"),
            }
        }
    }
}

/// Prints the seed when the run it belongs to panics.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("run it again with MQTK_SIM_SEED={}", self.0);
        }
    }
}

fn simulate(seed: u64) {
    let seed = Seed(seed);
    let mut world = World::new(seed.0);
    world.run();
    world.check();
    let messages: usize = world.published.values().sum();
    assert!(
        world.cuts > 20 && messages > 500,
        "{} cuts, {messages} messages",
        world.cuts
    );
}

#[test]
fn simulation() {
    match std::env::var("MQTK_SIM_SEED") {
        Ok(seed) => simulate(seed.parse().expect("MQTK_SIM_SEED is a number")),
        Err(_) => {
            (0..6).for_each(simulate);
            simulate(RandomState::new().hash_one(()));
        }
    }
}
