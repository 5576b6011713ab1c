//! User Name and Password: who may connect, and what the others are told.

use std::sync::Arc;

use mqtk::broker::{Access, Answer, Authenticator, Broker, Changes, Config, Denial, Grant};
use mqtk::broker::{Control, Login, Verdict};
use tokio::sync::Notify;

use super::client::Client;
use super::packets::{Connect, Publish, V3_1, V3_1_1, V5, suback, subscribe};

/// A broker that asks this authenticator.
fn guarded(authenticator: impl Authenticator + 'static) -> Broker {
    let access = Access {
        authenticators: vec![Arc::new(authenticator)],
        ..Access::default()
    };
    with_access(access)
}

fn with_access(access: Access) -> Broker {
    let access = vec![access];
    let config = Config {
        access,
        ..Config::default()
    };
    Broker::start(config).expect("the broker starts")
}

/// Lets in ann with her password.
fn ann(login: &Login) -> Verdict {
    match (login.username.as_deref(), login.password.as_deref()) {
        (Some("ann"), Some(b"secret")) => Verdict::accept(),
        (Some("ann"), _) => Verdict::wrong("wrong password"),
        (Some("busy"), _) => Verdict::Refuse(Denial::Unavailable("ask later".into())),
        (Some("bob"), _) => Verdict::Refuse(Denial::NotAuthorized("it is Sunday".into())),
        _ => Verdict::Pass,
    }
}

/// The answer of each version to this CONNECT.
fn refused(broker: &Broker, connect: impl Fn(Connect) -> Connect, v3: u8, v5: u8) {
    for version in [V3_1, V3_1_1, V5] {
        let mut client = Client::open(broker);
        let connect = connect(Connect::new(version, "c"));
        let publish = Publish::new(version, "a", "x").bytes();
        client.send(&[connect.bytes(), publish].concat());
        match version {
            V5 => client.expect(&[0x20, 3, 0, v5, 0]),
            _ => client.expect(&[0x20, 2, 0, v3]),
        }
        client.expect_closed();
    }
}

#[test]
fn mqtt_3_1_4_2_who_is_not_let_in_is_told_why() {
    let broker = guarded(ann);
    refused(&broker, |connect| connect, 5, 0x87);
    refused(&broker, |connect| connect.username("ann"), 4, 0x86);
    let wrong = |connect: Connect| connect.username("ann").password(b"Secret");
    refused(&broker, wrong, 4, 0x86);
    refused(&broker, |connect| connect.username("nobody"), 4, 0x86);
    refused(&broker, |connect| connect.username("bob"), 5, 0x87);
    refused(&broker, |connect| connect.username("busy"), 3, 0x88);
}

#[test]
fn v5_a_password_may_come_without_a_user_name() {
    let broker = guarded(|login: &Login| match (&login.username, &login.password) {
        (None, Some(token)) if token == b"token" => Verdict::accept(),
        _ => Verdict::Pass,
    });
    Client::connect(&broker, &Connect::new(V5, "c").password(b"token"));
}

#[test]
fn who_is_let_in_connects_in_each_version() {
    let broker = guarded(ann);
    for version in [V3_1, V3_1_1, V5] {
        let connect = Connect::new(version, "c");
        Client::connect(&broker, &connect.username("ann").password(b"secret"));
    }
}

#[test]
fn mqtt_3_1_4_6_nothing_is_processed_of_a_client_that_is_not_let_in() {
    let broker = guarded(ann);
    let connect = Connect::new(V3_1_1, "w")
        .username("ann")
        .password(b"secret");
    let mut watcher = Client::connect(&broker, &connect);
    watcher.send(&subscribe(V3_1_1, 1, &[("#", 0)]));
    watcher.expect(&suback(V3_1_1, 1, &[0]));
    let will = |connect: Connect| connect.will("a", "x", 0, false).username("ann");
    refused(&broker, will, 4, 0x86);
    watcher.expect_nothing();
}

/// Answers when it is told to.
#[derive(Clone, Default)]
struct Slow(Arc<Notify>);

impl Authenticator for Slow {
    fn authenticate<'a>(&'a self, _: &'a Login) -> Answer<'a> {
        Box::pin(async {
            self.0.notified().await;
            Verdict::accept()
        })
    }
}

#[test]
fn what_follows_connect_waits_for_the_answer() {
    let slow = Slow::default();
    let broker = guarded(slow.clone());
    let mut client = Client::open(&broker);
    let connect = Connect::new(V3_1_1, "c").username("ann").bytes();
    let subscribe = subscribe(V3_1_1, 1, &[("a", 0)]);
    let publish = Publish::new(V3_1_1, "a", "x").bytes();
    client.send(&[connect, subscribe].concat());
    client.send(&publish);
    slow.0.notify_one();
    client.expect(&[0x20, 2, 0, 0]);
    client.expect(&suback(V3_1_1, 1, &[0]));
    client.expect(&publish);
}

