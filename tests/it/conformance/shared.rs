//! Shared Subscriptions.

use super::client::Client;
use super::packets::{Connect, Publish, V3_1_1, V5, suback, subscribe, unsuback, unsubscribe};
use super::{broker, subscriber};

#[test]
fn mqtt5_4_8_2_members_take_turns() {
    let broker = broker();
    let mut members: Vec<_> = ["1", "2", "3"]
        .iter()
        .map(|id| subscriber(&broker, V5, id, "$share/g/a/+", 0))
        .collect();
    let mut other = subscriber(&broker, V5, "other", "$share/h/a/+", 0);
    let mut plain = subscriber(&broker, V5, "plain", "a/#", 0);
    let publish = Publish::new(V5, "a/b", "x").bytes();
    let mut sender = Client::connect(&broker, &Connect::new(V5, "sender"));
    for _ in 0..6 {
        sender.send(&publish);
    }
    for client in &mut members {
        client.expect(&publish);
        client.expect(&publish);
        client.expect_nothing();
    }
    for client in [&mut other, &mut plain] {
        for _ in 0..6 {
            client.expect(&publish);
        }
        client.expect_nothing();
    }
}

#[test]
fn mqtt5_4_8_2_those_who_left_get_nothing() {
    let broker = broker();
    let mut stays = subscriber(&broker, V5, "stays", "$share/g/a", 0);
    let mut leaves = subscriber(&broker, V5, "leaves", "$share/g/a", 0);
    let goes = subscriber(&broker, V5, "goes", "$share/g/a", 0);
    goes.leave();
    leaves.send(&unsubscribe(V5, 2, &["$share/g/a"]));
    leaves.expect(&unsuback(V5, 2, &[0]));
    let publish = Publish::new(V5, "a", "x").bytes();
    for _ in 0..3 {
        stays.send(&publish);
        stays.expect(&publish);
    }
    leaves.expect_nothing();
}

#[test]
fn mqtt5_4_8_2_retained_messages_are_not_sent_to_a_group() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&Publish::new(V5, "a", "x").retain().bytes());
    client.send(&subscribe(V5, 1, &[("$share/g/a", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.expect_nothing();
}

#[test]
fn mqtt_4_8_2_1_and_2_a_share_name_is_checked() {
    let broker = broker();
    for filter in ["$share//a", "$share/+/a", "$share/g", "$share/g/"] {
        let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
        client.send(&subscribe(V5, 1, &[(filter, 0)]));
        let disconnect = client.packet();
        assert_eq!(disconnect[0], 0xE0, "{filter}");
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_8_3_4_no_local_on_a_shared_subscription_is_an_error() {
    let broker = broker();
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&subscribe(V5, 1, &[("$share/g/a", 0x04)]));
    client.expect_disconnect(0x82);
}

#[test]
fn before_5_0_share_is_a_level_as_any_other() {
    let broker = broker();
    let mut client = subscriber(&broker, V3_1_1, "c", "$share/g/a", 0);
    client.send(&Publish::new(V3_1_1, "a", "x").bytes());
    client.expect_nothing();
    let publish = Publish::new(V3_1_1, "$share/g/a", "x").bytes();
    client.send(&publish);
    client.expect(&publish);
}

#[test]
fn a_session_may_change_what_share_means_with_its_version() {
    let broker = broker();
    let session = Connect::new(V5, "c").resuming().expiring_after(60);
    let mut client = Client::connect(&broker, &session);
    client.send(&subscribe(V5, 1, &[("$share/g/a", 0)]));
    client.expect(&suback(V5, 1, &[0]));
    client.leave();
    let mut client = Client::resume(&broker, &Connect::new(V3_1_1, "c").resuming());
    client.send(&subscribe(V3_1_1, 1, &[("$share/g/a", 0)]));
    client.expect(&suback(V3_1_1, 1, &[0]));
    client.send(&Publish::new(V3_1_1, "a", "x").bytes());
    client.expect_nothing();
    client.send(&unsubscribe(V3_1_1, 2, &["$share/g/a"]));
    client.expect(&unsuback(V3_1_1, 2, &[]));
    client.send(&Publish::new(V3_1_1, "$share/g/a", "x").bytes());
    client.expect_nothing();
}
