//! Whatever a peer sends, in whatever state: no panic, bounded memory, and a machine that stays
//! consistent.

use proptest::prelude::*;

use super::pair::*;
use crate::codec::*;
use crate::session::*;

/// One thing that happens to a Session.
#[derive(Clone, Debug)]
enum Step {
    /// Bytes that make a Frame, mostly a well-formed one.
    Receive(Vec<u8>),
    Publish(u8),
    Subscribe,
    Unsubscribe,
    Wait(u16),
    Disconnect,
    Lose,
    Reopen {
        session_present: bool,
        receive_maximum: u16,
        maximum_packet_size: u32,
    },
}

/// Identifiers are few, so that packets meet each other.
fn packet_id() -> impl Strategy<Value = u8> + Clone {
    1..6_u8
}

fn frame() -> impl Strategy<Value = Vec<u8>> {
    let ack = (
        prop::sample::select(vec![0x40, 0x50, 0x62, 0x70, 0x90, 0xB0]),
        packet_id(),
    );
    let publish = (
        0_u8..16,
        packet_id(),
        prop::collection::vec(any::<u8>(), 0..12),
    );
    prop_oneof![
        6 => ack.clone().prop_map(|(first, id)| vec![first, 2, 0, id]),
        2 => (ack.clone(), any::<u8>()).prop_map(|((first, id), code)| vec![first, 3, 0, id, code]),
        2 => ack.prop_map(|(first, id)| vec![first, 4, 0, id, 0, 0]),
        8 => publish.prop_map(|(flags, id, rest)| {
            let mut body = vec![0, 1, b't'];
            if flags & 0x06 != 0 {
                body.extend([0, id]);
            }
            body.extend(rest);
            [vec![0x30 | flags, body.len() as u8], body].concat()
        }),
        1 => prop::sample::select(vec![
            vec![0xC0, 0x00],
            vec![0xD0, 0x00],
            vec![0xE0, 0x00],
            vec![0xE0, 0x01, 0x80],
            vec![0xF0, 0x00],
            vec![0x20, 0x02, 0x00, 0x00],
            vec![0x20, 0x02, 0x01, 0x00],
            vec![0x20, 0x03, 0x01, 0x00, 0x00],
            vec![0x82, 0x06, 0x00, 0x01, 0x00, 0x01, b'a', 0x00],
            vec![0x30, 0x09, 0x00, 0x00, 0x03, 0x23, 0x00, 0x01, b'x', b'y', b'z'],
            vec![0x30, 0x07, 0x00, 0x01, b't', 0x03, 0x23, 0x00, 0x02],
        ]),
        2 => (any::<u8>(), prop::collection::vec(any::<u8>(), 0..20))
            .prop_map(|(first, body)| [vec![first, body.len() as u8], body].concat()),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => frame().prop_map(Step::Receive),
        4 => (0..3_u8).prop_map(Step::Publish),
        1 => Just(Step::Subscribe),
        1 => Just(Step::Unsubscribe),
        1 => (0..40_u16).prop_map(Step::Wait),
        1 => Just(Step::Disconnect),
        1 => Just(Step::Lose),
        1 => (any::<bool>(), 1..5_u16, 1..200_u32).prop_map(
            |(session_present, receive_maximum, maximum_packet_size)| Step::Reopen {
                session_present,
                receive_maximum,
                maximum_packet_size,
            }
        ),
    ]
}

fn open(end: &mut End, opening: &Opening) {
    opening.packets(|connect, connack| match end.session.role() {
        Role::Client => {
            end.session.connect(end.now, connect, &mut end.out);
            let _ = end.receive(&Packet::Connack(*connack));
        }
        Role::Server => end.session.accept(end.now, connect, connack, &mut end.out),
    });
}

