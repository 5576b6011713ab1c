//! Passwords without the process list, and nowhere in what is printed.

use std::fs;

use tempfile::TempDir;

use crate::support::{Mosquitto, mqtk};

const PASSWORD: &str = "c0rrect-horse";

#[test]
fn a_password_comes_from_a_file_or_the_environment() {
    let broker = Mosquitto::builder().password("me", PASSWORD).start();
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("password");
    fs::write(&file, format!("{PASSWORD}\n")).expect("the directory is writable");
    let publish = || mqtk(["pub", "-t", "a", "-m", "x", "-u", "me"]).port(broker.port());
    publish()
        .arg("--password-file")
        .arg(&file)
        .run()
        .expect_success();
    publish()
        .args(["--password-file", "-"])
        .stdin(format!("{PASSWORD}\n"))
        .run()
        .expect_success();
    publish()
        .env("MQTK_PASSWORD", PASSWORD)
        .run()
        .expect_success();
}

#[test]
fn a_missing_password_file_is_named() {
    mqtk([
        "pub",
        "-t",
        "a",
        "-m",
        "x",
        "-u",
        "me",
        "--password-file",
        "/nonexistent/password",
    ])
    .run()
    .expect_failure(2, &["/nonexistent/password"]);
}

#[test]
fn no_output_shows_a_password() {
    let broker = Mosquitto::builder().password("me", PASSWORD).start();
    let url = format!("mqtt://me:{PASSWORD}@127.0.0.1:{}/a", broker.port());
    let wrong = format!("mqtt://me:{PASSWORD}2@127.0.0.1:{}/a", broker.port());
    let nowhere = format!("mqtt://me:{PASSWORD}@127.0.0.1:1/a");
    let malformed = format!("mqtt://me:{PASSWORD}@127.0.0.1:port/a");
    for (url, code) in [(&url, 0), (&wrong, 4), (&nowhere, 3), (&malformed, 2)] {
        let finished = mqtk(["pub", "-d", "-L", url, "-m", "x"])
            .run()
            .expect_code(code);
        assert!(!finished.stderr.contains(PASSWORD), "{}", finished.stderr);
        assert!(!finished.stdout_text().contains(PASSWORD));
    }
}
