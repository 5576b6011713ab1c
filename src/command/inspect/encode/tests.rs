//! What `--json` prints encodes to the same bytes again; what is broken on purpose is broken so.

use proptest::prelude::*;

use super::*;
use crate::codec::tests::model::{Owned, packet};
use crate::inspect::{
    Chunk, Data, Dissector, DissectorOptions, Observed, Origin, PacketForm, Partial, Sink, Skipped,
};
use crate::render::Clock;
use crate::render::inspect::{Options, Printer};

/// The bytes of a packet that is given in words.
#[track_caller]
fn encoded(words: &str) -> Vec<u8> {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    let map = words::map(&words).expect("words");
    packet::encode(&map, None).unwrap_or_else(|error| panic!("{words:?}: {error}"))
}

#[track_caller]
fn refused(words: &str) -> String {
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    match words::map(&words) {
        Ok(map) => packet::encode(&map, None).expect_err("it should be refused"),
        Err(error) => error,
    }
}

#[test]
fn words_make_packets() {
    for (words, bytes) in [
        ("PINGREQ", &b"\xc0\0"[..]),
        ("publish topic=a payload=hi", b"\x30\x05\0\x01ahi"),
        (
            "PUBLISH topic=a qos=1 payload=hi",
            b"\x32\x07\0\x01a\0\x01hi",
        ),
        (
            "PUBLISH topic=a qos=2 packet_id=9 dup retain",
            b"\x3d\x05\0\x01a\0\x09",
        ),
        (
            "PUBLISH topic=a topic_alias=3",
            b"\x30\x07\0\x01a\x03\x23\0\x03",
        ),
        (
            "PUBLISH topic=a user-property=k=v user-property=k=w",
            b"\x30\x12\0\x01a\x0e\x26\0\x01k\0\x01v\x26\0\x01k\0\x01w",
        ),
        ("PUBACK packet_id=7", b"\x40\x02\0\x07"),
        ("PUBACK packet_id=7 reason_code=0x87", b"\x40\x03\0\x07\x87"),
        (
            "SUBSCRIBE packet_id=2 filter=a/# filter=b qos=1",
            b"\x82\x0c\0\x02\0\x03a/#\x01\0\x01b\x01",
        ),
        ("UNSUBSCRIBE filter=b", b"\xa2\x05\0\x01\0\x01b"),
        (
            "SUBACK packet_id=2 reason_codes=1,0x80",
            b"\x90\x04\0\x02\x01\x80",
        ),
        (
            "CONNECT client_id=a keep_alive=0",
            b"\x10\x0d\0\x04MQTT\x04\x02\0\0\0\x01a",
        ),
        (
            "CONNECT version=3.1 username=u clean_start=0",
            b"\x10\x11\0\x06MQIsdp\x03\x80\0\x3c\0\0\0\x01u",
        ),
        (
            "CONNECT will.topic=w will.payload=bye will.qos=1",
            b"\x10\x14\0\x04MQTT\x04\x0e\0\x3c\0\0\0\x01w\0\x03bye",
        ),
        ("DISCONNECT version=5 reason_code=4", b"\xe0\x01\x04"),
    ] {
        assert_eq!(encoded(words), bytes, "{words}");
    }
}

#[test]
fn broken_packets_are_broken_as_asked() {
    for (words, bytes) in [
        ("PUBLISH topic=a qos=3", &b"\x36\x05\0\x01a\0\x01"[..]),
        ("PUBLISH topic=a qos=1 packet_id=0", b"\x32\x05\0\x01a\0\0"),
        ("PUBLISH topic=a qos=1 packet_id=none", b"\x32\x03\0\x01a"),
        ("PUBLISH topic=a/#", b"\x30\x05\0\x03a/#"),
        ("PUBLISH topic_hex=ff", b"\x30\x03\0\x01\xff"),
        ("SUBSCRIBE filter=a flags=0", b"\x80\x06\0\x01\0\x01a\0"),
        ("SUBSCRIBE", b"\x82\x02\0\x01"),
        ("PINGREQ remaining_length=3", b"\xc0\x03"),
        ("PINGREQ length_bytes=3", b"\xc0\x80\x80\0"),
        ("PINGREQ length_bytes=5", b"\xc0\x80\x80\x80\x80\0"),
        ("PINGREQ append=ff00", b"\xc0\x02\xff\0"),
        ("PINGREQ first_byte=0x0f", b"\x0f\0"),
        (
            "CONNECT protocol_name=MQTX protocol_level=9 connect_flags=0xff cut=2",
            b"\x10\x0c\0\x04MQTX\x09\xff\0\x3c",
        ),
        (
            "PUBLISH version=5 topic=a property_length=9",
            b"\x30\x04\0\x01a\x09",
        ),
        (
            "CONNACK acknowledge_flags=2 reason_code=6",
            b"\x20\x02\x02\x06",
        ),
    ] {
        assert_eq!(encoded(words), bytes, "{words}");
    }
}

