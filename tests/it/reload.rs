//! SIGHUP: the broker goes by the files as they are now.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Running;
use crate::support::wire::CONNACK;
use crate::support::{mosquitto_pub, mosquitto_sub, mqtk};

/// Sets a password as a user would.
fn set_password(file: &str, user: &str, password: &str) {
    mqtk([
        "passwd",
        "--iterations",
        "10",
        "--password-stdin",
        file,
        user,
    ])
    .stdin(password)
    .run()
    .expect_success();
}

fn subscriber(broker: &MqtkBroker, user: &str, topic: &str) -> Running {
    let before = format!("subscribed to \"{topic}\"");
    let client = mosquitto_sub(["-V", "5", "-u", user, "-P", user, "-t", topic])
        .port(broker.port())
        .start();
    broker.await_log(&before);
    client
}

#[test]
fn revoked_users_are_disconnected_and_new_rules_hold_for_the_others() {
    let directory = TempDir::new().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (passwords, acl) = (path("passwords"), path("acl"));
    fs::write(&passwords, "").expect("written");
    for user in ["ann", "bob"] {
        set_password(&passwords, user, user);
    }
    fs::write(&acl, "pattern read a\npattern write #\n").expect("written");
    let broker = MqtkBroker::start_with(&["--password-file", &passwords, "--acl-file", &acl]);
    let ann = subscriber(&broker, "ann", "a");
    let bob = subscriber(&broker, "bob", "b");
    let told = mqtk(["sub", "-V", "5", "-d", "-u", "bob", "-P", "bob", "-t", "c"])
        .port(broker.port())
        .start();
    broker.await_log("subscribed to \"c\"");

    // Bob is revoked, and everybody may read everything but `a`.
    mqtk(["passwd", "-D", &passwords, "bob"])
        .run()
        .expect_success();
    fs::write(&acl, "pattern readwrite #\npattern deny a\n").expect("written");
    broker.signal(Signal::HUP);
    broker.await_log("changed:");
    broker.await_log("it may not connect any more");
    told.await_stderr("DISCONNECT", |log| {
        log.contains("<- DISCONNECT 0x87 \"Not authorized\"")
    });
    let publish = |topic: &str| {
        mosquitto_pub(["-u", "ann", "-P", "ann", "-t", topic, "-m", "x"])
            .port(broker.port())
            .run()
    };
    publish("a").expect_success();
    broker.await_log("may not publish to \"a\"");
    let refused = mosquitto_pub(["-u", "bob", "-P", "bob", "-t", "b", "-m", "x"])
        .port(broker.port())
        .run();
    assert!(refused.stderr.contains("bad user name"), "{refused:?}");

    // A file that is wrong changes nothing.
    fs::write(&acl, "topik a\n").expect("written");
    broker.signal(Signal::HUP);
    broker.await_log("nothing is changed");
    broker.await_log(":1: a line begins with");
    publish("b").expect_success();
    drop((ann, bob, told));
}

#[test]
fn a_wrong_password_file_leaves_everybody_in() {
    let directory = TempDir::new().expect("a directory");
    let passwords = directory.path().join("passwords");
    let passwords = passwords.to_str().expect("text");
    fs::write(passwords, "").expect("written");
    set_password(passwords, "ann", "ann");
    let good = fs::read_to_string(passwords).expect("a file");
    let broker = MqtkBroker::start_with(&["--password-file", passwords]);
    let ann = subscriber(&broker, "ann", "a");
    let publish = || {
        mosquitto_pub(["-u", "ann", "-P", "ann", "-q", "1", "-t", "a", "-m", "x"])
            .port(broker.port())
            .run()
    };
    let before = format!("SIGHUP: nothing is changed: --password-file {passwords}");
    for (content, why) in [
        (Some("ann:plain\n"), "line 1: the password is not hashed"),
        (Some(&*format!("{good}bob\n")), "line 2: there is no colon"),
        (None, "it cannot be read"),
    ] {
        match content {
            Some(content) => fs::write(passwords, content).expect("written"),
            None => fs::remove_file(passwords).expect("removed"),
        }
        broker.signal(Signal::HUP);
        broker.await_log(&format!("{before}: {why}"));
        publish().expect_success();
    }
    // And it still listens to SIGHUP.
    fs::write(passwords, good).expect("written");
    broker.signal(Signal::HUP);
    broker.await_log("changed: who may connect");
    publish().expect_success();
    ann.await_lines(4);
}

