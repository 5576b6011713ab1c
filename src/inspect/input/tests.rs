//! The same packets in every form.

use std::fmt::Write;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::codec::{Connect, PacketId, Properties, Publish, QoS, Version};

/// A CONNECT and a PUBLISH with bytes that are no text.
const PACKETS: &[u8] = b"\x10\x13\0\x04MQTT\x05\x02\0\x3c\0\0\x06sensor\
    \x32\x13\0\x09devices/7\0\x09\0\xff\x80\x00\x7f\x0a";

#[track_caller]
fn reading(text: &str) -> Reading {
    read(text.as_bytes(), None).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn bytes(text: &str) -> Vec<u8> {
    let blocks = reading(text).blocks;
    blocks.into_iter().flat_map(|block| block.bytes).collect()
}

fn join(bytes: &[u8], between: &str, item: impl Fn(u8) -> String) -> String {
    let items: Vec<_> = bytes.iter().map(|&byte| item(byte)).collect();
    items.join(between)
}

/// Lines with offsets: of so many bytes, each made by `line` of its offset and bytes.
fn lines(bytes: &[u8], width: usize, line: impl Fn(usize, &[u8]) -> String) -> String {
    let lines = bytes.chunks(width).enumerate();
    lines
        .map(|(index, chunk)| line(index * width, chunk) + "\n")
        .collect()
}

fn words(bytes: &[u8], word: impl Fn(u16) -> String) -> String {
    let words = bytes
        .chunks(2)
        .map(|pair| u16::from(pair[0]) | u16::from(*pair.get(1).unwrap_or(&0)) << 8);
    words.map(|number| " ".to_owned() + &word(number)).collect()
}

fn printable(bytes: &[u8]) -> String {
    let shown = bytes.iter().map(|&byte| match byte {
        b' '..=b'~' => byte as char,
        _ => '.',
    });
    shown.collect()
}

fn hex(bytes: &[u8], between: &str) -> String {
    join(bytes, between, |byte| format!("{byte:02x}"))
}

fn xxd(bytes: &[u8]) -> String {
    lines(bytes, 16, |offset, chunk| {
        let groups: Vec<_> = chunk.chunks(2).map(|pair| hex(pair, "")).collect();
        format!(
            "{offset:08x}: {:39}  {}",
            groups.join(" "),
            printable(chunk)
        )
    })
}

fn hexdump_c(bytes: &[u8]) -> String {
    let lines = lines(bytes, 16, |offset, chunk| {
        let halves: Vec<_> = chunk.chunks(8).map(|half| hex(half, " ")).collect();
        format!(
            "{offset:08x}  {:48}  |{}|",
            halves.join("  "),
            printable(chunk)
        )
    });
    format!("{lines}{:08x}\n", bytes.len())
}

fn wireshark(bytes: &[u8]) -> String {
    lines(bytes, 16, |offset, chunk| {
        format!(
            "{offset:04x}   {:47}   {}",
            hex(chunk, " "),
            printable(chunk)
        )
    })
}

fn hexdump(bytes: &[u8]) -> String {
    let lines = lines(bytes, 16, |offset, chunk| {
        format!("{offset:07x}{}", words(chunk, |word| format!("{word:04x}")))
    });
    format!("{lines}{:07x}\n", bytes.len())
}

fn od(bytes: &[u8], group: impl Fn(&[u8]) -> String) -> String {
    let lines = lines(bytes, 16, |offset, chunk| {
        format!("{offset:07o}{}", group(chunk))
    });
    format!("{lines}{:07o}\n", bytes.len())
}

/// Forms that no other reading comes close to, whatever the bytes are.
fn plain_forms(bytes: &[u8]) -> Vec<String> {
    let python = bytes.iter().fold(String::from("b'"), |mut text, &byte| {
        let _ = match byte {
            b'\'' | b'\\' => write!(text, "\\{}", byte as char),
            b' '..=b'~' => write!(text, "{}", byte as char),
            _ => write!(text, "\\x{byte:02x}"),
        };
        text
    }) + "\\x00'";
    let bytes_and_zero = [bytes, &[0]].concat();
    assert!(bytes.is_empty() || !python.is_empty());
    let bytes = &bytes_and_zero[..];
    vec![
        join(bytes, " ", |byte| format!("{byte:#04x}")),
        join(bytes, ", ", |byte| format!("0x{byte:X}")),
        format!(
            "unsigned char pkt[{}] = {{\n  {}\n}};",
            bytes.len(),
            join(bytes, ", ", |byte| format!("{byte:#04x}"))
        ),
        format!("<Buffer {}>", hex(bytes, " ")),
        join(bytes, "", |byte| format!("\\x{byte:02x}")),
        format!("\"{}\"", join(bytes, "", |byte| format!("\\x{byte:02x}"))),
        join(bytes, " ", |byte| format!("{byte:02X}h")),
        join(bytes, "", |byte| format!("%{byte:02X}")),
        join(bytes, " ", |byte| format!("0b{byte:08b}")),
        python,
    ]
}

/// Forms that take a look at the bytes, or at several lines, to be told from others.
fn other_forms(bytes: &[u8]) -> Vec<String> {
    let signed = |byte: u8| (byte as i8).to_string();
    let chunk_of = |word: fn(u8) -> String| move |chunk: &[u8]| join(chunk, "", word);
    vec![
        hex(bytes, ""),
        hex(bytes, " "),
        hex(bytes, ":"),
        hex(bytes, "-").to_uppercase(),
        hex(bytes, "\n"),
        join(bytes, "\n", |byte| format!("[{byte:02x}]")),
        join(bytes, " ", |byte| format!("{byte:x}")),
        format!("{bytes:?}"),
        format!("bytes({bytes:?})"),
        format!("{{\"type\":\"Buffer\",\"data\":{bytes:?}}}"),
        format!("let p: [u8; {}] = {bytes:?};", bytes.len()),
        format!("new byte[] {{{}}}", join(bytes, ", ", signed)),
        format!(
            "{{{}}}",
            join(bytes, ", ", |byte| format!("(byte){byte:#04x}"))
        ),
        join(bytes, " ", |byte| format!("{byte}")),
        join(bytes, " ", |byte| format!("{byte:03o}")),
        join(bytes, " ", |byte| format!("{byte:08b}")),
        xxd(bytes),
        hexdump_c(bytes),
        wireshark(bytes),
        hexdump(bytes),
        od(bytes, |chunk| words(chunk, |word| format!("{word:06o}"))),
        od(bytes, |chunk| words(chunk, |word| format!("{word:5}"))),
        od(bytes, chunk_of(|byte| format!(" {byte:02x}"))),
        od(bytes, chunk_of(|byte| format!(" {byte:03o}"))),
        od(bytes, chunk_of(|byte| format!("{byte:4}"))),
        od(bytes, chunk_of(|byte| format!("{:5}", byte as i8))),
        format!(
            "2026-11-22 23:59:01.123 TX {} bytes: {}",
            bytes.len(),
            hex(bytes, " ")
        ),
    ]
}

#[test]
fn packets_are_read_in_every_form() {
    let with_zero = [PACKETS, &[0]].concat();
    for text in plain_forms(PACKETS) {
        assert!(bytes(&text) == with_zero, "{:?}\n{text}", reading(&text));
    }
    for text in other_forms(PACKETS) {
        assert!(bytes(&text) == PACKETS, "{:?}\n{text}", reading(&text));
    }
}

#[test]
fn what_people_post_is_read() {
    for (text, expected) in [
        // Digits alone, one byte a line, letters among the digits, comments.
        ("0x20 0x2 0x1 0x5", &[0x20, 2, 1, 5][..]),
        ("[20]\n[02]\n[00]\n[00]", &[0x20, 2, 0, 0]),
        (
            "0x10,0x0c,0x00,0x04,M,Q,T,T,0x04,0x02,0x00,0x3c,0x00,0x00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "10 0c 00 04 M Q T T 04 02 00 3c 00 00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "10 0c 00 04 MQTT 04 02 00 3c 00 00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "byte p[] = {0x10, 12, /* 12 bytes */ 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 0}; // 1, 2",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "uint8_t p[14] = {0x10, 0x0c, 0, 4, \"MQTT\", 4, 2, 0, 60, 0, 0};",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0",
        ),
        (
            "Sent: 10 0C 00 04 4D 51 54 54 04 02 00 3C 00 00\nReceived: 20 02 00 00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0\x20\x02\0\0",
        ),
        ("20 82 00 00 00", &[0x20, 0x82, 0, 0, 0]),
        ("0x30,0x05,0x00,0x03,t,/,#", b"\x30\x05\0\x03t/#"),
        ("> 20 02\n> 00 00", &[0x20, 2, 0, 0]),
        ("```\n20 02 00 00\n```", &[0x20, 2, 0, 0]),
        ("0x320c0004746573740068656c6c6f", b"2\x0c\0\x04test\0hello"),
        ("x'c000'", &[0xc0, 0]),
        ("[\"0xc0\", \"0x00\"]", &[0xc0, 0]),
        (
            r"\x10\x0c\x00\x04MQTT\x04\x02\x00<\x00\x00",
            b"\x10\x0c\0\x04MQTT\x04\x02\0<\0\0",
        ),
        ("c0 00\r\nd0 00\r\n", &[0xc0, 0, 0xd0, 0]),
    ] {
        assert!(bytes(text) == expected, "{:?}\n{text}", reading(text));
    }
}

#[test]
fn prose_is_no_dump() {
    for text in [
        "",
        " \n",
        "hello world",
        "Connection refused, return code 5",
        "{}",
        "-",
        "é",
    ] {
        let error = read(text.as_bytes(), None).unwrap_err().to_string();
        assert!(error.contains("bytes") && !error.contains('\n'), "{error}");
    }
}

#[test]
fn the_given_form_is_taken() {
    let read =
        |form| super::read(b"10 12", Some(form)).map(|reading| reading.blocks[0].bytes.clone());
    assert_eq!(read(Form::Hex), Ok(vec![0x10, 0x12]));
    assert_eq!(read(Form::Decimal), Ok(vec![10, 12]));
    assert_eq!(read(Form::Octal), Ok(vec![8, 10]));
    assert_eq!(read(Form::Raw), Ok(b"10 12".to_vec()));
    let error = read(Form::Escaped).unwrap_err().to_string();
    assert!(
        error.contains("escaped") && error.contains("'10 12'"),
        "{error}"
    );
}

#[test]
fn doubts_are_told() {
    let doubts = reading("Answer: 20 02 00 00").doubts;
    assert_eq!(doubts, ["left out what is no byte: 'Answer'"]);
    assert_eq!(reading("20 02 00 00").doubts, [""; 0]);
    let cut = reading("<Buffer 30 80 01 00 01 61 ... 121 more bytes>");
    assert_eq!(cut.doubts, ["121 bytes were left out when it was printed"]);
    assert_eq!(cut.blocks[0].bytes, [0x30, 0x80, 1, 0, 1, 0x61]);
}

#[test]
fn sides_of_a_conversation_are_kept_apart() {
    let hex = "00000000  c0 00                                              ..\n    \
               00000000  d0 00                                              ..\n\
               00000002  e0 00                                              ..\n";
    let arrays = "char peer0_0[] = { /* Packet 4 */\n0xc0, 0x00 };\n\
                  char peer1_0[] = { /* Packet 5 */\n0xd0, 0x00 };\n\
                  char peer0_1[] = { /* Packet 6 */\n0xe0, 0x00 };\n";
    for text in [hex, arrays] {
        let sides: Vec<_> = reading(text)
            .blocks
            .into_iter()
            .map(|block| (block.direction, block.bytes[0]))
            .collect();
        let (up, down) = (Direction::ToServer, Direction::ToClient);
        assert_eq!(sides, [(up, 0xc0), (down, 0xd0), (up, 0xe0)], "{text}");
    }
}

#[test]
fn repeated_and_missing_lines_are_counted() {
    let repeated = "00000000  30 40 00 01 61 00 00 00  00 00 00 00 00 00 00 00  |0@..a...........|\n\
                    00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n\
                    00000042\n";
    assert_eq!(bytes(repeated).len(), 0x42);
    let missing = "00000000  30 46 00 01 61 00 00 00  00 00 00 00 00 00 00 00\n\
                   00000020  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n\
                   00000030  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n\
                   00000040  00 00\n";
    let reading = reading(missing);
    let gaps: Vec<_> = reading
        .blocks
        .iter()
        .map(|b| (b.gap, b.bytes.len()))
        .collect();
    assert_eq!(gaps, [(0, 16), (16, 34)]);
    assert!(
        reading.doubts[0].contains("bytes missing: 16"),
        "{:?}",
        reading.doubts
    );
}

#[test]
fn a_dump_that_claims_to_be_endless_is_refused() {
    let text = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n\
                00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00\n*\nffffffffffff\n";
    assert!(read(text.as_bytes(), Some(Form::Dump)).is_err());
}

/// Any PUBLISH, with a CONNECT before it or without.
fn packets() -> impl Strategy<Value = Vec<u8>> {
    let payload = prop::collection::vec(any::<u8>(), 0..80);
    ("[a-z0-9/]{1,20}", payload, any::<u16>(), any::<bool>()).prop_map(
        |(topic, payload, packet_id, with_connect)| {
            let mut out = Vec::new();
            let connect = Connect {
                version: Version::V3_1_1,
                clean_start: true,
                keep_alive: packet_id,
                properties: Properties::EMPTY,
                client_id: &topic,
                will: None,
                username: None,
                password: None,
            };
            if with_connect {
                connect.encode(Version::V3_1_1, &mut out);
            }
            let packet_id = PacketId::new(packet_id);
            let publish = Publish {
                dup: false,
                qos: match packet_id {
                    Some(_) => QoS::AtLeastOnce,
                    None => QoS::AtMostOnce,
                },
                retain: false,
                topic: &topic,
                packet_id,
                properties: Properties::EMPTY,
                payload: &payload,
            };
            publish.encode(Version::V3_1_1, &mut out);
            out
        },
    )
}

/// How a text is to be read is a guess, which some bytes will always mislead: the cases are the same
/// every time, so that a change which misleads it more often is found.
fn same_cases() -> ProptestConfig {
    ProptestConfig {
        cases: 96,
        rng_seed: RngSeed::Fixed(20_261_123),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(same_cases())]

    #[test]
    fn any_packets_are_read_in_every_form(packets in packets()) {
        for text in other_forms(&packets) {
            prop_assert!(bytes(&text) == packets, "{:?}\n{}", reading(&text), text);
        }
    }

    #[test]
    fn any_bytes_are_read_in_plain_forms(any in prop::collection::vec(any::<u8>(), 1..80)) {
        let with_zero = [&any[..], &[0]].concat();
        for text in plain_forms(&any) {
            prop_assert!(bytes(&text) == with_zero, "{:?}\n{}", reading(&text), text);
        }
    }

    #[test]
    fn any_text_at_all_is_safe(text in any::<String>()) {
        let _ = read(text.as_bytes(), None);
    }

    #[test]
    fn text_like_a_dump_is_safe(text in "([0-9a-fxX*`'\"\\\\{}<>\\[\\]()#/ :,.|\n\t-]|\\\\u|more|peer0_|é){0,120}") {
        for form in [None].into_iter().chain(Form::ALL.map(Some)) {
            let _ = read(text.as_bytes(), form);
        }
    }
}
