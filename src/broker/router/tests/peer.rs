//! A client of the simulations.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Instant;

use fastrand::Rng;

use super::super::{Cause, ConnectionKey};
use super::{World, drain};
use crate::codec::{
    Connect, Frame, Output, Properties, PropertyBuf, PropertyId, Publish, QoS, ReasonCode,
    SubscriptionOptions, Value, Version,
};
use crate::session::{Config, Delivery, Event, Message, Role, Session};

/// Messages that each client publishes at each QoS.
pub const MESSAGES: u32 = 40;
/// Every so many, there is one that a store has once for all Sessions.
const LARGE: u32 = 10;

/// Publishes numbered messages, and notes the numbers it gets.
pub struct Peer {
    pub id: String,
    pub version: Version,
    pub session: Session,
    pub connection: Option<ConnectionKey>,
    pub output: Output,
    /// Bytes on their way to the router.
    pub up: Vec<u8>,
    /// Bytes on their way to the client.
    pub down: Vec<u8>,
    /// Those of them that have arrived, and are no whole packet yet.
    arrived: usize,
    /// Messages published so far, at QoS 1 and QoS 2.
    pub published: [u32; 2],
    /// Numbers that arrived, by topic.
    pub received: HashMap<String, Vec<u32>>,
}

impl Peer {
    pub fn new(number: usize, rng: &mut Rng) -> Self {
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
            arrived: 0,
            published: [0; 2],
            received: HashMap::new(),
        }
    }

    pub fn connect(&mut self, world: &mut World) {
        self.connect_with(world, false);
    }

    /// With Clean Start, or with the Session there is.
    pub fn connect_with(&mut self, world: &mut World, clean_start: bool) {
        let mut properties = PropertyBuf::default();
        if self.version == Version::V5 {
            properties.push(PropertyId::SessionExpiryInterval, Value::FourByte(u32::MAX));
            properties.push(PropertyId::ReceiveMaximum, Value::TwoByte(5));
            properties.push(PropertyId::TopicAliasMaximum, Value::TwoByte(3));
        }
        let connect = Connect {
            version: self.version,
            clean_start,
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
    pub fn cut(&mut self, world: &mut World) {
        let Some(key) = self.connection.take() else {
            return;
        };
        world.router.end_connection(world.now, key, Cause::Closed);
        world.router.remove(key);
        self.forget_connection();
    }

    /// There is no connection any more, and nothing on its way.
    pub fn forget_connection(&mut self) {
        self.connection = None;
        self.session.connection_lost();
        self.output.clear();
        self.up.clear();
        self.down.clear();
        self.arrived = 0;
    }

    /// Moves up to `count` bytes each way; says whether there were any.
    pub fn exchange(&mut self, world: &mut World, count: usize, arriving: &mut Vec<u8>) -> bool {
        let Some(key) = self.connection else {
            return false;
        };
        drain(&mut self.output, &mut self.up);
        let moved = count.min(self.up.len());
        arriving.extend(self.up.drain(..moved));
        world.feed(key, arriving);
        self.down.extend(world.drain(key));
        let moved = count.saturating_add(self.arrived).min(self.down.len());
        let mut consumed = 0;
        while let Some(frame) = Frame::parse(&self.down[consumed..moved], usize::MAX)
            .expect("the router writes packets")
        {
            consumed += frame.bytes().len();
            let event = self.session.receive(world.now, frame, &mut self.output);
            if let Event::Message(message) = event.expect("the router keeps the rules") {
                let number = message.publish.payload.first_chunk();
                let number = number.copied().map(u32::from_be_bytes);
                let topic = message.topic().to_owned();
                let numbers = self.received.entry(topic).or_default();
                numbers.push(number.expect("a number"));
                let reason = ReasonCode::SUCCESS;
                self.session.acknowledge(&message, reason, &mut self.output);
            }
        }
        self.down.drain(..consumed);
        self.arrived = moved - consumed;
        moved > 0 || !self.up.is_empty() || !self.output.is_empty()
    }

    pub fn subscribe(&mut self, now: Instant, filters: &[&str]) {
        let options = SubscriptionOptions {
            qos: QoS::ExactlyOnce,
            ..SubscriptionOptions::default()
        };
        let filters: Vec<_> = filters.iter().map(|filter| (*filter, options)).collect();
        let sent = self
            .session
            .subscribe(now, &filters, Properties::EMPTY, &mut self.output);
        assert!(sent.is_some());
    }

    /// Publishes the next message, if there is one left and room for it; says whether.
    pub fn publish(&mut self, now: Instant, qos: QoS) -> bool {
        let published = &mut self.published[qos as usize - 1];
        if *published == MESSAGES || !self.session.can_publish() {
            return false;
        }
        let topic = format!("{}/{}", self.id, qos as u8);
        let mut payload = published.to_be_bytes().to_vec();
        if published.is_multiple_of(LARGE) {
            payload.resize(2000, b'x');
        }
        let publish = Publish {
            dup: false,
            qos,
            retain: false,
            topic: &topic,
            packet_id: None,
            properties: Properties::EMPTY,
            payload: &payload,
        };
        let message = Rc::new(Message::from_publish(now, &publish, &topic));
        let outcome =
            self.session
                .publish(now, &message, Delivery::new(qos, false), &mut self.output);
        assert!(matches!(outcome, crate::session::Outcome::Sent(Some(_))));
        *published += 1;
        true
    }

    pub fn is_done(&self) -> bool {
        self.published == [MESSAGES; 2] && self.session.is_idle()
    }
}

/// Everybody who subscribed to everything got it all: in order, and at QoS 2 once.
pub fn assert_all_arrived(seed: u64, peers: &[Peer]) {
    assert_eq!(complaints(peers), [""; 0], "seed {seed}");
}

/// What those who subscribed to everything have to say about what they got.
pub fn complaints(peers: &[Peer]) -> Vec<String> {
    let mut complaints = Vec::new();
    for receiver in peers {
        for publisher in peers {
            for qos in [1, 2] {
                let topic = format!("{}/{qos}", publisher.id);
                let numbers = receiver.received.get(&topic).cloned().unwrap_or_default();
                let mut first: Vec<u32> = Vec::new();
                for number in &numbers {
                    if !first.contains(number) {
                        first.push(*number);
                    }
                }
                let is_complete = first.into_iter().eq(0..MESSAGES);
                if !is_complete || qos == 2 && numbers.len() != MESSAGES as usize {
                    complaints.push(format!("{topic} at {}: {numbers:?}", receiver.id));
                }
            }
        }
    }
    complaints
}