fn apply(end: &mut End, version: Version, step: Step) {
    match step {
        Step::Receive(bytes) => {
            let Ok(Some(frame)) = Frame::parse(&bytes, usize::MAX) else {
                return;
            };
            match end.session.receive(end.now, frame, &mut end.out) {
                Ok(Event::Message(received)) => {
                    let reason = match bytes.last() {
                        Some(last) if last % 2 == 1 => ReasonCode::QUOTA_EXCEEDED,
                        _ => ReasonCode::SUCCESS,
                    };
                    end.session.acknowledge(&received, reason, &mut end.out);
                }
                Ok(_) => {}
                Err(violation) => {
                    end.session.disconnect_for(&violation, &mut end.out);
                    end.session.connection_lost();
                }
            }
        }
        Step::Publish(qos) => {
            let _ = end.publish("payload", QoS::from_bits(qos).unwrap());
        }
        Step::Subscribe if end.session.role() == Role::Client => {
            let filters = [("a", SubscriptionOptions::default())];
            let _ = end
                .session
                .subscribe(end.now, &filters, Properties::EMPTY, &mut end.out);
        }
        Step::Unsubscribe if end.session.role() == Role::Client => {
            let _ = end
                .session
                .unsubscribe(end.now, &["a"], Properties::EMPTY, &mut end.out);
        }
        Step::Subscribe | Step::Unsubscribe => {}
        Step::Wait(passed) => {
            end.now += seconds(passed.into());
            let paused = end.session.ping_while_paused(end.now, &mut end.out);
            if !paused && end.session.handle_timeout(end.now, &mut end.out).is_err() {
                end.session.connection_lost();
            }
        }
        Step::Disconnect => {
            let reason = ReasonCode::NORMAL_DISCONNECTION;
            end.session
                .disconnect(reason, Properties::EMPTY, &mut end.out);
        }
        Step::Lose => end.session.connection_lost(),
        Step::Reopen {
            session_present,
            receive_maximum,
            maximum_packet_size,
        } => {
            let mut opening = Opening {
                session_present,
                keep_alive: 10,
                ..Opening::new(version)
            };
            if version == Version::V5 {
                opening = opening
                    .with_connect(PropertyId::ReceiveMaximum, Value::TwoByte(receive_maximum))
                    .with_connack(PropertyId::ReceiveMaximum, Value::TwoByte(receive_maximum))
                    .with_connack(
                        PropertyId::TopicAliasMaximum,
                        Value::TwoByte(receive_maximum),
                    )
                    .with_connect(
                        PropertyId::TopicAliasMaximum,
                        Value::TwoByte(receive_maximum),
                    );
                let size = (
                    PropertyId::MaximumPacketSize,
                    Value::FourByte(maximum_packet_size),
                );
                opening = match end.session.role() {
                    Role::Client => opening.with_connack(size.0, size.1),
                    Role::Server => opening.with_connect(size.0, size.1),
                };
            }
            end.session.connection_lost();
            open(end, &opening);
        }
    }
}

proptest! {
    #[test]
    fn any_input_in_any_state(
        client in any::<bool>(),
        version in prop::sample::select(Version::ALL.to_vec()),
        steps in prop::collection::vec(step(), 0..200),
    ) {
        let role = if client { Role::Client } else { Role::Server };
        let config = Config {
            max_inflight: 10,
            max_inflight_bytes: 60,
            queue_messages: 5,
            queue_bytes: 1000,
            use_topic_aliases: true,
        };
        let mut end = End::new(role, config);
        open(&mut end, &Opening::new(version));
        for step in steps {
            end.out.clear();
            apply(&mut end, version, step);
            end.session.assert_consistent();
            prop_assert!(end.session.in_flight() <= 10);
            prop_assert!(end.session.queued() <= 5);
            if !end.session.is_connected() {
                continue;
            }
            // What we write is well-formed, and no longer than the peer can take.
            let limit = end.session.peer().maximum_packet_size as usize;
            let bytes = drain(&mut end.out);
            for frame in frames_in(&bytes) {
                prop_assert!(frame.decode(version).is_ok());
                let opens = matches!(frame.packet_type(), PacketType::Connect);
                prop_assert!(opens || frame.bytes().len() <= limit);
            }
        }
    }
}
