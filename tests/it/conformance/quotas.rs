//! What clients may make the broker keep and do: the answer, one line in the log, nobody else
//! affected.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use mqtk::broker::{Broker, Config, Limits};

use super::client::Client;
use super::packets::{
    Connect, PUBACK, Publish, V3_1_1, V5, ack, ack_with, suback, subscribe, unsuback, unsubscribe,
};

/// A broker with such limits, and the lines of its log.
fn broker_with(set: impl FnOnce(&mut Limits)) -> (Broker, Receiver<String>) {
    let (lines, log) = channel();
    let mut config = Config {
        log: Some(Box::new(move |event| {
            // The test may have seen enough.
            let _ = lines.send(event.to_string());
        })),
        ..Config::default()
    };
    set(&mut config.limits);
    (Broker::start(config).expect("the broker starts"), log)
}

/// How many lines of the broker's log have these words.
fn count(broker: Broker, log: &Receiver<String>, words: &str) -> usize {
    broker.shutdown();
    log.iter().filter(|line| line.contains(words)).count()
}

#[test]
fn a_connection_without_connect_ends_in_time() {
    let (broker, log) = broker_with(|limits| limits.connect_timeout = Duration::from_millis(100));
    let mut other = Client::connect(&broker, &Connect::new(V3_1_1, "other"));
    let mut slow = Client::open(&broker);
    slow.send(&Connect::new(V3_1_1, "slow").bytes()[..9]);
    slow.expect_closed();
    other.expect_nothing();
    assert_eq!(count(broker, &log, "no CONNECT in time"), 1);
}

#[test]
fn subscriptions_and_topic_levels_are_limited() {
    let (broker, log) = broker_with(|limits| {
        limits.max_subscriptions = 2;
        limits.max_topic_levels = 3;
    });
    for (version, refused) in [(V3_1_1, 0x80), (V5, 0x97)] {
        let name = format!("c{version}");
        let mut client = Client::connect(&broker, &Connect::new(version, &name));
        client.send(&subscribe(
            version,
            1,
            &[("a/b/c/d", 0), ("a", 0), ("b", 0), ("c", 0)],
        ));
        client.expect(&suback(version, 1, &[refused, 0, 0, refused]));
        // One that is there may be replaced, or make room.
        client.send(&subscribe(version, 2, &[("b", 1)]));
        client.expect(&suback(version, 2, &[1]));
        Client::connect(&broker, &Connect::new(version, "other"));
        client.leave();
    }
    assert_eq!(count(broker, &log, "may not subscribe"), 2, "once a client");
}

#[test]
fn the_bytes_of_topic_filters_are_limited_for_each_and_for_all() {
    let (broker, log) = broker_with(|limits| {
        limits.subscription_bytes = 100;
        limits.subscription_bytes_in_all = 3 * 128 + 120;
    });
    let long = "x".repeat(98);
    for (version, refused) in [(V5, 0x97), (V3_1_1, 0x80)] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&subscribe(version, 1, &[(&long, 0), ("abc", 0), ("b", 0)]));
        client.expect(&suback(version, 1, &[0, refused, 0]));
        let mut other = Client::connect(&broker, &Connect::new(version, "other"));
        other.send(&subscribe(version, 1, &[("abc", 0), ("d", 0), ("abc", 1)]));
        other.expect(&suback(version, 1, &[0, refused, 1]));
        // What goes makes room.
        client.send(&unsubscribe(version, 2, &["b"]));
        let success: &[u8] = if version == V5 { &[0] } else { &[] };
        client.expect(&unsuback(version, 2, success));
        other.send(&subscribe(version, 3, &[("d", 0)]));
        other.expect(&suback(version, 3, &[0]));
        client.leave();
        other.leave();
    }
    broker.shutdown();
    let lines: Vec<_> = log.iter().collect();
    let count = |words: &str| lines.iter().filter(|line| line.contains(words)).count();
    assert_eq!(count("Topic Filters have as many bytes as allowed"), 2);
    // That of all is worth a line of its own.
    assert!(count("subscriptions of all clients together take as much as allowed") > 2);
}

