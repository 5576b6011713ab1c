//! CONNECT and CONNACK, the state they keep or discard, and who may speak when.

use super::pair::*;
use crate::codec::*;
use crate::session::*;

fn connack(session_present: bool, reason: ReasonCode) -> Connack<'static> {
    Connack {
        session_present,
        reason,
        properties: Properties::EMPTY,
    }
}

/// A client that has sent CONNECT.
fn connecting(opening: &Opening) -> End {
    let mut end = End::new(Role::Client, Config::default());
    opening.packets(|connect, _| end.session.connect(end.now, connect, &mut end.out));
    assert_eq!(end.sent(), ["CONNECT"]);
    end
}

// MQTT-3.1.0-1 (both versions)
#[test]
fn the_first_packet_is_connect() {
    let mut bytes = Vec::new();
    Opening::new(Version::V5).packets(|connect, _| connect.encode(Version::V5, &mut bytes));
    assert!(read_connect(frames_in(&bytes)[0]).is_ok_and(|connect| connect.client_id == "client"));
    let mut bytes = Vec::new();
    Packet::Pingreq.encode(Version::V5, &mut bytes);
    let violation = read_connect(frames_in(&bytes)[0]).unwrap_err();
    assert_eq!(violation.id(), "MQTT-3.1.0-1");

    let mut server = End::new(Role::Server, Config::default());
    assert_eq!(server.broken_by(&Packet::Pingreq).0, "MQTT-3.1.0-1");
}

// MQTT-3.1.0-2 (both versions)
#[test]
fn a_second_connect_is_a_violation() {
    for version in [Version::V3_1_1, Version::V5] {
        let mut server = End::open(Role::Server, &Opening::new(version));
        let broken = Opening::new(version)
            .packets(|connect, _| server.broken_by(&Packet::Connect(*connect)));
        assert_eq!(broken, ("MQTT-3.1.0-2", ReasonCode::PROTOCOL_ERROR));
    }
}

// MQTT-3.2.0-1 (both versions), MQTT-3.2.0-2, MQTT-3.14.0-1
#[test]
fn the_first_packet_of_a_server_is_connack_and_there_is_one() {
    for version in [Version::V3_1_1, Version::V5] {
        let mut client = connecting(&Opening::new(version));
        let early = Packet::Publish(publish(0, QoS::AtMostOnce, "x"));
        assert_eq!(client.broken_by(&early).0, "MQTT-3.2.0-1");
        let mut client = End::open(Role::Client, &Opening::new(version));
        let second = Packet::Connack(connack(false, ReasonCode::SUCCESS));
        let v5 = version == Version::V5;
        let expected = if v5 { "MQTT-3.2.0-2" } else { "MQTT311-3.2" };
        assert_eq!(client.broken_by(&second).0, expected);
    }
    let mut client = connecting(&Opening::new(Version::V5));
    let disconnect = Packet::Disconnect(Disconnect::default());
    assert_eq!(client.broken_by(&disconnect).0, "MQTT-3.14.0-1");
}

// MQTT-3.2.0-1, as we keep it
#[test]
fn connack_is_the_first_packet_that_is_written() {
    let mut server = End::open(Role::Server, &Opening::new(Version::V5));
    assert!(matches!(
        server.publish("a", QoS::AtLeastOnce),
        Outcome::Sent(_)
    ));
    server.session.connection_lost();
    assert_eq!(server.publish("b", QoS::AtLeastOnce), Outcome::Queued);
    server.reopen(&Opening::resumed(Version::V5));
    assert_eq!(
        server.sent(),
        ["CONNACK", "PUBLISH 1 q1 dup a", "PUBLISH 2 q1 b"]
    );
}

// MQTT-3.1.2-30, and nothing else is sent before CONNACK either
#[test]
fn a_client_waits_for_connack() {
    let mut client = connecting(&Opening::new(Version::V5));
    assert!(!client.session.is_connected() && !client.session.can_publish());
    let offline = Outcome::Dropped(Dropped::Offline);
    assert_eq!(client.publish("x", QoS::AtMostOnce), offline);
    assert_eq!(client.publish("x", QoS::ExactlyOnce), offline);
    let filters = [("a", SubscriptionOptions::default())];
    let none = Properties::EMPTY;
    let subscribed = client
        .session
        .subscribe(client.now, &filters, none, &mut client.out);
    assert_eq!(subscribed, None);
    assert!(client.out.is_empty());
}

