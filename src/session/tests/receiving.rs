//! The receiver's half of QoS 0, 1 and 2.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const BOTH: [Role; 2] = [Role::Client, Role::Server];
const SUCCESS: ReasonCode = ReasonCode::SUCCESS;

fn seen(payload: &str) -> Result<Seen, Violation> {
    Ok(Seen::Message {
        topic: "t".into(),
        payload: payload.into(),
    })
}

// MQTT-3.3.4-1, MQTT-4.3.2-4, MQTT-4.3.3-8, MQTT-4.3.3-11, MQTT-4.5.0-2
// (3.1.1: MQTT-3.3.4-1, MQTT-4.3.2-2, MQTT-4.3.3-2, MQTT-4.5.0-2)
#[test]
fn each_level_has_its_answer() {
    for version in Version::ALL {
        for role in BOTH {
            let mut end = End::open(role, &Opening::new(version));
            for (n, qos) in [
                (0, QoS::AtMostOnce),
                (7, QoS::AtLeastOnce),
                (8, QoS::ExactlyOnce),
            ] {
                assert_eq!(
                    end.take(&Packet::Publish(publish(n, qos, "x")), SUCCESS),
                    seen("x")
                );
            }
            assert_eq!(end.sent(), ["PUBACK 7", "PUBREC 8"]);
            assert_eq!(end.receive(&Packet::Pubrel(ack(8))), Ok(Seen::Handled));
            assert_eq!(end.sent(), ["PUBCOMP 8"]);
        }
    }
}

// MQTT-4.3.3-12: onward delivery begins with PUBREL at the latest
#[test]
fn what_is_kept_comes_back_when_it_is_released() {
    for version in Version::ALL {
        let mut end = End::open(Role::Server, &Opening::new(version));
        let kept = message("t", "x", QoS::ExactlyOnce);
        for n in [8, 9] {
            end.keep(n, &kept);
        }
        assert_eq!(end.sent(), ["PUBREC 8", "PUBREC 9"]);
        assert!(end.session.unreleased_within(2, 4));
        assert!(!end.session.unreleased_within(1, 4) && !end.session.unreleased_within(2, 3));
        assert_eq!(end.receive(&Packet::Pubrel(ack(8))), Ok(Seen::Released));
        assert_eq!(end.sent(), ["PUBCOMP 8"]);
        // Whoever takes it before keeps it.
        assert_eq!(end.session.take_kept().len(), 1);
        assert!(end.session.unreleased_within(0, 0));
        assert_eq!(end.receive(&Packet::Pubrel(ack(9))), Ok(Seen::Handled));
        assert_eq!(end.sent(), ["PUBCOMP 9"]);
    }
}

#[test]
fn what_is_kept_outlives_the_network_connection() {
    let mut end = End::open(Role::Server, &Opening::resumed(Version::V5));
    end.keep(8, &message("t", "x", QoS::ExactlyOnce));
    end.reopen(&Opening::resumed(Version::V5));
    end.sent();
    let mut again = publish(8, QoS::ExactlyOnce, "x");
    again.dup = true;
    assert_eq!(end.receive(&Packet::Publish(again)), Ok(Seen::Handled));
    assert_eq!(end.sent(), ["PUBREC 8"]);
    assert_eq!(end.receive(&Packet::Pubrel(ack(8))), Ok(Seen::Released));
    end.keep(9, &message("t", "x", QoS::ExactlyOnce));
    end.reopen(&Opening::new(Version::V5));
    assert!(end.session.unreleased_within(0, 0));
}

// MQTT-4.6.0-2, MQTT-4.6.0-3 (both versions)
#[test]
fn answers_are_in_the_order_of_receipt() {
    let mut end = End::open(Role::Client, &Opening::new(Version::V3_1_1));
    for n in [5, 3, 9, 1] {
        let qos = if n % 3 == 0 {
            QoS::ExactlyOnce
        } else {
            QoS::AtLeastOnce
        };
        assert_eq!(
            end.take(&Packet::Publish(publish(n, qos, "x")), SUCCESS),
            seen("x")
        );
    }
    assert_eq!(end.sent(), ["PUBACK 5", "PUBREC 3", "PUBREC 9", "PUBACK 1"]);
}

