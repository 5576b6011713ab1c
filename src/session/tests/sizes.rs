//! Maximum Packet Size, both ways, and what is left out to keep to it.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const BOTH: [Role; 2] = [Role::Client, Role::Server];
const SUCCESS: ReasonCode = ReasonCode::SUCCESS;

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
            .with_connack(PropertyId::ServerKeepAlive, Value::TwoByte(5))
            .with_connack(PropertyId::UserProperty, Value::Pair("key", "value"));
        let mut end = End::new(Role::Server, Config::default());
        opening.packets(|connect, connack| {
            end.session.accept(end.now, connect, connack, &mut end.out);
        });
        (informed(&mut end), end.session.is_connected())
    };
    let (reason, keep_alive) = (PropertyId::ReasonString, PropertyId::ServerKeepAlive);
    let user = PropertyId::UserProperty;
    assert_eq!(outcome(31), (Some(vec![reason, keep_alive, user]), true));
    assert_eq!(outcome(30), (Some(vec![reason, keep_alive]), true));
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
