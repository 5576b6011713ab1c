//! A server's listeners, seen by our own client and by rustls's.

use std::future::poll_fn;
use std::sync::Arc;

use rcgen::{
    CertificateRevocationListParams, KeyIdMethod, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::certificates::{Authority, Identity, ring};
use super::*;
use crate::transport::{
    AcceptError, Arrival, IdentityFiles, Listener, ServerTlsOptions, TlsOptions, TlsVersion, Url,
};

fn files(authority: &Authority, name: &str, identity: &Identity) -> IdentityFiles {
    let pem = identity.pem.clone() + &identity.key.serialize_pem();
    IdentityFiles {
        cert: authority.file(name, &pem).unwrap(),
        key: None,
        ocsp: None,
    }
}

fn listener(url: &str, tls: &ServerTlsOptions) -> Listener {
    Listener::bind_all(&[url.parse().unwrap()], Some(tls))
        .unwrap()
        .remove(0)
}

async fn arrival(listener: &Listener) -> Arrival {
    poll_fn(|cx| listener.poll_accept(cx)).await.unwrap()
}

/// The client's side of one connection over TLS, with what comes of it at the server.
async fn meet(
    listener: &Listener,
    connector: &Connector,
) -> (Result<Stream, ConnectError>, Result<(), AcceptError>) {
    let server = async {
        let stream = arrival(listener).await.handshake(PATIENCE).await?;
        echo(stream).await;
        Ok(())
    };
    let client = async {
        let mut stream = connector.connect_within(PATIENCE).await?;
        if stream.write_all(b"there and back").await.is_ok() {
            // A refusal of TLS 1.3 arrives in place of the answer.
            let _ = stream.read_exact(&mut [0; 14]).await;
        }
        let _ = stream.shutdown().await;
        Ok(stream)
    };
    tokio::join!(client, server)
}

fn connector(listener: &Listener, options: TlsOptions) -> Connector {
    let url: Url = listener.url().to_string().parse().unwrap();
    let mut target = url.target();
    target.tls = Some(options);
    Connector::new(&target).unwrap()
}

#[tokio::test]
async fn a_client_that_comes_back_resumes_its_session() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let tls = ServerTlsOptions {
        identities: vec![files(&authority, "a.pem", &identity)],
        ..ServerTlsOptions::default()
    };
    let listener = listener("wss://localhost:0", &tls);
    for version in [TlsVersion::V1_2, TlsVersion::V1_3] {
        let options = TlsOptions {
            version: Some(version),
            ..authority.trusted()
        };
        let connector = connector(&listener, options);
        for resumed in [false, true] {
            let (stream, served) = meet(&listener, &connector).await;
            served.unwrap();
            assert_eq!(stream.unwrap().tls().unwrap().resumed, resumed);
        }
    }
}

#[tokio::test]
async fn the_certificate_is_chosen_by_the_name_asked_for() {
    let authority = Authority::new();
    let names = ["first.example", "*.second.example"];
    let identities = names.map(|name| authority.issue(&[name], |_| {}));
    let tls = ServerTlsOptions {
        identities: vec![
            files(&authority, "1.pem", &identities[0]),
            files(&authority, "2.pem", &identities[1]),
        ],
        ..ServerTlsOptions::default()
    };
    let listener = listener("mqtts://127.0.0.1:0", &tls);
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(ring())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = TlsConnector::from(Arc::new(config));
    let shown = async |name: &'static str| -> Option<CertificateDer<'static>> {
        let tcp = TcpStream::connect(listener.tcp_address().unwrap())
            .await
            .unwrap();
        let connecting = client.connect(ServerName::try_from(name).unwrap(), tcp);
        let arriving = async { arrival(&listener).await.handshake(PATIENCE).await };
        let (stream, _) = tokio::join!(connecting, arriving);
        let stream = stream.ok()?;
        let certificates = stream.get_ref().1.peer_certificates()?;
        Some(certificates[0].clone().into_owned())
    };
    for (name, expected) in [
        ("first.example", Some(&identities[0])),
        ("b.second.example", Some(&identities[1])),
        // It is shown the first, and does not accept it.
        ("third.example", None),
    ] {
        let expected = expected.map(|identity| identity.certificate.clone());
        assert_eq!(shown(name).await, expected, "{name}");
    }
}