// MQTT-4.3.2-5 (3.1.1: MQTT-4.3.2-2)
#[test]
fn after_puback_the_identifier_is_new_whatever_dup_says() {
    for version in Version::ALL {
        let mut end = End::open(Role::Server, &Opening::new(version));
        for dup in [false, true] {
            let packet = Publish {
                dup,
                ..publish(1, QoS::AtLeastOnce, "x")
            };
            assert_eq!(end.take(&Packet::Publish(packet), SUCCESS), seen("x"));
        }
        assert_eq!(end.sent(), ["PUBACK 1", "PUBACK 1"]);
    }
}

// MQTT-4.3.3-10, MQTT-4.3.3-12 (3.1.1: MQTT-4.3.3-2)
#[test]
fn until_pubrel_a_qos_2_message_comes_only_once() {
    for version in Version::ALL {
        for role in BOTH {
            let mut end = End::open(role, &Opening::new(version));
            let first = Packet::Publish(publish(1, QoS::ExactlyOnce, "x"));
            assert_eq!(end.take(&first, SUCCESS), seen("x"));
            for dup in [true, false] {
                let again = Publish {
                    dup,
                    ..publish(1, QoS::ExactlyOnce, "x")
                };
                assert_eq!(
                    end.take(&Packet::Publish(again), SUCCESS),
                    Ok(Seen::Handled)
                );
            }
            assert_eq!(end.sent(), ["PUBREC 1", "PUBREC 1", "PUBREC 1"]);
            end.reopen(&Opening::resumed(version));
            end.sent();
            let again = Publish {
                dup: true,
                ..publish(1, QoS::ExactlyOnce, "x")
            };
            assert_eq!(
                end.take(&Packet::Publish(again), SUCCESS),
                Ok(Seen::Handled)
            );
            assert!(end.receive(&Packet::Pubrel(ack(1))).is_ok());
            assert_eq!(end.sent(), ["PUBREC 1", "PUBCOMP 1"]);
            assert_eq!(
                end.take(&first, SUCCESS),
                seen("x"),
                "it is new after PUBCOMP"
            );
        }
    }
}

// MQTT-4.3.3-9
#[test]
fn after_a_refusing_pubrec_the_identifier_is_new() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    let packet = Packet::Publish(publish(1, QoS::ExactlyOnce, "x"));
    assert_eq!(end.take(&packet, ReasonCode::NOT_AUTHORIZED), seen("x"));
    assert_eq!(end.take(&packet, SUCCESS), seen("x"));
    assert_eq!(end.sent(), ["PUBREC 1 0x87", "PUBREC 1"]);
}

// MQTT-3.3.5-2 of 3.1.1: there is no way to refuse but to close
#[test]
fn before_5_0_every_acknowledgement_is_positive() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V3_1_1));
    let packet = Packet::Publish(publish(1, QoS::ExactlyOnce, "x"));
    assert_eq!(end.take(&packet, ReasonCode::NOT_AUTHORIZED), seen("x"));
    assert_eq!(end.take(&packet, SUCCESS), Ok(Seen::Handled));
    assert_eq!(end.sent(), ["PUBREC 1", "PUBREC 1"]);
}

#[test]
fn what_the_application_has_not_taken_comes_again() {
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let mut end = End::open(Role::Client, &Opening::new(Version::V5));
        let packet = Packet::Publish(publish(1, qos, "x"));
        assert_eq!(end.receive(&packet), seen("x"));
        assert!(end.out.is_empty(), "not before the application has it");
        end.reopen(&Opening::resumed(Version::V5));
        assert_eq!(end.receive(&packet), seen("x"));
    }
}

#[test]
fn an_acknowledgement_that_comes_too_late_writes_nothing() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    let mut bytes = Vec::new();
    publish(1, QoS::ExactlyOnce, "x").encode(Version::V5, &mut bytes);
    let frame = frames_in(&bytes)[0];
    let event = end.session.receive(end.now, frame, &mut end.out).unwrap();
    let Event::Message(received) = event else {
        panic!()
    };

    // The message was taken before the next connection began: it is known.
    end.session.connection_lost();
    end.session.acknowledge(&received, SUCCESS, &mut end.out);
    assert!(end.out.is_empty());
    end.reopen(&Opening::resumed(Version::V5));
    assert_eq!(end.receive_bytes(&bytes), Ok(Seen::Handled));

    // A second acknowledgement belongs to a connection that is over.
    end.sent();
    end.session.acknowledge(&received, SUCCESS, &mut end.out);
    assert!(end.out.is_empty());
}