#[test]
fn retained_messages_are_limited_in_bytes_and_levels() {
    let (broker, log) = broker_with(|limits| {
        limits.retained_bytes = 1000;
        limits.max_topic_levels = 3;
    });
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    let large = "x".repeat(1000);
    for (id, topic, payload) in [(1, "a", &large[..]), (2, "a/b/c/d", "x"), (3, "b", &large)] {
        client.send(&Publish::new(V5, topic, payload).qos(1, id).retain().bytes());
        client.expect(&ack_with(PUBACK, id, 0x97));
    }
    client.send(&Publish::new(V5, "a/b", "x").qos(1, 4).retain().bytes());
    client.expect(&ack_with(PUBACK, 4, 0x10));
    let mut other = Client::connect(&broker, &Connect::new(V5, "other"));
    other.send(&subscribe(V5, 1, &[("#", 0)]));
    other.expect(&suback(V5, 1, &[0]));
    other.expect(&Publish::new(V5, "a/b", "x").retain().bytes());
    assert_eq!(count(broker, &log, "may not publish"), 1);
}

#[test]
fn what_waits_for_a_client_is_limited_in_messages_and_bytes() {
    let limited: [fn(&mut Limits); 2] = [
        |limits| limits.queue_messages = 2,
        |limits| limits.queue_bytes = 25,
    ];
    for limit in limited {
        let (broker, log) = broker_with(limit);
        let away = Connect::new(V5, "away").resuming().expiring_after(60);
        let mut client = Client::connect(&broker, &away);
        client.send(&subscribe(V5, 1, &[("a", 1)]));
        client.expect(&suback(V5, 1, &[1]));
        client.leave();
        let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
        let publish = |id: u16| Publish::new(V5, "a", &format!("message {id}"));
        for id in 1..=4 {
            sender.send(&publish(id).qos(1, id).bytes());
            match id {
                1 | 2 => sender.expect(&ack(PUBACK, id)),
                _ => sender.expect(&ack_with(PUBACK, id, 0x97)),
            }
        }
        let mut client = Client::resume(&broker, &away);
        for id in 1..=2 {
            client.expect(&publish(id).qos(1, id).bytes());
        }
        client.expect_nothing();
        assert_eq!(
            count(broker, &log, "dropping messages to client \"away\""),
            1
        );
    }
}

#[test]
fn no_more_is_in_flight_than_allowed() {
    let (broker, _log) = broker_with(|limits| limits.max_inflight = 2);
    let mut receiver = super::subscriber(&broker, V3_1_1, "receiver", "a", 1);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let publish = |id: u16| {
        Publish::new(V3_1_1, "a", &id.to_string())
            .qos(1, id)
            .bytes()
    };
    for id in 1..=3 {
        sender.send(&publish(id));
        sender.expect(&ack(PUBACK, id));
    }
    receiver.expect(&publish(1));
    receiver.expect(&publish(2));
    receiver.expect_nothing();
    receiver.send(&ack(PUBACK, 1));
    receiver.expect(&publish(3));
}

#[test]
fn a_client_that_publishes_too_fast_is_slowed_down_and_loses_nothing() {
    let (broker, log) = broker_with(|limits| limits.message_rate = 20);
    for version in [V3_1_1, V5] {
        let mut receiver = super::subscriber(&broker, version, "receiver", "a", 0);
        let mut fast = Client::connect(&broker, &Connect::new(version, "fast").keep_alive(1));
        let publish = Publish::new(version, "a", &"x".repeat(200)).bytes();
        let start = Instant::now();
        for _ in 0..60 {
            fast.send(&publish);
        }
        // 20 at once, then 20 a second.
        receiver.expect(&publish);
        let mut other = Client::connect(&broker, &Connect::new(version, "other"));
        other.send(&publish);
        other.expect_nothing();
        let served = start.elapsed();
        assert!(served < Duration::from_millis(1800), "others wait too");
        for _ in 0..60 {
            receiver.expect(&publish);
        }
        fast.expect_nothing();
        assert!(
            start.elapsed() > Duration::from_millis(1800),
            "{:?}",
            start.elapsed()
        );
        receiver.expect_nothing();
    }
    assert_eq!(
        count(broker, &log, "slowed down to 20 messages a second"),
        2
    );
}

