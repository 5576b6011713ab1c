//! What time does while no broker runs, and what Shared Subscriptions are after it.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use super::persistent::Persistent;
use crate::codec::{
    Ack, Connect, Filters, Frame, Packet, PacketId, Properties, PropertyBuf, PropertyId, Publish,
    QoS, ReasonCode, Subscribe, SubscriptionOptions, Value, Version, Will,
};

const SECOND: Duration = Duration::from_secs(1);
const V5: Version = Version::V5;

/// A client without a Session of its own: it sends what the test says.
struct Client {
    key: ConnectionKey,
    session_present: bool,
    /// Messages that have arrived: topic, payload, what is left of the Message Expiry Interval.
    messages: Vec<(String, String, Option<u32>)>,
}

/// A Will Message of this topic, and its Will Delay Interval.
type Testament = (&'static str, u32);

impl Client {
    /// Connects, with a Session that outlives the connection by `expiry` seconds.
    fn connect(
        broker: &mut Persistent,
        client_id: &str,
        expiry: u32,
        will: Option<Testament>,
    ) -> Self {
        let mut properties = PropertyBuf::default();
        properties.push(PropertyId::SessionExpiryInterval, Value::FourByte(expiry));
        let mut delay = PropertyBuf::default();
        if let Some((_, seconds)) = will {
            delay.push(PropertyId::WillDelayInterval, Value::FourByte(seconds));
        }
        let will = will.map(|(topic, _)| Will {
            qos: QoS::AtLeastOnce,
            retain: false,
            properties: delay.as_properties(),
            topic,
            payload: b"gone",
        });
        let connect = Packet::Connect(Connect {
            version: V5,
            clean_start: false,
            keep_alive: 0,
            properties: properties.as_properties(),
            client_id,
            will,
            username: None,
            password: None,
        });
        let mut client = Self {
            key: broker.world.open(),
            session_present: false,
            messages: Vec::new(),
        };
        client.send(broker, connect);
        client
    }

    /// Sends a packet, and takes what comes when all is durable; messages are acknowledged.
    fn send(&mut self, broker: &mut Persistent, packet: Packet<'_>) {
        let mut bytes = Vec::new();
        packet.encode(V5, &mut bytes);
        broker.world.feed(self.key, &mut bytes);
        self.take(broker);
    }

    fn take(&mut self, broker: &mut Persistent) {
        broker.commit_all();
        let bytes = broker.world.drain(self.key);
        let mut rest = bytes.as_slice();
        while let Some(frame) = Frame::parse(rest, usize::MAX).unwrap() {
            rest = &rest[frame.bytes().len()..];
            match frame.decode(V5).unwrap() {
                Packet::Connack(connack) => self.session_present = connack.session_present,
                Packet::Publish(publish) => self.keep(broker, &publish),
                _ => {}
            }
        }
    }

    fn keep(&mut self, broker: &mut Persistent, publish: &Publish<'_>) {
        self.messages.push((
            publish.topic.into(),
            String::from_utf8(publish.payload.into()).unwrap(),
            publish.properties.message_expiry_interval(),
        ));
        if let Some(packet_id) = publish.packet_id {
            let ack = Ack {
                packet_id,
                reason: ReasonCode::SUCCESS,
                properties: Properties::EMPTY,
            };
            self.send(broker, Packet::Puback(ack));
        }
    }

    fn subscribe(&mut self, broker: &mut Persistent, filter: &str) {
        let options = SubscriptionOptions {
            qos: QoS::AtLeastOnce,
            ..SubscriptionOptions::default()
        };
        let subscribe = Subscribe {
            packet_id: PacketId::new(1).unwrap(),
            properties: Properties::EMPTY,
            filters: Filters::List(&[(filter, options)]),
        };
        self.send(broker, Packet::Subscribe(subscribe));
    }

    /// Publishes `payload` at QoS 1, with this Message Expiry Interval.
    fn publish(&mut self, broker: &mut Persistent, payload: &str, expiry: u32) {
        let mut properties = PropertyBuf::default();
        properties.push(PropertyId::MessageExpiryInterval, Value::FourByte(expiry));
        let publish = Publish {
            dup: false,
            qos: QoS::AtLeastOnce,
            retain: true,
            topic: "t",
            packet_id: PacketId::new(1),
            properties: properties.as_properties(),
            payload: payload.as_bytes(),
        };
        self.send(broker, Packet::Publish(publish));
    }

    /// Its connection breaks.
    fn leave(self, broker: &mut Persistent) {
        let World { router, now, .. } = &mut broker.world;
        router.end_connection(*now, self.key, Cause::Closed);
        router.remove(self.key);
        broker.commit_all();
    }

    fn payloads(&self) -> Vec<&str> {
        self.messages
            .iter()
            .map(|(_, payload, _)| payload.as_str())
            .collect()
    }
}

/// The process is killed, and another one begins after a while.
fn stop_for(broker: &mut Persistent, time: Duration) {
    broker.die(false);
    broker.world.now += time;
    broker.restart();
    broker.commit_all();
}

/// Sessions in the store.
fn stored_sessions(broker: &Persistent) -> usize {
    let is_session = |key: &&Vec<u8>| key[0] == 1 && key[9..] == [0];
    broker.disk.entries.keys().filter(is_session).count()
}

#[test]
fn a_session_whose_time_has_run_out_is_gone() {
    let mut broker = Persistent::new();
    for (client_id, expiry) in [("short", 10), ("long", 60)] {
        let mut client = Client::connect(&mut broker, client_id, expiry, None);
        client.subscribe(&mut broker, "t");
        client.leave(&mut broker);
    }
    broker.world.pass(5 * SECOND);
    assert_eq!(stored_sessions(&broker), 2);
    stop_for(&mut broker, 6 * SECOND);
    assert_eq!(stored_sessions(&broker), 1, "it has left the store too");
    let mut publisher = Client::connect(&mut broker, "p", 0, None);
    publisher.publish(&mut broker, "x", 100);
    let short = Client::connect(&mut broker, "short", 10, None);
    assert!(!short.session_present);
    assert!(short.messages.is_empty());
    let long = Client::connect(&mut broker, "long", 60, None);
    assert!(long.session_present);
    assert_eq!(long.payloads(), ["x"]);
}

/// What is left of its time after the stop runs on.
#[test]
fn a_session_ends_later_when_its_time_has_not_run_out() {
    let mut broker = Persistent::new();
    let client = Client::connect(&mut broker, "c", 60, None);
    client.leave(&mut broker);
    broker.world.pass(20 * SECOND);
    stop_for(&mut broker, 30 * SECOND);
    broker.world.pass(9 * SECOND);
    broker.commit_all();
    assert_eq!(stored_sessions(&broker), 1);
    broker.world.pass(SECOND);
    broker.commit_all();
    assert_eq!(stored_sessions(&broker), 0);
}

/// Nobody knows when its connection broke: its absence begins with the new process.
#[test]
fn the_time_of_a_client_that_was_connected_begins_with_the_restart() {
    let mut broker = Persistent::new();
    Client::connect(&mut broker, "c", 10, Some(("w", 5)));
    let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
    watcher.subscribe(&mut broker, "w");
    stop_for(&mut broker, 3600 * SECOND);
    let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
    assert!(watcher.session_present);
    broker.world.pass(4 * SECOND);
    watcher.take(&mut broker);
    assert!(watcher.messages.is_empty());
    broker.world.pass(SECOND);
    watcher.take(&mut broker);
    assert_eq!(watcher.payloads(), ["gone"]);
    broker.world.pass(5 * SECOND);
    assert!(!Client::connect(&mut broker, "c", 10, None).session_present);
}

#[test]
fn a_will_whose_delay_ended_meanwhile_is_published_at_the_start() {
    for (stop, arrives) in [(6, true), (4, false)] {
        let mut broker = Persistent::new();
        let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
        watcher.subscribe(&mut broker, "w");
        watcher.leave(&mut broker);
        let client = Client::connect(&mut broker, "c", 1000, Some(("w", 10)));
        client.leave(&mut broker);
        broker.world.pass(5 * SECOND);
        stop_for(&mut broker, stop * SECOND);
        // Once: it does not come again with the next process.
        stop_for(&mut broker, Duration::ZERO);
        let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
        assert_eq!(watcher.messages.len(), usize::from(arrives), "{stop} s");
        broker.world.pass(SECOND);
        watcher.take(&mut broker);
        assert_eq!(watcher.payloads(), ["gone"]);
    }
}

/// A client that is back in time has no Will Message published (MQTT-3.1.3-9).
#[test]
fn a_will_is_not_published_if_its_client_is_back_in_time() {
    let mut broker = Persistent::new();
    let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
    watcher.subscribe(&mut broker, "w");
    Client::connect(&mut broker, "c", 1000, Some(("w", 10))).leave(&mut broker);
    stop_for(&mut broker, 5 * SECOND);
    let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
    Client::connect(&mut broker, "c", 1000, None);
    broker.world.pass(60 * SECOND);
    watcher.take(&mut broker);
    assert!(watcher.messages.is_empty());
}

/// With the end of a Session its Will Message is due, however long the delay (MQTT-3.1.3-9).
#[test]
fn the_will_of_a_session_that_ended_meanwhile_is_published() {
    let mut broker = Persistent::new();
    let mut watcher = Client::connect(&mut broker, "watcher", 1000, None);
    watcher.subscribe(&mut broker, "w");
    Client::connect(&mut broker, "c", 10, Some(("w", 500))).leave(&mut broker);
    stop_for(&mut broker, 20 * SECOND);
    let watcher = Client::connect(&mut broker, "watcher", 1000, None);
    assert_eq!(watcher.payloads(), ["gone"]);
    assert_eq!(stored_sessions(&broker), 1);
}

#[test]
fn message_expiry_counts_the_time_of_the_stop() {
    let mut broker = Persistent::new();
    let mut client = Client::connect(&mut broker, "c", 1000, None);
    client.subscribe(&mut broker, "t");
    client.leave(&mut broker);
    let mut publisher = Client::connect(&mut broker, "p", 0, None);
    publisher.publish(&mut broker, "short", 10);
    publisher.publish(&mut broker, "long", 60);
    broker.world.pass(5 * SECOND);
    stop_for(&mut broker, 20 * SECOND);
    let mut client = Client::connect(&mut broker, "c", 1000, None);
    let long = ("t".to_owned(), "long".to_owned(), Some(35));
    let waiting = std::mem::take(&mut client.messages);
    assert_eq!(waiting, std::slice::from_ref(&long), "it waited for 25 s");
    client.subscribe(&mut broker, "#");
    assert_eq!(client.messages, [long], "so it did as a retained message");
    stop_for(&mut broker, 40 * SECOND);
    let mut client = Client::connect(&mut broker, "c", 1000, None);
    client.subscribe(&mut broker, "#");
    assert!(client.messages.is_empty(), "its time has run out");
}

/// Neither the store nor the memory has it for each of them.
#[test]
fn a_large_message_is_stored_once_for_all_sessions() {
    const SESSIONS: usize = 50;
    let mut broker = Persistent::new();
    let names: Vec<_> = (0..SESSIONS).map(|number| format!("c{number}")).collect();
    for client_id in &names {
        let mut client = Client::connect(&mut broker, client_id, 1000, None);
        client.subscribe(&mut broker, "t");
        client.leave(&mut broker);
    }
    let stored = |broker: &Persistent| broker.disk.entries.values().map(Vec::len).sum::<usize>();
    let before = stored(&broker);
    let payload = "x".repeat(100_000);
    let mut publisher = Client::connect(&mut broker, "p", 0, None);
    publisher.publish(&mut broker, &payload, 1000);
    // Once for all of them, and once as the retained message.
    assert!(stored(&broker) - before < 2 * payload.len() + 100 * SESSIONS);
    stop_for(&mut broker, SECOND);
    for client_id in &names {
        let client = Client::connect(&mut broker, client_id, 1000, None);
        assert_eq!(client.payloads(), [&payload]);
        client.leave(&mut broker);
    }
    assert!(stored(&broker) < before + payload.len() + 1000);
}

/// The group is there again: each message goes to one of its members, present or not, and what an
/// ended Session had not received to another.
#[test]
fn shared_subscriptions_are_shared_again() {
    let mut broker = Persistent::new();
    for client_id in ["a", "b"] {
        let mut member = Client::connect(&mut broker, client_id, 100, None);
        member.subscribe(&mut broker, "$share/g/t");
        member.leave(&mut broker);
    }
    let mut publisher = Client::connect(&mut broker, "p", 0, None);
    let numbers: Vec<_> = (0..20).map(|number| number.to_string()).collect();
    for number in &numbers[..10] {
        publisher.publish(&mut broker, number, 1000);
    }
    stop_for(&mut broker, SECOND);
    let mut publisher = Client::connect(&mut broker, "p", 0, None);
    let mut a = Client::connect(&mut broker, "a", 100, None);
    assert!(a.session_present);
    let before = a.messages.len();
    for number in &numbers[10..] {
        publisher.publish(&mut broker, number, 1000);
    }
    a.take(&mut broker);
    assert!(a.messages.len() > before, "messages come to it again");
    // The other one never comes back.
    broker.world.pass(200 * SECOND);
    a.take(&mut broker);
    let mut arrived = a.payloads();
    arrived.sort_by_key(|payload| payload.parse::<u32>().unwrap());
    assert_eq!(arrived, numbers);
}
