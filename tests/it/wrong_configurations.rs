//! What is wrong with a configuration is one line that names file, line and key, and nothing starts.

use std::fs;

use tempfile::TempDir;

use crate::support::mqtk;

/// What the broker says of its configuration, in one line; it does not start.
fn complaint(directory: &TempDir, args: &[&str]) -> String {
    let ended = mqtk(["broker"])
        .args(args)
        .current_dir(directory.path())
        .run();
    assert!(
        matches!(ended.status.code(), Some(1 | 2)),
        "{args:?}: {ended:?}"
    );
    assert!(ended.stdout.is_empty(), "{args:?}: it listens");
    let error = ended.stderr;
    assert!(
        error.starts_with("error: ") && error.lines().count() == 1,
        "{error}"
    );
    assert!(!error.contains("os error"), "{error}");
    error
}

fn directory() -> TempDir {
    let directory = TempDir::new().expect("a directory");
    for (name, content) in [
        ("acl", "topic a\ntopik b\n"),
        ("users", "ann:secret\n"),
        ("noise", "no certificate\n"),
    ] {
        fs::write(directory.path().join(name), content).expect("written");
    }
    directory
}

#[test]
fn a_wrong_flag_is_named() {
    let directory = directory();
    for (args, words) in [
        (&["-p", "65536"][..], "'65536' for '--port"),
        (&["--maximum-qos", "3"], "'3' for '--maximum-qos"),
        (
            &["--listen", "mqtt://"],
            "'--listen <URL>': the URL has no host",
        ),
        (
            &["--listen", "http://x"],
            "use mqtt, mqtts, ws, wss or unix",
        ),
        (
            &["--listen", "mqtts://localhost:0"],
            "--cert and --key, or --self-signed",
        ),
        (&["--cert", "noise"], "--cert is for TLS"),
        (
            &[
                "--listen",
                "mqtts://localhost:0",
                "--cert",
                "noise",
                "--key",
                "noise",
            ],
            "cannot use --cert \"noise\": it holds no certificate",
        ),
        (
            &["--password-file", "none"],
            "--password-file none: it cannot be read: No such file",
        ),
        (
            &["--password-file", "users"],
            "--password-file users: line 1: the password is not",
        ),
        (
            &["--acl-file", "none"],
            "cannot read --acl-file none: No such file",
        ),
        (&["--acl-file", "acl"], "acl:2: a line begins with"),
        (&["--strict-subscribe"], "--acl-file <FILE>"),
        (
            &["--auth-timeout", "5s"],
            "'--auth-timeout <SECS>': a time is a number",
        ),
        (
            &["--fault", "drop x=1"],
            "'--fault <RULE>': x=1: drop knows",
        ),
        (&["--metrics", "here"], "'--metrics"),
        (&["--watch", "a/#/b"], "MQTT-4.7.1-1"),
        (&["--log-time", "never"], "auto, iso, unix, none"),
        (&["--sync", "always"], "batch, never"),
        (
            &["--config", "none.toml"],
            "configuration file none.toml: No such file",
        ),
        (&["--persist", "acl"], "--persist acl: Not a directory"),
        (
            &["-p", "0", "-b", "192.0.2.1"],
            "it is no address of this machine",
        ),
        (
            &["--listen", "mqtt://127.0.0.1:0?auth=password"],
            "needs --password-file",
        ),
    ] {
        let error = complaint(&directory, args);
        assert!(error.contains(words), "{args:?}: {error}");
    }
}

#[test]
fn a_wrong_key_is_named_with_its_file_and_line() {
    let directory = directory();
    for (content, words) in [
        ("port = 'x'", "b.toml:1: port: invalid value 'x'"),
        (
            "\nports = 1",
            "b.toml:2: unknown key 'ports'; a similar key exists: 'port'",
        ),
        (
            "[limits]\nmax-connections = -1",
            "b.toml:2: max-connections: invalid value '-1'",
        ),
        ("port = 1\nport = 2", "b.toml:2: duplicate key"),
        ("listen = 5", "b.toml:1: listen: invalid value '5'"),
        ("x", "b.toml:1: key with no value"),
        ("[[fault]]\naction = 'nope'", "b.toml:2: fault: action:"),
        (
            "[[fault]]\naction = 'drop'\nprobability = 3",
            "b.toml:3: fault: probability:",
        ),
        ("persist = true", "b.toml:1: persist: a string is expected"),
        ("persist = 5", "b.toml:1: persist: a string is expected"),
        (
            "watch = true",
            "b.toml:1: watch: a string or a number is expected",
        ),
        (
            "quiet = 'yes'",
            "b.toml:1: quiet: true or false is expected",
        ),
        (
            "config = 'x'",
            "b.toml:1: 'config' has no place in a configuration file",
        ),
        (
            "\nacl-file = 'none'",
            "b.toml:2: cannot read --acl-file none: No such file",
        ),
        (
            "password-file = 'users'",
            "b.toml:1: --password-file users: line 1: the password",
        ),
        (
            "strict-subscribe = true",
            "b.toml:1: strict-subscribe: the following",
        ),
        (
            "cert = 'noise'\nkey = 'noise'",
            "b.toml:1: --cert is for TLS",
        ),
        (
            "cert = 'noise'\nkey = 'noise'\nlisten = 'mqtts://localhost:0'",
            "b.toml:1: cannot use --cert \"noise\"",
        ),
        (
            "server-moved = 'a'\nuse-another-server = 'b'",
            "b.toml:1: the argument '--server-moved",
        ),
        (
            "listen = 'mqtt://192.0.2.1:0'",
            "b.toml:1: listen: cannot listen on",
        ),
        (
            "log-format = 'xml'",
            "b.toml:1: log-format: invalid value 'xml'",
        ),
        (
            "persist = 'acl'",
            "b.toml:1: --persist acl: Not a directory",
        ),
    ] {
        fs::write(directory.path().join("b.toml"), content).expect("written");
        let error = complaint(&directory, &["--config", "b.toml"]);
        assert!(error.contains(words), "{content:?}: {error}");
    }
}