// Table 2.1 (3.1.1: table 2.1): the direction of flow
#[test]
fn packets_in_the_wrong_direction_are_violations() {
    let codes = ReasonCodes(&[0]);
    let properties = Properties::EMPTY;
    let suback = Suback {
        packet_id: id(1),
        properties,
        reasons: codes,
    };
    let unsuback = Unsuback {
        packet_id: id(1),
        properties,
        reasons: codes,
    };
    let from_servers = [
        Packet::Pingresp,
        Packet::Suback(suback),
        Packet::Unsuback(unsuback),
    ];
    for packet in &from_servers {
        let mut server = End::open(Role::Server, &Opening::new(Version::V5));
        assert_eq!(server.broken_by(packet).0, "MQTT5-2.1.2");
    }
    let subscribe = [0x82, 0x06, 0x00, 0x01, 0x00, 0x01, b'a', 0x00];
    let unsubscribe = [0xA2, 0x05, 0x00, 0x01, 0x00, 0x01, b'a'];
    for bytes in [
        &subscribe[..],
        &unsubscribe[..],
        &[0xC0, 0x00],
        &[0xE0, 0x00],
    ] {
        let mut client = End::open(Role::Client, &Opening::new(Version::V3_1_1));
        assert_eq!(
            client.receive_bytes(bytes).unwrap_err().id(),
            "MQTT311-2.2.1"
        );
    }
}

// MQTT-3.1.2-4, MQTT-3.2.2-5 (3.1.1: MQTT-3.1.2-6)
#[test]
fn clean_start_discards_the_state() {
    for version in Version::ALL {
        let clean = || Opening {
            clean_start: true,
            ..Opening::new(version)
        };

        let mut client = End::open(Role::Client, &Opening::new(version));
        assert!(matches!(
            client.publish("a", QoS::ExactlyOnce),
            Outcome::Sent(_)
        ));
        let received = Packet::Publish(publish(1, QoS::ExactlyOnce, "x"));
        assert!(client.take(&received, ReasonCode::SUCCESS).is_ok());
        client.reopen(&clean());
        assert_eq!(client.sent(), ["CONNECT"]);
        assert!(client.session.is_idle());
        assert_ne!(
            client.take(&received, ReasonCode::SUCCESS),
            Ok(Seen::Handled),
            "it is new"
        );
        assert_eq!(client.session.take_lost().len(), 1);
        assert_eq!(client.session.take_lost().len(), 0);

        let mut server = End::open(Role::Server, &Opening::new(version));
        assert!(matches!(
            server.publish("a", QoS::ExactlyOnce),
            Outcome::Sent(_)
        ));
        assert!(server.take(&received, ReasonCode::SUCCESS).is_ok());
        server.session.connection_lost();
        assert_eq!(server.publish("b", QoS::AtLeastOnce), Outcome::Queued);
        server.reopen(&clean());
        assert_eq!(server.sent(), ["CONNACK"]);
        assert!(server.session.is_idle());
        assert_ne!(
            server.take(&received, ReasonCode::SUCCESS),
            Ok(Seen::Handled),
            "it is new"
        );
        assert_eq!(server.session.take_lost().len(), 0);
    }
}

// MQTT-3.2.2-1 of 3.1.1, MQTT-3.2.2-2, MQTT-3.2.2-3: as a server keeps them
#[test]
fn session_present_never_goes_out_with_clean_start() {
    for version in [Version::V3_1_1, Version::V5] {
        for clean_start in [false, true] {
            let mut server = End::new(Role::Server, Config::default());
            server.reopen(&Opening {
                clean_start,
                ..Opening::resumed(version)
            });
            let bytes = drain(&mut server.out);
            let [Packet::Connack(connack)] = packets_in(&bytes, version)[..] else {
                panic!()
            };
            assert_eq!(connack.session_present, !clean_start);
        }
    }
}

// MQTT-3.2.2-1 of 3.1.1, MQTT-3.2.2-2, MQTT-3.2.2-4: as a server breaks them
#[test]
fn session_present_after_clean_start_is_a_violation() {
    for (version, expected) in [
        (Version::V3_1_1, "MQTT-3.2.2-1"),
        (Version::V5, "MQTT-3.2.2-2"),
    ] {
        let packet = Packet::Connack(connack(true, ReasonCode::SUCCESS));
        let mut client = connecting(&Opening {
            clean_start: true,
            ..Opening::new(version)
        });
        assert_eq!(client.broken_by(&packet).0, expected);
        // Without Clean Start a session may be there that an earlier process began.
        let mut client = connecting(&Opening::new(version));
        assert_eq!(client.receive(&packet), Ok(Seen::Connected));
    }
}

