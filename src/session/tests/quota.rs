//! Receive Maximum and the own bounds: how much may be in flight, and what waits behind it.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const BOTH: [Role; 2] = [Role::Client, Role::Server];
const SUCCESS: ReasonCode = ReasonCode::SUCCESS;

fn receive_maximum(n: u16) -> (PropertyId, Value<'static>) {
    (PropertyId::ReceiveMaximum, Value::TwoByte(n))
}

// MQTT-3.3.4-7, MQTT-3.3.4-9, MQTT-4.9.0-1, MQTT-4.9.0-2
#[test]
fn the_send_quota_is_kept_and_the_queue_follows_in_order() {
    for role in BOTH {
        let (property, value) = receive_maximum(2);
        let mut end = End::open(role, &peer_says(role, property, value));
        for (n, payload) in ["a", "b", "c", "d"].into_iter().enumerate() {
            let outcome = end.publish(payload, QoS::ExactlyOnce);
            assert_eq!(outcome == Outcome::Queued, n >= 2);
        }
        assert!(!end.session.can_publish());
        assert_eq!(end.sent(), ["PUBLISH 1 q2 a", "PUBLISH 2 q2 b"]);
        // PUBREC frees nothing, PUBCOMP and a refusing PUBREC do.
        assert!(end.receive(&Packet::Pubrec(ack(1))).is_ok());
        assert_eq!(end.sent(), ["PUBREL 1"]);
        assert!(end.receive(&Packet::Pubcomp(ack(1))).is_ok());
        assert_eq!(end.sent(), ["PUBLISH 3 q2 c"]);
        let refused = Packet::Pubrec(ack_with(2, ReasonCode::UNSPECIFIED_ERROR));
        assert!(end.receive(&refused).is_ok());
        assert_eq!(end.sent(), ["PUBLISH 4 q2 d"]);
        assert_eq!(end.session.queued(), 0);
    }
}

#[test]
fn the_own_bound_holds_in_every_version() {
    for version in Version::ALL {
        let mut end = End::new(
            Role::Client,
            Config {
                max_inflight: 2,
                ..Config::default()
            },
        );
        end.reopen(&Opening::new(version));
        for _ in 0..2 {
            assert!(end.session.can_publish());
            assert!(matches!(
                end.publish("x", QoS::AtLeastOnce),
                Outcome::Sent(_)
            ));
        }
        assert!(!end.session.can_publish());
        let outcome = end.publish("x", QoS::AtLeastOnce);
        assert_eq!(
            outcome,
            Outcome::Dropped(Dropped::QueueFull),
            "a client has no queue"
        );
        assert!(end.receive(&Packet::Puback(ack(1))).is_ok());
        assert!(end.session.can_publish());
    }
}

// MQTT-3.3.4-8, MQTT-3.3.4-10, MQTT-4.9.0-3
#[test]
fn a_used_up_quota_delays_nothing_but_publish() {
    for role in BOTH {
        let (property, value) = receive_maximum(1);
        let mut end = End::open(role, &peer_says(role, property, value));
        assert!(matches!(
            end.publish("a", QoS::ExactlyOnce),
            Outcome::Sent(_)
        ));
        end.sent();
        assert!(
            end.take(&Packet::Publish(publish(1, QoS::AtLeastOnce, "x")), SUCCESS)
                .is_ok()
        );
        assert!(
            end.take(&Packet::Publish(publish(2, QoS::ExactlyOnce, "y")), SUCCESS)
                .is_ok()
        );
        assert!(end.receive(&Packet::Pubrel(ack(2))).is_ok());
        assert!(end.receive(&Packet::Pubrec(ack(1))).is_ok());
        assert_eq!(end.publish("q0", QoS::AtMostOnce), Outcome::Sent(None));
        assert_eq!(
            end.sent(),
            [
                "PUBACK 1",
                "PUBREC 2",
                "PUBCOMP 2",
                "PUBREL 1",
                "PUBLISH q0 q0"
            ]
        );
    }
}

