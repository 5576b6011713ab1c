//! Subscribers that read too slowly or not at all.

use std::time::Duration;

use mqtk::broker::{Broker, Config};

use super::client::Client;
use super::packets::{Connect, PINGREQ, PINGRESP, PUBACK, Publish, V3_1_1, ack, suback, subscribe};
use super::subscriber;

#[test]
fn a_slow_subscriber_loses_nothing() {
    let broker = super::broker();
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let payload = "x".repeat(100_000);
    let publish = Publish::new(V3_1_1, "a", &payload).bytes();
    // 60 MB, far more than the sockets and the broker keep: the sender has to wait.
    let sending = std::thread::spawn({
        let publish = publish.clone();
        move || {
            for _ in 0..600 {
                sender.send(&publish);
            }
            sender
        }
    });
    std::thread::sleep(Duration::from_millis(300));
    assert!(
        !sending.is_finished(),
        "nobody has read it, so nobody can have taken it"
    );
    for _ in 0..600 {
        receiver.expect(&publish);
    }
    sending.join().expect("everything is sent").expect_nothing();
    receiver.expect_nothing();
}

#[test]
fn a_subscriber_that_never_reads_stops_nobody() {
    let mut config = Config::default();
    config.limits.stall_grace = Duration::from_millis(200);
    config.limits.output_high_water = 100_000;
    config.limits.output_limit = 1_000_000;
    let broker = Broker::start(config).expect("the broker starts");
    let _stalled = subscriber(&broker, V3_1_1, "stalled", "a", 0);
    let mut receiver = subscriber(&broker, V3_1_1, "receiver", "a", 0);
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let publish = Publish::new(V3_1_1, "a", &"x".repeat(100_000)).bytes();
    for _ in 0..300 {
        sender.send(&publish);
        receiver.expect(&publish);
    }
    sender.expect_nothing();
}

#[test]
fn what_a_stalled_subscriber_is_owed_at_qos_1_arrives_when_it_reads_again() {
    let mut config = Config::default();
    config.limits.stall_grace = Duration::from_millis(100);
    config.limits.output_high_water = 100_000;
    config.limits.output_limit = 1_000_000;
    let broker = Broker::start(config).expect("the broker starts");
    let mut stalled = Client::connect(&broker, &Connect::new(V3_1_1, "stalled"));
    stalled.send(&subscribe(V3_1_1, 1, &[("a", 1)]));
    stalled.expect(&suback(V3_1_1, 1, &[1]));
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let payload = "x".repeat(100_000);
    for id in 1..=300 {
        sender.send(&Publish::new(V3_1_1, "a", &payload).qos(1, id).bytes());
        sender.expect(&ack(PUBACK, id));
    }
    for id in 1..=300 {
        stalled.expect(&Publish::new(V3_1_1, "a", &payload).qos(1, id).bytes());
        stalled.send(&ack(PUBACK, id));
    }
    stalled.expect_nothing();
}

#[test]
fn asking_for_retained_messages_again_and_again_piles_nothing_up() {
    let mut config = Config::default();
    config.limits.queue_messages = 1000;
    config.limits.output_high_water = 100_000;
    let broker = Broker::start(config).expect("the broker starts");
    let mut sender = Client::connect(&broker, &Connect::new(V3_1_1, "sender"));
    let payload = "x".repeat(1000);
    for n in 0..1000 {
        sender.send(
            &Publish::new(V3_1_1, &format!("t/{n}"), &payload)
                .retain()
                .bytes(),
        );
    }
    sender.expect_nothing();
    let mut greedy = Client::connect(&broker, &Connect::new(V3_1_1, "greedy"));
    let filters = vec![("t/+", 0); 10_000];
    greedy.send(&subscribe(V3_1_1, 1, &filters));
    greedy.expect(&suback(V3_1_1, 1, &[0; 10_000]));
    let mut count = 0;
    loop {
        let before = count;
        greedy.send(&PINGREQ);
        while greedy.packet()[0] != PINGRESP[0] {
            count += 1;
        }
        if count == before {
            break;
        }
    }
    assert!(
        (1000..3000).contains(&count),
        "{count} retained messages came"
    );
}
