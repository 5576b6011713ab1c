//! What clients may do: the answers to those that may not, and the verdicts of Mosquitto.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use mqtk::broker::{Access, Acl, Broker, Config, Grant, Login, Verdict};

use super::client::Client;
use super::packets::{
    Connect, PUBACK, PUBCOMP, PUBREC, PUBREL, Publish, V3_1_1, V5, ack, ack_with, suback, subscribe,
};
use crate::support::Mosquitto;

fn broker_with(rules: &str) -> Broker {
    authorized(rules.parse().expect("good rules"))
}

fn authorized(acl: Acl) -> Broker {
    let authorizer = Some(Arc::new(acl) as _);
    Broker::start(Config {
        authorizer,
        ..Config::default()
    })
    .expect("the broker starts")
}

#[test]
fn mqtt_3_3_5_2_an_unauthorised_publish_is_answered_and_goes_nowhere() {
    let broker = broker_with("topic read #\nuser ann\ntopic #");
    let mut reader = super::subscriber(&broker, V5, "reader", "#", 0);
    let mut v5 = Client::connect(&broker, &Connect::new(V5, "v5"));
    v5.send(&Publish::new(V5, "a", "x").bytes());
    v5.send(&Publish::new(V5, "a", "x").qos(1, 1).retain().bytes());
    v5.expect(&ack_with(PUBACK, 1, 0x87));
    v5.send(&Publish::new(V5, "a", "x").qos(2, 2).bytes());
    v5.expect(&ack_with(PUBREC, 2, 0x87));
    // The Packet Identifier is free again.
    v5.send(&Publish::new(V5, "a", "x").qos(2, 2).bytes());
    v5.expect(&ack_with(PUBREC, 2, 0x87));
    let mut older = Client::connect(&broker, &Connect::new(V3_1_1, "older"));
    older.send(&Publish::new(V3_1_1, "a", "x").qos(1, 1).bytes());
    older.expect(&ack(PUBACK, 1));
    older.send(&Publish::new(V3_1_1, "a", "x").qos(2, 2).bytes());
    older.expect(&ack(PUBREC, 2));
    older.send(&ack(PUBREL, 2));
    older.expect(&ack(PUBCOMP, 2));
    reader.expect_nothing();
    let mut ann = Client::connect(&broker, &Connect::new(V5, "ann").username("ann"));
    ann.send(&Publish::new(V5, "a", "x").bytes());
    reader.expect(&Publish::new(V5, "a", "x").bytes());
    // Nothing was retained.
    super::subscriber(&broker, V5, "later", "a", 0).expect_nothing();
}

#[test]
fn mqtt_3_9_3_an_unauthorised_subscription_is_refused() {
    let acl: Acl = "topic read a/+".parse().expect("good rules");
    let broker = authorized(acl.refusing_subscriptions(true));
    for (version, reason) in [(V5, 0x87), (V3_1_1, 0x80)] {
        let mut client = Client::connect(&broker, &Connect::new(version, "c"));
        client.send(&subscribe(
            version,
            1,
            &[("a/#", 1), ("b/#", 1), ("a/b", 0)],
        ));
        client.expect(&suback(version, 1, &[1, reason, 0]));
    }
    let mut client = Client::connect(&broker, &Connect::new(V5, "c"));
    client.send(&subscribe(V5, 1, &[("$share/g/a/b", 1), ("$share/g/b", 1)]));
    client.expect(&suback(V5, 1, &[1, 0x87]));
}

