//! Many clients, connections that break at any byte: nothing acknowledged is lost, nothing at
//! QoS 2 arrives twice, every publisher's order is kept.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::super::{Cause, ConnectionKey};
use super::{World, drain};
use crate::broker::Limits;
use crate::codec::{
    Connect, Frame, Output, Properties, PropertyBuf, PropertyId, Publish, QoS, ReasonCode,
    SubscriptionOptions, Value, Version,
};
use crate::session::{Config, Delivery, Event, Message, Role, Session};

const CLIENTS: usize = 6;
/// Messages that each client publishes at each QoS.
const MESSAGES: u32 = 40;

/// A client of the simulation: publishes numbered messages, and notes the numbers it gets.
struct Peer {
    id: String,
    version: Version,
    session: Session,
    connection: Option<ConnectionKey>,
    output: Output,
    /// Bytes on their way to the router.
    up: Vec<u8>,
    /// Bytes on their way to the client.
    down: Vec<u8>,
    /// Messages published so far, at QoS 1 and QoS 2.
    published: [u32; 2],
    /// Numbers that arrived, by topic.
    received: HashMap<String, Vec<u32>>,
}

impl Peer {
    fn new(number: usize, rng: &mut Rng) -> Self {
        let config = Config {
            max_inflight: rng.u16(1..20),
            ..Config::default()
        };
        Self {
            id: format!("c{number}"),
            version: [Version::V3_1, Version::V3_1_1, Version::V5][number % 3],
            session: Session::new(Role::Client, config),
            connection: None,
            output: Output::default(),
            up: Vec::new(),
            down: Vec::new(),
            published: [0; 2],
            received: HashMap::new(),
        }
    }

    fn connect(&mut self, world: &mut World) {
        let mut properties = PropertyBuf::default();
        if self.version == Version::V5 {
            properties.push(PropertyId::SessionExpiryInterval, Value::FourByte(u32::MAX));
            properties.push(PropertyId::ReceiveMaximum, Value::TwoByte(5));
            properties.push(PropertyId::TopicAliasMaximum, Value::TwoByte(3));
        }
        let connect = Connect {
            version: self.version,
            clean_start: false,
            keep_alive: 0,
            properties: properties.as_properties(),
            client_id: &self.id,
            will: None,
            username: None,
            password: None,
        };
        self.connection = Some(world.open());
        self.session.connect(world.now, &connect, &mut self.output);
    }

    /// The Network Connection breaks: what is under way is lost.
    fn cut(&mut self, world: &mut World) {
        let Some(key) = self.connection.take() else {
            return;
        };
        world.router.end_connection(world.now, key, Cause::Closed);
        world.router.remove(key);
        self.session.connection_lost();
        self.output.clear();
        self.up.clear();
        self.down.clear();
    }

    /// Moves up to `count` bytes each way; says whether there were any.
    fn exchange(&mut self, world: &mut World, count: usize, arriving: &mut Vec<u8>) -> bool {
        let Some(key) = self.connection else {
            return false;
        };
        drain(&mut self.output, &mut self.up);
        let moved = count.min(self.up.len());
        arriving.extend(self.up.drain(..moved));
        world.feed(key, arriving);
        self.down.extend(world.drain(key));
        let moved = count.min(self.down.len());
        let mut consumed = 0;
        while let Some(frame) = Frame::parse(&self.down[consumed..moved], usize::MAX)
            .expect("the router writes packets")
        {
            consumed += frame.bytes().len();
            let event = self.session.receive(world.now, frame, &mut self.output);
            if let Event::Message(message) = event.expect("the router keeps the rules") {
                let number = message.publish.payload.try_into().map(u32::from_be_bytes);
                let topic = message.topic().to_owned();
                let numbers = self.received.entry(topic).or_default();
                numbers.push(number.expect("a number"));
                let reason = ReasonCode::SUCCESS;
                self.session.acknowledge(&message, reason, &mut self.output);
            }
        }
        self.down.drain(..consumed);
        moved > 0 || !self.up.is_empty() || !self.output.is_empty()
    }

