//! The sender's half of QoS 0, 1 and 2.

use std::time::Duration;

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const BOTH: [Role; 2] = [Role::Client, Role::Server];
const SUCCESS: ReasonCode = ReasonCode::SUCCESS;

// MQTT-4.3.1-1, MQTT-3.3.1-2, MQTT-2.2.1-2 (3.1.1: MQTT-2.3.1-5)
#[test]
fn qos_0_has_no_dup_and_no_packet_identifier() {
    for version in Version::ALL {
        for role in BOTH {
            let mut end = End::open(role, &Opening::new(version));
            assert_eq!(end.publish("a", QoS::AtMostOnce), Outcome::Sent(None));
            assert_eq!(end.sent(), ["PUBLISH q0 a"]);
            assert!(end.session.is_idle());
        }
    }
}

#[test]
fn qos_0_can_be_sent_from_borrowed_data() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    let given = properties([
        (PropertyId::ContentType, Value::String("text/plain")),
        (PropertyId::TopicAlias, Value::TwoByte(3)),
        (PropertyId::UserProperty, Value::Pair("k", "v")),
    ]);
    let mut publish = publish(9, QoS::ExactlyOnce, "x");
    publish.properties = given.as_properties();
    let outcome = end
        .session
        .publish_at_most_once(end.now, &publish, &mut end.out);
    assert_eq!(outcome, Outcome::Sent(None));
    let bytes = drain(&mut end.out);
    let [Packet::Publish(sent)] = packets_in(&bytes, Version::V5)[..] else {
        panic!()
    };
    assert_eq!(
        (sent.qos, sent.packet_id, sent.topic),
        (QoS::AtMostOnce, None, "t")
    );
    // The publisher's Topic Alias is not ours (MQTT-3.3.2-7).
    let kept = [PropertyId::ContentType, PropertyId::UserProperty];
    assert!(sent.properties.iter().map(|(id, _)| id).eq(kept));
}

#[test]
fn what_is_not_kept_is_acknowledged_but_never_sent_again() {
    let mut end = End::open(Role::Client, &Opening::new(Version::V5));
    for (packet_id, qos) in [
        (1, QoS::AtLeastOnce),
        (2, QoS::ExactlyOnce),
        (3, QoS::ExactlyOnce),
    ] {
        let publish = publish(9, qos, "x");
        let outcome = (end.session).publish_unkept(end.now, &publish, &mut end.out);
        assert_eq!(outcome, Outcome::Sent(Some(id(packet_id))));
    }
    assert_eq!(
        end.sent(),
        ["PUBLISH 1 q1 x", "PUBLISH 2 q2 x", "PUBLISH 3 q2 x"]
    );
    assert_eq!(end.session.in_flight(), 3);
    assert_eq!(end.receive(&Packet::Pubrec(ack(2))), Ok(Seen::Handled));
    assert_eq!(end.sent(), ["PUBREL 2"]);
    end.reopen(&Opening {
        session_present: true,
        ..Opening::new(Version::V5)
    });
    assert_eq!(end.sent(), ["CONNECT", "PUBREL 2"]);
    assert!(end.session.take_lost().is_empty());
    let done = end.receive(&Packet::Pubcomp(ack(2)));
    assert_eq!(done, Ok(Seen::Published(2, SUCCESS)));
    assert!(end.session.is_idle());
}

#[test]
fn what_is_not_kept_cannot_wait() {
    let config = Config {
        max_inflight: 1,
        queue_messages: 10,
        queue_bytes: 1000,
        ..Config::default()
    };
    let mut session = Session::new(Role::Client, config);
    let (now, mut out) = (std::time::Instant::now(), Output::default());
    let publish = publish(0, QoS::AtLeastOnce, "x");
    let offline = session.publish_unkept(now, &publish, &mut out);
    assert_eq!(offline, Outcome::Dropped(Dropped::Offline));
    assert!(out.is_empty() && session.is_idle());
}

// MQTT-4.3.2-2, MQTT-4.3.2-3, MQTT-4.3.3-2 to MQTT-4.3.3-6, MQTT-2.2.1-5
// (3.1.1: MQTT-4.3.2-1, MQTT-4.3.3-1, MQTT-2.3.1-6)
#[test]
fn qos_1_and_2_go_through_their_handshakes() {
    for version in Version::ALL {
        for role in BOTH {
            let mut end = End::open(role, &Opening::new(version));
            assert_eq!(
                end.publish("a", QoS::AtLeastOnce),
                Outcome::Sent(Some(id(1)))
            );
            assert_eq!(
                end.publish("b", QoS::ExactlyOnce),
                Outcome::Sent(Some(id(2)))
            );
            assert_eq!(end.sent(), ["PUBLISH 1 q1 a", "PUBLISH 2 q2 b"]);
            assert_eq!(end.session.in_flight(), 2);
            assert_eq!(
                end.receive(&Packet::Puback(ack(1))),
                Ok(Seen::Published(1, SUCCESS))
            );
            assert_eq!(end.receive(&Packet::Pubrec(ack(2))), Ok(Seen::Handled));
            assert_eq!(end.sent(), ["PUBREL 2"]);
            assert_eq!(end.session.in_flight(), 1);
            assert_eq!(
                end.receive(&Packet::Pubcomp(ack(2))),
                Ok(Seen::Published(2, SUCCESS))
            );
            assert!(end.session.is_idle());
            assert!(end.out.is_empty());
        }
    }
}

