//! Keep Alive.

use std::time::Duration;

use super::pair::*;
use crate::codec::*;
use crate::session::*;

fn open(role: Role, version: Version, keep_alive: u16) -> End {
    End::open(
        role,
        &Opening {
            keep_alive,
            ..Opening::new(version)
        },
    )
}

fn timeout(end: &mut End) -> Result<(), TimedOut> {
    end.session.handle_timeout(end.now, &mut end.out)
}

// MQTT-3.1.2-20 (3.1.1: MQTT-3.1.2-23)
#[test]
fn a_silent_client_pings_after_half_the_keep_alive() {
    for version in Version::ALL {
        let mut client = open(Role::Client, version, 10);
        let began = client.now;
        assert_eq!(client.session.poll_timeout(), Some(began + seconds(5)));
        client.now = began + Duration::from_millis(4999);
        assert_eq!(timeout(&mut client), Ok(()));
        assert!(client.out.is_empty());
        client.now = began + seconds(5);
        assert_eq!(timeout(&mut client), Ok(()));
        assert_eq!(client.sent(), ["PINGREQ"]);
        client.now += seconds(1);
        assert_eq!(client.receive(&Packet::Pingresp), Ok(Seen::Handled));
        assert_eq!(client.session.poll_timeout(), Some(began + seconds(10)));
    }
}

// MQTT-3.1.2-20: one that only receives has to ping, and one that only sends does too
#[test]
fn traffic_in_one_direction_is_not_enough() {
    for sends in [false, true] {
        let mut client = open(Role::Client, Version::V5, 10);
        let mut pings = 0;
        for _ in 0..20 {
            client.now += seconds(1);
            if sends {
                assert_eq!(client.publish("x", QoS::AtMostOnce), Outcome::Sent(None));
            } else {
                let packet = Packet::Publish(publish(0, QoS::AtMostOnce, "x"));
                assert!(client.receive(&packet).is_ok());
            }
            assert_eq!(timeout(&mut client), Ok(()));
            if client.sent().contains(&"PINGREQ".to_string()) {
                pings += 1;
                assert!(client.receive(&Packet::Pingresp).is_ok());
            }
        }
        assert_eq!(pings, 4);
    }
}

#[test]
fn traffic_in_both_directions_needs_no_ping() {
    let mut client = open(Role::Client, Version::V3_1_1, 4);
    for n in 1..20 {
        client.now += seconds(1);
        let packet = Packet::Publish(publish(n, QoS::AtLeastOnce, "x"));
        assert!(client.take(&packet, ReasonCode::SUCCESS).is_ok());
        assert_eq!(timeout(&mut client), Ok(()));
        assert_eq!(client.sent(), [format!("PUBACK {n}")]);
    }
}

#[test]
fn a_client_gives_up_when_nothing_comes_back() {
    let mut client = open(Role::Client, Version::V5, 10);
    let began = client.now;
    // However much it sends: only receiving helps.
    for second in 1..10 {
        client.now = began + seconds(second);
        assert_eq!(client.publish("x", QoS::AtMostOnce), Outcome::Sent(None));
        assert_eq!(timeout(&mut client), Ok(()), "after {second} s");
    }
    assert_eq!(client.session.poll_timeout(), Some(began + seconds(10)));
    client.now = began + seconds(10);
    let timed_out = TimedOut {
        role: Role::Client,
        keep_alive: 10,
    };
    assert_eq!(timeout(&mut client), Err(timed_out));
    assert!(timed_out.to_string().contains("PINGREQ"));
    assert!(
        client
            .receive(&Packet::Publish(publish(0, QoS::AtMostOnce, "x")))
            .is_ok()
    );
    assert_eq!(timeout(&mut client), Ok(()));
}

// MQTT-3.1.2-22 (3.1.1: MQTT-3.1.2-24)
#[test]
fn a_server_waits_one_and_a_half_times() {
    for version in Version::ALL {
        let mut server = open(Role::Server, version, 10);
        server.now += seconds(14);
        assert_eq!(timeout(&mut server), Ok(()));
        assert!(server.receive(&Packet::Pingreq).is_ok());
        // MQTT-3.12.4-1 (both versions)
        assert_eq!(server.sent(), ["PINGRESP"]);
        server.now += seconds(14);
        // What the server sends does not count.
        assert_eq!(server.publish("x", QoS::AtMostOnce), Outcome::Sent(None));
        assert_eq!(timeout(&mut server), Ok(()));
        server.now += seconds(1);
        let timed_out = TimedOut {
            role: Role::Server,
            keep_alive: 10,
        };
        assert_eq!(timeout(&mut server), Err(timed_out));
    }
}

#[test]
fn keep_alive_0_is_off_and_65535_is_long() {
    for role in [Role::Client, Role::Server] {
        let mut end = open(role, Version::V5, 0);
        assert_eq!(end.session.poll_timeout(), None);
        end.now += seconds(1_000_000);
        assert_eq!(timeout(&mut end), Ok(()));
        assert!(end.out.is_empty());
    }
    let client = open(Role::Client, Version::V5, 65_535);
    let half = Duration::from_millis(32_767_500);
    assert_eq!(client.session.poll_timeout(), Some(client.now + half));
}

// MQTT-3.1.2-21, MQTT-3.2.2-21, MQTT-3.2.2-22
#[test]
fn the_servers_keep_alive_overrides_the_clients() {
    for role in [Role::Client, Role::Server] {
        let opening = Opening {
            keep_alive: 60,
            ..Opening::new(Version::V5)
        };
        assert_eq!(End::open(role, &opening).session.keep_alive(), 60);
        let opening = opening.with_connack(PropertyId::ServerKeepAlive, Value::TwoByte(20));
        let end = End::open(role, &opening);
        assert_eq!(end.session.keep_alive(), 20);
        let wait = if role == Role::Client { 10 } else { 30 };
        assert_eq!(end.session.poll_timeout(), Some(end.now + seconds(wait)));
    }
}

#[test]
fn a_paused_client_pings_without_expecting_the_answer() {
    let mut client = open(Role::Client, Version::V5, 10);
    let began = client.now;
    // A PINGREQ is under way when the application stops reading.
    client.now = began + seconds(5);
    assert_eq!(timeout(&mut client), Ok(()));
    assert_eq!(client.sent(), ["PINGREQ"]);
    for n in 2..10 {
        assert_eq!(
            client.session.poll_timeout_paused(),
            Some(began + seconds(5 * n))
        );
        client.now = began + seconds(5 * n) - Duration::from_millis(1);
        assert!(
            !client
                .session
                .ping_while_paused(client.now, &mut client.out)
        );
        client.now = began + seconds(5 * n);
        assert!(
            client
                .session
                .ping_while_paused(client.now, &mut client.out)
        );
        assert_eq!(client.sent(), ["PINGREQ"]);
    }
    // It reads again: the server gets its half before it counts as dead.
    assert_eq!(timeout(&mut client), Ok(()));
    assert_eq!(client.sent(), ["PINGREQ"]);
    client.now += seconds(5);
    assert!(timeout(&mut client).is_err());
    let server = open(Role::Server, Version::V5, 10);
    assert_eq!(server.session.poll_timeout_paused(), None);
}
