//! Long queues of share group members whose Session ends: everything goes to those who stay.

use std::time::Duration;

use super::super::{Cause, ConnectionKey};
use super::World;
use super::packets::{client, message, packet, string};
use crate::broker::Limits;
use crate::codec::Frame;

const FILTER: &str = "$share/g/t";
/// More than a member may have in flight, and more than one turn forgets.
const MESSAGES: u32 = 5000;

/// Joins the share group at QoS 2.
fn join(world: &mut World, key: ConnectionKey) {
    let body = [&[0, 1, 0][..], &string(FILTER), &[2]].concat();
    world.feed(key, &mut packet(0x82, &body));
    world.drain(key);
}

/// Publishes at QoS 2 and releases at once.
fn publish_exactly_once(world: &mut World, key: ConnectionKey, payload: &[u8]) {
    let body = [&string("t")[..], &[0, 2, 0], payload].concat();
    let mut bytes = packet(0x34, &body);
    bytes.extend(packet(0x62, &[0, 2]));
    world.feed(key, &mut bytes);
    world.drain(key);
}

/// What has come for the connection: the first byte, Packet Identifier and payload of each PUBLISH.
fn received(world: &mut World, key: ConnectionKey) -> Vec<(u8, [u8; 2], Vec<u8>)> {
    let (bytes, mut at) = (world.drain(key), 0);
    let mut messages = Vec::new();
    while let Some(frame) = Frame::parse(&bytes[at..], usize::MAX).expect("whole packets") {
        at += frame.bytes().len();
        let [first, _, 0, 1, b't', high, low, 0, payload @ ..] = frame.bytes() else {
            panic!("{frame:?} is no PUBLISH to t");
        };
        messages.push((*first, [*high, *low], payload.to_vec()));
    }
    messages
}

#[test]
fn a_long_queue_goes_to_the_other_member_whole_and_in_order() {
    let mut world = World::new(Limits::default());
    let publisher = client(&mut world, b'p', 0);
    let leaving = client(&mut world, b'l', 60);
    join(&mut world, leaving);
    publish_exactly_once(&mut world, publisher, b"sent");
    world.feed(publisher, &mut message("t", &0_u32.to_be_bytes()));
    world.drain(publisher);
    let sent: Vec<_> = received(&mut world, leaving);
    assert_eq!(
        sent.iter().map(|(first, ..)| *first).collect::<Vec<_>>(),
        [0x34, 0x32],
        "neither is acknowledged"
    );
    world
        .router
        .end_connection(world.now, leaving, Cause::Closed);
    world.router.remove(leaving);
    for number in 1..MESSAGES {
        world.feed(publisher, &mut message("t", &number.to_be_bytes()));
        world.drain(publisher);
    }
    let staying = client(&mut world, b's', 60);
    join(&mut world, staying);
    world.settle();
    assert_eq!(
        received(&mut world, staying),
        [],
        "the Session has not ended"
    );

    world.pass(Duration::from_secs(60));
    let mut next = 0_u32;
    loop {
        let messages = received(&mut world, staying);
        if messages.is_empty() && world.settle() == 0 {
            break;
        }
        for (first, packet_id, payload) in messages {
            assert_eq!((first, &payload[..]), (0x32, &next.to_be_bytes()[..]));
            next += 1;
            world.feed(staying, &mut packet(0x40, &packet_id));
        }
    }
    assert_eq!(next, MESSAGES, "and the one at QoS 2 goes to nobody");
    assert_eq!(world.router.gauges(world.now).queued_messages, 0);
}
