//! Who may connect to `mqtk broker`, by its flags and at each listener.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::TempDir;

use crate::support::certificates::{Certificates, Server};
use crate::support::mqtk_broker::{MqtkBroker, port_of};
use crate::support::process::Program;
use crate::support::{mosquitto_pub, mqtk};

/// A password file with ann, whose password is secret.
fn users(directory: &TempDir) -> String {
    let file = directory.path().join("users");
    mqtk(["passwd", "-c", "--iterations", "10", "--password-stdin"])
        .arg(&file)
        .arg("ann")
        .stdin("secret")
        .run()
        .expect_success();
    file.display().to_string()
}

fn publish(port: u16) -> Program {
    mosquitto_pub(["-q", "1", "-t", "a", "-m", "x"]).port(port)
}

#[test]
fn other_machines_are_let_in_when_asked() {
    let program = mqtk([
        "broker",
        "--listen",
        "mqtt://0.0.0.0:0",
        "--listen",
        "mqtt://127.0.0.1:0",
    ]);
    let broker = MqtkBroker::listening(program, 2);
    broker.await_log("mqtt://0.0.0.0:");
    broker.await_log("refuses every client");
    publish(broker.port()).run().expect_words(&["not authori"]);
    let local = port_of(&broker.urls()[1]).expect("a port");
    publish(local).run().expect_success();

    let program = mqtk([
        "broker",
        "--listen",
        "mqtt://0.0.0.0:0",
        "--allow-anonymous",
    ]);
    let broker = MqtkBroker::listening(program, 1);
    publish(broker.port()).run().expect_success();
}

#[test]
fn each_listener_has_its_own_way_in() {
    let directory = TempDir::new().expect("a directory");
    let users = users(&directory);
    let certificates = Certificates::new(&Server::Good);
    let program = mqtk(["broker", "--password-file", &users])
        .args([
            "--listen",
            "mqtt://127.0.0.1:0",
            "--listen",
            "mqtt://127.0.0.1:0?auth=none",
        ])
        .args(["--listen", "mqtt://127.0.0.1:0?anonymous=true"])
        .args([
            "--listen",
            "mqtts://localhost:0?auth=certificate",
            "--client-ca",
        ])
        .arg(&certificates.ca)
        .arg("--cert")
        .arg(&certificates.server)
        .arg("--key")
        .arg(&certificates.server_key);
    let broker = MqtkBroker::listening(program, 4);
    let ports: Vec<_> = broker.urls().iter().map(|url| port_of(url)).collect();
    let [Some(default), Some(open), Some(either), Some(tls)] = ports[..] else {
        panic!("{ports:?}");
    };
    let ann = |port| publish(port).args(["-u", "ann", "-P", "secret"]);
    let wrong = |port| publish(port).args(["-u", "ann", "-P", "wrong"]);
    for (program, is_let_in) in [
        (publish(default), false),
        (ann(default), true),
        (wrong(default), false),
        (publish(open), true),
        (wrong(open), true),
        (publish(either), true),
        (ann(either), true),
        (wrong(either), false),
    ] {
        let finished = program.run();
        assert_eq!(finished.status.success(), is_let_in, "{finished:?}");
    }
    publish(tls)
        .args(["-h", "localhost", "-u", "somebody", "--cafile"])
        .arg(&certificates.ca)
        .arg("--cert")
        .arg(&certificates.client)
        .arg("--key")
        .arg(&certificates.client_key)
        .run()
        .expect_success();
    broker.await_log("connected as user \"a client\"");
}

#[test]
fn a_certificate_is_enough_where_one_is_demanded() {
    let certificates = Certificates::new(&Server::Good);
    let program = mqtk(["broker", "--listen", "mqtts://0.0.0.0:0", "--client-ca"])
        .arg(&certificates.ca)
        .arg("--cert")
        .arg(&certificates.server)
        .arg("--key")
        .arg(&certificates.server_key);
    let broker = MqtkBroker::listening(program, 1);
    publish(broker.port())
        .args(["-h", "localhost", "--cafile"])
        .arg(&certificates.ca)
        .arg("--cert")
        .arg(&certificates.client)
        .arg("--key")
        .arg(&certificates.client_key)
        .run()
        .expect_success();
}

