//! Clients that behave abnormally: what they are told, and that others are not affected.

use std::sync::Arc;
use std::time::Duration;

use mqtk::broker::{Abuse, AbuseLimits, Access, Acl, Broker, Config, Event, Login, Verdict};

use super::client::Client;
use super::packets::{Connect, PUBACK, Publish, V3_1_1, V5, ack_with};

/// A broker that watches this machine too, and bears little. `ann` may not log in.
fn broker_with(set: impl FnOnce(&mut AbuseLimits)) -> Broker {
    let guard = |login: &Login| match login.username.as_deref() {
        Some("ann") => Verdict::wrong("not ann"),
        _ => Verdict::accept(),
    };
    let acl: Acl = "topic read #\ntopic write a".parse().expect("good rules");
    let mut config = Config {
        access: vec![Access {
            authenticators: vec![Arc::new(guard)],
            ..Access::default()
        }],
        authorizer: Some(Arc::new(acl)),
        ..Config::default()
    };
    let abuse = &mut config.limits.abuse;
    abuse.watches_loopback = true;
    set(abuse);
    Broker::start(config).expect("the broker starts")
}

/// The CONNECT is answered by this Reason Code, or the return code of an older version.
#[track_caller]
fn refuses(broker: &Broker, connect: &Connect, reason: u8) {
    let mut client = Client::open(broker);
    client.send(&connect.bytes());
    let connack = client.packet();
    assert_eq!((connack[0], connack[3]), (0x20, reason), "{connack:02x?}");
    client.expect_closed();
}

#[test]
fn failed_logins_block_the_address_for_a_while() {
    let broker = broker_with(|abuse| {
        abuse.failed_logins = 3;
        abuse.block = Duration::from_millis(1500);
    });
    let mut earlier = Client::connect(&broker, &Connect::new(V5, "earlier"));
    for _ in 0..3 {
        refuses(&broker, &Connect::new(V5, "c").username("ann"), 0x86);
    }
    refuses(&broker, &Connect::new(V5, "c"), 0x8A);
    refuses(&broker, &Connect::new(V3_1_1, "c"), 5);
    // Who is connected is not affected.
    earlier.expect_nothing();
    std::thread::sleep(Duration::from_millis(1600));
    Client::connect(&broker, &Connect::new(V5, "c"));
}

#[test]
fn repeated_connects_block_the_client_identifier() {
    let broker = broker_with(|abuse| abuse.client_connects = 3);
    for _ in 0..2 {
        Client::connect(&broker, &Connect::new(V5, "c")).leave();
    }
    Client::connect(&broker, &Connect::new(V5, "c")).expect_disconnect(0x9F);
    refuses(&broker, &Connect::new(V5, "c"), 0x9F);
    refuses(&broker, &Connect::new(V3_1_1, "c"), 3);
    Client::connect(&broker, &Connect::new(V5, "other")).expect_nothing();
}

#[test]
fn repeated_connects_block_the_address() {
    let broker = broker_with(|abuse| abuse.address_connects = 3);
    for id in ["a", "b"] {
        Client::connect(&broker, &Connect::new(V5, id)).leave();
    }
    // The third leads to the block, and the fourth meets it.
    Client::connect(&broker, &Connect::new(V5, "c"));
    refuses(&broker, &Connect::new(V5, "d"), 0x9F);
}

#[test]
fn abnormal_ends_block_the_client_identifier() {
    let broker = broker_with(|abuse| abuse.abnormal_ends = 3);
    Client::connect(&broker, &Connect::new(V5, "c")).leave();
    for _ in 0..3 {
        Client::connect(&broker, &Connect::new(V5, "c")).vanish();
    }
    refuses(&broker, &Connect::new(V5, "c"), 0x8A);
    Client::connect(&broker, &Connect::new(V5, "other"));
}

#[test]
fn looking_for_topics_ends_in_a_block() {
    let broker = broker_with(|abuse| abuse.refusals = 3);
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    for (id, topic) in [(1, "x"), (2, "y"), (3, "z")] {
        client.send(&Publish::new(V5, topic, "x").qos(1, id).bytes());
        client.expect(&ack_with(PUBACK, id, 0x87));
    }
    client.expect_disconnect(0x98);
    refuses(&broker, &Connect::new(V5, "c"), 0x8A);
}

#[test]
fn messages_that_nobody_gets_end_in_a_block() {
    let broker = broker_with(|abuse| abuse.unwanted_messages = 3);
    let mut older = Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    for _ in 0..3 {
        older.send(&Publish::new(V3_1_1, "a", "x").bytes());
    }
    older.expect_closed();
    refuses(&broker, &Connect::new(V3_1_1, "c"), 5);
}

#[test]
fn silent_connections_block_the_address() {
    let broker = broker_with(|abuse| abuse.no_connects = 3);
    for _ in 0..3 {
        Client::open(&broker).vanish();
    }
    refuses(&broker, &Connect::new(V5, "c"), 0x8A);
}

#[test]
fn before_the_block_they_are_slowed_down() {
    let broker = broker_with(|abuse| abuse.refusals = 1000);
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    let start = std::time::Instant::now();
    client.send(&Publish::new(V5, "x", "").bytes().repeat(500));
    client.send(&Publish::new(V5, "x", "").qos(1, 1).bytes());
    client.expect(&ack_with(PUBACK, 1, 0x87));
    client.expect_nothing();
    assert!(start.elapsed() >= Duration::from_millis(500));
}

#[test]
fn the_log_says_what_was_too_much() {
    let peer = std::net::SocketAddr::from(([192, 0, 2, 1], 7)).into();
    let event = |client_id, abuse, blocked_for| Event::Misconduct {
        client_id,
        peer,
        abuse,
        blocked_for,
    };
    let block = Some(Duration::from_secs(60));
    for (event, line) in [
        (
            event(None, Abuse::FailedLogin, block),
            "address 192.0.2.1 is blocked for 60 s: too many failed logins",
        ),
        (
            event(Some("c"), Abuse::ClientConnect, None),
            "client \"c\" (192.0.2.1:7) is slowed down: many CONNECTs",
        ),
    ] {
        assert_eq!(event.to_string(), line);
    }
}
