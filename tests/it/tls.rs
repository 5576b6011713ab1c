//! TLS to Mosquitto, with and without what it takes.

use crate::support::certificates::{Certificates, Server};
use crate::support::process::Program;
use crate::support::{Mosquitto, mqtk};

fn publish(broker: &Mosquitto, args: &[&std::ffi::OsStr]) -> Program {
    mqtk([
        "pub",
        "-h",
        "localhost",
        "-t",
        "tls",
        "-q",
        "1",
        "-m",
        "secret",
        "--no-reconnect",
    ])
    .args(args)
    .port(broker.tls_port())
}

#[test]
fn a_client_certificate_opens_the_listener() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::builder().tls(&certificates, true).start();
    let with_certificate = |program: Program| {
        program
            .arg("--cafile")
            .arg(&certificates.ca)
            .arg("--cert")
            .arg(&certificates.client)
            .arg("--key")
            .arg(&certificates.client_key)
    };
    let receiving = with_certificate(mqtk(["sub", "-h", "localhost", "-t", "tls", "-C", "1"]))
        .port(broker.tls_port())
        .start();
    broker.await_subscription("tls");
    for version in ["tlsv1.2", "tlsv1.3"] {
        with_certificate(publish(&broker, &[]))
            .args(["--tls-version", version])
            .run()
            .expect_success();
    }
    assert_eq!(receiving.finish().expect_success().lines(), ["secret"]);
}

#[test]
fn without_a_client_certificate_the_listener_stays_closed() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::builder().tls(&certificates, true).start();
    publish(&broker, &["--cafile".as_ref(), certificates.ca.as_ref()])
        .run()
        .expect_failure(3, &["certificate"]);
}

#[test]
fn a_url_with_mqtts_is_enough() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::builder().tls(&certificates, false).start();
    let url = format!("mqtts://localhost:{}/tls", broker.tls_port());
    mqtk(["pub", "-L", &url, "-q", "1", "-m", "secret", "--cafile"])
        .arg(&certificates.ca)
        .run()
        .expect_success();
}

#[test]
fn an_unknown_issuer_is_refused_unless_told_otherwise() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::builder().tls(&certificates, false).start();
    let other = certificates.other_ca.as_os_str();
    publish(&broker, &["--cafile".as_ref(), other])
        .run()
        .expect_failure(3, &["issue"]);
    publish(
        &broker,
        &["--cafile".as_ref(), other, "--insecure".as_ref()],
    )
    .run()
    .expect_code(0);
}

#[test]
fn an_expired_certificate_is_called_expired() {
    let certificates = Certificates::new(&Server::Expired);
    let broker = Mosquitto::builder().tls(&certificates, false).start();
    publish(&broker, &["--cafile".as_ref(), certificates.ca.as_ref()])
        .run()
        .expect_failure(3, &["expired"]);
}

#[test]
fn a_certificate_for_another_host_names_both() {
    let certificates = Certificates::new(&Server::Elsewhere);
    let broker = Mosquitto::builder().tls(&certificates, false).start();
    publish(&broker, &["--cafile".as_ref(), certificates.ca.as_ref()])
        .run()
        .expect_failure(3, &["localhost", "elsewhere.example"]);
}

#[test]
fn tls_to_a_plaintext_port_says_so() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::start();
    mqtk([
        "pub",
        "-h",
        "localhost",
        "-t",
        "tls",
        "-m",
        "secret",
        "--no-reconnect",
        "--cafile",
    ])
    .arg(&certificates.ca)
    .port(broker.port())
    .run()
    .expect_failure(3, &["does it speak TLS"]);
}

#[test]
fn plaintext_to_a_tls_port_says_so() {
    let certificates = Certificates::new(&Server::Good);
    let broker = Mosquitto::builder().tls(&certificates, false).start();
    let finished = publish(&broker, &[]).run();
    assert_ne!(finished.status.code(), Some(0));
    finished.expect_words(&["TLS"]);
}

#[test]
fn a_pre_shared_key_is_refused_with_the_reason() {
    mqtk([
        "pub",
        "-t",
        "tls",
        "-m",
        "secret",
        "--psk",
        "00ff",
        "--psk-identity",
        "me",
    ])
    .run()
    .expect_failure(2, &["psk", "rustls"]);
}
