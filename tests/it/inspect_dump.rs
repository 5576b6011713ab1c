//! `mqtk inspect`: dumps in, packets out, in every form.

use std::fs;

use crate::support::{mqtk, shell};

/// A CONNECT of MQTT 5 with the password "pw", and a PUBLISH with a wildcard in its Topic Name.
const CONNECT: &str = "10 17 00 04 4d 51 54 54 05 c2 00 3c 00 00 03 64 65 76 00 01 75 00 02 70 77";
const PUBLISH: &str = "30 06 00 03 61 2f 23 00";

#[test]
fn arguments_files_and_stdin_are_read_alike() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("dump.txt");
    fs::write(&file, CONNECT).unwrap();
    let expected = mqtk(["inspect", "--json"]).args(CONNECT.split(' ')).run();
    let expected = expected.expect_code(0).stdout_text();
    assert!(expected.contains(r#""client_id":"dev""#), "{expected}");
    let from_file = mqtk(["inspect", "--json"]).arg(&file).run();
    assert_eq!(from_file.expect_code(0).stdout_text(), expected);
    for args in [&["inspect", "--json"][..], &["inspect", "--json", "-"]] {
        let finished = mqtk(args).stdin(CONNECT).run().expect_code(0);
        assert_eq!(finished.stdout_text(), expected);
    }
}

#[test]
fn tools_of_the_system_are_understood() {
    for tool in [
        "xxd",
        "xxd -p",
        "xxd -i",
        "od",
        "od -Ax -tx1",
        "od -An -tu1",
        "hexdump -C",
        "hexdump",
        "base64",
    ] {
        let line = format!(
            r#"command -v {program} >/dev/null || exit 9; printf '\xc0\x00\x30\x05\x00\x01ahi' | {tool} | "$MQTK_BIN" inspect --oneline"#,
            program = tool.split(' ').next().unwrap_or_default(),
        );
        let finished = shell(&line).run();
        if finished.status.code() == Some(9) {
            continue;
        }
        let text = finished.expect_code(0).stdout_text();
        assert_eq!(text.lines().count(), 2, "{tool}: {text}");
        assert!(
            text.contains(r#"topic="a" qos=0 payload_len=2 "hi""#),
            "{tool}: {text}"
        );
    }
}

#[test]
fn passwords_are_masked_in_every_form() {
    for form in ["--oneline", "--annotate", "--json", "--json --fields", ""] {
        let args = ["inspect"].into_iter().chain(form.split_whitespace());
        let args: Vec<_> = args.chain(CONNECT.split(' ')).collect();
        let masked = mqtk(&args).run().expect_code(0).stdout_text();
        assert!(
            !masked.contains("pw") && !masked.contains("70 77"),
            "{form}: {masked}"
        );
        assert!(!masked.contains("7077"), "{form}: {masked}");
        let shown = mqtk(&args).arg("--show-secrets").run();
        let shown = shown.expect_code(0).stdout_text();
        assert!(shown.contains("\"pw\""), "{form}: {shown}");
    }
}

#[test]
fn a_mistake_is_explained_where_it_stands() {
    let finished = mqtk(["inspect", "-V", "5"]).args(PUBLISH.split(' ')).run();
    let finished = finished.expect_code(0);
    let lines: Vec<String> = finished.stdout_text().lines().map(str::to_owned).collect();
    let topic = lines
        .iter()
        .position(|line| line.contains("Topic Name: \"a/#\""));
    let after = &lines[topic.expect("the field") + 1];
    assert!(after.contains("^ MQTT-3.3.2-2 at byte 6"), "{after}");
    assert!(finished.stderr.contains("1 violation in 1 packet"));
}

#[test]
fn strict_fails_on_a_violation_and_only_then() {
    let strict = |dump: &str| mqtk(["inspect", "--strict", "-V", "5", dump]).run();
    strict("c0 00").expect_code(0);
    let failed = strict(PUBLISH);
    assert_eq!(failed.status.code(), Some(10));
    assert!(failed.stderr.contains("--strict"));
}

#[test]
fn filters_choose_what_is_printed() {
    let dump =
        "10 0d 00 04 4d 51 54 54 04 02 00 3c 00 01 61 30 05 00 01 61 68 69 30 03 00 01 62 c0 00";
    let count = |args: &[&str]| {
        let args = ["inspect", "--oneline"].iter().chain(args).chain([&dump]);
        let finished = mqtk(args).run().expect_code(0);
        assert!(finished.stderr.contains("4 packets"), "{}", finished.stderr);
        finished.stdout_text().lines().count()
    };
    assert_eq!(count(&[]), 4);
    assert_eq!(count(&["--type", "publish"]), 2);
    assert_eq!(count(&["--type", "PUBLISH", "--type", "PINGREQ"]), 3);
    assert_eq!(count(&["--topic", "a/#"]), 1);
    assert_eq!(count(&["--client", "a"]), 4);
    assert_eq!(count(&["--client", "b"]), 0);
    assert_eq!(count(&["--stream", "7"]), 0);
    assert_eq!(count(&["--only-violations"]), 0);
}

#[test]
fn what_cannot_be_read_is_said_in_one_line() {
    let finished = mqtk(["inspect", "hello", "world"]).run();
    assert_eq!(finished.status.code(), Some(1));
    let error = finished.stderr;
    assert!(
        error.starts_with("error: ") && error.lines().count() == 1,
        "{error}"
    );
    let missing = mqtk(["inspect", "no/such.pcap"]).run();
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        missing.stderr.contains("no/such.pcap"),
        "{}",
        missing.stderr
    );
}

#[test]
fn json_encodes_to_what_it_was_made_of() {
    let line =
        r#""$MQTK_BIN" inspect --json --show-secrets "$DUMP" | "$MQTK_BIN" inspect --encode"#;
    let dump = format!("{CONNECT} {PUBLISH}");
    let finished = shell(line).env("DUMP", &dump).run().expect_code(0);
    assert_eq!(finished.stdout_text(), format!("{CONNECT}\n{PUBLISH}\n"));
}

#[test]
fn words_are_encoded_in_the_form_asked_for() {
    let encode = |form: &str| {
        let args = [
            "inspect",
            "--encode",
            "--output-format",
            form,
            "PUBLISH",
            "topic=a",
            "payload=h i",
        ];
        mqtk(args).run().expect_code(0)
    };
    assert_eq!(encode("hex").stdout_text(), "30 06 00 01 61 68 20 69\n");
    assert_eq!(encode("base64").stdout_text(), "MAYAAWFoIGk=\n");
    assert_eq!(encode("raw").stdout, b"\x30\x06\0\x01ah i");
    let wrong = mqtk(["inspect", "--encode", "PUBLISH", "topik=a"]).run();
    assert_eq!(wrong.status.code(), Some(2));
    assert!(wrong.stderr.contains("'topik'"), "{}", wrong.stderr);
}

#[test]
fn a_closed_pipe_is_success() {
    let line = r#"yes 'c0 00' | head -50000 | "$MQTK_BIN" inspect --oneline | head -1; echo "${PIPESTATUS[2]}""#;
    let finished = shell(line).run().expect_code(0);
    assert!(
        finished.stdout_text().ends_with("\n0\n"),
        "{}",
        finished.stdout_text()
    );
}

#[test]
fn faulty_packets_say_in_json_what_stands_on_the_wire() {
    // QoS 3; a Property Length of 5 with one byte after it.
    let connect = "10 0c 00 04 4d 51 54 54 05 02 00 3c 05 11";
    for (dump, members) in [
        (
            "36 05 00 01 61 00 07",
            &[r#""qos":3"#, r#""packet_id":7"#][..],
        ),
        (connect, &[r#""keep_alive":60"#, r#""clean_start":true"#]),
        (
            "82 06 00 00 00 01 61 03",
            &[r#""packet_id":0"#, r#""filters":[{"filter":"a","qos":3}]"#],
        ),
        (
            "30 07 00 01 61 03 23 00 00",
            &[
                r#""properties":{"topic_alias":0}"#,
                r#""payload":"","payload_len":0"#,
            ],
        ),
    ] {
        let version = if dump.starts_with("30") { "5" } else { "311" };
        let args = ["inspect", "--json", "-V", version];
        let finished = mqtk(args).args(dump.split(' ')).run().expect_code(0);
        let text = finished.stdout_text();
        let object: serde_json::Value = serde_json::from_str(&text).expect("an object");
        assert!(object["violations"].is_array(), "{text}");
        for member in members {
            assert!(text.contains(member), "{member} is missing in {text}");
        }
    }
}

#[test]
fn a_dump_that_ends_within_a_packet_is_no_good_one() {
    let begun = &PUBLISH[..PUBLISH.len() - 6];
    let finished = mqtk(["inspect", "--strict", "--json", "-V", "5", begun]).run();
    assert_eq!(finished.status.code(), Some(10));
    let object = finished.stdout_text();
    assert!(object.contains(r#""partial":true,"missing":2"#), "{object}");
    assert!(
        object.contains(r#""id":"MQTT5-2.1.4","offset":6"#),
        "{object}"
    );
}

#[test]
fn raw_bytes_may_go_on_for_ever_and_text_may_not() {
    // A packet, and then more bytes than a text may have.
    let line = r#"(printf '\300\000'; for i in 1 2 3; do head -c 1048576 /dev/zero; done; \
        printf '\300\000') | "$MQTK_BIN" inspect --oneline"#;
    let finished = shell(line).run().expect_code(0);
    let text = finished.stdout_text();
    assert!(text.starts_with("PINGREQ"), "{text:.200}");
    let line = r#"head -c 3145728 /dev/zero | tr '\0' 'a' | "$MQTK_BIN" inspect"#;
    let finished = shell(line).run();
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished.stderr.contains("more than 2 MiB"),
        "{}",
        finished.stderr
    );
}
