//! SIGHUP: certificates and revocation lists are read again.

use std::fs;
use std::path::{Path, PathBuf};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::support::certificates::{Certificates, Server};
use crate::support::mqtk;
use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::{Finished, Program, Running};

/// The broker's files, which a test replaces.
struct Files {
    certificate: PathBuf,
    key: PathBuf,
    list: PathBuf,
    _directory: TempDir,
}

impl Files {
    fn of(certificates: &Certificates) -> Self {
        let directory = TempDir::new().expect("a directory");
        let file = |name: &str| directory.path().join(name);
        let files = Self {
            certificate: file("server.crt"),
            key: file("server.key"),
            list: file("list.pem"),
            _directory: directory,
        };
        files.renew(certificates);
        files
    }

    /// Puts the server's certificate and key of these in place.
    fn renew(&self, certificates: &Certificates) {
        copy(&certificates.server, &self.certificate);
        copy(&certificates.server_key, &self.key);
    }

    fn broker(&self) -> Program {
        mqtk(["broker", "--listen", "mqtts://localhost:0", "--cert"])
            .arg(&self.certificate)
            .arg("--key")
            .arg(&self.key)
    }
}

fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).expect("the directory is writable");
}

/// A client that trusts this authority.
fn client(command: &str, broker: &MqtkBroker, ca: &Path) -> Program {
    mqtk([command, "-h", "localhost", "-V", "5", "-q", "1", "-t", "t"])
        .port(broker.port())
        .arg("--cafile")
        .arg(ca)
}

fn publish(broker: &MqtkBroker, ca: &Path) -> Finished {
    client("pub", broker, ca).args(["-m", "x"]).run()
}

fn subscribed(broker: &MqtkBroker, program: Program) -> Running {
    let client = program.start();
    broker.await_subscription("t");
    client
}

#[test]
fn new_connections_get_the_new_certificate_and_the_old_ones_stay() {
    let [old, new] = [(); 2].map(|()| Certificates::new(&Server::Good));
    let files = Files::of(&old);
    let broker = MqtkBroker::listening(files.broker(), 1);
    let early = subscribed(&broker, client("sub", &broker, &old.ca).arg("-d"));
    publish(&broker, &old.ca).expect_success();

    files.renew(&new);
    broker.signal(Signal::HUP);
    broker.await_log("changed: certificates");
    publish(&broker, &new.ca).expect_success();
    publish(&broker, &old.ca).expect_failure(3, &["certificate"]);
    early.await_lines(2);

    // A key of another certificate, half a file, no file: the certificate stays what it is.
    let file = files.certificate.display();
    let before = format!("SIGHUP: nothing is changed: cannot use --cert \"{file}\": ");
    let stays = |why: &str| {
        broker.signal(Signal::HUP);
        broker.await_log(&format!("{before}{why}"));
        publish(&broker, &new.ca).expect_success();
    };
    copy(&old.server_key, &files.key);
    stays(&format!(
        "the key in {} belongs to another",
        files.key.display()
    ));
    let whole = fs::read_to_string(&new.server).expect("a certificate");
    fs::write(&files.certificate, &whole[..whole.len() / 2]).expect("written");
    stays("it breaks off: a line -----END CERTIFICATE----- is missing");
    fs::remove_file(&files.certificate).expect("removed");
    stays("No such file");
    early.await_lines(5);
    let log = early.await_stderr("its packets", |_| true);
    assert!(!log.contains("DISCONNECT"), "{log}");
}

#[test]
fn a_client_whose_certificate_is_revoked_is_disconnected_and_not_let_in_again() {
    let certificates = Certificates::new(&Server::Good);
    let files = Files::of(&certificates);
    let write = |text: &str| fs::write(&files.list, text).expect("written");
    write(&certificates.revocation_list(false));
    let program = files
        .broker()
        .arg("--client-ca")
        .arg(&certificates.ca)
        .arg("--crlfile")
        .arg(&files.list);
    let broker = MqtkBroker::listening(program, 1);
    let with_certificate = |command: &str| {
        client(command, &broker, &certificates.ca)
            .arg("--cert")
            .arg(&certificates.client)
            .arg("--key")
            .arg(&certificates.client_key)
    };
    let publish = || with_certificate("pub").args(["-m", "x"]).run();
    let told = subscribed(&broker, with_certificate("sub").arg("-d"));
    publish().expect_success();

    // Lists that are none leave everything as it was.
    let garbled = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
    for (number, wrong) in ["", "no list", garbled].into_iter().enumerate() {
        write(wrong);
        broker.signal(Signal::HUP);
        let file = files.list.display();
        let words =
            format!("SIGHUP: nothing is changed: cannot use --crlfile \"{file}\": it holds");
        broker.await_logs(&words, number + 1);
        publish().expect_success();
    }

    write(&certificates.revocation_list(true));
    broker.signal(Signal::HUP);
    told.await_stderr("DISCONNECT", |log| {
        log.contains("<- DISCONNECT 0x87 \"Not authorized\"")
    });
    broker.await_log("it may not connect any more");
    publish().expect_failure(3, &["revoked"]);
    broker.await_log("the client's certificate is revoked");

    write(&certificates.revocation_list(false));
    broker.signal(Signal::HUP);
    broker.await_logs("changed: certificates", 2);
    publish().expect_success();
}
