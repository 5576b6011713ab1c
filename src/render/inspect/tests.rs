//! Each form, on hand-made bytes.

use super::*;
use crate::inspect::{Chunk, Data, Direction, Dissector, Origin, Sink, Time};

/// CONNECT of MQTT 5 with the password `pw`.
const CONNECT: &[u8] = b"\x10\x17\0\x04MQTT\x05\xc2\0\x3c\0\0\x03dev\0\x01u\0\x02pw";
/// PUBLISH of MQTT 5 whose Topic Name has a wildcard.
const WILDCARD: &[u8] = b"\x30\x06\0\x03a/#\0";

struct Page {
    printer: Printer,
    out: Vec<u8>,
}

impl Sink for Page {
    fn packet(&mut self, packet: &Observed<'_>) {
        self.printer.packet(&mut self.out, packet);
    }
    fn skipped(&mut self, skipped: &Skipped<'_>) {
        self.printer.skipped(&mut self.out, skipped);
    }
    fn partial(&mut self, partial: &Partial<'_>) {
        self.printer.partial(&mut self.out, partial);
    }
}

fn print_with(form: PacketForm, options: Options, origin: Origin, bytes: &[u8]) -> String {
    let clock = Clock::new(jiff::tz::TimeZone::UTC);
    let mut page = Page {
        printer: Printer::new(form, options, clock),
        out: Vec::new(),
    };
    let mut dissector = Dissector::default();
    for data in [Data::Bytes(bytes), Data::End] {
        dissector.push(Chunk { origin, data }, &mut page);
    }
    String::from_utf8(page.out).expect("text")
}

fn print(form: PacketForm, bytes: &[u8]) -> String {
    print_with(form, Options::default(), Origin::default(), bytes)
}

fn captured() -> Origin {
    Origin {
        stream: 3,
        direction: Direction::ToServer,
        time: Some(Time(1_500_000_000)),
        src: Some(([127, 0, 0, 1], 4000).into()),
        dst: Some(([127, 0, 0, 1], 1883).into()),
    }
}

#[test]
fn a_tree_has_offsets_bits_and_faults_in_place() {
    let tree = print(PacketForm::Tree, &[CONNECT, WILDCARD].concat());
    let lines: Vec<_> = tree.lines().collect();
    let at = |text: &str| {
        let found = lines.iter().position(|line| line.contains(text));
        found.unwrap_or_else(|| panic!("{text}: {tree}"))
    };
    assert_eq!(lines[0], "CONNECT, 25 bytes, MQTT 5.0");
    assert!(lines[at("User Name Flag")].contains("1... ...."));
    assert!(lines[at("Password: ***")].contains("** **"));
    let topic = at("Topic Name: \"a/#\"");
    assert!(lines[topic].starts_with("   2  00 03 61 2f 23"));
    assert!(lines[topic + 1].contains("^ MQTT-3.3.2-2 at byte 6: "));
    assert!(lines[topic + 2].contains("hint: "));
}

#[test]
fn a_line_says_what_matters() {
    let line = print_with(PacketForm::OneLine, Options::default(), captured(), CONNECT);
    assert_eq!(
        line,
        "00:00:01.500000 #3 -> CONNECT version=5.0 client_id=\"dev\" clean_start=1 keep_alive=60 \
         username=\"u\" password=*** (25 bytes)\n"
    );
    let lines = print(PacketForm::OneLine, &[CONNECT, WILDCARD].concat());
    let fault = lines.lines().nth(1).expect("two lines");
    assert!(
        fault.starts_with("PUBLISH topic=\"a/#\" qos=0 payload_len=0 (8 bytes) !MQTT-3.3.2-2@6")
    );
}

#[test]
fn every_byte_is_annotated() {
    let text = print(PacketForm::Annotate, &[CONNECT, WILDCARD].concat());
    let shown: String = text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .filter(|(offset, _)| u16::from_str_radix(offset, 16).is_ok())
        .map(|(_, rest)| rest.get(..48).unwrap_or(rest).trim_end())
        .collect::<Vec<_>>()
        .join(" ");
    let bytes = shown.split(' ').take_while(|byte| byte.len() == 2).count();
    assert_eq!(bytes, CONNECT.len() + WILDCARD.len(), "{text}");
    assert!(
        shown.contains("00 02 ** **") && text.contains("^ MQTT-3.3.2-2: "),
        "{text}"
    );
}

#[test]
fn json_has_the_keys_that_are_documented() {
    let json = print_with(PacketForm::Json, Options::default(), captured(), CONNECT);
    assert_eq!(
        json,
        "{\"time\":\"1970-01-01T00:00:01.500000+00:00\",\"stream\":3,\
         \"src\":\"127.0.0.1:4000\",\"dst\":\"127.0.0.1:1883\",\"index\":0,\"type\":\"CONNECT\",\
         \"flags\":0,\"remaining_length\":23,\"size\":25,\"version\":\"5.0\",\
         \"client_id\":\"dev\",\"username\":\"u\",\"password\":\"***\",\"keep_alive\":60,\
         \"clean_start\":true}\n"
    );
    let json = print(PacketForm::Json, &[CONNECT, WILDCARD].concat());
    let fault = json.lines().nth(1).expect("two lines");
    for part in [
        "\"topic\":\"a/#\"",
        "\"bytes\":\"30060003612f2300\"",
        "\"violations\":[{\"id\":\"MQTT-3.3.2-2\",\"offset\":6,\"message\":\"",
    ] {
        assert!(fault.contains(part), "{part}: {fault}");
    }
}