#[test]
fn what_waits_for_all_clients_together_is_limited_in_messages_and_bytes() {
    let limited: [fn(&mut Limits); 2] = [
        |limits| limits.queue_messages_in_all = 3,
        |limits| limits.queue_bytes_in_all = 35,
    ];
    for limit in limited {
        let (broker, log) = broker_with(limit);
        let away = |name| Connect::new(V5, name).resuming().expiring_after(60);
        for name in ["one", "other"] {
            let mut client = Client::connect(&broker, &away(name));
            client.send(&subscribe(V5, 1, &[(name, 1)]));
            client.expect(&suback(V5, 1, &[1]));
            client.leave();
        }
        let mut present = super::subscriber(&broker, V5, "present", "present", 1);
        let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
        let publish = |topic: &str, id: u16| Publish::new(V5, topic, "payload").qos(1, id).bytes();
        for (id, topic, is_taken) in [
            (1, "one", true),
            (2, "one", true),
            (3, "other", true),
            (4, "other", false),
            (5, "one", false),
        ] {
            sender.send(&publish(topic, id));
            match is_taken {
                true => sender.expect(&ack(PUBACK, id)),
                false => sender.expect(&ack_with(PUBACK, id, 0x97)),
            }
        }
        // Who keeps up does not notice.
        sender.send(&publish("present", 6));
        sender.expect(&ack(PUBACK, 6));
        present.expect(&publish("present", 1));
        // One that comes back makes room for the others.
        let mut one = Client::resume(&broker, &away("one"));
        for id in 1..=2 {
            one.expect(&publish("one", id));
            one.send(&ack(PUBACK, id));
        }
        one.expect_nothing();
        sender.send(&publish("other", 7));
        sender.expect(&ack(PUBACK, 7));
        broker.shutdown();
        let lines: Vec<_> = log.iter().collect();
        let count = |words: &str| lines.iter().filter(|line| line.contains(words)).count();
        assert_eq!(count("the queues of all clients together are full"), 2);
        assert_eq!(
            count("as much is queued for all clients together as allowed"),
            2,
            "a line of its own, and the reason of one refused PUBLISH: {lines:#?}"
        );
    }
}

#[test]
fn no_more_is_in_flight_to_all_clients_together_than_allowed_but_one_to_each() {
    let limited: [fn(&mut Limits); 2] = [
        |limits| limits.inflight_in_all = 2,
        |limits| limits.inflight_bytes_in_all = 4,
    ];
    for limit in limited {
        let (broker, log) = broker_with(limit);
        let mut one = super::subscriber(&broker, V3_1_1, "one", "1", 1);
        let mut other = super::subscriber(&broker, V3_1_1, "other", "2", 1);
        let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
        let publish = |topic: &str, id: u16| Publish::new(V3_1_1, topic, "x").qos(1, id).bytes();
        for (id, topic) in [(1, "1"), (2, "1"), (3, "1"), (4, "2"), (5, "2")] {
            sender.send(&publish(topic, id));
            sender.expect(&ack(PUBACK, id));
        }
        one.expect(&publish("1", 1));
        one.expect(&publish("1", 2));
        one.expect_nothing();
        other.expect(&publish("2", 1));
        other.expect_nothing();
        // Each goes on with its own acknowledgements.
        other.send(&ack(PUBACK, 1));
        other.expect(&publish("2", 2));
        for id in 1..=2 {
            one.send(&ack(PUBACK, id));
        }
        one.expect(&publish("1", 3));
        assert_eq!(
            count(
                broker,
                &log,
                "as much is in flight to all clients together as allowed"
            ),
            1
        );
    }
}