#[tokio::test]
async fn clients_are_let_in_by_their_certificates() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let serial = |number| SerialNumber::from_slice(&[number]);
    let good = authority.issue(&[], |params| params.serial_number = Some(serial(5)));
    let revoked = authority.issue(&[], |params| params.serial_number = Some(serial(6)));
    let foreign = Authority::named("foreign").issue(&[], |_| {});
    let revocations = CertificateRevocationListParams {
        this_update: date_time_ymd(2024, 1, 1),
        next_update: date_time_ymd(3000, 1, 1),
        crl_number: serial(1),
        issuing_distribution_point: None,
        revoked_certs: vec![RevokedCertParams {
            serial_number: serial(6),
            revocation_time: date_time_ymd(2024, 1, 1),
            reason_code: None,
            invalidity_date: None,
        }],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let list = revocations.signed_by(&authority.issuer).unwrap();
    let tls = ServerTlsOptions {
        identities: vec![files(&authority, "server.pem", &identity)],
        client_ca: authority.cafile(),
        crlfile: authority.file("crl.pem", &list.pem().unwrap()),
        ..ServerTlsOptions::default()
    };
    let listener = listener("mqtts://localhost:0", &tls);
    for (client, refusal) in [
        (Some(&good), None),
        (
            None,
            Some("the client has no certificate, which --client-ca asks for"),
        ),
        (
            Some(&revoked),
            Some("the client's certificate is revoked (--crlfile)"),
        ),
        (
            Some(&foreign),
            Some("the client's certificate comes from no issuer in --client-ca"),
        ),
    ] {
        let options = TlsOptions {
            cert: client.map(|client| files(&authority, "client.pem", client).cert),
            ..authority.trusted()
        };
        let (_, served) = meet(&listener, &connector(&listener, options)).await;
        let refused = served.err().map(|error| error.to_string());
        let expected = refusal.map(|words| format!("no TLS session: {words}"));
        assert_eq!(refused, expected);
    }
}

#[tokio::test]
async fn files_that_will_not_do_are_named_before_anything_listens() {
    let authority = Authority::new();
    let [one, other] = ["a", "b"].map(|name| authority.issue(&[name], |_| {}));
    let pair = |name: &str, identity: &Identity| IdentityFiles {
        cert: authority.file("c.pem", &one.pem).unwrap(),
        key: authority.file(name, &identity.key.serialize_pem()),
        ocsp: None,
    };
    let with = |identities| ServerTlsOptions {
        identities,
        ..ServerTlsOptions::default()
    };
    let cases = [
        (with(vec![]), "a TLS listener needs a certificate"),
        (
            with(vec![pair("other.pem", &other)]),
            "other.pem belongs to another",
        ),
        (
            with(vec![IdentityFiles {
                key: None,
                ..pair("one.pem", &one)
            }]),
            "c.pem\": it holds no private key",
        ),
        (
            ServerTlsOptions {
                client_ca: authority.file("empty.pem", ""),
                ..with(vec![pair("one.pem", &one)])
            },
            "--client-ca",
        ),
    ];
    for (options, words) in cases {
        let urls = ["mqtts://127.0.0.1:0".parse().unwrap()];
        let error = Listener::bind_all(&urls, Some(&options)).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_silent_client_is_given_up() {
    let listener = Listener::bind_all(&["ws://127.0.0.1:0".parse().unwrap()], None)
        .unwrap()
        .remove(0);
    let silent = TcpStream::connect(listener.tcp_address().unwrap())
        .await
        .unwrap();
    let limit = Duration::from_millis(20);
    let result = arrival(&listener).await.handshake(limit).await;
    assert!(matches!(result, Err(AcceptError::Timeout(_))), "{result:?}");
    drop(silent);
}

#[tokio::test]
async fn a_unix_socket_left_behind_gives_way_and_nothing_else_does() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("s");
    let url = format!("unix://{}", path.display()).parse().unwrap();
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let listening = Listener::bind_all(std::slice::from_ref(&url), None).unwrap();
    let error = Listener::bind_all(std::slice::from_ref(&url), None).unwrap_err();
    assert!(error.to_string().contains("in use"), "{error}");
    drop(listening);
    assert!(!path.exists(), "the socket goes with its listener");
    std::fs::write(&path, "kept").unwrap();
    let error = Listener::bind_all(&[url], None).unwrap_err();
    assert!(error.to_string().contains("no socket"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), b"kept");
}
