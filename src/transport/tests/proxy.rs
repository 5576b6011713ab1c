//! SOCKS5 against scripted proxies.

use super::*;

/// What a proxy expects and what it answers to it, in turns.
type Script = &'static [(&'static [u8], &'static [u8])];

/// A proxy that expects and answers exactly this, in turns, and echoes afterwards if it connects.
async fn scripted(url_login: &str, script: Script, connects: bool) -> Target {
    let (listener, address) = listen().await;
    let Address::Tcp { port, .. } = address.address else {
        unreachable!()
    };
    tokio::spawn(async move {
        let mut client = accept(&listener).await;
        for (expected, answer) in script {
            let mut received = vec![0; expected.len()];
            client.read_exact(&mut received).await.unwrap();
            assert_eq!(received, *expected);
            client.write_all(answer).await.unwrap();
        }
        if connects {
            echo(client).await;
        }
    });
    let mut target = Target::new(Address::tcp("far.example", 1883));
    target.proxy = Some(
        format!("socks5h://{url_login}localhost:{port}")
            .parse()
            .unwrap(),
    );
    target
}

const CONNECT: &[u8] = b"\x05\x01\x00\x03\x0Bfar.example\x07\x5B";

#[tokio::test]
async fn an_anonymous_proxy_resolves_the_name_and_connects() {
    let script: Script = &[
        (&[5, 1, 0], &[5, 0]),
        (CONNECT, &[5, 0, 0, 1, 10, 0, 0, 1, 4, 56]),
    ];
    let target = scripted("", script, true).await;
    assert_echoes(&mut connect(&target).await.unwrap()).await;
}

#[tokio::test]
async fn a_password_is_given_when_asked_for() {
    let script: Script = &[
        (&[5, 2, 0, 2], &[5, 2]),
        (b"\x01\x03ann\x02pw", &[1, 0]),
        (CONNECT, b"\x05\x00\x00\x03\x04here\x00\x01"),
    ];
    let target = scripted("ann:pw@", script, true).await;
    assert_echoes(&mut connect(&target).await.unwrap()).await;
}

const REFUSALS: &[(&str, Script, &str)] = &[
    (
        "",
        &[(&[5, 1, 0], &[5, 0xFF])],
        "asks for a user name and password",
    ),
    (
        "a:b@",
        &[(&[5, 2, 0, 2], &[5, 2]), (b"\x01\x01a\x01b", &[1, 1])],
        "refuses the user name or password",
    ),
    (
        "",
        &[(&[5, 1, 0], &[5, 0]), (CONNECT, &[5, 5, 0, 1, 0])],
        "connection refused by the host",
    ),
    (
        "",
        &[(&[5, 1, 0], b"HTTP/1.1 400 Bad Request")],
        "does not answer as a SOCKS5 proxy",
    ),
    (
        "",
        &[(&[5, 1, 0], &[5, 0]), (CONNECT, &[5, 0])],
        "closed the connection without an answer",
    ),
];

#[tokio::test]
async fn refusals_are_told_in_words() {
    for (login, script, words) in REFUSALS {
        let target = scripted(login, script, false).await;
        let error = failure(&target).await;
        assert!(
            error.starts_with("cannot connect to far.example:1883 through the proxy localhost:"),
            "{error}"
        );
        assert!(error.contains(words), "{error}: {words}");
    }
}