// MQTT-2.2.1-3, MQTT-2.2.1-4, MQTT-4.3.2-1, MQTT-4.3.3-1 (3.1.1: MQTT-2.3.1-2, MQTT-2.3.1-4)
#[test]
fn packet_identifiers_in_use_are_passed_over() {
    let mut end = End::open(Role::Client, &Opening::new(Version::V3_1_1));
    let options = SubscriptionOptions::default();
    let (now, none) = (end.now, Properties::EMPTY);
    assert_eq!(
        end.publish("stuck", QoS::AtLeastOnce),
        Outcome::Sent(Some(id(1)))
    );
    assert_eq!(
        end.session
            .subscribe(now, &[("a", options)], none, &mut end.out),
        Some(id(2))
    );
    assert_eq!(
        end.session.unsubscribe(now, &["a"], none, &mut end.out),
        Some(id(3))
    );
    for n in 4..=65_535 {
        assert_eq!(
            end.publish("x", QoS::AtLeastOnce),
            Outcome::Sent(Some(id(n)))
        );
        assert!(end.receive(&Packet::Puback(ack(n))).is_ok());
        end.out.clear();
    }
    assert_eq!(
        end.publish("y", QoS::ExactlyOnce),
        Outcome::Sent(Some(id(4)))
    );
    assert_eq!(
        end.publish("z", QoS::AtLeastOnce),
        Outcome::Sent(Some(id(5)))
    );
    // They are found although the sequence has gone full circle, and keep their order.
    assert!(end.receive(&Packet::Pubrec(ack(4))).is_ok());
    end.reopen(&Opening::resumed(Version::V3_1_1));
    let again = ["PUBREL 4", "PUBLISH 1 q1 dup stuck", "PUBLISH 5 q1 dup z"];
    assert_eq!(end.sent().split_off(1), again);
    for n in [5, 1] {
        assert_eq!(
            end.receive(&Packet::Puback(ack(n))),
            Ok(Seen::Published(n, SUCCESS))
        );
    }
    assert_eq!(
        end.receive(&Packet::Pubcomp(ack(4))),
        Ok(Seen::Published(4, SUCCESS))
    );
    // An identifier is free again once its handshake is over (MQTT-2.3.1-3 of 3.1.1).
    assert_eq!(
        end.publish("w", QoS::AtLeastOnce),
        Outcome::Sent(Some(id(6)))
    );
}

#[test]
fn acknowledgements_in_any_order_find_their_message() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    for n in 1..=20 {
        assert_eq!(
            end.publish("x", QoS::AtLeastOnce),
            Outcome::Sent(Some(id(n)))
        );
    }
    for n in [
        20, 3, 1, 19, 2, 7, 8, 10, 9, 18, 4, 5, 6, 11, 17, 12, 16, 13, 15, 14,
    ] {
        assert_eq!(
            end.receive(&Packet::Puback(ack(n))),
            Ok(Seen::Published(n, SUCCESS))
        );
        assert_eq!(end.receive(&Packet::Puback(ack(n))), Ok(Seen::Handled));
    }
    assert!(end.session.is_idle());
}

// MQTT-4.4.0-1, MQTT-4.6.0-1, MQTT-3.3.1-1, MQTT-3.3.1-3 (3.1.1: MQTT-2.3.1-3, MQTT-4.4.0-1)
#[test]
fn what_is_unacknowledged_is_sent_again_in_order_with_dup() {
    for version in Version::ALL {
        for role in BOTH {
            let mut end = End::open(role, &Opening::new(version));
            for (payload, qos) in [("a", 2), ("b", 1), ("c", 2), ("d", 1), ("e", 1)] {
                assert!(matches!(
                    end.publish(payload, QoS::from_bits(qos).unwrap()),
                    Outcome::Sent(_)
                ));
            }
            assert!(end.receive(&Packet::Puback(ack(4))).is_ok());
            assert!(end.receive(&Packet::Pubrec(ack(1))).is_ok());
            for _ in 0..2 {
                end.reopen(&Opening::resumed(version));
                let again = [
                    // MQTT-4.3.3-6: the PUBLISH of 1 is not sent again.
                    "PUBREL 1",
                    "PUBLISH 2 q1 dup b",
                    "PUBLISH 3 q2 dup c",
                    "PUBLISH 5 q1 dup e",
                ];
                assert_eq!(end.sent().split_off(1), again);
            }
            // A new message has DUP 0, whatever happens to others.
            assert_eq!(
                end.publish("f", QoS::AtLeastOnce),
                Outcome::Sent(Some(id(6)))
            );
            assert_eq!(end.sent(), ["PUBLISH 6 q1 f"]);
        }
    }
}

