//! Brokers found by SRV records.

use std::sync::Arc;

use domain::base::iana::Rcode;
use tokio_rustls::TlsAcceptor;

use super::certificates::{Authority, config};
use super::name_server::{NameServer, Record, Script};
use super::*;
use crate::transport::DnsServers;

/// A server that echoes on every connection, on a port of its own.
async fn echoing() -> u16 {
    let (listener, target) = listen().await;
    tokio::spawn(async move {
        loop {
            let tcp = accept(&listener).await;
            tokio::spawn(echo(Stream::from(tcp)));
        }
    });
    port(&target)
}

/// A port on which nobody listens.
async fn closed() -> u16 {
    port(&listen().await.1)
}

fn port(target: &Target) -> u16 {
    match target.address {
        Address::Tcp { port, .. } => port,
        ref other => panic!("{other} has no port"),
    }
}

async fn assert_finds(target: &Target, port: u16) {
    let mut stream = connect(target).await.unwrap();
    assert_eq!(stream.peer_address().unwrap(), format!("127.0.0.1:{port}"));
    assert_echoes(&mut stream).await;
}

#[tokio::test]
async fn the_hosts_are_tried_by_priority_until_one_accepts() {
    let (open, other, closed) = (echoing().await, echoing().await, closed().await);
    let server = NameServer::start(Script::Records(vec![
        (30, 0, other, "localhost"),
        (20, 0, open, "localhost"),
        (10, 5, closed, "localhost"),
        (0, 0, 1883, "no-such-host.invalid"),
    ]))
    .await;
    assert_finds(&server.target("example.test"), open).await;
    assert_eq!(server.asked(), ["_mqtt._tcp.example.test"]);
}

#[tokio::test]
async fn when_no_host_accepts_each_of_them_is_told_with_every_address() {
    let (first, second) = (closed().await, closed().await);
    let server = NameServer::start(Script::Records(vec![
        (0, 0, first, "localhost"),
        (1, 0, second, "127.0.0.1"),
    ]))
    .await;
    let error = failure(&server.target("example.test")).await;
    assert_eq!(
        error,
        format!(
            "no broker of the SRV record _mqtt._tcp.example.test can be reached: \
             cannot connect to localhost:{first}: connection refused (127.0.0.1, ::1): \
             is the broker running, and is this its port?; \
             cannot connect to 127.0.0.1:{second}: connection refused: \
             is the broker running, and is this its port?"
        )
    );
}

#[tokio::test]
async fn the_certificate_must_be_for_the_domain_and_not_for_the_host() {
    let authority = Authority::new();
    for (name, is_accepted) in [("example.test", true), ("localhost", false)] {
        let (listener, plain) = listen().await;
        let acceptor = TlsAcceptor::from(Arc::new(config(&authority.issue(&[name], |_| {}))));
        tokio::spawn(async move {
            if let Ok(tls) = acceptor.accept(accept(&listener).await).await {
                echo(tls).await;
            }
        });
        let record = (0, 0, port(&plain), "localhost");
        let server = NameServer::start(Script::Records(vec![record])).await;
        let target = Target {
            tls: Some(authority.trusted()),
            ..server.target("example.test")
        };
        if is_accepted {
            assert_echoes(&mut connect(&target).await.unwrap()).await;
        } else {
            let error = failure(&target).await;
            let start = format!("no TLS connection to {}: ", plain.address);
            assert!(error.starts_with(&start), "{error}");
            assert!(
                error.contains("for localhost, not for example.test"),
                "{error}"
            );
        }
        assert_eq!(server.asked(), ["_secure-mqtt._tcp.example.test"]);
    }
}

#[tokio::test]
async fn answers_over_tcp_by_an_alias_and_after_a_forgery_are_found() {
    let open = echoing().await;
    let record: Record = (0, 0, open, "localhost");
    for script in [
        Script::OverTcp(record),
        Script::Alias(record),
        Script::AfterForgery(record),
    ] {
        let server = NameServer::start(script).await;
        assert_finds(&server.target("example.test"), open).await;
    }
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_fails() {
    let open = echoing().await;
    let failing = NameServer::start(Script::Code(Rcode::SERVFAIL)).await;
    let gone = format!("127.0.0.1:{}", closed().await).parse().unwrap();
    let working = NameServer::start(Script::Records(vec![(0, 0, open, "localhost")])).await;
    let mut target = working.target("example.test");
    target.dns = DnsServers::These(vec![gone, failing.address, working.address]);
    assert_finds(&target, open).await;
    assert_eq!(failing.asked(), working.asked());
}

#[tokio::test]
async fn a_lookup_without_a_result_says_why() {
    for (script, reason) in [
        (
            Script::Code(Rcode::NXDOMAIN),
            "there is no such record: give the broker's own host",
        ),
        (Script::Records(Vec::new()), "there is no such record: "),
        (
            Script::Records(vec![(0, 0, 0, ".")]),
            "it does not offer this service",
        ),
        (
            Script::Code(Rcode::REFUSED),
            "the DNS server 127.0.0.1 answers REFUSED",
        ),
    ] {
        let server = NameServer::start(script).await;
        let error = failure(&server.target("example.test")).await;
        let start = "cannot find the broker by the SRV record _mqtt._tcp.example.test: ";
        assert!(
            error.starts_with(start) && error.contains(reason),
            "{error}"
        );
    }
    let server = NameServer::start(Script::Silence).await;
    let target = server.target("example.test");
    let error = Connector::new(&target)
        .unwrap()
        .connect_within(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("looking up the SRV record"),
        "{error}"
    );
    drop(server);
    let error = failure(&target).await;
    assert!(
        error.contains("no DNS server answers (127.0.0.1): "),
        "{error}"
    );
    let domain = "a..b".to_owned();
    let address = Address::Srv { domain };
    let error = failure(&Target { address, ..target }).await;
    assert!(error.contains("_mqtt._tcp.a..b: "), "{error}");
}

#[tokio::test]
async fn what_srv_records_cannot_lead_to_is_refused() {
    let srv = |domain: &str| {
        let domain = domain.to_owned();
        Target::new(Address::Srv { domain })
    };
    let websocket = Target {
        websocket: Some(Default::default()),
        ..srv("example.test")
    };
    let proxy = Target {
        proxy: Some("socks5h://p".parse().unwrap()),
        ..srv("example.test")
    };
    for (target, word) in [
        (websocket, "WebSocket"),
        (proxy, "proxy"),
        (srv("192.0.2.1"), "192.0.2.1"),
        (srv(""), "domain"),
    ] {
        let error = Connector::new(&target).unwrap_err();
        assert!(error.is_permanent(), "{error}");
        assert!(error.to_string().contains(word), "{error}");
    }
}