    fn subscribe(&mut self, now: Instant) {
        let options = SubscriptionOptions {
            qos: QoS::ExactlyOnce,
            ..SubscriptionOptions::default()
        };
        let filters = [("+/1", options), ("+/2", options), ("c0/#", options)];
        let sent = self
            .session
            .subscribe(now, &filters, Properties::EMPTY, &mut self.output);
        assert!(sent.is_some());
    }

    /// Publishes the next message, if there is one left and room for it; says whether.
    fn publish(&mut self, now: Instant, qos: QoS) -> bool {
        let published = &mut self.published[qos as usize - 1];
        if *published == MESSAGES || !self.session.can_publish() {
            return false;
        }
        let topic = format!("{}/{}", self.id, qos as u8);
        let publish = Publish {
            dup: false,
            qos,
            retain: false,
            topic: &topic,
            packet_id: None,
            properties: Properties::EMPTY,
            payload: &published.to_be_bytes(),
        };
        let message = Rc::new(Message::from_publish(now, &publish, &topic));
        let outcome =
            self.session
                .publish(now, &message, Delivery::new(qos, false), &mut self.output);
        assert!(matches!(outcome, crate::session::Outcome::Sent(Some(_))));
        *published += 1;
        true
    }

    fn is_done(&self) -> bool {
        self.published == [MESSAGES; 2] && self.session.is_idle()
    }
}

fn run(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut world = World::new(Limits::default());
    let mut peers: Vec<_> = (0..CLIENTS)
        .map(|number| Peer::new(number, &mut rng))
        .collect();
    let mut arriving = vec![Vec::new(); CLIENTS];
    for (peer, arriving) in peers.iter_mut().zip(&mut arriving) {
        peer.connect(&mut world);
        peer.exchange(&mut world, usize::MAX, arriving);
        peer.subscribe(world.now);
        peer.exchange(&mut world, usize::MAX, arriving);
    }
    let mut quiet = 0;
    let mut cuts = 200;
    while quiet < 100 {
        world.now += Duration::from_millis(1);
        let at = rng.usize(..CLIENTS);
        let (peer, arriving) = (&mut peers[at], &mut arriving[at]);
        if peer.connection.is_none() {
            peer.connect(&mut world);
        }
        let busy = match rng.u8(..20) {
            0 if cuts > 0 => {
                cuts -= 1;
                peer.exchange(&mut world, rng.usize(..300), arriving);
                peer.cut(&mut world);
                arriving.clear();
                true
            }
            1..6 => peer.publish(world.now, QoS::AtLeastOnce),
            6..11 => peer.publish(world.now, QoS::ExactlyOnce),
            _ => {
                let count = if cuts > 0 {
                    rng.usize(..100)
                } else {
                    usize::MAX
                };
                peer.exchange(&mut world, count, arriving)
            }
        };
        let done = cuts == 0 && !busy && peers.iter().all(Peer::is_done);
        quiet = if done { quiet + 1 } else { 0 };
    }
    for receiver in &peers {
        for publisher in &peers {
            for qos in [1, 2] {
                let topic = format!("{}/{qos}", publisher.id);
                let numbers = receiver.received.get(&topic).cloned().unwrap_or_default();
                let mut first: Vec<u32> = Vec::new();
                for number in &numbers {
                    if !first.contains(number) {
                        first.push(*number);
                    }
                }
                let what = format!("seed {seed}: {topic} at {}: {numbers:?}", receiver.id);
                assert!(first.into_iter().eq(0..MESSAGES), "{what}");
                assert!(qos == 1 || numbers.len() == MESSAGES as usize, "{what}");
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_and_qos_2_arrives_once() {
    for seed in 0..20 {
        run(seed);
    }
}