// MQTT-3.2.2-5
#[test]
fn without_session_present_the_state_is_discarded() {
    for version in [Version::V3_1_1, Version::V5] {
        let mut client = End::open(Role::Client, &Opening::new(version));
        for payload in ["a", "b", "c"] {
            assert!(matches!(
                client.publish(payload, QoS::ExactlyOnce),
                Outcome::Sent(_)
            ));
        }
        // A server that forgets the session may forget what it has not released, too.
        assert!(client.receive(&Packet::Pubrec(ack(1))).is_ok());
        client.reopen(&Opening::new(version));
        assert_eq!(client.sent(), ["CONNECT"]);
        let lost = client.session.take_lost();
        assert!(
            lost.iter()
                .map(|(message, _)| &message.payload[..])
                .eq([b"a", b"b", b"c"])
        );
        assert!(client.session.is_idle());
    }
}

// Section 3.2 of 3.1: CONNACK cannot say that there is a session
#[test]
fn a_3_1_server_is_taken_at_the_clients_word() {
    let mut client = End::open(Role::Client, &Opening::new(Version::V3_1));
    assert!(matches!(
        client.publish("a", QoS::AtLeastOnce),
        Outcome::Sent(_)
    ));
    client.reopen(&Opening::new(Version::V3_1));
    assert_eq!(client.sent(), ["CONNECT", "PUBLISH 1 q1 dup a"]);
    assert!(client.session.take_lost().is_empty());
}

#[test]
fn a_refused_client_is_not_connected_and_keeps_its_state() {
    for (version, code) in [(Version::V3_1_1, 5), (Version::V5, 0x87)] {
        let mut client = End::open(Role::Client, &Opening::new(version));
        assert!(matches!(
            client.publish("a", QoS::AtLeastOnce),
            Outcome::Sent(_)
        ));
        client.session.connection_lost();
        Opening::new(version).packets(|connect, _| {
            client.session.connect(client.now, connect, &mut client.out);
        });
        let refusal = Packet::Connack(connack(false, ReasonCode(code)));
        assert_eq!(client.receive(&refusal), Ok(Seen::Refused));
        assert!(!client.session.is_connected());
        assert_eq!(client.session.in_flight(), 1);
        assert_eq!(client.session.poll_timeout(), None);
    }
}

// 3.1.1: MQTT-3.1.2-2
#[test]
fn a_server_older_than_5_0_refuses_in_its_own_version() {
    let refusal = [0x20, 2, 0, 1];
    let receive = |client: &mut End| {
        let received = client
            .session
            .receive(client.now, frames_in(&refusal)[0], &mut client.out);
        received.map(|event| match event {
            Event::Refused(connack) => connack.reason,
            other => panic!("{other:?}"),
        })
    };
    let mut client = connecting(&Opening::new(Version::V5));
    let unacceptable = ReasonCode::V3_UNACCEPTABLE_PROTOCOL_VERSION;
    assert_eq!(receive(&mut client), Ok(unacceptable));
    assert_eq!(client.session.version(), Version::V3_1_1);
    assert!(!client.session.is_connected());
    // Once connected, it is nothing but malformed.
    let mut client = End::open(Role::Client, &Opening::new(Version::V5));
    assert!(receive(&mut client).is_err());
    assert_eq!(client.session.version(), Version::V5);
}

// MQTT-3.1.2-23 (3.1.1: MQTT-3.1.2-4), MQTT-4.1.0-1
#[test]
fn the_state_outlives_the_network_connection() {
    for version in Version::ALL {
        for role in [Role::Client, Role::Server] {
            let mut end = End::open(role, &Opening::new(version));
            assert_eq!(end.session.session_expiry(), u32::MAX);
            assert!(matches!(
                end.publish("a", QoS::AtLeastOnce),
                Outcome::Sent(_)
            ));
            end.session.connection_lost();
            assert_eq!(
                (end.session.in_flight(), end.session.is_connected()),
                (1, false)
            );
        }
    }
}

