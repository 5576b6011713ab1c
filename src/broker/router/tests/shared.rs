//! Shared Subscriptions whose members come and go: every message goes to one of them.

use std::collections::HashMap;
use std::time::Duration;

use fastrand::Rng;

use super::super::Cause;
use super::World;
use super::packets;
use super::peer::{MESSAGES, Peer};
use crate::broker::Limits;
use crate::codec::{Properties, QoS};

const FILTER: &str = "$share/g/#";
const MEMBERS: usize = 4;
const PUBLISHERS: usize = 2;

struct Group {
    world: World,
    peers: Vec<Peer>,
    arriving: Vec<Vec<u8>>,
    /// Messages at QoS 2 that were under way to members whose Session ended.
    unfinished: usize,
}

impl Group {
    fn new(rng: &mut Rng) -> Self {
        let mut group = Self {
            world: World::new(Limits::default()),
            peers: Vec::new(),
            arriving: vec![Vec::new(); MEMBERS + PUBLISHERS],
            unfinished: 0,
        };
        for number in 0..MEMBERS + PUBLISHERS {
            // All of them speak MQTT 5.0.
            group.peers.push(Peer::new(3 * number + 2, rng));
            group.peers[number].connect(&mut group.world);
            group.exchange(number, usize::MAX);
            if number < MEMBERS {
                group.subscribe(number);
            }
        }
        group
    }

    fn exchange(&mut self, at: usize, count: usize) -> bool {
        self.peers[at].exchange(&mut self.world, count, &mut self.arriving[at])
    }

    fn subscribe(&mut self, at: usize) {
        self.peers[at].subscribe(self.world.now, &[FILTER]);
        while self.exchange(at, usize::MAX) {}
    }

    fn cut(&mut self, at: usize) {
        self.peers[at].cut(&mut self.world);
        self.arriving[at].clear();
    }

    /// The member leaves for good, and another one comes in its place.
    fn end_session(&mut self, at: usize) {
        self.cut(at);
        let key = self.world.router.by_id[self.peers[at].id.as_str()];
        let client = self
            .world
            .router
            .clients
            .get(key)
            .expect("it has a session");
        self.unfinished += client.session.in_flight();
        self.peers[at].connect_with(&mut self.world, true);
        self.exchange(at, usize::MAX);
        self.subscribe(at);
    }

    /// The member leaves the group and joins it again.
    fn leave_and_join(&mut self, at: usize) {
        while !self.peers[at].session.is_connected() {
            self.exchange(at, usize::MAX);
        }
        let (world, peer) = (&mut self.world, &mut self.peers[at]);
        let filters = [FILTER];
        let output = &mut peer.output;
        let sent = peer
            .session
            .unsubscribe(world.now, &filters, Properties::EMPTY, output);
        assert!(sent.is_some());
        while self.exchange(at, usize::MAX) {}
        self.subscribe(at);
    }
}

fn run(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let mut group = Group::new(&mut rng);
    let (mut quiet, mut upsets) = (0, 60);
    while quiet < 100 {
        group.world.now += Duration::from_millis(1);
        let at = rng.usize(..MEMBERS + PUBLISHERS);
        if group.peers[at].connection.is_none() && (upsets == 0 || rng.bool()) {
            group.peers[at].connect(&mut group.world);
        }
        let is_up = group.peers[at].connection.is_some();
        let upset = upsets > 0 && is_up && rng.u8(..20) == 0;
        upsets -= i32::from(upset);
        let now = group.world.now;
        let busy = match (upset, at < MEMBERS) {
            (true, true) => {
                match rng.u8(..3) {
                    0 => group.cut(at),
                    1 => group.end_session(at),
                    _ => group.leave_and_join(at),
                }
                true
            }
            (true, false) => {
                group.cut(at);
                true
            }
            (false, true) => group.exchange(at, rng.usize(..100)),
            (false, false) => {
                group.peers[at].publish(now, QoS::AtLeastOnce)
                    | group.peers[at].publish(now, QoS::ExactlyOnce)
                    | group.exchange(at, usize::MAX)
            }
        };
        let published = group.peers[MEMBERS..].iter().all(Peer::is_done);
        let done = upsets == 0 && !busy && published;
        quiet = if done { quiet + 1 } else { 0 };
    }
    let (members, publishers) = group.peers.split_at(MEMBERS);
    let mut missing = 0;
    for (publisher, qos) in publishers.iter().flat_map(|peer| [(peer, 1), (peer, 2)]) {
        let topic = format!("{}/{qos}", publisher.id);
        let mut copies = HashMap::<u32, usize>::new();
        for number in members
            .iter()
            .filter_map(|peer| peer.received.get(&topic))
            .flatten()
        {
            *copies.entry(*number).or_default() += 1;
        }
        for number in 0..MESSAGES {
            let copies = copies.get(&number).copied().unwrap_or_default();
            let what = format!("seed {seed}: {topic} number {number} came {copies} times");
            assert!(if qos == 1 { copies > 0 } else { copies < 2 }, "{what}");
            missing += usize::from(copies == 0);
        }
    }
    assert!(
        missing <= group.unfinished,
        "seed {seed}: {missing} are lost"
    );
}

#[test]
fn every_message_goes_to_a_member_who_stays() {
    for seed in 0..40 {
        run(seed);
    }
}

/// Waits for a member whose Session ends, and is larger than the other one takes.
#[test]
fn what_no_member_can_take_is_counted() {
    let mut world = World::new(Limits::default());
    let leaving = packets::client(&mut world, b'l', 9);
    world.feed(leaving, &mut packets::subscribe_to(&["$share/g/t"]));
    world
        .router
        .end_connection(world.now, leaving, Cause::Closed);
    world.router.remove(leaving);
    let publisher = packets::client(&mut world, b'p', 0);
    let publish = packets::message("t", &[b'x'; 200]);
    world.feed(publisher, &mut publish.clone());

    let modest = world.open();
    // Its Maximum Packet Size is 100.
    let connect = b"\x00\x04MQTT\x05\x02\x00\x00\x05\x27\x00\x00\x00\x64\x00\x01m";
    world.feed(modest, &mut packets::packet(0x10, connect));
    world.feed(modest, &mut packets::subscribe_to(&["$share/g/t"]));
    world.pass(Duration::from_secs(10));
    let mut dropped = world.router.counters().dropped.iter();
    assert_eq!(
        dropped.find(|(_, count)| *count > 0),
        Some(("too_large", 1))
    );
}
