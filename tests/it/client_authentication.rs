//! The client's side of enhanced authentication: when it connects, and again later.

use std::rc::Rc;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mqtk::broker::{Access, Broker, Config, Credential, HashKind, PasswordFile};
use mqtk::client::{AuthMethod, Client, Direction, Error, Handler, Options, Secret};
use mqtk::codec::{Frame, Packet, PacketId, Properties, QoS, ReasonCode, Version};
use mqtk::scram::{self, ClientFirst, Keys};
use mqtk::session::{Delivery, Message, Session};
use mqtk::transport::{Address, Target};

use crate::support::RawServer;
use crate::support::raw_server::Peer;

const PATIENCE: Duration = Duration::from_secs(60);
const AUTH: u8 = 15;

/// What the client was told.
#[derive(Default)]
struct Seen {
    /// The Reason Codes of AUTH packets.
    auths: Vec<(Direction, u8)>,
    published: usize,
}

impl Handler for Seen {
    fn published(&mut self, _: PacketId, reason: ReasonCode) {
        assert!(!reason.is_error(), "{reason:?}");
        self.published += 1;
    }

    fn wants_packets(&self) -> bool {
        true
    }

    fn packet(&mut self, direction: Direction, frame: Frame<'_>, _: &Session) {
        if let Ok(Packet::Auth(auth)) = frame.decode(Version::V5) {
            self.auths.push((direction, auth.reason.value()));
        }
    }
}

fn client(port: u16, username: &str, password: &str) -> Client {
    let mut options = Options::new(Target::new(Address::tcp("127.0.0.1", port)));
    options.version = Version::V5;
    options.username = Some(username.into());
    options.password = Some(Secret(password.into()));
    options.auth_method = Some(AuthMethod::ScramSha256);
    Client::new(options).expect("options that fit each other")
}

/// Has the client go on until something has happened, or it fails.
async fn turn_until(
    client: &mut Client,
    seen: &mut Seen,
    has_happened: impl Fn(&Client, &Seen) -> bool,
) -> Result<(), Error> {
    while !has_happened(client, seen) {
        let turn = tokio::time::timeout(PATIENCE, client.turn(seen));
        turn.await.expect("something happens")?;
    }
    Ok(())
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().expect("a runtime");
    runtime.block_on(future)
}

/// A broker with one user, whose password is kept for SCRAM.
fn broker(username: &str, password: &str) -> Broker {
    let iterations = 10.try_into().expect("not 0");
    let kind = HashKind::ScramSha256 { iterations };
    let credential = Credential::new(password.as_bytes(), kind).expect("a credential");
    let users = PasswordFile::parse(&format!("{username}:{credential}")).expect("a file");
    let access = Access {
        authenticators: vec![Arc::new(users)],
        ..Access::default()
    };
    Broker::start(Config {
        access: vec![access],
        ..Config::default()
    })
    .expect("the broker starts")
}

#[test]
fn a_client_proves_itself_again_and_goes_on() {
    let broker = broker("user", "pencil");
    let mut seen = Seen::default();
    let exchange = [(Direction::Received, 0x18), (Direction::Sent, 0x18)];
    let again = [
        (Direction::Sent, 0x19),
        (Direction::Received, 0x18),
        (Direction::Sent, 0x18),
        (Direction::Received, 0),
    ];
    block_on(async {
        let mut client = client(broker.addr().port(), "user", "pencil");
        let is_connected = |client: &Client, _: &Seen| client.is_connected();
        turn_until(&mut client, &mut seen, is_connected).await?;
        assert_eq!(seen.auths, exchange);
        for round in 1..=3 {
            seen.auths.clear();
            client.authenticate_again()?;
            let message = Message::new(
                Instant::now(),
                "t".into(),
                Bytes::from_static(b"x"),
                QoS::AtLeastOnce,
                false,
                Properties::EMPTY,
            );
            // It need not stop publishing meanwhile.
            let delivery = Delivery::new(QoS::AtLeastOnce, false);
            let published = client.publish(&Rc::new(message), delivery);
            assert!(matches!(published, Ok(Some(_))), "{published:?}");
            let is_done = |_: &Client, seen: &Seen| {
                seen.published == round && seen.auths.len() == again.len()
            };
            turn_until(&mut client, &mut seen, is_done).await?;
            assert_eq!(seen.auths, again);
        }
        Ok::<_, Error>(())
    })
    .expect("the broker agrees");
    broker.shutdown();
}

