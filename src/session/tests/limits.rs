//! What one end can take and the other respects: Receive Maximum, Topic Aliases, Maximum Packet
//! Size, a server's capabilities, the queue.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const BOTH: [Role; 2] = [Role::Client, Role::Server];
const SUCCESS: ReasonCode = ReasonCode::SUCCESS;

/// An opening in which the peer of this role announces a property.
fn peer_says(role: Role, id: PropertyId, value: Value<'static>) -> Opening {
    let opening = Opening::new(Version::V5);
    match role {
        Role::Client => opening.with_connack(id, value),
        Role::Server => opening.with_connect(id, value),
    }
}

/// An opening in which the end of this role announces a property.
fn own_says(role: Role, id: PropertyId, value: Value<'static>) -> Opening {
    let opening = Opening::new(Version::V5);
    match role {
        Role::Client => opening.with_connect(id, value),
        Role::Server => opening.with_connack(id, value),
    }
}

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

fn by_alias<'a>(topic: &'a str, given: &'a PropertyBuf) -> Packet<'a> {
    let properties = given.as_properties();
    Packet::Publish(Publish {
        topic,
        properties,
        ..publish(0, QoS::AtMostOnce, "x")
    })
}

fn topic_alias(alias: u16) -> PropertyBuf {
    properties([(PropertyId::TopicAlias, Value::TwoByte(alias))])
}

// MQTT-3.3.2-7, MQTT-3.3.2-9 to MQTT-3.3.2-12
#[test]
fn topic_aliases_of_the_peer() {
    for (role, too_high) in [
        (Role::Server, "MQTT-3.3.2-9"),
        (Role::Client, "MQTT-3.3.2-11"),
    ] {
        let opening = own_says(role, PropertyId::TopicAliasMaximum, Value::TwoByte(3));
        let mut end = End::open(role, &opening);
        let seen = |topic: &str| {
            Ok(Seen::Message {
                topic: topic.into(),
                payload: "x".into(),
            })
        };
        let (one, three, four) = (topic_alias(1), topic_alias(3), topic_alias(4));
        assert_eq!(end.receive(&by_alias("a", &one)), seen("a"));
        assert_eq!(end.receive(&by_alias("b", &three)), seen("b"));
        assert_eq!(end.receive(&by_alias("", &one)), seen("a"));
        assert_eq!(end.receive(&by_alias("", &three)), seen("b"));
        assert_eq!(end.receive(&by_alias("c", &one)), seen("c"));
        assert_eq!(end.receive(&by_alias("", &one)), seen("c"));
        let two = topic_alias(2);
        let unknown = ("MQTT5-3.3.2.3.4", ReasonCode::PROTOCOL_ERROR);
        assert_eq!(end.broken_by(&by_alias("", &two)), unknown);
        let invalid = (too_high, ReasonCode::TOPIC_ALIAS_INVALID);
        assert_eq!(end.broken_by(&by_alias("d", &four)), invalid);
        end.reopen(&opening);
        assert_eq!(
            end.broken_by(&by_alias("", &one)),
            unknown,
            "aliases end with the connection"
        );

        // Without a Topic Alias Maximum there are none at all.
        let mut end = End::open(role, &Opening::new(Version::V5));
        assert_eq!(end.broken_by(&by_alias("a", &one)), invalid);
    }
}

/// The topic and alias of each PUBLISH in the output.
fn aliases(end: &mut End) -> Vec<(String, Option<u16>)> {
    let bytes = drain(&mut end.out);
    let packets = packets_in(&bytes, end.session.version());
    let of = |packet: &Packet<'_>| match packet {
        Packet::Publish(publish) => {
            Some((publish.topic.to_string(), publish.properties.topic_alias()))
        }
        _ => None,
    };
    packets.iter().filter_map(of).collect()
}

fn aliasing(role: Role, opening: &Opening) -> End {
    let config = Config {
        use_topic_aliases: true,
        ..Config::default()
    };
    let mut end = End::new(role, config);
    end.reopen(opening);
    end.sent();
    end
}

