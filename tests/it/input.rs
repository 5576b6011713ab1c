//! What `mqtk pub` reads, and `mqtk sub` gives back: files, pipes, lines, any bytes.

use std::fs;
use std::io::Read;
use std::net::{Ipv6Addr, TcpListener};

use tempfile::TempDir;

use crate::support::process::Running;
use crate::support::wire::CONNECT;
use crate::support::{Mosquitto, mosquitto_sub, mqtk, shell};

/// A subscriber that ends after `count` messages, and prints each with `<` and `>` around.
fn receiving(broker: &Mosquitto, count: usize) -> Running {
    let process = mqtk(["sub", "-t", "in", "-C", &count.to_string(), "-F", "<%p>"])
        .port(broker.port())
        .start();
    broker.await_subscription("in");
    process
}

#[test]
fn lines_are_what_stands_between_line_ends() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 5);
    let input = b"one\n\ntwo\0and a half\n\xff\xfe\nlast, without a line end";
    mqtk(["pub", "-t", "in", "-l", "-q", "1"])
        .port(broker.port())
        .stdin(*input)
        .run()
        .expect_success();
    assert_eq!(
        process.finish().expect_success().stdout,
        b"<one>\n<>\n<two\0and a half>\n<\xff\xfe>\n<last, without a line end>\n"
    );
}

#[test]
fn no_lines_are_no_messages() {
    let broker = Mosquitto::start();
    mqtk(["pub", "-t", "in", "-l", "-q", "1"])
        .port(broker.port())
        .stdin("")
        .run()
        .expect_success();
}

#[test]
fn a_line_of_megabytes_is_one_message() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 2);
    let line = "x".repeat(3_000_000);
    mqtk(["pub", "-t", "in", "-l"])
        .port(broker.port())
        .stdin(format!("{line}\nshort\n"))
        .run()
        .expect_success();
    let received = process.finish().expect_success().lines();
    assert!(received[0] == format!("<{line}>"), "the long line differs");
    assert_eq!(received[1], "<short>");
}

#[test]
fn a_line_goes_out_before_the_next_is_typed() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 3);
    for qos in ["0", "1", "2"] {
        let mut publishing = mqtk(["pub", "-t", "in", "-l", "-q", qos])
            .port(broker.port())
            .stdin_open()
            .start();
        publishing.write("typed\n");
        process.await_lines(qos.parse::<usize>().expect("a digit") + 1);
        publishing.finish().expect_success();
    }
}

#[test]
fn a_whole_stdin_is_one_message() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 2);
    for flags in [&["-s"][..], &["-f", "-"]] {
        mqtk(["pub", "-t", "in"])
            .args(flags)
            .port(broker.port())
            .stdin("a\nb\n")
            .run()
            .expect_success();
    }
    assert_eq!(
        process.finish().expect_success().stdout_text(),
        "<a\nb\n>\n<a\nb\n>\n"
    );
}

#[test]
fn a_file_may_be_a_pipe() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 3);
    for line in [
        r#"echo piped | "$MQTK_BIN" pub -p "$PORT" -t in -f /dev/stdin"#,
        r#""$MQTK_BIN" pub -p "$PORT" -t in -f <(echo piped)"#,
        r#"d=$(mktemp -d); mkfifo "$d/p"; (echo piped > "$d/p" &); "$MQTK_BIN" pub -p "$PORT" -t in -f "$d/p"; s=$?; rm -r "$d"; exit $s"#,
    ] {
        shell(line)
            .env("PORT", broker.port().to_string())
            .run()
            .expect_success();
    }
    assert_eq!(
        process.finish().expect_success().stdout_text(),
        "<piped\n>\n".repeat(3)
    );
}

#[test]
fn bytes_come_back_as_they_went() {
    let broker = Mosquitto::start();
    let directory = TempDir::new().expect("a directory");
    let bytes: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let file = directory.path().join("bytes");
    fs::write(&file, &bytes).expect("the directory is writable");
    let process = mqtk(["sub", "-t", "in", "-N", "-C", "1"])
        .port(broker.port())
        .start();
    broker.await_subscription("in");
    mqtk(["pub", "-t", "in", "-f"])
        .arg(&file)
        .port(broker.port())
        .run()
        .expect_success();
    assert!(
        process.finish().expect_success().stdout == bytes,
        "the bytes differ"
    );
}

