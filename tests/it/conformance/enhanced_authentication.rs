//! Enhanced authentication: SCRAM-SHA-256 in CONNECT, AUTH and CONNACK.

use std::sync::Arc;

use mqtk::broker::{Access, Broker, Changes, Config, Control, Credential, HashKind, PasswordFile};
use mqtk::scram;

use super::client::Client;
use super::packets::{Connect, PINGREQ, Publish, V5, packet};

const METHOD: &[u8] = b"\x15\x00\x0dSCRAM-SHA-256";

/// A password file with this user, whose password is pencil.
fn users(name: &str) -> Access {
    let iterations = 10.try_into().expect("not 0");
    let password = Credential::new(b"pencil", HashKind::ScramSha256 { iterations });
    let line = format!("{name}:{}", password.expect("a credential"));
    let file = PasswordFile::parse(&line).expect("a password file");
    Access {
        authenticators: vec![Arc::new(file)],
        ..Access::default()
    }
}

fn broker() -> (Broker, Control) {
    let config = Config {
        access: vec![users("user")],
        ..Config::default()
    };
    let control = config.control.clone();
    let broker = Broker::start(config).expect("the broker starts");
    (broker, control)
}

/// Authentication Method and Authentication Data, encoded.
fn properties(data: &[u8]) -> Vec<u8> {
    let mut properties = METHOD.to_vec();
    if !data.is_empty() {
        properties.push(0x16);
        properties.extend((data.len() as u16).to_be_bytes());
        properties.extend(data);
    }
    properties
}

fn auth(reason: u8, data: &[u8]) -> Vec<u8> {
    let properties = properties(data);
    let length = u8::try_from(properties.len()).expect("short properties");
    assert!(length < 128, "a length of one byte");
    packet(0xF0, &[&[reason, length], &properties[..]].concat())
}

/// The Reason Code of an AUTH and its Authentication Data, after the method.
fn read_auth(bytes: &[u8]) -> (u8, Vec<u8>) {
    assert_eq!(bytes[0], 0xF0, "{bytes:02x?} is no AUTH");
    assert_eq!(&bytes[4..4 + METHOD.len()], METHOD, "{bytes:02x?}");
    (bytes[2], data_at(bytes, 4 + METHOD.len()))
}

/// The Authentication Data that stands here, if any.
fn data_at(bytes: &[u8], at: usize) -> Vec<u8> {
    match bytes.get(at..) {
        Some([0x16, high, low, data @ ..]) => {
            data[..usize::from(u16::from_be_bytes([*high, *low]))].to_vec()
        }
        _ => Vec::new(),
    }
}

/// The method and the data in a CONNACK with success, whose properties begin at byte 5.
fn read_connack(bytes: &[u8]) -> Vec<u8> {
    assert_eq!((bytes[0], bytes[3]), (0x20, 0), "{bytes:02x?}");
    let at = bytes.windows(METHOD.len()).position(|it| it == METHOD);
    data_at(bytes, at.expect("the method") + METHOD.len())
}

/// Sends CONNECT, and answers the broker's challenge with this password.
fn prove(broker: &Broker, user: &str, password: &[u8]) -> (Client, scram::Client) {
    let mut scram = scram::Client::new(user, password, "c1i3nt").expect("a client");
    let mut client = Client::open(broker);
    let connect = Connect::new(V5, "c").with(&properties(&scram.first()));
    client.send(&connect.bytes());
    let (reason, challenge) = read_auth(&client.packet());
    assert_eq!(reason, 0x18);
    let proof = scram.answer(&challenge).expect("a challenge");
    client.send(&auth(0x18, &proof));
    (client, scram)
}

fn connected(broker: &Broker) -> Client {
    let (mut client, scram) = prove(broker, "user", b"pencil");
    let proof = read_connack(&client.packet());
    scram.verify(&proof).expect("the broker knows the password");
    client
}

#[test]
fn mqtt_4_12_0_2_the_client_is_asked_by_auth_and_let_in() {
    let (broker, _) = broker();
    connected(&broker).expect_nothing();
}

#[test]
fn mqtt_4_12_0_4_who_does_not_know_the_password_is_refused() {
    let (broker, _) = broker();
    for (user, password) in [("user", &b"pen"[..]), ("nobody", b"pencil")] {
        let (mut client, _) = prove(&broker, user, password);
        client.expect(&[0x20, 3, 0, 0x86, 0]);
        client.expect_closed();
    }
    let mut client = Client::open(&broker);
    let connect = Connect::new(V5, "c").with(&properties(b"garbage"));
    client.send(&connect.bytes());
    client.expect(&[0x20, 3, 0, 0x86, 0]);
    client.expect_closed();
}