// MQTT-3.1.2-26, MQTT-3.1.2-27, MQTT-3.2.2-17, MQTT-3.2.2-18, MQTT-3.3.2-8
#[test]
fn our_topic_aliases_keep_to_the_peers_maximum() {
    for role in BOTH {
        let opening = peer_says(role, PropertyId::TopicAliasMaximum, Value::TwoByte(2));
        let mut end = aliasing(role, &opening);
        let send = |end: &mut End, topic: &str, qos| {
            let message = message(topic, "x", qos);
            let delivery = Delivery::new(qos, false);
            let outcome = end
                .session
                .publish(end.now, &message, delivery, &mut end.out);
            assert!(matches!(outcome, Outcome::Sent(_)));
        };
        for topic in ["a", "b", "c", "a", "b", "c"] {
            send(&mut end, topic, QoS::AtLeastOnce);
        }
        let borrowed = Publish {
            topic: "b",
            ..publish(0, QoS::AtMostOnce, "x")
        };
        let outcome = end
            .session
            .publish_at_most_once(end.now, &borrowed, &mut end.out);
        assert_eq!(outcome, Outcome::Sent(None));
        let sent = aliases(&mut end);
        let sent: Vec<_> = sent
            .iter()
            .map(|(topic, alias)| (topic.as_str(), *alias))
            .collect();
        let (one, two) = (Some(1), Some(2));
        let first = [("a", one), ("b", two), ("c", None)];
        assert_eq!(sent[..3], first);
        assert_eq!(sent[3..], [("", one), ("", two), ("c", None), ("", two)]);

        // MQTT-3.3.2-7: the next connection starts anew, also for what is sent again.
        end.reopen(&Opening {
            session_present: true,
            ..opening
        });
        let sent = aliases(&mut end);
        assert_eq!(sent.len(), 6);
        assert_eq!((sent[0].0.as_str(), sent[0].1), ("a", Some(1)));

        let mut end = aliasing(role, &Opening::new(Version::V5));
        send(&mut end, "a", QoS::AtMostOnce);
        assert_eq!(aliases(&mut end), [("a".to_string(), None)]);
    }
}

fn maximum_packet_size(size: u32) -> (PropertyId, Value<'static>) {
    (PropertyId::MaximumPacketSize, Value::FourByte(size))
}

// MQTT-3.1.2-24, MQTT-3.1.2-25, MQTT-3.2.2-15
#[test]
fn what_is_too_large_for_the_peer_is_not_sent() {
    for role in BOTH {
        let (property, value) = maximum_packet_size(30);
        let mut end = End::open(role, &peer_says(role, property, value));
        let fitting = "x".repeat(22);
        let large = "x".repeat(23);
        let too_large = Outcome::Dropped(Dropped::PacketTooLarge);
        assert_eq!(end.publish(&large, QoS::ExactlyOnce), too_large);
        assert_eq!(
            end.publish(&fitting, QoS::ExactlyOnce),
            Outcome::Sent(Some(id(1)))
        );
        assert_eq!(drain(&mut end.out).len(), 30);
        let long = "x".repeat(25);
        let outcome = end.session.publish_at_most_once(
            end.now,
            &publish(0, QoS::AtMostOnce, &long),
            &mut end.out,
        );
        assert_eq!(outcome, too_large);
        assert!(end.out.is_empty());
    }
}

// MQTT-3.1.2-25
#[test]
fn a_queued_message_that_is_too_large_counts_as_sent() {
    let mut end = End::open(Role::Server, &Opening::new(Version::V5));
    end.session.connection_lost();
    for payload in ["a", &"x".repeat(100), "c"] {
        assert_eq!(end.publish(payload, QoS::AtLeastOnce), Outcome::Queued);
    }
    let (property, value) = maximum_packet_size(30);
    let opening = peer_says(Role::Server, property, value);
    end.reopen(&Opening {
        session_present: true,
        ..opening
    });
    assert_eq!(end.sent(), ["CONNACK", "PUBLISH 1 q1 a", "PUBLISH 2 q1 c"]);
    assert_eq!(end.session.queued(), 0);
}

#[test]
fn an_alias_is_left_out_where_it_would_not_fit() {
    let opening = Opening::new(Version::V5)
        .with_connect(PropertyId::TopicAliasMaximum, Value::TwoByte(9))
        .with_connect(PropertyId::MaximumPacketSize, Value::FourByte(11));
    let mut end = aliasing(Role::Server, &opening);
    for (payload, alias) in [("12345", None), ("12", Some(1)), ("1", Some(1))] {
        assert_eq!(end.publish(payload, QoS::AtMostOnce), Outcome::Sent(None));
        assert_eq!(aliases(&mut end)[0].1, alias, "{payload}");
    }
}

