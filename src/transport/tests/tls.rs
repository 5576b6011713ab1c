//! TLS against rustls's server, with certificates made for the test.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, IsCa, KeyIdMethod,
    KeyPair, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::ServerConfig;
use tokio_rustls::{TlsAcceptor, TlsStream};

use super::certificates::{Authority, Identity, config, private_key, ring};
use super::*;
use crate::transport::{
    Role, TlsOptions, TlsVersion, WebSocket, WebSocketOptions, explain_bytes, explain_io,
};

/// A server that echoes on every connection whose handshake succeeds.
async fn serve(config: ServerConfig, options: TlsOptions) -> Target {
    let (listener, mut target) = listen().await;
    target.tls = Some(options);
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        loop {
            let tcp = accept(&listener).await;
            if let Ok(tls) = acceptor.accept(tcp).await {
                echo(Stream::from(TlsStream::from(tls))).await;
            }
        }
    });
    target
}

async fn failure_of(identity: &Identity, options: TlsOptions) -> String {
    let target = serve(config(identity), options).await;
    let error = failure(&target).await;
    assert!(
        error.starts_with(&format!("no TLS connection to {}: ", target.address)),
        "{error}"
    );
    error
}

#[tokio::test]
async fn a_certificate_from_the_cafile_or_capath_is_trusted() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let capath = Some(authority.directory.path().to_owned());
    for options in [
        authority.trusted(),
        TlsOptions {
            capath,
            ..TlsOptions::default()
        },
    ] {
        let target = serve(config(&identity), options).await;
        let mut stream = connect(&target).await.unwrap();
        assert_echoes(&mut stream).await;
        let summary = stream.tls().unwrap();
        assert_eq!(
            (summary.version.as_str(), summary.resumed),
            ("TLSv1_3", false)
        );
    }
}

#[tokio::test]
async fn a_reconnect_resumes_the_session() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    for version in [TlsVersion::V1_2, TlsVersion::V1_3] {
        let options = TlsOptions {
            version: Some(version),
            ..authority.trusted()
        };
        let target = serve(config(&identity), options).await;
        let connector = Connector::new(&target).unwrap();
        let mut resumed = Vec::new();
        for _ in 0..3 {
            let mut stream = connector.connect_within(PATIENCE).await.unwrap();
            // Tickets of TLS 1.3 come after the handshake, with the first bytes.
            assert_echoes(&mut stream).await;
            resumed.push(stream.tls().unwrap().resumed);
        }
        assert_eq!(resumed, [false, true, true], "{version:?}");
    }
}

#[tokio::test]
async fn an_address_is_verified_as_an_address() {
    let authority = Authority::new();
    let identity = authority.issue(&["127.0.0.1"], |_| {});
    let mut target = serve(config(&identity), authority.trusted()).await;
    let Address::Tcp { host, .. } = &mut target.address else {
        unreachable!()
    };
    *host = "127.0.0.1".to_owned();
    assert_echoes(&mut connect(&target).await.unwrap()).await;
}

#[tokio::test]
async fn a_wrong_name_is_told_with_the_right_ones() {
    let authority = Authority::new();
    let identity = authority.issue(&["broker.example", "10.0.0.1"], |_| {});
    let error = failure_of(&identity, authority.trusted()).await;
    assert!(
        error.contains("is for broker.example, 10.0.0.1, not for localhost"),
        "{error}"
    );
    let nameless = authority.issue(&[], |_| {});
    let error = failure_of(&nameless, authority.trusted()).await;
    assert!(error.contains("names no host"), "{error}");
}

#[tokio::test]
async fn dates_are_told() {
    let authority = Authority::new();
    let expired = authority.issue(&["localhost"], |params| {
        params.not_after = date_time_ymd(2024, 2, 29)
    });
    let error = failure_of(&expired, authority.trusted()).await;
    assert!(error.contains("expired on 2024-02-29"), "{error}");
    let early = authority.issue(&["localhost"], |params| {
        params.not_before = date_time_ymd(3000, 1, 1)
    });
    let error = failure_of(&early, authority.trusted()).await;
    assert!(error.contains("not valid before 3000-01-01"), "{error}");
}

#[tokio::test]
async fn an_unknown_issuer_is_refused_unless_insecure() {
    let (authority, stranger) = (Authority::new(), Authority::named("a stranger"));
    let identity = stranger.issue(&["elsewhere.example"], |params| {
        params.not_after = date_time_ymd(2024, 1, 1)
    });
    let fresh = stranger.issue(&["localhost"], |_| {});
    let error = failure_of(&fresh, authority.trusted()).await;
    assert!(
        error.contains("unknown issuer: trust it with --cafile"),
        "{error}"
    );
    let namesake = Authority::named("a stranger");
    let error = failure_of(&fresh, namesake.trusted()).await;
    assert!(
        error.contains("is --cafile an older CA of the same name?"),
        "{error}"
    );
    let insecure = TlsOptions {
        insecure: true,
        ..TlsOptions::default()
    };
    let target = serve(config(&identity), insecure).await;
    assert_echoes(&mut connect(&target).await.unwrap()).await;
}