#[test]
fn the_session_expiry_interval() {
    let expiry = |opening: &Opening| {
        [Role::Client, Role::Server].map(|role| End::open(role, opening).session.session_expiry())
    };
    let mut opening = Opening {
        connect: Vec::new(),
        ..Opening::new(Version::V5)
    };
    assert_eq!(expiry(&opening), [0, 0]);
    opening = opening.with_connect(PropertyId::SessionExpiryInterval, Value::FourByte(60));
    assert_eq!(expiry(&opening), [60, 60]);
    opening = opening.with_connack(PropertyId::SessionExpiryInterval, Value::FourByte(30));
    assert_eq!(expiry(&opening), [30, 30], "the server has the last word");
    for version in [Version::V3_1, Version::V3_1_1] {
        let clean = Opening {
            clean_start: true,
            ..Opening::new(version)
        };
        assert_eq!(expiry(&clean), [0, 0]);
        assert_eq!(expiry(&Opening::new(version)), [u32::MAX; 2]);
    }
}

const METHOD: (PropertyId, Value<'static>) = (PropertyId::AuthenticationMethod, Value::String("m"));

fn auth<'a>(given: &'a PropertyBuf) -> Packet<'a> {
    let reason = ReasonCode::CONTINUE_AUTHENTICATION;
    Packet::Auth(Auth {
        reason,
        properties: given.as_properties(),
    })
}

// MQTT-4.12.0-5, MQTT-4.12.0-6, MQTT-4.12.0-7
#[test]
fn authentication_keeps_to_the_method_of_the_connect() {
    let method = properties([METHOD]);
    let other = properties([(METHOD.0, Value::String("other"))]);
    for (role, expected) in [
        (Role::Client, "MQTT-4.12.0-6"),
        (Role::Server, "MQTT-4.12.0-7"),
    ] {
        let mut end = End::open(role, &Opening::new(Version::V5));
        end.session.auth(
            ReasonCode::RE_AUTHENTICATE,
            method.as_properties(),
            &mut end.out,
        );
        assert!(end.out.is_empty(), "there is no method");
        assert_eq!(end.broken_by(&auth(&method)).0, expected);

        let opening = Opening::new(Version::V5).with_connect(METHOD.0, METHOD.1);
        let mut end = End::open(role, &opening.with_connack(METHOD.0, METHOD.1));
        assert_eq!(end.receive(&auth(&method)), Ok(Seen::Other));
        end.session.auth(
            ReasonCode::RE_AUTHENTICATE,
            method.as_properties(),
            &mut end.out,
        );
        assert_eq!(end.sent(), ["AUTH"]);
        assert_eq!(end.broken_by(&auth(&other)).0, "MQTT-4.12.0-5");
    }

    let opening = Opening::new(Version::V5).with_connect(METHOD.0, METHOD.1);
    let mut client = connecting(&opening);
    assert_eq!(
        client.receive(&auth(&method)),
        Ok(Seen::Other),
        "AUTH may come before CONNACK"
    );
    client.session.auth(
        ReasonCode::CONTINUE_AUTHENTICATION,
        method.as_properties(),
        &mut client.out,
    );
    assert_eq!(client.sent(), ["AUTH"]);
    let without = Packet::Connack(connack(false, ReasonCode::SUCCESS));
    assert_eq!(client.broken_by(&without).0, "MQTT-4.12.0-5");

    let mut client = connecting(&Opening::new(Version::V5));
    let properties = method.as_properties();
    let with = Packet::Connack(Connack {
        properties,
        ..connack(false, ReasonCode::SUCCESS)
    });
    assert_eq!(client.broken_by(&with).0, "MQTT-4.12.0-6");
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

// MQTT-3.1.2-6 of 3.1.1, MQTT-3.1.2-23: a session without expiry ends with its connection
#[test]
fn a_session_that_has_ended_is_not_resumed() {
    for version in Version::ALL {
        let clean = Opening {
            clean_start: true,
            connect: Vec::new(),
            ..Opening::new(version)
        };
        let mut client = End::open(Role::Client, &clean);
        assert!(matches!(
            client.publish("a", QoS::AtLeastOnce),
            Outcome::Sent(_)
        ));
        client.reopen(&Opening::new(version));
        assert_eq!(client.sent(), ["CONNECT"]);
        assert_eq!(client.session.take_lost().len(), 1);
    }
}
