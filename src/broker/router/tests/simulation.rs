//! Many clients, connections that break at any byte: nothing acknowledged is lost, nothing at
//! QoS 2 arrives twice, every publisher's order is kept.

use std::time::Duration;

use fastrand::Rng;

use super::World;
use super::peer::{Peer, assert_all_arrived};
use crate::broker::Limits;
use crate::codec::QoS;

const CLIENTS: usize = 6;
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
        peer.subscribe(world.now, &["+/1", "+/2", "c0/#"]);
        peer.exchange(&mut world, usize::MAX, arriving);
    }
    let mut quiet = 0;
    let mut cuts = 200;
    while quiet < 300 {
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
    assert_all_arrived(seed, &peers);
}

#[test]
fn nothing_acknowledged_is_lost_and_qos_2_arrives_once() {
    for seed in 0..20 {
        run(seed);
    }
}