/// An accent may be typed in more than one way, and SASLprep makes them one.
#[test]
fn names_and_passwords_are_prepared_on_both_sides() {
    let broker = broker("jose\u{301}", "caf\u{E9}");
    let mut seen = Seen::default();
    block_on(async {
        let mut client = client(broker.addr().port(), "jos\u{E9}", "cafe\u{301}");
        let is_connected = |client: &Client, _: &Seen| client.is_connected();
        turn_until(&mut client, &mut seen, is_connected).await
    })
    .expect("the broker agrees");
    broker.shutdown();
}

#[test]
fn a_password_that_cannot_be_prepared_is_not_sent() {
    let server = RawServer::listen();
    let error = block_on(async {
        let mut client = client(server.port(), "user", "be\u{7}ll");
        let is_connected = |client: &Client, _: &Seen| client.is_connected();
        turn_until(&mut client, &mut Seen::default(), is_connected).await
    });
    let error = error.expect_err("a bell is no password").to_string();
    assert!(error.contains("password has characters"), "{error}");
}

/// The Authentication Data of a packet, which is its last property.
fn data_of(body: &[u8]) -> &[u8] {
    let method = b"SCRAM-SHA-256\x16";
    let at = body.windows(method.len()).position(|it| it == method);
    let data = &body[at.expect("the method, then the data") + method.len()..];
    let length = usize::from(u16::from_be_bytes([data[0], data[1]]));
    &data[2..2 + length]
}

fn properties(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).expect("short data").to_be_bytes();
    let properties = [b"\x15\x00\x0dSCRAM-SHA-256\x16", &length[..], data].concat();
    let length = u8::try_from(properties.len()).expect("a length of one byte");
    assert!(length < 128);
    [&[length], &properties[..]].concat()
}

/// Goes through one exchange as a server with these keys; gives what it would end with.
fn exchange(peer: &mut Peer, first: &[u8], keys: &Keys) -> Vec<u8> {
    let first = ClientFirst::parse(first).expect("a message");
    let server = scram::Server::new(first, keys.clone(), "n");
    let auth = [&[0x18], &properties(&server.first())[..]].concat();
    peer.send(crate::support::wire::packet(0xF0, &auth));
    let answer = peer.packet_of(AUTH);
    server.verify(data_of(&answer.body)).expect("a proof")
}

/// A server that knew the password at first, and then does not prove it, is not believed.
#[test]
fn a_broker_that_does_not_prove_itself_again_is_left() {
    let server = RawServer::listen();
    let port = server.port();
    let scripted = thread::spawn(move || {
        let iterations = 10.try_into().expect("not 0");
        let keys = Keys::derive(b"pencil", b"salt", iterations).expect("a password");
        let mut peer = server.accept();
        let connect = peer.packet();
        // The User Name and the password that follow are not looked at.
        let proof = exchange(&mut peer, data_of(&connect.body), &keys);
        let connack = [&[0, 0], &properties(&proof)[..]].concat();
        peer.send(crate::support::wire::packet(0x20, &connack));
        let again = peer.packet_of(AUTH);
        assert_eq!(again.body[0], 0x19);
        let mut proof = exchange(&mut peer, data_of(&again.body), &keys);
        proof[2..6].copy_from_slice(b"AAAA");
        let auth = [&[0], &properties(&proof)[..]].concat();
        peer.send(crate::support::wire::packet(0xF0, &auth));
        while peer.packet_or_end().is_some() {}
    });
    let mut seen = Seen::default();
    let error = block_on(async {
        let mut client = client(port, "user", "pencil");
        let is_connected = |client: &Client, _: &Seen| client.is_connected();
        turn_until(&mut client, &mut seen, is_connected).await?;
        client.authenticate_again()?;
        turn_until(&mut client, &mut seen, |_, _| false).await
    });
    let error = error.expect_err("it knows the password no more");
    assert!(
        matches!(error, Error::Authentication(scram::Error::FalseServer)),
        "{error}"
    );
    scripted.join().expect("the script went on to its end");
}