#[tokio::test]
async fn a_self_signed_certificate_is_its_own_cafile_even_as_a_ca() {
    for is_ca in [false, true] {
        let authority = Authority::new();
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        let make = |params: &CertificateParams, key: KeyPair| {
            let certificate = params.self_signed(&key).unwrap();
            Identity {
                certificate: certificate.der().clone(),
                pem: certificate.pem(),
                key,
            }
        };
        let identity = make(&params, key);
        let options = TlsOptions {
            cafile: authority.file("self.pem", &identity.pem),
            ..TlsOptions::default()
        };
        let target = serve(config(&identity), options.clone()).await;
        assert_echoes(&mut connect(&target).await.unwrap()).await;

        params.not_after = date_time_ymd(2024, 1, 1);
        let expired = make(&params, KeyPair::generate().unwrap());
        let options = TlsOptions {
            cafile: authority.file("self.pem", &expired.pem),
            ..options
        };
        let error = failure_of(&expired, options).await;
        assert!(error.contains("expired on 2024-01-01"), "{error}");
        let error = failure_of(&identity, authority.trusted()).await;
        assert!(error.contains("--cafile"), "{error}");
    }
}

#[tokio::test]
async fn a_client_certificate_is_shown_when_asked_for() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let client = authority.issue(&["client"], |_| {});
    let cert = authority.file("client.pem", &client.pem);
    let key = authority.file("client.key", &client.key.serialize_pem());
    let both = authority.file("both.pem", &(client.key.serialize_pem() + &client.pem));
    for (cert, key) in [(cert.clone(), key.clone()), (both, None)] {
        let options = TlsOptions {
            cert,
            key,
            ..authority.trusted()
        };
        let target = serve(authority.asking_for_certificates(&identity), options).await;
        assert_echoes(&mut connect(&target).await.unwrap()).await;
    }
    let other = authority.file("other.key", &KeyPair::generate().unwrap().serialize_pem());
    let mut target = Target::new(Address::tcp("localhost", 1));
    target.tls = Some(TlsOptions {
        cert,
        key: other,
        ..authority.trusted()
    });
    let error = Connector::new(&target).unwrap_err().to_string();
    assert_eq!(error, "--key does not belong to the certificate in --cert");
}

/// TLS 1.2 servers refuse in the handshake; those of TLS 1.3 after it.
async fn refusal(target: &Target) -> String {
    let mut stream = match connect(target).await {
        Ok(stream) => stream,
        Err(error) => return error.to_string(),
    };
    let error = stream.read(&mut [0; 1]).await.unwrap_err();
    explain_io(&error).unwrap()
}

#[tokio::test]
async fn a_missing_or_foreign_client_certificate_is_explained() {
    let (authority, stranger) = (Authority::new(), Authority::named("a stranger"));
    let identity = authority.issue(&["localhost"], |_| {});
    let client = stranger.issue(&["client"], |_| {});
    let cert = authority.file("foreign.pem", &(client.key.serialize_pem() + &client.pem));
    for version in [TlsVersion::V1_2, TlsVersion::V1_3].map(Some) {
        let missing = TlsOptions {
            version,
            ..authority.trusted()
        };
        let foreign = TlsOptions {
            cert: cert.clone(),
            ..missing.clone()
        };
        for (options, words) in [(missing, "--cert"), (foreign, "does not trust the issuer")] {
            let target = serve(authority.asking_for_certificates(&identity), options).await;
            let error = refusal(&target).await;
            assert!(error.contains(words), "{error}");
        }
    }
}

#[tokio::test]
async fn a_revoked_certificate_is_refused() {
    let authority = Authority::new();
    let serial = |number: u8| {
        move |params: &mut CertificateParams| {
            params.serial_number = Some(SerialNumber::from_slice(&[number]))
        }
    };
    let (good, bad) = (
        authority.issue(&["localhost"], serial(1)),
        authority.issue(&["localhost"], serial(2)),
    );
    let revoked = RevokedCertParams {
        serial_number: SerialNumber::from_slice(&[2]),
        revocation_time: date_time_ymd(2024, 1, 1),
        reason_code: None,
        invalidity_date: None,
    };
    let list = |year| CertificateRevocationListParams {
        this_update: date_time_ymd(2024, 1, 1),
        next_update: date_time_ymd(year, 1, 1),
        crl_number: SerialNumber::from_slice(&[1]),
        issuing_distribution_point: None,
        revoked_certs: vec![revoked.clone()],
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let file = |name, year| {
        authority.file(
            name,
            &list(year)
                .signed_by(&authority.issuer)
                .unwrap()
                .pem()
                .unwrap(),
        )
    };
    let options = TlsOptions {
        crlfile: file("crl.pem", 3000),
        ..authority.trusted()
    };
    let target = serve(config(&good), options.clone()).await;
    assert_echoes(&mut connect(&target).await.unwrap()).await;
    let error = failure_of(&bad, options.clone()).await;
    assert!(error.contains("revoked"), "{error}");
    let error = failure_of(
        &good,
        TlsOptions {
            crlfile: file("old.pem", 2025),
            ..options
        },
    )
    .await;
    assert!(error.contains("--crlfile expired on 2025-01-01"), "{error}");
}

#[tokio::test]
async fn versions_ciphers_and_protocols_are_negotiated_as_asked() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let cipher = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
    let options = TlsOptions {
        version: Some(TlsVersion::V1_2),
        ciphers: Some(cipher.to_owned()),
        alpn: vec!["x".to_owned(), "mqtt".to_owned()],
        ..authority.trusted()
    };
    let mut server = config(&identity);
    server.alpn_protocols = vec![b"mqtt".to_vec()];
    let target = serve(server.clone(), options).await;
    let summary = connect(&target).await.unwrap().tls().unwrap();
    assert_eq!(summary.to_string(), format!("TLSv1_2, {cipher}, mqtt"));

    let wrong = TlsOptions {
        alpn: vec!["x".to_owned()],
        ..authority.trusted()
    };
    let target = serve(server, wrong).await;
    let error = failure(&target).await;
    assert!(error.contains("--tls-alpn"), "{error}");
}

