//! Whatever bytes come: no panic, no endless loop, and the router stays in order.

use proptest::prelude::*;

use super::super::Cause;
use super::World;
use crate::broker::Limits;

/// Packets of all kinds, well formed or nearly so.
fn packet() -> impl Strategy<Value = Vec<u8>> {
    let connects = prop::sample::select(vec![
        &b"\x10\x0e\x00\x04MQTT\x04\x02\x00\x05\x00\x02c1"[..],
        b"\x10\x0e\x00\x04MQTT\x04\x00\x00\x00\x00\x02c2",
        b"\x10\x0f\x00\x04MQTT\x05\x02\x00\x00\x00\x00\x02c1",
        b"\x10\x14\x00\x04MQTT\x05\x00\x00\x00\x05\x11\x00\x00\x00\x09\x00\x02c2",
        b"\x10\x17\x00\x04MQTT\x05\x06\x00\x01\x00\x00\x02c1\x00\x00\x01w\x00\x01x",
        b"\x10\x10\x00\x06MQIsdp\x03\x02\x00\x00\x00\x02c3",
    ]);
    let others = prop::sample::select(vec![
        &b"\x82\x06\x00\x01\x00\x01#\x02"[..],
        b"\x82\x07\x00\x01\x00\x00\x01+\x01",
        b"\x82\x0f\x00\x02\x00\x00\x09$share/g/\x61\x02",
        b"\x82\x10\x00\x02\x00\x00\x0a$share/g/a\x02",
        b"\xa2\x05\x00\x03\x00\x01#",
        b"\xa2\x06\x00\x03\x00\x00\x01+",
        b"\x30\x04\x00\x01ax",
        b"\x31\x05\x00\x01a\x00x",
        b"\x32\x06\x00\x01a\x00\x01x",
        b"\x34\x07\x00\x01a\x00\x02\x00x",
        b"\x30\x07\x00\x01a\x03\x23\x00\x01",
        b"\x30\x06\x00\x00\x03\x23\x00\x01",
        b"\x40\x02\x00\x01",
        b"\x50\x02\x00\x01",
        b"\x62\x02\x00\x02",
        b"\x70\x02\x00\x01",
        b"\xc0\x00",
        b"\xe0\x00",
        b"\xe0\x01\x04",
        b"\xf0\x00",
    ]);
    prop_oneof![
        2 => connects.prop_map(<[u8]>::to_vec),
        6 => others.prop_map(<[u8]>::to_vec),
        1 => prop::collection::vec(any::<u8>(), 0..40),
    ]
}

/// What happens to one of the connections.
#[derive(Clone, Debug)]
enum Step {
    Packet(Vec<u8>),
    /// A packet with one byte changed.
    Mutated(Vec<u8>, prop::sample::Index, u8),
    Read,
    Close,
    Wait(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        10 => packet().prop_map(Step::Packet),
        2 => (packet(), any::<prop::sample::Index>(), any::<u8>())
            .prop_map(|(packet, at, byte)| Step::Mutated(packet, at, byte)),
        4 => Just(Step::Read),
        1 => Just(Step::Close),
        1 => any::<u16>().prop_map(Step::Wait),
    ]
}

proptest! {
    #[test]
    fn any_input_is_survived(steps in prop::collection::vec((0..4_usize, step()), 0..120)) {
        let limits = Limits {
            output_high_water: 40,
            output_limit: 100,
            queue_messages: 5,
            max_subscriptions: 3,
            subscription_bytes_in_all: 4 * 131,
            retained_messages: 2,
            ..Limits::default()
        };
        let mut world = World::new(limits);
        let mut sockets: Vec<_> = (0..4).map(|_| (world.open(), Vec::new())).collect();
        for (at, step) in steps {
            let (key, bytes) = &mut sockets[at];
            match step {
                Step::Packet(packet) => bytes.extend(packet),
                Step::Mutated(mut packet, at, byte) => {
                    if !packet.is_empty() {
                        let at = at.index(packet.len());
                        packet[at] = byte;
                    }
                    bytes.extend(packet);
                }
                Step::Read => drop(world.drain(*key)),
                Step::Close => world.router.end_connection(world.now, *key, Cause::Closed),
                Step::Wait(milliseconds) => {
                    world.pass(std::time::Duration::from_millis(milliseconds.into()));
                }
            }
            let (key, bytes) = &mut sockets[at];
            world.feed(*key, bytes);
            if world.router.is_closing(*key) {
                world.drain(*key);
                world.router.remove(*key);
                sockets[at] = (world.open(), Vec::new());
            }
        }
        for (key, _) in sockets {
            world.router.end_connection(world.now, key, Cause::Closed);
            world.router.remove(key);
        }
        prop_assert_eq!(world.router.connection_count(), 0);
        prop_assert_eq!(world.router.connected, 0);
        // Sessions that end have ended, and took their subscriptions along.
        world.pass(std::time::Duration::from_secs(100_000));
        let clients = world.router.clients.keys().filter_map(|key| world.router.clients.get(key));
        let (mut filters, mut bytes) = (0, 0);
        for client in clients {
            prop_assert!(client.session.session_expiry() > 100_000);
            filters += client.filters.len();
            bytes += client.filters.bytes();
        }
        prop_assert!(world.router.subscriptions.len() <= filters);
        prop_assert_eq!(world.router.gauges(world.now).subscription_bytes, bytes + 128 * filters);
    }
}
