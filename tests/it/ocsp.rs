//! OCSP responses that the broker staples to its certificate, as OpenSSL sees them.

use std::path::Path;

use tempfile::TempDir;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::Program;
use crate::support::{mqtk, shell};

/// Makes an authority, a certificate for localhost and the authority's word that it is good.
const FILES: &str = "exec 2>&1
    new='-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
    openssl req -x509 $new -days 2 -subj /CN=authority -keyout ca.key -out ca.crt &&
    openssl req $new -subj /CN=localhost -keyout server.key -out server.csr &&
    echo subjectAltName=DNS:localhost > san &&
    openssl x509 -req -in server.csr -extfile san -CA ca.crt -CAkey ca.key -set_serial 0x1234 -days 2 \
        -out server.crt &&
    printf 'V\\t991231235959Z\\t\\t1234\\tunknown\\t/CN=localhost\\n' > index.txt &&
    openssl ocsp -index index.txt -rsigner ca.crt -rkey ca.key -CA ca.crt -issuer ca.crt \
        -cert server.crt -respout good.der -ndays 2";

fn broker(directory: &Path, response: &str) -> Program {
    ["cert", "key", "ocsp-staple"]
        .iter()
        .zip(["server.crt", "server.key", response])
        .fold(
            mqtk(["broker", "--listen", "mqtts://localhost:0"]),
            |program, (flag, file)| program.arg(format!("--{flag}")).arg(directory.join(file)),
        )
}

#[test]
fn clients_that_ask_for_it_get_the_stapled_response() {
    let directory = TempDir::new().expect("a directory for certificates");
    let place = directory.path().display();
    shell(&format!("cd {place} && {{ {FILES}; }}"))
        .run()
        .expect_success();
    let broker = MqtkBroker::listening(broker(directory.path(), "good.der"), 1);
    for version in ["-tls1_2", "-tls1_3"] {
        let seen = shell(&format!(
            "openssl s_client -connect localhost:{} -CAfile {place}/ca.crt -status {version} \
             </dev/null 2>&1",
            broker.port()
        ))
        .run()
        .expect_success();
        let text = seen.lines().join("\n");
        assert!(text.contains("OCSP Response Status: successful"), "{text}");
        assert!(text.contains("Cert Status: good"), "{text}");
    }
}

#[test]
fn what_is_no_response_is_named() {
    let directory = TempDir::new().expect("a directory for certificates");
    let place = directory.path().display();
    shell(&format!("cd {place} && {{ {FILES}; }}"))
        .run()
        .expect_success();
    for file in ["server.crt", "missing.der"] {
        broker(directory.path(), file)
            .run()
            .expect_failure(2, &["--ocsp-staple", file]);
    }
}