#[tokio::test]
async fn an_unsupported_version_is_explained() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let server = ServerConfig::builder_with_provider(ring())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![identity.certificate.clone()],
            private_key(&identity.key),
        )
        .unwrap();
    let options = TlsOptions {
        version: Some(TlsVersion::V1_2),
        ..authority.trusted()
    };
    let target = serve(server, options).await;
    let error = failure(&target).await;
    assert!(error.contains("versions of TLS"), "{error}");
}

#[tokio::test]
async fn secrets_are_logged_when_asked_for() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let keylog = authority.directory.path().join("keys.log");
    let target = serve(
        config(&identity),
        TlsOptions {
            keylog: Some(keylog.clone()),
            ..authority.trusted()
        },
    )
    .await;
    assert_echoes(&mut connect(&target).await.unwrap()).await;
    let text = std::fs::read_to_string(keylog).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("CLIENT_TRAFFIC_SECRET_0 "))
        .expect(&text);
    let lengths: Vec<_> = line.split(' ').map(str::len).collect();
    assert!(matches!(lengths[..], [23, 64, 64 | 96]), "{line}");
}

#[tokio::test]
async fn tls_to_a_port_without_tls_is_explained() {
    for answer in [
        &b"\x20\x02\x00\x00"[..],
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"",
    ] {
        let (listener, mut target) = listen().await;
        target.tls = Some(TlsOptions {
            insecure: true,
            ..TlsOptions::default()
        });
        let server = tokio::spawn(async move {
            let mut client = accept(&listener).await;
            let mut hello = [0; 3];
            client.read_exact(&mut hello).await.unwrap();
            client.write_all(answer).await.unwrap();
            hello
        });
        let error = failure(&target).await;
        assert!(error.contains("1883 without TLS"), "{error}");
        assert!(
            explain_bytes(&server.await.unwrap())
                .unwrap()
                .contains("TLS")
        );
    }
}

#[tokio::test]
async fn no_tls_to_a_port_with_tls_is_recognised_by_the_answer() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let target = serve(config(&identity), TlsOptions::default()).await;
    let mut stream = connect(&Target {
        tls: None,
        ..target
    })
    .await
    .unwrap();
    stream
        .write_all(b"\x10\x10\x00\x04MQTT\x04\x02\x00\x3C\x00\x04name")
        .await
        .unwrap();
    let mut answer = [0; 3];
    stream.read_exact(&mut answer).await.unwrap();
    assert!(
        explain_bytes(&answer).unwrap().contains("mqtts"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn a_websocket_runs_inside_tls() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"], |_| {});
    let (listener, mut target) = listen().await;
    target.tls = Some(authority.trusted());
    target.websocket = Some(WebSocketOptions::default());
    let acceptor = TlsAcceptor::from(Arc::new(config(&identity)));
    let server = tokio::spawn(async move {
        let mut tls = acceptor.accept(accept(&listener).await).await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            assert_ne!(tls.read_buf(&mut request).await.unwrap(), 0);
        }
        let request = String::from_utf8(request).unwrap();
        let key = request
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
            .unwrap();
        let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {accept}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n"
        );
        // The first frame comes in one piece with the answer.
        tls.write_all(&[answer.as_bytes(), b"\x82\x05early"].concat())
            .await
            .unwrap();
        tls.flush().await.unwrap();
        echo(Stream::from(WebSocket::new(
            TlsStream::from(tls).into(),
            Role::Server,
            Vec::new(),
        )))
        .await;
    });
    let mut stream = connect(&target).await.unwrap();
    let mut early = [0; 5];
    stream.read_exact(&mut early).await.unwrap();
    assert_eq!(&early, b"early");
    assert_echoes(&mut stream).await;
    assert!(stream.tls().is_some());
    stream.shutdown().await.unwrap();
    assert_eq!(stream.read(&mut early).await.unwrap(), 0);
    server.await.unwrap();
}