#[test]
fn a_server_that_takes_less_than_before_loses_messages_to_the_client() {
    let mut end = End::open(Role::Client, &Opening::new(Version::V5));
    for payload in ["a", &"x".repeat(100), "c"] {
        assert!(matches!(
            end.publish(payload, QoS::AtLeastOnce),
            Outcome::Sent(_)
        ));
    }
    let (property, value) = maximum_packet_size(30);
    let opening = peer_says(Role::Client, property, value);
    end.reopen(&Opening {
        session_present: true,
        ..opening
    });
    assert_eq!(
        end.sent(),
        ["CONNECT", "PUBLISH 1 q1 dup a", "PUBLISH 3 q1 dup c"]
    );
    let lost = end.session.take_lost();
    assert_eq!(lost.len(), 1);
    assert_eq!(lost[0].0.payload.len(), 100);
}

// MQTT-3.1.2-24, MQTT-3.2.2-15, as the peer breaks them
#[test]
fn what_is_too_large_for_us_is_a_violation() {
    for (role, expected) in [
        (Role::Server, "MQTT-3.2.2-15"),
        (Role::Client, "MQTT-3.1.2-24"),
    ] {
        let (property, value) = maximum_packet_size(20);
        let mut end = End::open(role, &own_says(role, property, value));
        let (fitting, large) = ("x".repeat(14), "x".repeat(15));
        let packet = Packet::Publish(publish(0, QoS::AtMostOnce, &fitting));
        assert!(end.receive(&packet).is_ok());
        let broken = end.broken_by(&Packet::Publish(publish(0, QoS::AtMostOnce, &large)));
        assert_eq!(broken, (expected, ReasonCode::PACKET_TOO_LARGE));
    }
}

/// The properties of the only packet in the output; `None` when there is no packet.
fn informed(end: &mut End) -> Option<Vec<PropertyId>> {
    let bytes = drain(&mut end.out);
    let packets = packets_in(&bytes, Version::V5);
    let properties = match packets.last()? {
        Packet::Connack(packet) => packet.properties,
        Packet::Suback(packet) => packet.properties,
        Packet::Unsuback(packet) => packet.properties,
        Packet::Disconnect(packet) => packet.properties,
        Packet::Auth(packet) => packet.properties,
        _ => panic!("{packets:?}"),
    };
    let ids = properties.iter().map(|(id, _)| id);
    Some(ids.filter(|id| *id != METHOD.0).collect())
}

