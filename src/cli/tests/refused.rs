//! What is refused, and in which words.

use super::*;

#[test]
fn topics_are_checked() {
    assert!(refused(&["pub", "a/+", "-n"]).contains("'a/+'"));
    assert!(refused(&["sub", "a/b#"]).contains("'a/b#'"));
    assert!(refused(&["sub", "a", "-T", "#/b"]).contains("-T topic filter '#/b'"));
    assert!(refused(&["sub", "-U", ""]).contains("-U "));
    assert!(refused(&["pub", "a", "-n", "--will-topic", "#"]).contains("--will-topic '#'"));
}

#[test]
fn what_rustls_cannot_do_is_refused_with_the_reason() {
    for (args, reason) in [
        (&["--psk", "aa"][..], "rustls has no PSK"),
        (&["--psk-identity", "x"], "rustls has no PSK"),
        (&["--tls-engine", "x"], "rustls has no engines"),
        (
            &["--cafile", "x", "--keyform", "engine"],
            "rustls has no engines",
        ),
        (&["--cafile", "x", "--tls-version", "tlsv1.1"], "tlsv1.2"),
        (&["--cafile", "x", "--key", "x"], "--cert"),
        (&["--cert", "x", "--key", "x"], "--cafile"),
    ] {
        let line = refused(&[&["pub"], &PUB[..], args].concat());
        assert!(line.contains(reason), "{line}");
    }
}

#[test]
fn what_is_meant_for_tls_is_not_sent_in_the_clear() {
    for option in [
        "--insecure",
        "--ciphers x",
        "--tls-alpn mqtt",
        "--tls-version tlsv1.3",
        "--tls-keylog x",
        "--crlfile x",
    ] {
        let words: Vec<_> = option.split(' ').collect();
        let line = refused(&[&["pub"], &PUB[..], &words].concat());
        assert!(
            line.starts_with(&format!("{} is for TLS", words[0])),
            "{line}"
        );
    }
}

#[test]
fn exclusive_options_say_so() {
    for args in [
        &["pub", "a", "-m", "x", "-n"][..],
        &["pub", "a", "-m", "x", "-l"],
        &["pub", "a", "-f", "x", "-s"],
        &["pub", "a", "-s", "-l"],
        &["pub", "a", "-n", "-i", "x", "-I", "y"],
        &["pub", "a", "-n", "--embedded", "-h", "x"],
        &["pub", "a", "-n", "--unix", "/s", "-h", "x"],
        &["pub", "a", "-n", "-S", "-h", "x", "-p", "1883"],
        &["pub", "a", "-n", "-S", "--unix", "/s"],
        &["sub", "a", "-F", "%p", "--json"],
        &["sub", "a", "-d", "--quiet"],
        &["sub", "a", "-P", "x", "--ask-password"],
    ] {
        let line = refused(args);
        assert!(line.contains("cannot be used with"), "{line}");
    }
}

#[test]
fn numbers_are_checked_against_their_range() {
    for (args, words) in [
        (&["-p", "0"][..], "only --embedded"),
        (&["-p", "65536"], "from 0 to 65535"),
        (&["-p", "-1"], "from 0 to 65535"),
        (&["-k", "65536"], "from 0 to 65535"),
        (&["-q", "3"], "[possible values: 0, 1, 2]"),
        (&["-V", "4"], "31, 311, 5"),
        (&["-M", "0"], "from 1 to 65535"),
        (&["--max-packet-size", "1"], "from 2 to 4294967295"),
        (&["-x", "-2"], "never"),
        (&["--repeat", "0"], "from 1 up"),
        (&["--repeat-delay", "-1"], "number of seconds"),
        (&["--timeout", "x"], "number of seconds"),
        (&["-A", "eth0"], "--bind-address"),
    ] {
        let line = refused(&[&["pub"], &PUB[..], args].concat());
        assert!(line.contains(words), "{line}");
    }
    let line = refused(&["sub", "a", "--random-filter", "0"]);
    assert!(line.contains("a percentage"), "{line}");
}

#[test]
fn a_wrong_name_is_followed_by_the_right_one() {
    let line = refused(&["pub", "--mesage", "x"]);
    assert!(
        line.contains("'--mesage'") && line.contains("'--message"),
        "{line}"
    );
    let line = refused(&["pubb"]);
    assert!(line.contains("'pubb'") && line.contains("'pub'"), "{line}");
}

#[test]
fn of_a_long_value_the_beginning_is_shown() {
    let topic = "é".repeat(40_000);
    for args in [
        &["pub", "-n", "-t", &topic][..],
        &["pub", "a", "-n", "-q", &topic],
    ] {
        let line = refused(args);
        assert!(line.contains(&format!("'{}…'", "é".repeat(100))), "{line}");
        assert!(line.len() < 1000, "{line}");
    }
}

#[test]
fn no_secret_is_shown() {
    for args in [
        ["-L", "mqtt://ann:hunter2@[x"],
        ["--proxy", "http://ann:hunter2@x"],
    ] {
        let line = refused(&[&["pub"], &PUB[..], &args].concat());
        assert!(line.contains(args[0]) || line.contains("--url"), "{line}");
        assert!(!line.contains("hunter2"), "{line}");
    }
    let options = publish(&[&PUB[..], &["-u", "u", "-P", "hunter2"]].concat());
    assert!(!format!("{options:?}").contains("hunter2"));
}

#[test]
fn stdin_gives_one_thing_only() {
    for source in ["-l", "-s", "-f-"] {
        let line = refused(&["pub", "a", source, "-u", "u", "--password-file", "-"]);
        assert!(line.contains("both"), "{line}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_in_words() {
    let missing = "/nonexistent/file";
    for args in [
        &["pub", "a", "-n", "-u", "u", "--password-file", missing][..],
        &["broker", "--config", missing],
    ] {
        let line = refused(args);
        assert!(line.contains(missing), "{line}");
        assert!(line.contains("No such file"), "{line}");
        assert!(!line.contains("os error"), "{line}");
    }
}

#[test]
fn listeners_with_tls_need_a_certificate_and_only_they() {
    const TLS: [&str; 3] = ["broker", "--listen", "mqtts://localhost"];
    for (args, reason) in [
        (
            &["--listen", "wss://h"][..],
            "--listen wss://h:443 needs a certificate",
        ),
        (&["--cert", "a"], "--cert is for TLS"),
        (&["--self-signed"], "--self-signed is for TLS"),
        (&["--listen", "tcp://h"], "unknown URL scheme"),
        (&["--listen", "mqtt://h/a"], "no path"),
    ] {
        let line = refused(&[&["broker"], args].concat());
        assert!(line.contains(reason), "{line}");
    }
    for (args, reason) in [
        (&["--key", "a"][..], "--key needs"),
        (
            &["--cert", "a", "--cert", "b", "--key", "a"],
            "2 --cert and 1 --key",
        ),
        (
            &["--cert", "a", "--ocsp-staple", "b", "--ocsp-staple", "c"],
            "1 --cert and 2 --ocsp-staple",
        ),
        (&["--self-signed", "--crlfile", "a"], "--client-ca"),
    ] {
        let line = refused(&[&TLS, args].concat());
        assert!(line.contains(reason), "{line}");
    }
}
