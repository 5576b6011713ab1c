//! Clients that somebody has to judge, before CONNACK and after.

use std::sync::Arc;

use super::super::{Cause, ConnectionKey, Judgement};
use super::World;
use super::packets::{packet, string};
use crate::broker::access::{Answer, Authenticator, Entrance, Exchange, Grant, Login, Step};
use crate::broker::{Limits, Verdict};

const METHOD: &str = "TOKEN";

/// Lets everybody in under the name that they give, again and again.
struct Lenient;

impl Authenticator for Lenient {
    fn authenticate<'a>(&'a self, _: &'a Login) -> Answer<'a> {
        Box::pin(async { Verdict::accept() })
    }

    fn begin(&self, method: &str, _: &Login) -> Option<Box<dyn Exchange>> {
        (method == METHOD).then(|| Box::new(Self) as Box<dyn Exchange>)
    }
}

impl Exchange for Lenient {
    fn step(&mut self, _: &[u8]) -> Step {
        Step::Done(Grant::default(), Vec::new())
    }
}

fn world() -> World {
    let mut world = World::new(Limits::default());
    let mut entrance = Entrance::default();
    entrance.access.authenticators.push(Arc::new(Lenient));
    world.router.guard(vec![entrance]);
    world
}

/// CONNECT of the user `ann`, with these properties.
fn connect(properties: &[u8]) -> Vec<u8> {
    let length = [properties.len() as u8];
    let (id, user) = (string("c"), string("ann"));
    let start: &[u8] = b"\x00\x04MQTT\x05\x82\x00\x00";
    packet(0x10, &[start, &length, properties, &id, &user].concat())
}

/// AUTH with this Reason Code and the Authentication Method.
fn auth(reason: u8) -> Vec<u8> {
    let method = [&[0x15][..], &string(METHOD)].concat();
    packet(0xF0, &[&[reason, method.len() as u8][..], &method].concat())
}

fn answer(world: &mut World, key: ConnectionKey, verdict: Verdict) {
    let questions = world.router.take_questions();
    let ticket = questions.first().expect("a question").ticket;
    let by = Some(0);
    let judgement = Judgement { verdict, by };
    world
        .router
        .authenticated(world.now, key, ticket, judgement);
}

#[test]
fn a_packet_that_waits_for_the_connack_is_counted_once() {
    let mut world = world();
    let key = world.open();
    let connect = connect(&[]);
    for bytes in [&connect[..], &[0xC0, 0]] {
        let frame = crate::codec::Frame::parse(bytes, usize::MAX).expect("a packet");
        world
            .router
            .receive(world.now, key, frame.expect("a whole one"));
    }
    answer(&mut world, key, Verdict::accept());
    assert!(world.drain(key).ends_with(&[0xD0, 0]));
    let received = &world.router.counters().received;
    assert_eq!(received.packets(), 2);
    assert_eq!(received.bytes as usize, connect.len() + 2);
}

#[test]
fn who_ends_before_the_verdict_is_counted_among_the_ended() {
    let mut world = world();
    let key = world.open();
    world.feed(key, &mut connect(&[]));
    world.router.end_connection(world.now, key, Cause::Closed);
    assert_eq!(world.router.counters().ended.get("closed"), Some(&1));
}

/// An authenticator that names nobody lets clients in, and again, as who they said they are.
#[test]
fn who_authenticates_again_without_a_name_stays_who_it_is() {
    let mut world = world();
    let key = world.open();
    let method = [&[0x15][..], &string(METHOD)].concat();
    world.feed(key, &mut connect(&method));
    assert!(world.drain(key).starts_with(&[0x20]));
    world.feed(key, &mut auth(0x19));
    assert_eq!(world.drain(key), auth(0));
    assert!(!world.router.is_closing(key));
}