#[test]
fn what_makes_no_packet_is_refused_with_a_reason() {
    for (words, reason) in [
        ("PUBLISH topic=a qos=4", "qos"),
        (
            "PUBLISH topik=a",
            "'topik' is nothing that a PUBLISH is made of",
        ),
        ("PUBLISH topic=a version=6", "version"),
        ("HELLO", "'HELLO' is no type of packet"),
        ("PUBLISH payload_hex=f", "payload_hex"),
        ("PUBLISH version=3.1.1 topic_alias=1", "MQTT 5.0"),
        ("PUBLISH user_property=x", "NAME=VALUE"),
    ] {
        let error = refused(words);
        assert!(error.contains(reason), "{words}: {error}");
    }
}

/// Prints packets as JSON, with their secrets.
struct ToJson(Printer, Vec<u8>);

impl Sink for ToJson {
    fn packet(&mut self, packet: &Observed<'_>) {
        self.0.packet(&mut self.1, packet);
    }
    fn skipped(&mut self, _: &Skipped<'_>) {}
    fn partial(&mut self, _: &Partial<'_>) {}
}

/// The JSON of the packets in `bytes`.
fn json(bytes: &[u8], version: Version) -> String {
    let options = Options {
        show_secrets: true,
        ..Options::default()
    };
    let mut out = ToJson(
        Printer::new(PacketForm::Json, options, Clock::local()),
        Vec::new(),
    );
    let mut dissector = Dissector::new(DissectorOptions {
        version: Some(version),
    });
    let origin = Origin::default();
    for data in [Data::Bytes(bytes), Data::End] {
        dissector.push(Chunk { origin, data }, &mut out);
    }
    String::from_utf8(out.1).expect("JSON is UTF-8")
}

fn encoded_again(json: &str, version: Version) -> Vec<u8> {
    let lines = json.lines().map(|line| {
        let map = serde_json::from_str(line).expect("JSON");
        packet::encode(&map, Some(version)).unwrap_or_else(|error| panic!("{error}: {line}"))
    });
    lines.collect::<Vec<_>>().concat()
}

#[test]
fn unusual_and_broken_packets_encode_to_themselves() {
    for (bytes, version) in [
        (&b"\x40\x03\0\x01\0"[..], Version::V5),
        (b"\x40\x04\0\x01\0\0", Version::V5),
        (b"\x20\x82\0\0\0", Version::V3_1_1),
        (b"\x3e\x07\0\x03a/#\0\0", Version::V3_1_1),
        (
            b"\x30\x12\0\x01a\x0e\x26\0\x01k\0\x01v\x01\x01\x26\0\0\0\0",
            Version::V5,
        ),
    ] {
        let json = json(bytes, version);
        assert_eq!(encoded_again(&json, version), bytes, "{json}");
    }
}

#[test]
fn members_that_only_describe_change_nothing() {
    let json = r#"{"time":"x","type":"PUBLISH","flags":3,"remaining_length":99,"size":101,
        "version":"3.1.1","dup":false,"qos":0,"retain":true,"topic":"a","payload":"hello",
        "payload_len":1,"violations":[]}"#;
    let map = serde_json::from_str(json).expect("JSON");
    assert_eq!(packet::encode(&map, None).unwrap(), b"\x31\x08\0\x01ahello");
}

fn versioned_packet() -> impl Strategy<Value = (Version, Owned)> {
    prop::sample::select(Version::ALL.to_vec())
        .prop_flat_map(|version| (Just(version), packet(version)))
}

proptest! {
    #[test]
    fn what_json_prints_encodes_to_the_same_bytes((version, owned) in versioned_packet()) {
        let mut bytes = Vec::new();
        owned.lend(version, |packet| packet.encode(version, &mut bytes));
        let json = json(&bytes, version);
        prop_assert_eq!(encoded_again(&json, version), bytes, "{}", json);
    }
}
