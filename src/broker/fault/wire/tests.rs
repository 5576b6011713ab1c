//! Faults under a clock of the test's own.

use super::*;
use crate::broker::Faults;
use crate::codec::{Properties, Publish, QoS};

const MILLISECOND: Duration = Duration::from_millis(1);

struct World {
    start: Instant,
    now: Instant,
    wire: Wire,
}

fn plan(rules: &[&str], seed: u64) -> Rc<Plan> {
    let rules = rules.iter().map(|rule| rule.parse().expect("a rule"));
    let faults = Faults {
        rules: rules.collect(),
        seed: Some(seed),
    };
    Rc::new(Plan::new(faults, 0).expect("there are rules"))
}

fn world(rules: &[&str]) -> World {
    let now = Instant::now();
    World {
        start: now,
        now,
        wire: Wire::new(&plan(rules, 7), "c1", Version::V5).expect("a rule is about it"),
    }
}

/// A PUBLISH that carries a number.
fn publish(topic: &str, qos: QoS, number: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let publish = Publish {
        dup: false,
        qos,
        retain: false,
        topic,
        packet_id: (qos > QoS::AtMostOnce).then(|| 9.try_into().expect("not zero")),
        properties: Properties::EMPTY,
        payload: &[number],
    };
    publish.encode(Version::V5, &mut bytes);
    bytes
}

impl World {
    fn push(&mut self, direction: Direction, packet: &[u8]) {
        let frame = Frame::parse(packet, usize::MAX)
            .expect("valid")
            .expect("whole");
        self.wire.push(self.now, direction, frame);
    }

    /// Sends the numbers from 0, one each millisecond, and gives those that arrive, with their
    /// times in milliseconds.
    fn run(&mut self, direction: Direction, count: u8) -> Vec<(u8, u64)> {
        let mut arrived = Vec::new();
        for number in 0..count {
            self.push(direction, &publish("t", QoS::AtMostOnce, number));
            self.arrivals(direction, &mut arrived);
            self.now += MILLISECOND;
        }
        while let Some(due) = self.wire.poll_timeout() {
            self.now = self.now.max(due);
            self.arrivals(direction, &mut arrived);
        }
        arrived
    }

    fn arrivals(&mut self, direction: Direction, arrived: &mut Vec<(u8, u64)>) {
        while let Some(packet) = self.wire.pop(self.now, direction) {
            let time = (self.now - self.start).as_millis() as u64;
            arrived.push((*packet.last().expect("a payload"), time));
        }
    }

    fn numbers(&mut self, direction: Direction, count: u8) -> Vec<u8> {
        let arrived = self.run(direction, count).into_iter();
        arrived.map(|(number, _)| number).collect()
    }
}

#[test]
fn delayed_packets_keep_their_order_unless_reorder_is_asked() {
    let mut world = world(&["delay by=50ms jitter=40ms"]);
    let arrived = world.run(Direction::Out, 100);
    let numbers: Vec<_> = arrived.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, (0..100).collect::<Vec<_>>());
    for (number, time) in arrived {
        let delay = time - u64::from(number);
        assert!(
            (10..=130).contains(&delay),
            "{number} came after {delay} ms"
        );
    }
    let reordered = self::world(&["reorder probability=0.3"]).numbers(Direction::Out, 100);
    assert!(!reordered.is_sorted());
    let mut sorted = reordered;
    sorted.sort_unstable();
    assert_eq!(sorted, (0..100).collect::<Vec<_>>(), "none is lost");
}

#[test]
fn packets_are_dropped_and_doubled_by_chance() {
    let left = world(&["drop probability=0.5"])
        .numbers(Direction::In, 200)
        .len();
    assert!((60..140).contains(&left), "{left} are left");
    let doubled = world(&["duplicate probability=0.5"])
        .numbers(Direction::In, 200)
        .len();
    assert!((260..340).contains(&doubled), "there are {doubled}");
}

#[test]
fn conditions_choose_the_packets() {
    let numbers = world(&["drop after=2 times=3"]).numbers(Direction::In, 8);
    assert_eq!(numbers, [0, 1, 5, 6, 7]);
    let mut world = world(&["drop topic=a/# direction=in"]);
    for (direction, topic) in [
        (Direction::In, "a/1"),
        (Direction::In, "b"),
        (Direction::Out, "a/1"),
    ] {
        world.push(direction, &publish(topic, QoS::AtMostOnce, 1));
    }
    assert!(world.wire.pop(world.now, Direction::Out).is_some());
    assert!(
        world
            .wire
            .pop(world.now, Direction::In)
            .is_some_and(|p| p.contains(&b'b'))
    );
    assert_eq!(world.wire.pop(world.now, Direction::In), None);
    assert!(Wire::new(&plan(&["drop client=other"], 0), "c1", Version::V5).is_none());
}