/// A way to send a packet with properties.
type Send = fn(&mut End, Properties<'_>);

const SENDERS: [Send; 4] = [
    |end, properties| {
        end.session
            .suback(id(1), &[SUCCESS], properties, &mut end.out)
    },
    |end, properties| {
        end.session
            .unsuback(id(1), &[SUCCESS], properties, &mut end.out)
    },
    |end, properties| {
        let mut with_method = PropertyBuf::from(properties);
        with_method.push(METHOD.0, METHOD.1);
        let reason = ReasonCode::CONTINUE_AUTHENTICATION;
        let properties = with_method.as_properties();
        end.session.auth(reason, properties, &mut end.out);
    },
    |end, properties| {
        end.session
            .disconnect(ReasonCode::SERVER_BUSY, properties, &mut end.out)
    },
];

const METHOD: (PropertyId, Value<'static>) = (PropertyId::AuthenticationMethod, Value::String("m"));

// MQTT-3.9.2-1, MQTT-3.9.2-2, MQTT-3.11.2-1, MQTT-3.11.2-2, MQTT-3.14.2-3, MQTT-3.14.2-4,
// MQTT-3.15.2-2, MQTT-3.15.2-3 (PUBACK, PUBREC, PUBREL and PUBCOMP never have any: MQTT-3.4.2-2
// and -3, MQTT-3.5.2-2 and -3, MQTT-3.6.2-2 and -3, MQTT-3.7.2-2 and -3)
#[test]
fn explanations_are_left_out_where_they_would_not_fit() {
    let reason = (PropertyId::ReasonString, Value::String("because"));
    let user = (PropertyId::UserProperty, Value::Pair("key", "value"));
    let all = properties([reason, user]);
    for send in SENDERS {
        let open = |size| {
            let (property, value) = maximum_packet_size(size);
            let opening = peer_says(Role::Server, property, value);
            End::open(Role::Server, &opening.with_connect(METHOD.0, METHOD.1))
        };
        let mut steps = Vec::new();
        for size in 5..60 {
            let mut end = open(size);
            send(&mut end, all.as_properties());
            assert!(end.out.len() <= size as usize);
            steps.push(informed(&mut end));
        }
        steps.dedup();
        steps.retain(|step| step.is_some());
        let ladder = [vec![], vec![reason.0], vec![reason.0, user.0]].map(Some);
        assert_eq!(steps, ladder);
    }
}

// MQTT-3.2.2-19, MQTT-3.2.2-20, MQTT-3.1.2-24
#[test]
fn connack_fits_or_is_not_sent() {
    let outcome = |size| {
        let opening = Opening::new(Version::V5)
            .with_connect(PropertyId::MaximumPacketSize, Value::FourByte(size))
            .with_connack(PropertyId::ReasonString, Value::String("because"))
            .with_connack(PropertyId::ServerKeepAlive, Value::TwoByte(5));
        let mut end = End::new(Role::Server, Config::default());
        opening.packets(|connect, connack| {
            end.session.accept(end.now, connect, connack, &mut end.out);
        });
        (informed(&mut end), end.session.is_connected())
    };
    let (reason, keep_alive) = (PropertyId::ReasonString, PropertyId::ServerKeepAlive);
    assert_eq!(outcome(18), (Some(vec![reason, keep_alive]), true));
    assert_eq!(outcome(17), (Some(vec![keep_alive]), true));
    assert_eq!(outcome(8), (Some(vec![keep_alive]), true));
    assert_eq!(outcome(7), (None, false));
}

// MQTT-3.1.2-29
#[test]
fn explanations_go_only_to_clients_that_want_them() {
    let all = properties([
        (PropertyId::ReasonString, Value::String("because")),
        (PropertyId::UserProperty, Value::Pair("key", "value")),
    ]);
    for (n, send) in SENDERS.iter().enumerate() {
        let opening = Opening::new(Version::V5)
            .with_connect(PropertyId::RequestProblemInformation, Value::Byte(0))
            .with_connect(METHOD.0, METHOD.1);
        let mut end = End::open(Role::Server, &opening);
        send(&mut end, all.as_properties());
        let is_disconnect = n == 3;
        assert_eq!(
            informed(&mut end).map(|list| list.len()),
            Some(if is_disconnect { 2 } else { 0 })
        );
    }
}

// MQTT-3.2.2-11, MQTT-3.2.2-14
#[test]
fn a_client_respects_what_the_server_lacks() {
    let opening = Opening::new(Version::V5)
        .with_connack(PropertyId::MaximumQoS, Value::Byte(1))
        .with_connack(PropertyId::RetainAvailable, Value::Byte(0));
    let mut end = End::open(Role::Client, &opening);
    assert_eq!(end.session.peer().maximum_qos, QoS::AtLeastOnce);
    let dropped = Outcome::Dropped(Dropped::QosNotSupported);
    assert_eq!(end.publish("x", QoS::ExactlyOnce), dropped);
    let message = message("t", "x", QoS::AtLeastOnce);
    let retained = Delivery::new(QoS::AtLeastOnce, true);
    let outcome = end
        .session
        .publish(end.now, &message, retained, &mut end.out);
    assert_eq!(outcome, Outcome::Dropped(Dropped::RetainNotSupported));
    assert!(end.out.is_empty());
    assert!(matches!(
        end.publish("x", QoS::AtLeastOnce),
        Outcome::Sent(_)
    ));

    // The same, as a client breaks it.
    let mut end = End::open(Role::Server, &opening);
    let broken = end.broken_by(&Packet::Publish(publish(1, QoS::ExactlyOnce, "x")));
    assert_eq!(broken, ("MQTT-3.2.2-11", ReasonCode::QOS_NOT_SUPPORTED));
    let retained = Publish {
        retain: true,
        ..publish(1, QoS::AtLeastOnce, "x")
    };
    let broken = end.broken_by(&Packet::Publish(retained));
    assert_eq!(broken, ("MQTT-3.2.2-14", ReasonCode::RETAIN_NOT_SUPPORTED));
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
fn a_session_is_small_and_an_empty_one_owns_nothing() {
    let size = std::mem::size_of::<Session>();
    assert!(size <= 400, "{size}");
    assert_eq!(std::mem::size_of::<Option<Session>>(), size);
}