#[test]
fn redelivery_keeps_to_a_smaller_quota() {
    for role in BOTH {
        let mut end = End::open(role, &Opening::new(Version::V5));
        for payload in ["a", "b", "c", "d"] {
            assert!(matches!(
                end.publish(payload, QoS::ExactlyOnce),
                Outcome::Sent(_)
            ));
        }
        assert!(end.receive(&Packet::Pubrec(ack(3))).is_ok());
        let (property, value) = receive_maximum(2);
        let opening = peer_says(role, property, value);
        end.reopen(&Opening {
            session_present: true,
            ..opening
        });
        // PUBREL is not held back (MQTT-3.3.4-8), but its message counts.
        assert_eq!(end.sent().split_off(1), ["PUBREL 3", "PUBLISH 1 q2 dup a"]);
        assert!(!end.session.can_publish());
        assert_eq!(end.publish("e", QoS::AtLeastOnce), Outcome::Queued);
        assert!(end.receive(&Packet::Pubcomp(ack(3))).is_ok());
        assert_eq!(end.sent(), ["PUBLISH 2 q2 dup b"]);
        let refused = Packet::Pubrec(ack_with(1, ReasonCode::UNSPECIFIED_ERROR));
        assert!(end.receive(&refused).is_ok());
        assert_eq!(end.sent(), ["PUBLISH 4 q2 dup d"]);
        let refused = Packet::Pubrec(ack_with(2, ReasonCode::UNSPECIFIED_ERROR));
        assert!(end.receive(&refused).is_ok());
        assert_eq!(end.sent(), ["PUBLISH 5 q1 e"]);
    }
}

// MQTT-3.3.4-7, MQTT-3.3.4-9, as the peer breaks them
#[test]
fn more_than_our_receive_maximum_is_a_violation() {
    for (role, expected) in [
        (Role::Server, "MQTT-3.3.4-7"),
        (Role::Client, "MQTT-3.3.4-9"),
    ] {
        let (property, value) = receive_maximum(2);
        let mut end = End::open(role, &own_says(role, property, value));
        // What is answered does not count.
        for n in 1..=9 {
            let packet = Packet::Publish(publish(n, QoS::AtLeastOnce, "x"));
            assert!(end.take(&packet, SUCCESS).is_ok());
            let packet = Packet::Publish(publish(n, QoS::ExactlyOnce, "x"));
            assert!(end.take(&packet, SUCCESS).is_ok());
            assert!(end.receive(&Packet::Pubrel(ack(n))).is_ok());
        }
        assert!(
            end.receive(&Packet::Publish(publish(1, QoS::AtLeastOnce, "x")))
                .is_ok()
        );
        assert!(
            end.take(&Packet::Publish(publish(2, QoS::ExactlyOnce, "x")), SUCCESS)
                .is_ok()
        );
        assert!(
            end.receive(&Packet::Publish(publish(0, QoS::AtMostOnce, "x")))
                .is_ok()
        );
        let broken = end.broken_by(&Packet::Publish(publish(3, QoS::AtLeastOnce, "x")));
        assert_eq!(broken, (expected, ReasonCode::RECEIVE_MAXIMUM_EXCEEDED));
    }
}

// MQTT-3.1.2-5 of 3.1.1, MQTT-4.5.0-1
#[test]
fn an_absent_peer_has_a_bounded_queue() {
    for version in Version::ALL {
        let config = Config {
            queue_messages: 3,
            queue_bytes: 12,
            ..Config::default()
        };
        let mut end = End::new(Role::Server, config);
        end.reopen(&Opening::new(version));
        end.session.connection_lost();
        end.out.clear();
        let full = Outcome::Dropped(Dropped::QueueFull);
        assert_eq!(
            end.publish("0", QoS::AtMostOnce),
            Outcome::Dropped(Dropped::Offline)
        );
        assert_eq!(end.publish("12345", QoS::AtLeastOnce), Outcome::Queued);
        assert_eq!(
            end.publish("123456", QoS::AtLeastOnce),
            full,
            "13 bytes with the topics"
        );
        assert_eq!(end.publish("12", QoS::ExactlyOnce), Outcome::Queued);
        assert_eq!(end.publish("1", QoS::AtLeastOnce), Outcome::Queued);
        assert_eq!(
            end.publish("", QoS::AtLeastOnce),
            full,
            "the fourth message"
        );
        end.reopen(&Opening::resumed(version));
        let sent = [
            "CONNACK",
            "PUBLISH 1 q1 12345",
            "PUBLISH 2 q2 12",
            "PUBLISH 3 q1 1",
        ];
        assert_eq!(end.sent(), sent);
    }
}