/// However busy the broker is, and though it reads the files some time after the signal.
#[test]
fn who_connects_after_the_signal_meets_the_new_files() {
    let directory = TempDir::new().expect("a directory");
    let acl = directory.path().join("acl").display().to_string();
    fs::write(&acl, "topic read a\n").expect("written");
    let broker = MqtkBroker::start_with(&["--acl-file", &acl, "--strict-subscribe"]);
    for round in 0..100 {
        let (rule, answer) = match round % 2 {
            0 => ("topic deny a\n", 0x80),
            _ => ("topic read a\n", 0),
        };
        fs::write(&acl, rule).expect("written");
        broker.signal(Signal::HUP);
        let address = (Ipv4Addr::LOCALHOST, broker.port());
        let mut client = TcpStream::connect(address).expect("it listens");
        client
            .write_all(b"\x10\x0c\0\x04MQTT\x04\x02\0\0\0\0\x82\x06\0\x01\0\x01a\0")
            .expect("it reads");
        let mut answers = [0; 9];
        client.read_exact(&mut answers).expect("it answers");
        assert_eq!(answers[..4], CONNACK);
        assert_eq!(answers[4..], [0x90, 3, 0, 1, answer], "round {round}");
    }
}

/// As Mosquitto's check_retain_source has it.
#[test]
fn what_is_retained_goes_with_the_right_of_its_publisher() {
    let directory = TempDir::new().expect("a directory");
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (acl, store) = (path("acl"), path("store"));
    let rules = |of_ann: &str| {
        let rules =
            format!("topic read #\nuser ann\ntopic {of_ann} a/#\nuser bob\ntopic write b/#\n");
        fs::write(&acl, rules).expect("written");
    };
    rules("write");
    let passwords = path("passwords");
    fs::write(&passwords, "").expect("written");
    for user in ["ann", "bob"] {
        set_password(&passwords, user, user);
    }
    let options = [
        "--password-file",
        &passwords,
        "--acl-file",
        &acl,
        "--persist",
        &store,
    ];
    let options = [
        &options[..],
        &["--listen", "mqtt://127.0.0.1:0?anonymous=true"],
    ]
    .concat();
    let start = || MqtkBroker::listening(mqtk(["broker"]).args(&options), 1);
    let broker = start();
    for user in ["ann", "bob"] {
        let topic = format!("{}/x", &user[..1]);
        mosquitto_pub([
            "-u", user, "-P", user, "-q", "1", "-r", "-m", user, "-t", &topic,
        ])
        .port(broker.port())
        .run()
        .expect_success();
    }
    let retained = |broker: &MqtkBroker| {
        let seen = mqtk(["sub", "--retained-only", "-t", "+/x"])
            .port(broker.port())
            .run();
        let mut lines = seen.expect_success().lines();
        lines.sort();
        lines
    };
    assert_eq!(retained(&broker), ["ann", "bob"]);
    rules("read");
    broker.signal(Signal::HUP);
    broker.await_logs("changed:", 1);
    assert_eq!(retained(&broker), ["bob"]);

    // It is there again with the right, also after a restart.
    broker.stop(Signal::TERM).expect_code(0);
    let broker = start();
    assert_eq!(retained(&broker), ["bob"]);
    rules("write");
    broker.signal(Signal::HUP);
    broker.await_logs("changed:", 1);
    assert_eq!(retained(&broker), ["ann", "bob"]);
}