#[test]
fn a_message_may_be_repeated() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 3);
    mqtk([
        "pub",
        "-t",
        "in",
        "-m",
        "x",
        "-q",
        "2",
        "--repeat",
        "3",
        "--repeat-delay",
        "0.01",
    ])
    .port(broker.port())
    .run()
    .expect_success();
    assert_eq!(process.finish().expect_success().lines(), ["<x>"; 3]);
}

#[test]
fn positional_topics_and_urls_say_it_shortly() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 2);
    mqtk(["pub", "in", "-m", "1"])
        .port(broker.port())
        .run()
        .expect_success();
    let url = format!("mqtt://127.0.0.1:{}/in", broker.port());
    mqtk(["pub", "-L", &url, "-m", "2"]).run().expect_success();
    assert_eq!(process.finish().expect_success().lines(), ["<1>", "<2>"]);
}

#[test]
fn a_url_is_percent_decoded() {
    let broker = Mosquitto::builder().password("me", "p@ss/word").start();
    let process = mosquitto_sub(["-t", "a b", "-C", "1", "-u", "me", "-P", "p@ss/word"])
        .port(broker.port())
        .start();
    broker.await_subscription("a b");
    let url = format!("mqtt://me:p%40ss%2Fword@127.0.0.1:{}/a%20b", broker.port());
    mqtk(["pub", "-L", &url, "-m", "decoded"])
        .run()
        .expect_success();
    assert_eq!(process.finish().expect_success().lines(), ["decoded"]);
}

#[test]
fn a_url_may_have_an_ipv6_literal() {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
        println!("this machine has no IPv6: nothing to see");
        return;
    };
    let port = listener.local_addr().expect("it is bound").port();
    let process = mqtk(["pub", "-L", &format!("mqtt://[::1]:{port}/a"), "-m", "x"]).start();
    let (mut stream, _) = listener.accept().expect("the client connects");
    let mut first = [0];
    stream.read_exact(&mut first).expect("the client sends");
    assert_eq!(first[0] >> 4, CONNECT);
    drop(stream);
    process.finish().expect_failure(3, &["[::1]"]);
}

#[test]
fn flags_come_from_the_environment_and_from_a_file() {
    let broker = Mosquitto::start();
    let process = receiving(&broker, 2);
    mqtk(["pub"])
        .env("MQTK_PORT", broker.port().to_string())
        .env("MQTK_TOPIC", "in")
        .env("MQTK_MESSAGE", "from the environment")
        .run()
        .expect_success();
    let directory = TempDir::new().expect("a directory");
    let options = directory.path().join("options");
    fs::write(
        &options,
        format!("-p {}\n-t in\n-m from a file\n", broker.port()),
    )
    .expect("the directory is writable");
    mqtk(["pub", "-o"]).arg(&options).run().expect_success();
    assert_eq!(
        process.finish().expect_success().lines(),
        ["<from the environment>", "<from a file>"]
    );
}

/// The most memory that a process has held.
fn peak_kilobytes(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|peak| peak.trim().strip_suffix(" kB"));
    peak.expect("a peak").parse().expect("a number")
}

#[test]
fn an_endless_stdin_does_not_grow_the_publisher() {
    let broker = Mosquitto::start();
    let mut publishing = mqtk(["pub", "-t", "in", "-l"])
        .port(broker.port())
        .stdin_open()
        .start();
    let block = "x".repeat(99) + "\n";
    let block = block.repeat(10_000);
    // By then its code is in memory, which in a debug build is most of it.
    publishing.write(&block);
    let before = peak_kilobytes(publishing.pid());
    for _ in 0..30 {
        publishing.write(&block);
    }
    let grown = peak_kilobytes(publishing.pid()) - before;
    assert!(grown < 2 * 1024, "{grown} KiB more for 30 MB of lines");
    publishing.finish().expect_success();
}
