//! The process ends while retained messages are on their way: a Session gets the others after it.

use fastrand::Rng;

use super::packets::{client, packet, string};
use super::peer::Peer;
use super::persistent::Persistent;

/// Of MQTT 5.0: no more than five messages are under way to it.
const SUBSCRIBER: usize = 2;
const WINDOW: usize = 5;

/// Publishes the number at QoS 1 if it is odd, else at QoS 2, retained under a topic of its own.
fn retain(broker: &mut Persistent, publisher: super::ConnectionKey, number: u32) {
    let qos = 2 - (number % 2) as u8;
    let topic = string(&format!("r/{number}"));
    let body = [&topic[..], &[0, 1, 0], &number.to_be_bytes()].concat();
    broker
        .world
        .feed(publisher, &mut packet(0x31 | qos << 1, &body));
    if qos == 2 {
        broker.world.feed(publisher, &mut packet(0x62, &[0, 1]));
    }
    broker.commit_all();
    broker.world.drain(publisher);
}

fn retain_all(broker: &mut Persistent, count: u32) {
    let publisher = client(&mut broker.world, b'p', 0);
    for number in 0..count {
        retain(broker, publisher, number);
    }
}

/// A client that has connected and had its SUBACK.
fn subscribed(broker: &mut Persistent, rng: &mut Rng, filter: &str) -> Peer {
    let mut peer = Peer::new(SUBSCRIBER, rng);
    peer.connect(&mut broker.world);
    for is_connected in [false, true] {
        if is_connected {
            peer.subscribe(broker.world.now, &[filter]);
        }
        let mut arriving = Vec::new();
        peer.exchange(&mut broker.world, usize::MAX, &mut arriving);
        broker.commit_all();
        peer.exchange(&mut broker.world, usize::MAX, &mut arriving);
    }
    assert_eq!(received(&peer).len(), WINDOW);
    peer
}

fn received(peer: &Peer) -> Vec<u32> {
    peer.received.values().flatten().copied().collect()
}

/// Places in the store at which to go on.
fn places(broker: &Persistent) -> usize {
    let is_place = |key: &&Vec<u8>| key[0] == 1 && key[9] == 5;
    broker.disk.entries.keys().filter(is_place).count()
}

/// Lets the process die now and then until all of them have come.
fn run(seed: u64, filter: &str, count: u32) {
    let mut rng = Rng::with_seed(seed);
    let mut broker = Persistent::new();
    retain_all(&mut broker, count);
    let mut peer = subscribed(&mut broker, &mut rng, filter);
    assert_eq!(places(&broker), 1);
    let (mut arriving, mut deaths) = (Vec::new(), 0);
    for _ in 0..20 * count {
        if peer.connection.is_none() {
            peer.connect(&mut broker.world);
        }
        match rng.u8(..60) {
            0 if deaths < 10 => {
                deaths += 1;
                broker.die(rng.bool());
                broker.restart();
                peer.forget_connection();
                arriving.clear();
            }
            1 => {
                peer.cut(&mut broker.world);
                arriving.clear();
            }
            2..30 => broker.step(),
            _ => {
                broker.world.settle();
                let some = if rng.bool() {
                    usize::MAX
                } else {
                    rng.usize(..100)
                };
                peer.exchange(&mut broker.world, some, &mut arriving);
            }
        }
    }
    let mut numbers = received(&peer);
    numbers.sort_unstable();
    let all: Vec<_> = (0..count).collect();
    let at_qos_2: Vec<_> = numbers.iter().copied().filter(|it| it % 2 == 0).collect();
    let expected: Vec<_> = all.iter().copied().filter(|it| it % 2 == 0).collect();
    assert!(at_qos_2 == expected, "seed {seed}: {at_qos_2:?}");
    numbers.dedup();
    assert!(numbers == all, "seed {seed}: {numbers:?}");
    assert!(deaths > 2, "seed {seed}");
    broker.commit_all();
    assert_eq!(places(&broker), 0);
}

#[test]
fn every_retained_message_comes_although_the_process_dies() {
    for seed in 0..5 {
        run(seed, "r/+", 200);
    }
    // More than are searched at once.
    run(5, "#", 1100);
}

/// A message that comes after the restart is none of those that were awaited before.
#[test]
fn what_is_retained_later_comes_once() {
    let mut broker = Persistent::new();
    retain_all(&mut broker, 10);
    let rng = &mut Rng::with_seed(1);
    let mut peer = subscribed(&mut broker, rng, "r/+");
    let publisher = client(&mut broker.world, b'q', 0);
    broker
        .world
        .feed(publisher, &mut packet(0x31, b"\0\x03r/9\0"));
    broker.commit_all();

    broker.die(false);
    broker.restart();
    peer.forget_connection();
    let publisher = client(&mut broker.world, b'p', 0);
    retain(&mut broker, publisher, 9);
    peer.connect(&mut broker.world);
    let mut arriving = Vec::new();
    for _ in 0..20 {
        peer.exchange(&mut broker.world, usize::MAX, &mut arriving);
        broker.commit_all();
    }
    let mut numbers = received(&peer);
    numbers.sort_unstable();
    numbers.dedup();
    assert!(numbers.into_iter().eq(0..10));
    assert_eq!(peer.received["r/9"].len(), 1);
}

#[test]
fn a_subscription_that_is_gone_leaves_no_place() {
    let mut broker = Persistent::new();
    retain_all(&mut broker, 100);
    let rng = &mut Rng::with_seed(1);
    let mut peer = subscribed(&mut broker, rng, "r/+");
    assert_eq!(places(&broker), 1);
    let none = crate::codec::Properties::EMPTY;
    let now = broker.world.now;
    assert!(
        peer.session
            .unsubscribe(now, &["r/+"], none, &mut peer.output)
            .is_some()
    );
    let mut arriving = Vec::new();
    for _ in 0..5 {
        peer.exchange(&mut broker.world, usize::MAX, &mut arriving);
        broker.commit_all();
    }
    assert_eq!(places(&broker), 0);
    assert!(received(&peer).len() < 50);
}
