//! `mqtk passwd`, read by mqtk's broker and by Mosquitto, and the files of mosquitto_passwd.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::mqtk_broker::MqtkBroker;
use crate::support::process::{Finished, Program};
use crate::support::{Mosquitto, mosquitto_pub, mqtk};

/// A directory, and the name of a password file in it.
fn place() -> (TempDir, PathBuf) {
    let directory = TempDir::new().expect("a directory");
    let file = directory.path().join("users");
    (directory, file)
}

/// `mqtk passwd` with these options, few iterations, the file and the user; the password on stdin.
fn passwd(options: &[&str], file: &Path, user: &str, password: &str) -> Finished {
    let program = mqtk(["passwd", "--password-stdin"]).args(options);
    let program = program.arg(file).arg(user);
    program.stdin(format!("{password}\n")).run()
}

fn publish(port: u16, user: &str, password: &str) -> Program {
    mosquitto_pub(["-V", "5", "-q", "1", "-t", "a", "-m", "x", "-u", user])
        .args(["-P", password])
        .port(port)
}

#[test]
fn every_kind_of_hash_lets_its_user_in() {
    let (_directory, file) = place();
    for (options, user) in [
        (&["-c", "--iterations", "10"][..], "ann"),
        (&["-H", "argon2id"], "bob"),
        (&["-H", "scram-sha-256", "--iterations", "10"], "carl"),
    ] {
        passwd(options, &file, user, "secret").expect_success();
    }
    for (hash, user) in [("sha512", "dora"), ("sha512-pbkdf2", "emil")] {
        Program::new("mosquitto_passwd", "mosquitto")
            .args(["-H", hash, "-b"])
            .arg(&file)
            .args([user, "secret"])
            .run()
            .expect_success();
    }
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o077, 0);
    let path = file.display().to_string();
    let broker = MqtkBroker::start_with(&["--password-file", &path]);
    for user in ["ann", "bob", "carl", "dora", "emil"] {
        publish(broker.port(), user, "secret")
            .run()
            .expect_success();
        let refused = publish(broker.port(), user, "Secret").run();
        assert!(!refused.status.success(), "{user}");
        broker.await_log(&format!("as user {user:?} with 0x86"));
    }
    assert!(
        !publish(broker.port(), "nobody", "secret")
            .run()
            .status
            .success()
    );
    mosquitto_pub(["-t", "a", "-m", "x"])
        .port(broker.port())
        .run()
        .expect_words(&["not authori"]);
    let finished = broker.stop(rustix::process::Signal::TERM);
    assert!(!finished.stderr.to_lowercase().contains("secret\""));
}

#[test]
fn mosquitto_reads_the_default_hash() {
    let (_directory, file) = place();
    passwd(&["-c", "--iterations", "1000"], &file, "ann", "pässword").expect_success();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("it is ours");
    fs::set_permissions(
        file.parent().expect("a directory"),
        fs::Permissions::from_mode(0o755),
    )
    .expect("it is ours");
    let broker = Mosquitto::builder()
        .line(&format!("password_file {}", file.display()))
        .line("allow_anonymous false")
        .start();
    publish(broker.port(), "ann", "pässword")
        .run()
        .expect_success();
    assert!(
        !publish(broker.port(), "ann", "other")
            .run()
            .status
            .success()
    );
}

#[test]
fn users_are_changed_and_deleted() {
    let (_directory, file) = place();
    let text = || fs::read_to_string(&file).expect("a file");
    let few = ["--iterations", "10"];
    passwd(&few, &file, "ann", "a").expect_failure(1, &["users", "-c makes a new one"]);
    passwd(&[&few[..], &["-c"]].concat(), &file, "ann", "a").expect_success();
    let first = text();
    passwd(&few, &file, "bob", "b").expect_success();
    assert!(text().starts_with(&first));
    passwd(&few, &file, "ann", "c").expect_success();
    assert_ne!(text().lines().next(), first.lines().next());
    let delete = |user: &str| mqtk(["passwd", "-D"]).arg(&file).arg(user).run();
    delete("ann").expect_success();
    delete("ann").expect_failure(1, &["no user \"ann\"", "users"]);
    assert!(text().starts_with("bob:$7$10$") && text().lines().count() == 1);
}

#[test]
fn plain_passwords_are_hashed() {
    let (_directory, file) = place();
    fs::write(&file, "# users\nann:secret\n").expect("a directory");
    let path = file.display().to_string();
    mqtk(["broker", "-p", "0", "--password-file", &path])
        .run()
        .expect_failure(2, &["users", "line 2", "mqtk passwd -U"]);
    mqtk(["passwd", "-U", "--iterations", "10", &path])
        .run()
        .expect_success();
    let text = fs::read_to_string(&file).expect("a file");
    assert!(text.starts_with("# users\nann:$7$10$"), "{text}");
    let broker = MqtkBroker::start_with(&["--password-file", &path]);
    publish(broker.port(), "ann", "secret")
        .run()
        .expect_success();
}

#[test]
fn a_password_on_the_command_line_is_warned_of() {
    let (_directory, file) = place();
    let finished = mqtk(["passwd", "--iterations", "10", "-c", "-b"])
        .arg(&file)
        .args(["ann", "s3cret"])
        .run()
        .expect_code(0)
        .expect_words(&["process list", "--password-stdin"]);
    assert!(!finished.stderr.contains("s3cret"));
}

#[test]
fn wrong_usage_is_named() {
    for (args, words) in [
        (&["f"][..], &["USER"][..]),
        (&["f", "a:b", "--password-stdin"], &["colon"]),
        (&["f", "#a", "--password-stdin"], &["comment"]),
        (&["f", "", "--password-stdin"], &["empty"]),
        (&["f", "ann", "s3cret"], &["--batch"]),
        (&["-H", "md5", "f", "ann"], &["argon2id"]),
        (
            &["-H", "argon2id", "--iterations", "3", "f", "ann"],
            &["--iterations"],
        ),
        (&["-c", "-D", "f", "ann"], &["--create", "--delete"]),
        (
            &["-c", "/nonexistent/f", "ann", "--password-stdin"],
            &["empty"],
        ),
    ] {
        let finished = mqtk(["passwd"]).args(args).run();
        let finished = finished.expect_failure(2, words);
        assert!(!finished.stderr.contains("s3cret"), "{}", finished.stderr);
    }
    passwd(&["-c"], Path::new("/nonexistent/f"), "ann", "x").expect_failure(1, &["/nonexistent/f"]);
}
