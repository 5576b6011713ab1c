//! DISCONNECT and the end of a Network Connection.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

const NORMAL: ReasonCode = ReasonCode::NORMAL_DISCONNECTION;

fn disconnect(end: &mut End, reason: ReasonCode) {
    end.session
        .disconnect(reason, Properties::EMPTY, &mut end.out);
}

// MQTT-3.14.4-1 (3.1.1: MQTT-3.14.4-2)
#[test]
fn nothing_is_sent_after_disconnect() {
    for version in Version::ALL {
        for role in [Role::Client, Role::Server] {
            let mut end = End::open(
                role,
                &Opening {
                    keep_alive: 10,
                    ..Opening::new(version)
                },
            );
            assert!(matches!(
                end.publish("a", QoS::ExactlyOnce),
                Outcome::Sent(_)
            ));
            end.sent();
            disconnect(&mut end, NORMAL);
            end.out.clear();
            assert!(!end.session.is_connected() && !end.session.can_publish());
            assert_eq!(
                end.publish("x", QoS::AtMostOnce),
                Outcome::Dropped(Dropped::Offline)
            );
            assert_eq!(end.publish("y", QoS::AtLeastOnce), Outcome::Queued);
            let incoming = Packet::Publish(publish(1, QoS::AtLeastOnce, "x"));
            assert!(end.take(&incoming, ReasonCode::SUCCESS).is_ok());
            assert!(end.receive(&Packet::Pubrec(ack(1))).is_ok());
            let (now, none) = (end.now + seconds(100), Properties::EMPTY);
            let filters = [("a", SubscriptionOptions::default())];
            assert_eq!(
                end.session.subscribe(now, &filters, none, &mut end.out),
                None
            );
            end.session
                .suback(id(1), &[ReasonCode::SUCCESS], none, &mut end.out);
            assert_eq!(end.session.handle_timeout(now, &mut end.out), Ok(()));
            assert!(!end.session.ping_while_paused(now, &mut end.out));
            assert_eq!(end.session.poll_timeout(), None);
            disconnect(&mut end, NORMAL);
            assert!(end.out.is_empty());
            // What crossed our DISCONNECT has been heard: PUBREL is what is due.
            end.reopen(&Opening::resumed(version));
            assert_eq!(end.sent().split_off(1)[0], "PUBREL 1");
        }
    }
}

// MQTT-3.14.4-1 (3.1.1: MQTT-3.14.4-2), as the peer breaks it
#[test]
fn nothing_may_come_after_disconnect() {
    for (version, expected) in [
        (Version::V3_1, "MQTT31-3.14"),
        (Version::V3_1_1, "MQTT-3.14.4-2"),
        (Version::V5, "MQTT-3.14.4-1"),
    ] {
        let mut server = End::open(Role::Server, &Opening::new(version));
        let packet = Packet::Disconnect(Disconnect::default());
        assert_eq!(server.receive(&packet), Ok(Seen::Other));
        assert!(!server.session.is_connected());
        assert_eq!(server.broken_by(&Packet::Pingreq).0, expected);
    }
}

// Section 3.14: before 5.0 only a client has DISCONNECT, and only for a normal end
#[test]
fn who_writes_disconnect_and_when() {
    let refused = ReasonCode::UNSPECIFIED_ERROR;
    for (version, role, reason, expected) in [
        (
            Version::V3_1_1,
            Role::Client,
            NORMAL,
            Some("DISCONNECT 0x00"),
        ),
        (Version::V3_1_1, Role::Client, refused, None),
        (Version::V3_1, Role::Server, NORMAL, None),
        (Version::V3_1_1, Role::Server, refused, None),
        (Version::V5, Role::Client, NORMAL, Some("DISCONNECT 0x00")),
        (Version::V5, Role::Client, refused, Some("DISCONNECT 0x80")),
        (Version::V5, Role::Server, refused, Some("DISCONNECT 0x80")),
    ] {
        let mut end = End::open(role, &Opening::new(version));
        disconnect(&mut end, reason);
        assert_eq!(
            end.sent(),
            Vec::from_iter(expected),
            "{version} {role:?} {reason}"
        );
    }
    // MQTT-3.14.0-1: not before CONNACK.
    let mut server = End::new(Role::Server, Config::default());
    disconnect(&mut server, refused);
    assert!(server.out.is_empty());
}

// MQTT-4.13.1-1 (3.1.1: MQTT-4.8.0-1)
#[test]
fn a_violation_is_answered_with_its_reason() {
    for version in [Version::V3_1_1, Version::V5] {
        for role in [Role::Client, Role::Server] {
            let mut end = End::open(role, &Opening::new(version));
            let bytes = if role == Role::Client {
                [0xC0, 0x00]
            } else {
                [0xD0, 0x00]
            };
            let violation = end.receive_bytes(&bytes).unwrap_err();
            end.session.disconnect_for(&violation, &mut end.out);
            let v5 = version == Version::V5;
            assert_eq!(
                end.sent(),
                if v5 { vec!["DISCONNECT 0x82"] } else { vec![] }
            );
            assert!(!end.session.is_connected());
        }
    }
}

fn expiry(seconds: u32) -> PropertyBuf {
    properties([(PropertyId::SessionExpiryInterval, Value::FourByte(seconds))])
}

fn with_expiry(given: &PropertyBuf) -> Packet<'_> {
    let properties = given.as_properties();
    Packet::Disconnect(Disconnect {
        reason: NORMAL,
        properties,
    })
}

fn opening(seconds: u32) -> Opening {
    let opening = Opening {
        connect: Vec::new(),
        ..Opening::new(Version::V5)
    };
    opening.with_connect(PropertyId::SessionExpiryInterval, Value::FourByte(seconds))
}

// MQTT-3.14.2-2, section 3.14.2.2.2
#[test]
fn disconnect_may_change_the_session_expiry() {
    // As a client sends it.
    for (at_first, wanted, sent) in [(60, 0, true), (60, 90, true), (0, 0, true), (0, 90, false)] {
        let mut client = End::open(Role::Client, &opening(at_first));
        client
            .session
            .disconnect(NORMAL, expiry(wanted).as_properties(), &mut client.out);
        assert_eq!(
            client.session.session_expiry(),
            if sent { wanted } else { at_first }
        );
        let bytes = drain(&mut client.out);
        let [Packet::Disconnect(packet)] = packets_in(&bytes, Version::V5)[..] else {
            panic!()
        };
        assert_eq!(
            packet.properties.session_expiry_interval(),
            sent.then_some(wanted)
        );
    }
    // As a server receives it.
    let mut server = End::open(Role::Server, &opening(60));
    assert_eq!(server.receive(&with_expiry(&expiry(5))), Ok(Seen::Other));
    assert_eq!(server.session.session_expiry(), 5);
    let mut server = End::open(Role::Server, &opening(0));
    assert_eq!(
        server.broken_by(&with_expiry(&expiry(5))).0,
        "MQTT5-3.14.2.2.2"
    );
    // A server neither sends nor may send it.
    let mut server = End::open(Role::Server, &opening(60));
    server
        .session
        .disconnect(NORMAL, expiry(5).as_properties(), &mut server.out);
    let bytes = drain(&mut server.out);
    let [Packet::Disconnect(packet)] = packets_in(&bytes, Version::V5)[..] else {
        panic!()
    };
    assert!(packet.properties.is_empty());
    assert_eq!(server.session.session_expiry(), 60);
    let mut client = End::open(Role::Client, &opening(60));
    assert_eq!(
        client.broken_by(&with_expiry(&expiry(5))).0,
        "MQTT-3.14.2-2"
    );
}