#[test]
fn secrets_are_shown_on_demand() {
    let options = Options {
        show_secrets: true,
        ..Options::default()
    };
    for form in [
        PacketForm::Tree,
        PacketForm::OneLine,
        PacketForm::Annotate,
        PacketForm::Json,
    ] {
        let text = print_with(form, options, Origin::default(), CONNECT);
        assert!(text.contains("\"pw\""), "{text}");
        assert!(!print(form, CONNECT).contains("pw"));
    }
}

#[test]
fn an_unfinished_packet_is_seen_in_every_form() {
    let begun = &WILDCARD[..6];
    for form in [
        PacketForm::Tree,
        PacketForm::OneLine,
        PacketForm::Annotate,
        PacketForm::Json,
    ] {
        let text = print(form, &[CONNECT, begun].concat());
        assert!(text.contains("MQTT5-2.1.4"), "{form:?}: {text}");
    }
    let lines = print(PacketForm::OneLine, &[CONNECT, begun].concat());
    let line = lines.lines().nth(1).expect("two lines");
    assert!(
        line.starts_with("PARTIAL PUBLISH at byte 25: 6 bytes of 8, 2 are missing !MQTT5-2.1.4@6"),
        "{line}"
    );
    let json = print(PacketForm::Json, &[CONNECT, begun].concat());
    let object = json.lines().nth(1).expect("two lines");
    for part in [
        "\"type\":\"PUBLISH\"",
        "\"remaining_length\":6,\"size\":8,\"partial\":true,\"missing\":2,\"version\":\"5.0\"",
        "\"bytes\":\"30060003612f\"",
        "\"id\":\"MQTT5-2.1.4\",\"offset\":6",
    ] {
        assert!(object.contains(part), "{part}: {object}");
    }
    // A capture may stop anywhere: that breaks no rule.
    let captured = |form| print_with(form, Options::default(), captured(), begun);
    let json = captured(PacketForm::Json);
    assert!(
        json.contains("\"index\":0,\"type\":\"PUBLISH\"") && json.contains("\"missing\":2"),
        "{json}"
    );
    assert!(!json.contains("violations"), "{json}");
    let line = captured(PacketForm::OneLine);
    assert!(
        line.ends_with("-> PARTIAL PUBLISH at byte 0: 6 bytes of 8, 2 are missing\n"),
        "{line}"
    );
    // Its password is one all the same.
    let json = print(PacketForm::Json, &CONNECT[..24]);
    assert!(!json.contains("bytes\":"), "{json}");
}

#[test]
fn the_rest_of_a_broken_connect_is_not_shown() {
    let mut short = CONNECT.to_vec();
    short[1] -= 4;
    for form in [PacketForm::Tree, PacketForm::OneLine, PacketForm::Annotate] {
        let text = print(form, &short);
        assert!(text.contains("SKIPPED 2 bytes at byte 21"), "{text}");
        assert!(
            !text.contains("70 77") && text.contains("--show-secrets"),
            "{text}"
        );
    }
    let text = print(PacketForm::OneLine, b"\xc0\0\0\x01pw\xc0\0");
    assert!(
        text.contains("00 01\n") && text.contains("70 77\n"),
        "{text}"
    );
}

#[test]
fn a_topic_alias_is_resolved() {
    let set = b"\x30\x07\0\x01a\x03\x23\0\x01";
    let used = b"\x30\x06\0\0\x03\x23\0\x01";
    let bytes = [CONNECT, set, used].concat();
    let lines = print(PacketForm::OneLine, &bytes);
    assert!(
        lines
            .lines()
            .nth(2)
            .expect("three")
            .contains("topic=\"\" alias_topic=\"a\"")
    );
    let json = print(PacketForm::Json, &bytes);
    assert!(
        json.lines()
            .nth(2)
            .expect("three")
            .contains("\"alias_topic\":\"a\"")
    );
    let tree = print(PacketForm::Tree, &bytes);
    assert!(tree.contains("stands for \"a\""), "{tree}");
}

#[test]
fn a_summary_counts_in_words() {
    let mut counted = crate::inspect::Summary::default();
    assert_eq!(summary(&counted), "0 packets, 0 bytes");
    (counted.packets, counted.bytes, counted.partial) = (1, 2, 1);
    counted.types[12] = 1;
    counted.clients.insert("a\n".into());
    counted.violations.insert("MQTT-2.2.2-1", 2);
    counted.faulty = 1;
    assert_eq!(
        summary(&counted),
        "1 packet, 2 bytes: 1 PINGREQ\n1 client: \"a\\n\"\n1 packet without an end\n\
         2 violations in 1 packet: MQTT-2.2.2-1 (2 times)"
    );
}
