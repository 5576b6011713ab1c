//! The example of RFC 7677, and what either side refuses.

use super::*;

const CLIENT_NONCE: &str = "rOprNGfwEbeRWgbNEkqO";
const SERVER_NONCE: &str = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
const CLIENT_FIRST: &[u8] = b"n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
const SERVER_FIRST: &[u8] = b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
    s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
const CLIENT_FINAL: &[u8] = b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
    p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
const SERVER_FINAL: &[u8] = b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

fn keys() -> Keys {
    let salt = [
        0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e, 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa,
        0x81,
    ];
    Keys::derive(b"pencil", &salt, 4096.try_into().expect("not 0")).expect("a password")
}

fn server(keys: Keys) -> Server {
    let first = ClientFirst::parse(CLIENT_FIRST).expect("a message");
    Server::new(first, keys, SERVER_NONCE)
}

#[test]
fn the_client_says_what_the_rfc_says() {
    let mut client = Client::new("user", b"pencil", CLIENT_NONCE).expect("a client");
    assert_eq!(client.first(), CLIENT_FIRST);
    assert_eq!(client.answer(SERVER_FIRST), Ok(CLIENT_FINAL.to_vec()));
    assert_eq!(client.verify(SERVER_FINAL), Ok(()));
}

#[test]
fn the_server_says_what_the_rfc_says() {
    let server = server(keys());
    assert_eq!(server.first(), SERVER_FIRST);
    assert_eq!(server.verify(CLIENT_FINAL), Ok(SERVER_FINAL.to_vec()));
}

#[test]
fn keys_print_and_parse() {
    let text = keys().to_string();
    assert!(text.starts_with("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"));
    assert_eq!(text.parse(), Ok(keys()));
    for wrong in [
        "",
        "SCRAM-SHA-256$0:$:",
        "SCRAM-SHA-1$1:$:",
        "SCRAM-SHA-256$1:$AA==:AA==",
    ] {
        assert_eq!(wrong.parse::<Keys>(), Err(NotKeys), "{wrong}");
    }
    assert!(keys().verify(b"pencil"));
    assert!(!keys().verify(b"pencils"));
    assert!(!format!("{:?}", keys()).contains("stored"));
}

#[test]
fn a_wrong_password_and_a_decoy_look_alike_and_are_refused() {
    let iterations = 4096.try_into().expect("not 0");
    let decoy = Keys::decoy("user", &[7; 32], iterations);
    assert_eq!(decoy, Keys::decoy("user", &[7; 32], iterations));
    assert_ne!(decoy.salt, Keys::decoy("other", &[7; 32], iterations).salt);
    let server = server(decoy);
    assert_eq!(server.verify(CLIENT_FINAL), Err(Error::WrongPassword));
    let mut client = Client::new("user", b"pen", CLIENT_NONCE).expect("a client");
    let answer = client.answer(SERVER_FIRST).expect("an answer");
    let server = self::server(keys());
    assert_eq!(server.verify(&answer), Err(Error::WrongPassword));
}

#[test]
fn a_server_that_does_not_know_the_password_is_found_out() {
    let mut client = Client::new("user", b"pencil", CLIENT_NONCE).expect("a client");
    assert_eq!(client.verify(SERVER_FINAL), Err(Error::FalseServer));
    client.answer(SERVER_FIRST).expect("an answer");
    let other = b"v=AAAATRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
    assert_eq!(client.verify(other), Err(Error::FalseServer));
    assert_eq!(client.verify(b"v=AAAA"), Err(Error::FalseServer));
    assert_eq!(client.verify(b"e=other-error"), Err(Error::Refused));
}

#[test]
fn separators_in_a_user_name_are_escaped() {
    let client = Client::new("a=b,c", b"", "x").expect("a client");
    assert_eq!(client.first(), b"n,,n=a=3Db=2Cc,r=x");
    let first = ClientFirst::parse(&client.first()).expect("a message");
    assert_eq!(first.username(), "a=b,c");
}

#[test]
fn messages_that_are_wrong_are_refused() {
    for message in [
        &b""[..],
        b"n,,",
        b"n,,r=x",
        b"n,,n=u,r=",
        b"n,,n=a=b,r=x",
        b"n,b,n=u,r=x",
        b"n,a=v,n=u,r=x",
        b"p=tls-unique,,n=u,r=x",
        b"n,,m=ext,n=u,r=x",
        b"x,,n=u,r=x",
        b"n,,n=\xff,r=x",
    ] {
        assert!(ClientFirst::parse(message).is_err(), "{message:?}");
    }
    let server = server(keys());
    for message in [
        &b""[..],
        b"c=biws",
        b"c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AA==",
        b"c=biws,r=other,p=AA==",
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
        b"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AA==",
    ] {
        assert!(server.verify(message).is_err(), "{message:?}");
    }
    for message in [
        &b"r=other,s=AA==,i=4096"[..],
        b"r=rOprNGfwEbeRWgbNEkqO,s=AA==,i=4096",
        b"r=rOprNGfwEbeRWgbNEkqOx,s=AA==,i=0",
        b"r=rOprNGfwEbeRWgbNEkqOx,s=AA==,i=4294967295",
        b"r=rOprNGfwEbeRWgbNEkqOx,s=?,i=1",
        b"m=ext,r=rOprNGfwEbeRWgbNEkqOx,s=AA==,i=1",
    ] {
        let mut client = Client::new("user", b"pencil", CLIENT_NONCE).expect("a client");
        assert!(client.answer(message).is_err(), "{message:?}");
    }
}

#[test]
fn it_does_not_matter_how_a_password_was_typed() {
    let iterations = 1.try_into().expect("not 0");
    let keys = Keys::derive("caf\u{E9}".as_bytes(), b"salt", iterations).expect("a password");
    assert!(keys.verify("cafe\u{301}".as_bytes()));
    assert!(!keys.verify(b"cafe"));
    assert!(!keys.verify(b"\xFF"));

    let mut client = Client::new("\u{2168}", "cafe\u{301}".as_bytes(), "x").expect("a client");
    assert_eq!(client.first(), b"n,,n=IX,r=x");
    let first = ClientFirst::parse(&client.first()).expect("a message");
    let server = Server::new(first, keys, "y");
    let answer = client.answer(&server.first()).expect("an answer");
    assert!(server.verify(&answer).is_ok());
}

/// A client that does not prepare names is understood all the same.
#[test]
fn a_server_prepares_names_too() {
    let first = ClientFirst::parse("n,,n=\u{2168},r=x".as_bytes()).expect("a message");
    assert_eq!(first.username(), "IX");
    for name in ["\u{7}", "\u{AD}", ""] {
        let first = ClientFirst::parse(format!("n,,n={name},r=x").as_bytes());
        assert_eq!(first, Err(Error::Unprepared("user name")), "{name:?}");
    }
}