// MQTT-4.4.0-1: at no other time than on reconnect
#[test]
fn time_alone_sends_nothing_again() {
    for role in BOTH {
        let mut end = End::open(role, &Opening::new(Version::V5));
        assert!(matches!(
            end.publish("a", QoS::AtLeastOnce),
            Outcome::Sent(_)
        ));
        end.sent();
        end.now += seconds(1_000_000);
        assert_eq!(end.session.handle_timeout(end.now, &mut end.out), Ok(()));
        assert!(
            end.receive(&Packet::Publish(publish(0, QoS::AtMostOnce, "x")))
                .is_ok()
        );
        assert!(end.out.is_empty());
    }
}

// MQTT-4.6.0-4 (both versions)
#[test]
fn pubrels_are_in_the_order_of_the_pubrecs() {
    let mut end = End::open(Role::Client, &Opening::new(Version::V5));
    for payload in ["a", "b", "c"] {
        assert!(matches!(
            end.publish(payload, QoS::ExactlyOnce),
            Outcome::Sent(_)
        ));
    }
    end.sent();
    for n in [2, 1, 3] {
        assert!(end.receive(&Packet::Pubrec(ack(n))).is_ok());
    }
    assert_eq!(end.sent(), ["PUBREL 2", "PUBREL 1", "PUBREL 3"]);
}

// MQTT-4.4.0-2, MQTT-4.8.2-6
#[test]
fn a_refused_message_is_done_and_not_sent_again() {
    for role in BOTH {
        let mut end = End::open(role, &Opening::new(Version::V5));
        let refused = ReasonCode::QUOTA_EXCEEDED;
        assert!(matches!(
            end.publish("a", QoS::AtLeastOnce),
            Outcome::Sent(_)
        ));
        assert!(matches!(
            end.publish("b", QoS::ExactlyOnce),
            Outcome::Sent(_)
        ));
        let puback = Packet::Puback(ack_with(1, refused));
        assert_eq!(end.receive(&puback), Ok(Seen::Published(1, refused)));
        let pubrec = Packet::Pubrec(ack_with(2, refused));
        assert_eq!(end.receive(&pubrec), Ok(Seen::Published(2, refused)));
        end.reopen(&Opening::resumed(Version::V5));
        assert_eq!(end.sent().len(), 1, "CONNECT or CONNACK alone");
    }
}

#[test]
fn the_reason_of_a_pubrec_is_kept_until_pubcomp() {
    let mut end = End::open(Role::Client, &Opening::new(Version::V5));
    assert!(matches!(
        end.publish("a", QoS::ExactlyOnce),
        Outcome::Sent(_)
    ));
    let nobody = ReasonCode::NO_MATCHING_SUBSCRIBERS;
    assert!(end.receive(&Packet::Pubrec(ack_with(1, nobody))).is_ok());
    // After a reconnect the server may have forgotten the identifier: that is no failure.
    end.reopen(&Opening::resumed(Version::V5));
    let unknown = ack_with(1, ReasonCode::PACKET_IDENTIFIER_NOT_FOUND);
    assert_eq!(
        end.receive(&Packet::Pubcomp(unknown)),
        Ok(Seen::Published(1, nobody))
    );
}

// Sections 3.5 to 3.7 of 5.0; 3.1.1 answers as if it knew.
#[test]
fn acknowledgements_of_unknown_messages() {
    for version in Version::ALL {
        let v5 = version == Version::V5;
        for role in BOTH {
            let mut end = End::open(role, &Opening::new(version));
            assert_eq!(end.receive(&Packet::Puback(ack(9))), Ok(Seen::Handled));
            assert_eq!(end.receive(&Packet::Pubcomp(ack(9))), Ok(Seen::Handled));
            assert!(end.out.is_empty());
            assert_eq!(end.receive(&Packet::Pubrec(ack(9))), Ok(Seen::Handled));
            assert_eq!(end.sent(), [if v5 { "PUBREL 9 0x92" } else { "PUBREL 9" }]);
            assert_eq!(end.receive(&Packet::Pubrel(ack(9))), Ok(Seen::Handled));
            assert_eq!(
                end.sent(),
                [if v5 { "PUBCOMP 9 0x92" } else { "PUBCOMP 9" }]
            );
        }
    }
}