#[test]
fn what_a_client_may_not_read_is_withheld() {
    let broker = broker_with("topic read a\nuser ann\ntopic #");
    let mut ann = Client::connect(&broker, &Connect::new(V5, "ann").username("ann"));
    ann.send(&Publish::new(V5, "secret", "old").qos(1, 1).retain().bytes());
    ann.expect(&ack_with(PUBACK, 1, 0x10));
    let mut reader = super::subscriber(&broker, V5, "reader", "#", 1);
    reader.expect_nothing();
    // To the publisher it looks as if nobody had subscribed.
    ann.send(&Publish::new(V5, "secret", "new").qos(1, 2).bytes());
    ann.expect(&ack_with(PUBACK, 2, 0x10));
    ann.send(&Publish::new(V5, "a", "x").qos(1, 3).bytes());
    ann.expect(&ack(PUBACK, 3));
    reader.expect(&Publish::new(V5, "a", "x").qos(1, 1).bytes());
    // A group gives such a message to a member that may have it.
    for (id, user) in [("g1", None), ("g2", Some("ann")), ("g3", None)] {
        let mut connect = Connect::new(V5, id);
        if let Some(user) = user {
            connect = connect.username(user);
        }
        let mut member = Client::connect(&broker, &connect);
        member.send(&subscribe(V5, 1, &[("$share/g/secret", 0)]));
        member.expect(&suback(V5, 1, &[0]));
        if user.is_some() {
            for _ in 0..3 {
                ann.send(&Publish::new(V5, "secret", "x").bytes());
                member.expect(&Publish::new(V5, "secret", "x").bytes());
            }
        }
    }
}

#[test]
fn an_unauthorised_will_message_is_not_published() {
    let broker = broker_with("topic read #\ntopic write good");
    let mut reader = super::subscriber(&broker, V5, "reader", "#", 0);
    for topic in ["bad", "good"] {
        let connect = Connect::new(V5, "c").will(topic, "x", 0, true);
        Client::connect(&broker, &connect).vanish();
    }
    reader.expect(&Publish::new(V5, "good", "x").bytes());
}

#[test]
fn a_session_gives_its_queue_to_those_who_may_read_it() {
    let broker = broker_with("topic a\nuser ann\ntopic #");
    let connect = Connect::new(V5, "c").resuming().expiring_after(60);
    let mut client = Client::connect(&broker, &connect.clone().username("ann"));
    client.send(&subscribe(V5, 1, &[("#", 1)]));
    client.expect(&suback(V5, 1, &[1]));
    client.leave();
    let mut ann = Client::connect(&broker, &Connect::new(V5, "ann").username("ann"));
    for (id, topic) in [(1, "secret"), (2, "a")] {
        ann.send(&Publish::new(V5, topic, "x").qos(1, id).bytes());
        ann.expect(&ack(PUBACK, id));
    }
    let mut other = Client::resume(&broker, &connect);
    other.expect(&Publish::new(V5, "a", "x").qos(1, 1).bytes());
    other.expect_nothing();
}

#[test]
fn an_authenticator_gives_a_client_rules_of_its_own() {
    let guard = |login: &Login| {
        let acl: Acl = "topic write a\ntopic deny b\npattern read %u"
            .parse()
            .expect("good rules");
        Verdict::Accept(Grant {
            acl: login.username.is_some().then(|| Arc::new(acl)),
            ..Grant::default()
        })
    };
    let others: Acl = "pattern write b\npattern write c"
        .parse()
        .expect("good rules");
    for (authorizer, last) in [(None, 0x87), (Some(Arc::new(others) as _), 0x10)] {
        let broker = Broker::start(Config {
            access: vec![Access {
                authenticators: vec![Arc::new(guard)],
                ..Access::default()
            }],
            authorizer,
            ..Config::default()
        })
        .expect("the broker starts");
        let mut ann = Client::connect(&broker, &Connect::new(V5, "c").username("ann"));
        for (id, topic, reason) in [(1, "a", 0x10), (2, "b", 0x87), (3, "c", last)] {
            ann.send(&Publish::new(V5, topic, "x").qos(1, id).bytes());
            ann.expect(&ack_with(PUBACK, id, reason));
        }
    }
}

/// Rules of every kind that Mosquitto knows. Everybody may read `end`, and the administrator
/// everything.
const RULES: &str = "\
# Without User Name
topic end
topic read r/+
topic write w/#
topic deny r/no
topic readwrite rw/a b
topic   read   $own/#
topic %c

user admin
topic #
topic $own/#
topic $SYS/#

user ann
topic read end
topic deny p/#
topic p/ann
topic r/no

pattern read c/%c/#
pattern write u/%u/+
pattern x%cy/%u/%c
pattern deny c/+/secret
pattern read end
pattern w

user bob
topic deny #
user ann
topic late/+/x
";