#[test]
fn a_topic_alias_stands_for_its_topic() {
    let mut world = world(&["drop topic=a"]);
    // PUBLISH "a" with Topic Alias 1, then PUBLISH with the alias alone.
    world.push(Direction::In, b"\x30\x07\0\x01a\x03\x23\0\x01");
    world.push(Direction::In, b"\x30\x06\0\0\x03\x23\0\x01");
    assert_eq!(world.wire.pop(world.now, Direction::In), None);
}

#[test]
fn a_flipped_bit_is_behind_the_header() {
    let mut world = world(&["corrupt"]);
    let packet = publish("t", QoS::AtMostOnce, 0);
    for _ in 0..100 {
        world.push(Direction::In, &packet);
        let corrupt = world.wire.pop(world.now, Direction::In).expect("a packet");
        assert_eq!(corrupt[..2], packet[..2]);
        let bits = corrupt
            .iter()
            .zip(&packet)
            .map(|(a, b)| (a ^ b).count_ones());
        assert_eq!(bits.sum::<u32>(), 1);
    }
}

#[test]
fn a_connection_is_cut_with_or_without_a_word() {
    let mut world = world(&["close after=2"]);
    assert_eq!(world.numbers(Direction::In, 8), [0, 1]);
    assert!(world.wire.is_cut());
    let mut world = self::world(&["disconnect code=0x97 packet=PINGREQ"]);
    world.push(Direction::In, &[0xC0, 0]);
    let last = world.wire.pop(world.now, Direction::Out);
    assert_eq!(last.as_deref(), Some(&[0xE0, 1, 0x97][..]));
}

#[test]
fn refusals_are_answered_as_the_broker_would() {
    let mut world = world(&["refuse packet=PUBLISH,SUBSCRIBE code=0x97"]);
    let mut answer = |packet: &[u8]| {
        world.push(Direction::In, packet);
        assert_eq!(world.wire.pop(world.now, Direction::In), None);
        world.wire.pop(world.now, Direction::Out)
    };
    assert_eq!(answer(&publish("t", QoS::AtMostOnce, 1)), None);
    let puback = answer(&publish("t", QoS::AtLeastOnce, 1));
    assert_eq!(puback.as_deref(), Some(&[0x40, 3, 0, 9, 0x97][..]));
    let pubrec = answer(&publish("t", QoS::ExactlyOnce, 1));
    assert_eq!(pubrec.as_deref(), Some(&[0x50, 3, 0, 9, 0x97][..]));
    let suback = answer(b"\x82\x0b\0\x05\0\0\x01a\0\0\x01b\0");
    assert_eq!(suback.as_deref(), Some(&[0x90, 5, 0, 5, 0, 0x97, 0x97][..]));
}

#[test]
fn a_stall_ends_when_its_time_is_over() {
    let mut world = world(&["stall for=5s times=1"]);
    world.push(Direction::In, &[0xC0, 0]);
    assert!(world.wire.is_stalled(world.now));
    assert!(world.wire.pop(world.now, Direction::In).is_some());
    let end = world.start + Duration::from_secs(5);
    assert_eq!(world.wire.poll_timeout(), Some(end));
    assert!(!world.wire.is_stalled(end));
}

#[test]
fn the_same_seed_makes_the_same_faults() {
    let rules = [
        "drop probability=0.2",
        "corrupt probability=0.2",
        "delay by=1ms jitter=1ms",
    ];
    let play = |plan: &Rc<Plan>, client_id: &str| {
        let now = Instant::now();
        let wire = Wire::new(plan, client_id, Version::V5).expect("a rule is about it");
        let mut world = World {
            start: now,
            now,
            wire,
        };
        let arrived = (
            world.run(Direction::In, 100),
            world.run(Direction::Out, 100),
        );
        (arrived, world.wire.take_applied())
    };
    let (one, same, other) = (plan(&rules, 1), plan(&rules, 1), plan(&rules, 2));
    let first = play(&one, "c1");
    assert_eq!(first, play(&same, "c1"));
    // Whatever other clients do meanwhile.
    play(&same, "c2");
    let second = play(&one, "c1");
    assert_ne!(first, second, "each connection has its own");
    assert_eq!(second, play(&same, "c1"));
    assert_ne!(first, play(&other, "c1"));
}