#[test]
fn a_session_is_not_taken_over_before_the_answer() {
    let slow = Slow::default();
    let broker = guarded(slow.clone());
    let connect = Connect::new(V5, "c").username("ann");
    slow.0.notify_one();
    let mut old = Client::connect(&broker, &connect);
    let mut new = Client::open(&broker);
    new.send(&connect.bytes());
    old.expect_nothing();
    slow.0.notify_one();
    assert_eq!(new.packet()[3], 0);
    old.expect_disconnect(0x8E);
}

#[test]
fn an_answer_that_takes_too_long_is_no() {
    let access = Access {
        authenticators: vec![Arc::new(Slow::default())],
        ..Access::default()
    };
    let mut config = Config {
        access: vec![access],
        ..Config::default()
    };
    config.limits.connect_timeout = std::time::Duration::from_millis(50);
    let broker = Broker::start(config).expect("the broker starts");
    refused(&broker, |connect| connect.username("ann"), 3, 0x88);
}

#[test]
fn as_many_wait_as_allowed() {
    let access = Access {
        authenticators: vec![Arc::new(Slow::default())],
        ..Access::default()
    };
    let mut config = Config {
        access: vec![access],
        ..Config::default()
    };
    config.limits.authenticating_bytes = 100;
    let broker = Broker::start(config).expect("the broker starts");
    refused(&broker, |connect| connect.username("ann"), 3, 0x89);
}

#[test]
fn anonymous_clients_may_be_let_in_beside_others() {
    let access = Access {
        authenticators: vec![Arc::new(ann)],
        anonymous: Some(true),
        ..Access::default()
    };
    let broker = with_access(access);
    Client::connect(&broker, &Connect::new(V3_1_1, "c"));
    refused(&broker, |connect| connect.username("ann"), 4, 0x86);
}

#[test]
fn where_nobody_can_be_asked_nobody_gets_in_unless_allowed() {
    let broker = with_access(Access {
        anonymous: Some(false),
        ..Access::default()
    });
    refused(&broker, |connect| connect, 5, 0x87);
    refused(&broker, |connect| connect.username("ann"), 5, 0x87);
}

#[test]
fn a_listener_for_other_machines_lets_in_nobody_unasked() {
    let listen = || vec![std::net::SocketAddr::from(([0, 0, 0, 0], 0)).into()];
    let config = Config {
        listen: listen(),
        ..Config::default()
    };
    let broker = Broker::start(config).expect("the broker starts");
    refused(&broker, |connect| connect, 5, 0x87);
    refused(&broker, |connect| connect.username("ann"), 5, 0x87);
    let access = Access {
        anonymous: Some(true),
        ..Access::default()
    };
    let config = Config {
        listen: listen(),
        access: vec![access],
        ..Config::default()
    };
    let broker = Broker::start(config).expect("the broker starts");
    Client::connect(&broker, &Connect::new(V3_1_1, "c"));
}

/// Lets in everybody, with the stamp it is given; knows who is still welcome.
struct Stamped(u64);

impl Authenticator for Stamped {
    fn authenticate<'a>(&'a self, login: &'a Login) -> Answer<'a> {
        let grant = Grant {
            username: login.username.as_ref().map(|name| name.to_uppercase()),
            stamp: self.0,
            acl: None,
        };
        Box::pin(std::future::ready(Verdict::Accept(grant)))
    }

    fn still_admits(&self, username: Option<&str>, stamp: u64) -> bool {
        username == Some("ANN") && stamp == self.0
    }
}

/// Changes the access of a broker from this thread.
fn change(control: &Control, access: Access) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let changes = Changes {
        access: Some(vec![access]),
        ..Changes::default()
    };
    let changed = runtime.block_on(control.change(changes));
    changed.expect("the broker is changed");
}

fn stamped(stamp: u64) -> Access {
    Access {
        authenticators: vec![Arc::new(Stamped(stamp))],
        ..Access::default()
    }
}

#[test]
fn whoever_may_not_connect_any_more_is_disconnected() {
    let config = Config {
        access: vec![stamped(1)],
        ..Config::default()
    };
    let control = config.control.clone();
    let broker = Broker::start(config).expect("the broker starts");
    let connect = |version, username: &str| {
        let connect = Connect::new(version, username).username(username);
        Client::connect(&broker, &connect)
    };
    let mut ann = connect(V5, "ann");

    change(&control, stamped(1));
    ann.expect_nothing();
    let mut old_ann = Client::connect(&broker, &Connect::new(V3_1_1, "a").username("ann"));

    change(&control, stamped(2));
    ann.expect_disconnect(0x87);
    old_ann.expect_closed();
    connect(V5, "ann").expect_nothing();

    change(&control, Access::default());
    Client::connect(&broker, &Connect::new(V5, "c")).expect_nothing();
    let mut unknown = Client::connect(&broker, &Connect::new(V5, "d"));
    change(&control, stamped(2));
    unknown.expect_disconnect(0x87);
}