const TOPICS: [&str; 32] = [
    "r/a",
    "r/no",
    "r/a/b",
    "r",
    "w",
    "w/a",
    "w/a/b",
    "rw/a b",
    "rw/a",
    "$own/a",
    "$own",
    "%c",
    "p/ann",
    "p/a",
    "p",
    "c/one/x",
    "c/one",
    "c/one/secret",
    "c/two/x",
    "u/ann/x",
    "u/bob/x",
    "u/ann",
    "u/ann/x/y",
    "xoney/ann/one",
    "xtwoy/ann/one",
    "late/a/x",
    "late/a/y",
    "c/%u/x",
    "c/a/b/x",
    "u/%u/x",
    "u//x",
    "$other/a",
];

const CLIENTS: [(&str, Option<&str>); 9] = [
    ("one", None),
    ("two", None),
    ("one", Some("ann")),
    ("two", Some("bob")),
    ("one", Some("eve")),
    ("%u", Some("ann")),
    ("a/b", None),
    ("a+", None),
    ("one", Some("#")),
];

/// What a client may do with the topics: those it can publish to and those it receives.
fn verdicts(address: SocketAddr, client: (&str, Option<&str>)) -> [BTreeSet<&'static str>; 2] {
    let connect = |id: &str, user: Option<&str>| {
        let connect = Connect::new(V5, id);
        let mut client = Client::open_at(address);
        let connect = user
            .iter()
            .fold(connect, |connect, user| connect.username(user));
        client.send(&connect.bytes());
        let connack = client.packet();
        assert_eq!((connack[0], connack[3]), (0x20, 0), "{connack:02x?}");
        client
    };
    // It starts with the Packet Identifier and ends with the Reason Code, if that is not 0.
    let answer = |client: &mut Client| match client.packet().as_slice() {
        [0x40, 2, _, _] => 0,
        [0x40, _, _, _, reason, ..] => *reason,
        other => panic!("{other:02x?}"),
    };
    let mut written = BTreeSet::new();
    let mut publisher = connect(client.0, client.1);
    for topic in TOPICS {
        publisher.send(&Publish::new(V5, topic, "x").qos(1, 1).bytes());
        match answer(&mut publisher) {
            0 | 0x10 => drop(written.insert(topic)),
            0x87 => {}
            reason => panic!("{reason:#04x} for {topic}"),
        }
    }
    publisher.leave();

    let mut reader = connect(client.0, client.1);
    let filters = TOPICS.map(|topic| (topic, 0));
    reader.send(&subscribe(V5, 1, &[&filters[..], &[("end", 0)]].concat()));
    reader.expect(&suback(V5, 1, &[0; TOPICS.len() + 1]));
    let mut admin = connect("admin", Some("admin"));
    for topic in TOPICS.iter().chain(&["end"]) {
        admin.send(&Publish::new(V5, topic, "x").qos(1, 1).bytes());
        answer(&mut admin);
    }
    let mut read = BTreeSet::new();
    let may_read_end = !matches!(client, ("a+", _) | (_, Some("bob" | "#")));
    loop {
        if !may_read_end {
            reader.send(&[0xC0, 0]);
        }
        match reader.packet().as_slice() {
            [0xD0, ..] => break,
            packet => {
                let is_it = |topic: &&&str| packet == Publish::new(V5, topic, "x").bytes();
                match TOPICS.iter().find(is_it) {
                    Some(topic) => drop(read.insert(*topic)),
                    None => break,
                }
            }
        }
    }
    admin.leave();
    [written, read]
}

#[test]
fn the_verdicts_are_those_of_mosquitto() {
    // Without room to queue, Mosquitto 2.0 drops clients whose PUBLISH it denies.
    let mosquitto = Mosquitto::builder()
        .line("max_queued_messages 1000")
        .access(RULES)
        .start();
    let broker = broker_with(RULES);
    let theirs = SocketAddr::from((Ipv4Addr::LOCALHOST, mosquitto.port()));
    let mut allowed = 0;
    for client in CLIENTS {
        let ours = verdicts(broker.addr(), client);
        let [written, read] = &ours;
        allowed += written.len() + read.len();
        assert_eq!(
            ours,
            verdicts(theirs, client),
            "{client:?}: [written, read]"
        );
    }
    // Both verdicts occur.
    assert!(
        allowed > 20 && allowed < TOPICS.len() * CLIENTS.len(),
        "{allowed}"
    );
}