#[test]
fn a_user_who_is_not_known_gets_the_same_salt_each_time() {
    let (broker, _) = broker();
    let challenge = || {
        let scram = scram::Client::new("nobody", b"", "c1i3nt").expect("a client");
        let mut client = Client::open(&broker);
        let connect = Connect::new(V5, "").with(&properties(&scram.first()));
        client.send(&connect.bytes());
        let (_, challenge) = read_auth(&client.packet());
        let text = String::from_utf8(challenge).expect("text");
        text.split_once(",s=").map(|(_, salt)| salt.to_owned())
    };
    let first = challenge();
    assert!(first.is_some());
    assert_eq!(first, challenge());
}

#[test]
fn the_data_may_come_after_connect() {
    let (broker, _) = broker();
    let mut scram = scram::Client::new("user", b"pencil", "c1i3nt").expect("a client");
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V5, "c").with(METHOD).bytes());
    client.expect(&auth(0x18, b""));
    client.send(&auth(0x18, &scram.first()));
    let (_, challenge) = read_auth(&client.packet());
    let proof = scram.answer(&challenge).expect("a challenge");
    client.send(&auth(0x18, &proof));
    read_connack(&client.packet());
}

#[test]
fn mqtt_3_1_2_30_only_auth_and_disconnect_come_before_connack() {
    let (broker, _) = broker();
    for wrong in [
        Publish::new(V5, "a", "x").bytes(),
        PINGREQ.to_vec(),
        auth(0x19, b"n,,n=user,r=x"),
        auth(0, b""),
        b"\xf0\x0a\x18\x08\x15\x00\x05OTHER".to_vec(),
    ] {
        let mut client = Client::open(&broker);
        client.send(&Connect::new(V5, "c").with(METHOD).bytes());
        client.expect(&auth(0x18, b""));
        client.send(&wrong);
        client.expect(&[0x20, 3, 0, 0x82, 0]);
        client.expect_closed();
    }
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V5, "c").with(METHOD).bytes());
    client.expect(&auth(0x18, b""));
    client.send(&[0xE0, 0]);
    client.expect_closed();
}

#[test]
fn mqtt_4_12_1_1_a_client_authenticates_again() {
    let (broker, _) = broker();
    let mut client = connected(&broker);
    let mut scram = scram::Client::new("user", b"pencil", "4gain").expect("a client");
    client.send(&auth(0x19, &scram.first()));
    let (reason, challenge) = read_auth(&client.packet());
    assert_eq!(reason, 0x18);
    // Other packets go on meanwhile.
    client.expect_nothing();
    let proof = scram.answer(&challenge).expect("a challenge");
    client.send(&auth(0x18, &proof));
    let (reason, proof) = read_auth(&client.packet());
    assert_eq!(reason, 0);
    scram.verify(&proof).expect("the broker knows the password");
    client.expect_nothing();
}

#[test]
fn mqtt_4_12_1_2_failing_to_authenticate_again_ends_the_connection() {
    let (broker, _) = broker();
    for (user, password) in [("user", &b"pen"[..]), ("nobody", b"pencil")] {
        let mut client = connected(&broker);
        let mut scram = scram::Client::new(user, password, "4gain").expect("a client");
        client.send(&auth(0x19, &scram.first()));
        let (_, challenge) = read_auth(&client.packet());
        let proof = scram.answer(&challenge).expect("a challenge");
        client.send(&auth(0x18, &proof));
        client.expect_disconnect(0x87);
    }
    let another_method = b"\xf0\x0a\x19\x08\x15\x00\x05OTHER".to_vec();
    for wrong in [auth(0x18, b"x"), auth(0, b""), another_method] {
        let mut client = connected(&broker);
        client.send(&wrong);
        client.expect_disconnect(0x82);
    }
}

#[test]
fn an_exchange_that_takes_too_long_is_refused() {
    let mut config = Config {
        access: vec![users("user")],
        ..Config::default()
    };
    config.limits.connect_timeout = std::time::Duration::from_millis(50);
    let broker = Broker::start(config).expect("the broker starts");
    let mut client = Client::open(&broker);
    client.send(&Connect::new(V5, "c").with(METHOD).bytes());
    client.expect(&auth(0x18, b""));
    client.expect(&[0x20, 3, 0, 0x87, 0]);
    client.expect_closed();
}

#[test]
fn whose_keys_are_gone_is_disconnected() {
    let (broker, control) = broker();
    let mut client = connected(&broker);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let changes = Changes {
        access: Some(vec![users("other")]),
        ..Changes::default()
    };
    let changed = runtime.block_on(control.change(changes));
    changed.expect("the broker is changed");
    client.expect_disconnect(0x87);
}

#[test]
fn the_password_itself_opens_too() {
    let (broker, _) = broker();
    let connect = Connect::new(V5, "c").username("user");
    Client::connect(&broker, &connect.password(b"pencil"));
}
