//! Clients that are sent away: to another Server, or after a while.

use std::time::Duration;

use mqtk::broker::{Broker, Config, Redirect};

use super::client::Client;
use super::packets::{Connect, Publish, V3_1_1, V5, packet};

fn broker_with(set: impl FnOnce(&mut Config)) -> Broker {
    let mut config = Config::default();
    set(&mut config);
    Broker::start(config).expect("the broker starts")
}

#[test]
fn mqtt_4_11_clients_are_sent_to_another_server() {
    for (is_permanent, reason) in [(false, 0x9C), (true, 0x9D)] {
        let broker = broker_with(|config| {
            config.capabilities.redirect = Some(Redirect {
                server_reference: "b:1884".into(),
                is_permanent,
            });
        });
        let mut client = Client::open(&broker);
        client.send(&Connect::new(V5, "c").bytes());
        let reference = b"\x1c\x00\x06b:1884";
        let connack = [&[0, reason, reference.len() as u8], &reference[..]].concat();
        client.expect(&packet(0x20, &connack));
        client.expect_closed();
        let mut client = Client::open(&broker);
        client.send(&Connect::new(V3_1_1, "c").bytes());
        client.expect(&[0x20, 2, 0, 3]);
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_1_2_28_response_information_comes_if_it_is_asked_for() {
    let broker = broker_with(|config| {
        config.capabilities.response_information = Some("r/".into());
    });
    let information = b"\x1a\x00\x02r/";
    for (asked, answers) in [(None, false), (Some(0), false), (Some(1), true)] {
        let mut client = Client::open(&broker);
        let asked: Vec<_> = asked.map_or(Vec::new(), |asked| vec![0x19, asked]);
        client.send(&Connect::new(V5, "c").with(&asked).bytes());
        let connack = client.packet();
        let found = connack
            .windows(information.len())
            .any(|part| part == information);
        assert_eq!(found, answers, "{connack:02x?}");
    }
}

#[test]
fn mqtt_3_1_2_8_a_connection_ends_with_its_age_and_its_will_is_published() {
    let broker = broker_with(|config| {
        config.limits.max_connection_age = Some(Duration::from_millis(500));
    });
    let connect = |version, id| Connect::new(version, id).will(id, "x", 0, true);
    let mut v5 = Client::connect(&broker, &connect(V5, "new"));
    let mut older = Client::connect(&broker, &connect(V3_1_1, "old"));
    v5.expect_disconnect(0xA0);
    older.expect_closed();
    for will in ["new", "old"] {
        let mut client = super::subscriber(&broker, V5, "c", will, 0);
        client.expect(&Publish::new(V5, will, "x").retain().bytes());
        client.leave();
    }
}