// MQTT-4.3.3-4 (3.1.1: MQTT-4.3.3-1), as the peer breaks it
#[test]
fn pubrel_before_pubrec_is_a_violation() {
    for (version, expected) in [
        (Version::V3_1_1, "MQTT-4.3.3-1"),
        (Version::V5, "MQTT-4.3.3-4"),
    ] {
        let mut end = End::open(Role::Server, &Opening::new(version));
        assert_eq!(
            end.receive(&Packet::Publish(publish(1, QoS::ExactlyOnce, "x"))),
            seen("x")
        );
        let broken = end.broken_by(&Packet::Pubrel(ack(1)));
        assert_eq!(broken, (expected, ReasonCode::PROTOCOL_ERROR));
    }
}

// MQTT-3.3.4-6
#[test]
fn a_client_sends_no_subscription_identifier() {
    let given = properties([(PropertyId::SubscriptionIdentifier, Value::Variable(5))]);
    let mut packet = publish(0, QoS::AtMostOnce, "x");
    packet.properties = given.as_properties();
    let mut server = End::open(Role::Server, &Opening::new(Version::V5));
    let broken = server.broken_by(&Packet::Publish(packet));
    assert_eq!(broken, ("MQTT-3.3.4-6", ReasonCode::PROTOCOL_ERROR));
    let mut client = End::open(Role::Client, &Opening::new(Version::V5));
    assert_eq!(client.receive(&Packet::Publish(packet)), seen("x"));
}

// MQTT-3.3.2-4, MQTT-3.3.2-15 to MQTT-3.3.2-18, MQTT-3.3.2-20, MQTT-3.3.4-3
#[test]
fn properties_are_forwarded_unaltered_and_in_order() {
    let kept = [
        (PropertyId::UserProperty, Value::Pair("b", "2")),
        (PropertyId::PayloadFormatIndicator, Value::Byte(1)),
        (PropertyId::ContentType, Value::String("text/plain")),
        (PropertyId::ResponseTopic, Value::String("r")),
        (PropertyId::CorrelationData, Value::Binary(b"\0\xFF")),
        (PropertyId::UserProperty, Value::Pair("a", "1")),
    ];
    let expiry = (PropertyId::MessageExpiryInterval, Value::FourByte(60));
    let alias = (PropertyId::TopicAlias, Value::TwoByte(1));
    let all = properties(kept.into_iter().chain([expiry, alias]));
    let packet = Publish {
        properties: all.as_properties(),
        ..publish(0, QoS::AtMostOnce, "x")
    };

    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    let message = Message::from_publish(end.now, &packet, "t").into();
    for ids in [vec![], vec![7], vec![7, 300, 268_435_455]] {
        let mut delivery = Delivery::new(QoS::AtMostOnce, true);
        delivery.subscription_ids = ids.iter().copied().collect();
        let outcome = end
            .session
            .publish(end.now, &message, delivery, &mut end.out);
        assert_eq!(outcome, Outcome::Sent(None));
        let bytes = drain(&mut end.out);
        let [Packet::Publish(sent)] = packets_in(&bytes, Version::V5)[..] else {
            panic!()
        };
        assert!(sent.retain);
        let ids = ids
            .iter()
            .map(|id| (PropertyId::SubscriptionIdentifier, Value::Variable(*id)));
        assert!(
            sent.properties
                .iter()
                .eq([expiry].into_iter().chain(ids).chain(kept))
        );
    }
}

// MQTT-4.3.3-13
#[test]
fn an_expired_message_is_acknowledged_to_the_end() {
    let given = properties([(PropertyId::MessageExpiryInterval, Value::FourByte(1))]);
    let properties = given.as_properties();
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    let packet = Publish {
        properties,
        ..publish(1, QoS::ExactlyOnce, "x")
    };
    assert_eq!(end.take(&Packet::Publish(packet), SUCCESS), seen("x"));
    end.now += seconds(100);
    assert!(end.receive(&Packet::Pubrel(ack(1))).is_ok());
    assert_eq!(end.sent(), ["PUBREC 1", "PUBCOMP 1"]);
}