#[test]
fn the_bytes_in_flight_are_bounded() {
    let config = Config {
        max_inflight_bytes: 10,
        queue_messages: 9,
        queue_bytes: 100,
        ..Config::default()
    };
    let mut end = End::new(Role::Server, config);
    end.reopen(&Opening::new(Version::V3_1_1));
    end.sent();
    for payload in ["12345", "12345678", "1", "2"] {
        let _ = end.publish(payload, QoS::ExactlyOnce);
    }
    assert_eq!(end.sent(), ["PUBLISH 1 q2 12345", "PUBLISH 2 q2 12345678"]);
    // A server lets go of the message at PUBREC.
    assert!(end.receive(&Packet::Pubrec(ack(2))).is_ok());
    assert_eq!(end.sent(), ["PUBREL 2", "PUBLISH 3 q2 1", "PUBLISH 4 q2 2"]);
    // One message always goes, however large.
    for n in [2, 1, 3, 4] {
        assert!(end.receive(&Packet::Pubrec(ack(n))).is_ok());
        assert!(end.receive(&Packet::Pubcomp(ack(n))).is_ok());
    }
    end.sent();
    let large = "x".repeat(50);
    assert_eq!(
        end.publish(&large, QoS::AtLeastOnce),
        Outcome::Sent(Some(id(5)))
    );
    assert_eq!(end.publish("y", QoS::AtLeastOnce), Outcome::Queued);
}

#[test]
fn what_is_held_waits_until_it_is_let_go() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    assert!(matches!(
        end.publish("a", QoS::AtLeastOnce),
        Outcome::Sent(_)
    ));
    end.session.hold();
    assert!(!end.session.can_publish());
    assert_eq!(end.publish("b", QoS::AtLeastOnce), Outcome::Queued);
    assert!(end.receive(&Packet::Puback(ack(1))).is_ok());
    assert_eq!(end.publish("c", QoS::AtLeastOnce), Outcome::Queued);
    assert_eq!(end.sent(), ["PUBLISH 1 q1 a"]);
    end.session.let_go(end.now, &mut end.out);
    assert_eq!(end.sent(), ["PUBLISH 2 q1 b", "PUBLISH 3 q1 c"]);
    // The next connection begins without it.
    end.session.hold();
    end.reopen(&Opening::resumed(Version::V5));
    assert!(end.session.can_publish());
}

#[test]
fn a_session_is_small_and_an_empty_one_owns_nothing() {
    let size = std::mem::size_of::<Session>();
    assert!(size <= 440, "{size}");
    assert_eq!(std::mem::size_of::<Option<Session>>(), size);
}

#[test]
fn a_new_message_does_not_overtake_those_to_be_sent_again() {
    let config = Config {
        max_inflight_bytes: 10,
        queue_messages: 9,
        queue_bytes: 100,
        ..Config::default()
    };
    let mut end = End::new(Role::Server, config);
    end.reopen(&Opening::new(Version::V5));
    for payload in ["1234567", "12345678"] {
        assert!(matches!(
            end.publish(payload, QoS::ExactlyOnce),
            Outcome::Sent(_)
        ));
    }
    end.reopen(&Opening::resumed(Version::V5));
    assert_eq!(end.sent(), ["CONNACK", "PUBLISH 1 q2 dup 1234567"]);
    // PUBREC makes room, and those that were first are first.
    assert!(end.receive(&Packet::Pubrec(ack(1))).is_ok());
    assert!(matches!(
        end.publish("", QoS::AtLeastOnce),
        Outcome::Sent(_)
    ));
    assert_eq!(end.publish("d", QoS::AtLeastOnce), Outcome::Queued);
    assert!(end.receive(&Packet::Pubcomp(ack(1))).is_ok());
    let sent = ["PUBREL 1", "PUBLISH 2 q2 dup 12345678", "PUBLISH 3 q1 "];
    assert_eq!(end.sent(), sent);
}