// MQTT-4.3.2-4, MQTT-4.3.3-8, MQTT-4.3.3-11 (3.1.1: MQTT-4.3.2-2, MQTT-4.3.3-2), as the peer
// breaks them
#[test]
fn acknowledgements_of_the_wrong_kind_are_violations() {
    for (version, ids) in [
        (
            Version::V3_1_1,
            [
                "MQTT-4.3.3-2",
                "MQTT-4.3.2-2",
                "MQTT-4.3.2-2",
                "MQTT-4.3.3-2",
            ],
        ),
        (
            Version::V5,
            [
                "MQTT-4.3.3-8",
                "MQTT-4.3.2-4",
                "MQTT-4.3.2-4",
                "MQTT-4.3.3-11",
            ],
        ),
    ] {
        let packets = [
            (QoS::ExactlyOnce, Packet::Puback(ack(1))),
            (QoS::AtLeastOnce, Packet::Pubrec(ack(1))),
            (QoS::AtLeastOnce, Packet::Pubcomp(ack(1))),
            (QoS::ExactlyOnce, Packet::Pubcomp(ack(1))),
        ];
        for ((qos, packet), expected) in packets.iter().zip(ids) {
            let mut end = End::open(Role::Client, &Opening::new(version));
            assert!(matches!(end.publish("a", *qos), Outcome::Sent(_)));
            assert_eq!(
                end.broken_by(packet),
                (expected, ReasonCode::PROTOCOL_ERROR)
            );
        }
    }
}

fn expiring(end: &End, payload: &str, after: Duration) -> std::rc::Rc<Message> {
    let mut message = (*message("t", payload, QoS::ExactlyOnce)).clone();
    message.expires = Some(end.now + after);
    message.into()
}

fn expiry_intervals(end: &mut End) -> Vec<Option<u32>> {
    let bytes = drain(&mut end.out);
    let packets = packets_in(&bytes, Version::V5);
    let publishes = packets.iter().filter_map(|packet| match packet {
        Packet::Publish(publish) => Some(publish.properties.message_expiry_interval()),
        _ => None,
    });
    publishes.collect()
}

// MQTT-3.3.2-5, MQTT-3.3.2-6, MQTT-4.3.3-7
#[test]
fn waiting_messages_expire_and_sent_ones_do_not() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    end.session.connection_lost();
    let delivery = || Delivery::new(QoS::ExactlyOnce, false);
    for (payload, after) in [("short", 10), ("long", 100)] {
        let message = expiring(&end, payload, seconds(after));
        let outcome = end
            .session
            .publish(end.now, &message, delivery(), &mut end.out);
        assert_eq!(outcome, Outcome::Queued);
    }
    end.now += seconds(30);
    end.reopen(&Opening::resumed(Version::V5));
    assert_eq!(
        expiry_intervals(&mut end),
        [Some(70)],
        "the other one has expired"
    );
    assert_eq!(end.session.queued(), 0);

    // Once it has been sent it stays, however long the peer is away.
    end.now += seconds(1000);
    end.reopen(&Opening::resumed(Version::V5));
    assert_eq!(expiry_intervals(&mut end), [Some(0)]);

    let message = expiring(&end, "late", seconds(5));
    end.now += seconds(5);
    let outcome = end
        .session
        .publish(end.now, &message, delivery(), &mut end.out);
    assert_eq!(outcome, Outcome::Dropped(Dropped::Expired));
}

#[test]
fn a_part_of_a_second_counts_as_a_whole_one() {
    let end = End::open(Role::Server, &Opening::new(Version::V5));
    let message = expiring(&end, "x", seconds(10));
    let after = |millis| message.remaining_expiry(end.now + Duration::from_millis(millis));
    assert_eq!(
        [after(0), after(1), after(1000), after(9999)],
        [10, 10, 9, 1].map(Some)
    );
    assert_eq!(after(20_000), Some(0));
}

#[test]
fn max_inflight_1_keeps_the_order_of_all_levels() {
    let mut end = End::new(
        Role::Client,
        Config {
            max_inflight: 1,
            ..Config::default()
        },
    );
    end.reopen(&Opening::new(Version::V5));
    assert!(end.session.can_publish());
    assert!(matches!(
        end.publish("a", QoS::ExactlyOnce),
        Outcome::Sent(_)
    ));
    assert!(!end.session.can_publish());
    assert!(end.receive(&Packet::Pubrec(ack(1))).is_ok());
    assert!(!end.session.can_publish());
    assert!(end.receive(&Packet::Pubcomp(ack(1))).is_ok());
    assert!(end.session.can_publish());
}
