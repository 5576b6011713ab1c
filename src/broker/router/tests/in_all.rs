//! What is bounded for all clients together.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use crate::broker::Limits;
use crate::broker::counters::Tally;

/// A 3.1.1 client, and what it sends first.
fn client(world: &mut World, id: u8, then: &[u8]) -> ConnectionKey {
    let key = world.open();
    let connect = [&b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x00\x00\x02c"[..], &[id]].concat();
    let mut bytes = [&connect, then].concat();
    world.feed(key, &mut bytes);
    assert!(bytes.is_empty());
    world.drain(key);
    key
}

const SUBSCRIBE: &[u8] = b"\x82\x06\x00\x01\x00\x01t\x00";

fn count<K: crate::broker::counters::Kind>(tally: &Tally<K>, name: &str) -> u64 {
    let counted = tally.iter().find(|(other, _)| *other == name);
    counted.expect("there is such a kind").1
}

#[test]
fn subscribers_that_never_read_hold_no_more_together_than_allowed() {
    let limits = Limits {
        output_in_all: 1 << 20,
        stall_grace: Duration::from_secs(5),
        ..Limits::default()
    };
    let mut world = World::new(limits);
    let deaf: Vec<_> = (b'0'..b'b')
        .map(|id| client(&mut world, id, SUBSCRIBE))
        .collect();
    let publisher = client(&mut world, b'p', &[]);
    let message = [&b"\x30\x83\x08\x00\x01t"[..], &[b'x'; 1024]].concat();
    let held = |world: &World| {
        let connections = deaf.iter().map(|&key| world.router.connections.get(key));
        connections
            .flatten()
            .map(super::super::connection::Connection::pending)
            .sum::<usize>()
    };
    let mut backlog = Vec::new();
    for _ in 0..200 {
        backlog.extend(message.repeat(10));
        world.feed(publisher, &mut backlog);
    }
    assert!(
        !world.router.wants_input(publisher),
        "it waits for the slow ones"
    );
    let waiting = held(&world);
    assert!(waiting < 50 * (80 << 10), "{waiting} bytes");
    world.pass(Duration::from_secs(6));
    assert!(world.router.wants_input(publisher), "all have stalled");
    world.feed(publisher, &mut backlog);
    for _ in 0..1000 {
        world.settle();
        world.feed(publisher, &mut message.repeat(10));
    }
    let stalled = held(&world);
    assert!(stalled < 50 * (80 << 10), "{stalled} bytes");
    let counters = world.router.counters();
    assert!(count(&counters.limits, "output_in_all") > 0);
    assert!(count(&counters.dropped, "not_read") > 0);

    // Without the others, one of them may have its megabytes again.
    for &key in &deaf[1..] {
        world.router.end_connection(world.now, key, Cause::Closed);
        world.router.remove(key);
    }
    let before = held(&world);
    for _ in 0..50 {
        world.feed(publisher, &mut message.repeat(10));
    }
    assert!(held(&world) > before + 400_000);
}
