//! `mqtk inspect` on recorded captures. `tests/it/captures/README.md` says what they are.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use mqtk::codec::Packet;
use mqtk::inspect::{Capture, CaptureOptions, Chunk, Dissector, Observed, Partial, Sink, Skipped};

use rustix::process::Signal;

use crate::support::mqtk;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/it/captures")
        .join(name)
}

/// What each direction of each conversation said: packets, identifiers, topics.
#[derive(Default)]
struct Said(BTreeMap<(u32, u16), [String; 3]>);

impl Sink for Said {
    fn packet(&mut self, packet: &Observed<'_>) {
        let src = packet.origin.src.expect("a capture knows the sender");
        let said = self
            .0
            .entry((packet.origin.stream, src.port()))
            .or_default();
        let meaning = packet.packet.expect("no packet is malformed");
        assert!(packet.findings.is_empty(), "{:?}", packet.findings);
        said[0] += &format!(" {}", meaning.packet_type());
        if let Some(id) = packet_id(&meaning) {
            said[1] += &format!(" {id}");
        }
        match meaning {
            Packet::Publish(publish) => said[2] += &format!(" {}", publish.topic),
            Packet::Subscribe(subscribe) => {
                for (filter, _) in subscribe.filters.iter() {
                    said[2] += &format!(" {filter}");
                }
            }
            _ => {}
        }
    }

    fn skipped(&mut self, skipped: &Skipped<'_>) {
        panic!("{skipped:?}");
    }

    fn partial(&mut self, partial: &Partial<'_>) {
        panic!("{partial:?}");
    }
}

fn packet_id(packet: &Packet<'_>) -> Option<u16> {
    Some(match packet {
        Packet::Publish(publish) => publish.packet_id?.get(),
        Packet::Puback(ack) | Packet::Pubrec(ack) => ack.packet_id.get(),
        Packet::Pubrel(ack) | Packet::Pubcomp(ack) => ack.packet_id.get(),
        Packet::Subscribe(subscribe) => subscribe.packet_id.get(),
        Packet::Suback(suback) => suback.packet_id.get(),
        _ => return None,
    })
}

/// What a capture says, read in pieces of this size.
fn said(file: &[u8], piece: usize) -> String {
    let (mut dissector, mut said) = (Dissector::default(), Said::default());
    let mut tell = |chunk: Chunk<'_>| dissector.push(chunk, &mut said);
    let mut capture = Capture::new(CaptureOptions::default());
    let (mut from, mut to) = (0, 0);
    while to < file.len() {
        to = file.len().min(to + piece);
        from += capture.read(&file[from..to], &mut tell).expect("a capture");
    }
    capture.finish(&file[from..], &mut tell).expect("its end");
    let mut lines = String::new();
    for ((stream, port), [packets, ids, topics]) in said.0 {
        let line = format!("{stream} {port}{packets} |{ids} |{topics}");
        lines += line.trim_end();
        lines.push('\n');
    }
    lines
}

#[test]
fn recorded_sessions_say_what_they_said() {
    for name in ["loopback.pcap", "ipv6.pcapng", "websocket.pcap"] {
        let file = fs::read(path(name)).expect("a capture");
        let truth = fs::read_to_string(path(name).with_extension("txt")).expect("its truth");
        for piece in [usize::MAX / 2, 4096, 61, 1] {
            assert_eq!(said(&file, piece), truth, "{name} in pieces of {piece}");
        }
    }
}

#[test]
fn a_file_a_pipe_and_gzip_say_the_same() {
    let path = path("ipv6.pcapng");
    let file = mqtk(["inspect", "--oneline"])
        .arg(&path)
        .run()
        .expect_code(0);
    let piped = mqtk(["inspect", "--oneline", "-"])
        .stdin(fs::read(&path).expect("a capture"))
        .run()
        .expect_code(0);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&fs::read(&path).expect("a capture"))
        .expect("a buffer");
    let compressed = mqtk(["inspect", "--oneline"])
        .stdin(gzip.finish().expect("a buffer"))
        .run()
        .expect_code(0);
    assert_eq!(file.stdout_text().lines().count(), 99);
    assert_eq!(file.stdout_text(), piped.stdout_text());
    assert_eq!(file.stdout_text(), compressed.stdout_text());
}

#[test]
fn packets_are_printed_while_the_capture_goes_on() {
    let file = fs::read(path("loopback.pcap")).expect("a capture");
    let mut inspect = mqtk(["inspect", "--oneline", "-"]).stdin_open().start();
    inspect.write(&file[..1000]);
    inspect.await_stdout("CONNECT", |stdout| stdout.contains("CONNECT"));
    inspect.write(&file[1000..3000]);
    inspect.await_stdout("PUBLISH", |stdout| stdout.contains("PUBLISH"));
    inspect.write(&file[3000..]);
    inspect.finish().expect_code(0);
}

#[test]
fn an_interrupt_at_a_pipe_ends_with_the_summary() {
    let file = fs::read(path("loopback.pcap")).expect("a capture");
    let mut inspect = mqtk(["inspect", "--oneline", "-"]).stdin_open().start();
    inspect.write(&file);
    inspect.await_stdout("DISCONNECT", |stdout| stdout.contains("DISCONNECT"));
    inspect.signal(Signal::INT);
    inspect
        .finish()
        .expect_code(0)
        .expect_words(&["packets", "16 CONNECT"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let file = fs::read(path("loopback.pcap")).expect("a capture");
    let inspect = |bytes: &[u8]| mqtk(["inspect", "--oneline", "-"]).stdin(bytes).run();
    let cut = inspect(&file[..file.len() - 5]).expect_code(1);
    assert!(cut.stdout_text().contains("CONNECT"));
    cut.expect_words(&["stdin", "cut short", "byte"]);
    let mut damaged = file.clone();
    damaged[24 + 8..24 + 12].fill(0xff);
    inspect(&damaged)
        .expect_code(1)
        .expect_words(&["damaged at byte 24"]);
    inspect(b"\x1f\x8b\x08\0\0\0\0\0")
        .expect_code(1)
        .expect_words(&["stdin", "gzip", "cut short"]);
    inspect(b"\x28\xb5\x2f\xfd\0\0\0\0")
        .expect_code(1)
        .expect_words(&["compressed", "unzstd"]);
    // The header alone: all is well, but there is no MQTT.
    inspect(&file[..24])
        .expect_code(0)
        .expect_words(&["no MQTT"]);
}