#[test]
fn a_password_file_for_all_to_read_is_warned_of() {
    let directory = TempDir::new().expect("a directory");
    let users = users(&directory);
    fs::set_permissions(&users, fs::Permissions::from_mode(0o644)).expect("it is ours");
    let broker = MqtkBroker::start_with(&["--password-file", &users]);
    broker.await_log("chmod o-r");
}

#[test]
fn what_cannot_be_is_refused_at_once() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("users");
    fs::write(&file, "ann:$7$1\n").expect("the directory is writable");
    let file = file.display().to_string();
    for (args, words) in [
        (
            &["--password-file", &file][..],
            &["users", "line 1", "garbled"][..],
        ),
        (&["--password-file", "/nonexistent"], &["/nonexistent"]),
        (
            &["--listen", "mqtt://127.0.0.1:0?auth=password"],
            &["--password-file"],
        ),
        (
            &["--listen", "mqtt://127.0.0.1:0?auth=certificate"],
            &["--client-ca"],
        ),
        (
            &["--listen", "mqtt://127.0.0.1:0?auth=magic"],
            &["auth=magic"],
        ),
        (&["--use-identity-as-username"], &["--client-ca"]),
    ] {
        let finished = mqtk(["broker", "-p", "0"]).args(args).run();
        finished.expect_failure(2, words);
    }
}

#[test]
fn scram_proves_the_password_without_sending_it() {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("users");
    mqtk([
        "passwd",
        "-c",
        "-H",
        "scram-sha-256",
        "--iterations",
        "10",
        "--password-stdin",
    ])
    .arg(&file)
    .arg("ann")
    .stdin("secret")
    .run()
    .expect_success();
    let broker = MqtkBroker::start_with(&["--password-file", &file.display().to_string()]);
    let publish = |password: &str| {
        mqtk([
            "pub",
            "-t",
            "a",
            "-m",
            "x",
            "-q",
            "1",
            "--auth-method",
            "SCRAM-SHA-256",
            "-d",
        ])
        .args(["-u", "ann", "-P", password])
        .port(broker.port())
        .run()
    };
    let finished = publish("secret").expect_code(0);
    assert!(finished.stderr.contains("AUTH"), "{}", finished.stderr);
    assert!(!finished.stderr.contains("secret"), "{}", finished.stderr);
    broker.await_log("connected as user \"ann\"");
    publish("wrong").expect_code(4).expect_words(&["0x86"]);
    mqtk([
        "pub",
        "-t",
        "a",
        "-m",
        "x",
        "--auth-method",
        "SCRAM-SHA-256",
    ])
    .run()
    .expect_failure(2, &["-u", "-P"]);
    mqtk([
        "pub",
        "-V",
        "311",
        "-t",
        "a",
        "-m",
        "x",
        "--auth-method",
        "SCRAM-SHA-256",
    ])
    .run()
    .expect_failure(2, &["--auth-method", "-V 5"]);
}

#[test]
fn a_command_says_who_may_connect() {
    let command = r#"read -r client; case $client in
        *'"username":"ann","password":"secret"'*) echo '{"result":"allow","username":"Ann"}' ;;
        *'"username":"bob"'*) echo '{"result":"deny","reason":"not on Sundays"}' ;;
        *'"username":"slow"'*) sleep 60 ;;
        *'"username":"broken"'*) echo yes ;;
        *) exit 1 ;;
    esac"#;
    let broker = MqtkBroker::start_with(&["--auth-command", command, "--auth-timeout", "0.3"]);
    let connect = |user: &str| {
        publish(broker.port())
            .args(["-u", user, "-P", "secret"])
            .run()
    };
    connect("ann").expect_success();
    broker.await_log("connected as user \"Ann\"");
    for (user, log) in [
        ("bob", "not on Sundays"),
        ("carl", "with 0x04"),
        ("slow", "no answer within 0.3 s"),
        ("broken", "not JSON"),
    ] {
        assert!(!connect(user).status.success(), "{user}");
        broker.await_log(log);
    }
    let finished = broker.stop(rustix::process::Signal::TERM);
    assert!(!finished.stderr.contains("secret"), "{}", finished.stderr);
}
