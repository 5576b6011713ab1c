//! Topic Aliases, both ways.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const BOTH: [Role; 2] = [Role::Client, Role::Server];

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
